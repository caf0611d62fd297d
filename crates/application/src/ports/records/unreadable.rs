//! Records of a list that make no sense: each is told by itself, so that one of them holds up none of the others.

use uuid::Uuid;

use crate::ports::storage::StorageError;

/// A record of a list that makes no sense. Whoever asked passes it over and tells of it.
#[derive(Debug, thiserror::Error)]
#[error("the record {id} cannot be read")]
pub struct Unreadable {
    /// Which.
    pub id: Uuid,
    /// Why: [`StorageError::Corrupt`].
    #[source]
    pub why: StorageError,
}

/// A record of a list, if it makes sense.
pub type Legible<T> = Result<T, Unreadable>;

impl From<Unreadable> for StorageError {
    /// For whoever cannot go on without it.
    fn from(unreadable: Unreadable) -> Self {
        unreadable.why
    }
}
