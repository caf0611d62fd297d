//! Requests that bore an idempotency key and were answered, so that a repeat gets the same answer and does nothing (SUB-2, Q-2).

use async_trait::async_trait;
use domain::account::AccountId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{SecretHash, Stored};

/// How a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Digest of what was asked for.
    pub digest: SecretHash,
    /// What came of it, in order: submissions, documents in inboxes, or the one record of another kind.
    pub records: Vec<Uuid>,
    /// When.
    pub at: OffsetDateTime,
}

/// Reads answered requests.
#[async_trait]
pub trait RequestRecords: Send {
    /// How an earlier request of `account` under `key` was answered.
    async fn answered(&mut self, account: AccountId, key: &str) -> Stored<Option<Answered>>;
}

/// Keeps answered requests.
#[async_trait]
pub trait RequestChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`](super::StorageError::Duplicate) for a key that the account has used already. May be put off.
    async fn remember(&mut self, account: AccountId, key: &str, answered: &Answered) -> Stored<()>;
}
