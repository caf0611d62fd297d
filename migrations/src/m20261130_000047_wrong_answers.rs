//! Wrong answers to an invitation count on the invitation, too (DEL-2).

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

/// How many wrong tries an invitation has seen.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261130_000047_wrong_answers"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let wrong_answers = ColumnDef::new(Alias::new("wrong_answers"))
            .big_integer()
            .not_null()
            .default(0)
            .to_owned();
        let delegation = Table::alter()
            .table(Alias::new("delegation"))
            .add_column(wrong_answers)
            .to_owned();
        manager.alter_table(delegation).await
    }
}
