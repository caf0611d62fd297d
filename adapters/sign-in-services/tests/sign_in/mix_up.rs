//! An answer counts where it was expected, from whom it was expected, for the browser that left (RFC 9700 2.1, 4.4, 4.7; RFC 9207).

use application::ports::sign_in_services::{Answer, SignInServiceError, SignInServices as _};
use domain::person::Language;
use serde_json::json;
use sign_in_services::RelyingParty;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::made_provider::{METADATA, MadeProvider, Said, TOKEN, but};
use crate::portal::{Away, PORTAL, disbelieved, portal, unavailable};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

async fn left() -> (MadeProvider, RelyingParty, Away) {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    provider.vouches(&provider.claims(&away));
    (provider, portal, away)
}

/// REG-5, REG-7: the way out names the portal, the service's own way back, the language, and the proofs that only the portal can
/// complete.
#[tokio::test]
async fn a_departure_asks_for_everything_that_the_return_is_judged_by() {
    let provider = MadeProvider::start().await;
    let mut settings = provider.settings("gckey");
    settings.acr_values = vec!["urn:loa:3".to_owned(), "urn:loa:2".to_owned()];
    settings.scopes = vec!["openid".to_owned(), "profile".to_owned()];
    let portal = portal(vec![settings]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    let asked = |name: &str| away.asked(name).unwrap_or_default();
    assert_eq!(asked("response_type"), "code");
    assert_eq!(asked("client_id"), "portal");
    let callback = format!("{PORTAL}/sign-in/gckey/callback");
    assert_eq!(asked("redirect_uri"), callback);
    assert_eq!(asked("scope"), "openid profile");
    assert_eq!(asked("code_challenge_method"), "S256");
    assert_eq!(asked("acr_values"), "urn:loa:3 urn:loa:2");
    assert_eq!(asked("ui_locales"), "fr-CA fr");
    assert_eq!(away.asked("prompt"), None);
    // REG-8: without it no service need say when the person last proved who they are.
    assert_eq!(away.asked("max_age").as_deref(), Some("86400"));
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked(secret).len(), 43, "{secret}");
    }
}

/// REG-8: to prove anew who one is, being signed in is not enough.
#[tokio::test]
async fn a_departure_that_asks_again_asks_the_service_to_ask_again() {
    let (_, portal, _) = left().await;
    let away = Away::again(&portal, "gckey", NOW).await;
    assert_eq!(away.asked("prompt").as_deref(), Some("login"));
    assert_eq!(away.asked("max_age").as_deref(), Some("300"));
}

#[tokio::test]
async fn no_two_departures_are_alike() {
    let (_, portal, first) = left().await;
    let second = Away::for_service(&portal, "gckey", NOW).await;
    for secret in ["state", "nonce", "code_challenge"] {
        assert_ne!(first.asked(secret), second.asked(secret), "{secret}");
    }
}

/// Login CSRF: an attacker's own answer, in a victim's browser.
#[tokio::test]
async fn an_answer_with_another_state_or_none_is_refused_before_the_service_hears_of_it() {
    let (provider, portal, away) = left().await;
    let other = Away::for_service(&portal, "gckey", NOW).await;
    let short = away.asked("state").map(|state| state[1..].to_owned());
    for state in [other.asked("state"), short, Some(String::new()), None] {
        let answer = Answer {
            state,
            ..away.answer()
        };
        let reason = disbelieved(away.back_with(&portal, &answer).await);
        assert_eq!(reason, "the answer belongs to another departure");
    }
    assert_eq!(provider.visits(TOKEN), 0);
}

/// Even a refusal counts only for the browser that left.
#[tokio::test]
async fn a_refusal_with_another_state_is_refused_too() {
    let (_, portal, away) = left().await;
    let answer = Answer {
        state: Some("another".to_owned()),
        error: Some("access_denied".to_owned()),
        ..away.answer()
    };
    disbelieved(away.back_with(&portal, &answer).await);
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_refused_before_the_service_hears_of_it() {
    let (provider, portal, away) = left().await;
    let issuer = |issuer: &str| Answer {
        issuer: Some(issuer.to_owned()),
        ..away.answer()
    };
    for other in [
        "https://gckey.example",
        "",
        &format!("{}/", provider.issuer),
    ] {
        let reason = disbelieved(away.back_with(&portal, &issuer(other)).await);
        assert_eq!(reason, "the answer is another issuer's");
    }
    assert_eq!(provider.visits(TOKEN), 0);
    let own = issuer(&provider.issuer);
    assert!(away.back_with(&portal, &own).await.is_ok());
}

/// A service that always says whose its answers are has not sent one that does not.
#[tokio::test]
async fn an_answer_must_say_whose_it_is_where_the_service_always_does() {
    let provider = MadeProvider::start().await;
    let name = "authorization_response_iss_parameter_supported";
    let metadata = but(&provider.metadata(), name, json!(true));
    provider.says(METADATA, Said::json(&metadata));
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    provider.vouches(&provider.claims(&away));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the answer does not say whose it is");
    let own = Answer {
        issuer: Some(provider.issuer.clone()),
        ..away.answer()
    };
    assert!(away.back_with(&portal, &own).await.is_ok());
}

/// The mix-up: a bad service sends the browser on to a good one, and hopes that the portal brings it the good one's code. Neither
/// service answers with `iss` here; the two callback addresses alone tell them apart.
#[tokio::test]
async fn a_code_is_never_taken_to_another_service_than_the_one_that_gave_it() {
    let (good, bad) = (MadeProvider::start().await, MadeProvider::start().await);
    let portal = portal(vec![good.settings("good"), bad.settings("bad")]);
    let victim = Away::for_service(&portal, "bad", NOW).await;
    // The good service only sends codes to its own callback, whatever the bad one asked it.
    let answer = victim.answer();
    let outcome = portal.arrive("good", &victim.kept, &answer, NOW).await;
    let reason = disbelieved(outcome);
    assert_eq!(reason, "the browser left for another service");
    assert_eq!((good.visits(TOKEN), bad.visits(TOKEN)), (0, 0));
}

/// REG-3: one service cannot vouch for another's people, even with a token that the other has signed.
#[tokio::test]
async fn a_token_of_one_service_is_worth_nothing_at_another() {
    let (good, bad) = (MadeProvider::start().await, MadeProvider::start().await);
    let portal = portal(vec![good.settings("good"), bad.settings("bad")]);
    let away = Away::for_service(&portal, "bad", NOW).await;
    bad.gives(&good.key.sign(&good.claims(&away)));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the token is another issuer's");
    bad.gives(&bad.key.sign(&good.claims(&away)));
    disbelieved(away.back(&portal).await);
    bad.gives(&good.key.sign(&bad.claims(&away)));
    let reason = disbelieved(away.back(&portal).await);
    assert_eq!(reason, "the token's signature is not the service's");
}

#[tokio::test]
async fn what_a_service_says_instead_of_a_code_is_understood() {
    let (provider, portal, away) = left().await;
    let says = |error: &str| Answer {
        code: None,
        error: Some(error.to_owned()),
        ..away.answer()
    };
    for error in [
        "access_denied",
        "login_required",
        "interaction_required",
        "whatever",
    ] {
        let outcome = away.back_with(&portal, &says(error)).await;
        assert!(
            matches!(outcome, Err(SignInServiceError::NotCompleted)),
            "{error}: {outcome:?}"
        );
    }
    let weak = away
        .back_with(&portal, &says("unmet_authentication_requirements"))
        .await;
    assert!(matches!(weak, Err(SignInServiceError::TooWeak)), "{weak:?}");
    for error in [
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
    ] {
        unavailable(away.back_with(&portal, &says(error)).await);
    }
    // A code beside an error is no code.
    let both = Answer {
        code: Some("code".into()),
        ..says("access_denied")
    };
    assert!(away.back_with(&portal, &both).await.is_err());
    let neither = Answer {
        code: None,
        ..away.answer()
    };
    let reason = disbelieved(away.back_with(&portal, &neither).await);
    assert_eq!(reason, "the answer has no code");
    assert_eq!(provider.visits(TOKEN), 0);
}

#[tokio::test]
async fn what_was_not_kept_by_the_portal_is_refused() {
    let (_, portal, away) = left().await;
    for kept in ["", "{}", "null", r#"{"service":"gckey","state":"x"}"#] {
        let (kept, answer) = (kept.into(), away.answer());
        let outcome = portal.arrive("gckey", &kept, &answer, NOW).await;
        let reason = disbelieved(outcome);
        assert_eq!(reason, "what was kept of the departure cannot be read");
    }
}

#[tokio::test]
async fn a_service_that_is_not_configured_is_unknown() {
    let (_, portal, away) = left().await;
    let language = Language::French;
    let left = portal.depart("elsewhere", language, false, NOW).await;
    assert!(matches!(left, Err(SignInServiceError::Unknown)));
    let answer = away.answer();
    let back = portal.arrive("elsewhere", &away.kept, &answer, NOW).await;
    assert!(matches!(back, Err(SignInServiceError::Unknown)));
}
