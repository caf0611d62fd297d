//! The numbers by which invitations are found.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{index, maybe_text};

/// The numbers by which invitations are found.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000017_invitation_numbers"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = Table::alter()
            .table(Alias::new("delegation"))
            .add_column(maybe_text("invitation_number"))
            .take();
        manager.alter_table(number).await?;
        manager
            .create_index(index("delegation", &["invitation_number"]))
            .await
    }
}
