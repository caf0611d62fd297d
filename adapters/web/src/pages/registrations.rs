//! The registry's console of registrations: the list, a new one, one with its access code (REG-1, REG-2).

use application::access_code::{issue_access_code, void_access_codes};
use application::ports::records::{Cursor, PageRequest, RegistrationQuery};
use application::registration::{
    OpenError, OpenRegistration, Registration, list_registrations, may_open_registrations,
    open_registration, see_registration,
};
use askama::Template;
use domain::access_code::State;
use domain::id::Id;
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::{page, page_again, see_other};
use crate::counsel_form::CounselFields;
use crate::problem::Problem;

/// Registrations on one page of the list.
const AT_A_TIME: u32 = 20;

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
    let now = app.clock.now();
    let state = one.code.as_ref().map(|code| code.state(now, &app.terms));
    match (one.account.registered_at, state) {
        (Some(at), _) => frame.t.registrations_done(frame.show.instant(at)),
        (None, None | Some(State::Voided)) => frame.t.registrations_no_code().to_owned(),
        (None, Some(State::Expired | State::Used)) => {
            frame.t.registrations_code_expired().to_owned()
        }
        (None, Some(State::Usable)) => {
            let until = one.code.as_ref().map(|code| code.expires_at(&app.terms));
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
            order: membership
                .map(|membership| frame.show.listed(orders, &membership.order))
                .unwrap_or_default(),
            number: membership
                .and_then(|membership| membership.number.clone())
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

/// The list.
#[handler]
pub(super) async fn list(here: Here, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
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
    let rows = found.items.iter().map(|one| Row::new(one, &here, &frame));
    page(&ListPage {
        rows: rows.collect(),
        first: query.page.after.is_some().then(|| address("")),
        next: found.next.map(|cursor| address(&cursor.0)),
        here: path.clone(),
        show: wanted.show.clone(),
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
    problems: Vec<&'static str>,
}

fn show_form(
    here: &Here,
    fields: CounselFields,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let frame = here.frame();
    let orders = here.web.app.tribunal.orders.iter().map(|order| Choice {
        code: order.named.code.to_string(),
        name: frame.show.name(&order.named.name),
        chosen: order.named.code.as_str() == fields.order,
    });
    let page = OpenPage {
        orders: orders.collect(),
        problems: problem
            .map(|problem| problem.words(frame.t))
            .into_iter()
            .collect(),
        fields,
        frame,
    };
    page_again(&page, problem.map_or(StatusCode::OK, ResponseError::status))
}

/// The empty form.
#[handler]
pub(super) fn ask_form(here: Here) -> Result<Response, Problem> {
    may_open_registrations(&here.web.app, here.signed_in()?)?;
    show_form(&here, CounselFields::default(), None)
}

/// Opens a registration, and goes on to its page.
#[handler]
pub(super) async fn open(
    here: Here,
    Form(fields): Form<CounselFields>,
) -> Result<Response, Problem> {
    let actor = here.signed_in()?;
    let form = match fields.form() {
        Ok(form) => form,
        Err(problem) => return show_form(&here, fields, Some(&problem)),
    };
    let wish = OpenRegistration {
        form,
        document_kind: fields.identity_document.clone(),
    };
    match open_registration(&here.web.app, actor, &wish).await {
        Ok(opened) => Ok(see_other(&here.to().registration(opened.account.id))),
        Err(OpenError::UseCase(error)) => Err(error.into()),
        Err(error) => show_form(&here, fields, Some(&error.into())),
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
    standing: bool,
    check: Option<String>,
    usable: bool,
    sent: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set by the redirect after a code was issued: `yes` or `no`.
    sent: String,
}

/// One registration.
#[handler]
pub(super) async fn see(
    here: Here,
    Path(id): Path<Uuid>,
    Query(Seen { sent }): Query<Seen>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let one = see_registration(app, here.signed_in()?, Id::new(id)).await?;
    let frame = here.frame();
    let now = app.clock.now();
    let account = &one.account;
    let cell = account.cell.as_ref();
    page(&OnePage {
        here: frame.to.registration(account.id),
        row: Row::new(&one, &here, &frame),
        email: account.email.as_str().to_owned(),
        cell: cell
            .map(domain::person::Telephone::grouped)
            .unwrap_or_default(),
        language: match account.language {
            domain::person::Language::French => "Français",
            domain::person::Language::English => "English",
        },
        standing: account
            .membership
            .as_ref()
            .is_some_and(|membership| membership.in_good_standing(now)),
        check: one.check.as_ref().map(|check| {
            frame
                .t
                .registration_checked(frame.show.instant(check.checked_at), &check.document_kind)
        }),
        usable: one
            .code
            .as_ref()
            .is_some_and(|code| code.state(now, &app.terms) == State::Usable),
        sent,
        frame,
    })
}

#[derive(Deserialize)]
pub(super) struct Act {
    act: String,
}

/// Issues or voids a code.
#[handler]
pub(super) async fn change_code(
    here: Here,
    Path(id): Path<Uuid>,
    Form(Act { act }): Form<Act>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let address = here.to().registration(Id::new(id));
    if act == "void" {
        void_access_codes(app, actor, Id::new(id)).await?;
        return Ok(see_other(&address));
    }
    let issued = issue_access_code(app, actor, Id::new(id)).await?;
    let sent = if issued.sent.is_ok() { "yes" } else { "no" };
    Ok(see_other(&format!("{address}?sent={sent}")))
}
