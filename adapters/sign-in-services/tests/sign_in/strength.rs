//! How surely, and how lately, the service knows who it is.

use application::ports::sign_in_services::{Arrival, SignInServiceError};
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::made_provider::{MadeProvider, but};
use crate::portal::{Away, disbelieved, portal};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

async fn with_acr(accepted: &[&str], acr: Value) -> Result<Arrival, SignInServiceError> {
    let provider = MadeProvider::start().await;
    let mut settings = provider.settings("gckey");
    settings.acr_values = accepted.iter().map(ToString::to_string).collect();
    let portal = portal(vec![settings]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    provider.vouches(&but(&provider.claims(&away), "acr", acr));
    away.back(&portal).await
}

#[tokio::test]
async fn a_sign_in_weaker_than_the_least_that_is_accepted_is_too_weak() {
    let accepted = ["urn:loa:3", "urn:loa:2"];
    for acr in accepted {
        assert!(with_acr(&accepted, json!(acr)).await.is_ok());
    }
    for acr in [json!("urn:loa:1"), json!("urn:loa"), json!(""), Value::Null] {
        let outcome = with_acr(&accepted, acr).await;
        assert!(
            matches!(outcome, Err(SignInServiceError::TooWeak)),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn where_nothing_is_asked_for_any_strength_will_do() {
    for acr in [json!("0"), Value::Null] {
        assert!(with_acr(&[], acr).await.is_ok());
    }
}

async fn with_auth_time(again: bool, seconds: Option<i64>) -> Result<Arrival, SignInServiceError> {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::leave(&portal, "gckey", again, NOW).await.unwrap();
    let at = seconds.map(|seconds| json!(NOW.unix_timestamp() + seconds));
    let claims = provider.claims(&away);
    provider.vouches(&but(&claims, "auth_time", at.unwrap_or_default()));
    away.back(&portal).await
}

/// REG-8: whoever was asked to prove anew who they are has done so just now, by the service's own word.
#[tokio::test]
async fn a_proof_that_was_asked_for_anew_is_new() {
    for new in [-300, 0, 300] {
        assert!(with_auth_time(true, Some(new)).await.is_ok(), "{new}");
    }
    for old in [Some(-301), Some(301), None] {
        let reason = disbelieved(with_auth_time(true, old).await);
        assert_eq!(reason, "the person was not asked anew who they are");
    }
}

/// REG-8: an old proof is told as an old one, and one from the future does not stay recent for longer.
#[tokio::test]
async fn a_proof_is_as_old_as_the_service_says_but_never_younger_than_now() {
    let hour = with_auth_time(false, Some(-3600)).await.unwrap();
    assert_eq!(hour.authenticated_at, Some(NOW - Duration::HOUR));
    let ahead = with_auth_time(false, Some(300)).await.unwrap();
    assert_eq!(ahead.authenticated_at, Some(NOW));
    assert!(with_auth_time(false, Some(301)).await.is_err());
}
