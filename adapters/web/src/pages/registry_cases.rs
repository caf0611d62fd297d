//! The registry's console of cases: find one by its number, send a document on it, see what was sent and who read it (BOX-1, BOX-2).

use application::legal_hold::{HoldError, hold_case, lift_hold};
use application::once::KeyRefused;
use application::ports::records::{Cursor, FiledItem, PageRequest};
use application::registry_cases::{RegistryCase, find_case, may_see_cases, registry_case};
use application::send_document::{SendError, may_bring, send_document};
use askama::Template;
use domain::case::FileNumber;
use domain::id::Id;
use poem::error::ResponseError;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::{Faults, OF_FILES, Place};
use super::form_key;
use super::frame::{Frame, Here};
use super::inbox::ReadLine;
use super::shown::Shown;
use super::submit::OF_TYPE;
use super::{page_again, see_other, status_of};
use crate::entered::file_number;
use crate::parts::Parts;
use crate::problem::{Kind, Problem};
use crate::upload::{self, Fields, OnRefusal};

/// Documents on one page of the list.
const AT_A_TIME: u32 = 20;

#[derive(Template)]
#[template(path = "registry_cases.html")]
struct FindCase {
    frame: Frame,
    number: String,
    faults: Faults,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    number: String,
}

/// Asks for the number of a case.
#[handler]
pub(super) async fn ask(
    here: Here,
    Query(Wanted { number }): Query<Wanted>,
) -> Result<Response, Problem> {
    look_for(&here, number).await
}

/// Finds a case by its number.
#[handler]
pub(super) async fn find(
    here: Here,
    Form(Wanted { number }): Form<Wanted>,
) -> Result<Response, Problem> {
    look_for(&here, number).await
}

async fn look_for(here: &Here, number: String) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    may_see_cases(app, actor)?;
    let frame = here.frame();
    let mut problems = Vec::new();
    if !number.trim().is_empty() {
        let found = match file_number(&number) {
            Ok(number) => find_case(app, actor, &number).await.map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        match found {
            Ok(found) => return Ok(see_other(&frame.to.registry_case(&found.file_number))),
            Err(problem) if problem.kind() == Kind::NotFound => {
                problems.push(Problem::from(Kind::NoSuchCase));
            }
            Err(problem) => problems.push(problem),
        }
    }
    let status = status_of(&problems);
    let form = FindCase {
        number,
        faults: Faults::new(
            &problems,
            &[("number", &[Kind::FileNumberUnusable, Kind::NoSuchCase])],
            &frame,
        ),
        frame,
    };
    page_again(&form, status)
}

/// The fields of the two forms, in the order of the page.
const PLACES: &[Place] = &[
    OF_TYPE,
    ("title", &[Kind::TitleMissing, Kind::TitleTooLong]),
    (
        "also_on",
        &[
            Kind::FileNumberUnusable,
            Kind::NoSuchCase,
            Kind::TooManyCases,
        ],
    ),
    ("file", OF_FILES),
    ("reason", &[Kind::HoldReasonMissing, Kind::ReasonTooLong]),
];

struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

struct Line {
    title: String,
    document_type: String,
    machine: String,
    at: String,
    readings: Vec<ReadLine>,
    service_record: String,
}

/// The legal hold that the case is under.
struct Held {
    id: Uuid,
    reason: String,
    since: String,
}

#[derive(Template)]
#[template(path = "registry_case.html")]
struct CasePage {
    frame: Frame,
    here: String,
    file_number: String,
    division: String,
    parties: String,
    counsel: Option<String>,
    /// Why a document that is sent now would reach nobody.
    unreached: Option<String>,
    choices: Vec<Choice>,
    fields: Fields,
    /// The same for every try to send this form: a second click sends nothing twice.
    key: String,
    also_on: String,
    accept: String,
    files_hint: String,
    lines: Vec<Line>,
    sent: bool,
    hold_address: String,
    held: Option<Held>,
    hold_reason: String,
    faults: Faults,
    first: Option<String>,
    next: Option<String>,
}

fn line(filed: &FiledItem, frame: &Frame) -> Line {
    let item = &filed.item;
    Line {
        service_record: frame
            .to
            .registry_service_record(&filed.file_number, item.id),
        title: item.sent.title.clone(),
        document_type: frame.show.tribunal_document_type(&item.sent.document_type),
        machine: Shown::machine(item.made_available_at),
        at: frame.show.instant(item.made_available_at),
        readings: item
            .readings
            .iter()
            .map(|reading| ReadLine {
                name: reading.by.name.clone(),
                at: frame.show.instant(reading.at),
            })
            .collect(),
    }
}

async fn show(
    here: &Here,
    number: &FileNumber,
    seen: Seen,
    fields: Fields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let wanted = PageRequest {
        after: (!seen.cursor.is_empty()).then(|| Cursor(seen.cursor.clone())),
        limit: AT_A_TIME,
    };
    let RegistryCase {
        case,
        counsel,
        unreached,
        sent,
        holds,
    } = registry_case(app, here.signed_in()?, number, &wanted).await?;
    let frame = here.frame();
    let path = frame.to.registry_case(number);
    let names: Vec<&str> = case
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect();
    let types = app.tribunal.tribunal_document_types.iter();
    let form = CasePage {
        file_number: case.file_number.to_string(),
        division: frame.show.listed(&app.tribunal.divisions, &case.division),
        parties: names.join(", "),
        counsel: counsel.map(|counsel| counsel.name.to_string()),
        unreached: unreached.map(|why| Problem::from(why).words(frame.t).to_owned()),
        choices: types
            .map(|named| Choice {
                code: named.code.to_string(),
                name: frame.show.name(&named.name),
                chosen: named.code.as_str() == fields.document_type,
            })
            .collect(),
        also_on: fields.also_on.join(" "),
        key: if fields.key.is_empty() {
            app.random.uuid(frame.now).to_string()
        } else {
            fields.key.clone()
        },
        fields,
        accept: frame.show.accept_attribute(),
        files_hint: frame.t.registry_file_hint(
            frame.show.size(app.terms.file_bytes_at_most),
            frame.show.accepted(),
        ),
        lines: sent.items.iter().map(|filed| line(filed, &frame)).collect(),
        sent: seen.sent,
        hold_address: frame.to.registry_hold(number),
        held: holds.iter().find(|one| one.stands()).map(|one| Held {
            id: one.id.uuid(),
            reason: one.reason.clone(),
            since: frame.show.instant(one.set_at),
        }),
        hold_reason: seen.hold_reason,
        faults: Faults::new(problems, PLACES, &frame),
        first: wanted.after.is_some().then(|| path.clone()),
        next: sent.next.and_then(|cursor| {
            let query = serde_urlencoded::to_string([("cursor", cursor.0)]).ok()?;
            Some(format!("{path}?{query}"))
        }),
        here: path,
        frame,
    };
    page_again(&form, status_of(problems))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    cursor: String,
    /// Set by the redirect after sending.
    sent: bool,
    /// What was written as the reason of a hold that was not set.
    #[serde(skip)]
    hold_reason: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct HoldAct {
    reason: String,
    /// Given by the button that lifts: the hold that the page showed.
    lift: Option<Uuid>,
    /// The page's.
    key: String,
}

/// Sets a legal hold on the case, or lifts the one that was shown (PRIV-1).
#[handler]
pub(super) async fn hold(
    here: Here,
    Path(number): Path<String>,
    Form(act): Form<HoldAct>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let number = file_number(&number)?;
    let done = if let Some(seen) = act.lift {
        let key = form_key::of_act(&act.key, "lift");
        lift_hold(app, actor, &number, Id::new(seen), key.as_deref()).await
    } else {
        let key = form_key::of_act(&act.key, "hold");
        hold_case(app, actor, &number, &act.reason, key.as_deref()).await
    };
    match done {
        Ok(_) => Ok(see_other(&here.to().registry_case(&number))),
        Err(HoldError::UseCase(error)) => Err(error.into()),
        Err(error) => {
            let seen = Seen {
                hold_reason: act.reason,
                ..Seen::default()
            };
            let problem = form_key::on_page(error.into());
            show(&here, &number, seen, Fields::default(), &[problem]).await
        }
    }
}

/// The case, with what was sent on it.
#[handler]
pub(super) async fn see(
    here: Here,
    Path(number): Path<String>,
    Query(seen): Query<Seen>,
) -> Result<Response, Problem> {
    may_see_cases(&here.web.app, here.signed_in()?)?;
    let number = file_number(&number)?;
    show(&here, &number, seen, Fields::default(), &[]).await
}

/// Sends a document on the case.
#[handler]
pub(super) async fn send(
    here: Here,
    Path(number): Path<String>,
    parts: Parts,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let intake = may_bring(app, actor)?;
    let number = file_number(&number)?;
    let again = async |fields: Fields, problems: Vec<Problem>| {
        show(&here, &number, Seen::default(), fields, &problems).await
    };
    let upload::Received {
        fields,
        enclosed,
        mut refused,
        behind,
    } = upload::receive(app, &intake, parts, 0, OnRefusal::GoOn).await?;
    let file = match upload::only_one(enclosed) {
        Ok(file) => Some(file),
        // Why there is none is told of the file itself.
        Err(problem) if problem.kind() == Kind::NoFile && !refused.is_empty() => None,
        Err(problem) => {
            refused.push(problem);
            None
        }
    };
    let mut problems = fields.faults_of_sending(app);
    problems.extend(refused);
    let file = match file {
        Some(file) if problems.is_empty() => file,
        _ => {
            behind.discard().await;
            return again(fields, problems).await;
        }
    };
    let key = form_key::of_act(&fields.key, "send");
    let wish = fields.to_send(&number, &file, key)?;
    match send_document(app, actor, &wish).await {
        Ok(_) => {
            behind.are_settled();
            let address = here.to().registry_case(&number);
            Ok(see_other(&format!("{address}?sent=true")))
        }
        Err(SendError::UseCase(error)) => Err(error.into()),
        // What was sent with the form's key is on record. This is another document, from a page that a browser had kept: a new key lets it go.
        Err(SendError::Key(KeyRefused::Reused)) => {
            let fields = Fields {
                key: String::new(),
                ..fields
            };
            again(fields, vec![Kind::FormSentBefore.into()]).await
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status().is_server_error() {
                return Err(problem);
            }
            again(fields, vec![problem]).await
        }
    }
}
