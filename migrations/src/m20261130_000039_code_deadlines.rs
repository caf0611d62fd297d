//! Until when an access code works. Those that are there already get it from a job, which knows the tribunal's terms.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::maybe_instant;

/// Until when an access code works.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000039_code_deadlines"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let expires_at = Table::alter()
            .table(Alias::new("access_code"))
            .add_column(maybe_instant("expires_at"))
            .take();
        manager.alter_table(expires_at).await?;
        // As good as empty: it leads to those that a job has not come to yet.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX access_code_unpromised ON access_code (expires_at, id) \
                 WHERE expires_at IS NULL AND used_at IS NULL AND voided_at IS NULL",
            )
            .await
            .map(drop)
    }
}
