//! The storage contract on real SQLite and real PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these are tests, though not all are marked as such"
)]

mod plans;
mod unreadable;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::ports::outbox::Outbox;
use application::ports::records::SecretHash;
use application::ports::sessions::Sessions;
use application::ports::storage::Storage;
use application::ports::uploads::Uploads;
use contract::given_up::Naming;
use contract::log::Logged;
use contract::samples::{NOW, id, session};
use contract::side::Side;
use domain::session::Session;
use sea_orm::{ConnectionTrait, Database};
use storage::{Settings, SqlStorage};
use time::Duration;

static COUNT: AtomicU32 = AtomicU32::new(0);

fn name() -> String {
    format!(
        "contract_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

async fn sqlite_url() -> String {
    let folder = std::env::temp_dir().join("mondossier-contract");
    tokio::fs::create_dir_all(&folder).await.unwrap();
    let file = folder.join(format!("{}.sqlite", name()));
    let _ = tokio::fs::remove_file(&file).await;
    format!("sqlite://{}?mode=rwc", file.display())
}

/// A database whose own order is neither that of bytes nor ours, so that nothing leans on it.
async fn postgres_url() -> String {
    let server = std::env::var("MONDOSSIER_TEST_POSTGRES")
        .expect("MONDOSSIER_TEST_POSTGRES names a PostgreSQL; `cargo xtask test` starts one");
    let name = name();
    let maintenance = Database::connect(format!("{server}postgres"))
        .await
        .expect("PostgreSQL answers");
    maintenance
        .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}"))
        .await
        .unwrap();
    maintenance
        .execute_unprepared(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'fr-CA'"
        ))
        .await
        .unwrap();
    maintenance.close().await.unwrap();
    format!("{server}{name}")
}

async fn migrated(url: String) -> SqlStorage {
    migrations::migrate(&url).await.unwrap();
    let storage = SqlStorage::connect(&url, Settings::default())
        .await
        .unwrap();
    let plans = plans::Plans::of(url);
    storage.watched(move |asked| plans.look(asked))
}

fn as_storage(storage: SqlStorage) -> Arc<dyn Storage> {
    Arc::new(storage)
}

fn as_sessions(storage: SqlStorage) -> Arc<dyn Sessions> {
    Arc::new(storage)
}

fn as_uploads(storage: SqlStorage) -> Arc<dyn Uploads> {
    Arc::new(storage)
}

fn naming(storage: SqlStorage) -> Naming {
    let storage = Arc::new(storage);
    Naming {
        storage: storage.clone(),
        uploads: storage.clone(),
        given_up: storage,
    }
}

fn as_both(storage: SqlStorage) -> (Arc<dyn Storage>, Arc<dyn Outbox>) {
    (Arc::new(storage.clone()), Arc::new(storage))
}

fn side(storage: SqlStorage) -> Side {
    let storage = Arc::new(storage);
    Side {
        storage: storage.clone(),
        sessions: storage.clone(),
        departures: storage.clone(),
        throttle: storage.clone(),
        seals: storage.clone(),
        job_runs: storage.clone(),
        token_uses: storage.clone(),
        records_clock: storage,
    }
}

fn logged(storage: SqlStorage) -> Logged {
    let storage = Arc::new(storage);
    Logged {
        storage: storage.clone(),
        log: storage.clone(),
        seals: storage,
    }
}

/// whoever leaves while a transaction begins leaves no open one behind: what others then do is done, and seen everywhere.
async fn who_leaves_at_the_beginning_leaves_nothing_open(url: String) {
    let storage = migrated(url.clone()).await;
    for turns in 0..400 {
        let storage = storage.clone();
        let begun = tokio::spawn(async move { Storage::begin(&storage).await.map(drop) });
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        begun.abort();
        let _ = begun.await;
    }
    let elsewhere = SqlStorage::connect(&url, Settings::default())
        .await
        .unwrap();
    for number in 1..=20_u8 {
        let hash = SecretHash([number; 32]);
        Sessions::begin(&storage, &hash, &session(id(1), None))
            .await
            .unwrap();
        let seen = Sessions::find(&elsewhere, &hash).await.unwrap();
        assert!(
            seen.is_some(),
            "session {number} is on one connection alone"
        );
    }
}

/// SEC-2: the database itself refuses to change or remove what the trail holds.
async fn the_trail_cannot_be_changed(url: String) {
    let storage = as_storage(migrated(url.clone()).await);
    storage
        .begin()
        .await
        .unwrap()
        .commit(contract::samples::audit())
        .await
        .unwrap();
    let raw = Database::connect(url).await.unwrap();
    for statement in ["UPDATE audit SET action = 'x'", "DELETE FROM audit"] {
        let refused = raw.execute_unprepared(statement).await.unwrap_err();
        assert!(
            refused.to_string().contains("append-only"),
            "{statement}: {refused}"
        );
    }
    assert_eq!(
        storage.read().await.unwrap().audit().count().await.unwrap(),
        1
    );
}

/// A session that a portal of before wrote, beside or before an upgrade, is known as well: it began when its person signed in.
async fn a_session_of_before_began_with_its_sign_in(url: String) {
    let sessions = as_sessions(migrated(url.clone()).await);
    let hash = SecretHash([1; 32]);
    let signed_in_at = NOW - Duration::minutes(5);
    let begun = Session {
        signed_in_at,
        ..session(id(1), None)
    };
    sessions.begin(&hash, &begun).await.unwrap();
    let raw = Database::connect(url).await.unwrap();
    let emptied = raw.execute_unprepared("UPDATE session SET begun_at = NULL");
    emptied.await.unwrap();
    let found = sessions.find(&hash).await.unwrap().unwrap();
    assert_eq!(found.begun_at, signed_in_at);
}

/// Several processes that start at once migrate one after the other, and each can read and write right afterwards.
async fn several_may_start_at_once(url: String) {
    let all = (0..4).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let storage = as_storage(migrated(url).await);
            storage.read().await.map(drop)?;
            storage
                .begin()
                .await?
                .commit(contract::samples::audit())
                .await
        })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
}

mod sqlite {
    use super::*;

    contract::storage_contract!(async { as_storage(migrated(sqlite_url().await).await) });
    contract::cases_contract!(async { as_storage(migrated(sqlite_url().await).await) });
    contract::inbox_contract!(async { as_storage(migrated(sqlite_url().await).await) });
    contract::forms_contract!(async { as_storage(migrated(sqlite_url().await).await) });
    contract::sessions_contract!(async { as_sessions(migrated(sqlite_url().await).await) });
    contract::uploads_contract!(
        async { as_uploads(migrated(sqlite_url().await).await) },
        async { naming(migrated(sqlite_url().await).await) }
    );
    contract::given_up_contract!(async { naming(migrated(sqlite_url().await).await) });
    contract::outbox_contract!(async { as_both(migrated(sqlite_url().await).await) });
    contract::registration_contract!(async { as_storage(migrated(sqlite_url().await).await) });
    contract::side_contract!(async { side(migrated(sqlite_url().await).await) });
    contract::log_contract!(async { logged(migrated(sqlite_url().await).await) });
    contract::retention_contract!(async { as_storage(migrated(sqlite_url().await).await) });

    #[tokio::test]
    async fn the_trail_cannot_be_changed() {
        super::the_trail_cannot_be_changed(sqlite_url().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_leaves_at_the_beginning_leaves_nothing_open() {
        super::who_leaves_at_the_beginning_leaves_nothing_open(sqlite_url().await).await;
    }

    #[tokio::test]
    async fn a_notice_that_makes_no_sense_holds_up_no_other() {
        super::unreadable::a_notice_holds_up_no_other(sqlite_url().await).await;
    }

    #[tokio::test]
    async fn other_records_that_make_no_sense_hold_up_none() {
        super::unreadable::other_records_hold_up_none(sqlite_url().await).await;
    }

    #[tokio::test]
    async fn a_session_of_before_began_with_its_sign_in() {
        super::a_session_of_before_began_with_its_sign_in(sqlite_url().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn several_may_start_at_once() {
        super::several_may_start_at_once(sqlite_url().await).await;
    }
}

mod postgres {
    use super::*;

    contract::storage_contract!(async { as_storage(migrated(postgres_url().await).await) });
    contract::cases_contract!(async { as_storage(migrated(postgres_url().await).await) });
    contract::inbox_contract!(async { as_storage(migrated(postgres_url().await).await) });
    contract::forms_contract!(async { as_storage(migrated(postgres_url().await).await) });
    contract::sessions_contract!(async { as_sessions(migrated(postgres_url().await).await) });
    contract::uploads_contract!(
        async { as_uploads(migrated(postgres_url().await).await) },
        async { naming(migrated(postgres_url().await).await) }
    );
    contract::given_up_contract!(async { naming(migrated(postgres_url().await).await) });
    contract::outbox_contract!(async { as_both(migrated(postgres_url().await).await) });
    contract::registration_contract!(async { as_storage(migrated(postgres_url().await).await) });
    contract::side_contract!(async { side(migrated(postgres_url().await).await) });
    contract::log_contract!(async { logged(migrated(postgres_url().await).await) });
    contract::retention_contract!(async { as_storage(migrated(postgres_url().await).await) });

    #[tokio::test]
    async fn the_trail_cannot_be_changed() {
        super::the_trail_cannot_be_changed(postgres_url().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_leaves_at_the_beginning_leaves_nothing_open() {
        super::who_leaves_at_the_beginning_leaves_nothing_open(postgres_url().await).await;
    }

    #[tokio::test]
    async fn a_notice_that_makes_no_sense_holds_up_no_other() {
        super::unreadable::a_notice_holds_up_no_other(postgres_url().await).await;
    }

    #[tokio::test]
    async fn other_records_that_make_no_sense_hold_up_none() {
        super::unreadable::other_records_hold_up_none(postgres_url().await).await;
    }

    #[tokio::test]
    async fn a_session_of_before_began_with_its_sign_in() {
        super::a_session_of_before_began_with_its_sign_in(postgres_url().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn several_may_start_at_once() {
        super::several_may_start_at_once(postgres_url().await).await;
    }
}
