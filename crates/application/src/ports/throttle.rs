//! Counts of tries, kept where every process sees them.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::storage::StorageError;

/// Counts tries per key and window.
#[async_trait]
pub trait Throttle: Send + Sync {
    /// Counts one more try under `key`, and says how many there were since the window began and when it ends. A window begins with the
    /// first try and lasts `window`. Two processes that count at once MUST both be counted.
    async fn count(
        &self,
        key: &[u8; 32],
        now: OffsetDateTime,
        window: Duration,
    ) -> Result<Counted, StorageError>;
    /// What was counted under `key` in the window that `now` is in, without counting a try; `None` where there is no such window.
    async fn counted(
        &self,
        key: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<Counted>, StorageError>;
    /// Removes windows that ended before `now`, and says how many.
    async fn remove_ended(&self, now: OffsetDateTime) -> Result<u64, StorageError>;
}

/// How often something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// In this window, the one that was just counted included.
    pub tries: u32,
    /// When the window ends.
    pub ends_at: OffsetDateTime,
}
