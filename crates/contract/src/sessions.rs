//! What every store of sessions promises.

use std::sync::Arc;

use application::ports::records::SecretHash;
use application::ports::sessions::Sessions;
use application::ports::storage::StorageError;
use domain::session::{Limits, Session};
use time::Duration;

use crate::samples::{NOW, id, session};

const HASH: SecretHash = SecretHash([1; 32]);

/// A session is found as it began, and gone once it ended.
pub async fn a_session_is_found_until_it_ends(sessions: Arc<dyn Sessions>) {
    let session = Session {
        signed_in_at: NOW - Duration::minutes(5),
        last_used_at: NOW + Duration::minutes(5),
        ..session(id(1), Some("theirs"))
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
    sessions.begin(&HASH, &session(id(1), None)).await.unwrap();
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

/// Sessions are held to shorter limits, also those that have none on record, and never to longer ones.
pub async fn limits_become_shorter_and_never_longer(sessions: Arc<dyn Sessions>) {
    let limits = |idle, longest| Limits {
        idle: Duration::minutes(idle),
        longest: Duration::hours(longest),
    };
    let of = [
        Some(limits(30, 12)),
        Some(limits(5, 12)),
        Some(limits(30, 1)),
        None,
    ];
    let mut expected = Vec::new();
    for (number, limits) in (1..).zip(of) {
        let hash = SecretHash([number; 32]);
        let session = Session {
            limits,
            ..session(id(1), None)
        };
        sessions.begin(&hash, &session).await.unwrap();
        assert_eq!(sessions.find(&hash).await.unwrap().as_ref(), Some(&session));
        expected.push((hash, session));
    }
    for held in [limits(20, 2), limits(40, 1), limits(60, 24)] {
        sessions.hold_to(held).await.unwrap();
        for (hash, session) in &mut expected {
            *session = session.clone().held_to(held);
            let found = sessions.find(hash).await.unwrap();
            assert_eq!(found.as_ref(), Some(&*session));
        }
    }
}

/// REG-6: ending all of a sign-in's sessions leaves the others'.
pub async fn ending_all_of_one_leaves_the_others(sessions: Arc<dyn Sessions>) {
    for number in 1..=3_u8 {
        let sign_in = if number == 3 { id(2) } else { id(1) };
        sessions
            .begin(&SecretHash([number; 32]), &session(sign_in, None))
            .await
            .unwrap();
    }
    assert_eq!(sessions.end_all_of(id(1)).await.unwrap(), 2);
    assert!(sessions.find(&SecretHash([3; 32])).await.unwrap().is_some());
}

/// Clean-up removes what is over and leaves the rest.
pub async fn clean_up_removes_what_is_over(sessions: Arc<dyn Sessions>) {
    sessions.begin(&HASH, &session(id(1), None)).await.unwrap();
    let young = SecretHash([2; 32]);
    sessions
        .begin(
            &young,
            &Session {
                last_used_at: NOW + Duration::hours(1),
                signed_in_at: NOW + Duration::hours(1),
                ..session(id(1), None)
            },
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
            limits_become_shorter_and_never_longer,
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
