//! Notes that API tokens are used. Outside the unit of work: a use is no act that the audit trail keeps.

use async_trait::async_trait;
use domain::token::TokenId;
use time::OffsetDateTime;

use super::storage::StorageError;

/// Where uses are noted.
#[async_trait]
pub trait TokenUses: Send + Sync {
    /// Notes a use. MUST never move the last use back.
    async fn used(&self, token: TokenId, at: OffsetDateTime) -> Result<(), StorageError>;
}
