//! What was promised of how long a delegation lasts. Those that are there already get it from a job, which knows the tribunal's terms.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{index, maybe_number};

/// What was promised of how long a delegation lasts.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000037_promised"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["invitation_lasts", "term_lasts", "grace_lasts"] {
            let lasts = Table::alter()
                .table(Alias::new("delegation"))
                .add_column(maybe_number(column))
                .take();
            manager.alter_table(lasts).await?;
        }
        // The database's own sum: a version of the portal that knows nothing of it moves it along when it renews.
        let kept = match manager.get_database_backend() {
            DbBackend::Postgres => "STORED",
            _ => "VIRTUAL",
        };
        let connection = manager.get_connection();
        connection
            .execute_unprepared(&format!(
                "ALTER TABLE delegation ADD COLUMN ends_at bigint GENERATED ALWAYS AS (term_began_at + term_lasts) {kept}"
            ))
            .await?;
        manager
            .create_index(index("delegation", &["ends_at", "id"]))
            .await?;
        // As good as empty: it leads to those that a job has not come to yet.
        connection
            .execute_unprepared("CREATE INDEX delegation_unpromised ON delegation (term_lasts, id) WHERE term_lasts IS NULL")
            .await?;
        connection
            .execute_unprepared("DROP INDEX delegation_term_began_at_id")
            .await
            .map(drop)
    }
}
