//! Where there is TLS, nobody goes without.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::http::header;
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::Web;
use crate::proxies::{Origin, was_plain};

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
