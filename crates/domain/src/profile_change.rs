//! A change that somebody asks for in My Profile, pending until the tribunal applies or refuses it, or they take it back (PRO-1).

use time::{Duration, OffsetDateTime};

use crate::account::{Account, AccountId};
use crate::id::Id;
use crate::person::{EmailAddress, Language, PersonName, Telephone};
use crate::policy::Permit;
use crate::terms::Terms;

/// The identifier of a [`ProfileChange`].
pub type ProfileChangeId = Id<ProfileChange>;

/// What is to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// A new name.
    pub name: Option<PersonName>,
    /// A new address for notices.
    pub email: Option<EmailAddress>,
    /// A new cell number.
    pub cell: Option<Telephone>,
    /// Another language first.
    pub language: Option<Language>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Applied,
    /// Not done, and why.
    Refused {
        /// The reason that the person reads.
        reason: String,
    },
    /// Taken back by whoever asked.
    Withdrawn,
}

/// What became of a change, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub outcome: Outcome,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: OffsetDateTime,
}

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChange {
    /// Identifier.
    pub id: ProfileChangeId,
    /// Whose profile.
    pub account: AccountId,
    /// What is to change.
    pub changes: Changes,
    /// When it was asked for.
    pub submitted_at: OffsetDateTime,
    /// What became of it; `None` while pending.
    pub decided: Option<Decided>,
}

/// Where a change stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waiting, within the 48 hours.
    Pending,
    /// Waiting for longer than promised.
    Overdue,
    /// In the profile now.
    Applied,
    /// Refused with a reason.
    Refused,
    /// Taken back by whoever asked.
    Withdrawn,
}

impl State {
    /// As on wires and in the names of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Overdue => "overdue",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Why a change is not taken or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileChangeRefused {
    /// Everything is as the profile has it already.
    #[error("this changes nothing")]
    Nothing,
    /// Another change waits for its decision.
    #[error("another change is pending")]
    AnotherPending,
    /// They asked for as many within a day as they may.
    #[error("within a day {CHANGES_PER_DAY} changes can be asked for")]
    TooManyToday,
    /// The tribunal decided before, or it was withdrawn.
    #[error("this change was decided already")]
    DecidedAlready,
    /// A refusal without a reason tells the person nothing.
    #[error("a refusal needs a reason")]
    ReasonMissing,
    /// Whoever asked may not be the person whose account it is: nothing is applied until the help desk has unblocked it (SEC-1).
    #[error("the account is blocked")]
    AccountBlocked,
    /// The reason is too long.
    #[error("a reason has at most {LONGEST_REASON} characters")]
    ReasonTooLong,
}

/// How many changes of one profile can be asked for within a day, withdrawn ones included: each is an e-mail, and an entry in the registry's list.
pub const CHANGES_PER_DAY: usize = 5;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// What made a change that waits void, without an officer who looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overtaken {
    /// The help desk reset the sign-in, with which somebody else may have asked (REG-6).
    SignInReset,
    /// The registry saw who it is, and recorded the number that access codes go to (REG-6).
    CellRecorded,
    /// The person has another account from then on, and nobody opens this one any more (REG-4).
    AnotherAccount,
}

impl Overtaken {
    /// The reason that the person reads, as an officer would write it: the language in which they read is not known here.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SignInReset => {
                "Votre connexion a été réinitialisée\u{a0}: demandez de nouveau cette modification. \
                 / Your sign-in was reset: ask for this change again."
            }
            Self::AnotherAccount => {
                "Vous avez maintenant un autre compte\u{a0}: demandez-y de nouveau cette modification. \
                 / You have another account now: ask for this change again there."
            }
            Self::CellRecorded => {
                "Le greffe a consigné votre numéro de cellulaire\u{a0}: demandez de nouveau cette modification. \
                 / The registry recorded your cell number: ask for this change again."
            }
        }
    }
}

impl Changes {
    /// Only what differs from the profile as it is.
    #[must_use]
    pub fn that_differ_from(self, account: &Account) -> Self {
        Self {
            name: self.name.filter(|name| *name != account.name),
            email: self.email.filter(|email| *email != account.email),
            cell: self.cell.filter(|cell| Some(cell) != account.cell.as_ref()),
            language: self
                .language
                .filter(|language| *language != account.language),
        }
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ProfileChange {
    /// Asks for a change of `account`, when no other of its changes is pending. `earlier` has at least its last [`CHANGES_PER_DAY`].
    ///
    /// # Errors
    /// [`ProfileChangeRefused::Nothing`], [`ProfileChangeRefused::AnotherPending`] or [`ProfileChangeRefused::TooManyToday`].
    pub fn ask(
        permit: &Permit,
        id: ProfileChangeId,
        account: &Account,
        changes: Changes,
        earlier: &[Self],
    ) -> Result<Self, ProfileChangeRefused> {
        if earlier
            .iter()
            .any(|change| change.account == account.id && change.decided.is_none())
        {
            return Err(ProfileChangeRefused::AnotherPending);
        }
        let changes = changes.that_differ_from(account);
        if changes.is_empty() {
            return Err(ProfileChangeRefused::Nothing);
        }
        let a_day_ago = permit.at() - Duration::DAY;
        let of_today = earlier
            .iter()
            .filter(|change| change.submitted_at > a_day_ago);
        if of_today.count() >= CHANGES_PER_DAY {
            return Err(ProfileChangeRefused::TooManyToday);
        }
        Ok(Self {
            id,
            account: account.id,
            changes,
            submitted_at: permit.at(),
            decided: None,
        })
    }

    /// When the tribunal has promised to decide at the latest (PRO-1).
    pub fn due_at(&self, terms: &Terms) -> OffsetDateTime {
        self.submitted_at + terms.profile_change
    }

    /// Where it stands at `at`.
    pub fn state(&self, at: OffsetDateTime, terms: &Terms) -> State {
        match &self.decided {
            Some(Decided {
                outcome: Outcome::Applied,
                ..
            }) => State::Applied,
            Some(Decided {
                outcome: Outcome::Refused { .. },
                ..
            }) => State::Refused,
            Some(Decided {
                outcome: Outcome::Withdrawn,
                ..
            }) => State::Withdrawn,
            None if at >= self.due_at(terms) => State::Overdue,
            None => State::Pending,
        }
    }

    /// Decides, and gives the account as it is afterwards.
    ///
    /// # Errors
    /// [`ProfileChangeRefused`]: decided already, an account that is blocked, or a refusal without a usable reason.
    pub fn decide(
        &self,
        permit: &Permit,
        by: AccountId,
        outcome: Outcome,
        account: &Account,
    ) -> Result<(Self, Account), ProfileChangeRefused> {
        if self.decided.is_some() {
            return Err(ProfileChangeRefused::DecidedAlready);
        }
        let mut after = account.clone();
        match &outcome {
            Outcome::Refused { reason } if reason.trim().is_empty() => {
                return Err(ProfileChangeRefused::ReasonMissing);
            }
            Outcome::Refused { reason } if reason.chars().count() > LONGEST_REASON => {
                return Err(ProfileChangeRefused::ReasonTooLong);
            }
            Outcome::Refused { .. } | Outcome::Withdrawn => {}
            Outcome::Applied if account.lock.block.is_some() => {
                return Err(ProfileChangeRefused::AccountBlocked);
            }
            Outcome::Applied => {
                let Changes {
                    name,
                    email,
                    cell,
                    language,
                } = self.changes.clone();
                after.name = name.unwrap_or(after.name);
                after.email = email.unwrap_or(after.email);
                after.cell = cell.or(after.cell);
                after.language = language.unwrap_or(after.language);
            }
        }
        let decided = Some(Decided {
            outcome,
            by,
            at: permit.at(),
        });
        Ok((
            Self {
                decided,
                ..self.clone()
            },
            after,
        ))
    }

    /// Taken back by whoever asked, as long as it waits.
    ///
    /// # Errors
    /// [`ProfileChangeRefused::DecidedAlready`].
    pub fn withdraw(&self, permit: &Permit) -> Result<Self, ProfileChangeRefused> {
        if self.decided.is_some() {
            return Err(ProfileChangeRefused::DecidedAlready);
        }
        let decided = Some(Decided {
            outcome: Outcome::Withdrawn,
            by: self.account,
            at: permit.at(),
        });
        Ok(Self {
            decided,
            ..self.clone()
        })
    }

    /// Refused because something made it void; `by` is whoever did that. One that was decided before stays as it was.
    #[must_use]
    pub fn overtaken(&self, permit: &Permit, by: AccountId, why: Overtaken) -> Self {
        let refused = || Decided {
            outcome: Outcome::Refused {
                reason: why.reason().to_owned(),
            },
            by,
            at: permit.at(),
        };
        Self {
            decided: self.decided.clone().or_else(|| Some(refused())),
            ..self.clone()
        }
    }
}
