//! Ports that do not do what they are asked.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, Received, Rewrapped,
};
use async_trait::async_trait;
use domain::document::DocumentId;
use time::OffsetDateTime;

/// A store that cannot remove some of its documents.
pub struct Stuck {
    pub inner: Arc<dyn Documents>,
    pub these: BTreeSet<DocumentId>,
}

#[async_trait]
impl Documents for Stuck {
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<Received, DocumentsError> {
        self.inner.receive(id, bytes, limit).await
    }

    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        self.inner.quarantined(id).await
    }

    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError> {
        self.inner.keep(id).await
    }

    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        if self.these.contains(&id) {
            return Err(DocumentsError::Unavailable("it is stuck".into()));
        }
        self.inner.discard(id).await
    }

    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        self.inner.open(id).await
    }

    async fn rewrap(&self, id: DocumentId) -> Result<Rewrapped, DocumentsError> {
        self.inner.rewrap(id).await
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        self.inner.written_before(at, after, limit).await
    }
}
