//! How long a session lasts: the shortest that the terms were since it began, so that longer ones bring none back.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{index, maybe_number};

/// How long a session lasts. Empty for those that a portal of before wrote, until the next one starts or a job passes.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000040_session_limits"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["idle_lasts", "longest_lasts"] {
            let lasts = Table::alter()
                .table(Alias::new("session"))
                .add_column(maybe_number(column))
                .take();
            manager.alter_table(lasts).await?;
            manager.create_index(index("session", &[column])).await?;
        }
        Ok(())
    }
}
