//! An account: one person, or one machine, as the portal knows them. Roles are data in it, so that a person can be counsel and
//! somebody's delegate at once, and new kinds of people need no new type.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::id::Id;
use crate::lock::{Lock, LockCode};
use crate::membership::Membership;
use crate::person::{EmailAddress, Language, PersonName, Telephone};
use crate::policy::Permit;

/// The identifier of an [`Account`].
pub type AccountId = Id<Account>;

/// What an account may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A member of a professional order who represents people.
    Counsel,
    /// A person to whom counsel has delegated access. What they may do follows from their delegations alone.
    Delegate,
    /// The tribunal's own staff who run the cases.
    RegistryOfficer,
    /// The tribunal's technical support.
    HelpDeskAgent,
    /// The tribunal's case management system, a machine.
    CaseManagementSystem,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Counsel,
        Self::Delegate,
        Self::RegistryOfficer,
        Self::HelpDeskAgent,
        Self::CaseManagementSystem,
    ];

    /// As on wires and in records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Counsel => "counsel",
            Self::Delegate => "delegate",
            Self::RegistryOfficer => "registry",
            Self::HelpDeskAgent => "help-desk",
            Self::CaseManagementSystem => "cms",
        }
    }

    /// Whether the operator opens accounts of it: counsel and delegates come in by registration and by invitation alone (REG-1, REG-4).
    pub const fn is_staff(self) -> bool {
        match self {
            Self::RegistryOfficer | Self::HelpDeskAgent | Self::CaseManagementSystem => true,
            Self::Counsel | Self::Delegate => false,
        }
    }

    /// The role of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Whose it is.
    pub name: PersonName,
    /// Where notices go.
    pub email: EmailAddress,
    /// Where access codes go, from the counsel's form (REG-1).
    pub cell: Option<Telephone>,
    /// The language that comes first.
    pub language: Language,
    /// What it may be used for.
    pub roles: BTreeSet<Role>,
    /// For counsel: the order's roll.
    pub membership: Option<Membership>,
    /// Wrong tries and block (SEC-1).
    pub lock: Lock,
    /// When the account was opened.
    pub opened_at: OffsetDateTime,
    /// When a sign-in was first bound to it: registered once, for good (REG-3).
    pub registered_at: Option<OffsetDateTime>,
    /// The version of the privacy statement that was accepted last, at registration or with a later access code (PRIV-1).
    pub privacy_statement: Option<String>,
}

/// Why an account cannot stand for a counsel at an instant (DEL-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotStanding {
    /// The account is not a counsel's.
    NotCounsel,
    /// The order's roll no longer lists the counsel in good standing.
    LostGoodStanding,
    /// The account is blocked.
    Blocked,
}

impl Account {
    /// Whether the account has `role`.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether it is of nobody who works for the tribunal: the registry brings counsel in, and counsel their delegates. Staff's accounts
    /// and access codes are the operator's.
    pub fn is_from_outside(&self) -> bool {
        let outside = |role: &Role| matches!(role, Role::Counsel | Role::Delegate);
        !self.roles.is_empty() && self.roles.iter().all(outside)
    }

    /// Whether it is a delegate's and nothing else: of somebody who may become counsel, too (REG-4).
    pub fn is_delegates_alone(&self) -> bool {
        self.roles.len() == 1 && self.is(Role::Delegate)
    }

    /// Whether this is a counsel who may act at `at`, in person or through delegates.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn stands_as_counsel(&self, at: OffsetDateTime) -> Result<(), NotStanding> {
        if !self.is(Role::Counsel) {
            return Err(NotStanding::NotCounsel);
        }
        if self.lock.block.is_some() {
            return Err(NotStanding::Blocked);
        }
        if !self.is_in_good_standing(at) {
            return Err(NotStanding::LostGoodStanding);
        }
        Ok(())
    }

    /// Whether what is in this counsel's inboxes reaches them at `at`, now or when a block is lifted: they registered once, and their order
    /// lists them in good standing.
    pub fn is_reached_as_counsel(&self, at: OffsetDateTime) -> bool {
        self.is(Role::Counsel) && self.registered_at.is_some() && self.is_in_good_standing(at)
    }

    fn is_in_good_standing(&self, at: OffsetDateTime) -> bool {
        let membership = self.membership.as_ref();
        membership.is_some_and(|membership| membership.in_good_standing(at))
    }

    /// Registered at the permit's instant, unless it was before: registration happens once (REG-3, REG-4). The privacy statement is the one that
    /// is accepted now, whatever was accepted before (PRIV-1).
    #[must_use]
    pub fn registered(&self, permit: &Permit, privacy_statement: &str) -> Self {
        Self {
            registered_at: self.registered_at.or(Some(permit.at())),
            privacy_statement: Some(privacy_statement.to_owned()),
            lock: self.lock.right_try(),
            ..self.clone()
        }
    }

    /// Blocked by the help desk, under `lock_code`; a block that is there keeps its own (SEC-1).
    #[must_use]
    pub fn blocked(&self, permit: &Permit, lock_code: LockCode) -> Self {
        Self {
            lock: self.lock.blocked_by_staff(permit.at(), lock_code),
            ..self.clone()
        }
    }

    /// Unblocked by the help desk (SEC-1).
    #[must_use]
    pub fn unblocked(&self, _permit: &Permit) -> Self {
        Self {
            lock: Lock::lifted(),
            ..self.clone()
        }
    }

    /// With one more role.
    #[must_use]
    pub fn with_role(&self, role: Role) -> Self {
        let mut roles = self.roles.clone();
        roles.insert(role);
        Self {
            roles,
            ..self.clone()
        }
    }
}
