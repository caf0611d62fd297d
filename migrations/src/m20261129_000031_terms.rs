//! An index by which the jobs that watch terms go from one delegation to the next.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::index;

/// An index by which the jobs that watch terms go from one delegation to the next.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000031_terms"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(index("delegation", &["term_began_at", "id"]))
            .await?;
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP INDEX delegation_term_began_at")
            .await
            .map(drop)
    }
}
