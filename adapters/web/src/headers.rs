//! The headers of every answer: it is never stored, never framed, never guessed at by a browser, and a page loads nothing from elsewhere.

use std::sync::{Arc, LazyLock};

use poem::http::header::{self, HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::api;

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
    let mut response = next.call(request).await?.into_response();
    let headers = response.headers_mut();
    // At once, and not whenever the next does not fit.
    headers.reserve(HEADERS.len() + 4);
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
