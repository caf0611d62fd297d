//! Records in SQLite or PostgreSQL through sea-orm, behind the application's storage ports. Nothing of sea-orm is public, and nothing is
//! decided here.

mod access_codes;
mod accounts;
mod address;
mod audit;
mod audit_seals;
mod bounded;
mod cases;
mod clock;
mod connected;
mod cursor;
mod delegations;
mod departures;
mod drafts;
mod error;
mod files;
mod filled_in;
mod folding;
mod form_drafts;
mod forms;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod given_up;
mod inbox;
mod job_runs;
mod json;
mod legal_holds;
mod log;
mod notices;
mod outbox;
mod profile_changes;
mod reached;
mod registrations;
mod requests;
mod retention;
mod rolls;
mod sessions;
mod sign_ins;
mod signed_receipts;
mod sort_keys;
mod submissions;
mod throttle;
mod tokens;
mod unit;
mod uploads;
mod value;
mod watched;

use std::path::Path;
use std::time::Duration;

use application::ports::storage::{Snapshot, Storage, StorageError, Transaction};
use async_trait::async_trait;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions,
};

pub use crate::address::{Address, AddressRefused};
use crate::bounded::Bounded;
use crate::connected::Connected;
use crate::error::storage_error;
pub use crate::reached::{Unreached, reach};
use crate::unit::Session;
pub use crate::watched::Asked;

/// How many rows SQLite's thread may be ahead of whoever reads them. A job reads thousands; with fewer, the two threads wake each other for
/// every few of them.
const ROWS_AHEAD: usize = 1_000;

/// How many connections to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Connections to PostgreSQL, or readers of SQLite; SQLite has one writer beside them.
    pub connections: u32,
    /// How long a request waits for a connection.
    pub wait: Duration,
    /// How long the database may take over one statement.
    pub answer: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 8,
            wait: Duration::from_secs(10),
            answer: Duration::from_secs(15),
        }
    }
}

/// Connections that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// All that are open.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// The most that there may be.
    pub most: u32,
}

/// How long PostgreSQL leaves a transaction open in which nothing is asked.
const LEFT_ALONE: &str = "60s";

/// Records in a database.
#[derive(Debug, Clone)]
pub struct SqlStorage {
    readers: Bounded<DatabaseConnection>,
    writer: Bounded<DatabaseConnection>,
}

impl SqlStorage {
    /// Connects to `sqlite://FILE?mode=rwc` or `postgres://…`. The schema must be there.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    pub async fn connect(url: &str, settings: Settings) -> Result<Self, StorageError> {
        Address::of(url).map_err(|refused| StorageError::Unavailable(Box::new(refused)))?;
        let open = |connections: u32, read_only: bool| {
            let mut options = ConnectOptions::new(url.to_owned());
            options
                .max_connections(connections)
                .acquire_timeout(settings.wait)
                .sqlx_logging(false)
                .test_before_acquire(false);
            // What nobody here goes on with, whatever became of it, the server ends by itself.
            options.map_sqlx_postgres_opts(|postgres| {
                postgres.options([("idle_in_transaction_session_timeout", LEFT_ALONE)])
            });
            options.map_sqlx_sqlite_opts(move |sqlite| {
                let sqlite = sqlite
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(5))
                    .row_buffer_size(ROWS_AHEAD);
                let sqlite = sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                if read_only {
                    sqlite.pragma("query_only", "on")
                } else {
                    // What is deleted is overwritten, not only forgotten (PRIV-1).
                    sqlite.pragma("secure_delete", "on")
                }
            });
            Database::connect(options)
        };
        let bounded = |pool| Bounded::pool(pool, settings.wait, settings.answer);
        if url.starts_with("sqlite:") {
            let writer = open(1, false).await.map_err(storage_error)?;
            let readers = open(settings.connections, true).await;
            Ok(Self {
                writer: bounded(writer),
                readers: bounded(readers.map_err(storage_error)?),
            })
        } else {
            let pool = open(settings.connections, false).await;
            let pool = bounded(pool.map_err(storage_error)?);
            Ok(Self {
                readers: pool.clone(),
                writer: pool,
            })
        }
    }

    /// How the connections stand; on SQLite, those that read.
    pub fn pool(&self) -> Pool {
        if self.on_postgres() {
            let pool = self.readers.inner.get_postgres_connection_pool();
            Pool {
                open: pool.size(),
                idle: pool.num_idle(),
                most: pool.options().get_max_connections(),
            }
        } else {
            let pool = self.readers.inner.get_sqlite_connection_pool();
            Pool {
                open: pool.size(),
                idle: pool.num_idle(),
                most: pool.options().get_max_connections(),
            }
        }
    }

    /// Writes all that is there at one moment into the new file `file`, while others go on: SQLite's alone.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`], also for PostgreSQL, which has `pg_dump`.
    pub async fn copy_into(&self, file: &Path) -> Result<(), StorageError> {
        let copy = Statement::from_sql_and_values(
            self.writer.get_database_backend(),
            "VACUUM INTO ?",
            [file.display().to_string().into()],
        );
        // A whole copy takes as long as it takes.
        let copied = self.writer.inner.execute_raw(copy).await;
        copied.map(drop).map_err(storage_error)
    }

    /// A transaction that writes, at that isolation; on SQLite there is one writer, and isolation needs no saying.
    async fn write(
        &self,
        isolation: IsolationLevel,
    ) -> Result<Bounded<DatabaseTransaction>, StorageError> {
        let options = TransactionOptions {
            isolation_level: self.on_postgres().then_some(isolation),
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        self.writer.begin(options).await.map_err(storage_error)
    }

    fn on_postgres(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Postgres
    }
}

#[async_trait]
impl Storage for SqlStorage {
    async fn read(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let tx = self.readers.begin(options).await.map_err(storage_error)?;
        // Both databases choose the moment at the first question, not at BEGIN. What PostgreSQL must be told goes with it, in one message.
        let pinned = tx.execute_unprepared(if self.on_postgres() {
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT 1"
        } else {
            "SELECT 1 FROM seaql_migrations LIMIT 1"
        });
        pinned.await.map_err(storage_error)?;
        Ok(Box::new(Session {
            tx: Connected::transaction(tx),
        }))
    }

    async fn glance(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        Ok(Box::new(Session {
            tx: Connected::Free(self.readers.clone()),
        }))
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        Ok(Box::new(Session {
            tx: Connected::transaction(self.write(IsolationLevel::Serializable).await?),
        }))
    }
}
