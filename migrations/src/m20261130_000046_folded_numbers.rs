//! Membership numbers are found whatever is in capitals: on the rolls, and of counsel on record (REG-1).

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

/// Indexes over the numbers without capitals.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000046_folded_numbers"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in [
            "CREATE INDEX roll_entry_number_folded ON roll_entry (member_of, lower(number))",
            "CREATE INDEX account_membership_folded ON account (membership_order, lower(membership_number))",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
