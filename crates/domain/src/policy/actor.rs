//! Who asks, with the facts about them on which the answer depends. Use cases load these facts; the policy reads nothing itself.

use std::collections::BTreeSet;
use std::net::IpAddr;

use time::OffsetDateTime;

use super::Refusal;
use crate::account::{Account, AccountId, Role};
use crate::delegation::Delegation;
use crate::sign_in::SignIn;
use crate::terms::Terms;
use crate::token::{Scope, TokenId};

/// Who asks, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The network address, where there is one.
    pub from: Option<IpAddr>,
}

/// The kinds of those who ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person or machine with an account.
    Account(Box<Caller>),
    /// A person who signed in and has no account.
    Stranger(Box<SignIn>),
    /// A batch job.
    Job(Job),
    /// Somebody with the server's own command line.
    Operator,
}

impl Actor {
    /// An account that asks by `means`.
    pub fn account(account: Account, means: Means, from: Option<IpAddr>) -> Self {
        Self {
            who: Who::Account(Box::new(Caller { account, means })),
            from,
        }
    }

    /// A job.
    pub const fn job(job: Job) -> Self {
        Self {
            who: Who::Job(job),
            from: None,
        }
    }

    /// The command line.
    pub const fn operator() -> Self {
        Self {
            who: Who::Operator,
            from: None,
        }
    }

    /// The account, if it is one that asks.
    pub fn caller(&self) -> Option<&Caller> {
        match &self.who {
            Who::Account(caller) => Some(caller),
            Who::Stranger(_) | Who::Job(_) | Who::Operator => None,
        }
    }
}

/// An account, and how it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account as it is now.
    pub account: Account,
    /// By what it was recognised.
    pub means: Means,
}

/// By what an account was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A session that began with a sign-in.
    SignIn {
        /// When the person last signed in.
        at: OffsetDateTime,
    },
    /// An API token.
    Token {
        /// Which.
        id: TokenId,
        /// What it may be used for.
        scopes: BTreeSet<Scope>,
    },
}

impl Caller {
    /// Refuses an account with none of `roles`.
    pub(super) fn has_role(&self, roles: &[Role]) -> Result<(), Refusal> {
        if roles.iter().any(|role| self.account.is(*role)) {
            Ok(())
        } else {
            Err(Refusal::RoleMissing)
        }
    }

    /// Refuses a token with none of `scopes`. A session may do whatever its account may.
    pub(super) fn has_scope(&self, scopes: &[Scope]) -> Result<(), Refusal> {
        match (&self.means, scopes.first()) {
            (Means::Token { scopes: held, .. }, Some(first))
                if !scopes.iter().any(|scope| held.contains(scope)) =>
            {
                Err(Refusal::ScopeMissing(*first))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a token.
    pub(super) fn signed_in(&self) -> Result<(), Refusal> {
        match self.means {
            Means::SignIn { .. } => Ok(()),
            Means::Token { .. } => Err(Refusal::SignInNeeded),
        }
    }

    /// Refuses what is another account's.
    pub(super) fn owns(&self, whose: AccountId) -> Result<(), Refusal> {
        if whose == self.account.id {
            Ok(())
        } else {
            Err(Refusal::NotTheirs)
        }
    }

    /// Refuses a token, and a session of whom `sign_in` does not open the account of.
    pub(super) fn opened_by(&self, sign_in: &SignIn) -> Result<(), Refusal> {
        self.signed_in()?;
        if sign_in.account() == Some(self.account.id) {
            Ok(())
        } else {
            Err(Refusal::NotTheirs)
        }
    }

    /// Refuses a session whose sign-in is too old (REG-8). A token was made with a recent sign-in and carries its own scopes.
    pub(super) fn recently_signed_in(
        &self,
        now: OffsetDateTime,
        terms: &Terms,
    ) -> Result<(), Refusal> {
        match self.means {
            Means::SignIn { at } if now >= at + terms.recent_sign_in => {
                Err(Refusal::SignInNotRecent)
            }
            Means::SignIn { .. } | Means::Token { .. } => Ok(()),
        }
    }
}

/// For which counsel somebody acts, and the delegation by which they do so if they are not that counsel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representation {
    /// The counsel's account as it is now.
    pub counsel: Account,
    /// The delegation that links the one who asks to that counsel; of several, the one that gives access.
    pub delegation: Option<Delegation>,
}

impl Representation {
    /// Whether it is the counsel who asks, and not somebody who stands in for them: some things are the counsel's alone (DEL-5).
    pub fn is_in_person(&self, asking: AccountId) -> bool {
        asking == self.counsel.id
    }
}

/// The batch jobs, by what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Sends the notices that wait.
    DeliverNotices,
    /// Reminds counsel of delegations that end.
    DelegationReminders,
    /// Tells both that a delegation's access is gone; the lists need no job for that.
    DelegationCleanup,
    /// Removes begun submissions that were never sent, and bytes that no record names.
    TidyDocuments,
    /// Removes sessions that are over.
    TidySessions,
    /// Reads an order's roll.
    ImportRolls,
    /// Reads cases from a file.
    ImportCases,
    /// Seals new entries of the audit trail.
    SealAudit,
    /// Checks the audit trail.
    VerifyAudit,
    /// Puts new receipts and audit seals into the public log.
    PublishLog,
    /// Checks the log against the records.
    VerifyLog,
    /// Puts documents' keys under the newest master key.
    RotateKeys,
    /// Looks through the documents for what changed them.
    VerifyDocuments,
    /// Makes keys anew by which lists are in order.
    RenewSortKeys,
    /// Deletes what has been kept long enough.
    Purge,
}

impl Job {
    /// Every job.
    pub const ALL: [Self; 15] = [
        Self::DeliverNotices,
        Self::DelegationReminders,
        Self::DelegationCleanup,
        Self::TidyDocuments,
        Self::TidySessions,
        Self::ImportRolls,
        Self::ImportCases,
        Self::SealAudit,
        Self::VerifyAudit,
        Self::PublishLog,
        Self::VerifyLog,
        Self::RotateKeys,
        Self::VerifyDocuments,
        Self::RenewSortKeys,
        Self::Purge,
    ];

    /// The name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeliverNotices => "deliver-notices",
            Self::DelegationReminders => "delegation-reminders",
            Self::DelegationCleanup => "delegation-cleanup",
            Self::TidyDocuments => "tidy-documents",
            Self::TidySessions => "tidy-sessions",
            Self::ImportRolls => "import-rolls",
            Self::ImportCases => "import-cases",
            Self::SealAudit => "seal-audit",
            Self::VerifyAudit => "verify-audit",
            Self::PublishLog => "publish-log",
            Self::VerifyLog => "verify-log",
            Self::RotateKeys => "rotate-keys",
            Self::VerifyDocuments => "verify-documents",
            Self::RenewSortKeys => "renew-sort-keys",
            Self::Purge => "purge",
        }
    }

    /// The job of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.name() == name)
    }
}
