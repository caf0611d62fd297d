//! What most use cases can fail with: the door stayed shut, the thing is not there, or records do not work.

use domain::policy::{Refusal, Refused};

use crate::ports::storage::{Contended, StorageError};

/// Why a use case without refusals of its own did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// The policy said no.
    #[error(transparent)]
    Forbidden(Refusal),
    /// No such thing, or nothing the asker may know of.
    #[error("there is no such thing")]
    NotFound,
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<Refused> for UseCaseError {
    fn from(refused: Refused) -> Self {
        match refused.why {
            Refusal::NotTheirs => Self::NotFound,
            why => Self::Forbidden(why),
        }
    }
}

impl Contended for UseCaseError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}
