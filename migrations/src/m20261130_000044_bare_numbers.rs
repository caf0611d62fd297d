//! File numbers as people type them in a hurry, without their separators: the registry finds a case by those too (CASE-4).

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

/// An index of them. The expression is the one that is asked for, letter for letter.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000044_bare_numbers"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index =
            "CREATE INDEX case_file_bare_number ON case_file (replace(file_number, '-', ''))";
        manager.get_connection().execute_unprepared(index).await?;
        Ok(())
    }
}
