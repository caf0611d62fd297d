//! An empty database on the tests' PostgreSQL.

use sea_orm::{ConnectionTrait, Database};

/// The address of a new and empty database, whose name begins so; of two that run at the same time each process has its own.
pub async fn postgres(name: &str) -> String {
    let server = std::env::var("MONDOSSIER_TEST_POSTGRES")
        .expect("MONDOSSIER_TEST_POSTGRES names a PostgreSQL; `cargo xtask test` starts one");
    let name = format!("{name}_{}", std::process::id());
    let maintenance = Database::connect(format!("{server}postgres"))
        .await
        .unwrap();
    for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
        let statement = format!("{statement} {name}");
        maintenance.execute_unprepared(&statement).await.unwrap();
    }
    maintenance.close().await.unwrap();
    format!("{server}{name}")
}
