//! Documents that are given up, as a transaction sees them.

use async_trait::async_trait;
use domain::document::DocumentId;

use super::Stored;

/// Reads which documents are given up.
#[async_trait]
pub trait GivenUpRecords: Send {
    /// Those of the documents that are: nothing may name them any more.
    async fn among(&mut self, documents: &[DocumentId]) -> Stored<Vec<DocumentId>>;
}
