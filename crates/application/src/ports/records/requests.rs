//! Requests that bore an idempotency key and were answered, so that a repeat gets the same answer and does nothing (SUB-2, Q-2).

use async_trait::async_trait;
use domain::account::AccountId;
use domain::policy::{Actor, Who};
use domain::sign_in::SignInId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{SecretHash, Stored};

/// Whose key it is: the same key of somebody else is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// An account's.
    Account(AccountId),
    /// That of a sign-in that opens no account, on which wrong tries are counted, too.
    Stranger(SignInId),
}

impl Asker {
    /// Whoever acts; nobody where it is a job or an operator, whose requests bear no key.
    pub fn of(actor: &Actor) -> Option<Self> {
        match &actor.who {
            Who::Account(caller) => Some(Self::Account(caller.account.id)),
            Who::Stranger(sign_in) => Some(Self::Stranger(sign_in.id)),
            Who::Job(_) | Who::Operator => None,
        }
    }

    /// The identifier, for storage: nothing else has the same.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Account(account) => account.uuid(),
            Self::Stranger(sign_in) => sign_in.uuid(),
        }
    }
}

impl From<AccountId> for Asker {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

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
    /// How an earlier request of `asker` under `key` was answered.
    async fn answered(&mut self, asker: Asker, key: &str) -> Stored<Option<Answered>>;
}

/// Keeps answered requests.
#[async_trait]
pub trait RequestChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`](super::StorageError::Duplicate) for a key that the asker has used already. May be put off.
    async fn remember(&mut self, asker: Asker, key: &str, answered: &Answered) -> Stored<()>;
}
