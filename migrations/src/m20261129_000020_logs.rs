//! Another log may be begun in the place of one that a backup cut short: entries, tiles and heads are of a log, which has a number. The
//! log that there is becomes the first. None of any log is changed or removed.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{bytes, digest, instant, maybe_number, maybe_reference, number, table, text};

/// Numbers of logs.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000020_logs"
    }
}

/// What is kept of a log, by what its rows are told apart beside the log's number, and its other columns.
struct Kept {
    table: &'static str,
    key: &'static [&'static str],
    others: &'static [&'static str],
    append_only: bool,
}

const KEPT: [Kept; 3] = [
    Kept {
        table: "log_leaf",
        key: &["position"],
        others: &["submission", "seal", "entry"],
        append_only: true,
    },
    Kept {
        table: "log_tile",
        key: &["level", "number"],
        others: &["hashes"],
        append_only: false,
    },
    Kept {
        table: "log_checkpoint",
        key: &["size"],
        others: &["note", "published_at"],
        append_only: true,
    },
];

impl Kept {
    /// The table as it is from now on, under another name; a primary key cannot be changed in SQLite.
    fn created(&self) -> TableCreateStatement {
        let mut columns = vec![number("log")];
        columns.extend(self.key.iter().map(|name| number(name)));
        columns.extend(match self.table {
            "log_leaf" => vec![
                maybe_reference("submission"),
                maybe_number("seal"),
                digest("entry"),
            ],
            "log_tile" => vec![bytes("hashes")],
            _ => vec![text("note"), instant("published_at")],
        });
        let mut key = Index::create();
        key.col(Alias::new("log"));
        for name in self.key {
            key.col(Alias::new(*name));
        }
        table(&self.anew(), columns)
            .primary_key(&mut key)
            .to_owned()
    }

    fn anew(&self) -> String {
        format!("{}_anew", self.table)
    }

    /// Brings the rows over, and puts the table in the place of the former one.
    fn moved(&self) -> String {
        let (table, anew) = (self.table, self.anew());
        let columns = [self.key, self.others].concat().join(", ");
        format!(
            "INSERT INTO {anew} (log, {columns}) SELECT 1, {columns} FROM {table};
             DROP TABLE {table};
             ALTER TABLE {anew} RENAME TO {table};"
        )
    }

    /// What refuses changes.
    fn guards(&self, postgres: bool) -> String {
        let table = self.table;
        if postgres {
            return format!(
                "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION log_is_append_only();
                 CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only();"
            );
        }
        ["UPDATE", "DELETE"]
            .map(|change| {
                let name = change.to_lowercase();
                format!(
                    "CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'receipts and the log are append-only'); END;"
                )
            })
            .concat()
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let postgres = connection.get_database_backend() == DbBackend::Postgres;
        for kept in &KEPT {
            manager.create_table(kept.created()).await?;
            connection.execute_unprepared(&kept.moved()).await?;
            if kept.append_only {
                connection
                    .execute_unprepared(&kept.guards(postgres))
                    .await?;
            }
        }
        for of in ["submission", "seal"] {
            manager
                .create_index(crate::table::unique("log_leaf", &["log", of]))
                .await?;
        }
        Ok(())
    }
}
