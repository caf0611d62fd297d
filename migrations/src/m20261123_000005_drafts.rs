//! Submissions that were begun and not sent yet.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    digest, id, index, instant, maybe_number, maybe_text, number, reference, table, text, unique,
};

/// Submissions that were begun and not sent yet.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000005_drafts"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "draft",
                vec![
                    id("id"),
                    reference("account"),
                    reference("counsel"),
                    reference("case_file"),
                    text("document_type"),
                    text("note"),
                    maybe_text("service_how"),
                    maybe_text("service_on"),
                    instant("begun_at"),
                ],
            ))
            .await?;
        manager.create_index(index("draft", &["begun_at"])).await?;
        manager
            .create_table(table(
                "draft_file",
                vec![
                    reference("document"),
                    reference("draft"),
                    number("position"),
                    text("name"),
                    maybe_text("title"),
                    text("media_type"),
                    number("size"),
                    maybe_number("pages"),
                    digest("sha256"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("draft_file", &["document"]))
            .await?;
        manager
            .create_index(index("draft_file", &["draft"]))
            .await?;
        Ok(())
    }
}
