//! What can be asked for, with the records that the answer depends on.

use super::{Job, Representation, subject};
use crate::account::{Account, AccountId};
use crate::audit::{Subject, SubjectKind};
use crate::case::Case;
use crate::delegation::Delegation;
use crate::inbox::InboxItem;
use crate::notice::Notice;
use crate::profile_change::ProfileChange;
use crate::sign_in::SignIn;
use crate::submission::Submission;
use crate::token::{Scope, Token};

/// Everything that can be asked for.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Be known to the portal after a sign-in service said who one is.
    SignIn,
    /// Bind one's sign-in with an access code (REG-3).
    RedeemAccessCode,
    /// See which invitations to be a delegate are there for oneself (DEL-2).
    SeeInvitations,
    /// See and answer an invitation to be a delegate (DEL-2).
    AnswerInvitation(&'a Delegation),
    /// One's own account.
    Own(OwnWork<'a>),
    /// A counsel's work, by the counsel or a delegate.
    OfCounsel(&'a Representation, CounselWork<'a>),
    /// The registry's work, by a person or by the case management system.
    OfRegistry(RegistryWork<'a>),
    /// The help desk's work.
    OfHelpDesk(HelpDeskWork<'a>),
    /// A batch job.
    RunJob(Job),
    /// Open an account for the tribunal's own staff, or its case management system.
    OpenStaffAccount,
    /// Begin another log of receipts in the place of one that a backup cut short.
    BeginLog,
    /// End every session and revoke every token, where a backup that was put back gave ended ones again (SEC-1).
    EndAccess,
    /// Fill an empty store with the demonstration's people and cases.
    LoadDemonstration,
}

/// One's own account.
#[derive(Debug, Clone, Copy)]
pub enum OwnWork<'a> {
    /// Who am I.
    SeeAccount,
    /// For whom can I act (DEL-6).
    SeeCounsels,
    /// My Profile.
    SeeProfile,
    /// Ask for a change of My Profile (PRO-1).
    ChangeProfile,
    /// Take such a change back (PRO-1).
    WithdrawProfileChange(&'a ProfileChange),
    /// An account's API tokens.
    SeeTokens(AccountId),
    /// Make one for it.
    CreateToken(AccountId),
    /// Revoke one.
    RevokeToken(&'a Token),
    /// One's sessions, in this browser and in others.
    SeeSessions,
    /// End a session of that sign-in's from another one.
    EndSession(&'a SignIn),
    /// End all of that sign-in's, with the one by which it is asked.
    SignOutEverywhere(&'a SignIn),
}

impl OwnWork<'_> {
    /// Whether it only takes something away from whoever asks: a block does not stand in its way (SEC-1), and no account is needed.
    pub(super) const fn only_protects(&self) -> bool {
        matches!(
            self,
            Self::SeeSessions | Self::EndSession(_) | Self::SignOutEverywhere(_)
        )
    }
}

/// A counsel's work.
#[derive(Debug, Clone, Copy)]
pub enum CounselWork<'a> {
    /// My Cases (CASE-1).
    SeeCases,
    /// A case page (CASE-3).
    SeeCase(&'a Case),
    /// Put parties and file numbers into the titles of a calendar, which others may see (CASE-4).
    TellInCalendar,
    /// The submission history of a case (SUB-4).
    SeeSubmissions(&'a Case),
    /// Begin, change or discard a draft of a submission on a case; nothing is sent by it (SUB-1).
    PrepareSubmission(&'a Case),
    /// Submit documents on a case (SUB-1).
    SubmitDocuments(&'a Case),
    /// Fill in a form, keep it and come back to it (FORM-1).
    FillInForm,
    /// Send a form on a case (FORM-1).
    SendForm(&'a Case),
    /// The general inbox (BOX-1).
    SeeInbox,
    /// A case's inbox.
    SeeInboxOfCase(&'a Case),
    /// Read a document from the tribunal (BOX-2).
    ReadInboxItem(&'a InboxItem, &'a Case),
    /// Delete it from the general inbox (BOX-3).
    DeleteInboxItem(&'a InboxItem, &'a Case),
    /// The record of service of a document from the tribunal: everybody's readings.
    SeeServiceRecord(&'a InboxItem, &'a Case),
    /// The list of delegates (DEL-1).
    SeeDelegations,
    /// Invite a delegate (DEL-2).
    InviteDelegate,
    /// Renew a delegation (DEL-4).
    RenewDelegation(&'a Delegation),
    /// End a delegation or withdraw an invitation (DEL-3).
    EndDelegation(&'a Delegation),
    /// What delegates read and sent (DEL-7).
    SeeActivity,
}

impl CounselWork<'_> {
    /// The scope that a token needs for it.
    pub(super) const fn scope(&self) -> Scope {
        match self {
            Self::SeeCases
            | Self::SeeCase(_)
            | Self::TellInCalendar
            | Self::SeeSubmissions(_)
            | Self::SeeInbox
            | Self::SeeInboxOfCase(_)
            | Self::ReadInboxItem(..)
            | Self::SeeServiceRecord(..)
            | Self::SeeDelegations
            | Self::SeeActivity => Scope::Read,
            Self::PrepareSubmission(_)
            | Self::SubmitDocuments(_)
            | Self::FillInForm
            | Self::SendForm(_)
            | Self::DeleteInboxItem(..) => Scope::Submit,
            Self::InviteDelegate | Self::RenewDelegation(_) | Self::EndDelegation(_) => {
                Scope::Delegate
            }
        }
    }

    /// Whether only the counsel in person may do it (DEL-5).
    pub(super) const fn is_counsels_alone(&self) -> bool {
        match self {
            Self::SeeCases
            | Self::SeeCase(_)
            | Self::SeeSubmissions(_)
            | Self::PrepareSubmission(_)
            | Self::SubmitDocuments(_)
            | Self::FillInForm
            | Self::SendForm(_)
            | Self::SeeInbox
            | Self::SeeInboxOfCase(_)
            | Self::ReadInboxItem(..) => false,
            Self::TellInCalendar
            | Self::DeleteInboxItem(..)
            | Self::SeeServiceRecord(..)
            | Self::SeeDelegations
            | Self::InviteDelegate
            | Self::RenewDelegation(_)
            | Self::EndDelegation(_)
            | Self::SeeActivity => true,
        }
    }
}

/// The registry's work.
#[derive(Debug, Clone, Copy)]
pub enum RegistryWork<'a> {
    /// Open a registration (REG-1).
    OpenRegistration,
    /// See registrations.
    SeeRegistrations,
    /// Issue an access code (REG-2).
    IssueAccessCode(&'a Account),
    /// Void the codes of an account.
    VoidAccessCodes(&'a Account),
    /// Record the cell number of somebody who cannot sign in (REG-6).
    RecordCell(&'a Account),
    /// Create or update a case (CASE-1).
    FeedCase,
    /// Find a case, see what was sent on it and who read it (BOX-2).
    SeeCase,
    /// Say that nothing of a case may be deleted (PRIV-1).
    HoldCase(&'a Case),
    /// Say that it may again (PRIV-1).
    LiftHold(&'a Case),
    /// Bring in a file that is to be sent to counsel (BOX-1).
    BringDocument,
    /// Send a document to counsel (BOX-1).
    SendDocument(&'a Case),
    /// The record of service of a document that was sent.
    SeeServiceRecord(&'a InboxItem, &'a Case),
    /// List submissions (SUB-5).
    SeeSubmissions,
    /// Download a submission's files (SUB-5).
    DownloadSubmission(&'a Submission),
    /// Take a submission over (SUB-5).
    AcknowledgeSubmission(&'a Submission),
    /// The list of notices that do not arrive.
    SeeUndeliverable,
    /// Say that the person was reached otherwise, or send a notice again.
    SettleNotice(&'a Notice),
    /// Say that a notice came back.
    ReportBounce,
    /// The 48-hour queue (PRO-1).
    SeeProfileChanges,
    /// Apply or refuse a change (PRO-1).
    DecideProfileChange(&'a ProfileChange),
}

impl RegistryWork<'_> {
    /// Whether the case management system may do it too.
    pub(super) const fn is_for_machines(&self) -> bool {
        match self {
            Self::FeedCase
            | Self::SeeCase
            | Self::BringDocument
            | Self::ReportBounce
            | Self::SendDocument(_)
            | Self::SeeServiceRecord(..)
            | Self::SeeSubmissions
            | Self::DownloadSubmission(_)
            | Self::AcknowledgeSubmission(_) => true,
            Self::OpenRegistration
            | Self::SeeRegistrations
            | Self::HoldCase(_)
            | Self::LiftHold(_)
            | Self::IssueAccessCode(_)
            | Self::VoidAccessCodes(_)
            | Self::RecordCell(_)
            | Self::SeeUndeliverable
            | Self::SettleNotice(_)
            | Self::SeeProfileChanges
            | Self::DecideProfileChange(_) => false,
        }
    }
}

/// The help desk's work.
#[derive(Debug, Clone, Copy)]
pub enum HelpDeskWork<'a> {
    /// Look for accounts, or at one that was found (SEC-1).
    FindAccount,
    /// Find one by a lock code (SEC-1).
    FindByLockCode,
    /// Find one by an e-mail address (SEC-1).
    FindByEmail,
    /// Block it: it may be in wrong hands (SEC-1).
    Block(&'a Account),
    /// Unblock it (SEC-1).
    Unblock(&'a Account),
    /// Unblock a sign-in that has no account yet (SEC-1).
    UnblockSignIn(&'a SignIn),
    /// Reset its sign-in (REG-6).
    ResetSignIn(&'a Account),
    /// See the account's own audit entries.
    SeeAudit(&'a Account),
}

impl<'a> Action<'a> {
    /// The action's name in the audit trail.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::RedeemAccessCode => "redeem-access-code",
            Self::SeeInvitations => "see-invitations",
            Self::AnswerInvitation(_) => "answer-invitation",
            Self::Own(OwnWork::SeeAccount) => "see-account",
            Self::Own(OwnWork::SeeCounsels) => "see-counsels",
            Self::Own(OwnWork::SeeProfile) => "see-profile",
            Self::Own(OwnWork::ChangeProfile) => "change-profile",
            Self::Own(OwnWork::WithdrawProfileChange(_)) => "withdraw-profile-change",
            Self::Own(OwnWork::SeeTokens(_)) => "see-tokens",
            Self::Own(OwnWork::CreateToken(_)) => "create-token",
            Self::Own(OwnWork::RevokeToken(_)) => "revoke-token",
            Self::Own(OwnWork::SeeSessions) => "see-sessions",
            Self::Own(OwnWork::EndSession(_)) => "end-session",
            Self::Own(OwnWork::SignOutEverywhere(_)) => "sign-out-everywhere",
            Self::OfCounsel(_, work) => match work {
                CounselWork::SeeCases => "see-cases",
                CounselWork::SeeCase(_) => "see-case",
                CounselWork::TellInCalendar => "tell-in-calendar",
                CounselWork::SeeSubmissions(_) => "see-submissions",
                CounselWork::PrepareSubmission(_) => "prepare-submission",
                CounselWork::SubmitDocuments(_) => "submit-documents",
                CounselWork::FillInForm => "fill-in-form",
                CounselWork::SendForm(_) => "send-form",
                CounselWork::SeeInbox => "see-inbox",
                CounselWork::SeeInboxOfCase(_) => "see-inbox-of-case",
                CounselWork::ReadInboxItem(..) => "read-inbox-item",
                CounselWork::DeleteInboxItem(..) => "delete-inbox-item",
                CounselWork::SeeServiceRecord(..) => "see-service-record",
                CounselWork::SeeDelegations => "see-delegations",
                CounselWork::InviteDelegate => "invite-delegate",
                CounselWork::RenewDelegation(_) => "renew-delegation",
                CounselWork::EndDelegation(_) => "end-delegation",
                CounselWork::SeeActivity => "see-activity",
            },
            Self::OfRegistry(work) => match work {
                RegistryWork::OpenRegistration => "open-registration",
                RegistryWork::SeeRegistrations => "see-registrations",
                RegistryWork::IssueAccessCode(_) => "issue-access-code",
                RegistryWork::VoidAccessCodes(_) => "void-access-codes",
                RegistryWork::RecordCell(_) => "record-cell",
                RegistryWork::FeedCase => "feed-case",
                RegistryWork::SeeCase => "registry-see-case",
                RegistryWork::HoldCase(_) => "hold-case",
                RegistryWork::LiftHold(_) => "lift-hold",
                RegistryWork::BringDocument => "bring-document",
                RegistryWork::SendDocument(_) => "send-document",
                RegistryWork::SeeServiceRecord(..) => "registry-see-service-record",
                RegistryWork::SeeSubmissions => "registry-see-submissions",
                RegistryWork::DownloadSubmission(_) => "download-submission",
                RegistryWork::AcknowledgeSubmission(_) => "acknowledge-submission",
                RegistryWork::SeeUndeliverable => "see-undeliverable",
                RegistryWork::SettleNotice(_) => "settle-notice",
                RegistryWork::ReportBounce => "report-bounce",
                RegistryWork::SeeProfileChanges => "see-profile-changes",
                RegistryWork::DecideProfileChange(_) => "decide-profile-change",
            },
            Self::OfHelpDesk(work) => match work {
                HelpDeskWork::FindAccount => "find-account",
                HelpDeskWork::FindByLockCode => "find-account-by-lock-code",
                HelpDeskWork::FindByEmail => "find-account-by-email",
                HelpDeskWork::Block(_) => "block",
                HelpDeskWork::Unblock(_) | HelpDeskWork::UnblockSignIn(_) => "unblock",
                HelpDeskWork::ResetSignIn(_) => "reset-sign-in",
                HelpDeskWork::SeeAudit(_) => "see-audit",
            },
            Self::RunJob(job) => job.name(),
            Self::OpenStaffAccount => "open-staff-account",
            Self::BeginLog => "begin-log",
            Self::EndAccess => "end-access",
            Self::LoadDemonstration => "load-demonstration",
        }
    }

    /// The counsel whose work it is.
    pub(super) const fn on_behalf_of(&self) -> Option<AccountId> {
        match self {
            Self::OfCounsel(representation, _) => Some(representation.counsel.id),
            _ => None,
        }
    }

    /// The case that it is on.
    pub(super) const fn case(&self) -> Option<&'a Case> {
        match self {
            Self::OfCounsel(
                _,
                CounselWork::SeeCase(case)
                | CounselWork::SeeSubmissions(case)
                | CounselWork::PrepareSubmission(case)
                | CounselWork::SubmitDocuments(case)
                | CounselWork::SendForm(case)
                | CounselWork::SeeInboxOfCase(case)
                | CounselWork::ReadInboxItem(_, case)
                | CounselWork::DeleteInboxItem(_, case)
                | CounselWork::SeeServiceRecord(_, case),
            )
            | Self::OfRegistry(
                RegistryWork::SendDocument(case)
                | RegistryWork::SeeServiceRecord(_, case)
                | RegistryWork::HoldCase(case)
                | RegistryWork::LiftHold(case),
            ) => Some(case),
            _ => None,
        }
    }

    /// The record that it is about, beside the case.
    pub(super) const fn subject(&self) -> Option<Subject> {
        match self {
            Self::AnswerInvitation(delegation)
            | Self::OfCounsel(
                _,
                CounselWork::RenewDelegation(delegation) | CounselWork::EndDelegation(delegation),
            ) => Some(subject(SubjectKind::Delegation, delegation.id.uuid())),
            Self::OfCounsel(
                _,
                CounselWork::ReadInboxItem(item, _)
                | CounselWork::DeleteInboxItem(item, _)
                | CounselWork::SeeServiceRecord(item, _),
            )
            | Self::OfRegistry(RegistryWork::SeeServiceRecord(item, _)) => {
                Some(subject(SubjectKind::InboxItem, item.id.uuid()))
            }
            Self::OfRegistry(
                RegistryWork::IssueAccessCode(account)
                | RegistryWork::VoidAccessCodes(account)
                | RegistryWork::RecordCell(account),
            )
            | Self::OfHelpDesk(
                HelpDeskWork::Block(account)
                | HelpDeskWork::Unblock(account)
                | HelpDeskWork::ResetSignIn(account)
                | HelpDeskWork::SeeAudit(account),
            ) => Some(subject(SubjectKind::Account, account.id.uuid())),
            Self::OfHelpDesk(HelpDeskWork::UnblockSignIn(sign_in))
            | Self::Own(OwnWork::EndSession(sign_in) | OwnWork::SignOutEverywhere(sign_in)) => {
                Some(subject(SubjectKind::SignIn, sign_in.id.uuid()))
            }
            Self::OfRegistry(
                RegistryWork::DownloadSubmission(submission)
                | RegistryWork::AcknowledgeSubmission(submission),
            ) => Some(subject(SubjectKind::Submission, submission.id.uuid())),
            Self::OfRegistry(RegistryWork::SettleNotice(notice)) => {
                Some(subject(SubjectKind::Notice, notice.id.uuid()))
            }
            Self::OfRegistry(RegistryWork::DecideProfileChange(change))
            | Self::Own(OwnWork::WithdrawProfileChange(change)) => {
                Some(subject(SubjectKind::ProfileChange, change.id.uuid()))
            }
            Self::Own(OwnWork::RevokeToken(token)) => {
                Some(subject(SubjectKind::Token, token.id.uuid()))
            }
            _ => None,
        }
    }
}
