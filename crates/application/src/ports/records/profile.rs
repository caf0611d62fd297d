//! Changes that people ask for in My Profile (PRO-1).

use async_trait::async_trait;
use domain::account::AccountId;
use domain::profile_change::{ProfileChange, ProfileChangeId};

use super::{Page, PageRequest, Stored};

/// Which changes the registry wants to see.
#[derive(Debug, Clone)]
pub struct ProfileChangeQuery {
    /// Only those decided or withdrawn, or not yet.
    pub decided: Option<bool>,
    /// Which part, the oldest first: what is overdue comes on top.
    pub page: PageRequest,
}

/// Reads them.
#[async_trait]
pub trait ProfileChangeRecords: Send {
    /// The change of that id.
    async fn by_id(&mut self, id: ProfileChangeId) -> Stored<Option<ProfileChange>>;
    /// An account's, the newest first, at most `limit`; one that is not decided is always among them.
    async fn of_account(&mut self, account: AccountId, limit: u32) -> Stored<Vec<ProfileChange>>;
    /// For the registry.
    async fn list(&mut self, query: &ProfileChangeQuery) -> Stored<Page<ProfileChange>>;
}

/// Changes them.
#[async_trait]
pub trait ProfileChangeChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`](super::StorageError::Duplicate) for an id that is held already.
    async fn insert(&mut self, change: &ProfileChange) -> Stored<()>;
    /// Keeps what was decided, or that it was withdrawn. MUST fail with [`StorageError::Missing`](super::StorageError::Missing) when there is none of that id.
    async fn decide(&mut self, change: &ProfileChange) -> Stored<()>;
}
