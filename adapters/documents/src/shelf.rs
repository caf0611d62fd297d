//! Where sealed documents are kept: a folder of this machine, or a bucket of an object store. What stands here every one of them promises;
//! that the bytes are sealed concerns none of them.

pub(crate) mod bucket;
pub(crate) mod folder;

use application::ports::documents::{ByteStream, DocumentsError};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::DocumentId;
use time::OffsetDateTime;

use crate::sealing::Sealing;

/// A document that is to be put somewhere and has no name there yet. Dropping it takes back what was done for it.
#[async_trait]
pub(crate) trait Unnamed: Send {
    /// Puts it there, whole or not at all. MUST return only when it is durable, and go on to the end when its caller does not wait any more,
    /// or leave nothing.
    async fn name(self: Box<Self>) -> Result<(), DocumentsError>;
}

/// A place for sealed documents.
#[async_trait]
pub(crate) trait Shelf: Send + Sync {
    /// Does as much of putting a document there as can be taken back. MUST leave nothing when its caller does not wait any more.
    async fn prepare(
        &self,
        id: DocumentId,
        sealing: Sealing,
    ) -> Result<Box<dyn Unnamed>, DocumentsError>;
    /// Whether something could be put there, as far as that shows at once. May block.
    fn takes(&self) -> Result<(), DocumentsError>;
    /// Whether a document is there; if so, MUST return only when it is durable.
    async fn holds(&self, id: DocumentId) -> Result<bool, DocumentsError>;
    /// How many bytes are there under an id, and the bytes: all, or the first so many.
    async fn read(
        &self,
        id: DocumentId,
        at_most: Option<u64>,
    ) -> Result<(u64, ByteStream<'static>), DocumentsError>;
    /// The envelope that was put beside a document, if one was.
    async fn envelope(&self, id: DocumentId) -> Result<Option<Bytes>, DocumentsError>;
    /// Puts an envelope beside a document, in place of one that is there: whole or not at all, and durably.
    async fn put_envelope(&self, id: DocumentId, envelope: Bytes) -> Result<(), DocumentsError>;
    /// Removes a document, and first the envelope beside it. One that is not there is no error.
    async fn remove(&self, id: DocumentId) -> Result<(), DocumentsError>;
    /// As [`application::ports::documents::Documents::written_before`].
    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError>;
}
