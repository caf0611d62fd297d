//! Receipts, as they were signed.

use async_trait::async_trait;
use domain::submission::SubmissionId;
use receipts::SignedStatement;

use super::Stored;

/// Reads them.
#[async_trait]
pub trait ReceiptRecords: Send {
    /// A submission's receipt, byte for byte as it was signed.
    async fn of(&mut self, submission: SubmissionId) -> Stored<Option<SignedStatement>>;
}

/// Adds them.
#[async_trait]
pub trait ReceiptChanges: Send {
    /// Keeps a receipt, which waits for the log from then on and never changes. MUST fail with
    /// [`StorageError::Duplicate`](super::StorageError::Duplicate) for a submission that has one. May be put off.
    async fn insert(&mut self, submission: SubmissionId, receipt: &SignedStatement) -> Stored<()>;
}
