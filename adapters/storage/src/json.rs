//! Lists inside a record, kept as JSON text. The shapes are storage's own: the domain has no wire format.

use application::ports::storage::StorageError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::corrupt;

/// A list for the database.
pub(crate) fn text<T: Serialize>(
    record: &'static str,
    values: &[T],
) -> Result<String, StorageError> {
    serde_json::to_string(values).map_err(|error| corrupt(record, error))
}

/// A list from the database.
pub(crate) fn list<T: DeserializeOwned>(
    record: &'static str,
    text: &str,
) -> Result<Vec<T>, StorageError> {
    serde_json::from_str(text).map_err(|error| corrupt(record, error))
}
