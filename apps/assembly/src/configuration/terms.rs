//! `[terms]`, `[submissions]` and `[retention]` become the domain's terms.

use domain::retention::Retention;
use domain::terms::{Terms, TermsRefused};
use time::Duration;

use super::findings::Findings;
use super::problem::At;
use super::quantity::spelled;
use super::written;

/// The terms, if they go together.
pub(super) fn terms(
    terms: &written::Terms,
    submissions: &written::Submissions,
    retention: &written::Retention,
    findings: &mut Findings<'_>,
) -> Option<Terms> {
    let written = Terms {
        delegates_at_most: terms.delegates_at_most.or_most(usize::MAX),
        delegation: terms.delegation.duration(),
        reminder: terms.reminder.duration(),
        renewal_grace: terms.renewal_grace.duration(),
        invitation: terms.invitation.duration(),
        access_code: terms.access_code.duration(),
        wrong_tries_at_most: terms.wrong_tries_at_most.or_most(u32::MAX),
        wrong_answers_at_most: terms.wrong_answers_at_most.or_most(u32::MAX),
        invitations_per_day: terms.invitations_per_day.or_most(u32::MAX),
        case_days_after_decision: terms.case_days_after_decision.or_most(u16::MAX),
        profile_change: terms.profile_change.duration(),
        recent_sign_in: terms.recent_sign_in.duration(),
        session_idle: terms.session_idle.duration(),
        session_longest: terms.session_longest.duration(),
        session_warning: terms.session_warning.duration(),
        files_at_most: submissions.files_at_most.or_most(usize::MAX),
        file_bytes_at_most: submissions.file_bytes_at_most.get(),
        note_characters_at_most: submissions.note_characters_at_most.or_most(usize::MAX),
        draft: submissions.draft.duration(),
        drafts_at_most: submissions.drafts_at_most.or_most(usize::MAX),
        upload: submissions.upload.duration(),
        uploads_at_most: submissions.uploads_at_most.or_most(usize::MAX),
        tries_per_address: terms.tries_per_address.or_most(u32::MAX),
        tries_per_sign_in: terms.tries_per_sign_in.or_most(u32::MAX),
        tries_window: terms.tries_window.duration(),
        token_longest: terms.token_longest.duration(),
        retention: Retention {
            cases: retention.cases.duration(),
            delegations: retention.delegations.duration(),
            accounts: retention.accounts.duration(),
            notices: retention.notices.duration(),
        },
    };
    let usable = written.clone().checked().ok();
    // The domain stops at the first refusal; what it refused is put right here until it finds no more.
    let (mut rest, usual) = (written.clone(), Terms::default());
    while let Err(refused) = rest.clone().checked() {
        match refused {
            TermsRefused::ReminderTooLong => {
                let reminder = ("terms.reminder", written.reminder);
                let delegation = ("terms.delegation", written.delegation);
                tell_too_long(reminder, "be shorter", delegation, findings);
                (rest.reminder, rest.delegation) = (usual.reminder, usual.delegation);
            }
            TermsRefused::IdleTooLong => {
                let idle = ("terms.session_idle", written.session_idle);
                let longest = ("terms.session_longest", written.session_longest);
                tell_too_long(idle, "not be longer", longest, findings);
                rest.session_idle = usual.session_idle;
                rest.session_longest = usual.session_longest;
            }
            TermsRefused::RetentionUnusable(key) => {
                findings.tell(&At::key(&format!("retention.{key}")), refused);
                let put_right = match key {
                    "cases" => &mut rest.retention.cases,
                    "delegations" => &mut rest.retention.delegations,
                    "accounts" => &mut rest.retention.accounts,
                    _ => &mut rest.retention.notices,
                };
                *put_right = usual.retention.cases;
            }
            TermsRefused::RetentionTooShort => {
                findings.tell(&At::key("retention.cases"), refused);
                rest.retention.cases = usual.retention.cases;
                rest.case_days_after_decision = usual.case_days_after_decision;
            }
            // Each value is in its range already.
            TermsRefused::Zero(_) | TermsRefused::TooLong(_) => {
                findings.tell(&At::key("terms"), refused);
                break;
            }
        }
    }
    usable
}

fn tell_too_long(
    (key, value): (&str, Duration),
    must: &str,
    (other, limit): (&str, Duration),
    findings: &mut Findings<'_>,
) {
    let source = findings.source_of(&At::key(other));
    let (value, limit) = (spelled(value), spelled(limit));
    let what = format!("{value} is too long: it must {must} than {other}, {limit}{source}");
    findings.tell(&At::key(key), what);
}
