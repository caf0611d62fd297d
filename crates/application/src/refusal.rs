//! What most use cases can fail with: the door stayed shut, the thing is not there, records do not work, or a clock is wrong.

use domain::clocks::Ahead;
use domain::policy::Refused;

use crate::ports::storage::{Contended, StorageError};

/// Why a use case without refusals of its own did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// The policy said no. Whoever answers for it has it recorded with
    /// [`record_refusal`](crate::record_refusal::record_refusal).
    #[error(transparent)]
    Forbidden(#[from] Refused),
    /// No such thing, or nothing the asker may know of.
    #[error("there is no such thing")]
    NotFound,
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What is over by this machine's clock may not be over.
    #[error(transparent)]
    ClockAhead(#[from] Ahead),
}

impl Contended for UseCaseError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}

/// What each refusal that has a `UseCase` hands on of it: that records do not work, and whether the work can begin anew.
macro_rules! with_use_case_errors {
    ($refusal:ty) => {
        impl From<$crate::ports::storage::StorageError> for $refusal {
            fn from(error: $crate::ports::storage::StorageError) -> Self {
                Self::UseCase(error.into())
            }
        }

        impl $crate::ports::storage::Contended for $refusal {
            fn is_contention(&self) -> bool {
                matches!(self, Self::UseCase(error) if error.is_contention())
            }
        }
    };
}
pub(crate) use with_use_case_errors;
