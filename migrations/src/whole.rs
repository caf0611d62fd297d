//! A migration happens whole or not at all, on either database. By itself only PostgreSQL gets a transaction: one that fails half-way on
//! SQLite would leave tables behind over which the next try falls.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

/// A migration in a transaction, with the record that it was done.
struct Whole(Box<dyn MigrationTrait>);

/// The same migrations, each in a transaction of its own.
pub fn each_whole(migrations: Vec<Box<dyn MigrationTrait>>) -> Vec<Box<dyn MigrationTrait>> {
    let whole = |migration| -> Box<dyn MigrationTrait> { Box::new(Whole(migration)) };
    migrations.into_iter().map(whole).collect()
}

impl MigrationName for Whole {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait]
impl MigrationTrait for Whole {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database};

    use super::*;
    use crate::table::{id, table};

    struct HalfWay;

    impl MigrationName for HalfWay {
        fn name(&self) -> &'static str {
            "half_way"
        }
    }

    #[async_trait]
    impl MigrationTrait for HalfWay {
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager
                .create_table(table("first_half", vec![id("id")]))
                .await?;
            Err(DbErr::Custom("the disk is full".to_owned()))
        }
    }

    struct Broken;

    #[async_trait]
    impl MigratorTrait for Broken {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            each_whole(vec![Box::new(HalfWay)])
        }
    }

    /// What failed half-way on SQLite leaves nothing, so that it can be tried again.
    #[tokio::test]
    async fn a_migration_that_fails_half_way_leaves_nothing() {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let connection = Database::connect(options).await.unwrap();
        for _ in 0..2 {
            let failed = Broken::up(&connection, None).await.unwrap_err();
            assert!(failed.to_string().contains("the disk is full"), "{failed}");
            let left = connection
                .execute_unprepared("SELECT id FROM first_half")
                .await;
            assert!(left.is_err(), "a table is left");
        }
    }

    /// None of ours does without.
    #[test]
    fn each_of_ours_is_whole() {
        for migration in crate::Migrator::migrations() {
            assert_eq!(
                migration.use_transaction(),
                Some(true),
                "{}",
                migration.name()
            );
        }
    }
}
