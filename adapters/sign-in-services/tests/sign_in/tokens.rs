//! What a token says is believed only if the token is the service's, the portal's, and this departure's (RFC 9700; OpenID Connect
//! Core 3.1.3.7).

use application::ports::sign_in_services::{Arrival, SignInServiceError};
use domain::person::{EmailAddress, Language};
use domain::sign_in::SignInIdentity;
use poem::http::StatusCode;
use serde_json::{Value, json};
use sign_in_services::{Algorithm, RelyingParty, ServiceSettings};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::made_provider::{ACCESS_TOKEN, KEYS, METADATA, MadeProvider, Said, TOKEN, but};
use crate::portal::{Away, CLIENT, SECRET, disbelieved, portal, unavailable};
use crate::signing::{Key, at_hash, signed_by_secret, unsigned};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

async fn left() -> (MadeProvider, RelyingParty, Away) {
    left_with(|_| ()).await
}

async fn left_with(
    change: impl FnOnce(&mut ServiceSettings),
) -> (MadeProvider, RelyingParty, Away) {
    let provider = MadeProvider::start().await;
    let mut settings = provider.settings("gckey");
    change(&mut settings);
    let portal = portal(vec![settings]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    (provider, portal, away)
}

/// Comes back to a token with one claim said otherwise.
async fn with(name: &str, value: Value) -> Result<Arrival, SignInServiceError> {
    let (provider, portal, away) = left().await;
    provider.vouches(&but(&provider.claims(&away), name, value));
    away.back(&portal).await
}

/// REG-3, REG-7: issuer and subject are who somebody is; session, time of authentication and language come along.
#[tokio::test]
async fn an_honest_token_says_who_came() {
    let (provider, portal, away) = left().await;
    let mut claims = provider.claims(&away);
    claims["sid"] = json!("a session");
    claims["email"] = json!("somebody@example.test");
    claims["email_verified"] = json!(true);
    claims["auth_time"] = json!(NOW.unix_timestamp() - 3600);
    claims["locale"] = json!("en-CA");
    provider.vouches(&claims);
    let arrival = away.back(&portal).await.unwrap();
    let expected = Arrival {
        identity: SignInIdentity {
            issuer: provider.issuer.clone(),
            subject: "somebody".to_owned(),
        },
        email: Some(EmailAddress::parse("somebody@example.test").unwrap()),
        authenticated_at: Some(datetime!(2026-11-23 11:00 UTC)),
        service_session: Some("a session".to_owned()),
        language: Some(Language::English),
    };
    assert_eq!(arrival, expected);
}

/// REG-3: what a service does not say is not made up.
#[tokio::test]
async fn a_token_that_says_no_more_than_it_must_is_enough() {
    let (provider, portal, away) = left().await;
    let mut claims = provider.claims(&away);
    claims["email"] = json!("not-verified@example.test");
    provider.vouches(&claims);
    let arrival = away.back(&portal).await.unwrap();
    assert_eq!(arrival.email, None);
    assert_eq!(arrival.authenticated_at, None);
    assert_eq!(arrival.service_session, None);
    assert_eq!(arrival.language, None);
}

#[tokio::test]
async fn another_nonce_or_none_is_refused() {
    for nonce in [json!("another"), Value::Null] {
        let reason = disbelieved(with("nonce", nonce).await);
        assert_eq!(reason, "the token belongs to another departure");
    }
}

/// The token of one browser, put into the answer to another.
#[tokio::test]
async fn a_token_that_was_issued_to_another_browser_is_refused() {
    let (provider, portal, victim) = left().await;
    let thief = Away::for_service(&portal, "gckey", NOW).await;
    provider.vouches(&provider.claims(&victim));
    let reason = disbelieved(thief.back(&portal).await);
    assert_eq!(reason, "the token belongs to another departure");
    assert!(victim.back(&portal).await.is_ok());
}

#[tokio::test]
async fn another_issuer_is_refused() {
    let reason = disbelieved(with("iss", json!("https://gckey.example")).await);
    assert_eq!(reason, "the token is another issuer's");
}

#[tokio::test]
async fn another_audience_is_refused_and_so_is_a_further_one() {
    for audience in [
        json!("another-portal"),
        json!(["another-portal"]),
        json!([CLIENT, "another-portal"]),
        json!([]),
        Value::Null,
    ] {
        let reason = disbelieved(with("aud", audience).await);
        assert_eq!(reason, "the token is not for the portal");
    }
    assert!(with("aud", json!([CLIENT])).await.is_ok());
}

#[tokio::test]
async fn another_authorized_party_is_refused() {
    let reason = disbelieved(with("azp", json!("another-portal")).await);
    assert_eq!(reason, "the token was issued for another party");
    assert!(with("azp", json!(CLIENT)).await.is_ok());
}

/// REG-3: a binding to nobody, or to a name that no record could hold, would be a binding to anybody.
#[tokio::test]
async fn a_token_that_names_nobody_is_refused() {
    for subject in [String::new(), "x".repeat(256)] {
        let reason = disbelieved(with("sub", json!(subject)).await);
        assert_eq!(reason, "the token names nobody");
    }
    assert!(with("sub", json!("x".repeat(255))).await.is_ok());
}

#[tokio::test]
async fn an_access_token_that_was_swapped_is_refused() {
    assert!(with("at_hash", json!(at_hash(ACCESS_TOKEN))).await.is_ok());
    let reason = disbelieved(with("at_hash", json!(at_hash("another"))).await);
    assert_eq!(reason, "the token came with another access token");
}

/// Neither no signature, nor one that whoever knows the shared secret could make, nor one by an algorithm that was not agreed.
#[tokio::test]
async fn only_algorithms_that_are_allowed_count() {
    let (provider, portal, away) = left().await;
    let claims = provider.claims(&away);
    let header = json!({ "alg": "HS256" });
    for token in [
        unsigned(&claims),
        signed_by_secret(SECRET, &header, &claims),
    ] {
        provider.gives(&token);
        let reason = disbelieved(away.back(&portal).await);
        assert_eq!(
            reason,
            "the token is not signed by an algorithm that is allowed"
        );
    }

    let (provider, portal, away) =
        left_with(|settings| settings.algorithms = vec![Algorithm::RS256, Algorithm::PS256]).await;
    provider.vouches(&provider.claims(&away));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(
        reason,
        "the token is not signed by an algorithm that is allowed"
    );
}

/// Under the right name, but by another hand.
#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    let (provider, portal, away) = left().await;
    provider.gives(&Key::new("first").sign(&provider.claims(&away)));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the token's signature is not the service's");
}

/// A key that the service publishes for something else signs nothing.
#[tokio::test]
async fn a_key_for_something_else_is_refused() {
    for (name, value) in [("use", "enc"), ("alg", "ES384")] {
        let provider = MadeProvider::start().await;
        let key = but(&provider.key.published(), name, json!(value));
        provider.says(KEYS, Said::json(&json!({ "keys": [key] })));
        let portal = portal(vec![provider.settings("gckey")]);
        let away = Away::for_service(&portal, "gckey", NOW).await;
        provider.vouches(&provider.claims(&away));
        disbelieved(away.back(&portal).await);
    }
}

/// The key that a token brings along, or says where to find, is the key of whoever made the token.
#[tokio::test]
async fn a_key_that_comes_with_the_token_is_not_believed() {
    let (provider, portal, away) = left().await;
    let thief = Key::new("first");
    let elsewhere = MadeProvider::start().await;
    elsewhere.publishes(&[&thief]);
    let keys = format!("{}{KEYS}", elsewhere.issuer);
    for (name, value) in [("jwk", thief.published()), ("jku", json!(keys))] {
        for header in [thief.header(), json!({ "alg": "ES256" })] {
            let header = but(&header, name, value.clone());
            provider.gives(&thief.sign_under(&header, &provider.claims(&away)));
            disbelieved(away.back(&portal).await);
        }
    }
    assert_eq!(elsewhere.visits(KEYS), 0);
}

/// Of two keys that it could be by, a token has to name one.
#[tokio::test]
async fn a_token_without_the_name_of_its_key_means_the_only_one() {
    let provider = MadeProvider::start().await;
    let second = Key::new("second");
    for (keys, believed) in [
        (&[&provider.key][..], true),
        (&[&provider.key, &second][..], false),
    ] {
        provider.publishes(keys);
        let portal = portal(vec![provider.settings("gckey")]);
        let away = Away::for_service(&portal, "gckey", NOW).await;
        let header = json!({ "alg": "ES256" });
        provider.gives(&provider.key.sign_under(&header, &provider.claims(&away)));
        assert_eq!(away.back(&portal).await.is_ok(), believed);
    }
}

/// A logout token, or one with demands that are not understood, is no ID token whatever it says.
#[tokio::test]
async fn a_token_of_another_kind_is_refused() {
    let (provider, portal, away) = left().await;
    for (name, value) in [
        ("typ", json!("logout+jwt")),
        ("crit", json!(["exp"])),
        ("cty", json!("JWT")),
    ] {
        let header = but(&provider.key.header(), name, value);
        provider.gives(&provider.key.sign_under(&header, &provider.claims(&away)));
        let reason = disbelieved(away.back(&portal).await);
        assert_eq!(reason, "the token is not in the form of such tokens");
    }
    let header = but(&provider.key.header(), "typ", json!("JWT"));
    provider.gives(&provider.key.sign_under(&header, &provider.claims(&away)));
    assert!(away.back(&portal).await.is_ok());
}

#[tokio::test]
async fn an_answer_without_an_id_token_or_with_nonsense_is_refused() {
    let (provider, portal, away) = left().await;
    let bearer = json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer" });
    provider.says(TOKEN, Said::json(&bearer));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the service gave no ID token");
    for nonsense in ["", "a.b", "a.b.c", "eyJhbGciOiJFUzI1NiJ9.e30.AA"] {
        provider.gives(nonsense);
        let reason = disbelieved(away.back(&portal).await);
        assert_eq!(reason, "the tokens are not in the form of such tokens");
    }
}

#[tokio::test]
async fn a_code_that_the_service_does_not_know_is_refused() {
    let (provider, portal, away) = left().await;
    let refusal = json!({ "error": "invalid_grant", "error_description": ACCESS_TOKEN });
    provider.says(TOKEN, Said::status(StatusCode::BAD_REQUEST, &refusal));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the service does not know the code");
}

/// what only the operator can mend is an outage, and says so to the operator.
#[tokio::test]
async fn a_service_that_refuses_the_portal_or_fails_is_unavailable() {
    let refuses = |status, error: &str| Said::status(status, &json!({ "error": error }));
    let page = Said {
        kind: "text/html",
        ..Said::status(StatusCode::FORBIDDEN, &Value::Null)
    };
    for (said, told) in [
        (
            refuses(StatusCode::UNAUTHORIZED, "invalid_client"),
            "authenticates",
        ),
        (
            refuses(StatusCode::BAD_REQUEST, "unauthorized_client"),
            "authenticates",
        ),
        (
            refuses(StatusCode::BAD_REQUEST, "invalid_request"),
            "would not exchange",
        ),
        (
            refuses(StatusCode::SERVICE_UNAVAILABLE, "invalid_grant"),
            "status 503",
        ),
        (page, "status 403"),
    ] {
        let (provider, portal, away) = left().await;
        provider.says(TOKEN, said);
        let log = unavailable(away.back(&portal).await);
        assert!(log.contains(told), "{log}");
    }
}

/// A redirect would carry code and secret to wherever it points.
#[tokio::test]
async fn no_redirect_is_followed() {
    for path in [METADATA, KEYS, TOKEN] {
        let (provider, elsewhere) = (MadeProvider::start().await, MadeProvider::start().await);
        let portal = crate::portal::portal(vec![provider.settings("gckey")]);
        let moved = Said {
            location: Some(format!("{}{path}", elsewhere.issuer)),
            ..Said::status(StatusCode::TEMPORARY_REDIRECT, &json!({}))
        };
        provider.says(path, moved);
        match Away::leave(&portal, "gckey", false, NOW).await {
            Ok(away) => {
                assert_eq!(path, TOKEN);
                unavailable(away.back(&portal).await);
            }
            Err(error) => {
                assert_ne!(path, TOKEN);
                unavailable::<()>(Err(error));
            }
        }
        assert_eq!(elsewhere.visits(path), 0, "{path}");
    }
}

/// Whatever goes wrong: nothing that a log could show has a token, a secret, a code or a person in it.
#[tokio::test]
async fn nothing_that_could_be_logged_tells_a_secret() {
    let (provider, portal, away) = left().await;
    let claims = provider.claims(&away);
    let good = provider.key.sign(&claims);
    let long = |token: &str| json!({ "id_token": token, "access_token": ACCESS_TOKEN });
    let mut said = Vec::new();
    for tokens in [
        long(&good),
        json!({ "error": "invalid_grant", "error_description": good, "access_token": ACCESS_TOKEN }),
        json!(good),
        json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer",
                "id_token": provider.key.sign(&but(&claims, "aud", json!("somebody"))) }),
    ] {
        for status in [
            StatusCode::OK,
            StatusCode::BAD_REQUEST,
            StatusCode::BAD_GATEWAY,
        ] {
            provider.says(TOKEN, Said::status(status, &tokens));
            let error = away.back(&portal).await.unwrap_err();
            said.push(format!("{error} {error:?}"));
        }
    }
    said.push(format!("{:?}", provider.settings("gckey")));
    said.push(format!("{:?}", away.answer().code));
    let nonce = claims["nonce"].as_str().unwrap();
    for line in said {
        for secret in [SECRET, ACCESS_TOKEN, "eyJ", nonce, "somebody", "\"code\""] {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}
