//! The pages' addresses, said once: templates and redirects take them from here, the routes are beside them.

use domain::account::AccountId;
use domain::case::{CaseId, FileNumber};
use domain::form::FormKind;
use domain::inbox::InboxItemId;
use domain::person::Language;
use domain::profile_change::ProfileChangeId;
use domain::submission::SubmissionId;

use application::draft::DraftId;
use application::form_draft::FormDraftId;
use uuid::Uuid;

/// Routes under `/fr` and `/en`.
pub(super) mod route {
    pub(crate) const HOME: &str = "/";
    pub(crate) const ACCOUNT: &str = "/account";
    pub(crate) const SIGN_OUT: &str = "/sign-out";
    pub(crate) const SESSION: &str = "/session";
    pub(crate) const SIGN_OUT_EVERYWHERE: &str = "/sign-out-everywhere";
    pub(crate) const SESSIONS: &str = "/account/sessions";
    pub(crate) const COUNSELS: &str = "/counsels";
    pub(crate) const CASES: &str = "/counsels/:counsel/cases";
    pub(crate) const CASES_TABLE: &str = "/counsels/:counsel/cases.csv";
    pub(crate) const HEARINGS: &str = "/counsels/:counsel/hearings.ics";
    pub(crate) const CASE_HEARINGS: &str = "/counsels/:counsel/cases/:case/hearings.ics";
    pub(crate) const CASE: &str = "/counsels/:counsel/cases/:case";
    pub(crate) const HISTORY: &str = "/counsels/:counsel/cases/:case/submissions";
    pub(crate) const SUBMIT: &str = "/counsels/:counsel/cases/:case/submit";
    pub(crate) const SUBMISSION: &str = "/counsels/:counsel/cases/:case/submissions/:submission";
    pub(crate) const RECEIPT: &str =
        "/counsels/:counsel/cases/:case/submissions/:submission/receipt";
    pub(crate) const RECEIPT_FILE: &str =
        "/counsels/:counsel/cases/:case/submissions/:submission/receipt/file";
    pub(crate) const VERIFYING: &str = "/receipts";
    pub(crate) const REGISTER: &str = "/register";
    pub(crate) const TOKENS: &str = "/account/tokens";
    pub(crate) const REGISTRATIONS: &str = "/registry/registrations";
    pub(crate) const OPEN_REGISTRATION: &str = "/registry/registrations/new";
    pub(crate) const REGISTRATION: &str = "/registry/registrations/:registration";
    pub(crate) const HELP: &str = "/help";
    pub(crate) const PRIVACY: &str = "/privacy";
    pub(crate) const HELP_DESK: &str = "/help-desk";
    pub(crate) const FOUND: &str = "/help-desk/accounts/:account";
    pub(crate) const DELEGATES: &str = "/counsels/:counsel/delegates";
    pub(crate) const INVITE: &str = "/counsels/:counsel/delegates/new";
    pub(crate) const INVITATIONS: &str = "/invitations";
    pub(crate) const CHANGE_PROFILE: &str = "/account/change";
    pub(crate) const UNDELIVERED: &str = "/registry/undelivered";
    pub(crate) const PROFILE_CHANGES: &str = "/registry/profile-changes";
    pub(crate) const PROFILE_CHANGE: &str = "/registry/profile-changes/:change";
    pub(crate) const INBOX: &str = "/counsels/:counsel/inbox";
    pub(crate) const CASE_INBOX: &str = "/counsels/:counsel/cases/:case/inbox";
    pub(crate) const DOCUMENT: &str = "/counsels/:counsel/inbox/:item/document";
    pub(crate) const SERVICE_RECORD: &str = "/counsels/:counsel/inbox/:item/service-record";
    pub(crate) const SERVICE_RECORD_FILE: &str =
        "/counsels/:counsel/inbox/:item/service-record/file";
    pub(crate) const REGISTRY_SERVICE_RECORD: &str =
        "/registry/cases/:number/documents/:item/service-record";
    pub(crate) const REGISTRY_SERVICE_RECORD_FILE: &str =
        "/registry/cases/:number/documents/:item/service-record/file";
    pub(crate) const ACTIVITY_TABLE: &str = "/counsels/:counsel/activity.csv";
    pub(crate) const ACTIVITY: &str = "/counsels/:counsel/activity";
    pub(crate) const REGISTRY_CASES: &str = "/registry/cases";
    pub(crate) const REGISTRY_CASE: &str = "/registry/cases/:number";
    pub(crate) const REGISTRY_HOLD: &str = "/registry/cases/:number/hold";
    pub(crate) const REGISTRY_SUBMISSIONS: &str = "/registry/submissions";
    pub(crate) const REGISTRY_SUBMISSION: &str = "/registry/submissions/:submission";
    pub(crate) const REGISTRY_FILE: &str = "/registry/submissions/:submission/files/:number";
    pub(crate) const FORMS: &str = "/counsels/:counsel/forms";
    pub(crate) const FORM: &str = "/counsels/:counsel/forms/:form";
    pub(crate) const FORM_DRAFT: &str = "/counsels/:counsel/form-drafts/:draft";
    pub(crate) const FORM_REVIEW: &str = "/counsels/:counsel/form-drafts/:draft/review";
    pub(crate) const FORM_SENT: &str = "/counsels/:counsel/form-drafts/:draft/sent";
    pub(crate) const DRAFT: &str = "/counsels/:counsel/drafts/:draft";
}

/// Where things are, in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct To {
    language: Language,
}

impl To {
    pub(crate) const fn in_language(language: Language) -> Self {
        Self { language }
    }

    fn path(self, rest: &str) -> String {
        format!("/{}{rest}", self.language.code())
    }

    pub(crate) fn home(self) -> String {
        self.path(route::HOME)
    }

    pub(crate) fn help(self) -> String {
        self.path(route::HELP)
    }

    /// One subject of the help, by the id of its heading.
    pub(crate) fn help_with(self, subject: &str) -> String {
        format!("{}#{subject}", self.help())
    }

    pub(crate) fn privacy(self) -> String {
        self.path(route::PRIVACY)
    }

    pub(crate) fn account(self) -> String {
        self.path(route::ACCOUNT)
    }

    /// The API's, which has no language.
    pub(crate) fn uploads(counsel: AccountId, case: CaseId) -> String {
        format!("/api/v1/counsels/{counsel}/cases/{case}/uploads")
    }

    pub(crate) fn session(self) -> String {
        self.path(route::SESSION)
    }

    pub(crate) fn sign_out(self) -> String {
        self.path(route::SIGN_OUT)
    }

    pub(crate) fn sessions(self) -> String {
        self.path(route::SESSIONS)
    }

    pub(crate) fn sign_out_everywhere(self) -> String {
        self.path(route::SIGN_OUT_EVERYWHERE)
    }

    pub(crate) fn register(self) -> String {
        self.path(route::REGISTER)
    }

    pub(crate) fn tokens(self) -> String {
        self.path(route::TOKENS)
    }

    pub(crate) fn registrations(self) -> String {
        self.path(route::REGISTRATIONS)
    }

    pub(crate) fn open_registration(self) -> String {
        self.path(route::OPEN_REGISTRATION)
    }

    pub(crate) fn registration(self, account: AccountId) -> String {
        format!("{}/{account}", self.registrations())
    }

    pub(crate) fn help_desk(self) -> String {
        self.path(route::HELP_DESK)
    }

    pub(crate) fn found(self, id: Uuid) -> String {
        self.path(&format!("/help-desk/accounts/{id}"))
    }

    pub(crate) fn counsels(self) -> String {
        self.path(route::COUNSELS)
    }

    pub(crate) fn cases(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/cases"))
    }

    pub(crate) fn cases_table(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/cases.csv"))
    }

    pub(crate) fn hearings(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/hearings.ics"))
    }

    pub(crate) fn case_hearings(self, counsel: AccountId, case: CaseId) -> String {
        format!("{}/hearings.ics", self.case(counsel, case))
    }

    pub(crate) fn delegates(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/delegates"))
    }

    pub(crate) fn invite(self, counsel: AccountId) -> String {
        format!("{}/new", self.delegates(counsel))
    }

    pub(crate) fn invitations(self) -> String {
        self.path(route::INVITATIONS)
    }

    pub(crate) fn case(self, counsel: AccountId, case: CaseId) -> String {
        format!("{}/{case}", self.cases(counsel))
    }

    pub(crate) fn history(self, counsel: AccountId, case: CaseId) -> String {
        format!("{}/submissions", self.case(counsel, case))
    }

    pub(crate) fn submit(self, counsel: AccountId, case: CaseId) -> String {
        format!("{}/submit", self.case(counsel, case))
    }

    pub(crate) fn submission(
        self,
        counsel: AccountId,
        case: CaseId,
        submission: SubmissionId,
    ) -> String {
        format!("{}/{submission}", self.history(counsel, case))
    }

    pub(crate) fn change_profile(self) -> String {
        self.path(route::CHANGE_PROFILE)
    }

    pub(crate) fn undelivered(self) -> String {
        self.path(route::UNDELIVERED)
    }

    pub(crate) fn profile_changes(self) -> String {
        self.path(route::PROFILE_CHANGES)
    }

    pub(crate) fn profile_change(self, change: ProfileChangeId) -> String {
        format!("{}/{change}", self.profile_changes())
    }

    pub(crate) fn receipt(
        self,
        counsel: AccountId,
        case: CaseId,
        submission: SubmissionId,
    ) -> String {
        format!("{}/receipt", self.submission(counsel, case, submission))
    }

    pub(crate) fn receipt_file(
        self,
        counsel: AccountId,
        case: CaseId,
        submission: SubmissionId,
    ) -> String {
        format!("{}/file", self.receipt(counsel, case, submission))
    }

    pub(crate) fn verifying(self) -> String {
        self.path(route::VERIFYING)
    }

    pub(crate) fn inbox(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/inbox"))
    }

    pub(crate) fn case_inbox(self, counsel: AccountId, case: CaseId) -> String {
        format!("{}/inbox", self.case(counsel, case))
    }

    pub(crate) fn document(self, counsel: AccountId, item: InboxItemId) -> String {
        format!("{}/{item}/document", self.inbox(counsel))
    }

    pub(crate) fn service_record(self, counsel: AccountId, item: InboxItemId) -> String {
        format!("{}/{item}/service-record", self.inbox(counsel))
    }

    pub(crate) fn service_record_file(self, counsel: AccountId, item: InboxItemId) -> String {
        format!("{}/file", self.service_record(counsel, item))
    }

    pub(crate) fn registry_service_record(self, number: &FileNumber, item: InboxItemId) -> String {
        format!(
            "{}/documents/{item}/service-record",
            self.registry_case(number)
        )
    }

    pub(crate) fn registry_service_record_file(
        self,
        number: &FileNumber,
        item: InboxItemId,
    ) -> String {
        format!("{}/file", self.registry_service_record(number, item))
    }

    pub(crate) fn activity(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/activity"))
    }

    pub(crate) fn activity_table(self, counsel: AccountId) -> String {
        format!("{}.csv", self.activity(counsel))
    }

    pub(crate) fn registry_cases(self) -> String {
        self.path(route::REGISTRY_CASES)
    }

    pub(crate) fn registry_case(self, number: &FileNumber) -> String {
        format!("{}/{number}", self.registry_cases())
    }

    pub(crate) fn registry_hold(self, number: &FileNumber) -> String {
        format!("{}/hold", self.registry_case(number))
    }

    pub(crate) fn registry_submissions(self) -> String {
        self.path(route::REGISTRY_SUBMISSIONS)
    }

    pub(crate) fn registry_submission(self, submission: SubmissionId) -> String {
        format!("{}/{submission}", self.registry_submissions())
    }

    pub(crate) fn registry_file(self, submission: SubmissionId, number: usize) -> String {
        format!("{}/files/{number}", self.registry_submission(submission))
    }

    pub(crate) fn forms(self, counsel: AccountId) -> String {
        self.path(&format!("/counsels/{counsel}/forms"))
    }

    pub(crate) fn form(self, counsel: AccountId, kind: FormKind) -> String {
        format!("{}/{}", self.forms(counsel), kind.code())
    }

    pub(crate) fn form_draft(self, counsel: AccountId, draft: FormDraftId) -> String {
        self.path(&format!("/counsels/{counsel}/form-drafts/{draft}"))
    }

    pub(crate) fn form_review(self, counsel: AccountId, draft: FormDraftId) -> String {
        format!("{}/review", self.form_draft(counsel, draft))
    }

    pub(crate) fn form_sent(self, counsel: AccountId, draft: FormDraftId) -> String {
        format!("{}/sent", self.form_draft(counsel, draft))
    }

    pub(crate) fn draft(self, counsel: AccountId, draft: DraftId) -> String {
        self.path(&format!("/counsels/{counsel}/drafts/{draft}"))
    }
}

/// An address of this portal's own pages that somebody wants to come back to. Anything else is none: a sign-in never leads elsewhere.
pub(crate) fn own_page(text: &str) -> Option<&str> {
    let own = ["/fr/", "/en/"].iter().any(|start| text.starts_with(start));
    let plain = text.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    (own && plain && !text.contains("//")).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::own_page;

    /// PRIV-1: what somebody types is in no address: forms that put what they hold there have nothing in which one could type a name, and
    /// nothing that was searched for.
    #[test]
    fn no_page_asks_for_a_name_in_its_address() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut forms = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let template = fs::read_to_string(&path).unwrap();
            assert!(!template.contains("?q="), "{}", path.display());
            for form in template.split("<form method=\"get\"").skip(1) {
                let form = form.split("</form>").next().unwrap();
                forms += 1;
                for input in form.split("<input ").skip(1) {
                    let input = input.split('>').next().unwrap();
                    let chosen = ["hidden", "date", "checkbox"];
                    let is_chosen = |kind| input.contains(&format!("type=\"{kind}\""));
                    // The number of an invitation is no person's: it only says which one is meant.
                    let of_invitation = path.ends_with("invitations.html");
                    assert!(
                        of_invitation || chosen.into_iter().any(is_chosen),
                        "{}: {input}",
                        path.display()
                    );
                    assert!(!input.contains("name=\"q\""), "{}", path.display());
                }
                let typed = form.contains("<textarea") || form.contains("cases_wanted.html");
                assert!(!typed, "{}", path.display());
            }
        }
        assert!(forms > 5, "{forms}");
    }

    /// REG-8: one goes back to what one was doing, and never to another site.
    #[test]
    fn only_own_pages_can_be_come_back_to() {
        assert!(own_page("/fr/counsels/1/cases?q=a&sort=name").is_some());
        for elsewhere in [
            "https://elsewhere.example/fr/",
            "//elsewhere.example/fr/",
            "/fr//elsewhere.example",
            "/fr/\\elsewhere.example",
            "/api/v1/me",
            "/fr/\r\nSet-Cookie: a=b",
            "",
        ] {
            assert_eq!(own_page(elsewhere), None, "{elsewhere}");
        }
    }
}
