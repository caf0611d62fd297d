//! Changes that people ask for in My Profile.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    id, index, instant, maybe_flag, maybe_instant, maybe_reference, maybe_text, reference, table,
};

/// Changes that people ask for in My Profile.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000015_profile_changes"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            id("id"),
            reference("account"),
            maybe_text("given_name"),
            maybe_text("family_name"),
            maybe_text("email"),
            maybe_text("cell"),
            maybe_text("language"),
            instant("submitted_at"),
            maybe_flag("applied"),
            maybe_text("reason"),
            maybe_reference("decided_by"),
            maybe_instant("decided_at"),
        ];
        manager
            .create_table(table("profile_change", columns))
            .await?;
        manager
            .create_index(index("profile_change", &["account", "id"]))
            .await?;
        manager
            .create_index(index("profile_change", &["decided_at", "id"]))
            .await
    }
}
