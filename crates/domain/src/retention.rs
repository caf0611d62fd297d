//! How long what is kept, and when it goes (PRIV-1): of each kind of record, its last administrative use, and whether anything keeps it
//! beyond that. Pure: the same facts at the same instant have the same verdict.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::access_code::IssuedCode;
use crate::account::{Account, Role};
use crate::audit::SubjectKind;
use crate::case::{Case, CaseId, Decision};
use crate::delegation::{Delegation, State};
use crate::legal_hold::LegalHold;
use crate::notice::NoticeId;
use crate::profile_change::ProfileChange;
use crate::sign_in::SignIn;
use crate::terms::Terms;
use crate::token::Token;

/// Two years, whichever days of a leap year are in them.
const TWO_YEARS: Duration = Duration::days(2 * 365 + 1);

/// For how long after their last administrative use records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Cases, with everything that was sent on them.
    pub cases: Duration,
    /// Delegations that are over.
    pub delegations: Duration,
    /// Accounts that nobody needs, sign-ins without account, codes, tokens, profile changes.
    pub accounts: Duration,
    /// Notices that arrived.
    pub notices: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            cases: TWO_YEARS,
            delegations: TWO_YEARS,
            accounts: TWO_YEARS,
            notices: TWO_YEARS,
        }
    }
}

/// A shorter period is a slip of units, and what it deletes is gone.
pub const SHORTEST: Duration = Duration::days(30);

/// A longer one is no period.
pub const LONGEST: Duration = Duration::days(36_600);

impl Retention {
    /// Each with the key that configuration uses.
    pub const fn each(&self) -> [(&'static str, Duration); 4] {
        [
            ("cases", self.cases),
            ("delegations", self.delegations),
            ("accounts", self.accounts),
            ("notices", self.notices),
        ]
    }

    /// For how long records of a kind are kept.
    pub const fn of(&self, kind: Kind) -> Duration {
        match kind {
            Kind::Case => self.cases,
            Kind::Delegation => self.delegations,
            Kind::Notice => self.notices,
            Kind::AccessCode | Kind::ProfileChange | Kind::Token | Kind::SignIn | Kind::Account => {
                self.accounts
            }
        }
    }

    /// What was last used after this instant stays.
    pub fn used_by(&self, kind: Kind, at: OffsetDateTime) -> OffsetDateTime {
        at.checked_sub(self.of(kind))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// The kinds of records that go, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A case with its submissions, inbox items, documents, receipts and holds.
    Case,
    /// A delegation that is over.
    Delegation,
    /// A notice.
    Notice,
    /// An access code's hash.
    AccessCode,
    /// A change that was asked for in My Profile.
    ProfileChange,
    /// An API token's hash.
    Token,
    /// A sign-in that opens no account.
    SignIn,
    /// An account, with the sign-ins that open it and all that is its own.
    Account,
}

impl Kind {
    /// Every kind, in the order in which they go: what names others before those.
    pub const ALL: [Self; 8] = [
        Self::Case,
        Self::Delegation,
        Self::Notice,
        Self::AccessCode,
        Self::ProfileChange,
        Self::Token,
        Self::SignIn,
        Self::Account,
    ];

    /// What the audit trail calls them.
    pub const fn subject(self) -> SubjectKind {
        match self {
            Self::Case => SubjectKind::Case,
            Self::Delegation => SubjectKind::Delegation,
            Self::Notice => SubjectKind::Notice,
            Self::AccessCode => SubjectKind::AccessCode,
            Self::ProfileChange => SubjectKind::ProfileChange,
            Self::Token => SubjectKind::Token,
            Self::SignIn => SubjectKind::SignIn,
            Self::Account => SubjectKind::Account,
        }
    }

    /// As in the audit trail and in the records of deletions.
    pub const fn code(self) -> &'static str {
        self.subject().code()
    }
}

/// When and how a case was used, beside what its own record says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseUses {
    /// The last submission on it, or its acknowledgement.
    pub submitted: Option<OffsetDateTime>,
    /// The last document that the tribunal sent on it.
    pub sent: Option<OffsetDateTime>,
    /// The last first reading of one.
    pub read: Option<OffsetDateTime>,
    /// Whether a receipt of it is not in the public log yet.
    pub receipt_waits: bool,
    /// Its holds, those that were lifted included.
    pub holds: Vec<LegalHold>,
}

/// A record that may be old enough to go, with all on which that depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A case.
    Case(Box<Case>, CaseUses),
    /// A delegation, and whether a case of its counsel is under a hold.
    Delegation(Box<Delegation>, bool),
    /// A notice.
    Notice {
        /// Which.
        id: NoticeId,
        /// When it was handed over.
        delivered_at: Option<OffsetDateTime>,
        /// When it came back.
        bounced_at: Option<OffsetDateTime>,
        /// When the person was reached otherwise.
        settled_at: Option<OffsetDateTime>,
        /// Whether it went to somebody who is on a case under a hold.
        held: bool,
    },
    /// An access code.
    AccessCode(IssuedCode),
    /// A profile change, and whether it is of somebody who is on a case under a hold.
    ProfileChange(Box<ProfileChange>, bool),
    /// A token.
    Token(Box<Token>),
    /// A sign-in, and when it last did something.
    SignIn(Box<SignIn>, Option<OffsetDateTime>),
    /// An account, when it last did something or something was done to it, and whether a record that stays names it.
    Account(Box<Account>, Option<OffsetDateTime>, bool),
}

/// What becomes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It goes, as it was last used then.
    Goes {
        /// Its last administrative use.
        last_used_at: OffsetDateTime,
    },
    /// It stays.
    Stays(Stays),
}

/// Why a record stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// Under a legal hold.
    Held,
    /// Still in use, however long ago anybody touched it.
    InUse,
    /// Another record that stays names it.
    Named,
    /// Its period is not over.
    Young,
}

impl Kept {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Case(..) => Kind::Case,
            Self::Delegation(..) => Kind::Delegation,
            Self::Notice { .. } => Kind::Notice,
            Self::AccessCode(_) => Kind::AccessCode,
            Self::ProfileChange(..) => Kind::ProfileChange,
            Self::Token(_) => Kind::Token,
            Self::SignIn(..) => Kind::SignIn,
            Self::Account(..) => Kind::Account,
        }
    }

    /// Its identifier.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Case(case, _) => case.id.uuid(),
            Self::Delegation(delegation, _) => delegation.id.uuid(),
            Self::Notice { id, .. } => id.uuid(),
            Self::AccessCode(code) => code.id.uuid(),
            Self::ProfileChange(change, _) => change.id.uuid(),
            Self::Token(token) => token.id.uuid(),
            Self::SignIn(sign_in, _) => sign_in.id.uuid(),
            Self::Account(account, ..) => account.id.uuid(),
        }
    }

    /// The case, if it is one.
    pub const fn case(&self) -> Option<CaseId> {
        match self {
            Self::Case(case, _) => Some(case.id),
            _ => None,
        }
    }

    /// What becomes of it at `at`.
    pub fn verdict(&self, at: OffsetDateTime, terms: &Terms) -> Verdict {
        let held = match self {
            Self::Case(_, uses) => uses.holds.iter().any(LegalHold::stands),
            Self::Delegation(_, held)
            | Self::ProfileChange(_, held)
            | Self::Notice { held, .. } => *held,
            _ => false,
        };
        if held {
            return Verdict::Stays(Stays::Held);
        }
        let Some(last_used_at) = self.last_used_at(at, terms) else {
            return Verdict::Stays(Stays::InUse);
        };
        if let Self::Account(_, _, true) = self {
            return Verdict::Stays(Stays::Named);
        }
        if last_used_at > terms.retention.used_by(self.kind(), at) {
            return Verdict::Stays(Stays::Young);
        }
        Verdict::Goes { last_used_at }
    }

    /// Its last administrative use; `None` while it is in use.
    pub fn last_used_at(&self, at: OffsetDateTime, terms: &Terms) -> Option<OffsetDateTime> {
        match self {
            Self::Case(case, uses) => case_last_used_at(case, uses),
            Self::Delegation(delegation, _) => delegation_over_since(delegation, at, terms),
            Self::Notice {
                delivered_at,
                bounced_at,
                settled_at,
                ..
            } => match (bounced_at, settled_at) {
                (_, Some(settled)) => Some(*settled),
                // On the registry's work list until somebody settles it.
                (Some(_), None) => None,
                (None, None) => *delivered_at,
            },
            Self::AccessCode(code) => {
                let over = [Some(code.expires_at(terms)), code.used_at];
                over.into_iter().chain([code.voided_at]).flatten().max()
            }
            Self::ProfileChange(change, _) => change.decided.as_ref().map(|decided| decided.at),
            Self::Token(token) => {
                let over = token
                    .revoked_at
                    .map_or(token.expires_at, |revoked| revoked.min(token.expires_at));
                Some(token.last_used_at.map_or(over, |used| used.max(over)))
            }
            Self::SignIn(sign_in, last_act) => match sign_in.bound {
                Some(_) => None,
                None => Some(later(sign_in.first_seen_at, [*last_act])),
            },
            Self::Account(account, last_act, _) => account_last_used_at(account, *last_act, at),
        }
    }
}

fn later<const N: usize>(
    first: OffsetDateTime,
    others: [Option<OffsetDateTime>; N],
) -> OffsetDateTime {
    others
        .into_iter()
        .flatten()
        .fold(first, OffsetDateTime::max)
}

/// A proceeding without a final decision goes on. After it, whatever was last said, heard, sent, read or held counts; a hold that was lifted
/// counts from then, so that one that was lifted by mistake can be set again.
fn case_last_used_at(case: &Case, uses: &CaseUses) -> Option<OffsetDateTime> {
    let events = case.events.iter().chain(&case.cancelled_events);
    let events = events.map(|event| event.starts_at);
    let proceeded = last_proceeded_at(case.final_decision_on, &case.decisions, events)?;
    if uses.receipt_waits {
        return None;
    }
    let lifted = uses.holds.iter().filter_map(|hold| hold.lifted);
    let uses = [uses.submitted, uses.sent, uses.read].into_iter().flatten();
    uses.chain(lifted.map(|lifted| lifted.at))
        .fold(proceeded.max(case.updated_at), OffsetDateTime::max)
        .into()
}

/// When a proceeding was last decided or heard; `None` without a final decision, as it goes on.
pub fn last_proceeded_at(
    final_decision_on: Option<Date>,
    decisions: &[Decision],
    events: impl Iterator<Item = OffsetDateTime>,
) -> Option<OffsetDateTime> {
    // The day of a decision has ended everywhere two midnights later.
    let over = |day: Date| {
        let next = day.next_day().and_then(Date::next_day);
        next.unwrap_or(day).midnight().assume_utc()
    };
    let days = decisions.iter().map(|decision| decision.made_on);
    let last = over(final_decision_on?);
    Some(days.map(over).chain(events).fold(last, OffsetDateTime::max))
}

/// Since when a delegation gives nobody anything.
fn delegation_over_since(
    delegation: &Delegation,
    at: OffsetDateTime,
    terms: &Terms,
) -> Option<OffsetDateTime> {
    match delegation.state(at, terms) {
        State::Ended => delegation.ended_at,
        State::Lapsed => delegation
            .renewable_until(terms)
            .or_else(|| Some(delegation.lapses_at(terms))),
        State::Invited | State::Active | State::RenewalDue | State::Expired => None,
    }
}

/// Staff's accounts are the operator's affair, and a counsel in good standing is registered for good (REG-3).
fn account_last_used_at(
    account: &Account,
    last_act: Option<OffsetDateTime>,
    at: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let staff = [
        Role::RegistryOfficer,
        Role::HelpDeskAgent,
        Role::CaseManagementSystem,
    ];
    if staff.into_iter().any(|role| account.is(role)) {
        return None;
    }
    let lost_standing_at = match &account.membership {
        Some(membership) if account.is(Role::Counsel) && account.registered_at.is_some() => {
            if membership.in_good_standing(at) {
                return None;
            }
            membership.lost_standing_at
        }
        _ => None,
    };
    Some(later(
        account.opened_at,
        [account.registered_at, last_act, lost_standing_at],
    ))
}
