//! Calls that change something by cookie come from the portal's own pages.

use std::sync::Arc;

use poem::http::Method;
use poem::http::header::{self, HeaderName};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::caller::bearer;
use crate::problem::{Kind, Problem};

/// Refuses an unsafe call that a browser made with a cookie from elsewhere. A token needs no such check: no browser sends it by itself, as it
/// does what a proxy's password was entered for.
pub(crate) async fn same_origin<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let by_token = bearer(&request).is_some();
    if !is_safe && !by_token && is_from_elsewhere(&request) {
        return Err(Problem::from(Kind::CrossSite).into());
    }
    next.call(request).await.map(IntoResponse::into_response)
}

/// What the browser says of where a request came from. One that says nothing is no browser of today; without a cookie it can do nothing,
/// with one it must say.
pub(crate) fn is_from_elsewhere(request: &Request) -> bool {
    let text = |name: HeaderName| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    match (site, origin) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => text(header::HOST).is_none_or(|host| {
            origin
                .split_once("://")
                .is_none_or(|(_, from)| from != host)
        }),
        // The demonstration protects nobody, and is played with from command lines that keep cookies.
        (None, None) if request.original_uri().path().starts_with("/demo/") => false,
        (None, None) => request.headers().contains_key(header::COOKIE),
    }
}
