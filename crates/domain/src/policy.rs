//! The one door: who may do what, when, and why not. Every use case asks it first; a change can only be written with the [`Permit`]
//! that it gives, and the permit becomes the audit trail's entry (DEL-5, DEL-8, SEC-1, SEC-2, REG-8).

mod action;
mod actor;

use std::net::IpAddr;

use time::OffsetDateTime;
use uuid::Uuid;

pub use action::{Action, CounselWork, HelpDeskWork, OwnWork, RegistryWork};
pub use actor::{Actor, Caller, Job, Means, Representation, Who};

use crate::account::{Account, AccountId, NotStanding, Role};
use crate::audit::{self, AuditEntry, Subject, SubjectKind};
use crate::case::{Case, CaseId};
use crate::lock::LockCode;
use crate::sign_in::SignIn;
use crate::terms::Terms;
use crate::token::Scope;
use crate::tribunal_time::Moment;

/// Why the door stays shut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The sign-in opens no account.
    #[error("this sign-in opens no account")]
    NoAccount,
    /// The person is blocked; the code is for the help desk (SEC-1).
    #[error("blocked")]
    Blocked(LockCode),
    /// The account has not the role that this takes.
    #[error("the account has not the role that this takes")]
    RoleMissing,
    /// The token has not the scope that this takes.
    #[error("the token has not the scope {}", .0.code())]
    ScopeMissing(Scope),
    /// Only a person who signed in may do this, not a token.
    #[error("this takes a sign-in, not a token")]
    SignInNeeded,
    /// The sign-in was too long ago (REG-8).
    #[error("this takes a recent sign-in")]
    SignInNotRecent,
    /// No delegation gives access to that counsel's cases now (DEL-3).
    #[error("no delegation gives access")]
    NoAccess,
    /// The counsel themselves may not act now (DEL-8, REG-1).
    #[error("the counsel may not act now")]
    CounselNotStanding(NotStanding),
    /// The same, of counsel themselves, who may know why: their order's roll no longer lists them in good standing (REG-1).
    #[error("the order's roll no longer lists the counsel in good standing")]
    LostGoodStanding,
    /// Delegates do the counsel's cases, not the counsel's own affairs (DEL-5).
    #[error("a delegate may not do this")]
    NotForDelegates,
    /// Not theirs to know of: answered as if it did not exist (CASE-1).
    #[error("there is no such thing")]
    NotTheirs,
    /// Not for jobs, operators or strangers, or not that job's work.
    #[error("not for this kind of actor")]
    NotForThisActor,
}

impl Refusal {
    /// The reason as the audit trail and the metrics keep it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAccount => "no-account",
            Self::Blocked(_) => "blocked",
            Self::RoleMissing => "role-missing",
            Self::ScopeMissing(_) => "scope-missing",
            Self::SignInNeeded => "sign-in-needed",
            Self::SignInNotRecent => "sign-in-not-recent",
            Self::NoAccess => "no-access",
            Self::CounselNotStanding(_) | Self::LostGoodStanding => "counsel-not-standing",
            Self::NotForDelegates => "not-for-delegates",
            Self::NotTheirs => "not-theirs",
            Self::NotForThisActor => "not-for-this-actor",
        }
    }
}

/// Proof that the policy allowed one action at one instant. Only [`authorize`] makes one.
#[derive(Debug)]
pub struct Permit {
    trace: Trace,
}

/// What is known of an act before it is decided; permits and refusals are both recorded with it.
#[derive(Debug, Clone)]
struct Trace {
    at: OffsetDateTime,
    who: audit::Who,
    from: Option<IpAddr>,
    action: &'static str,
    on_behalf_of: Option<AccountId>,
    case: Option<CaseId>,
    subject: Option<Subject>,
}

impl Trace {
    fn of(actor: &Actor, action: &Action<'_>, at: OffsetDateTime) -> Self {
        Self {
            at,
            who: Self::who(actor),
            from: actor.from,
            action: action.name(),
            on_behalf_of: action.on_behalf_of(),
            case: action.case().map(|case| case.id),
            subject: action.subject(),
        }
    }

    fn who(actor: &Actor) -> audit::Who {
        match &actor.who {
            Who::Account(caller) => audit::Who::Account(caller.account.id),
            Who::Stranger(sign_in) => audit::Who::SignIn(sign_in.id.uuid()),
            Who::Job(job) => audit::Who::Job(job.name()),
            Who::Operator => audit::Who::Operator,
        }
    }

    fn into_entry(self, refused: Option<&'static str>) -> AuditEntry {
        let Self {
            at,
            who,
            from,
            action,
            on_behalf_of,
            case,
            subject,
        } = self;
        AuditEntry {
            at,
            who,
            from,
            action,
            on_behalf_of,
            case,
            subjects: subject.into_iter().collect(),
            refused,
        }
    }
}

impl Permit {
    /// The instant at which it was given; what is written bears the same.
    pub const fn at(&self) -> OffsetDateTime {
        self.trace.at
    }

    /// The audit trail's entry for what was permitted. Spends the permit.
    pub fn into_audit_entry(self) -> AuditEntry {
        self.trace.into_entry(None)
    }
}

/// A refusal with what is known of the act, to answer with and to record.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{why}")]
pub struct Refused {
    /// Why.
    pub why: Refusal,
    trace: Box<Trace>,
}

impl Refused {
    /// The audit trail's entry for what was refused (SEC-2).
    pub fn into_audit_entry(self) -> AuditEntry {
        let code = self.why.code();
        self.trace.into_entry(Some(code))
    }
}

/// Whether `actor` may do `action` at `moment`.
///
/// # Errors
/// [`Refused`] with the first reason why not.
pub fn authorize(
    actor: &Actor,
    action: &Action<'_>,
    moment: &Moment,
    terms: &Terms,
) -> Result<Permit, Refused> {
    let trace = Trace::of(actor, action, moment.at);
    match decide(actor, action, moment, terms) {
        Ok(()) => Ok(Permit { trace }),
        Err(why) => Err(Refused {
            why,
            trace: Box::new(trace),
        }),
    }
}

/// Why nobody acts for a counsel who never was: word for word as for one who gave the asker no access, so that no answer tells who is a
/// counsel here.
pub fn no_such_counsel(actor: &Actor, counsel: AccountId, moment: &Moment) -> Refused {
    let lock = match &actor.who {
        Who::Account(caller) => Some(&caller.account.lock),
        Who::Stranger(sign_in) => Some(&sign_in.lock),
        Who::Job(_) | Who::Operator => None,
    };
    let block = lock.and_then(|lock| lock.block.as_ref());
    let why = match (&actor.who, block) {
        (_, Some(block)) => Refusal::Blocked(block.lock_code.clone()),
        (Who::Account(_), None) => Refusal::NoAccess,
        (Who::Stranger(_), None) => Refusal::NoAccount,
        (Who::Job(_) | Who::Operator, None) => Refusal::NotForThisActor,
    };
    let trace = Trace {
        at: moment.at,
        who: Trace::who(actor),
        from: actor.from,
        action: "act-for-counsel",
        on_behalf_of: Some(counsel),
        case: None,
        subject: None,
    };
    Refused {
        why,
        trace: Box::new(trace),
    }
}

/// The decision alone.
fn decide(
    actor: &Actor,
    action: &Action<'_>,
    moment: &Moment,
    terms: &Terms,
) -> Result<(), Refusal> {
    match (&actor.who, action) {
        (Who::Job(job), Action::RunJob(work)) if job == work => Ok(()),
        (
            Who::Operator,
            Action::LoadDemonstration
            | Action::OpenStaffAccount
            | Action::BeginLog
            | Action::EndAccess
            | Action::Own(OwnWork::SeeTokens(_) | OwnWork::CreateToken(_) | OwnWork::RevokeToken(_))
            | Action::OfRegistry(RegistryWork::IssueAccessCode(_)),
        ) => Ok(()),
        (Who::Job(_) | Who::Operator, _)
        | (
            _,
            Action::RunJob(_)
            | Action::OpenStaffAccount
            | Action::BeginLog
            | Action::EndAccess
            | Action::LoadDemonstration,
        ) => Err(Refusal::NotForThisActor),
        (Who::Stranger(sign_in), Action::Own(work)) if work.only_protects() => {
            strangers_own(sign_in, work)
        }
        (Who::Stranger(sign_in), action) => {
            if let Some(block) = &sign_in.lock.block {
                return Err(Refusal::Blocked(block.lock_code.clone()));
            }
            match action {
                Action::SignIn
                | Action::RedeemAccessCode
                | Action::SeeInvitations
                | Action::AnswerInvitation(_) => Ok(()),
                _ => Err(Refusal::NoAccount),
            }
        }
        (Who::Account(caller), Action::Own(work))
            if work.only_protects() && caller.signed_in().is_ok() =>
        {
            own(caller, work, moment, terms)
        }
        (Who::Account(caller), action) => {
            if let Some(block) = &caller.account.lock.block {
                return Err(Refusal::Blocked(block.lock_code.clone()));
            }
            decide_for_account(caller, action, moment, terms)
        }
    }
}

fn decide_for_account(
    caller: &Caller,
    action: &Action<'_>,
    moment: &Moment,
    terms: &Terms,
) -> Result<(), Refusal> {
    match action {
        Action::SignIn | Action::SeeInvitations | Action::AnswerInvitation(_) => caller.signed_in(),
        Action::Own(work) => own(caller, work, moment, terms),
        Action::OfCounsel(representation, work) => {
            of_counsel(caller, representation, work, moment, terms)
        }
        Action::OfRegistry(work) => of_registry(caller, work),
        Action::OfHelpDesk(work) => of_help_desk(caller, work),
        // Who is a delegate and becomes counsel: whoever found a session open is not to take over their sign-in and their delegations.
        Action::RedeemAccessCode if caller.account.is_delegates_alone() => {
            caller.signed_in()?;
            caller.recently_signed_in(moment.at, terms)
        }
        Action::RedeemAccessCode
        | Action::RunJob(_)
        | Action::OpenStaffAccount
        | Action::BeginLog
        | Action::EndAccess
        | Action::LoadDemonstration => Err(Refusal::NotForThisActor),
    }
}

/// One's own affairs: the account must be there, nothing more, save where REG-8 asks for a recent sign-in.
fn own(caller: &Caller, work: &OwnWork<'_>, moment: &Moment, terms: &Terms) -> Result<(), Refusal> {
    match work {
        OwnWork::SeeAccount | OwnWork::SeeCounsels | OwnWork::SeeProfile => Ok(()),
        OwnWork::ChangeProfile => {
            caller.has_scope(&[Scope::Submit])?;
            caller.recently_signed_in(moment.at, terms)
        }
        OwnWork::WithdrawProfileChange(change) => {
            caller.has_scope(&[Scope::Submit])?;
            caller.owns(change.account)?;
            caller.recently_signed_in(moment.at, terms)
        }
        OwnWork::SeeTokens(account) => caller.owns(*account),
        OwnWork::CreateToken(account) => {
            caller.signed_in()?;
            caller.owns(*account)?;
            caller.recently_signed_in(moment.at, terms)
        }
        OwnWork::RevokeToken(token) => {
            caller.signed_in()?;
            caller.owns(token.account)
        }
        OwnWork::SeeSessions => caller.signed_in(),
        OwnWork::EndSession(sign_in) => {
            caller.opened_by(sign_in)?;
            // Whoever found a session open is not to throw out the person whose it is.
            caller.recently_signed_in(moment.at, terms)
        }
        // It takes the asker's own session along, so whoever has to leave at once may.
        OwnWork::SignOutEverywhere(sign_in) => caller.opened_by(sign_in),
    }
}

/// What a person without account may see and end: their own sessions. These open nothing, so no recent sign-in is asked for.
fn strangers_own(stranger: &SignIn, work: &OwnWork<'_>) -> Result<(), Refusal> {
    match work {
        OwnWork::SeeSessions => Ok(()),
        OwnWork::EndSession(sign_in) | OwnWork::SignOutEverywhere(sign_in) => {
            if sign_in.id == stranger.id {
                Ok(())
            } else {
                Err(Refusal::NotTheirs)
            }
        }
        _ => Err(Refusal::NoAccount),
    }
}

/// In which capacity somebody acts for a counsel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capacity {
    Counsel,
    Delegate,
}

/// Whether the caller stands in for the counsel at all (DEL-3, DEL-8).
fn capacity(
    caller: &Caller,
    representation: &Representation,
    moment: &Moment,
    terms: &Terms,
) -> Result<Capacity, Refusal> {
    let Representation {
        counsel,
        delegation,
    } = representation;
    if representation.is_in_person(caller.account.id) {
        return counsel
            .stands_as_counsel(moment.at)
            .map(|()| Capacity::Counsel)
            .map_err(|why| match why {
                NotStanding::NotCounsel => Refusal::RoleMissing,
                NotStanding::LostGoodStanding => Refusal::LostGoodStanding,
                NotStanding::Blocked => Refusal::CounselNotStanding(why),
            });
    }
    let gives_access = delegation.as_ref().is_some_and(|delegation| {
        delegation.counsel == counsel.id
            && delegation.delegate() == Some(caller.account.id)
            && delegation.state(moment.at, terms).gives_access()
    });
    if !gives_access {
        return Err(Refusal::NoAccess);
    }
    counsel
        .stands_as_counsel(moment.at)
        .map(|()| Capacity::Delegate)
        .map_err(Refusal::CounselNotStanding)
}

/// A counsel's work, by the counsel or a delegate (DEL-5).
fn of_counsel(
    caller: &Caller,
    representation: &Representation,
    work: &CounselWork<'_>,
    moment: &Moment,
    terms: &Terms,
) -> Result<(), Refusal> {
    let capacity = capacity(caller, representation, moment, terms)?;
    caller.has_scope(&[work.scope()])?;
    let counsel = representation.counsel.id;
    if capacity == Capacity::Delegate && work.is_counsels_alone() {
        return Err(Refusal::NotForDelegates);
    }
    let sees = |case: &Case| {
        if case.seen_by(counsel, moment.today, terms) {
            Ok(())
        } else {
            Err(Refusal::NotTheirs)
        }
    };
    match work {
        CounselWork::SeeCases
        | CounselWork::TellInCalendar
        | CounselWork::SeeInbox
        | CounselWork::FillInForm
        | CounselWork::SeeDelegations
        | CounselWork::SeeActivity => Ok(()),
        CounselWork::SeeCase(case)
        | CounselWork::SeeSubmissions(case)
        | CounselWork::PrepareSubmission(case)
        | CounselWork::SubmitDocuments(case)
        | CounselWork::SendForm(case)
        | CounselWork::SeeInboxOfCase(case) => sees(case),
        CounselWork::ReadInboxItem(item, case)
        | CounselWork::DeleteInboxItem(item, case)
        | CounselWork::SeeServiceRecord(item, case) => {
            if item.counsel != counsel || item.case != case.id {
                return Err(Refusal::NotTheirs);
            }
            sees(case)
        }
        CounselWork::InviteDelegate => caller.recently_signed_in(moment.at, terms),
        CounselWork::RenewDelegation(delegation) => {
            if delegation.counsel != counsel {
                return Err(Refusal::NotTheirs);
            }
            caller.recently_signed_in(moment.at, terms)
        }
        CounselWork::EndDelegation(delegation) => {
            if delegation.counsel == counsel {
                Ok(())
            } else {
                Err(Refusal::NotTheirs)
            }
        }
    }
}

/// The registry's work; the case management system does the part that machines do.
fn of_registry(caller: &Caller, work: &RegistryWork<'_>) -> Result<(), Refusal> {
    if work.is_for_machines() {
        caller.has_role(&[Role::RegistryOfficer, Role::CaseManagementSystem])?;
        caller.has_scope(&[Scope::Registry, Scope::Cms])
    } else {
        caller.has_role(&[Role::RegistryOfficer])?;
        caller.has_scope(&[Scope::Registry])?;
        match work {
            // Accounts and access codes of staff are the operator's.
            RegistryWork::IssueAccessCode(account)
            | RegistryWork::VoidAccessCodes(account)
            | RegistryWork::RecordCell(account)
                if !account.is_from_outside() =>
            {
                Err(Refusal::NotTheirs)
            }
            _ => Ok(()),
        }
    }
}

/// The help desk's work.
fn of_help_desk(caller: &Caller, work: &HelpDeskWork<'_>) -> Result<(), Refusal> {
    caller.has_role(&[Role::HelpDeskAgent])?;
    caller.has_scope(&[Scope::HelpDesk])?;
    match work {
        // Whoever is blocked unblocks nobody: the last agent would shut out everybody.
        HelpDeskWork::Block(account) if account.id == caller.account.id => {
            Err(Refusal::NotForThisActor)
        }
        _ => Ok(()),
    }
}

/// The record of a `kind` and `id`, for the trail.
const fn subject(kind: SubjectKind, id: Uuid) -> Subject {
    Subject { kind, id }
}

/// Whom an account may act for: itself where it is a counsel's, and every counsel whose delegation gives it access now (DEL-6).
pub fn may_represent(
    account: &Account,
    representation: &Representation,
    moment: &Moment,
    terms: &Terms,
) -> bool {
    let caller = Caller {
        account: account.clone(),
        means: Means::SignIn { at: moment.at },
    };
    account.lock.block.is_none() && capacity(&caller, representation, moment, terms).is_ok()
}
