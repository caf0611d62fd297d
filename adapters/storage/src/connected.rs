//! Where questions go: into an open transaction, or, where one question is all there is, to whichever connection is free. Rows whose insertion
//! nobody waits for are put off and go together: each journey to the database takes longer than most of what is done there, and SQLite has one
//! writer, for whom the others wait (decision 0049).

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use sea_orm::sea_query::{CommonTableExpression, InsertStatement, Query, Values};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    EntityName, EntityTrait, ExecResult, QueryResult, QueryTrait, Statement,
};

use crate::bounded::Bounded;
use crate::error::{begin_anew, overtaken};

/// One of the two.
pub(crate) enum Connected {
    /// An open transaction. Dropped, it is rolled back.
    Transaction(Bounded<DatabaseTransaction>, PutOff),
    /// Any connection, for a single statement, which needs no `BEGIN` to be of one moment.
    Free(Bounded<DatabaseConnection>),
}

/// Insertions that go before the next statement of their transaction, or before its commit: one for each table, since PostgreSQL does not say
/// in which order it would do two.
#[derive(Default)]
pub(crate) struct PutOff {
    waiting: Mutex<Vec<(&'static str, InsertStatement)>>,
    /// Whether some were sent and are not known to be in.
    in_part: AtomicBool,
}

impl PutOff {
    fn waiting(&self) -> MutexGuard<'_, Vec<(&'static str, InsertStatement)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, table: &str) -> bool {
        self.waiting().iter().any(|(of, _)| *of == table)
    }

    /// All of them as one statement of that database.
    fn take(&self, backend: DbBackend) -> Option<Statement> {
        let waiting = mem::take(&mut *self.waiting());
        let mut inserts: Vec<_> = waiting.into_iter().map(|(_, insert)| insert).collect();
        let last = inserts.pop()?;
        Some(match backend {
            _ if inserts.is_empty() => backend.build(&last),
            // Statements in a row, each of which takes its values from where the one before it left off.
            DbBackend::Sqlite => {
                inserts.push(last);
                let all = inserts.iter().map(|insert| backend.build(insert));
                let (texts, values): (Vec<_>, Vec<_>) =
                    all.map(|one| (one.sql, one.values)).unzip();
                let values = values.into_iter().flatten().flat_map(|values| values.0);
                Statement {
                    sql: texts.join("; "),
                    values: Some(Values(values.collect())),
                    db_backend: backend,
                }
            }
            // It prepares no more than one at a time, which may consist of several. What refers to what is looked at when all are done.
            _ => {
                let mut before = Query::with();
                for (number, insert) in inserts.into_iter().enumerate() {
                    let mut part = CommonTableExpression::new();
                    part.table_name(format!("part_{number}")).query(insert);
                    before.cte(part);
                }
                backend.build(&before.query(last))
            }
        })
    }
}

impl Connected {
    /// An open transaction.
    pub(crate) fn transaction(tx: Bounded<DatabaseTransaction>) -> Self {
        Self::Transaction(tx, PutOff::default())
    }

    /// Inserts rows no later than the next statement. That one of them is there already is told then, as a change that somebody else made
    /// first: the work begins anew, and finds it.
    pub(crate) async fn put_off<A: ActiveModelTrait>(
        &self,
        rows: impl IntoIterator<Item = A>,
    ) -> Result<(), DbErr> {
        let table = A::Entity::default().table_name();
        let insert = A::Entity::insert_many(rows).into_query();
        match self {
            Self::Transaction(_, put_off) => {
                if put_off.has(table) {
                    self.put_in().await?;
                }
                put_off.waiting().push((table, insert));
                Ok(())
            }
            Self::Free(connection) => connection.execute(&insert).await.map(drop),
        }
    }

    /// Inserts what was put off. Once a part of it failed, nothing else is asked of the transaction, whoever was told.
    async fn put_in(&self) -> Result<(), DbErr> {
        let Self::Transaction(tx, put_off) = self else {
            return Ok(());
        };
        if put_off.in_part.load(Ordering::Relaxed) {
            return Err(begin_anew());
        }
        if let Some(statement) = put_off.take(tx.get_database_backend()) {
            put_off.in_part.store(true, Ordering::Relaxed);
            tx.execute_raw(statement).await.map_err(overtaken)?;
            put_off.in_part.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Keeps what was changed. A free connection has kept it already.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.put_in().await?;
        match self {
            Self::Transaction(tx, _) => tx.commit().await,
            Self::Free(_) => Ok(()),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Connected {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Transaction(tx, _) => tx.get_database_backend(),
            Self::Free(connection) => connection.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.put_in().await?;
        match self {
            Self::Transaction(tx, _) => tx.execute_raw(statement).await,
            Self::Free(connection) => connection.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.put_in().await?;
        match self {
            Self::Transaction(tx, _) => tx.execute_unprepared(sql).await,
            Self::Free(connection) => connection.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.put_in().await?;
        match self {
            Self::Transaction(tx, _) => tx.query_one_raw(statement).await,
            Self::Free(connection) => connection.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.put_in().await?;
        match self {
            Self::Transaction(tx, _) => tx.query_all_raw(statement).await,
            Self::Free(connection) => connection.query_all_raw(statement).await,
        }
    }
}
