//! Lists and other values inside a record, kept as JSON text. The shapes are storage's own: the domain has no wire format.

use application::ports::storage::StorageError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::corrupt;

/// A list for the database.
pub(crate) fn text<T: Serialize>(
    record: &'static str,
    values: &[T],
) -> Result<String, StorageError> {
    serde_json::to_string(values).map_err(|error| corrupt(record, NotOurs::from(&error)))
}

/// Why a text is not what the record wants. Without the values, which the library repeats: it is logged, and they may be somebody's.
#[derive(Debug, thiserror::Error)]
#[error("{kind:?} error in JSON at line {line} column {column}")]
struct NotOurs {
    kind: Category,
    line: usize,
    column: usize,
}

impl From<&serde_json::Error> for NotOurs {
    fn from(error: &serde_json::Error) -> Self {
        Self {
            kind: error.classify(),
            line: error.line(),
            column: error.column(),
        }
    }
}

/// A value from the database.
pub(crate) fn value<T: DeserializeOwned>(
    record: &'static str,
    text: &str,
) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|error| corrupt(record, NotOurs::from(&error)))
}

/// A list from the database.
pub(crate) fn list<T: DeserializeOwned>(
    record: &'static str,
    text: &str,
) -> Result<Vec<T>, StorageError> {
    value(record, text)
}
