//! An API token: lets law-firm software or the case management system act as its owner, within scopes. Never more than the
//! owner may do at that moment: the owner's account is judged at every call.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::account::AccountId;
use crate::id::Id;
use crate::policy::Permit;

/// The identifier of a [`Token`].
pub type TokenId = Id<Token>;

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// See cases, histories and inboxes.
    Read,
    /// Submit documents and forms, ask for profile changes, delete inbox items.
    Submit,
    /// Invite, renew and end delegates.
    Delegate,
    /// The registry's work.
    Registry,
    /// The help desk's work.
    HelpDesk,
    /// The case management system's work.
    Cms,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::Submit,
        Self::Delegate,
        Self::Registry,
        Self::HelpDesk,
        Self::Cms,
    ];

    /// As on wires and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Delegate => "delegate",
            Self::Registry => "registry",
            Self::HelpDesk => "help-desk",
            Self::Cms => "cms",
        }
    }

    /// The scope of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// A token. The secret itself is kept by its owner alone; storage has its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Identifier.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub label: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it no longer works.
    pub expires_at: OffsetDateTime,
    /// When its owner or staff revoked it.
    pub revoked_at: Option<OffsetDateTime>,
}

impl Token {
    /// Whether it works at `at`. Revoked, it works on no machine's clock.
    pub fn works(&self, at: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && at < self.expires_at
    }

    /// Revoked at the permit's instant; a second time changes nothing.
    #[must_use]
    pub fn revoked(&self, permit: &Permit) -> Self {
        Self {
            revoked_at: self.revoked_at.or(Some(permit.at())),
            ..self.clone()
        }
    }
}
