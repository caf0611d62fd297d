//! Invitations are found by e-mail address: the one that a sign-in service vouches for, and the one that was invited. Terms are found by
//! when they began.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{index, maybe_text};

/// Invitations.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000010_invitations"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let email = Table::alter()
            .table(Alias::new("sign_in"))
            .add_column(maybe_text("email"))
            .take();
        manager.alter_table(email).await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX delegation_email_folded ON delegation (lower(email))")
            .await?;
        manager
            .create_index(index("delegation", &["term_began_at"]))
            .await?;
        Ok(())
    }
}
