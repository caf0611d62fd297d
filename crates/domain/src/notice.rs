//! A notice: a standard bilingual e-mail, as data. What happened and to whom it is told, with the address copied, because the old
//! one may be gone when it is sent. The words are an adapter's (MAIL-1 … MAIL-3).

use time::OffsetDateTime;

use crate::account::{Account, AccountId};
use crate::case::Region;
use crate::code::Code;
use crate::confirmation_number::ConfirmationNumber;
use crate::delegation::{Delegation, DelegationId, State};
use crate::id::Id;
use crate::invitation_number::InvitationNumber;
use crate::person::{EmailAddress, Language};
use crate::terms::Terms;

/// The identifier of a [`Notice`]; its Message-ID is made of it, so that a repeat can be recognised.
pub type NoticeId = Id<Notice>;

/// To whom a notice goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The account, where there is one.
    pub account: Option<AccountId>,
    /// The address, copied when the notice was written.
    pub email: EmailAddress,
    /// The language that comes first.
    pub language: Language,
}

impl Recipient {
    /// The owner of an account.
    pub fn owner_of(account: &Account) -> Self {
        Self {
            account: Some(account.id),
            email: account.email.clone(),
            language: account.language,
        }
    }

    /// The person whom a delegation invites.
    pub fn invitee_of(delegation: &Delegation) -> Self {
        Self {
            account: delegation.delegate(),
            email: delegation.invitee.email.clone(),
            language: delegation.invitee.language,
        }
    }

    /// The delegate of a delegation: the owner of `account` wherever they read their mail now (PRO-1), and who was invited before there is one.
    pub fn delegate_of(delegation: &Delegation, account: Option<&Account>) -> Self {
        account.map_or_else(|| Self::invitee_of(delegation), Self::owner_of)
    }
}

/// What a notice tells: every row of MAIL-2. No name, number or title of a case can be put in (MAIL-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The tribunal holds documents (to the sender, SUB-3).
    DocumentsReceived {
        /// Proof.
        confirmation_number: ConfirmationNumber,
        /// When.
        received_at: OffsetDateTime,
        /// Whose office holds the file: its clock decides (SUB-6). `None` in a notice of a version that did not keep it.
        region: Option<Code<Region>>,
    },
    /// The tribunal holds a form (to the sender, FORM-1).
    FormReceived {
        /// Proof.
        confirmation_number: ConfirmationNumber,
        /// When.
        received_at: OffsetDateTime,
        /// Whose office holds the file: its clock decides (SUB-6). `None` in a notice of a version that did not keep it.
        region: Option<Code<Region>>,
    },
    /// A change of My Profile was asked for (PRO-1).
    ProfileChangeAsked,
    /// A change of My Profile was applied (PRO-1).
    ProfileChangeApplied,
    /// A change of My Profile was refused; the reason is in My Profile (PRO-1).
    ProfileChangeRefused,
    /// A change of My Profile was taken back before it was decided (PRO-1).
    ProfileChangeWithdrawn,
    /// Notices go to another address from now on (to the old and the new one, PRO-1; to that of a former account, REG-4).
    EmailAddressChanged,
    /// A sign-in was bound to the account (REG-3).
    SignInBound,
    /// The sign-in was reset by the help desk (REG-6).
    SignInReset,
    /// The registry recorded another cell number, to which access codes go (REG-6).
    CellRecorded,
    /// The account was blocked by the help desk (SEC-1).
    AccountBlocked,
    /// The account was unblocked (SEC-1).
    AccountUnblocked,
    /// The tribunal sent a document (BOX-1).
    DocumentFromTribunal,
    /// A delegation needs renewal (to the counsel, DEL-3).
    RenewalDue {
        /// From when access is blocked.
        ends_at: OffsetDateTime,
    },
    /// Somebody is invited as a delegate (DEL-2).
    DelegateInvited {
        /// The number by which the invitation is found.
        number: InvitationNumber,
        /// Until when the invitation can be accepted.
        lapses_at: OffsetDateTime,
    },
    /// A delegation was renewed (to the delegate, DEL-4).
    DelegationRenewed {
        /// The new end.
        ends_at: OffsetDateTime,
    },
    /// A delegation reached the end of its term and can still be renewed (to both, DEL-3).
    DelegationExpired {
        /// Until when, and not including, it can be renewed.
        renewable_until: OffsetDateTime,
    },
    /// An invitation was withdrawn before anybody accepted it (to both, DEL-3).
    InvitationWithdrawn,
    /// Too many wrong answers closed an invitation (to the counsel, DEL-2).
    InvitationClosed,
    /// A delegation ended for good (to both, DEL-3).
    DelegationEnded,
    /// A delegate has another account from now on (to the counsel, REG-4).
    DelegateAccountChanged,
}

impl About {
    /// The kind, as in records, metrics and the names of texts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DocumentsReceived { .. } => "documents-received",
            Self::FormReceived { .. } => "form-received",
            Self::ProfileChangeAsked => "profile-change-asked",
            Self::ProfileChangeApplied => "profile-change-applied",
            Self::ProfileChangeRefused => "profile-change-refused",
            Self::ProfileChangeWithdrawn => "profile-change-withdrawn",
            Self::EmailAddressChanged => "email-address-changed",
            Self::SignInBound => "sign-in-bound",
            Self::SignInReset => "sign-in-reset",
            Self::CellRecorded => "cell-recorded",
            Self::AccountBlocked => "account-blocked",
            Self::AccountUnblocked => "account-unblocked",
            Self::DocumentFromTribunal => "document-from-tribunal",
            Self::RenewalDue { .. } => "renewal-due",
            Self::DelegateInvited { .. } => "delegate-invited",
            Self::DelegationRenewed { .. } => "delegation-renewed",
            Self::DelegationExpired { .. } => "delegation-expired",
            Self::InvitationWithdrawn => "invitation-withdrawn",
            Self::InvitationClosed => "invitation-closed",
            Self::DelegationEnded => "delegation-ended",
            Self::DelegateAccountChanged => "delegate-account-changed",
        }
    }
}

/// A key that no two notices share: what must be told once is told once, whoever tries again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OnceKey(String);

impl OnceKey {
    /// The reminder of one term of a delegation: a renewal begins a new term, and with it a new reminder.
    pub fn renewal_reminder(delegation: DelegationId, term_began_at: OffsetDateTime) -> Self {
        Self(format!(
            "renewal-due:{delegation}:{}",
            term_began_at.unix_timestamp_nanos() / 1_000
        ))
    }

    /// That one term of a delegation is over, told to one of the two.
    pub fn term_over(
        delegation: DelegationId,
        term_began_at: OffsetDateTime,
        to_counsel: bool,
    ) -> Self {
        let whom = if to_counsel { "counsel" } else { "delegate" };
        Self(format!(
            "term-over:{delegation}:{}:{whom}",
            term_began_at.unix_timestamp_nanos() / 1_000
        ))
    }

    /// From storage.
    pub fn stored(key: String) -> Self {
        Self(key)
    }

    /// For storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A notice, written in the same transaction as what it reports (MAIL-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Identifier.
    pub id: NoticeId,
    /// To whom.
    pub to: Recipient,
    /// What it tells.
    pub about: About,
    /// When it was written.
    pub written_at: OffsetDateTime,
    /// Set where the same thing must not be told twice.
    pub once: Option<OnceKey>,
}

/// Why a notice is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendAgainRefused {
    /// It invites somebody, and that invitation was accepted, withdrawn, or lapsed.
    #[error("the invitation is no longer open")]
    InvitationNotOpen,
}

impl Notice {
    /// The number of the invitation that it brings, if it is one (DEL-2).
    pub const fn invitation(&self) -> Option<&InvitationNumber> {
        match &self.about {
            About::DelegateInvited { number, .. } => Some(number),
            _ => None,
        }
    }

    /// Whether it can be sent again at `at`. `invited` is the delegation whose invitation it is: one that is not open any more opens nothing,
    /// and whoever got it would only try in vain (DEL-2, X-9).
    ///
    /// # Errors
    /// [`SendAgainRefused`].
    pub fn check_sending_again(
        &self,
        invited: Option<&Delegation>,
        at: OffsetDateTime,
        terms: &Terms,
    ) -> Result<(), SendAgainRefused> {
        let is_open = invited.is_some_and(|one| one.state(at, terms) == State::Invited);
        if self.invitation().is_some() && !is_open {
            return Err(SendAgainRefused::InvitationNotOpen);
        }
        Ok(())
    }

    /// Where it goes when it is sent again: to the address that its person has now. That an address changed is told to the old one and to
    /// the new one, and to each where it is (PRO-1): else the alert that was for the old one would go to whoever has the new one.
    pub fn address_now(&self, person: Option<&Account>) -> EmailAddress {
        match (&self.about, person) {
            (About::EmailAddressChanged, _) | (_, None) => self.to.email.clone(),
            (_, Some(account)) => account.email.clone(),
        }
    }
}
