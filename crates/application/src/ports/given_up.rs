//! Documents that are given up: what came in and was never sent, or was taken back. That nothing names a document and that it is given up
//! for good is one decision, so that no number is ever told for bytes that are about to go, whatever the clocks of the machines say.

use async_trait::async_trait;
use domain::document::DocumentId;

use super::storage::StorageError;

/// Gives documents up.
#[async_trait]
pub trait GivenUp: Send + Sync {
    /// Gives up those of the documents that no submission, draft, inbox or upload names, and says which. Of this and a transaction that
    /// asks [`GivenUpRecords::among`](super::records::GivenUpRecords::among) for a document before it names it, only one MUST succeed. One
    /// that was given up before is given up again, so that its bytes go in the end.
    ///
    /// # Errors
    /// [`StorageError::Contention`] or [`StorageError::Unavailable`].
    async fn give_up(&self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError>;
}
