//! The record of service of a document from the tribunal, for its counsel and for the registry: to read, to print, and to download with the
//! tribunal's signature.

use application::service_record::{
    LookedForIn, SeenServiceRecord, see_service_record, sign_service_record,
};
use askama::Template;
use domain::case::FileNumber;
use domain::code::Code;
use domain::document::FileName;
use domain::id::Id;
use poem::http::header;
use poem::web::Path;
use poem::{IntoResponse, Response, handler};
use receipts::service_record::{Capacity, FirstReading};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::page;
use super::receipt::shown;
use crate::download::attachment;
use crate::entered::file_number;
use crate::problem::Problem;

struct ReadingLine {
    name: String,
    capacity: &'static str,
    machine: String,
    at: String,
}

#[derive(Template)]
#[template(path = "service_record.html")]
struct ServiceRecordPage {
    frame: Frame,
    /// The way here: the pages above, each with its name.
    trail: Vec<(String, String)>,
    file: String,
    verifying: String,
    title: String,
    file_number: String,
    document_type: String,
    name: String,
    size: String,
    sha256: String,
    counsel: String,
    machine: String,
    at_office: String,
    at_tribunal: String,
    readings: Vec<ReadingLine>,
    deleted: Option<String>,
    as_of_machine: String,
    as_of: String,
}

/// An instant of the record in the tribunal's zone; as it is written there, should it not be one.
fn instant(frame: &Frame, at: &str) -> String {
    OffsetDateTime::parse(at, &Rfc3339)
        .map_or_else(|_| at.to_owned(), |instant| frame.show.instant(instant))
}

fn reading_line(frame: &Frame, reading: &FirstReading) -> ReadingLine {
    ReadingLine {
        name: reading.name.clone(),
        capacity: match reading.capacity {
            Capacity::Counsel => frame.t.service_record_as_counsel(),
            Capacity::Delegate => frame.t.service_record_as_delegate(),
        },
        machine: reading.first_read_at.clone(),
        at: instant(frame, &reading.first_read_at),
    }
}

fn shown_page(
    here: &Here,
    frame: Frame,
    seen: &SeenServiceRecord,
    trail: Vec<(String, String)>,
    file: String,
) -> Result<Response, Problem> {
    let (says, show) = (&seen.says, &frame.show);
    let document_type = Code::parse(&says.document_type).map_or_else(
        |_| says.document_type.clone(),
        |code| show.tribunal_document_type(&code),
    );
    let at = &says.made_available_at;
    let deleted = says.deleted_from_general_inbox_at.as_ref();
    page(&ServiceRecordPage {
        trail,
        file,
        verifying: frame.to.verifying(),
        title: says.title.clone(),
        file_number: says.file_number.clone(),
        document_type,
        name: says.document.name.clone(),
        size: show.size(says.document.size),
        sha256: says.document.sha256.clone(),
        counsel: says.counsel.name.clone(),
        machine: at.clone(),
        at_office: shown(here, &frame, at, &says.made_available_office),
        at_tribunal: shown(here, &frame, at, &says.made_available_tribunal),
        readings: says
            .readings
            .iter()
            .map(|reading| reading_line(&frame, reading))
            .collect(),
        deleted: deleted.map(|at| instant(&frame, at)),
        as_of_machine: says.as_of.clone(),
        as_of: instant(&frame, &says.as_of),
        frame,
    })
}

/// The signed file, under a name in the page's language.
async fn signed(here: &Here, place: LookedForIn<'_>, item: Uuid) -> Result<Response, Problem> {
    let app = &here.web.app;
    let signed = sign_service_record(app, here.signed_in()?, place, Id::new(item)).await?;
    let name = here
        .words()
        .service_record_file_name(&signed.seen.says.file_number);
    let text = signed.file.to_json();
    let text = text.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(text
        .with_content_type("application/json")
        .with_header(
            header::CONTENT_DISPOSITION,
            attachment(&FileName::from_sender(&name)),
        )
        .into_response())
}

/// Counsel's own.
#[handler]
pub(super) async fn of_counsel(
    here: Here,
    Path((counsel, item)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (counsel, item) = (Id::new(counsel), Id::new(item));
    let place = LookedForIn::InboxOf(counsel);
    let seen = see_service_record(&here.web.app, here.signed_in()?, place, item).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let to = frame.to;
    let trail = vec![
        (to.cases(counsel), frame.t.my_cases().to_owned()),
        (
            to.case(counsel, seen.case.id),
            seen.case.file_number.to_string(),
        ),
        (
            to.case_inbox(counsel, seen.case.id),
            frame.t.inbox().to_owned(),
        ),
    ];
    let file = to.service_record_file(counsel, item);
    shown_page(&here, frame, &seen, trail, file)
}

/// Counsel's own, signed.
#[handler]
pub(super) async fn file_of_counsel(
    here: Here,
    Path((counsel, item)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    signed(&here, LookedForIn::InboxOf(Id::new(counsel)), item).await
}

/// The registry's.
#[handler]
pub(super) async fn of_registry(
    here: Here,
    Path((number, item)): Path<(String, Uuid)>,
) -> Result<Response, Problem> {
    let actor = here.signed_in()?;
    let number: FileNumber = file_number(&number)?;
    let (place, item) = (LookedForIn::Case(&number), Id::new(item));
    let seen = see_service_record(&here.web.app, actor, place, item).await?;
    let frame = here.frame();
    let to = frame.to;
    let trail = vec![
        (to.registry_cases(), frame.t.registry_cases().to_owned()),
        (to.registry_case(&number), number.to_string()),
    ];
    let file = to.registry_service_record_file(&number, item);
    shown_page(&here, frame, &seen, trail, file)
}

/// The registry's, signed.
#[handler]
pub(super) async fn file_of_registry(
    here: Here,
    Path((number, item)): Path<(String, Uuid)>,
) -> Result<Response, Problem> {
    here.signed_in()?;
    let number = file_number(&number)?;
    signed(&here, LookedForIn::Case(&number), item).await
}
