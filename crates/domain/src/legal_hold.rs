//! A legal hold: the registry says that nothing of a case may be deleted, and why, until it is lifted (PRIV-1).

use time::OffsetDateTime;

use crate::account::AccountId;
use crate::case::CaseId;
use crate::id::Id;
use crate::policy::Permit;

/// The identifier of a [`LegalHold`].
pub type LegalHoldId = Id<LegalHold>;

/// Characters in a reason.
pub const LONGEST_REASON: usize = 500;

/// A hold on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalHold {
    /// Identifier.
    pub id: LegalHoldId,
    /// On which case.
    pub case: CaseId,
    /// Why, in the registry's words.
    pub reason: String,
    /// Who set it.
    pub set_by: AccountId,
    /// When.
    pub set_at: OffsetDateTime,
    /// Who lifted it and when; `None` while it stands.
    pub lifted: Option<Lifted>,
}

/// That a hold was lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifted {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: OffsetDateTime,
}

/// Why a hold cannot be set or lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefused {
    /// Nobody would know later whether it may be lifted.
    #[error("a legal hold needs a reason")]
    ReasonMissing,
    /// The reason is too long.
    #[error("a reason has at most {LONGEST_REASON} characters")]
    ReasonTooLong,
    /// One stands already.
    #[error("the case is under a legal hold already")]
    HeldAlready,
    /// None stands.
    #[error("the case is under no legal hold")]
    NotHeld,
    /// The one that was to be lifted stands no more, and one stands that was set after it, for a reason of its own.
    #[error("the case is under another legal hold")]
    AnotherStands,
}

impl LegalHold {
    /// Sets a hold on `case`, which has had those before.
    ///
    /// # Errors
    /// [`HoldRefused`].
    pub fn set(
        permit: &Permit,
        id: LegalHoldId,
        case: CaseId,
        reason: &str,
        by: AccountId,
        before: &[Self],
    ) -> Result<Self, HoldRefused> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(HoldRefused::ReasonMissing);
        }
        if reason.chars().count() > LONGEST_REASON {
            return Err(HoldRefused::ReasonTooLong);
        }
        if before.iter().any(Self::stands) {
            return Err(HoldRefused::HeldAlready);
        }
        Ok(Self {
            id,
            case,
            reason: reason.to_owned(),
            set_by: by,
            set_at: permit.at(),
            lifted: None,
        })
    }

    /// The one of that id, which whoever lifts it has seen, lifted. `holds` are the case's: another of them that stands was set meanwhile,
    /// and keeps the case.
    ///
    /// # Errors
    /// [`HoldRefused::NotHeld`], [`HoldRefused::AnotherStands`].
    pub fn lift(
        permit: &Permit,
        by: AccountId,
        seen: LegalHoldId,
        holds: &[Self],
    ) -> Result<Self, HoldRefused> {
        let standing = holds.iter().find(|hold| hold.stands());
        let standing = standing.ok_or(HoldRefused::NotHeld)?;
        if standing.id != seen {
            return Err(HoldRefused::AnotherStands);
        }
        Ok(Self {
            lifted: Some(Lifted {
                by,
                at: permit.at(),
            }),
            ..standing.clone()
        })
    }

    /// Whether it keeps the case.
    pub const fn stands(&self) -> bool {
        self.lifted.is_none()
    }
}
