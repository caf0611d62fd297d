//! Signed receipts, and the log of them: receipts, entries and heads are added and never changed or removed. Tiles grow.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{
    bytes, digest, id, instant, maybe_number, maybe_reference, number, table, text, unique,
};

/// Receipts and the log.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000013_receipts"
    }
}

const KEPT: [&str; 3] = ["receipt", "log_leaf", "log_checkpoint"];

const POSTGRES: &str = "
CREATE FUNCTION log_is_append_only() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'receipts and the log are append-only'; END $$ LANGUAGE plpgsql;
";

fn on_postgres(table: &str) -> String {
    format!(
        "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
         CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();"
    )
}

fn on_sqlite(table: &str) -> String {
    ["UPDATE", "DELETE"]
        .map(|change| {
            let name = change.to_lowercase();
            format!(
                "CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'receipts and the log are append-only'); END;"
            )
        })
        .concat()
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |name: &str| number(name).primary_key().take();
        for created in [
            table(
                "receipt",
                vec![
                    id("submission"),
                    text("kind"),
                    text("statement"),
                    text("signed_by"),
                    bytes("signature"),
                ],
            ),
            table("receipt_waiting", vec![id("submission")]),
            table(
                "log_leaf",
                vec![
                    key("position"),
                    maybe_reference("submission"),
                    maybe_number("seal"),
                    digest("entry"),
                ],
            ),
            table(
                "log_tile",
                vec![number("level"), number("number"), bytes("hashes")],
            ),
            table(
                "log_checkpoint",
                vec![key("size"), text("note"), instant("published_at")],
            ),
        ] {
            manager.create_table(created).await?;
        }
        for index in [
            unique("log_leaf", &["submission"]),
            unique("log_leaf", &["seal"]),
            unique("log_tile", &["level", "number"]),
        ] {
            manager.create_index(index).await?;
        }
        let connection = manager.get_connection();
        let triggers = if connection.get_database_backend() == DbBackend::Postgres {
            POSTGRES.to_owned() + &KEPT.map(on_postgres).concat()
        } else {
            KEPT.map(on_sqlite).concat()
        };
        connection.execute_unprepared(&triggers).await?;
        Ok(())
    }
}
