//! The registry's side of registration: open one, see how it goes on, issue and void access codes, record the number to which they go (REG-1,
//! REG-2, REG-6).

use application::Application;
use application::access_code::{Sent, issue_access_code, void_access_codes};
use application::ports::records::RegistrationQuery;
use application::record_cell::{RecordCell, record_cell};
use application::registration::{
    OpenRegistration, Registration as Opened, find_registrations, list_registrations,
    may_see_registrations, open_registration, see_registration,
};
use domain::access_code::State;
use domain::id::Id;
use domain::person::{EmailAddress, Telephone};
use domain::terms::Terms;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::counsel_form::CounselFields;
use crate::problem::Problem;

pub(super) struct Registrations;

/// What counsel's form says, and what proved who it is.
#[derive(Object)]
struct CounselsForm {
    /// The order's code, such as `barreau-du-quebec`.
    order: String,
    /// Where the order issues one.
    membership_number: Option<String>,
    given_name: String,
    family_name: String,
    email: String,
    /// Where the access code goes.
    cell: String,
    /// `fr` or `en`.
    language: String,
    /// The kind of document that was shown; no copy is kept.
    identity_document: String,
}

/// An access code that was issued; the code itself is nowhere but in the text message.
#[derive(Object)]
struct LastAccessCode {
    issued_at: String,
    expires_at: String,
    /// `usable`, `expired`, `voided` or `used`.
    state: String,
}

/// A registration.
#[derive(Object)]
struct Registration {
    /// The account that it opened.
    id: Uuid,
    name: String,
    email: String,
    order: Option<String>,
    membership_number: Option<String>,
    in_good_standing: bool,
    opened_at: String,
    /// When a sign-in was first bound to the account.
    registered_at: Option<String>,
    /// How many sign-ins open it. Without any, a new access code binds the next one.
    sign_ins: usize,
    /// The number to which access codes go, if there is one.
    cell: Option<String>,
    identity_document: Option<String>,
    identity_checked_by: Option<Uuid>,
    identity_checked_at: Option<String>,
    /// The code that was issued last.
    access_code: Option<LastAccessCode>,
}

impl Registration {
    /// As it is at `now`.
    fn new(opened: &Opened, terms: &Terms, now: OffsetDateTime) -> Self {
        let account = &opened.account;
        let membership = account.membership.as_ref();
        Self {
            id: account.id.uuid(),
            name: account.name.to_string(),
            email: account.email.as_str().to_owned(),
            order: membership.map(|membership| membership.order.to_string()),
            membership_number: membership
                .and_then(|membership| membership.number.as_ref())
                .map(ToString::to_string),
            in_good_standing: membership.is_some_and(|membership| membership.in_good_standing(now)),
            opened_at: rfc3339(account.opened_at),
            registered_at: account.registered_at.map(rfc3339),
            sign_ins: opened.sign_ins,
            cell: account.cell.as_ref().map(|cell| cell.as_str().to_owned()),
            identity_document: opened
                .check
                .as_ref()
                .map(|check| check.document_kind.clone()),
            identity_checked_by: opened.check.as_ref().map(|check| check.checked_by.uuid()),
            identity_checked_at: opened.check.as_ref().map(|check| rfc3339(check.checked_at)),
            access_code: opened.code.as_ref().map(|code| LastAccessCode {
                issued_at: rfc3339(code.issued_at),
                expires_at: rfc3339(code.expires_at(terms)),
                state: state(code.state(now, terms)).to_owned(),
            }),
        }
    }
}

const fn state(state: State) -> &'static str {
    match state {
        State::Usable => "usable",
        State::Expired => "expired",
        State::Voided => "voided",
        State::Used => "used",
    }
}

/// Registrations.
#[derive(Object)]
struct RegistrationPage {
    items: Vec<Registration>,
    next_cursor: Option<String>,
}

/// Whose accounts to find.
#[derive(Object)]
struct RegistrationSearch {
    /// Their e-mail address, whole.
    email: String,
}

/// A cell number, and what proved whose it is.
#[derive(Object)]
struct Cell {
    /// Where access codes go from now on.
    cell: String,
    /// The kind of document that was shown; no copy is kept.
    identity_document: String,
}

/// Opened.
#[derive(ApiResponse)]
enum Done {
    /// Opened
    #[oai(status = 201)]
    Created(Json<Registration>),
}

/// A code that was issued.
#[derive(Object)]
struct SentCode {
    issued_at: String,
    expires_at: String,
    /// Whether the text message gateway took it. If not, issue another when the gateway works again, under another key. Null in the answer to a
    /// request that is repeated under its key, which sends nothing: whoever got no message is issued another code under another key.
    sent: Option<bool>,
}

/// Issued.
#[derive(ApiResponse)]
enum Issued {
    /// Issued; earlier codes are void
    #[oai(status = 201)]
    Created(Json<SentCode>),
}

/// Voided.
#[derive(ApiResponse)]
enum Voided {
    /// No code of this account works any more
    #[oai(status = 204)]
    Done,
}

#[OpenApi]
impl Registrations {
    /// Registrations, the newest first
    #[oai(
        path = "/registry/registrations",
        method = "get",
        operation_id = "listRegistrations",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Only those that are done, or still open
        registered: Query<Option<bool>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<RegistrationPage>, Problem> {
        let query = RegistrationQuery {
            registered: registered.0,
            page: page(cursor.0, limit.0)?,
        };
        let found = list_registrations(&app, &who.0, &query).await?;
        let now = app.clock.now();
        let items = found.items.iter();
        let items = items.map(|one| Registration::new(one, &app.terms, now));
        Ok(Json(RegistrationPage {
            items: items.collect(),
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// The accounts of an e-mail address, delegates' too
    ///
    /// What is looked for is in the body: an address names nobody.
    #[oai(
        path = "/registry/registrations/search",
        method = "post",
        operation_id = "searchRegistrations",
        tag = "Group::Registry"
    )]
    async fn search(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        search: Json<RegistrationSearch>,
    ) -> Result<Json<RegistrationPage>, Problem> {
        may_see_registrations(&app, &who.0)?;
        let email = EmailAddress::parse(&search.email)?;
        let found = find_registrations(&app, &who.0, &email).await?;
        let now = app.clock.now();
        let items = found
            .iter()
            .map(|one| Registration::new(one, &app.terms, now));
        Ok(Json(RegistrationPage {
            items: items.collect(),
            next_cursor: None,
        }))
    }

    /// Open a registration
    #[oai(
        path = "/registry/registrations",
        method = "post",
        operation_id = "openRegistration",
        tag = "Group::Registry"
    )]
    async fn open(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        form: Json<CounselsForm>,
    ) -> Result<Done, Problem> {
        let Json(form) = form;
        let fields = CounselFields {
            order: form.order,
            membership_number: form.membership_number.unwrap_or_default(),
            given_name: form.given_name,
            family_name: form.family_name,
            email: form.email,
            cell: form.cell,
            language: form.language,
            identity_document: form.identity_document,
            key: String::new(),
        };
        let wish = OpenRegistration {
            form: fields.form()?,
            document_kind: fields.identity_document,
            idempotency_key: idempotency_key.0,
        };
        let opened = open_registration(&app, &who.0, &wish).await?;
        let shown = Registration::new(&opened, &app.terms, app.clock.now());
        Ok(Done::Created(Json(shown)))
    }

    /// One registration
    #[oai(
        path = "/registry/registrations/:id",
        method = "get",
        operation_id = "seeRegistration",
        tag = "Group::Registry"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
    ) -> Result<Json<Registration>, Problem> {
        let opened = see_registration(&app, &who.0, Id::new(id.0)).await?;
        let shown = Registration::new(&opened, &app.terms, app.clock.now());
        Ok(Json(shown))
    }

    /// Record the cell number of somebody whose identity was checked and who cannot sign in; whoever can changes it in My Profile
    #[oai(
        path = "/registry/registrations/:id/cell",
        method = "put",
        operation_id = "recordCell",
        tag = "Group::Registry"
    )]
    async fn record(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        cell: Json<Cell>,
    ) -> Result<Json<Registration>, Problem> {
        let Json(cell) = cell;
        let wish = RecordCell {
            cell: Telephone::parse(&cell.cell)?,
            document_kind: cell.identity_document,
            idempotency_key: idempotency_key.0,
        };
        let recorded = record_cell(&app, &who.0, Id::new(id.0), &wish).await?;
        let shown = Registration::new(&recorded, &app.terms, app.clock.now());
        Ok(Json(shown))
    }

    /// Issue an access code and send it to the cell number
    #[oai(
        path = "/registry/registrations/:id/access-code",
        method = "post",
        operation_id = "issueAccessCode",
        tag = "Group::Registry"
    )]
    async fn issue(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Issued, Problem> {
        let key = idempotency_key.0.as_deref();
        let issued = issue_access_code(&app, &who.0, Id::new(id.0), key).await?;
        Ok(Issued::Created(Json(SentCode {
            issued_at: rfc3339(issued.code.issued_at),
            expires_at: rfc3339(issued.code.expires_at(&app.terms)),
            sent: match issued.sent {
                Sent::Yes => Some(true),
                Sent::No(_) => Some(false),
                Sent::Before => None,
            },
        })))
    }

    /// Void the access codes of an account
    #[oai(
        path = "/registry/registrations/:id/access-code",
        method = "delete",
        operation_id = "voidAccessCodes",
        tag = "Group::Registry"
    )]
    async fn void(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
    ) -> Result<Voided, Problem> {
        void_access_codes(&app, &who.0, Id::new(id.0)).await?;
        Ok(Voided::Done)
    }
}
