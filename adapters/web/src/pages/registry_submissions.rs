//! The registry's console of submissions: what came in, what is not taken over yet, the files, the acknowledgement (SUB-5, SUB-7).

use application::acknowledge_submission::acknowledge_submission;
use application::ports::records::{Cursor, Filed, Page, PageRequest, SubmissionQuery};
use application::registry_submissions::{
    find_submission, may_see_submissions, registry_submission, registry_submissions,
};
use askama::Template;
use domain::id::Id;
use poem::web::{Form, Path, Query};
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::shown::Shown;
use super::submissions::{FileLine, received_at_office};
use super::{in_words, page, page_again, see_other, status_of};
use crate::download::download_file;
use crate::entered::confirmation_number;
use crate::problem::Problem;

/// Submissions on one page of the list.
const AT_A_TIME: u32 = 50;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `all`, `done`, or those that are not taken over yet.
    show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
}

struct Line {
    address: String,
    number: String,
    file_number: String,
    machine: String,
    at: String,
    document_type: String,
    by: String,
    files: usize,
    acknowledged: Option<String>,
}

#[derive(Template)]
#[template(path = "registry_submissions.html")]
struct List {
    frame: Frame,
    here: String,
    wanted: Wanted,
    /// As it was typed.
    number: String,
    lines: Vec<Line>,
    problems: Vec<&'static str>,
    first: Option<String>,
    next: Option<String>,
}

/// What came in, the oldest first.
#[handler]
pub(super) async fn list(here: Here, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    listed(&here, wanted).await
}

/// Which submission is looked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    /// The confirmation number that somebody reads out.
    number: String,
}

/// The submission of a number, taken over or not; what is typed is in no address (PRIV-1).
#[handler]
pub(super) async fn find(
    here: Here,
    Form(Search { number }): Form<Search>,
) -> Result<Response, Problem> {
    if number.trim().is_empty() {
        return listed(&here, Wanted::default()).await;
    }
    let (app, actor) = (&here.web.app, here.signed_in()?);
    may_see_submissions(app, actor)?;
    let (found, problem) = match confirmation_number(&number) {
        Ok(number) => (find_submission(app, actor, &number).await?, None),
        Err(problem) => (None, Some(problem)),
    };
    let found = Page {
        items: Vec::from_iter(found),
        next: None,
    };
    show(&here, Wanted::default(), number, found, problem.as_ref())
}

async fn listed(here: &Here, wanted: Wanted) -> Result<Response, Problem> {
    let query = SubmissionQuery {
        acknowledged: match wanted.show.as_str() {
            "all" => None,
            "done" => Some(true),
            _ => Some(false),
        },
        page: PageRequest {
            after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
            limit: AT_A_TIME,
        },
    };
    let found = registry_submissions(&here.web.app, here.signed_in()?, &query).await?;
    show(here, wanted, String::new(), found, None)
}

fn show(
    here: &Here,
    wanted: Wanted,
    number: String,
    found: Page<Filed>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let frame = here.frame();
    let path = frame.to.registry_submissions();
    let line = |filed: &Filed| {
        let submission = &filed.submission;
        Line {
            address: frame.to.registry_submission(submission.id),
            number: submission.confirmation_number.to_string(),
            file_number: filed.file_number.to_string(),
            machine: Shown::machine(submission.received_at),
            at: received_at_office(submission, here, &frame),
            document_type: frame.show.document_type(&submission.document_type),
            by: submission.submitted_by.name.clone(),
            files: submission.files.len(),
            acknowledged: submission
                .acknowledgement
                .map(|done| frame.show.instant(done.at)),
        }
    };
    let lines = found.items.iter().map(line).collect();
    let address = |cursor: String| {
        let wanted = Wanted {
            cursor,
            ..wanted.clone()
        };
        let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
        format!("{path}?{query}")
    };
    let shown = List {
        lines,
        problems: in_words(problem, &frame),
        first: (!wanted.cursor.is_empty()).then(|| address(String::new())),
        next: found.next.map(|cursor| address(cursor.0)),
        here: path.clone(),
        wanted,
        number,
        frame,
    };
    page_again(&shown, status_of(problem))
}

#[derive(Template)]
#[template(path = "registry_submission.html")]
struct SubmissionPage {
    frame: Frame,
    here: String,
    number: String,
    file_number: String,
    case: String,
    machine: String,
    at_office: String,
    at_tribunal: String,
    document_type: String,
    by: String,
    on_behalf_of: String,
    note: String,
    service: Option<String>,
    files: Vec<(String, FileLine)>,
    acknowledged: Option<String>,
}

/// One submission with its list of documents (SUB-7).
#[handler]
pub(super) async fn see(here: Here, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let filed = registry_submission(&here.web.app, here.signed_in()?, Id::new(id)).await?;
    let frame = here.frame();
    let (submission, show) = (&filed.submission, &frame.show);
    page(&SubmissionPage {
        here: frame.to.registry_submission(submission.id),
        number: submission.confirmation_number.to_string(),
        file_number: filed.file_number.to_string(),
        case: frame.to.registry_case(&filed.file_number),
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
            .zip(1..)
            .map(|(file, number)| {
                let address = frame.to.registry_file(submission.id, number);
                (address, FileLine::new(file, &frame))
            })
            .collect(),
        acknowledged: submission.acknowledgement.map(|done| show.instant(done.at)),
        frame,
    })
}

/// Takes the submission over.
#[handler]
pub(super) async fn acknowledge(here: Here, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let filed = acknowledge_submission(&here.web.app, here.signed_in()?, Id::new(id)).await?;
    Ok(see_other(
        &here.to().registry_submission(filed.submission.id),
    ))
}

/// Gives one of its files; that it was downloaded is recorded.
#[handler]
pub(super) async fn download(
    here: Here,
    Path((id, number)): Path<(Uuid, usize)>,
    request: &Request,
) -> Result<Response, Problem> {
    let actor = here.signed_in()?;
    download_file(&here.web.app, actor, Id::new(id), number, request).await
}
