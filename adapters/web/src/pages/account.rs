//! One's own account where there is no other place yet, and signing out.

use application::see_account::see_account;
use application::sign_in::{sign_out, sign_out_everywhere};
use askama::Template;
use domain::account::Role;
use poem::http::header;
use poem::{IntoResponse, Request, Response, handler};

use super::frame::{Frame, Here};
use super::{page, see_other};
use crate::caller;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    roles: Vec<String>,
    may_represent: bool,
}

/// Who am I.
#[handler]
pub(super) fn my_account(here: Here) -> Result<Response, Problem> {
    let account = see_account(&here.web.app, here.signed_in()?)?;
    let frame = here.frame();
    let roles = account.roles.iter();
    page(&AccountPage {
        name: account.name.to_string(),
        roles: roles
            .map(|role| frame.show.word("role", role.code()))
            .collect(),
        may_represent: account.is(Role::Counsel) || account.is(Role::Delegate),
        frame,
    })
}

/// Ends this session.
#[handler]
pub(super) async fn leave(here: Here, request: &Request) -> Result<Response, Problem> {
    if let Some(secret) = caller::presented(request, here.web.secure) {
        sign_out(&here.web.app, &secret).await?;
    }
    Ok(signed_out(&here))
}

/// Ends every session of the person. One that is over already is over.
#[handler]
pub(super) async fn leave_everywhere(here: Here, request: &Request) -> Result<Response, Problem> {
    here.signed_in()?;
    if let Some(secret) = caller::presented(request, here.web.secure) {
        sign_out_everywhere(&here.web.app, &secret).await?;
    }
    Ok(signed_out(&here))
}

fn signed_out(here: &Here) -> Response {
    see_other(&here.to().home())
        .with_header(
            header::SET_COOKIE,
            caller::cookie_taken_back(here.web.secure),
        )
        .into_response()
}
