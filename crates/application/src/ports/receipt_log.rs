//! The public log of receipts and of the audit trail's seals: entries in a fixed order, the tree over them in tiles, and its signed
//! heads. Entries and heads are added and never changed. Should a backup have cut a log short, another is begun in its place; the former one is
//! kept, and only whoever verifies it reads it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::audit::AuditEntry;
use domain::submission::SubmissionId;
use receipts::{Hash, SignedStatement, TileAt, Tiles};
use time::OffsetDateTime;

use super::storage::StorageError;

/// The number of a log, from 1, in the order in which they were begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogNumber(pub i64);

/// Which log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The newest, which grows.
    Newest,
    /// That one, former or not.
    Numbered(LogNumber),
}

/// Of what an entry is. The log itself does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafOf {
    /// The receipt of that submission.
    Receipt(SubmissionId),
    /// The audit trail's seal of that number.
    Seal(i64),
}

/// An entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Its place, from 0, without gaps.
    pub index: u64,
    /// Of what.
    pub of: LeafOf,
    /// What is public of it: a digest.
    pub entry: [u8; 32],
}

/// A published head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries the log had.
    pub size: u64,
    /// The signed note.
    pub note: String,
}

/// What one pass adds.
#[derive(Debug, Clone)]
pub struct Growth {
    /// The newest head, on top of which it is; `None` for the first.
    pub upon: Option<Head>,
    /// New entries, in order; the first follows the last that there is.
    pub leaves: Vec<Leaf>,
    /// The tiles that they change, as they are now.
    pub tiles: Tiles,
    /// The new head.
    pub head: Head,
    /// When.
    pub at: OffsetDateTime,
}

/// The beginning of another log.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The newest head of the log whose place it takes.
    pub after: Head,
    /// Its first head, of no entries.
    pub head: Head,
    /// When.
    pub at: OffsetDateTime,
    /// Who did it.
    pub entry: AuditEntry,
}

/// Where the log is kept.
#[async_trait]
pub trait ReceiptLog: Send + Sync {
    /// The newest head.
    async fn head(&self) -> Result<Option<Head>, StorageError>;
    /// A log's heads of more than `after` entries (of any size if `None`), in order, at most `limit`.
    async fn heads(
        &self,
        of: Which,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Head>, StorageError>;
    /// The newest head of each log that there ever was, the present one's last.
    async fn last_heads(&self) -> Result<Vec<(LogNumber, Head)>, StorageError>;
    /// Receipts that are not in the log yet, in order of submission, at most `limit`.
    async fn waiting(
        &self,
        limit: u32,
    ) -> Result<Vec<(SubmissionId, SignedStatement)>, StorageError>;
    /// Submissions whose receipts are neither in the log nor wait for it: somebody took them out of the line. At most `limit`.
    async fn out_of_line(&self, limit: u32) -> Result<Vec<SubmissionId>, StorageError>;
    /// Where the receipt of a submission is, if it is in the log.
    async fn place_of(&self, submission: SubmissionId) -> Result<Option<u64>, StorageError>;
    /// The newest audit seal that is in the log.
    async fn last_seal(&self) -> Result<Option<i64>, StorageError>;
    /// A log's entries from that place on, in order, at most `limit`.
    async fn leaves(&self, of: Which, from: u64, limit: u32) -> Result<Vec<Leaf>, StorageError>;
    /// Those tiles of a log, as they are now; one that is not there is left out.
    async fn tiles(
        &self,
        of: Which,
        at: &[TileAt],
    ) -> Result<Vec<(TileAt, Vec<Hash>)>, StorageError>;
    /// The receipts of those submissions; one that is not there is left out.
    async fn receipts(
        &self,
        of: &[SubmissionId],
    ) -> Result<BTreeMap<SubmissionId, SignedStatement>, StorageError>;
    /// The links of the audit seals of those numbers; one that is not there is left out.
    async fn links(&self, seals: &[i64]) -> Result<BTreeMap<i64, [u8; 32]>, StorageError>;
    /// Adds all or nothing, and takes the receipts out of those that wait. MUST fail with [`StorageError::Contention`] when the newest head
    /// is not the one it is on top of, or a place, a receipt, a seal or a head of that size is there already: another worker was first.
    async fn grow(&self, growth: &Growth) -> Result<(), StorageError>;
    /// Begins another log: all or nothing, with the entry of the audit trail. Every receipt there is waits from then on. MUST fail with
    /// [`StorageError::Contention`] when the newest head is not the one after which it begins.
    async fn begin_anew(&self, beginning: &Beginning) -> Result<(), StorageError>;
}
