//! A connection every question of which has its time: a database that stopped answering keeps nobody for good. A server's own limits
//! would not do, since it is the server that may hang.

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, Statement, TransactionOptions, TransactionTrait,
};
use tokio::task::JoinError;
use tokio::time::timeout;

/// A pool of connections, or a transaction on one of them.
#[derive(Debug, Clone)]
pub(crate) struct Bounded<C> {
    pub(crate) inner: C,
    /// How long a connection is waited for; a transaction has one.
    wait: Duration,
    /// How long the database may take over one statement.
    answer: Duration,
}

/// What `asking` comes to, if it does within that time.
async fn within<T>(
    most: Duration,
    asking: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    timeout(most, asking).await.unwrap_or_else(|_| {
        let silent = "the database did not answer in time".to_owned();
        Err(DbErr::Conn(RuntimeErr::Internal(silent)))
    })
}

/// A task that did not come to its end, as when the program stops.
fn ended(error: &JoinError) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}

impl<C> Bounded<C> {
    const fn most(&self) -> Duration {
        self.wait.saturating_add(self.answer)
    }
}

impl Bounded<DatabaseConnection> {
    pub(crate) const fn pool(inner: DatabaseConnection, wait: Duration, answer: Duration) -> Self {
        Self {
            inner,
            wait,
            answer,
        }
    }

    /// Begins a transaction. Whoever asked may leave meanwhile: the beginning goes on without them, and what it comes to is rolled back. The
    /// driver knows of a transaction only when its `BEGIN` was answered; given up before, it would hand on a connection with an open one, in
    /// which the next statement is never kept.
    pub(crate) async fn begin(
        &self,
        options: TransactionOptions,
    ) -> Result<Bounded<DatabaseTransaction>, DbErr> {
        let pool = self.inner.clone();
        let begun = tokio::spawn(async move { pool.begin_with_options(options).await });
        let begun = async { begun.await.unwrap_or_else(|error| Err(ended(&error))) };
        Ok(Bounded {
            inner: within(self.most(), begun).await?,
            wait: Duration::ZERO,
            answer: self.answer,
        })
    }
}

impl Bounded<DatabaseTransaction> {
    /// Commits. Whether it was done is not known when there was no answer, as when a connection breaks.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        within(self.answer, self.inner.commit()).await
    }
}

#[async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Bounded<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within(self.most(), self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        within(self.most(), self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within(self.most(), self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within(self.most(), self.inner.query_all_raw(statement)).await
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}
