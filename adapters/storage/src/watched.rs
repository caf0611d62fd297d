//! Who watches what the database is asked: traces that tell of each statement, benchmarks that count them, tests that look at their plans.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbBackend, Statement};

use crate::SqlStorage;

/// A statement that the database was asked, and how it went.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As it is prepared, without its values.
    pub sql: &'a str,
    /// Whether SQLite was asked; else PostgreSQL was.
    pub of_sqlite: bool,
    /// How long the answer took.
    pub took: Duration,
    /// Whether there was none.
    pub failed: bool,
    statement: &'a Statement,
}

impl Asked<'_> {
    /// The same with its values in it. They are people's: for this crate's tests alone, never for a log.
    #[doc(hidden)]
    pub fn with_values(&self) -> String {
        self.statement.to_string()
    }
}

impl SqlStorage {
    /// The same records; `look` is told each statement once it is answered, in the task that asked. `BEGIN`, `COMMIT` and the question that
    /// chooses a snapshot's moment are not told.
    #[must_use]
    pub fn watched(mut self, look: impl Fn(&Asked<'_>) + Send + Sync + 'static) -> Self {
        let look = Arc::new(look);
        for connection in [&mut self.readers, &mut self.writer] {
            let look = look.clone();
            connection.inner.set_metric_callback(move |info| {
                look(&Asked {
                    sql: &info.statement.sql,
                    of_sqlite: info.statement.db_backend == DbBackend::Sqlite,
                    took: info.elapsed,
                    failed: info.failed,
                    statement: info.statement,
                });
            });
        }
        self
    }
}
