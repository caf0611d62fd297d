//! What a service says of itself is asked once, kept for an hour, and asked again for a key that is missing; a service that is slow,
//! dead or out of its mind is unavailable, soon.

use std::time::{Duration, Instant};

use application::ports::sign_in_services::SignInServices as _;
use domain::person::Language;
use futures_util::future::join_all;
use poem::http::StatusCode;
use serde_json::{Value, json};
use sign_in_services::RelyingParty;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::made_provider::{KEYS, METADATA, MadeProvider, Said, TOKEN, but};
use crate::portal::{Away, HURRY, disbelieved, hurried_portal, portal, service, unavailable};
use crate::signing::Key;

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

/// What is kept in memory grows older by that much.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn leaves(portal: &RelyingParty) -> Result<(), String> {
    let left = Away::leave(portal, "gckey", false, NOW).await;
    left.map(drop)
        .map_err(|error| unavailable::<()>(Err(error)))
}

async fn served() -> (MadeProvider, RelyingParty) {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    (provider, portal)
}

#[tokio::test]
async fn a_service_is_asked_once_in_an_hour() {
    let (provider, portal) = served().await;
    assert_eq!(provider.visits(METADATA), 0, "nobody has needed it yet");
    for _ in 0..3 {
        leaves(&portal).await.unwrap();
    }
    later(Duration::from_mins(59)).await;
    leaves(&portal).await.unwrap();
    assert_eq!((provider.visits(METADATA), provider.visits(KEYS)), (1, 1));
    later(Duration::from_mins(1)).await;
    leaves(&portal).await.unwrap();
    assert_eq!((provider.visits(METADATA), provider.visits(KEYS)), (2, 2));
}

#[tokio::test]
async fn people_who_come_at_the_same_time_share_one_question() {
    let (provider, portal) = served().await;
    provider.says(
        METADATA,
        Said {
            after: Duration::from_millis(200),
            ..Said::json(&provider.metadata())
        },
    );
    let left = join_all((0..20).map(|_| leaves(&portal))).await;
    assert!(left.iter().all(Result::is_ok));
    assert_eq!(provider.visits(METADATA), 1);
}

/// The first of them to give up does not take the others with it.
#[tokio::test]
async fn a_question_outlives_whoever_asked_it_first() {
    let (provider, portal) = served().await;
    provider.says(
        METADATA,
        Said {
            after: Duration::from_millis(300),
            ..Said::json(&provider.metadata())
        },
    );
    let impatient = tokio::time::timeout(Duration::from_millis(100), leaves(&portal));
    let (first, second) = tokio::join!(impatient, leaves(&portal));
    assert!(first.is_err());
    assert_eq!(second, Ok(()));
    assert_eq!(provider.visits(METADATA), 1);
}

/// A service changes its keys when it likes; nobody who signs in at that moment is turned away.
#[tokio::test]
async fn a_key_that_is_missing_is_asked_for() {
    let (provider, portal) = served().await;
    let away = Away::for_service(&portal, "gckey", NOW).await;
    let new = Key::new("second");
    provider.publishes(&[&provider.key, &new]);
    provider.gives(&new.sign(&provider.claims(&away)));
    assert!(away.back(&portal).await.is_ok());
    assert!(away.back(&portal).await.is_ok());
    assert_eq!(provider.visits(KEYS), 2);
}

/// Nor can anybody make the portal ask for keys that there are not, more than once in a minute.
#[tokio::test]
async fn keys_that_do_not_exist_are_asked_for_once_in_a_minute() {
    let (provider, portal) = served().await;
    let away = Away::for_service(&portal, "gckey", NOW).await;
    for forged in 0..5 {
        let key = Key::new(&format!("forged-{forged}"));
        provider.gives(&key.sign(&provider.claims(&away)));
        let reason = disbelieved(away.back(&portal).await);
        assert_eq!(reason, "the token's key is not one of the service's");
    }
    assert_eq!(provider.visits(KEYS), 2);
    later(Duration::from_mins(1)).await;
    disbelieved(away.back(&portal).await);
    assert_eq!(provider.visits(KEYS), 3);
}

/// Those who come together with a new key share the one question about it.
#[tokio::test]
async fn people_who_come_with_a_new_key_at_the_same_time_are_all_believed() {
    let (provider, portal) = served().await;
    let away = Away::for_service(&portal, "gckey", NOW).await;
    let new = Key::new("second");
    provider.publishes(&[&new]);
    provider.gives(&new.sign(&provider.claims(&away)));
    let back = join_all((0..10).map(|_| away.back(&portal))).await;
    assert!(back.iter().all(Result::is_ok), "{back:?}");
    assert_eq!(provider.visits(KEYS), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_asked_for_make_the_service_unavailable_and_spoil_nothing() {
    let (provider, portal) = served().await;
    let away = Away::for_service(&portal, "gckey", NOW).await;
    provider.says(KEYS, Said::status(StatusCode::BAD_GATEWAY, &Value::Null));
    let new = Key::new("second");
    provider.gives(&new.sign(&provider.claims(&away)));
    unavailable(away.back(&portal).await);
    provider.vouches(&provider.claims(&away));
    assert!(
        away.back(&portal).await.is_ok(),
        "a key that is known is still good"
    );
    let asked = provider.visits(KEYS);
    provider.gives(&new.sign(&provider.claims(&away)));
    unavailable(away.back(&portal).await);
    assert_eq!(
        provider.visits(KEYS),
        asked,
        "it is left alone for a moment"
    );
    provider.publishes(&[&new]);
    later(Duration::from_secs(3)).await;
    assert!(away.back(&portal).await.is_ok());
}

/// nobody waits for a service longer than the operator said, wherever it hangs.
#[tokio::test]
async fn a_slow_service_is_unavailable_in_time() {
    for path in [METADATA, KEYS, TOKEN] {
        let provider = MadeProvider::start().await;
        let portal = hurried_portal(provider.settings("gckey"));
        provider.says(
            path,
            Said {
                after: Duration::from_mins(1),
                ..Said::json(&json!({}))
            },
        );
        let start = Instant::now();
        let log = match Away::leave(&portal, "gckey", false, NOW).await {
            Ok(away) => unavailable(away.back(&portal).await),
            Err(error) => unavailable::<()>(Err(error)),
        };
        assert!(log.contains("did not answer in time"), "{log}");
        assert!(start.elapsed() < Duration::from_secs(HURRY + 1));
    }
}

/// Three requests, each almost too slow, are together too slow.
#[tokio::test]
async fn slowness_adds_up() {
    let provider = MadeProvider::start().await;
    let portal = hurried_portal(provider.settings("gckey"));
    for (path, said) in [
        (METADATA, Said::json(&provider.metadata())),
        (KEYS, Said::json(&json!({ "keys": [] }))),
    ] {
        let after = Duration::from_millis(HURRY * 600);
        provider.says(path, Said { after, ..said });
    }
    let start = Instant::now();
    leaves(&portal).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_millis(HURRY * 1100));
}

/// Nobody waits longer because somebody else has begun to wait: a question without an answer ends by itself.
#[tokio::test]
async fn a_question_without_an_answer_is_not_kept_alive_by_those_who_come_later() {
    let provider = MadeProvider::start().await;
    let portal = hurried_portal(provider.settings("gckey"));
    let after = Duration::from_secs(HURRY * 20);
    let silent = Said::json(&provider.metadata());
    provider.says(METADATA, Said { after, ..silent });
    let start = Instant::now();
    let later = async {
        let first_is_there = Duration::from_millis(HURRY * 600);
        let waits = tokio::time::timeout(first_is_there, std::future::pending::<()>());
        assert!(waits.await.is_err());
        leaves(&portal).await
    };
    let (first, second) = tokio::join!(leaves(&portal), later);
    assert!(first.is_err() && second.is_err());
    assert!(start.elapsed() < Duration::from_millis(HURRY * 1400));
}

#[tokio::test]
async fn a_dead_service_is_unavailable_at_once_and_is_left_alone_for_a_moment() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", socket.local_addr().unwrap());
    drop(socket);
    let portal = portal(vec![service("gckey", &issuer)]);
    let log = leaves(&portal).await.unwrap_err();
    assert!(log.contains("cannot be reached"), "{log}");
}

/// Whoever fails is not asked by everybody who comes next, but soon by somebody.
#[tokio::test]
async fn a_service_that_failed_is_left_alone_for_three_seconds() {
    let (provider, portal) = served().await;
    let broken = Said::status(StatusCode::INTERNAL_SERVER_ERROR, &Value::Null);
    provider.says(METADATA, broken);
    for _ in 0..5 {
        let log = leaves(&portal).await.unwrap_err();
        assert!(log.contains("status 500"), "{log}");
    }
    assert_eq!(provider.visits(METADATA), 1);
    provider.says(METADATA, Said::json(&provider.metadata()));
    later(Duration::from_secs(3)).await;
    leaves(&portal).await.unwrap();
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    for path in [METADATA, KEYS, TOKEN] {
        let (provider, portal) = served().await;
        let endless = json!({ "filling": "x".repeat(1_000_001) });
        provider.says(path, Said::json(&endless));
        let log = match Away::leave(&portal, "gckey", false, NOW).await {
            Ok(away) => unavailable(away.back(&portal).await),
            Err(error) => unavailable::<()>(Err(error)),
        };
        assert!(log.contains("longer than 1000000 bytes"), "{log}");
    }
}

/// A service that says it is another one, or that people are to go where others can listen, is not believed.
#[tokio::test]
async fn a_service_that_misdescribes_itself_is_not_used() {
    for (name, value) in [
        ("issuer", json!("https://gckey.example")),
        ("issuer", Value::Null),
        (
            "authorization_endpoint",
            json!("http://gckey.example/authorize"),
        ),
        ("authorization_endpoint", Value::Null),
        ("token_endpoint", json!("http://gckey.example/token")),
        ("token_endpoint", Value::Null),
        ("end_session_endpoint", json!("http://gckey.example/end")),
        ("end_session_endpoint", json!("javascript:alert(1)")),
        ("jwks_uri", json!("file:///etc/passwd")),
    ] {
        let (provider, portal) = served().await;
        let metadata = but(&provider.metadata(), name, value.clone());
        provider.says(METADATA, Said::json(&metadata));
        let outcome = leaves(&portal).await;
        assert!(outcome.is_err(), "{name}: {value}");
    }
}

#[tokio::test]
async fn what_is_not_json_is_not_read_as_json() {
    let (provider, portal) = served().await;
    provider.says(
        METADATA,
        Said {
            kind: "text/html",
            ..Said::json(&provider.metadata())
        },
    );
    leaves(&portal).await.unwrap_err();
}

/// One service that is down does not take the others with it.
#[tokio::test]
async fn services_fail_alone() {
    let (up, down) = (MadeProvider::start().await, MadeProvider::start().await);
    down.says(
        METADATA,
        Said::status(StatusCode::BAD_GATEWAY, &Value::Null),
    );
    let portal = portal(vec![down.settings("down"), up.settings("up")]);
    let language = Language::English;
    let left = portal.depart("down", language, false, NOW).await;
    unavailable(left);
    assert!(portal.depart("up", language, false, NOW).await.is_ok());
}
