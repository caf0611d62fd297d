//! Indexes by which is found what names a record that may go.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::index;

/// Indexes by which is found what names a record that may go.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000029_removal"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("draft", "case_file"),
            ("draft", "counsel"),
            ("form_draft", "counsel"),
            ("submission", "acknowledged_by"),
            ("notice", "account"),
            ("draft", "account"),
            ("identity_check", "checked_by"),
            ("inbox_item", "sent_by"),
        ] {
            manager.create_index(index(table, &[column])).await?;
        }
        Ok(())
    }
}
