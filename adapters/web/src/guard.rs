//! What holds for every request: calls that change something by cookie come from the portal's own pages; answers are never stored, never
//! framed, never guessed at by a browser.

use std::sync::Arc;

use poem::http::Method;
use poem::http::header::{self, HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::api::UPLOAD_PROTOCOL;
use crate::problem::{Kind, Problem};

/// Refuses an unsafe call that a browser made with a cookie from elsewhere. A token needs no such check: no browser sends it by itself.
pub(crate) async fn same_origin<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let by_token = request.headers().contains_key(header::AUTHORIZATION);
    if !is_safe && !by_token && is_from_elsewhere(&request) {
        return Err(Problem::from(Kind::CrossSite).into());
    }
    next.call(request).await.map(IntoResponse::into_response)
}

/// What the browser says of where a request came from. One that says nothing is no browser of today; without a cookie it can do nothing,
/// with one it must say.
fn is_from_elsewhere(request: &Request) -> bool {
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

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// A page has a stylesheet, an icon and scripts of this host, none of them in the page itself, and its scripts ask no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The browsable docs are one page with its scripts and styles in it; it shows nothing personal and sends requests here alone.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Sets the headers that every answer has.
pub(crate) async fn headers<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let policy = if request.uri().path().starts_with("/api/v1/docs") {
        DOCS_POLICY
    } else {
        POLICY
    };
    let is_upload = is_upload(&request);
    let mut response = next.call(request).await?.into_response();
    let headers = response.headers_mut();
    if is_upload {
        for name in ["tus-resumable", "tus-version"] {
            let version = HeaderValue::from_static(UPLOAD_PROTOCOL);
            headers.insert(HeaderName::from_static(name), version);
        }
    }
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    Ok(response)
}

/// Whether a request is one of the upload protocol, whose every answer names its version.
fn is_upload(request: &Request) -> bool {
    let path = request.original_uri().path();
    path.starts_with("/api/v1/") && path.contains("/uploads")
}

/// A client that can send nothing but POST says in a header what it means; the upload protocol asks for that.
pub(crate) async fn method_override<E: Endpoint>(
    next: Arc<E>,
    mut request: Request,
) -> Result<Response> {
    if is_upload(&request) && *request.method() == Method::POST {
        let meant = request.header("x-http-method-override").map(str::to_owned);
        match meant.as_deref() {
            Some("PATCH") => request.set_method(Method::PATCH),
            Some("DELETE") => request.set_method(Method::DELETE),
            _ => {}
        }
    }
    next.call(request).await.map(IntoResponse::into_response)
}
