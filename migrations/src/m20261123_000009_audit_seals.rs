//! Seals on the audit trail: rows that are added and never changed or removed (SEC-2); and by which account an entry is found.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{digest, index, maybe_reference, number, table, unique};

/// Seals.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000009_audit_seals"
    }
}

const POSTGRES: &str = "
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
";

const SQLITE: &str = "
CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
";

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = number("number").primary_key().take();
        manager
            .create_table(table(
                "audit_seal",
                vec![key, number("position"), digest("link")],
            ))
            .await?;
        manager
            .create_index(unique("audit_seal", &["position"]))
            .await?;
        let account = Table::alter()
            .table(Alias::new("audit"))
            .add_column(maybe_reference("account"))
            .take();
        manager.alter_table(account).await?;
        manager.create_index(index("audit", &["account"])).await?;
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
