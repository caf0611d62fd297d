//! Indexes by which notices, profile changes and uploads are found that name an account.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::index;

/// Indexes by which notices, profile changes and uploads are found that name an account.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000034_names"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("notice", "settled_by"),
            ("profile_change", "decided_by"),
            ("upload", "counsel"),
        ] {
            manager.create_index(index(table, &[column])).await?;
        }
        Ok(())
    }
}
