//! Sessions of browsers, and browsers that are away at a sign-in service. Outside the unit of work: noting that a session was used is no
//! act that the audit trail keeps.

use async_trait::async_trait;
use domain::session::{Limits, Session};
use domain::sign_in::SignInId;
use secrecy::SecretString;
use time::OffsetDateTime;

use super::records::SecretHash;
use super::sign_in_services::ServiceLogout;
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
    /// Holds every session to these limits from now on, as [`Session::held_to`] does: what is on record of it becomes shorter or stays.
    async fn hold_to(&self, limits: Limits) -> Result<(), StorageError>;
    /// Ends one. When this returns, no process finds it any more. One that is not there is no error.
    async fn end(&self, hash: &SecretHash) -> Result<(), StorageError>;
    /// Ends every session of a sign-in, and says how many there were (REG-6).
    async fn end_all_of(&self, sign_in: SignInId) -> Result<u64, StorageError>;
    /// Ends the sessions that a sign-in service says are over, and says how many there were.
    async fn end_by_service(&self, over: &ServiceLogout) -> Result<u64, StorageError>;
    /// Removes those last used before `last_used` or begun before `signed_in`, and says how many.
    async fn remove_older(
        &self,
        last_used: OffsetDateTime,
        signed_in: OffsetDateTime,
    ) -> Result<u64, StorageError>;
}

/// A browser that left for a sign-in service.
#[derive(Debug, Clone)]
pub struct Away {
    /// For which service.
    pub service: String,
    /// What [`SignInServices::depart`](super::sign_in_services::SignInServices::depart) gave.
    pub kept: SecretString,
    /// Where it goes when it is back.
    pub come_back: String,
    /// When it left.
    pub left_at: OffsetDateTime,
}

/// Browsers that are away, known by the hash of a random value that each holds.
#[async_trait]
pub trait Departures: Send + Sync {
    /// Keeps one.
    async fn leave(&self, hash: &SecretHash, away: &Away) -> Result<(), StorageError>;
    /// Gives it back, once: two that ask at the same time MUST NOT both get it.
    async fn take(&self, hash: &SecretHash) -> Result<Option<Away>, StorageError>;
    /// Removes those that left before `at`, and says how many.
    async fn remove_left_before(&self, at: OffsetDateTime) -> Result<u64, StorageError>;
}
