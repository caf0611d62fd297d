//! An API token: lets law-firm software or the case management system act as its owner, within scopes. Never more than the
//! owner may do at that moment: the owner's account is judged at every call.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use crate::account::{Account, AccountId, Role};
use crate::id::Id;
use crate::policy::Permit;
use crate::terms::Terms;

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

    /// Whether an account of those roles can have any use for it. What the owner may do is judged at every call all the same.
    pub fn fits(self, account: &Account) -> bool {
        match self {
            Self::Read | Self::Submit => account.is(Role::Counsel) || account.is(Role::Delegate),
            Self::Delegate => account.is(Role::Counsel),
            Self::Registry => account.is(Role::RegistryOfficer),
            Self::HelpDesk => account.is(Role::HelpDeskAgent),
            Self::Cms => account.is(Role::CaseManagementSystem),
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
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<OffsetDateTime>,
}

/// What a token's owner asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenWish {
    /// What they call it.
    pub label: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// How long it works.
    pub valid_for: Duration,
}

impl TokenWish {
    /// Every rule that stands against it for that account, in the order of the wish.
    pub fn faults(&self, account: &Account, terms: &Terms) -> Vec<TokenRefused> {
        let label = usable_label(&self.label).err();
        let foreign = self.scopes.iter().find(|scope| !scope.fits(account));
        let scopes = match foreign {
            _ if self.scopes.is_empty() => Some(TokenRefused::NoScope),
            foreign => foreign.map(|scope| TokenRefused::ScopeNotTheirs(*scope)),
        };
        let longest = terms.token_longest;
        let validity = (self.valid_for < Duration::MINUTE || self.valid_for > longest)
            .then_some(TokenRefused::ValidityUnusable(longest));
        [label, scopes, validity].into_iter().flatten().collect()
    }
}

/// Why no token is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// Without a label its owner could not tell it from others.
    #[error("a token has a label of 1 to {LONGEST_LABEL} characters")]
    LabelUnusable,
    /// A token that may be used for nothing.
    #[error("a token has at least one scope")]
    NoScope,
    /// What the account itself may never do.
    #[error("the scope {} is not for this account", .0.code())]
    ScopeNotTheirs(Scope),
    /// It would work for no time, or for longer than tokens may.
    #[error("a token works for at least a minute and at most {0}")]
    ValidityUnusable(Duration),
}

/// The longest label, in characters.
pub const LONGEST_LABEL: usize = 80;

/// A token's label; white space at the ends is dropped.
///
/// # Errors
/// [`TokenRefused::LabelUnusable`].
pub fn usable_label(text: &str) -> Result<String, TokenRefused> {
    let label = text.trim();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        return Err(TokenRefused::LabelUnusable);
    }
    Ok(label.to_owned())
}

impl Token {
    /// A new token for `account`.
    ///
    /// # Errors
    /// The first of [`TokenWish::faults`].
    pub fn make(
        permit: &Permit,
        id: TokenId,
        account: &Account,
        wish: TokenWish,
        terms: &Terms,
    ) -> Result<Self, TokenRefused> {
        if let Some(refused) = wish.faults(account, terms).into_iter().next() {
            return Err(refused);
        }
        Ok(Self {
            id,
            account: account.id,
            label: wish.label.trim().to_owned(),
            scopes: wish.scopes,
            created_at: permit.at(),
            expires_at: permit.at() + wish.valid_for,
            revoked_at: None,
            last_used_at: None,
        })
    }

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
