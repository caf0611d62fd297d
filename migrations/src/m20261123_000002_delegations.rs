//! Delegations.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{id, index, instant, maybe_instant, maybe_reference, reference, table, text};

/// Delegations.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000002_delegations"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "delegation",
                vec![
                    id("id"),
                    reference("counsel"),
                    text("given_name"),
                    text("family_name"),
                    text("email"),
                    text("language"),
                    text("questions"),
                    text("terms_version"),
                    instant("invited_at"),
                    maybe_reference("delegate"),
                    maybe_instant("accepted_at"),
                    maybe_instant("term_began_at"),
                    maybe_instant("ended_at"),
                ],
            ))
            .await?;
        manager
            .create_index(index("delegation", &["counsel"]))
            .await?;
        manager
            .create_index(index("delegation", &["delegate"]))
            .await?;
        Ok(())
    }
}
