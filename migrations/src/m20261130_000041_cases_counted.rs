//! How many cases a counsel has is told from an index alone: it says which of them are decided, too, and no case has to be looked at.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::index;

/// The index by counsel and file number, with the day of the final decision.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000041_cases_counted"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let counted = index(
            "case_file",
            &["counsel_of_record", "file_number", "final_decision_on"],
        );
        manager.create_index(counted).await?;
        let before = "DROP INDEX case_file_counsel_of_record_file_number";
        manager
            .get_connection()
            .execute_unprepared(before)
            .await
            .map(drop)
    }
}
