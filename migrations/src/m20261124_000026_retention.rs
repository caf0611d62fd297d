//! Legal holds; what was deleted and why; documents whose bytes are still to go. A receipt can be removed once its deletion is on record, and
//! is still never changed.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{
    id, index, instant, maybe_instant, maybe_reference, number, reference, table, text, unique,
};

/// Retention.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000026_retention"
    }
}

const POSTGRES: &str = "
CREATE TRIGGER deletion_no_change BEFORE UPDATE OR DELETE ON deletion FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER deletion_no_truncate BEFORE TRUNCATE ON deletion FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();
CREATE FUNCTION receipt_goes_with_its_submission() RETURNS trigger AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM deletion WHERE kind = 'submission' AND record = OLD.submission) THEN
        RAISE EXCEPTION 'receipts and the log are append-only';
    END IF;
    RETURN OLD;
END $$ LANGUAGE plpgsql;
DROP TRIGGER receipt_no_change ON receipt;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_with_its_submission();
";

const SQLITE: &str = "
CREATE TRIGGER deletion_no_update BEFORE UPDATE ON deletion BEGIN SELECT RAISE(ABORT, 'receipts and the log are append-only'); END;
CREATE TRIGGER deletion_no_delete BEFORE DELETE ON deletion BEGIN SELECT RAISE(ABORT, 'receipts and the log are append-only'); END;
DROP TRIGGER receipt_no_delete;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
WHEN NOT EXISTS (SELECT 1 FROM deletion WHERE kind = 'submission' AND record = OLD.submission)
BEGIN SELECT RAISE(ABORT, 'receipts and the log are append-only'); END;
";

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for created in [
            table(
                "legal_hold",
                vec![
                    id("id"),
                    reference("case_file"),
                    text("reason"),
                    reference("set_by"),
                    instant("set_at"),
                    maybe_reference("lifted_by"),
                    maybe_instant("lifted_at"),
                ],
            ),
            table(
                "deletion",
                vec![
                    text("kind"),
                    reference("record"),
                    maybe_reference("case_file"),
                    instant("last_used_at"),
                    number("kept_for_seconds"),
                    instant("deleted_at"),
                ],
            ),
            table("document_leaving", vec![id("document"), instant("since")]),
        ] {
            manager.create_table(created).await?;
        }
        for index in [
            index("legal_hold", &["case_file"]),
            unique("deletion", &["kind", "record"]),
            // What keeps an account, and what may be old enough to go.
            index("case_file", &["final_decision_on"]),
            index("submission", &["submitted_by"]),
            index("submission", &["on_behalf_of"]),
            index("reading", &["account"]),
        ] {
            manager.create_index(index).await?;
        }
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "CREATE UNIQUE INDEX legal_hold_standing ON legal_hold (case_file) WHERE lifted_at IS NULL",
            )
            .await?;
        let triggers = if connection.get_database_backend() == DbBackend::Postgres {
            POSTGRES
        } else {
            SQLITE
        };
        connection.execute_unprepared(triggers).await?;
        Ok(())
    }
}
