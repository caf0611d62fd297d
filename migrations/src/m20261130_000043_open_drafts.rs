//! Begun submissions that are open: each person has so many at a time, and finds them again.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::maybe_instant;

/// When a draft was sent, and an index of those that were not.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000043_open_drafts"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let draft = Table::alter()
            .table(Alias::new("draft"))
            .add_column(maybe_instant("sent_at"))
            .to_owned();
        manager.alter_table(draft).await?;
        let index = "CREATE INDEX draft_open ON draft (account, begun_at) WHERE sent_at IS NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
