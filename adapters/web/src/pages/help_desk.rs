//! The help desk's console: find by lock code or e-mail, block, unblock, reset a sign-in, see the account's own audit entries (SEC-1, REG-6).

use application::help_desk::{
    Found, Wanted, block, find_accounts, may_find_accounts, reset_sign_in, see_account_audit,
    see_found, unblock,
};
use application::ports::records::{AuditRecord, Cursor, PageRequest};
use askama::Template;
use domain::id::Id;
use domain::lock::{Cause, LockCode};
use domain::person::EmailAddress;
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::Faults;
use super::form_key;
use super::frame::{Frame, Here};
use super::{page, page_again, see_other};
use crate::problem::{Kind, Problem};

/// Audit entries on one page.
const AT_A_TIME: u32 = 20;

struct Line {
    address: String,
    name: String,
    email: String,
    state: String,
}

fn state(found: &Found, frame: &Frame) -> String {
    match &found.lock().block {
        Some(block) => {
            let cause = match block.cause {
                Cause::WrongAccessCodes => frame.t.help_desk_wrong_codes(),
                Cause::WrongAnswers => frame.t.help_desk_wrong_answers(),
                Cause::Staff => frame.t.help_desk_by_staff(),
            };
            frame
                .t
                .help_desk_blocked(frame.show.instant(block.since), cause)
        }
        None => frame.t.help_desk_not_blocked().to_owned(),
    }
}

impl Line {
    fn new(found: &Found, frame: &Frame) -> Self {
        let (name, email) = match found {
            Found::Account(account, _) => {
                (account.name.to_string(), account.email.as_str().to_owned())
            }
            Found::SignIn(_) => (frame.t.help_desk_no_account().to_owned(), String::new()),
        };
        Self {
            address: frame.to.found(found.id()),
            name,
            email,
            state: state(found, frame),
        }
    }
}

#[derive(Template)]
#[template(path = "help_desk.html")]
struct FindPage {
    frame: Frame,
    here: String,
    q: String,
    lines: Vec<Line>,
    searched: bool,
    faults: Faults,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
}

/// What was typed: an e-mail address has an @, a lock code has not.
fn wanted(text: &str) -> Result<Wanted, Problem> {
    if text.contains('@') {
        return Ok(Wanted::Email(EmailAddress::parse(text)?));
    }
    LockCode::parse(text)
        .map(Wanted::LockCode)
        .map_err(|_| Kind::LockCodeUnusable.into())
}

/// The search.
#[handler]
pub(super) async fn console(
    here: Here,
    Query(Search { q }): Query<Search>,
) -> Result<Response, Problem> {
    search(&here, q).await
}

/// The search, and what it found: what was typed is in no address (PRIV-1).
#[handler]
pub(super) async fn find(
    here: Here,
    Form(Search { q }): Form<Search>,
) -> Result<Response, Problem> {
    search(&here, q).await
}

async fn search(here: &Here, q: String) -> Result<Response, Problem> {
    let app = &here.web.app;
    let actor = here.signed_in()?;
    may_find_accounts(app, actor)?;
    let text = q.trim();
    let (found, problem) = match (text.is_empty(), wanted(text)) {
        (true, _) => (Vec::new(), None),
        (false, Ok(wanted)) => (find_accounts(app, actor, &wanted).await?, None),
        (false, Err(problem)) => (Vec::new(), Some(problem)),
    };
    let frame = here.frame();
    let searched = !text.is_empty() && problem.is_none();
    let status = problem
        .as_ref()
        .map_or(StatusCode::OK, ResponseError::status);
    let page = FindPage {
        here: frame.to.help_desk(),
        lines: found.iter().map(|found| Line::new(found, &frame)).collect(),
        searched,
        faults: Faults::new(
            &problem,
            &[("q", &[Kind::EmailUnusable, Kind::LockCodeUnusable])],
            &frame,
        ),
        q,
        frame,
    };
    page_again(&page, status)
}

struct EntryLine {
    machine: String,
    at: String,
    action: String,
    who: String,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage {
    frame: Frame,
    here: String,
    line: Line,
    is_account: bool,
    blocked: bool,
    /// Whether it is the agent's own account, which they cannot block.
    is_own: bool,
    sign_ins: u32,
    entries: Vec<EntryLine>,
    done: String,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set by the redirect after something was done; `block` or `reset` while that is to be confirmed.
    done: String,
    cursor: String,
}

/// One account, or one sign-in without account.
#[handler]
pub(super) async fn see(
    here: Here,
    Path(id): Path<Uuid>,
    Query(seen): Query<Seen>,
) -> Result<Response, Problem> {
    show(&here, id, seen).await
}

async fn show(here: &Here, id: Uuid, Seen { done, cursor }: Seen) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let found = see_found(app, actor, id).await?;
    let request = PageRequest {
        after: (!cursor.is_empty()).then(|| Cursor(cursor.clone())),
        limit: AT_A_TIME,
    };
    let (is_account, sign_ins, audit) = match &found {
        Found::Account(account, sign_ins) => {
            let audit = see_account_audit(app, actor, account.id, &request).await?;
            (true, *sign_ins, Some(audit))
        }
        Found::SignIn(_) => (false, 1, None),
    };
    let frame = here.frame();
    let own = frame.to.found(id);
    let entry = |entry: &AuditRecord| EntryLine {
        machine: super::shown::Shown::machine(entry.at),
        at: frame.show.instant(entry.at),
        action: frame.show.word("act", &entry.action),
        who: if entry.who_id.as_deref() == Some(&id.to_string()) {
            frame.t.help_desk_oneself().to_owned()
        } else {
            frame.show.word("actor", &entry.who)
        },
        refused: entry
            .refused
            .as_ref()
            .map(|why| frame.show.word("refused", why)),
    };
    let (entries, next) = audit.map_or((Vec::new(), None), |audit| {
        (audit.items.iter().map(entry).collect(), audit.next)
    });
    page(&FoundPage {
        line: Line::new(&found, &frame),
        blocked: found.lock().block.is_some(),
        is_own: actor
            .caller()
            .is_some_and(|caller| caller.account.id.uuid() == id),
        is_account,
        sign_ins: u32::try_from(sign_ins).unwrap_or(u32::MAX),
        entries,
        first: (!cursor.is_empty()).then(|| own.clone()),
        next: next.and_then(|cursor| {
            let query = serde_urlencoded::to_string([("cursor", cursor.0)]).ok()?;
            Some(format!("{own}?{query}"))
        }),
        here: own,
        done,
        frame,
    })
}

#[derive(Deserialize)]
pub(super) struct Act {
    act: String,
    /// The page's.
    #[serde(default)]
    key: String,
}

/// Blocks or resets the sign-in once that is confirmed, or unblocks.
#[handler]
pub(super) async fn change(
    here: Here,
    Path(id): Path<Uuid>,
    Form(Act { act, key }): Form<Act>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    match act.as_str() {
        "block" | "reset" => {
            let asked = Seen {
                done: act,
                ..Seen::default()
            };
            return show(&here, id, asked).await;
        }
        "blocked" => block(app, actor, Id::new(id)).await?,
        "unblock" => unblock(app, actor, id).await?,
        "reset-sign-in" => {
            let key = form_key::of_act(&key, "reset");
            reset_sign_in(app, actor, Id::new(id), key.as_deref())
                .await
                .map_err(|error| form_key::on_page(error.into()))?;
        }
        _ => return Err(Kind::BadRequest.into()),
    }
    let address = here.to().found(id);
    Ok(see_other(&format!("{address}?done={act}")))
}
