//! A submission's signed receipt, to read, to print and to download; and for anybody how a receipt is verified.

use application::receipt::{SeenReceipt, see_receipt, verifier_keys};
use askama::Template;
use domain::code::Code;
use domain::document::FileName;
use domain::id::Id;
use domain::tribunal_time::ZoneName;
use poem::http::header;
use poem::web::Path;
use poem::{IntoResponse, Response, handler};
use receipts::receipt::LocalTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::page;
use crate::download::attachment;
use crate::problem::Problem;

/// A file of the receipt.
struct Line {
    name: String,
    size: String,
    pages: Option<u32>,
    sha256: String,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    frame: Frame,
    cases: String,
    case: String,
    submission: String,
    file: String,
    verifying: String,
    number: String,
    file_number: String,
    machine: String,
    at_office: String,
    at_tribunal: String,
    document_type: String,
    by: String,
    on_behalf_of: String,
    files: Vec<Line>,
    key: String,
    signature: String,
    place: Option<(String, String)>,
}

type Address = Path<(Uuid, Uuid, Uuid)>;

async fn seen(here: &Here, Path((counsel, case, id)): Address) -> Result<SeenReceipt, Problem> {
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    let actor = here.signed_in()?;
    Ok(see_receipt(&here.web.app, actor, counsel, case, Id::new(id)).await?)
}

/// An instant of a signed statement in one of its zones; as it is written there, where this program's tz database does not know the zone.
pub(super) fn shown(here: &Here, frame: &Frame, at: &str, local: &LocalTime) -> String {
    let zone = ZoneName::parse(&local.zone, &*here.web.app.zones);
    match (OffsetDateTime::parse(at, &Rfc3339), zone) {
        (Ok(at), Ok(zone)) => frame.show.instant_in(at, &zone),
        _ => local.time.clone(),
    }
}

/// What the receipt says.
#[handler]
pub(super) async fn read_receipt(here: Here, address: Address) -> Result<Response, Problem> {
    let seen = seen(&here, address).await?;
    let frame = here.frame_for(&seen.of.counsel).await?;
    let (counsel, case) = (seen.of.counsel.id, seen.of.case.id);
    let (says, show) = (&seen.says, &frame.show);
    let lines = says.files.iter().map(|file| Line {
        name: file.name.clone(),
        size: show.size(file.size),
        pages: file.pages,
        sha256: file.sha256.clone(),
    });
    let document_type = Code::parse(&says.document_type).map_or_else(
        |_| says.document_type.clone(),
        |code| show.document_type(&code),
    );
    let id = seen.of.submission.id;
    page(&ReceiptPage {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, case),
        submission: frame.to.submission(counsel, case, id),
        file: frame.to.receipt_file(counsel, case, id),
        verifying: frame.to.verifying(),
        number: says.confirmation_number.clone(),
        file_number: says.file_number.clone(),
        machine: says.received_at.clone(),
        at_office: shown(&here, &frame, &says.received_at, &says.received_office),
        at_tribunal: shown(&here, &frame, &says.received_at, &says.received_tribunal),
        document_type,
        by: says.submitted_by.clone(),
        on_behalf_of: says.on_behalf_of.clone(),
        files: lines.collect(),
        key: seen.file.signed.key().to_owned(),
        signature: seen.file.signature(),
        place: seen
            .place
            .map(|(index, size)| ((index + 1).to_string(), size.to_string())),
        frame,
    })
}

/// The file, under a name in the page's language.
#[handler]
pub(super) async fn download_receipt(here: Here, address: Address) -> Result<Response, Problem> {
    let seen = seen(&here, address).await?;
    let name = here
        .words()
        .receipt_file_name(&seen.says.confirmation_number);
    let text = seen.file.to_json();
    let text = text.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(text
        .with_content_type("application/json")
        .with_header(
            header::CONTENT_DISPOSITION,
            attachment(&FileName::from_sender(&name)),
        )
        .into_response())
}

#[derive(Template)]
#[template(path = "verifying.html")]
struct Verifying {
    frame: Frame,
    keys: Vec<String>,
}

/// How anybody verifies a receipt, and with which key.
#[handler]
pub(super) fn explain_verifying(here: Here) -> Result<Response, Problem> {
    let keys = verifier_keys(&here.web.app);
    page(&Verifying {
        frame: here.frame(),
        keys: keys.iter().map(ToString::to_string).collect(),
    })
}
