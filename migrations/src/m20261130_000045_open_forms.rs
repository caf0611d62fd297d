//! Begun forms that are open: each person has so many at a time, and finds them again whatever else was sent since.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::maybe_instant;

/// When a begun form was sent, and an index of those that were not.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000045_open_forms"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let form = Table::alter()
            .table(Alias::new("form_draft"))
            .add_column(maybe_instant("sent_at"))
            .to_owned();
        manager.alter_table(form).await?;
        let index = "CREATE INDEX form_draft_open ON form_draft (account, counsel, begun_at) WHERE sent_at IS NULL";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
