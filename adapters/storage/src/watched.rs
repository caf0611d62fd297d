//! Who watches what the database is asked: benchmarks that count statements, and tests that look at their plans.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbBackend;

use crate::SqlStorage;

/// A statement that the database was asked, and how it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// As it is prepared, without its values.
    pub sql: String,
    /// The same with its values in it. They are people's: for tests alone, never for a log.
    pub with_values: String,
    /// Whether SQLite was asked; else PostgreSQL was.
    pub of_sqlite: bool,
    /// How long the answer took.
    pub took: Duration,
    /// Whether there was none.
    pub failed: bool,
}

impl SqlStorage {
    /// The same records; `look` is told each statement once it is answered, in the task that asked. `BEGIN`, `COMMIT` and the question that
    /// chooses a snapshot's moment are not told.
    #[must_use]
    pub fn watched(mut self, look: impl Fn(&Asked) + Send + Sync + 'static) -> Self {
        let look = Arc::new(look);
        for connection in [&mut self.readers, &mut self.writer] {
            let look = look.clone();
            connection.inner.set_metric_callback(move |info| {
                look(&Asked {
                    sql: info.statement.sql.clone(),
                    with_values: info.statement.to_string(),
                    of_sqlite: info.statement.db_backend == DbBackend::Sqlite,
                    took: info.elapsed,
                    failed: info.failed,
                });
            });
        }
        self
    }
}
