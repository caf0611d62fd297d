//! The database's errors in the port's words: the only place that knows driver codes.

use application::ports::records::{Legible, Unreadable};
use application::ports::storage::StorageError;
use sea_orm::prelude::Uuid;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// PostgreSQL: serialization failure, deadlock. SQLite: `BUSY`, `BUSY_SNAPSHOT`.
const CONTENTION: [&str; 4] = ["40001", "40P01", "5", "517"];

/// Of a transaction that cannot be kept.
const OVERTAKEN: &str = "another was there first: begin anew";

/// The same error, but for a row that is there already: somebody else has put it there since it was looked for.
pub(crate) fn overtaken(error: DbErr) -> DbErr {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => begin_anew(),
        _ => error,
    }
}

/// Whoever is told this begins anew.
pub(crate) fn begin_anew() -> DbErr {
    DbErr::Custom(OVERTAKEN.to_owned())
}

/// What the application can do about a database's error.
pub(crate) fn storage_error(error: DbErr) -> StorageError {
    if matches!(&error, DbErr::Custom(why) if why == OVERTAKEN) {
        return StorageError::Contention;
    }
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return StorageError::Duplicate;
    }
    if let DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause)) = &error
    {
        let code = cause
            .as_database_error()
            .and_then(|cause| cause.code().map(std::borrow::Cow::into_owned));
        if code.is_some_and(|code| CONTENTION.contains(&code.as_str())) {
            return StorageError::Contention;
        }
    }
    StorageError::Unavailable(Box::new(error))
}

/// A stored record that the domain does not accept.
pub(crate) fn corrupt(
    record: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StorageError {
    StorageError::Corrupt {
        record,
        source: source.into(),
    }
}

/// A row of a list as a record, or which it is that makes no sense.
pub(crate) fn legible<R, T: TryFrom<R, Error = StorageError>>(id: Uuid, row: R) -> Legible<T> {
    T::try_from(row).map_err(|why| Unreadable { id, why })
}

/// After an update: the record must have been there.
pub(crate) const fn must_be_one(rows: u64) -> Result<(), StorageError> {
    if rows == 0 {
        Err(StorageError::Missing)
    } else {
        Ok(())
    }
}
