//! Seals on the audit trail: a chain of keyed hashes, one link per entry, in a table of its own (SEC-2). Entries are written by many
//! transactions at once; they are put in line and sealed afterwards, by one worker at a time.

use async_trait::async_trait;

use super::records::AuditRecord;
use super::storage::StorageError;

/// One link of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Its place in the chain, from 1, without gaps.
    pub number: i64,
    /// The entry that it seals, by its position in the trail.
    pub position: i64,
    /// The keyed hash of the link before and of the entry.
    pub link: [u8; 32],
}

/// The chain.
#[async_trait]
pub trait AuditSeals: Send + Sync {
    /// The last link.
    async fn last(&self) -> Result<Option<Seal>, StorageError>;
    /// Entries of a greater position than `after` that no link seals, in order of position, at most `limit`.
    async fn unsealed(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StorageError>;
    /// Adds links, all or none. MUST fail with [`StorageError::Contention`] when a number or an entry is taken already: another worker
    /// was first.
    async fn append(&self, seals: &[Seal]) -> Result<(), StorageError>;
    /// Links after that number, in order, each with its entry as it is now; `None` where it is gone.
    async fn after(
        &self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(Seal, Option<AuditRecord>)>, StorageError>;
}
