//! The bytes of documents. They come into quarantine, are looked at there, and are then kept; only what is durable can become part of
//! a submission (SUB-2).

use std::path::PathBuf;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use domain::document::{DocumentId, Sha256};
use futures_util::Stream;
use time::{Duration, OffsetDateTime};

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

/// A document that waits in quarantine, as plain as it came, for as long as somebody holds this. Dropped, it goes from there: whatever ends a
/// request, also that its sender leaves, takes along what was not kept.
pub trait InQuarantine: Send + Sync {}

/// Proof that a document's bytes, and the folder's entry of them, are on durable storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durable {
    /// Under which it is kept.
    pub id: DocumentId,
}

/// A document that is ready to be kept and has no name yet. Dropping it takes back what was made ready, and leaves what is in quarantine.
#[async_trait]
pub trait Prepared: Send {
    /// Keeps it, as [`Documents::keep`] does.
    async fn keep(self: Box<Self>) -> Result<Durable, DocumentsError>;
}

/// Whether a document's key was put under the newest master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewrapped {
    /// It was under an older one.
    Now,
    /// There was nothing to do.
    NotNeeded,
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
    /// What is stored is not what was kept: a bit was flipped, an end cut off, another document put in its place.
    #[error("document {0} was altered in the store")]
    Altered(DocumentId),
    /// The document's key lies under a master key, of that name, that is not configured.
    #[error("master key {0} is not configured, and the document's key lies under it")]
    KeyUnknown(String),
    /// The store does not work: disk full, folder gone, service away.
    #[error("the store of documents does not work")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The store of documents. Whatever fails, half a document MUST never be found under an id.
#[async_trait]
pub trait Documents: Send + Sync {
    /// Takes bytes into quarantine under a new id, without holding more than a few of them in memory. MUST refuse more than `limit`
    /// bytes as soon as they come, and leave nothing behind when it fails. They wait there until what is returned with them is dropped.
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<(Received, Box<dyn InQuarantine>), DocumentsError>;
    /// Whether a document could be taken in and kept now, as far as that shows without one. MUST leave nothing behind.
    async fn takes(&self) -> Result<(), DocumentsError>;
    /// A file on this machine with the quarantined bytes, to look into.
    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError>;
    /// Does beforehand what takes long when a document in quarantine is kept, so that it may be done while the document is still looked
    /// into. MUST NOT let it be found under its id by that, nor take it out of quarantine.
    async fn prepare(&self, id: DocumentId) -> Result<Box<dyn Prepared>, DocumentsError>;
    /// Takes a document out of quarantine and keeps it. MUST return only when bytes and folder entry are durable. One that is kept
    /// already is kept.
    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError>;
    /// Removes what has lain in this machine's quarantine for longer than `age`, by the clock of its file system: whoever held it died. Says how
    /// many documents went.
    async fn sweep(&self, age: Duration) -> Result<u64, DocumentsError>;
    /// Removes a document, in quarantine or kept. One that is not there is no error.
    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError>;
    /// The bytes of a kept document. MUST have found all of them true before the first is given out, and MUST NOT give one that is altered
    /// after that.
    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError>;
    /// Puts a kept document's key under the newest master key. One that is there already, or no document, needs nothing.
    async fn rewrap(&self, id: DocumentId) -> Result<Rewrapped, DocumentsError>;
    /// Documents, in quarantine or kept, whose id is greater than `after` and that were last written before `at`: in order of id, at most
    /// `limit`. As ids are made in the order of time, whoever goes on after the last one found misses none.
    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError>;
}
