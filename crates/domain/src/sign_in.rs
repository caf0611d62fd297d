//! A sign-in: who a sign-in service says somebody is, and the account it is bound to (REG-3, REG-6, REG-7). Data that can be
//! re-linked; nothing else in the system knows a person by it.

use time::OffsetDateTime;

use crate::account::{Account, AccountId};
use crate::id::Id;
use crate::lock::Lock;
use crate::person::EmailAddress;

/// The identifier of a [`SignIn`].
pub type SignInId = Id<SignIn>;

/// Issuer and subject, as the sign-in service gives them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignInIdentity {
    /// The sign-in service.
    pub issuer: String,
    /// The person, in the service's own terms.
    pub subject: String,
}

/// One person's sign-in with one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Identifier.
    pub id: SignInId,
    /// Who the service says it is.
    pub identity: SignInIdentity,
    /// The account it opens and since when; `None` before registration and after a reset.
    pub bound: Option<Binding>,
    /// The e-mail address for which the service vouches, if it does: by it a person finds the invitations that were sent to them.
    pub email: Option<EmailAddress>,
    /// Wrong tries while there is no account to count them on.
    pub lock: Lock,
    /// When it was first seen.
    pub first_seen_at: OffsetDateTime,
}

/// That a sign-in opens an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The account.
    pub account: AccountId,
    /// Since when.
    pub since: OffsetDateTime,
}

impl SignIn {
    /// A sign-in seen for the first time: it opens nothing.
    pub fn first_seen(id: SignInId, identity: SignInIdentity, at: OffsetDateTime) -> Self {
        Self {
            id,
            identity,
            bound: None,
            email: None,
            lock: Lock::default(),
            first_seen_at: at,
        }
    }

    /// The account it opens.
    pub fn account(&self) -> Option<AccountId> {
        self.bound.map(|binding| binding.account)
    }

    /// The same sign-in, opening `account` from `at` on (REG-3).
    #[must_use]
    pub fn bound_to(&self, account: &Account, at: OffsetDateTime) -> Self {
        Self {
            bound: Some(Binding {
                account: account.id,
                since: at,
            }),
            lock: self.lock.right_try(),
            ..self.clone()
        }
    }

    /// The same sign-in, opening nothing (REG-6).
    #[must_use]
    pub fn unbound(&self) -> Self {
        Self {
            bound: None,
            ..self.clone()
        }
    }
}
