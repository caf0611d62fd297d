//! Uploads and where their parts are. Outside the unit of work, as bytes come in many times a minute: that one is begun or discarded is
//! an act, and in the audit trail (SEC-2); how it comes along is none. The parts themselves are documents, sealed as all are, which every
//! process can read.

use async_trait::async_trait;
use domain::account::AccountId;
use domain::audit::AuditEntry;
use domain::document::DocumentId;
use domain::submission::SubmittedFile;
use domain::upload::{Upload, UploadId};
use time::OffsetDateTime;

use super::storage::StorageError;

/// A part that is on durable storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Under which it is kept.
    pub document: DocumentId,
    /// Bytes.
    pub bytes: u64,
}

/// Where uploads are kept. Each call MUST happen whole or not at all, and be durable when it returns.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Keeps one that begins, unless its person has `at_most` already that were begun since then and are in no submission: many that begin
    /// at once MUST NOT make more. Says whether it did; then, and only then, `entry` MUST be in the trail.
    async fn begin(
        &self,
        upload: &Upload,
        at_most: usize,
        since: OffsetDateTime,
        entry: &AuditEntry,
    ) -> Result<bool, StorageError>;
    /// The upload of that id.
    async fn find(&self, id: UploadId) -> Result<Option<Upload>, StorageError>;
    /// A person's uploads, in the order in which they were begun.
    async fn of(&self, account: AccountId) -> Result<Vec<Upload>, StorageError>;
    /// The parts of one that came so far, in order.
    async fn parts(&self, id: UploadId) -> Result<Vec<DocumentId>, StorageError>;
    /// Adds parts to one that ends at `offset`, and says whether it did: of two that add at the same offset, one MUST fail.
    async fn append(&self, id: UploadId, offset: u64, parts: &[Part])
    -> Result<bool, StorageError>;
    /// Notes the file that a whole upload became, once, in the place of its parts; says whether it did.
    async fn became(&self, id: UploadId, file: &SubmittedFile) -> Result<bool, StorageError>;
    /// Ends one, with its parts. Says whether it was there; then, and only then, `entry` MUST be in the trail. There is none where the act is
    /// that of the draft or the submission that took the file.
    async fn end(&self, id: UploadId, entry: Option<&AuditEntry>) -> Result<bool, StorageError>;
    /// Uploads begun before `at`, the oldest first, at most `limit`, whether or not they make sense: each with the document that it became.
    async fn begun_before(
        &self,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(UploadId, Option<DocumentId>)>, StorageError>;
}
