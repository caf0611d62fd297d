//! Submissions, their files, and the keys under which they were asked for.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    digest, id, index, instant, maybe_instant, maybe_number, maybe_reference, maybe_text, number,
    reference, table, text, unique,
};

/// Submissions, their files, and the keys under which they were asked for.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000004_submissions"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "submission",
                vec![
                    id("id"),
                    text("confirmation_number"),
                    reference("case_file"),
                    reference("submitted_by"),
                    text("submitted_by_name"),
                    reference("on_behalf_of"),
                    text("on_behalf_of_name"),
                    instant("received_at"),
                    text("office_zone"),
                    text("document_type"),
                    text("note"),
                    maybe_text("service_how"),
                    maybe_text("service_on"),
                    maybe_reference("acknowledged_by"),
                    maybe_instant("acknowledged_at"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("submission", &["confirmation_number"]))
            .await?;
        manager
            .create_index(index("submission", &["case_file", "on_behalf_of", "id"]))
            .await?;
        manager
            .create_index(index("submission", &["acknowledged_at", "id"]))
            .await?;
        manager
            .create_table(table(
                "submission_file",
                vec![
                    reference("document"),
                    reference("submission"),
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
            .create_index(unique("submission_file", &["document"]))
            .await?;
        manager
            .create_index(unique("submission_file", &["submission", "position"]))
            .await?;
        manager
            .create_table(table(
                "idempotency_key",
                vec![
                    reference("account"),
                    text("key"),
                    digest("digest"),
                    reference("submission"),
                    instant("used_at"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("idempotency_key", &["account", "key"]))
            .await?;
        manager
            .create_index(index("idempotency_key", &["used_at"]))
            .await?;
        Ok(())
    }
}
