//! Notices on their way.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    id, index, instant, maybe_instant, maybe_reference, maybe_text, number, table, text, unique,
};

/// Notices on their way.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000006_notices"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "notice",
                vec![
                    id("id"),
                    maybe_reference("account"),
                    text("email"),
                    text("language"),
                    text("kind"),
                    text("facts"),
                    instant("written_at"),
                    maybe_text("once_key"),
                    number("attempts"),
                    maybe_instant("held_until"),
                    instant("next_try_at"),
                    maybe_text("last_failure"),
                    maybe_instant("delivered_at"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("notice", &["once_key"]))
            .await?;
        manager
            .create_index(index("notice", &["delivered_at", "next_try_at"]))
            .await?;
        Ok(())
    }
}
