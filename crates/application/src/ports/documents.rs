//! The bytes of documents. They come into quarantine, are looked at there, and are then kept; only what is durable can become part of
//! a submission (SUB-2).

use std::path::PathBuf;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::{DocumentId, Sha256};
use futures_util::Stream;
use time::OffsetDateTime;

/// Bytes as they come.
pub type ByteStream<'a> = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send + 'a>>;

/// What came in, and is in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Under which it is kept.
    pub id: DocumentId,
    /// Bytes.
    pub size: u64,
    /// Digest, computed on the way.
    pub sha256: Sha256,
}

/// Proof that a document's bytes, and the folder's entry of them, are on durable storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durable {
    /// Under which it is kept.
    pub id: DocumentId,
}

/// What a caller can do something about when documents fail.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// More bytes came than may.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The sender's stream broke off.
    #[error("the bytes stopped coming")]
    BrokenOff(#[source] std::io::Error),
    /// No document of that id, or not where it is looked for.
    #[error("there is no such document")]
    Missing,
    /// The store does not work: disk full, folder gone, service away.
    #[error("the store of documents does not work")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The store of documents. Whatever fails, half a document MUST never be found under an id.
#[async_trait]
pub trait Documents: Send + Sync {
    /// Takes bytes into quarantine under a new id, without holding more than a few of them in memory. MUST refuse more than `limit`
    /// bytes as soon as they come, and leave nothing behind when it fails.
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<Received, DocumentsError>;
    /// A file on this machine with the quarantined bytes, to look into.
    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError>;
    /// Takes a document out of quarantine and keeps it. MUST return only when bytes and folder entry are durable. One that is kept
    /// already is kept.
    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError>;
    /// Removes a document, in quarantine or kept. One that is not there is no error.
    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError>;
    /// The bytes of a kept document.
    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError>;
    /// Documents, in quarantine or kept, whose id is greater than `after` and that were last written before `at`: in order of id, at most
    /// `limit`. As ids are made in the order of time, whoever goes on after the last one found misses none.
    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError>;
}
