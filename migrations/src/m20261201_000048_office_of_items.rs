//! The zone of the office that held the file when a document was made available, as submissions have it (X-8, SUB-6).

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::maybe_text;

/// In which zone a document from the tribunal was made available; none for those of before.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261201_000048_office_of_items"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let items = Table::alter()
            .table(Alias::new("inbox_item"))
            .add_column(maybe_text("office_zone"))
            .to_owned();
        manager.alter_table(items).await
    }
}
