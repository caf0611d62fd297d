//! Sessions of browsers. Outside the unit of work: noting that one was used is no act that the audit trail keeps.

use async_trait::async_trait;
use domain::session::Session;
use domain::sign_in::SignInId;
use time::OffsetDateTime;

use super::records::SecretHash;
use super::storage::StorageError;

/// Where sessions are kept, known by the hash of the random value that the browser holds.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Keeps a session that begins. MUST fail with [`StorageError::Duplicate`] for a hash that is held already.
    async fn begin(&self, hash: &SecretHash, session: &Session) -> Result<(), StorageError>;
    /// The session of that hash, whether or not it can still be used.
    async fn find(&self, hash: &SecretHash) -> Result<Option<Session>, StorageError>;
    /// Notes that it was used. MUST never bring back one that has ended, nor move its last use back.
    async fn used(&self, hash: &SecretHash, at: OffsetDateTime) -> Result<(), StorageError>;
    /// Ends one. When this returns, no process finds it any more. One that is not there is no error.
    async fn end(&self, hash: &SecretHash) -> Result<(), StorageError>;
    /// Ends every session of a sign-in, and says how many there were (sign-out everywhere, REG-6).
    async fn end_all_of(&self, sign_in: SignInId) -> Result<u64, StorageError>;
    /// Removes those last used before `last_used` or begun before `signed_in`, and says how many.
    async fn remove_older(
        &self,
        last_used: OffsetDateTime,
        signed_in: OffsetDateTime,
    ) -> Result<u64, StorageError>;
}
