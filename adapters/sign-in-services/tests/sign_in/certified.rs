//! Everything from the first address to the last, against a certified provider: npm's `oidc-provider`.

use std::sync::{Arc, Mutex};

use application::ports::sign_in_services::{SignInServiceError, SignInServices as _};
use domain::person::Language;
use openidconnect::url::form_urlencoded;
use poem::listener::TcpAcceptor;
use poem::{Request, endpoint};
use serde_json::json;
use sign_in_services::{Algorithm, ServiceSettings};
use time::{Duration, OffsetDateTime};

use crate::made_provider::{MadeProvider, TOKEN};
use crate::npm_provider::{NpmProvider, client, client_with};
use crate::portal::{Away, PORTAL, answer, disbelieved, portal, unavailable};
use crate::visitor::Visitor;

/// A certified provider goes by the real clock, so its tests do too.
#[expect(
    clippy::disallowed_methods,
    reason = "the provider's clock is the system's"
)]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// REG-3, REG-5, REG-7: the person signs in, the service says who it is, in the language that the person chose there.
#[tokio::test]
async fn a_person_signs_in() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", now()).await;
    let mut visitor = Visitor::new();
    let form = [("account", "somebody"), ("locale", "en-CA")];
    let callback = visitor.visit(&away.address, &form).await;
    assert_eq!(visitor.pages[0]["params"]["ui_locales"], "fr-CA fr");
    assert_eq!(callback.path(), "/sign-in/gckey/callback");
    let answer = answer(&callback);
    assert_eq!(answer.issuer.as_ref(), Some(&provider.issuer));
    let arrival = away.back_at(&portal, &answer, now()).await.unwrap();
    assert_eq!(arrival.identity.issuer, provider.issuer);
    assert_eq!(arrival.identity.subject, "somebody");
    assert_eq!(arrival.language, Some(Language::English));
}

/// RFC 9700 4.5: a code works once, with its own proof key, for whom it was given.
#[tokio::test]
async fn a_code_that_was_used_or_stolen_is_refused() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let portal = portal(vec![provider.settings("gckey")]);
    let form = [("account", "victim")];

    let away = Away::for_service(&portal, "gckey", now()).await;
    let callback = Visitor::new().visit(&away.address, &form).await;
    let replayed = answer(&callback);
    assert!(away.back_at(&portal, &replayed, now()).await.is_ok());
    let reason = disbelieved(away.back_at(&portal, &replayed, now()).await);
    assert_eq!(reason, "the service does not know the code");

    let victim = Away::for_service(&portal, "gckey", now()).await;
    let callback = Visitor::new().visit(&victim.address, &form).await;
    let thief = Away::for_service(&portal, "gckey", now()).await;
    let mut stolen = answer(&callback);
    let reason = disbelieved(thief.back_at(&portal, &stolen, now()).await);
    assert_eq!(reason, "the answer belongs to another departure");
    stolen.state = thief.asked("state");
    let reason = disbelieved(thief.back_at(&portal, &stolen, now()).await);
    assert_eq!(reason, "the service does not know the code");
}

/// REG-8: whoever is signed in with the service comes back at once, unless they are asked to prove anew who they are.
#[tokio::test]
async fn a_person_who_is_signed_in_is_asked_again_when_it_matters() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let portal = portal(vec![provider.settings("gckey")]);
    let mut visitor = Visitor::new();
    let form = [("account", "somebody")];

    let away = Away::for_service(&portal, "gckey", now()).await;
    let callback = visitor.visit(&away.address, &form).await;
    away.back_at(&portal, &answer(&callback), now())
        .await
        .unwrap();
    let away = Away::for_service(&portal, "gckey", now()).await;
    let callback = visitor.visit(&away.address, &form).await;
    away.back_at(&portal, &answer(&callback), now())
        .await
        .unwrap();
    assert_eq!(visitor.pages.len(), 1, "asked once, signed in twice");

    let before = now() - Duration::SECOND;
    let away = Away::again(&portal, "gckey", now()).await;
    let callback = visitor.visit(&away.address, &form).await;
    assert_eq!(visitor.pages.len(), 2);
    let arrival = away
        .back_at(&portal, &answer(&callback), now())
        .await
        .unwrap();
    assert!(arrival.authenticated_at.unwrap() >= before);
}

#[tokio::test]
async fn a_person_who_turns_back_is_not_signed_in() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", now()).await;
    let form = [("refuse", "yes")];
    let callback = Visitor::new().visit(&away.address, &form).await;
    let outcome = away.back_at(&portal, &answer(&callback), now()).await;
    assert!(
        matches!(outcome, Err(SignInServiceError::NotCompleted)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_sign_in_that_is_too_weak_is_refused() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let portal = portal(vec![ServiceSettings {
        acr_values: vec!["urn:example:strong".to_owned()],
        ..provider.settings("gckey")
    }]);
    for (acr, strong) in [("urn:example:weak", false), ("urn:example:strong", true)] {
        let away = Away::for_service(&portal, "gckey", now()).await;
        let form = [("account", "somebody"), ("acr", acr)];
        let mut visitor = Visitor::new();
        let callback = visitor.visit(&away.address, &form).await;
        assert_eq!(
            visitor.pages[0]["params"]["acr_values"],
            "urn:example:strong"
        );
        let outcome = away.back_at(&portal, &answer(&callback), now()).await;
        match outcome {
            Ok(_) => assert!(strong),
            Err(error) => assert!(!strong && matches!(error, SignInServiceError::TooWeak)),
        }
    }
}

/// Every way to prove that the portal is the portal, and every algorithm, as a certified provider understands them.
#[tokio::test]
async fn the_portal_proves_itself_in_every_way_and_reads_every_algorithm() {
    let algorithms = ["RS256", "PS256", "ES256"];
    let post = json!({ "token_endpoint_auth_method": "client_secret_post" });
    let provider = NpmProvider::start_with_post(&[client_with("gckey", &post)]);
    signs_in(provider.settings("gckey"), "gckey").await.unwrap();

    let clients = algorithms.map(|algorithm| {
        let key = algorithm.to_lowercase();
        client_with(
            &key,
            &json!({
                "client_id": key,
                "client_secret": null,
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": algorithm,
                "id_token_signed_response_alg": algorithm,
            }),
        )
    });
    let provider = NpmProvider::start_with_keys(&clients, &algorithms);
    for (algorithm, pinned) in algorithms.into_iter().zip(Algorithm::ALL) {
        for audience in ["issuer", "token_endpoint"] {
            let key = algorithm.to_lowercase();
            let own = json!({
                "file": provider.key(algorithm),
                "id": format!("portal-{algorithm}"),
                "algorithm": algorithm,
                "audience": audience,
            });
            let settings = ServiceSettings {
                client_id: key.clone(),
                authentication: serde_json::from_value(json!({ "private_key": own })).unwrap(),
                algorithms: vec![pinned],
                ..provider.settings(&key)
            };
            signs_in(settings, &key).await.unwrap();
        }
    }
    // Another key than the one that the provider knows is no proof.
    let key = json!({ "private_key": {
        "file": provider.key("RS256"), "id": "portal-PS256", "algorithm": "PS256" } });
    let settings = ServiceSettings {
        client_id: "ps256".to_owned(),
        authentication: serde_json::from_value(key).unwrap(),
        ..provider.settings("ps256")
    };
    let log = unavailable(signs_in(settings, "ps256").await);
    assert!(log.contains("does not accept how the portal authenticates"));
}

async fn signs_in(settings: ServiceSettings, key: &str) -> Result<(), SignInServiceError> {
    let portal = portal(vec![settings]);
    let away = Away::for_service(&portal, key, now()).await;
    let form = [("account", "somebody")];
    let callback = Visitor::new().visit(&away.address, &form).await;
    let outcome = away.back_at(&portal, &answer(&callback), now()).await;
    outcome.map(drop)
}

/// Two honest services, whose answers somebody mixes up; and a bad one that sends a person on to a good one.
#[tokio::test]
async fn answers_of_two_services_are_not_mixed_up() {
    let (gckey, partner) = (
        NpmProvider::start(&[client("gckey")]),
        NpmProvider::start(&[client("partner")]),
    );
    let bad = MadeProvider::start().await;
    let portal = portal(vec![
        gckey.settings("gckey"),
        partner.settings("partner"),
        bad.settings("bad"),
    ]);
    let form = [("account", "victim")];

    let here = Away::for_service(&portal, "gckey", now()).await;
    let there = Away::for_service(&portal, "partner", now()).await;
    let mut mixed = answer(&Visitor::new().visit(&there.address, &form).await);
    mixed.state = here.asked("state");
    let reason = disbelieved(here.back_at(&portal, &mixed, now()).await);
    assert_eq!(reason, "the answer is another issuer's");
    mixed.issuer = None;
    let reason = disbelieved(here.back_at(&portal, &mixed, now()).await);
    assert_eq!(reason, "the answer does not say whose it is");
    mixed.issuer = Some(gckey.issuer.clone());
    let reason = disbelieved(here.back_at(&portal, &mixed, now()).await);
    assert_eq!(reason, "the service does not know the code");

    // The person chose the bad service, which sends them to the good one with the state and the proof key of its own departure.
    let victim = Away::for_service(&portal, "bad", now()).await;
    let mut sent_on = Away::for_service(&portal, "gckey", now()).await.address;
    let asked: Vec<(String, String)> = sent_on.query_pairs().into_owned().collect();
    sent_on
        .query_pairs_mut()
        .clear()
        .extend_pairs(asked.into_iter().map(|(name, value)| match name.as_str() {
            "state" | "nonce" | "code_challenge" => (name.clone(), victim.asked(&name).unwrap()),
            _ => (name, value),
        }));
    let callback = Visitor::new().visit(&sent_on, &form).await;
    assert_eq!(callback.path(), "/sign-in/gckey/callback");
    let answer = answer(&callback);
    let outcome = portal.arrive("gckey", &victim.kept, &answer, now()).await;
    let reason = disbelieved(outcome);
    assert_eq!(reason, "the browser left for another service");
    assert_eq!(
        bad.visits(TOKEN),
        0,
        "the code stays away from the bad service"
    );
}

/// Whoever signs out of the service is signed out of the portal: the service tells the portal, which knows the session by its name.
#[tokio::test]
async fn a_person_signs_out() {
    let (listener, heard) = Listener::start().await;
    let provider = NpmProvider::start(&[client_with(
        "gckey",
        &json!({
            "backchannel_logout_uri": listener,
            "backchannel_logout_session_required": true,
        }),
    )]);
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", now()).await;
    let mut visitor = Visitor::new();
    let callback = visitor
        .visit(&away.address, &[("account", "somebody")])
        .await;
    let arrival = away
        .back_at(&portal, &answer(&callback), now())
        .await
        .unwrap();
    assert!(arrival.service_session.is_some());

    let way_out = portal.farewell(&provider.issuer, Language::French).await;
    let home = visitor.sign_out(&way_out.unwrap()).await;
    assert_eq!(home.as_str(), format!("{PORTAL}/fr/"));
    let token = heard.lock().unwrap().pop().unwrap();
    let logout = portal.told_to_end("gckey", &token, now()).await.unwrap();
    assert_eq!(logout.issuer, arrival.identity.issuer);
    assert_eq!(logout.service_session, arrival.service_session);

    let away = Away::for_service(&portal, "gckey", now()).await;
    visitor
        .visit(&away.address, &[("account", "somebody else")])
        .await;
    assert_eq!(
        visitor.pages.len(),
        2,
        "the session with the service is over"
    );
}

/// Where a service tells the portal that a session is over.
struct Listener;

impl Listener {
    async fn start() -> (String, Arc<Mutex<Vec<String>>>) {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!(
            "http://{}/sign-in/gckey/logout",
            socket.local_addr().unwrap()
        );
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let inside = Arc::clone(&heard);
        let acceptor = TcpAcceptor::from_tokio(socket).unwrap();
        let listens = endpoint::make(move |mut request: Request| {
            let ear = Arc::clone(&inside);
            async move {
                let form = request.take_body().into_bytes().await.unwrap();
                let token = form_urlencoded::parse(&form).find(|(name, _)| name == "logout_token");
                ear.lock().unwrap().push(token.unwrap().1.into_owned());
            }
        });
        tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(listens));
        (address, heard)
    }
}

/// A refusal of the provider's own words, which the portal passes on to nobody.
#[tokio::test]
async fn a_portal_that_the_service_does_not_know_is_told_to_the_operator() {
    let provider = NpmProvider::start(&[client("gckey")]);
    let wrong = json!({ "client_secret": "not the secret" });
    let settings = ServiceSettings {
        authentication: serde_json::from_value::<_>(wrong).unwrap(),
        ..provider.settings("gckey")
    };
    let log = unavailable(signs_in(settings, "gckey").await);
    assert!(log.contains("does not accept how the portal authenticates"));
}
