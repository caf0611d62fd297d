//! A service's word that a session is over is believed if it is that service's, for the portal, of now, and about that (OpenID
//! Connect Back-Channel Logout 1.0).

use application::ports::sign_in_services::{
    ServiceLogout, SignInServiceError, SignInServices as _,
};
use serde_json::{Value, json};
use sign_in_services::{Algorithm, RelyingParty};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::made_provider::{KEYS, METADATA, MadeProvider, Said, but};
use crate::portal::{CLIENT, SECRET, disbelieved, portal};
use crate::signing::{Key, signed_by_secret, unsigned};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn served() -> (MadeProvider, RelyingParty) {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    (provider, portal)
}

fn claims(provider: &MadeProvider) -> Value {
    json!({
        "iss": provider.issuer,
        "aud": CLIENT,
        "iat": NOW.unix_timestamp(),
        "exp": NOW.unix_timestamp() + 120,
        "jti": "once",
        "events": { EVENT: {} },
        "sub": "somebody",
        "sid": "a session",
    })
}

async fn told(portal: &RelyingParty, token: &str) -> Result<ServiceLogout, SignInServiceError> {
    portal.told_to_end("gckey", token, NOW).await
}

async fn with(name: &str, value: Value) -> Result<ServiceLogout, SignInServiceError> {
    let (provider, portal) = served().await;
    let token = provider.key.sign(&but(&claims(&provider), name, value));
    told(&portal, &token).await
}

#[tokio::test]
async fn an_honest_token_says_whose_session_is_over() {
    let (provider, portal) = served().await;
    let token = provider.key.sign(&claims(&provider));
    let expected = ServiceLogout {
        issuer: provider.issuer.clone(),
        subject: Some("somebody".to_owned()),
        service_session: Some("a session".to_owned()),
        token_id: "once".to_owned(),
        void_from: NOW + Duration::minutes(7),
    };
    assert_eq!(told(&portal, &token).await.unwrap(), expected);
}

/// Once its id may be forgotten, the token itself is refused.
#[tokio::test]
async fn a_token_is_refused_from_when_its_id_may_be_forgotten() {
    let (provider, portal) = served().await;
    let token = provider.key.sign(&claims(&provider));
    let void_from = told(&portal, &token).await.unwrap().void_from;
    let just_before = void_from - Duration::SECOND;
    assert!(
        portal
            .told_to_end("gckey", &token, just_before)
            .await
            .is_ok()
    );
    disbelieved(portal.told_to_end("gckey", &token, void_from).await);
}

#[tokio::test]
async fn a_token_names_a_person_or_a_session() {
    assert!(with("sub", Value::Null).await.is_ok());
    assert!(with("sid", Value::Null).await.is_ok());
    let (provider, portal) = served().await;
    let nobody = but(
        &but(&claims(&provider), "sub", Value::Null),
        "sid",
        Value::Null,
    );
    let reason = disbelieved(told(&portal, &provider.key.sign(&nobody)).await);
    assert_eq!(reason, "the logout token names neither person nor session");
}

#[tokio::test]
async fn another_issuer_or_audience_is_refused() {
    let reason = disbelieved(with("iss", json!("https://gckey.example")).await);
    assert_eq!(reason, "the logout token is another issuer's");
    for audience in [
        json!("another-portal"),
        json!([CLIENT, "another-portal"]),
        json!([]),
    ] {
        let reason = disbelieved(with("aud", audience).await);
        assert_eq!(reason, "the logout token is not for the portal");
    }
    assert!(with("aud", json!([CLIENT])).await.is_ok());
}

#[tokio::test]
async fn a_token_about_something_else_is_refused() {
    for events in [
        json!({}),
        json!({ "http://example/event": {} }),
        json!({ EVENT: true }),
    ] {
        let reason = disbelieved(with("events", events).await);
        assert_eq!(reason, "the logout token is about something else");
    }
}

/// An ID token that somebody got hold of must not end anything.
#[tokio::test]
async fn an_id_token_is_no_logout_token() {
    for nonce in [json!("a nonce"), json!(0)] {
        let reason = disbelieved(with("nonce", nonce).await);
        assert_eq!(reason, "an ID token is no logout token");
    }
    disbelieved(with("events", Value::Null).await);
}

#[tokio::test]
async fn nothing_that_must_be_there_may_be_missing() {
    for name in ["iss", "aud", "iat", "exp", "jti", "events"] {
        let reason = disbelieved(with(name, Value::Null).await);
        assert_eq!(reason, "the logout token is not in the form of such tokens");
    }
}

#[tokio::test]
async fn clocks_differ_by_five_minutes_and_not_a_second_more() {
    for (name, tolerated, refused) in [("exp", -299, -300), ("iat", 300, 301), ("nbf", 300, 301)] {
        let at = |seconds: i64| json!(NOW.unix_timestamp() + seconds);
        assert!(with(name, at(tolerated)).await.is_ok(), "{name}");
        disbelieved(with(name, at(refused)).await);
    }
}

#[tokio::test]
async fn only_algorithms_that_are_allowed_count() {
    let (provider, portal) = served().await;
    let claims = claims(&provider);
    let header = json!({ "alg": "HS256", "kid": "first" });
    for token in [
        unsigned(&claims),
        signed_by_secret(SECRET, &header, &claims),
    ] {
        let reason = disbelieved(told(&portal, &token).await);
        assert_eq!(
            reason,
            "the logout token is not signed by an algorithm that is allowed"
        );
    }
    let mut settings = provider.settings("gckey");
    settings.algorithms = vec![Algorithm::PS256];
    let portal = crate::portal::portal(vec![settings]);
    let reason = disbelieved(told(&portal, &provider.key.sign(&claims)).await);
    assert_eq!(
        reason,
        "the logout token is not signed by an algorithm that is allowed"
    );
}

#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    let (provider, portal) = served().await;
    let token = Key::new("first").sign(&claims(&provider));
    let reason = disbelieved(told(&portal, &token).await);
    assert_eq!(reason, "the logout token's signature is not the service's");
}

/// A key that the service publishes for something else signs nothing.
#[tokio::test]
async fn a_key_for_something_else_is_refused() {
    let provider = MadeProvider::start().await;
    for (name, value) in [("use", "enc"), ("alg", "ES384")] {
        let key = but(&provider.key.published(), name, json!(value));
        provider.says(KEYS, Said::json(&json!({ "keys": [key] })));
        let portal = portal(vec![provider.settings("gckey")]);
        let reason = disbelieved(told(&portal, &provider.key.sign(&claims(&provider))).await);
        assert_eq!(reason, "the logout token's key is not one of the service's");
    }
}

/// The key that a token brings along is the key of whoever made the token.
#[tokio::test]
async fn a_key_that_comes_with_the_token_is_not_believed() {
    let (provider, portal) = served().await;
    let thief = Key::new("first");
    for header in [thief.header(), json!({ "alg": "ES256" })] {
        let header = but(&header, "jwk", thief.published());
        let token = thief.sign_under(&header, &claims(&provider));
        let reason = disbelieved(told(&portal, &token).await);
        assert_eq!(reason, "the logout token's signature is not the service's");
    }
}

#[tokio::test]
async fn a_token_without_the_name_of_its_key_means_the_only_one() {
    let (provider, portal) = served().await;
    let token = |key: &Key| key.sign_under(&json!({ "alg": "ES256" }), &claims(&provider));
    assert!(told(&portal, &token(&provider.key)).await.is_ok());
    let rsa =
        json!({ "kty": "RSA", "use": "sig", "kid": "rsa", "n": "x".repeat(342), "e": "AQAB" });
    let of_two_kinds = json!({ "keys": [rsa, provider.key.published()] });
    provider.says(KEYS, Said::json(&of_two_kinds));
    let portal = crate::portal::portal(vec![provider.settings("gckey")]);
    assert!(told(&portal, &token(&provider.key)).await.is_ok());
    let second = Key::new("second");
    provider.publishes(&[&provider.key, &second]);
    let portal = crate::portal::portal(vec![provider.settings("gckey")]);
    let reason = disbelieved(told(&portal, &token(&provider.key)).await);
    assert_eq!(reason, "the logout token does not say which key is its own");
}

#[tokio::test]
async fn a_token_of_another_kind_is_refused() {
    let (provider, portal) = served().await;
    let token = |name: &str, value: Value| {
        let header = but(&provider.key.header(), name, value);
        provider.key.sign_under(&header, &claims(&provider))
    };
    for kind in ["logout+jwt", "application/logout+jwt", "JWT"] {
        assert!(told(&portal, &token("typ", json!(kind))).await.is_ok());
    }
    disbelieved(told(&portal, &token("typ", json!("at+jwt"))).await);
    disbelieved(told(&portal, &token("crit", json!(["exp"]))).await);
    let long = but(&claims(&provider), "filling", json!("x".repeat(16_384)));
    for nonsense in [
        "",
        ".",
        "..",
        "a.b.c",
        "e30.e30.",
        &provider.key.sign(&long),
    ] {
        let reason = disbelieved(told(&portal, nonsense).await);
        let expected = match nonsense {
            "e30.e30." => "the logout token is not in the form of such tokens",
            _ => reason,
        };
        assert_eq!(reason, expected);
    }
}

/// Anybody can send such tokens: those that cannot be the service's cost it nothing, and those that could cost it little.
#[tokio::test]
async fn forged_tokens_do_not_make_the_portal_hammer_a_service() {
    let (provider, portal) = served().await;
    let claims = claims(&provider);
    for (name, value) in [("iss", "https://gckey.example"), ("aud", "another-portal")] {
        let token = provider.key.sign(&but(&claims, name, json!(value)));
        disbelieved(told(&portal, &token).await);
    }
    disbelieved(told(&portal, &unsigned(&claims)).await);
    assert_eq!(provider.visits(METADATA), 0);
    for forged in 0..10 {
        let token = Key::new(&format!("forged-{forged}")).sign(&claims);
        let reason = disbelieved(told(&portal, &token).await);
        assert_eq!(reason, "the logout token's key is not one of the service's");
    }
    assert_eq!(provider.visits(KEYS), 2);
}

#[tokio::test]
async fn a_key_that_is_missing_is_asked_for() {
    let (provider, portal) = served().await;
    assert!(
        told(&portal, &provider.key.sign(&claims(&provider)))
            .await
            .is_ok()
    );
    let new = Key::new("second");
    provider.publishes(&[&provider.key, &new]);
    assert!(told(&portal, &new.sign(&claims(&provider))).await.is_ok());
}

#[tokio::test]
async fn a_service_that_is_not_configured_is_unknown() {
    let (_, portal) = served().await;
    let outcome = portal.told_to_end("elsewhere", "a.b.c", NOW).await;
    assert!(matches!(outcome, Err(SignInServiceError::Unknown)));
}
