//! To a sign-in service and back (REG-3, REG-5), and a service's word that a session is over. What was agreed is kept on the server; the
//! browser has a random value for it in a cookie of its own.

use std::sync::Arc;

use application::Secret;
use application::ports::sign_in_services::{Answer, SignInServiceError};
use application::sign_in_services::{
    LONGEST_AWAY, ServiceSignInError, come_back_from, end_by_service, leave_for,
};
use domain::person::Language;
use poem::http::{StatusCode, header};
use poem::web::{Data, Form, Path, Query};
use poem::{IntoResponse, Request, Response, Route, handler};
use serde::Deserialize;

use crate::method::{get, post};
use crate::pages::own_page;
use crate::problem::{Kind, Problem};
use crate::{Web, caller};

pub(crate) fn routes() -> Route {
    Route::new()
        .at("/:service", get(depart))
        .at("/:service/callback", get(arrive))
        .at("/:service/logout", post(logout))
}

const fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-mondossier-away"
    } else {
        "mondossier-away"
    }
}

fn cookie(secure: bool, value: &str, seconds: i64) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{mark}")
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Wish {
    language: String,
    come_back: String,
    again: bool,
}

#[handler]
async fn depart(
    request: &Request,
    web: Data<&Arc<Web>>,
    Path(service): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, Problem> {
    let language = Language::from_code(&wish.language).unwrap_or(Language::English);
    let come_back = own_page(&wish.come_back).unwrap_or("/");
    let from = caller::from(request);
    let gone = leave_for(&web.app, &service, language, wish.again, come_back, from).await?;
    Ok(StatusCode::SEE_OTHER
        .with_header(header::LOCATION, gone.address)
        .with_header(
            header::SET_COOKIE,
            cookie(
                web.secure,
                gone.secret.reveal(),
                LONGEST_AWAY.whole_seconds(),
            ),
        )
        .into_response())
}

#[derive(Deserialize)]
struct Callback {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

#[handler]
async fn arrive(
    request: &Request,
    web: Data<&Arc<Web>>,
    Path(service): Path<String>,
    Query(callback): Query<Callback>,
) -> Result<Response, Problem> {
    let secure = web.secure;
    // A browser without the cookie presents nothing, and nothing is known by it.
    let away =
        caller::cookie_value(request, cookie_name(secure)).unwrap_or_else(|| Secret::presented(""));
    let answer = Answer {
        code: callback.code.map(Into::into),
        state: callback.state,
        issuer: callback.iss,
        error: callback.error,
    };
    let before = caller::presented(request, secure);
    let from = caller::from(request);
    let back = come_back_from(&web.app, &service, &away, &answer, before.as_ref(), from).await?;
    let place = in_language(&back.come_back, back.language);
    let mut response = StatusCode::SEE_OTHER
        .with_header(header::LOCATION, place)
        .into_response();
    for cookie in [caller::cookie(secure, &back.secret), cookie(secure, "", 0)] {
        if let Ok(value) = header::HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

/// The page to come back to, in the language that was chosen at the service (REG-7).
fn in_language(place: &str, language: Option<Language>) -> String {
    let Some(language) = language else {
        return place.to_owned();
    };
    let other = format!("/{}/", language.other().code());
    match place.strip_prefix(&other) {
        Some(rest) => format!("/{}/{rest}", language.code()),
        None => place.to_owned(),
    }
}

#[derive(Deserialize)]
struct Logout {
    logout_token: String,
}

#[handler]
async fn logout(
    web: Data<&Arc<Web>>,
    Path(service): Path<String>,
    Form(Logout { logout_token }): Form<Logout>,
) -> Result<StatusCode, Problem> {
    match end_by_service(&web.app, &service, &logout_token).await {
        Ok(_) => Ok(StatusCode::OK),
        // Whoever sent it is a machine, and is owed this status (Back-Channel Logout 1.0, 2.8).
        Err(ServiceSignInError::Service(error @ SignInServiceError::NotBelieved(_))) => {
            Err(Problem::from(Kind::LogoutNotBelieved).because(error))
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REG-7: whoever changes language at the service comes back to it.
    #[test]
    fn one_comes_back_in_the_language_that_was_chosen() {
        let in_french = |place| in_language(place, Some(Language::French));
        assert_eq!(in_french("/en/account?a=b"), "/fr/account?a=b");
        assert_eq!(in_french("/fr/account"), "/fr/account");
        assert_eq!(in_french("/"), "/");
        assert_eq!(in_language("/en/", None), "/en/");
    }
}
