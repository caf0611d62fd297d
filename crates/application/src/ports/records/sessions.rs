//! Sessions as their person sees and ends them. What a request needs of the one by which it comes is a port of its own
//! ([`Sessions`](crate::ports::sessions::Sessions)): noting a use is no act that the audit trail keeps, and ending a session is.

use async_trait::async_trait;
use domain::session::Session;
use domain::sign_in::SignInId;

use super::{SecretHash, Stored};

/// Reads sessions.
#[async_trait]
pub trait SessionRecords: Send {
    /// Every session of a sign-in that is on record, whether or not it can still be used, the last used first.
    async fn of_sign_in(&mut self, sign_in: SignInId) -> Stored<Vec<(SecretHash, Session)>>;
}

/// Changes sessions.
#[async_trait]
pub trait SessionChanges: Send {
    /// Ends one. When it is committed, no process finds it any more. One that is not there is no error.
    async fn end(&mut self, hash: &SecretHash) -> Stored<()>;
    /// Ends every session of everybody, and says how many there were.
    async fn end_every(&mut self) -> Stored<u64>;
}
