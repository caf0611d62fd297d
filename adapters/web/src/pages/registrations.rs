//! The registry's console of registrations: the list, a new one, one with its access code and the number to which that goes (REG-1, REG-2,
//! REG-6).

use application::access_code::{Sent, issue_access_code, void_access_codes};
use application::ports::records::{Cursor, PageRequest, RegistrationQuery};
use application::record_cell::{RecordCell, RecordCellError, record_cell};
use application::registration::{
    OpenError, OpenRegistration, Registration, find_registrations, list_registrations,
    may_open_registrations, may_see_registrations, open_registration, see_registration,
};
use askama::Template;
use domain::access_code::State;
use domain::account::AccountId;
use domain::id::Id;
use domain::person::{EmailAddress, Telephone};
use domain::registration::check_document_kind;
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::{Faults, OF_CELL, OF_EMAIL, OF_LANGUAGE, Place};
use super::form_key;
use super::frame::{Frame, Here};
use super::{page, page_again, see_other, status_of};
use crate::counsel_form::CounselFields;
use crate::problem::{Kind, Problem, noted};

/// Registrations on one page of the list.
const AT_A_TIME: u32 = 20;

/// The fields of the form, in the order of the page.
const PLACES: &[Place] = &[
    ("order", &[Kind::UnknownOrder]),
    (
        "membership_number",
        &[
            Kind::MembershipNumberMissing,
            Kind::NotOnRoll,
            Kind::NotInGoodStanding,
            Kind::RegistrationOpenedBefore,
        ],
    ),
    ("given_name", &[]),
    ("family_name", &[]),
    OF_EMAIL,
    OF_CELL,
    OF_LANGUAGE,
    OF_DOCUMENT,
];
const OF_DOCUMENT: Place = ("identity_document", &[Kind::IdentityCheckMissing]);

struct Row {
    address: String,
    name: String,
    order: String,
    number: String,
    opened: String,
    progress: String,
}

/// How far a registration has come, in words.
fn progress(one: &Registration, here: &Here, frame: &Frame) -> String {
    let app = &here.web.app;
    let code = one.code.as_ref();
    let state = code.map(|code| code.state(frame.now, &app.terms));
    let registered = one.account.registered_at;
    match (registered.filter(|_| one.sign_ins > 0), state) {
        (Some(at), _) => frame.t.registrations_done(frame.show.instant(at)),
        (None, None | Some(State::Voided | State::Used)) if registered.is_some() => {
            frame.t.registrations_reset().to_owned()
        }
        (None, None | Some(State::Voided)) => frame.t.registrations_no_code().to_owned(),
        (None, Some(State::Expired | State::Used)) => {
            frame.t.registrations_code_expired().to_owned()
        }
        (None, Some(State::Usable)) => {
            let until = code.map(|code| code.expires_at(&app.terms));
            frame.t.registrations_code_until(
                until.map(|at| frame.show.instant(at)).unwrap_or_default(),
            )
        }
    }
}

impl Row {
    fn new(one: &Registration, here: &Here, frame: &Frame) -> Self {
        let membership = one.account.membership.as_ref();
        let orders = here
            .web
            .app
            .tribunal
            .orders
            .iter()
            .map(|order| &order.named);
        Self {
            address: frame.to.registration(one.account.id),
            name: one.account.name.to_string(),
            order: membership.map_or_else(
                || frame.t.role_delegate().to_owned(),
                |membership| frame.show.listed(orders, &membership.order),
            ),
            number: membership
                .and_then(|membership| membership.number.as_ref())
                .map(ToString::to_string)
                .unwrap_or_default(),
            opened: frame.show.instant(one.account.opened_at),
            progress: progress(one, here, frame),
        }
    }
}

#[derive(Template)]
#[template(path = "registrations.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    show: String,
    email: String,
    faults: Faults,
    here: String,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    show: String,
    cursor: String,
}

/// Whose accounts are looked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    /// Their whole address.
    email: String,
}

/// The list.
#[handler]
pub(super) async fn list(here: Here, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    listed(&here, &wanted).await
}

/// The accounts of somebody's e-mail address, which is in no address of a page (PRIV-1).
#[handler]
pub(super) async fn find(
    here: Here,
    Form(Search { email }): Form<Search>,
) -> Result<Response, Problem> {
    if email.trim().is_empty() {
        return listed(&here, &Wanted::default()).await;
    }
    let (app, actor) = (&here.web.app, here.signed_in()?);
    may_see_registrations(app, actor)?;
    let (found, problem) = match EmailAddress::parse(email.trim()) {
        Ok(email) => (find_registrations(app, actor, &email).await?, None),
        Err(why) => (Vec::new(), Some(Problem::from(why))),
    };
    let frame = here.frame();
    let status = problem
        .as_ref()
        .map_or(StatusCode::OK, ResponseError::status);
    let page = ListPage {
        rows: found
            .iter()
            .map(|one| Row::new(one, &here, &frame))
            .collect(),
        first: None,
        next: None,
        here: frame.to.registrations(),
        show: String::new(),
        email,
        faults: Faults::new(&problem, &[OF_EMAIL], &frame),
        frame,
    };
    page_again(&page, status)
}

async fn listed(here: &Here, wanted: &Wanted) -> Result<Response, Problem> {
    let query = RegistrationQuery {
        registered: match wanted.show.as_str() {
            "open" => Some(false),
            "done" => Some(true),
            _ => None,
        },
        page: PageRequest {
            after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
            limit: AT_A_TIME,
        },
    };
    let found = list_registrations(&here.web.app, here.signed_in()?, &query).await?;
    let frame = here.frame();
    let path = frame.to.registrations();
    let address = |cursor: &str| {
        let asked = [("show", wanted.show.as_str()), ("cursor", cursor)];
        format!(
            "{path}?{}",
            serde_urlencoded::to_string(asked).unwrap_or_default()
        )
    };
    let rows = found.items.iter().map(|one| Row::new(one, here, &frame));
    page(&ListPage {
        rows: rows.collect(),
        first: query.page.after.is_some().then(|| address("")),
        next: found.next.map(|cursor| address(&cursor.0)),
        here: path.clone(),
        show: wanted.show.clone(),
        email: String::new(),
        faults: Faults::default(),
        frame,
    })
}

struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "open_registration.html")]
struct OpenPage {
    frame: Frame,
    orders: Vec<Choice>,
    fields: CounselFields,
    faults: Faults,
}

fn show_form(
    here: &Here,
    fields: CounselFields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let frame = here.frame();
    let orders = here.web.app.tribunal.orders.iter().map(|order| Choice {
        code: order.named.code.to_string(),
        name: frame.show.name(&order.named.name),
        chosen: order.named.code.as_str() == fields.order,
    });
    let page = OpenPage {
        orders: orders.collect(),
        faults: Faults::new(problems, PLACES, &frame),
        fields,
        frame,
    };
    page_again(&page, status_of(problems))
}

/// The empty form.
#[handler]
pub(super) fn ask_form(here: Here) -> Result<Response, Problem> {
    may_open_registrations(&here.web.app, here.signed_in()?)?;
    show_form(&here, CounselFields::default(), &[])
}

/// Opens a registration, and goes on to its page.
#[handler]
pub(super) async fn open(
    here: Here,
    Form(fields): Form<CounselFields>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    may_open_registrations(app, actor)?;
    let form = match fields.checked(&app.tribunal) {
        Ok(form) => form,
        Err(problems) => return show_form(&here, fields, &problems),
    };
    let wish = OpenRegistration {
        form,
        document_kind: fields.identity_document.clone(),
        idempotency_key: form_key::of_act(&fields.key, "open"),
    };
    match open_registration(app, actor, &wish).await {
        Ok(opened) => Ok(see_other(&here.to().registration(opened.account.id))),
        Err(OpenError::UseCase(error)) => Err(error.into()),
        Err(error) => show_form(&here, fields, &[form_key::on_page(error.into())]),
    }
}

#[derive(Template)]
#[template(path = "registration.html")]
struct OnePage {
    frame: Frame,
    here: String,
    row: Row,
    email: String,
    cell: String,
    language: &'static str,
    /// Counsel's alone.
    standing: Option<&'static str>,
    check: Option<String>,
    usable: bool,
    /// Whether the number can be recorded here.
    cell_is_open: bool,
    entered: CellFields,
    faults: Faults,
    sent: String,
}

/// The number and what proved whose it is, as typed.
#[derive(Default)]
struct CellFields {
    cell: String,
    identity_document: String,
    key: String,
}

impl CellFields {
    fn wish(&self) -> Result<RecordCell, Vec<Problem>> {
        let mut wrong = Vec::new();
        let cell = noted(Telephone::parse(&self.cell), &mut wrong);
        let said = check_document_kind(&self.identity_document);
        noted(said.map_err(RecordCellError::Refused), &mut wrong);
        match cell.filter(|_| wrong.is_empty()) {
            Some(cell) => Ok(RecordCell {
                cell,
                document_kind: self.identity_document.clone(),
                idempotency_key: form_key::of_act(&self.key, "cell"),
            }),
            None => Err(wrong),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set by the redirect: `yes`, `no` or `before` after a code was issued, `number` after a number was recorded.
    sent: String,
}

/// One registration.
#[handler]
pub(super) async fn see(
    here: Here,
    Path(id): Path<Uuid>,
    Query(seen): Query<Seen>,
) -> Result<Response, Problem> {
    let one = see_registration(&here.web.app, here.signed_in()?, Id::new(id)).await?;
    show_one(&here, &one, seen, CellFields::default(), &[])
}

fn show_one(
    here: &Here,
    one: &Registration,
    Seen { sent }: Seen,
    entered: CellFields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let frame = here.frame();
    let account = &one.account;
    let cell = account.cell.as_ref();
    let page = OnePage {
        here: frame.to.registration(account.id),
        row: Row::new(one, here, &frame),
        email: account.email.as_str().to_owned(),
        cell: cell.map(Telephone::grouped).unwrap_or_default(),
        language: match account.language {
            domain::person::Language::French => "Français",
            domain::person::Language::English => "English",
        },
        standing: account.membership.as_ref().map(|membership| {
            if membership.in_good_standing(frame.now) {
                frame.t.registration_standing_good()
            } else {
                frame.t.registration_standing_lost()
            }
        }),
        check: one.check.as_ref().map(|check| {
            frame
                .t
                .registration_checked(frame.show.instant(check.checked_at), &check.document_kind)
        }),
        usable: one
            .code
            .as_ref()
            .is_some_and(|code| code.state(frame.now, &app.terms) == State::Usable),
        cell_is_open: one.sign_ins == 0 && account.is_from_outside(),
        entered,
        faults: Faults::new(problems, &[OF_CELL, OF_DOCUMENT], &frame),
        sent,
        frame,
    };
    page_again(&page, status_of(problems))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    act: String,
    #[serde(default)]
    cell: String,
    #[serde(default)]
    identity_document: String,
    #[serde(default)]
    key: String,
}

/// Issues or voids a code, or records the number to which it goes.
#[handler]
pub(super) async fn change_code(
    here: Here,
    Path(id): Path<Uuid>,
    Form(Asked {
        act,
        cell,
        identity_document,
        key,
    }): Form<Asked>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let address = here.to().registration(Id::new(id));
    if act == "cell" {
        let entered = CellFields {
            cell,
            identity_document,
            key,
        };
        return record(&here, Id::new(id), entered).await;
    }
    match act.as_str() {
        "void" => {
            void_access_codes(app, actor, Id::new(id)).await?;
            Ok(see_other(&address))
        }
        "issue" => {
            let key = form_key::of_act(&key, "issue");
            let issued = issue_access_code(app, actor, Id::new(id), key.as_deref())
                .await
                .map_err(|error| form_key::on_page(error.into()))?;
            let sent = match issued.sent {
                Sent::Yes => "yes",
                Sent::No(_) => "no",
                Sent::Before => "before",
            };
            Ok(see_other(&format!("{address}?sent={sent}")))
        }
        _ => {
            // Whoever may not see it is told nothing else.
            see_registration(app, actor, Id::new(id)).await?;
            Err(Kind::BadRequest.into())
        }
    }
}

async fn record(here: &Here, id: AccountId, entered: CellFields) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let one = see_registration(app, actor, id).await?;
    let again =
        |entered, problems: &[Problem]| show_one(here, &one, Seen::default(), entered, problems);
    let wish = match entered.wish() {
        Ok(wish) => wish,
        Err(problems) => return again(entered, &problems),
    };
    match record_cell(app, actor, id, &wish).await {
        Ok(_) => {
            let address = here.to().registration(id);
            Ok(see_other(&format!("{address}?sent=number")))
        }
        Err(RecordCellError::UseCase(error)) => Err(error.into()),
        Err(refused) => again(entered, &[form_key::on_page(refused.into())]),
    }
}
