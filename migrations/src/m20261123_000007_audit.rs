//! The audit trail: rows that are added and never changed or removed, which the database itself enforces (SEC-2).

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{index, instant, maybe_reference, maybe_text, table, text};

/// The audit trail.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000007_audit"
    }
}

const POSTGRES: &str = "
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
";

const SQLITE: &str = "
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
";

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let position = ColumnDef::new(Alias::new("position"))
            .big_integer()
            .not_null()
            .auto_increment()
            .primary_key()
            .take();
        let columns = vec![
            position,
            instant("at"),
            text("who"),
            maybe_text("who_id"),
            maybe_text("from_address"),
            text("action"),
            maybe_reference("on_behalf_of"),
            maybe_reference("case_file"),
            text("subjects"),
            maybe_text("refused"),
        ];
        manager.create_table(table("audit", columns)).await?;
        manager.create_index(index("audit", &["case_file"])).await?;
        manager.create_index(index("audit", &["who_id"])).await?;
        let connection = manager.get_connection();
        let triggers = if connection.get_database_backend() == DbBackend::Postgres {
            POSTGRES
        } else {
            SQLITE
        };
        connection.execute_unprepared(triggers).await?;
        Ok(())
    }
}
