//! Time and chance, as arguments of everything that follows.

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;

use super::storage::StorageError;

/// The present.
pub trait Clock: Send + Sync {
    /// The present instant, UTC, in whole microseconds, which is what storage keeps.
    fn now(&self) -> OffsetDateTime;
}

/// The clock of the machine that keeps the records, which may be another one.
#[async_trait]
pub trait RecordsClock: Send + Sync {
    /// The present instant there, to within a second.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    async fn now(&self) -> Result<OffsetDateTime, StorageError>;
}

/// Unpredictable bytes.
pub trait Random: Send + Sync {
    /// Thirty-two of them. MUST come from a source fit for secrets.
    fn bytes(&self) -> [u8; 32];

    /// A new identifier (UUID version 7), ordered by `at`.
    fn uuid(&self, at: OffsetDateTime) -> Uuid {
        let chance = self.bytes();
        let ten = chance.first_chunk::<10>().copied().unwrap_or_default();
        let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &ten).into_uuid()
    }
}
