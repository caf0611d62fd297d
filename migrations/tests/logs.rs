//! A log that was published before logs had numbers goes on as the first one, entry by entry, and is as well guarded as before.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

use migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// How many migrations there were before logs had numbers.
const BEFORE: u32 = 16;

/// What a query finds, as text.
async fn found(database: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement =
        sea_orm_migration::sea_orm::Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap())
        .collect()
}

async fn goes_on_as_the_first(url: &str) {
    let database = Database::connect(url).await.unwrap();
    Migrator::up(&database, Some(BEFORE)).await.unwrap();
    for statement in [
        "INSERT INTO log_leaf (position, seal, entry) VALUES (0, 7, 'a'), (1, 8, 'b')",
        "INSERT INTO log_tile (level, number, hashes) VALUES (0, 0, 'ab')",
        "INSERT INTO log_checkpoint (size, note, published_at) VALUES (2, 'two', 5)",
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    Migrator::up(&database, None).await.unwrap();
    for (query, wanted) in [
        (
            "SELECT log || ' ' || position || ' ' || seal FROM log_leaf ORDER BY position",
            ["1 0 7", "1 1 8"].as_slice(),
        ),
        (
            "SELECT log || ' ' || level || ' ' || number FROM log_tile",
            &["1 0 0"],
        ),
        (
            "SELECT log || ' ' || size || ' ' || note FROM log_checkpoint",
            &["1 2 two"],
        ),
    ] {
        assert_eq!(found(&database, query).await, wanted);
    }
    for statement in [
        "UPDATE log_leaf SET log = 2",
        "DELETE FROM log_leaf",
        "UPDATE log_checkpoint SET note = ''",
        "DELETE FROM log_checkpoint",
    ] {
        let refused = database.execute_unprepared(statement).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    for (twice, why) in [("(1, 1, 9, 'c')", "a place"), ("(1, 2, 8, 'c')", "a seal")] {
        let insert = format!("INSERT INTO log_leaf (log, position, seal, entry) VALUES {twice}");
        assert!(database.execute_unprepared(&insert).await.is_err(), "{why}");
    }
    let other = "INSERT INTO log_leaf (log, position, seal, entry) VALUES (2, 1, 8, 'c')";
    database.execute_unprepared(other).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn on_sqlite() {
    let file = std::env::temp_dir().join(format!("mondossier-logs-{}.sqlite", std::process::id()));
    goes_on_as_the_first(&format!("sqlite://{}?mode=rwc", file.display())).await;
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn on_postgres() {
    let server = std::env::var("MONDOSSIER_TEST_POSTGRES")
        .expect("MONDOSSIER_TEST_POSTGRES names a PostgreSQL; `cargo xtask test` starts one");
    let name = format!("logs_{}", std::process::id());
    let maintenance = Database::connect(format!("{server}postgres"))
        .await
        .unwrap();
    let make = format!("CREATE DATABASE {name}");
    maintenance.execute_unprepared(&make).await.unwrap();
    maintenance.close().await.unwrap();
    goes_on_as_the_first(&format!("{server}{name}")).await;
}
