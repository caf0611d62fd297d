//! Notices that came back, and those whose person was reached otherwise.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{maybe_instant, maybe_reference};

/// Notices that came back, and those whose person was reached otherwise.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000018_undelivered"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            maybe_instant("bounced_at"),
            maybe_reference("settled_by"),
            maybe_instant("settled_at"),
        ] {
            let added = Table::alter()
                .table(Alias::new("notice"))
                .add_column(&mut column)
                .to_owned();
            manager.alter_table(added).await?;
        }
        // Few notices come back or fail: the list is found without looking at those that arrived.
        let connection = manager.get_connection();
        for index in [
            "CREATE INDEX notice_bounced ON notice (id) WHERE bounced_at IS NOT NULL",
            "CREATE INDEX notice_failing ON notice (id) WHERE delivered_at IS NULL AND last_failure IS NOT NULL",
        ] {
            connection.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
