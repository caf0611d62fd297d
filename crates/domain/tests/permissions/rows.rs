//! Everything that can be asked for, as the rows of a table: for each action one example with records of the counsel's, and beside
//! it, where the record decides, the same with another counsel's.

use domain::account::Account;
use domain::case::Case;
use domain::delegation::Delegation;
use domain::inbox::InboxItem;
use domain::notice::Notice;
use domain::policy::Action::{self, OfCounsel, OfHelpDesk, OfRegistry, Own};
use domain::policy::{CounselWork, HelpDeskWork, Job, OwnWork, RegistryWork, Representation};
use domain::profile_change::ProfileChange;
use domain::sign_in::SignIn;
use domain::submission::Submission;
use domain::token::Token;

/// The records that actions are about.
pub struct Records {
    pub representation: Representation,
    pub case: Case,
    pub anothers_case: Case,
    /// The counsel's, with a final decision of 45 days ago.
    pub old_case: Case,
    pub item: InboxItem,
    pub anothers_item: InboxItem,
    /// The counsel's, on a case that has gone to another counsel.
    pub lost_item: InboxItem,
    pub delegation: Delegation,
    pub anothers_delegation: Delegation,
    pub own_token: Token,
    pub anothers_token: Token,
    pub account: Account,
    /// Whoever asks, where it is an account.
    pub me: Account,
    /// Somebody's who works for the tribunal.
    pub staff: Account,
    pub sign_in: SignIn,
    /// By which whoever asks signed in; of jobs, machines and operators nobody's.
    pub own_sign_in: SignIn,
    /// One that opens somebody else's account.
    pub anothers_sign_in: SignIn,
    pub submission: Submission,
    pub change: ProfileChange,
    pub own_change: ProfileChange,
    pub anothers_change: ProfileChange,
    pub notice: Notice,
}

/// A row: what is asked for, and a word on the record where that is not the counsel's own.
pub type Row<'a> = (Action<'a>, &'static str);

/// From one list of patterns and examples: the rows of the table, and a match over every action there is. An action that is new does
/// not compile until the list has a row for it.
macro_rules! rows {
    ($records:ident: $($pattern:pat => [$($example:expr $(=> $note:literal)?),+ $(,)?];)+) => {
        pub fn rows($records: &Records) -> Vec<Row<'_>> {
            let mut rows = Vec::new();
            $($(
                let example = $example;
                assert!(matches!(example, $pattern), "{}", stringify!($pattern));
                rows.push((example, concat!($($note)?)));
            )+)+
            rows
        }

        /// The compiler's proof that no action is without a row.
        const _: fn(&Action<'_>) = |action| match action {
            $($pattern => (),)+
        };
    };
}

const fn of<'a>(records: &'a Records, work: CounselWork<'a>) -> Action<'a> {
    OfCounsel(&records.representation, work)
}

rows! { records:
    Action::SignIn => [Action::SignIn];
    Action::RedeemAccessCode => [Action::RedeemAccessCode];
    Action::SeeInvitations => [Action::SeeInvitations];
    Action::AnswerInvitation(_) => [Action::AnswerInvitation(&records.delegation)];
    Own(OwnWork::SeeAccount) => [Own(OwnWork::SeeAccount)];
    Own(OwnWork::SeeCounsels) => [Own(OwnWork::SeeCounsels)];
    Own(OwnWork::SeeProfile) => [Own(OwnWork::SeeProfile)];
    Own(OwnWork::ChangeProfile) => [Own(OwnWork::ChangeProfile)];
    Own(OwnWork::WithdrawProfileChange(_)) => [
        Own(OwnWork::WithdrawProfileChange(&records.own_change)),
        Own(OwnWork::WithdrawProfileChange(&records.anothers_change)) => "another's",
    ];
    Own(OwnWork::SeeTokens(_)) => [
        Own(OwnWork::SeeTokens(records.own_token.account)),
        Own(OwnWork::SeeTokens(records.anothers_token.account)) => "another's",
    ];
    Own(OwnWork::CreateToken(_)) => [
        Own(OwnWork::CreateToken(records.own_token.account)),
        Own(OwnWork::CreateToken(records.anothers_token.account)) => "another's",
    ];
    Own(OwnWork::RevokeToken(_)) => [
        Own(OwnWork::RevokeToken(&records.own_token)),
        Own(OwnWork::RevokeToken(&records.anothers_token)) => "another's",
    ];
    Own(OwnWork::SeeSessions) => [Own(OwnWork::SeeSessions)];
    Own(OwnWork::EndSession(_)) => [
        Own(OwnWork::EndSession(&records.own_sign_in)),
        Own(OwnWork::EndSession(&records.anothers_sign_in)) => "another's",
    ];
    Own(OwnWork::SignOutEverywhere(_)) => [
        Own(OwnWork::SignOutEverywhere(&records.own_sign_in)),
        Own(OwnWork::SignOutEverywhere(&records.anothers_sign_in)) => "another's",
    ];
    OfCounsel(_, CounselWork::SeeCases) => [of(records, CounselWork::SeeCases)];
    OfCounsel(_, CounselWork::SeeCase(_)) => [
        of(records, CounselWork::SeeCase(&records.case)),
        of(records, CounselWork::SeeCase(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::SeeCase(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::SeeSubmissions(_)) => [
        of(records, CounselWork::SeeSubmissions(&records.case)),
        of(records, CounselWork::SeeSubmissions(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::SeeSubmissions(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::SubmitDocuments(_)) => [
        of(records, CounselWork::SubmitDocuments(&records.case)),
        of(records, CounselWork::SubmitDocuments(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::SubmitDocuments(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::PrepareSubmission(_)) => [
        of(records, CounselWork::PrepareSubmission(&records.case)),
        of(records, CounselWork::PrepareSubmission(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::PrepareSubmission(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::FillInForm) => [of(records, CounselWork::FillInForm)];
    OfCounsel(_, CounselWork::SendForm(_)) => [
        of(records, CounselWork::SendForm(&records.case)),
        of(records, CounselWork::SendForm(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::SendForm(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::SeeInbox) => [of(records, CounselWork::SeeInbox)];
    OfCounsel(_, CounselWork::SeeInboxOfCase(_)) => [
        of(records, CounselWork::SeeInboxOfCase(&records.case)),
        of(records, CounselWork::SeeInboxOfCase(&records.anothers_case)) => "another counsel's",
        of(records, CounselWork::SeeInboxOfCase(&records.old_case)) => "decided 45 days ago",
    ];
    OfCounsel(_, CounselWork::ReadInboxItem(..)) => [
        of(records, CounselWork::ReadInboxItem(&records.item, &records.case)),
        of(records, CounselWork::ReadInboxItem(&records.anothers_item, &records.case)) => "another counsel's",
        of(records, CounselWork::ReadInboxItem(&records.item, &records.anothers_case)) => "not on that case",
        of(records, CounselWork::ReadInboxItem(&records.lost_item, &records.anothers_case)) => "on a case now another's",
    ];
    OfCounsel(_, CounselWork::DeleteInboxItem(..)) => [
        of(records, CounselWork::DeleteInboxItem(&records.item, &records.case)),
        of(records, CounselWork::DeleteInboxItem(&records.anothers_item, &records.case)) => "another counsel's",
        of(records, CounselWork::DeleteInboxItem(&records.item, &records.anothers_case)) => "not on that case",
        of(records, CounselWork::DeleteInboxItem(&records.lost_item, &records.anothers_case)) => "on a case now another's",
    ];
    OfCounsel(_, CounselWork::SeeServiceRecord(..)) => [
        of(records, CounselWork::SeeServiceRecord(&records.item, &records.case)),
        of(records, CounselWork::SeeServiceRecord(&records.anothers_item, &records.case)) => "another counsel's",
        of(records, CounselWork::SeeServiceRecord(&records.item, &records.anothers_case)) => "not on that case",
        of(records, CounselWork::SeeServiceRecord(&records.lost_item, &records.anothers_case)) => "on a case now another's",
    ];
    OfCounsel(_, CounselWork::TellInCalendar) => [of(records, CounselWork::TellInCalendar)];
    OfCounsel(_, CounselWork::SeeDelegations) => [of(records, CounselWork::SeeDelegations)];
    OfCounsel(_, CounselWork::InviteDelegate) => [of(records, CounselWork::InviteDelegate)];
    OfCounsel(_, CounselWork::RenewDelegation(_)) => [
        of(records, CounselWork::RenewDelegation(&records.delegation)),
        of(records, CounselWork::RenewDelegation(&records.anothers_delegation)) => "another counsel's",
    ];
    OfCounsel(_, CounselWork::EndDelegation(_)) => [
        of(records, CounselWork::EndDelegation(&records.delegation)),
        of(records, CounselWork::EndDelegation(&records.anothers_delegation)) => "another counsel's",
    ];
    OfCounsel(_, CounselWork::SeeActivity) => [of(records, CounselWork::SeeActivity)];
    OfRegistry(RegistryWork::OpenRegistration) => [OfRegistry(RegistryWork::OpenRegistration)];
    OfRegistry(RegistryWork::SeeRegistrations) => [OfRegistry(RegistryWork::SeeRegistrations)];
    OfRegistry(RegistryWork::IssueAccessCode(_)) => [
        OfRegistry(RegistryWork::IssueAccessCode(&records.account)),
        OfRegistry(RegistryWork::IssueAccessCode(&records.staff)) => "staff's",
    ];
    OfRegistry(RegistryWork::VoidAccessCodes(_)) => [
        OfRegistry(RegistryWork::VoidAccessCodes(&records.account)),
        OfRegistry(RegistryWork::VoidAccessCodes(&records.staff)) => "staff's",
    ];
    OfRegistry(RegistryWork::RecordCell(_)) => [
        OfRegistry(RegistryWork::RecordCell(&records.account)),
        OfRegistry(RegistryWork::RecordCell(&records.staff)) => "staff's",
    ];
    OfRegistry(RegistryWork::FeedCase) => [OfRegistry(RegistryWork::FeedCase)];
    OfRegistry(RegistryWork::SeeCase) => [OfRegistry(RegistryWork::SeeCase)];
    OfRegistry(RegistryWork::HoldCase(_)) => [OfRegistry(RegistryWork::HoldCase(&records.case))];
    OfRegistry(RegistryWork::LiftHold(_)) => [OfRegistry(RegistryWork::LiftHold(&records.case))];
    OfRegistry(RegistryWork::BringDocument) => [OfRegistry(RegistryWork::BringDocument)];
    OfRegistry(RegistryWork::SendDocument(_)) => [
        OfRegistry(RegistryWork::SendDocument(&records.case)),
    ];
    OfRegistry(RegistryWork::SeeServiceRecord(..)) => [
        OfRegistry(RegistryWork::SeeServiceRecord(&records.item, &records.case)),
    ];
    OfRegistry(RegistryWork::SeeSubmissions) => [OfRegistry(RegistryWork::SeeSubmissions)];
    OfRegistry(RegistryWork::DownloadSubmission(_)) => [
        OfRegistry(RegistryWork::DownloadSubmission(&records.submission)),
    ];
    OfRegistry(RegistryWork::AcknowledgeSubmission(_)) => [
        OfRegistry(RegistryWork::AcknowledgeSubmission(&records.submission)),
    ];
    OfRegistry(RegistryWork::SeeUndeliverable) => [OfRegistry(RegistryWork::SeeUndeliverable)];
    OfRegistry(RegistryWork::SettleNotice(_)) => [
        OfRegistry(RegistryWork::SettleNotice(&records.notice)),
    ];
    OfRegistry(RegistryWork::ReportBounce) => [OfRegistry(RegistryWork::ReportBounce)];
    OfRegistry(RegistryWork::SeeProfileChanges) => [OfRegistry(RegistryWork::SeeProfileChanges)];
    OfRegistry(RegistryWork::DecideProfileChange(_)) => [
        OfRegistry(RegistryWork::DecideProfileChange(&records.change)),
    ];
    OfHelpDesk(HelpDeskWork::FindAccount) => [OfHelpDesk(HelpDeskWork::FindAccount)];
    OfHelpDesk(HelpDeskWork::FindByLockCode) => [OfHelpDesk(HelpDeskWork::FindByLockCode)];
    OfHelpDesk(HelpDeskWork::FindByEmail) => [OfHelpDesk(HelpDeskWork::FindByEmail)];
    OfHelpDesk(HelpDeskWork::Block(_)) => [
        OfHelpDesk(HelpDeskWork::Block(&records.account)),
        OfHelpDesk(HelpDeskWork::Block(&records.me)) => "oneself",
    ];
    OfHelpDesk(HelpDeskWork::Unblock(_)) => [OfHelpDesk(HelpDeskWork::Unblock(&records.account))];
    OfHelpDesk(HelpDeskWork::UnblockSignIn(_)) => [
        OfHelpDesk(HelpDeskWork::UnblockSignIn(&records.sign_in)) => "a sign-in without account",
    ];
    OfHelpDesk(HelpDeskWork::ResetSignIn(_)) => [
        OfHelpDesk(HelpDeskWork::ResetSignIn(&records.account)),
    ];
    OfHelpDesk(HelpDeskWork::SeeAudit(_)) => [OfHelpDesk(HelpDeskWork::SeeAudit(&records.account))];
    Action::RunJob(_) => [
        Action::RunJob(Job::DeliverNotices),
        Action::RunJob(Job::Purge),
    ];
    Action::OpenStaffAccount => [Action::OpenStaffAccount];
    Action::BeginLog => [Action::BeginLog];
    Action::EndAccess => [Action::EndAccess];
    Action::LoadDemonstration => [Action::LoadDemonstration];
}
