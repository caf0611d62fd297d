//! What lists are put in order by is compared byte by byte, whatever order the server was set up with. In the keys that stand there already,
//! hyphens and apostrophes become spaces, as in new ones; the accents, which decide between equal names alone, come when a case is next fed.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What lists are put in order by.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000028_sort_keys"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // SQLite compares bytes unless it is told otherwise.
        if manager.get_database_backend() == DbBackend::Postgres {
            for (table, column) in [
                ("case_file", "file_number"),
                ("case_file", "division"),
                ("case_file", "name_key"),
                ("inbox_item", "title_key"),
            ] {
                connection
                    .execute_unprepared(&format!(
                        "ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE \"C\""
                    ))
                    .await?;
            }
        }
        for (table, column) in [("case_file", "name_key"), ("inbox_item", "title_key")] {
            connection
                .execute_unprepared(&format!(
                    "UPDATE {table} SET {column} = replace(replace({column}, '-', ' '), '''', ' ')"
                ))
                .await?;
        }
        Ok(())
    }
}
