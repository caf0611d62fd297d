//! What waits, in the order in which it is listed: submissions to be acknowledged, notices to be delivered; and the notices of which somebody
//! has told their person. An index that has the instant first finds them too, but PostgreSQL does not know it to be in their order; where many
//! waited, it went through all that ever were.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

/// An index of each that holds nothing else.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000042_waiting"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in [
            "CREATE INDEX submission_waiting ON submission (id) WHERE acknowledged_at IS NULL",
            "CREATE INDEX notice_waiting ON notice (id) WHERE delivered_at IS NULL",
            "CREATE INDEX notice_settled ON notice (id) WHERE settled_at IS NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
