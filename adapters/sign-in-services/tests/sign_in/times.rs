//! Clocks differ by five minutes at most, whichever instant a token names; and whoever is away for half an hour begins anew.

use application::ports::sign_in_services::SignInServiceError;
use application::sign_in_services::LONGEST_AWAY;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::made_provider::{MadeProvider, but};
use crate::portal::{Away, disbelieved, portal};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

/// What becomes of a token in which `name` is so many seconds from now; `None` if it is believed.
async fn refused(name: &str, seconds: i64) -> Option<&'static str> {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    let claims = provider.claims(&away);
    provider.vouches(&but(&claims, name, json!(NOW.unix_timestamp() + seconds)));
    let outcome = away.back(&portal).await;
    outcome.is_err().then(|| disbelieved(outcome))
}

#[tokio::test]
async fn a_token_is_good_for_five_minutes_after_its_end_and_not_a_second_more() {
    assert_eq!(refused("exp", -299).await, None);
    let reason = refused("exp", -300).await;
    assert_eq!(reason, Some("the token is not good any more"));
}

#[tokio::test]
async fn a_token_may_be_issued_five_minutes_from_now_and_not_a_second_more() {
    assert_eq!(refused("iat", 300).await, None);
    let reason = refused("iat", 301).await;
    assert_eq!(reason, Some("the token is issued in the future"));
}

/// A token from before the departure was not issued for it.
#[tokio::test]
async fn a_token_may_be_issued_five_minutes_before_the_departure_and_not_a_second_more() {
    assert_eq!(refused("iat", -300).await, None);
    let reason = refused("iat", -301).await;
    assert_eq!(reason, Some("the token is older than the departure"));
}

#[tokio::test]
async fn a_token_may_begin_five_minutes_from_now_and_not_a_second_more() {
    assert_eq!(refused("nbf", 300).await, None);
    assert_eq!(refused("nbf", 301).await, Some("the token is not yet good"));
}

#[tokio::test]
async fn instants_that_are_none_are_refused() {
    for name in ["exp", "iat", "nbf"] {
        for value in [json!(1e300), json!("soon"), json!(-1e300)] {
            let provider = MadeProvider::start().await;
            let portal = portal(vec![provider.settings("gckey")]);
            let away = Away::for_service(&portal, "gckey", NOW).await;
            provider.vouches(&but(&provider.claims(&away), name, value));
            disbelieved(away.back(&portal).await);
        }
    }
}

/// Without them a token would be good for ever.
#[tokio::test]
async fn a_token_says_when_it_was_issued_and_when_it_ends() {
    for name in ["exp", "iat"] {
        let provider = MadeProvider::start().await;
        let portal = portal(vec![provider.settings("gckey")]);
        let away = Away::for_service(&portal, "gckey", NOW).await;
        provider.vouches(&but(&provider.claims(&away), name, Value::Null));
        disbelieved(away.back(&portal).await);
    }
}

#[tokio::test]
async fn whoever_is_away_for_half_an_hour_begins_anew() {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    let away = Away::for_service(&portal, "gckey", NOW).await;
    let late = NOW + LONGEST_AWAY - Duration::SECOND;
    provider.vouches(&but(
        &provider.claims(&away),
        "exp",
        json!((late + Duration::HOUR).unix_timestamp()),
    ));
    assert!(away.back_at(&portal, &away.answer(), late).await.is_ok());
    let too_late = NOW + LONGEST_AWAY;
    let outcome = away.back_at(&portal, &away.answer(), too_late).await;
    assert!(matches!(outcome, Err(SignInServiceError::NotCompleted)));
    let early = NOW - Duration::minutes(6);
    let reason = disbelieved(away.back_at(&portal, &away.answer(), early).await);
    assert_eq!(reason, "the departure has not been yet");
}
