//! Registration: identity checks, access codes, the orders' rolls; browsers away at a sign-in service; counts of tries;
//! when jobs ran.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{
    digest, id, index, instant, maybe_instant, maybe_text, number, reference, table, text, unique,
};

/// Registration.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000008_registration"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        identity_checks_and_codes(manager).await?;
        rolls(manager).await?;
        let key = digest("hash").primary_key().take();
        manager
            .create_table(table(
                "departure",
                vec![
                    key,
                    text("service"),
                    text("kept"),
                    text("come_back"),
                    instant("left_at"),
                ],
            ))
            .await?;
        manager
            .create_index(index("departure", &["left_at"]))
            .await?;
        let key = digest("key").primary_key().take();
        manager
            .create_table(table(
                "throttle",
                vec![key, number("tries"), instant("ends_at")],
            ))
            .await?;
        manager
            .create_index(index("throttle", &["ends_at"]))
            .await?;
        let key = text("job").primary_key().take();
        manager
            .create_table(table("job_run", vec![key, instant("ran_at")]))
            .await?;
        let service_session = Table::alter()
            .table(Alias::new("session"))
            .add_column(maybe_text("service_session"))
            .take();
        manager.alter_table(service_session).await?;
        let last_used = Table::alter()
            .table(Alias::new("token"))
            .add_column(maybe_instant("last_used_at"))
            .take();
        manager.alter_table(last_used).await?;
        manager
            .create_index(index("account", &["membership_order", "membership_number"]))
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX account_email_folded ON account (lower(email))")
            .await?;
        Ok(())
    }
}

async fn identity_checks_and_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "identity_check",
            vec![
                id("account"),
                text("document_kind"),
                reference("checked_by"),
                instant("checked_at"),
            ],
        ))
        .await?;
    manager
        .create_table(table(
            "access_code",
            vec![
                id("id"),
                reference("account"),
                digest("hash"),
                instant("issued_at"),
                maybe_instant("voided_at"),
                maybe_instant("used_at"),
            ],
        ))
        .await?;
    manager
        .create_index(unique("access_code", &["hash"]))
        .await?;
    manager
        .create_index(index("access_code", &["account"]))
        .await
}

async fn rolls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = ColumnDef::new(Alias::new("id"))
        .big_integer()
        .not_null()
        .auto_increment()
        .primary_key()
        .take();
    let standing = ColumnDef::new(Alias::new("in_good_standing"))
        .boolean()
        .not_null()
        .take();
    manager
        .create_table(table(
            "roll_entry",
            vec![
                key,
                text("member_of"),
                maybe_text("number"),
                text("given_name"),
                text("family_name"),
                text("family_key"),
                standing,
                instant("imported_at"),
            ],
        ))
        .await?;
    manager
        .create_index(index("roll_entry", &["member_of", "number"]))
        .await?;
    manager
        .create_index(index("roll_entry", &["member_of", "family_key"]))
        .await
}
