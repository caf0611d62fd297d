//! Cases, and the instants of their events, by which they are put in order.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    id, index, instant, maybe_reference, maybe_text, reference, table, text, unique,
};

/// Cases, and the instants of their events, by which they are put in order.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000003_cases"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "case_file",
                vec![
                    id("id"),
                    text("file_number"),
                    text("division"),
                    text("region"),
                    text("status"),
                    maybe_text("principal_file_number"),
                    text("client_ids"),
                    text("parties"),
                    maybe_text("retainer_limits"),
                    text("events"),
                    text("decisions"),
                    maybe_text("final_decision_on"),
                    maybe_reference("counsel_of_record"),
                    instant("updated_at"),
                    text("search_text"),
                    text("name_key"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("case_file", &["file_number"]))
            .await?;
        manager
            .create_index(index("case_file", &["counsel_of_record", "file_number"]))
            .await?;
        manager
            .create_index(index("case_file", &["counsel_of_record", "name_key"]))
            .await?;
        manager
            .create_table(table(
                "case_event",
                vec![reference("case_file"), instant("starts_at")],
            ))
            .await?;
        manager
            .create_index(index("case_event", &["case_file", "starts_at"]))
            .await?;
        Ok(())
    }
}
