//! Accounts, sign-ins, sessions and API tokens.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    digest, id, index, instant, maybe_instant, maybe_reference, maybe_text, number, reference,
    table, text, unique,
};

/// Accounts, sign-ins, sessions and API tokens.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000001_accounts"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "account",
                vec![
                    id("id"),
                    text("given_name"),
                    text("family_name"),
                    text("email"),
                    maybe_text("cell"),
                    text("language"),
                    text("roles"),
                    maybe_text("membership_order"),
                    maybe_text("membership_number"),
                    maybe_instant("lost_standing_at"),
                    number("wrong_tries"),
                    maybe_text("lock_code"),
                    maybe_instant("blocked_since"),
                    maybe_text("block_cause"),
                    instant("opened_at"),
                    maybe_instant("registered_at"),
                    maybe_text("privacy_statement"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("account", &["lock_code"]))
            .await?;
        manager.create_index(index("account", &["email"])).await?;
        manager
            .create_table(table(
                "sign_in",
                vec![
                    id("id"),
                    text("issuer"),
                    text("subject"),
                    maybe_reference("account"),
                    maybe_instant("bound_since"),
                    number("wrong_tries"),
                    maybe_text("lock_code"),
                    maybe_instant("blocked_since"),
                    maybe_text("block_cause"),
                    instant("first_seen_at"),
                ],
            ))
            .await?;
        manager
            .create_index(unique("sign_in", &["issuer", "subject"]))
            .await?;
        manager.create_index(index("sign_in", &["account"])).await?;
        manager
            .create_index(unique("sign_in", &["lock_code"]))
            .await?;
        manager
            .create_table(table(
                "session",
                vec![
                    digest("hash"),
                    reference("sign_in"),
                    instant("signed_in_at"),
                    instant("last_used_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("session", &["hash"])).await?;
        manager.create_index(index("session", &["sign_in"])).await?;
        manager
            .create_index(index("session", &["last_used_at"]))
            .await?;
        manager
            .create_index(index("session", &["signed_in_at"]))
            .await?;
        manager
            .create_table(table(
                "token",
                vec![
                    id("id"),
                    digest("hash"),
                    reference("account"),
                    text("label"),
                    text("scopes"),
                    instant("created_at"),
                    instant("expires_at"),
                    maybe_instant("revoked_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("token", &["hash"])).await?;
        manager.create_index(index("token", &["account"])).await?;
        Ok(())
    }
}
