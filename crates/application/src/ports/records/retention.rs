//! Legal holds, what may be old enough to go, and what went (PRIV-1).

use async_trait::async_trait;
use domain::case::{CaseId, FileNumber};
use domain::document::DocumentId;
use domain::inbox::InboxItemId;
use domain::legal_hold::LegalHold;
use domain::retention::{Kept, Kind};
use domain::submission::SubmissionId;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Page, PageRequest, Stored};

/// A hold with the number of the file that it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledHold {
    /// The hold.
    pub hold: LegalHold,
    /// The case's file number.
    pub file_number: FileNumber,
}

/// Reads legal holds.
#[async_trait]
pub trait LegalHoldRecords: Send {
    /// A case's, in order, those that were lifted included.
    async fn of_case(&mut self, case: CaseId) -> Stored<Vec<LegalHold>>;
    /// Those that stand, the oldest first.
    async fn standing(&mut self, page: &PageRequest) -> Stored<Page<FiledHold>>;
}

/// Changes legal holds.
#[async_trait]
pub trait LegalHoldChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`](super::StorageError::Duplicate) for a case on which one stands.
    async fn insert(&mut self, hold: &LegalHold) -> Stored<()>;
    /// Keeps that it was lifted. MUST fail with [`StorageError::Missing`](super::StorageError::Missing) when there is none of that id.
    async fn lift(&mut self, hold: &LegalHold) -> Stored<()>;
}

/// Why a record goes, as it is kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// Its last administrative use.
    pub last_used_at: OffsetDateTime,
    /// For how long such records are kept after that.
    pub kept_for: Duration,
    /// When it goes.
    pub at: OffsetDateTime,
}

/// What went with a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WentWithCase {
    /// Its submissions, with their receipts.
    pub submissions: Vec<SubmissionId>,
    /// Its inbox items, with their readings.
    pub items: Vec<InboxItemId>,
    /// Documents that no record names any more; their bytes are still there.
    pub documents: Vec<DocumentId>,
}

/// Reads what may go, and what went.
#[async_trait]
pub trait RetentionRecords: Send {
    /// Identifiers greater than `after`, in order, at most `limit`, of records of a kind: all those that were last used at or before `before`
    /// MUST be among them; others may be.
    async fn perhaps_old(
        &mut self,
        kind: Kind,
        before: OffsetDateTime,
        after: Uuid,
        limit: u32,
    ) -> Stored<Vec<Uuid>>;
    /// A record, with all on which depends whether it goes.
    async fn kept(&mut self, kind: Kind, id: Uuid) -> Stored<Option<Kept>>;
    /// Which of these submissions were deleted, in a way that the audit trail knows of.
    async fn deleted(&mut self, submissions: &[SubmissionId]) -> Stored<Vec<SubmissionId>>;
    /// Documents of a greater id than `after` whose bytes are to go, in order of id, at most `limit`.
    async fn leaving(&mut self, after: DocumentId, limit: u32) -> Stored<Vec<DocumentId>>;
}

/// Removes records, and keeps that they went.
#[async_trait]
pub trait RetentionChanges: Send {
    /// Removes a case and everything on it. Documents that another case names MUST stay. MUST fail with
    /// [`StorageError::Missing`](super::StorageError::Missing) when there is none of that id.
    async fn remove_case(&mut self, id: CaseId, why: &Why) -> Stored<WentWithCase>;
    /// Removes a record of another kind, with what is its own. MUST fail with [`StorageError::Missing`](super::StorageError::Missing) when
    /// there is none of that id.
    async fn remove(&mut self, kind: Kind, id: Uuid, why: &Why) -> Stored<()>;
    /// Forgets how the oldest requests were answered, of those answered at or before `before` at most `limit`, and says how many they were.
    async fn forget_requests(&mut self, before: OffsetDateTime, limit: u32) -> Stored<u64>;
    /// Their bytes are gone.
    async fn gone(&mut self, documents: &[DocumentId]) -> Stored<()>;
}
