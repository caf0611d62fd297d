//! What holds for every request: calls that change something by cookie come from the portal's own pages; answers are never stored, never
//! framed, never guessed at by a browser; where there is TLS, nobody goes without.

use std::sync::{Arc, LazyLock};

use poem::http::Method;
use poem::http::StatusCode;
use poem::http::header::{self, HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::api::UPLOAD_PROTOCOL;
use crate::caller::bearer;
use crate::problem::{Kind, Problem};
use crate::proxies::{Origin, was_plain};
use crate::{Web, api};

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

/// Sends whoever came to the tribunal's proxy without TLS to the same address with it. What asks after the portal's health may come as it is.
pub(crate) async fn by_tls<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let by_proxy = request
        .data::<Origin>()
        .is_some_and(|origin| origin.by_proxy);
    let uri = request.original_uri();
    if by_proxy && was_plain(request.headers()) && !uri.path().starts_with("/health/") {
        let web = request.data::<Arc<Web>>();
        let portal = web.filter(|web| web.secure);
        if let Some(portal) = portal.and_then(|web| web.public_url.as_deref()) {
            let here = uri.path_and_query().map_or("/", |here| here.as_str());
            let place = format!("{}{here}", portal.trim_end_matches('/'));
            return Ok(StatusCode::PERMANENT_REDIRECT
                .with_header(header::LOCATION, place)
                .into_response());
        }
    }
    next.call(request).await.map(IntoResponse::into_response)
}

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
         payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Two years, as browsers' own lists ask for; for this host alone, since others may be the tribunal's.
const BY_TLS_ALONE: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// A page has a stylesheet, an icon and scripts of this host, none of them in the page itself, and its scripts ask no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The browsable docs are one page with its scripts and styles in it, which are named by their digests and no others run; it shows nothing
/// personal and sends requests here alone.
static DOCS_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let (scripts, styles) = api::docs_digests();
    let policy = format!(
        "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    // Digests in base64 are text that a header may hold.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY))
});

/// Sets the headers that every answer has.
pub(crate) async fn headers<E: Endpoint>(
    secure: bool,
    next: Arc<E>,
    request: Request,
) -> Result<Response> {
    let policy = if request.uri().path().starts_with("/api/v1/docs") {
        DOCS_POLICY.clone()
    } else {
        HeaderValue::from_static(POLICY)
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
        .or_insert(policy);
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, BY_TLS_ALONE);
    }
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
