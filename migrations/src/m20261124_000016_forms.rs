//! Forms that were sent, as data, and forms that were begun.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{id, index, instant, reference, table, text};

/// Forms that were sent, as data, and forms that were begun.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000016_forms"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![id("document"), text("kind"), text("fields")];
        manager.create_table(table("form", columns)).await?;
        let columns = vec![
            id("id"),
            reference("account"),
            reference("counsel"),
            text("kind"),
            text("fields"),
            instant("begun_at"),
        ];
        manager.create_table(table("form_draft", columns)).await?;
        manager
            .create_index(index("form_draft", &["account", "counsel", "id"]))
            .await?;
        manager
            .create_index(index("form_draft", &["begun_at"]))
            .await
    }
}
