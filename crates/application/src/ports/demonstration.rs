//! What the demonstration alone has: a clock that one can move, and boxes that catch what would be sent.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::clock::Clock;
use super::storage::StorageError;

/// A message that was caught instead of sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaughtMessage {
    /// Address or number.
    pub to: String,
    /// Subject; empty for text messages.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When it was sent, by the demonstration's clock.
    pub sent_at: OffsetDateTime,
}

/// A box of caught messages.
#[async_trait]
pub trait CaughtMessages: Send + Sync {
    /// Keeps a message. One that is caught twice under the same id MUST be there once.
    async fn catch(&self, id: Uuid, message: &CaughtMessage) -> Result<(), StorageError>;
    /// All of them, the newest first.
    async fn all(&self) -> Result<Vec<CaughtMessage>, StorageError>;
}

/// A clock that one can move forward.
#[async_trait]
pub trait MovableClock: Clock {
    /// Moves it, for good, and gives the new present. It MUST never go back, nor stand elsewhere after a restart.
    async fn advance(&self, by: Duration) -> Result<OffsetDateTime, StorageError>;
}

/// What will happen by itself as time goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coming {
    /// Counsel is reminded of a delegation (DEL-3).
    RenewalDue,
    /// A delegate's access ends (DEL-3).
    AccessEnds,
    /// A delegation can no longer be renewed (DEL-3).
    Lapses,
    /// An invitation lapses (DEL-2).
    InvitationLapses,
    /// An event of a case.
    CaseEvent,
    /// A decided case leaves the portal (CASE-2).
    CaseLeaves,
}

impl Coming {
    /// The end of the name of its text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RenewalDue => "renewal-due",
            Self::AccessEnds => "access-ends",
            Self::Lapses => "lapses",
            Self::InvitationLapses => "invitation-lapses",
            Self::CaseEvent => "case-event",
            Self::CaseLeaves => "case-leaves",
        }
    }
}

/// Says what comes next.
#[async_trait]
pub trait ComingEvents: Send + Sync {
    /// What comes after the present, in order of time: the next few instants with what happens then, to whom or what.
    async fn next(&self) -> Result<Vec<(OffsetDateTime, Coming, String)>, StorageError>;
}

/// Somebody in the demonstration, to sign in as with one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `counsel-a`, `delegate-ab` …
    pub key: String,
    /// Who that is.
    pub name: String,
    /// `counsel`, `delegate`, `registry` …
    pub role: String,
    /// What the demonstration's sign-in service calls them.
    pub identity: domain::sign_in::SignInIdentity,
    /// The address for which it vouches.
    pub email: domain::person::EmailAddress,
}
