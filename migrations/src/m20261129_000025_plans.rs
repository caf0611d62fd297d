//! Indexes that questions really use, in the place of two that no plan ever chose.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::index;

/// Indexes that questions really use.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000025_plans"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for unused in ["notice_bounced", "notice_failing"] {
            connection
                .execute_unprepared(&format!("DROP INDEX {unused}"))
                .await?;
        }
        manager.create_index(index("notice", &["bounced_at"])).await
    }
}
