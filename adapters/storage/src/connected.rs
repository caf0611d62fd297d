//! Where questions go: into an open transaction, or, where one question is all there is, to whichever connection is free.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

use crate::bounded::Bounded;

/// One of the two.
pub(crate) enum Connected {
    /// An open transaction. Dropped, it is rolled back.
    Transaction(Bounded<DatabaseTransaction>),
    /// Any connection, for a single statement, which needs no `BEGIN` to be of one moment.
    Free(Bounded<DatabaseConnection>),
}

impl Connected {
    /// Keeps what was changed. A free connection has kept it already.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Transaction(tx) => tx.commit().await,
            Self::Free(_) => Ok(()),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Connected {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Transaction(tx) => tx.get_database_backend(),
            Self::Free(connection) => connection.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Transaction(tx) => tx.execute_raw(statement).await,
            Self::Free(connection) => connection.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Transaction(tx) => tx.execute_unprepared(sql).await,
            Self::Free(connection) => connection.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Transaction(tx) => tx.query_one_raw(statement).await,
            Self::Free(connection) => connection.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Transaction(tx) => tx.query_all_raw(statement).await,
            Self::Free(connection) => connection.query_all_raw(statement).await,
        }
    }
}
