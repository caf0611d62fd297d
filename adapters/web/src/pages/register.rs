//! A person who signed in and has no account, or a delegate who becomes counsel, enters an access code (REG-3) and accepts the privacy statement
//! (PRIV-1).

use application::register::{Register, RegisterError, may_register, not_blocked, register};
use askama::Template;
use domain::account::Role;
use domain::policy::Actor;
use poem::http::header;
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;

use super::faults::{Faults, Place};
use super::frame::{Frame, Here};
use super::own_form::OwnForm;
use super::{page_again, see_other, status_of};
use crate::caller;
use crate::problem::{Kind, Problem};

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    frame: Frame,
    tribunal: String,
    statement_version: String,
    /// How long an access code works (REG-2).
    hours: i64,
    kept_for: String,
    /// Whether it is counsel whose sign-in opens an account: they are told what to do with a code for another one.
    is_registered: bool,
    /// Whether it is a delegate who becomes counsel.
    is_delegate: bool,
    /// What was typed and ticked.
    entry: Entry,
    faults: Faults,
}

/// The fields, in the order of the page.
const PLACES: &[Place] = &[
    (
        "access_code",
        &[
            Kind::AccessCodeWrong,
            Kind::AccessCodeUnusable,
            Kind::AccessCodeExpired,
        ],
    ),
    ("privacy_statement", &[Kind::PrivacyStatementNotAccepted]),
];

fn show(here: &Here, entry: Entry, problems: &[Problem]) -> Result<Response, Problem> {
    let frame = here.frame();
    let page = RegisterPage {
        tribunal: frame.tribunal(&here.web),
        statement_version: here.web.app.tribunal.privacy_statement_version.clone(),
        hours: here.web.app.terms.access_code.whole_hours(),
        kept_for: frame.show.kept_for(&here.web.app.terms.retention),
        is_registered: is_counsel(here),
        is_delegate: is_delegate(here),
        entry,
        faults: Faults::new(problems, PLACES, &frame),
        frame,
    };
    page_again(&page, status_of(problems))
}

fn is_delegate(here: &Here) -> bool {
    here.actor()
        .and_then(Actor::caller)
        .is_some_and(|caller| caller.account.is_delegates_alone())
}

fn is_counsel(here: &Here) -> bool {
    here.actor()
        .and_then(Actor::caller)
        .is_some_and(|caller| caller.account.is(Role::Counsel))
}

/// The form. Who is counsel already is told the way to another account, as after a change of order or number (REG-7); whoever works for the
/// tribunal has no need of it.
#[handler]
pub(super) fn ask_code(here: Here) -> Result<Response, Problem> {
    let actor = here.signed_in()?;
    if here.is_stranger() || is_delegate(&here) {
        may_register(&here.web.app, actor)?;
        show(&here, Entry::default(), &[])
    } else if is_counsel(&here) {
        not_blocked(&here.web.app, actor)?;
        show(&here, Entry::default(), &[])
    } else {
        Ok(see_other("/"))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    access_code: String,
    /// A box that is not ticked is not sent.
    privacy_statement: String,
}

impl Entry {
    fn accepts(&self) -> bool {
        self.privacy_statement == "accepted"
    }
}

/// Binds the sign-in to the account of that code.
#[handler]
pub(super) async fn enter_code(
    here: Here,
    request: &Request,
    OwnForm(entry): OwnForm<Entry>,
) -> Result<Response, Problem> {
    let session = caller::presented(request, here.web.secure);
    let wish = Register {
        access_code: &entry.access_code,
        accepts_privacy_statement: entry.accepts(),
    };
    match register(&here.web.app, here.signed_in()?, session.as_ref(), wish).await {
        Ok(registered) => {
            let onward = see_other("/?done=registered");
            Ok(match registered.secret {
                Some(secret) => onward
                    .with_header(header::SET_COOKIE, caller::cookie(here.web.secure, &secret))
                    .into_response(),
                None => onward,
            })
        }
        Err(error @ (RegisterError::Refused(_) | RegisterError::NoCode)) => {
            let problem = Problem::from(error);
            if problem.kind() == Kind::Blocked {
                return Err(problem);
            }
            // What cannot be a code was not looked at any further.
            let is_no_code = problem.kind() == Kind::AccessCodeUnusable;
            let mut problems = vec![problem];
            if is_no_code && !entry.accepts() {
                problems.push(Kind::PrivacyStatementNotAccepted.into());
            }
            show(&here, entry, &problems)
        }
        Err(error) => Err(error.into()),
    }
}
