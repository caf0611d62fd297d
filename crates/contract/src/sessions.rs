//! What every store of sessions promises.

use std::sync::Arc;

use application::ports::records::SecretHash;
use application::ports::sessions::Sessions;
use application::ports::storage::StorageError;
use domain::session::Session;
use time::Duration;

use crate::samples::{NOW, id};

const HASH: SecretHash = SecretHash([1; 32]);

/// A session is found as it began, and gone once it ended.
pub async fn a_session_is_found_until_it_ends(sessions: Arc<dyn Sessions>) {
    let session = Session {
        signed_in_at: NOW - Duration::minutes(5),
        last_used_at: NOW + Duration::minutes(5),
        ..Session::begin(id(1), NOW, Some("theirs".to_owned()))
    };
    assert_eq!(sessions.find(&HASH).await.unwrap(), None);
    sessions.begin(&HASH, &session).await.unwrap();
    assert_eq!(sessions.find(&HASH).await.unwrap(), Some(session.clone()));
    assert!(matches!(
        sessions.begin(&HASH, &session).await,
        Err(StorageError::Duplicate)
    ));
    sessions.end(&HASH).await.unwrap();
    assert_eq!(sessions.find(&HASH).await.unwrap(), None);
    sessions.end(&HASH).await.unwrap();
}

/// Its last use moves forward only, and never brings it back.
pub async fn use_moves_forward_and_never_brings_back(sessions: Arc<dyn Sessions>) {
    sessions
        .begin(&HASH, &Session::begin(id(1), NOW, None))
        .await
        .unwrap();
    let later = NOW + Duration::minutes(5);
    sessions.used(&HASH, later).await.unwrap();
    sessions
        .used(&HASH, NOW + Duration::minutes(1))
        .await
        .unwrap();
    assert_eq!(
        sessions.find(&HASH).await.unwrap().unwrap().last_used_at,
        later
    );
    sessions.end(&HASH).await.unwrap();
    sessions.used(&HASH, later).await.unwrap();
    assert_eq!(sessions.find(&HASH).await.unwrap(), None);
}

/// REG-6: ending all of a sign-in's sessions leaves the others'.
pub async fn ending_all_of_one_leaves_the_others(sessions: Arc<dyn Sessions>) {
    for number in 1..=3_u8 {
        let sign_in = if number == 3 { id(2) } else { id(1) };
        sessions
            .begin(
                &SecretHash([number; 32]),
                &Session::begin(sign_in, NOW, None),
            )
            .await
            .unwrap();
    }
    assert_eq!(sessions.end_all_of(id(1)).await.unwrap(), 2);
    assert!(sessions.find(&SecretHash([3; 32])).await.unwrap().is_some());
}

/// Clean-up removes what is over and leaves the rest.
pub async fn clean_up_removes_what_is_over(sessions: Arc<dyn Sessions>) {
    sessions
        .begin(&HASH, &Session::begin(id(1), NOW, None))
        .await
        .unwrap();
    let young = SecretHash([2; 32]);
    sessions
        .begin(
            &young,
            &Session::begin(id(1), NOW + Duration::hours(1), None),
        )
        .await
        .unwrap();
    let limit = NOW + Duration::minutes(30);
    assert_eq!(
        sessions
            .remove_older(limit, NOW - Duration::hours(12))
            .await
            .unwrap(),
        1
    );
    assert!(sessions.find(&young).await.unwrap().is_some());
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty `Arc<dyn Sessions>`.
#[macro_export]
macro_rules! sessions_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::sessions, $fresh;
            a_session_is_found_until_it_ends,
            use_moves_forward_and_never_brings_back,
            ending_all_of_one_leaves_the_others,
            clean_up_removes_what_is_over,
        );
    };
}

/// Makes a test of each promise.
#[macro_export]
macro_rules! promises {
    ($suite:path, $fresh:expr; $($promise:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            use $suite as suite;
            suite::$promise($fresh.await).await;
        }
    )*};
}
