//! Calls that change something by cookie come from the portal's own pages.

use std::sync::Arc;

use poem::http::header::{self, HeaderName};
use poem::http::uri::Authority;
use poem::http::{HeaderMap, Method, Uri};
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
    came_from_elsewhere(request.headers(), request.original_uri())
}

fn came_from_elsewhere(headers: &HeaderMap, asked: &Uri) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    match (site, origin) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            // HTTP/2 names the host in the address alone (RFC 9113, section 8.3.1).
            let here = text(header::HOST).or_else(|| asked.authority().map(Authority::as_str));
            let from = origin.split_once("://").map(|(_, from)| from);
            from.is_none() || from != here
        }
        // The demonstration protects nobody, and is played with from command lines that keep cookies.
        (None, None) if asked.path().starts_with("/demo/") => false,
        (None, None) => headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A browser that sends `Origin` and no `Sec-Fetch-Site`, by HTTP/1.1 with `Host` and by HTTP/2 with the host in the address.
    #[test]
    fn an_origin_is_held_against_the_host_wherever_that_stands() {
        let from_elsewhere = |address: &str, host: Option<&str>, origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            if let Some(host) = host {
                headers.insert(header::HOST, host.parse().unwrap());
            }
            came_from_elsewhere(&headers, &address.parse().unwrap())
        };
        let (ours, theirs) = ("https://portal.example", "https://elsewhere.example");
        for (origin, elsewhere) in [(ours, false), (theirs, true), ("null", true)] {
            let by_http_1 = from_elsewhere("/fr/sign-out", Some("portal.example"), origin);
            let by_http_2 = from_elsewhere("https://portal.example/fr/sign-out", None, origin);
            assert_eq!((by_http_1, by_http_2), (elsewhere, elsewhere), "{origin}");
            assert!(from_elsewhere("/fr/sign-out", None, origin), "{origin}");
        }
    }
}
