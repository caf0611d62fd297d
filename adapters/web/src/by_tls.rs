//! Where there is TLS, nobody goes without.

use std::sync::Arc;

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use crate::Web;
use crate::problem::{Kind, Problem};
use crate::proxies::{Origin, was_plain};

/// Sends a browser that came to the tribunal's proxy without TLS to the same address with it. A machine is refused, and so is whatever would
/// change something: sent on in silence, it would go on to send its token and its documents in clear for ever. What asks after the portal's
/// health may come as it is.
pub(crate) async fn by_tls<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let by_proxy = request
        .data::<Origin>()
        .is_some_and(|origin| origin.by_proxy);
    let uri = request.original_uri();
    if by_proxy && was_plain(request.headers()) && !uri.path().starts_with("/health/") {
        let web = request.data::<Arc<Web>>();
        let portal = web.filter(|web| web.secure);
        if let Some(portal) = portal.and_then(|web| web.public_url.as_deref()) {
            let reads = matches!(*request.method(), Method::GET | Method::HEAD);
            if !reads || uri.path().starts_with("/api/") {
                return Err(Problem::from(Kind::NotByTls).into());
            }
            let here = uri.path_and_query().map_or("/", |here| here.as_str());
            let place = format!("{}{here}", portal.trim_end_matches('/'));
            return Ok(StatusCode::PERMANENT_REDIRECT
                .with_header(header::LOCATION, place)
                .into_response());
        }
    }
    next.call(request).await.map(IntoResponse::into_response)
}
