//! Submission history, and one entry of it with its confirmation number, which is also what a sender sees after sending (SUB-2, SUB-4).

use application::list_submissions::list_submissions;
use application::ports::records::{Cursor, PageRequest};
use application::see_submission::see_submission;
use askama::Template;
use domain::account::AccountId;
use domain::document::MediaType;
use domain::id::Id;
use domain::submission::{Submission, SubmittedFile};
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::page;
use super::shown::Shown;
use crate::problem::Problem;

/// Entries on one page of the history.
const AT_A_TIME: u32 = 20;

/// An entry in a list.
pub(super) struct Entry {
    pub(super) address: String,
    pub(super) number: String,
    pub(super) machine: String,
    pub(super) at: String,
    pub(super) document_type: String,
    pub(super) by: String,
    /// For whom, where it is somebody else.
    pub(super) on_behalf_of: Option<String>,
    pub(super) files: Vec<String>,
    /// When the registry took it over.
    pub(super) acknowledged: Option<String>,
}

/// Entries as a list shows them, by the clock of the office that held the file.
pub(super) fn entries(
    submissions: &[Submission],
    counsel: AccountId,
    here: &Here,
    frame: &Frame,
) -> Vec<Entry> {
    let entry = |submission: &Submission| Entry {
        address: frame.to.submission(counsel, submission.case, submission.id),
        number: submission.confirmation_number.to_string(),
        machine: Shown::machine(submission.received_at),
        at: received_at_office(submission, here, frame),
        document_type: frame.show.document_type(&submission.document_type),
        by: submission.submitted_by.name.clone(),
        on_behalf_of: (submission.submitted_by.account != submission.on_behalf_of.account)
            .then(|| submission.on_behalf_of.name.clone()),
        files: submission
            .files
            .iter()
            .map(|file| match file.media_type {
                // A form, whose file nobody named.
                MediaType::Html => frame.show.document_type(&submission.document_type),
                _ => file.name.as_str().to_owned(),
            })
            .collect(),
        acknowledged: acknowledged(submission, frame),
    };
    submissions.iter().map(entry).collect()
}

/// When the registry took it over (SUB-5).
fn acknowledged(submission: &Submission, frame: &Frame) -> Option<String> {
    let taken_over = submission.acknowledgement;
    taken_over.map(|taken_over| frame.show.instant(taken_over.at))
}

/// When it was received, where the file is: by this time timeliness is judged (SUB-6).
pub(super) fn received_at_office(submission: &Submission, here: &Here, frame: &Frame) -> String {
    let app = &here.web.app;
    let zone = submission
        .judged_in(&*app.zones)
        .unwrap_or_else(|| app.tribunal.zone.clone());
    frame.show.instant_in(submission.received_at, &zone)
}

#[derive(Template)]
#[template(path = "history.html")]
struct History {
    frame: Frame,
    cases: String,
    case: String,
    file_number: String,
    submit: String,
    entries: Vec<Entry>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    cursor: String,
}

/// Submission history of a case.
#[handler]
pub(super) async fn see_history(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
    Query(place): Query<Place>,
) -> Result<Response, Problem> {
    let wanted = PageRequest {
        after: (!place.cursor.is_empty()).then(|| Cursor(place.cursor.clone())),
        limit: AT_A_TIME,
    };
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    let found = list_submissions(&here.web.app, here.signed_in()?, counsel, case, &wanted).await?;
    let frame = here.frame_for(&found.counsel).await?;
    let path = frame.to.history(counsel, case);
    page(&History {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, case),
        file_number: found.case.file_number.to_string(),
        submit: frame.to.submit(counsel, case),
        entries: entries(&found.page.items, counsel, &here, &frame),
        first: wanted.after.is_some().then(|| path.clone()),
        next: found.page.next.and_then(|cursor| {
            let query = serde_urlencoded::to_string([("cursor", cursor.0)]).ok()?;
            Some(format!("{path}?{query}"))
        }),
        frame,
    })
}

/// A file as it is listed.
pub(super) struct FileLine {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) size: String,
    pub(super) pages: Option<u32>,
    pub(super) sha256: String,
}

impl FileLine {
    pub(super) fn new(file: &SubmittedFile, frame: &Frame) -> Self {
        Self {
            name: file.name.as_str().to_owned(),
            title: file.title.clone().unwrap_or_default(),
            size: frame.show.size(file.size),
            pages: file.pages,
            sha256: file.sha256.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    frame: Frame,
    cases: String,
    case: String,
    history: String,
    /// Where the signed receipt is, if there is one.
    receipt: Option<String>,
    file_number: String,
    number: String,
    just_sent: bool,
    /// Somebody meant to discard it, and it was sent before.
    sent_before: bool,
    machine: String,
    at_office: String,
    at_tribunal: String,
    document_type: String,
    by: String,
    on_behalf_of: String,
    note: String,
    service: Option<String>,
    files: Vec<FileLine>,
    /// The same documents on other cases: the case's number, the confirmation number, its page.
    also: Vec<(String, String, String)>,
    acknowledged: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set by the redirect after sending.
    sent: bool,
    /// Set by the redirect after an attempt to discard what was sent.
    sent_before: bool,
}

/// One entry, with its confirmation number.
#[handler]
pub(super) async fn see_entry(
    here: Here,
    Path((counsel, case, id)): Path<(Uuid, Uuid, Uuid)>,
    Query(asked): Query<Seen>,
) -> Result<Response, Problem> {
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    let seen = see_submission(&here.web.app, here.signed_in()?, counsel, case, Id::new(id)).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let submission = &seen.submission;
    let show = &frame.show;
    page(&SubmissionPage {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, case),
        history: frame.to.history(counsel, case),
        receipt: seen
            .has_receipt
            .then(|| frame.to.receipt(counsel, case, submission.id)),
        file_number: seen.case.file_number.to_string(),
        number: submission.confirmation_number.to_string(),
        just_sent: asked.sent,
        sent_before: asked.sent_before,
        machine: Shown::machine(submission.received_at),
        at_office: received_at_office(submission, &here, &frame),
        at_tribunal: show.instant(submission.received_at),
        document_type: show.document_type(&submission.document_type),
        by: submission.submitted_by.name.clone(),
        on_behalf_of: submission.on_behalf_of.name.clone(),
        note: submission.note.clone(),
        service: submission.service.as_ref().map(|service| {
            frame
                .t
                .submission_service_given(show.date(service.on), &service.how)
        }),
        files: submission
            .files
            .iter()
            .map(|file| FileLine::new(file, &frame))
            .collect(),
        also: seen
            .also
            .iter()
            .map(|filed| {
                let other = &filed.submission;
                (
                    filed.file_number.to_string(),
                    other.confirmation_number.to_string(),
                    frame.to.submission(counsel, other.case, other.id),
                )
            })
            .collect(),
        acknowledged: acknowledged(submission, &frame),
        frame,
    })
}
