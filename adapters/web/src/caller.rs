//! Who asks: recognised once per request, by an API token or the session's cookie. A token that does not work never falls back to the
//! cookie.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use application::Secret;
use application::recognise::{NotRecognised, recognise_session, recognise_token};
use domain::policy::Actor;
use poem::http::header;
use poem::{Endpoint, FromRequest, IntoResponse, Request, RequestBody, Response, Result};

use crate::Web;
use crate::problem::{Kind, Problem};
use crate::proxies::Origin;

/// By what the browser's session is known.
pub(crate) const fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-mondossier"
    } else {
        "mondossier"
    }
}

/// The cookie that begins a session.
pub(crate) fn cookie(secure: bool, secret: &Secret) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax{mark}",
        secret.reveal()
    )
}

/// The cookie that makes a browser forget the other one.
pub(crate) fn cookie_taken_back(secure: bool) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{mark}")
}

/// The session's secret in a request's cookie.
pub(crate) fn presented(request: &Request, secure: bool) -> Option<Secret> {
    cookie_value(request, cookie_name(secure))
}

/// The secret in a request's cookie of that name.
pub(crate) fn cookie_value(request: &Request, wanted: &str) -> Option<Secret> {
    let cookies = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| Secret::presented(value))
}

fn bearer(request: &Request) -> Option<Secret> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Secret::presented(token.trim()))
}

/// The network address of whoever asks, behind the proxies that are trusted.
pub(crate) fn from(request: &Request) -> Option<IpAddr> {
    request.data::<Origin>()?.client
}

/// Who was recognised; kept in the request for the handlers, and for the page that tells of what went wrong in one.
#[derive(Clone, Default)]
pub(crate) struct Recognised(Arc<OnceLock<Actor>>);

impl Recognised {
    /// The place in a request where it is known, now or after it was recognised.
    pub(crate) fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or_default()
    }

    /// Whoever was recognised, if anybody.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.0.get()
    }
}

/// Recognises whoever asks, before any handler runs.
pub(crate) async fn recognise<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let (Some(web), Some(recognised)) = (
        request.data::<Arc<Web>>().cloned(),
        request.data::<Recognised>().cloned(),
    ) else {
        return Err(Problem::internal("the routes' parts are missing").into());
    };
    let from = from(&request);
    let actor = if let Some(token) = bearer(&request) {
        Some(
            recognise_token(&web.app, &token, from)
                .await
                .map_err(Problem::from)?,
        )
    } else if let Some(secret) = presented(&request, web.secure) {
        match recognise_session(&web.app, &secret, from).await {
            Ok(recognised) => Some(recognised.actor),
            Err(NotRecognised::Unknown | NotRecognised::Over(_)) => None,
            Err(error) => return Err(Problem::from(error).into()),
        }
    } else {
        None
    };
    if let Some(actor) = actor {
        // The request is new: nobody was recognised in it before.
        let _ = recognised.0.set(actor);
    }
    next.call(request).await.map(IntoResponse::into_response)
}

/// Whoever is signed in. A handler that takes it cannot run without.
pub(crate) struct SignedIn(pub(crate) Actor);

impl<'a> FromRequest<'a> for SignedIn {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Recognised::of(request)
            .actor()
            .cloned()
            .map(Self)
            .ok_or_else(|| Problem::from(Kind::SignInNeeded).into())
    }
}
