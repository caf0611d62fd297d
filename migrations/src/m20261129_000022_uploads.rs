//! Files that are coming in piece by piece, and the pieces that came.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    id, index, instant, maybe_number, maybe_reference, maybe_text, number, reference, table, text,
};

/// Files that are coming in piece by piece, and the pieces that came.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000022_uploads"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sha256 = ColumnDef::new(Alias::new("sha256")).blob().take();
        manager
            .create_table(table(
                "upload",
                vec![
                    id("id"),
                    reference("account"),
                    reference("counsel"),
                    reference("case_file"),
                    text("name"),
                    number("length"),
                    number("received"),
                    instant("begun_at"),
                    // What is found once it is whole.
                    maybe_reference("document"),
                    maybe_text("media_type"),
                    maybe_number("pages"),
                    sha256,
                ],
            ))
            .await?;
        manager.create_index(index("upload", &["account"])).await?;
        manager.create_index(index("upload", &["begun_at"])).await?;
        manager.create_index(index("upload", &["document"])).await?;
        manager
            .create_table(table(
                "upload_part",
                vec![id("document"), reference("upload"), number("starts_at")],
            ))
            .await?;
        manager
            .create_index(
                index("upload_part", &["upload", "starts_at"])
                    .unique()
                    .to_owned(),
            )
            .await
    }
}
