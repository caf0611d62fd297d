//! When a session began: the instant of its sign-in is as early as the proof behind it, which is not what its person remembers.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::maybe_instant;

/// When a session began. Empty for those that a portal of before wrote, and of those the sign-in says it.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000038_sessions"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let begun_at = Table::alter()
            .table(Alias::new("session"))
            .add_column(maybe_instant("begun_at"))
            .take();
        manager.alter_table(begun_at).await
    }
}
