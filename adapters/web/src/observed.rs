//! What the log and the metrics tell of a request: its route, how it went, how long it took; and the number by which people, the log and
//! the answer mean the same request. No path, no query, no person.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::ports::clock::Random;
use bytes::Bytes;
use http_body::Frame;
use poem::PathPattern;
use poem::http::header::HeaderName;
use poem::http::{HeaderValue, Method, StatusCode};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::{Instrument, Span};

use crate::Web;
use crate::passing::{Look, passing};
use crate::proxies::Origin;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_PARENT: &str = "traceparent";

/// What became of a request.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The route's pattern, never the path.
    pub route: &'a str,
    /// The method, or `other`.
    pub method: &'static str,
    /// The status; none if whoever asked left before there was one.
    pub status: Option<StatusCode>,
    /// From the head to the last byte of the answer.
    pub took: Duration,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// The span around it.
    pub followed: &'a Span,
}

/// Whoever counts requests.
pub trait Watch: Send + Sync {
    /// A request came to its end.
    fn answered(&self, answered: &Answered<'_>);

    /// A span of its own around a request, for whoever follows it from one program to the next; `part_of` is what a trusted proxy says of the
    /// way so far (`traceparent`, W3C Trace Context).
    fn followed(&self, _number: &str, _part_of: Option<&str>) -> Span {
        Span::none()
    }
}

/// By which people, the log and the answer mean the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl RequestId {
    /// A trusted proxy's, so that its log and ours go together; or a new one.
    pub(crate) fn of(request: &Request, by_proxy: bool, random: &dyn Random) -> Self {
        let given = request.headers().get(REQUEST_ID).filter(|_| by_proxy);
        let given = given.and_then(|value| value.to_str().ok());
        match given.filter(|text| is_well_formed(text)) {
            Some(text) => Self(text.into()),
            None => Self::new(random),
        }
    }

    fn new(random: &dyn Random) -> Self {
        let drawn = random.bytes();
        let number = drawn.first_chunk().copied().map_or(0, u64::from_be_bytes);
        // In groups, since it is read out over the telephone.
        let digits = format!("{number:016x}");
        let groups: Vec<&str> = [0..4, 4..8, 8..12, 12..16]
            .into_iter()
            .filter_map(|range| digits.get(range))
            .collect();
        Self(groups.join("-").into())
    }
}

fn is_well_formed(text: &str) -> bool {
    (8..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The method's name; one that somebody made up is none that a log or a metric repeats.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Gives each request its number, and tells what became of it.
pub(crate) async fn observed<E: Endpoint>(
    web: Arc<Web>,
    next: Arc<E>,
    mut request: Request,
) -> Result<Response> {
    let origin = Origin::of(&request, &web.proxies);
    let id = RequestId::of(&request, origin.by_proxy, &*web.app.random);
    // At the level of errors, so that it is in the log with whatever else is.
    let span = tracing::error_span!("request", request_id = %id);
    let part_of = request.header(TRACE_PARENT).filter(|_| origin.by_proxy);
    let followed = span.in_scope(|| web.watch.followed(&id.0, part_of));
    let mut telling = Telling {
        watch: web.watch.clone(),
        span: span.clone(),
        followed: followed.clone(),
        start: Instant::now(),
        route: None,
        method: name(request.method()),
        status: None,
        bytes: 0,
    };
    request.set_data(origin);
    request.set_data(id.clone());
    let answered = next
        .call(request)
        .instrument(followed)
        .instrument(span)
        .await;
    let mut response = match answered {
        Ok(response) => response.into_response(),
        Err(error) => error.into_response(),
    };
    telling.status = Some(response.status());
    telling.route = response
        .data::<PathPattern>()
        .map(|pattern| pattern.0.clone());
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let body = passing(response.take_body(), telling);
    response.set_body(body);
    Ok(response)
}

/// What is known of a request so far; told when it is dropped, however the request ended.
struct Telling {
    watch: Arc<dyn Watch>,
    span: Span,
    followed: Span,
    start: Instant,
    route: Option<Arc<str>>,
    method: &'static str,
    status: Option<StatusCode>,
    bytes: u64,
}

impl Drop for Telling {
    fn drop(&mut self) {
        let answered = Answered {
            route: self.route.as_deref().unwrap_or("none"),
            method: self.method,
            status: self.status,
            took: self.start.elapsed(),
            bytes: self.bytes,
            followed: &self.followed,
        };
        self.watch.answered(&answered);
        self.span.in_scope(|| {
            tracing::info!(
                target: "access",
                method = answered.method,
                route = answered.route,
                status = answered.status.map(|status| status.as_u16()),
                milliseconds = u64::try_from(answered.took.as_millis()).unwrap_or(u64::MAX),
                bytes = answered.bytes,
                "answered"
            );
        });
    }
}

impl Look for Telling {
    fn look(&mut self, piece: io::Result<Frame<Bytes>>) -> io::Result<Frame<Bytes>> {
        match &piece {
            Ok(frame) => self.bytes += frame.data_ref().map_or(0, Bytes::len) as u64,
            // The status is sent already: only the log can say that the answer is cut off.
            Err(error) => self.span.in_scope(|| {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "an answer broke off"
                );
            }),
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Random for Sevens {
        fn bytes(&self) -> [u8; 32] {
            [0x7a; 32]
        }
    }

    fn id(given: &str, by_proxy: bool) -> String {
        let request = Request::builder().header("x-request-id", given).finish();
        RequestId::of(&request, by_proxy, &Sevens).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_gives_a_request_its_number() {
        assert_eq!(id("f81d4fae-7dec", true), "f81d4fae-7dec");
        assert_eq!(id("f81d4fae-7dec", false), "7a7a-7a7a-7a7a-7a7a");
        let long = "x".repeat(65);
        for made_up in ["", "short", "two words", "<script>1", "\"}{\"a\":1", &long] {
            assert_eq!(id(made_up, true), "7a7a-7a7a-7a7a-7a7a", "{made_up}");
        }
    }
}
