//! How large a request may be: its address, and its body by what it is; and how long the portal may take over it. A body that says nothing of
//! its length is counted as it comes, and one that stopped coming is told from one that cannot be read.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use application::Application;
use bytes::Bytes;
use http_body::Frame;
use poem::http::header;
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tokio::time::timeout;

use crate::Web;
use crate::passing::{Look, passing};
use crate::problem::{Kind, Problem};

/// The longest address, path and query together.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// JSON, and whatever is no form.
const JSON: u64 = 256 * 1024;

/// Where the case management system sends cases, which can be larger.
const CASES: &str = "/api/v1/registry/cases/";

/// A form without files.
const FORM: u64 = 1024 * 1024;

/// What goes around the files of a form: names, notes, boundaries.
const AROUND_FILES: u64 = 1024 * 1024;

/// So long may the portal take over what brings no files: a database that does not answer would keep it forever.
const LONGEST_WORK: Duration = Duration::from_mins(2);

/// How many bytes a request's body may have; `None` where whoever takes it counts for themselves.
fn most(request: &Request, app: &Application) -> Option<u64> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    match media_type.to_ascii_lowercase().as_str() {
        "application/offset+octet-stream" => None,
        "multipart/form-data" => {
            let files = app.terms.files_at_most as u64;
            let bytes = files.saturating_mul(app.terms.file_bytes_at_most);
            Some(bytes.saturating_add(AROUND_FILES))
        }
        "application/x-www-form-urlencoded" => Some(FORM),
        _ if request.original_uri().path().starts_with(CASES) => {
            Some(case_object::BYTES_AT_MOST as u64)
        }
        _ => Some(JSON),
    }
}

/// Refuses what is too large, before it is read where it says so, or when it turns out to be.
pub(crate) async fn limited<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let address = request.original_uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
        return Err(Problem::from(Kind::AddressTooLong).into());
    }
    let most = request
        .data::<Arc<Web>>()
        .and_then(|web| most(&request, &web.app));
    let too_large = || {
        let problem = Problem::from(Kind::PayloadTooLarge);
        poem::Error::from(match most {
            Some(most) => problem.with("limit_bytes", most),
            None => problem,
        })
    };
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if most.zip(said).is_some_and(|(most, said)| said > most) {
        return Err(too_large());
    }
    let found = Found::default();
    let counted = Counted {
        left: most,
        found: found.clone(),
    };
    let body = passing(request.take_body(), counted);
    request.set_body(body);
    let brings_no_files = most.is_some_and(|most| most <= FORM);
    let answered = if brings_no_files && !request.original_uri().path().starts_with("/demo/") {
        timeout(LONGEST_WORK, next.call(request))
            .await
            .unwrap_or_else(|late| Err(Problem::from(Kind::TryAgain).because(late).into()))
    } else {
        next.call(request).await
    };
    match answered {
        Err(_) if found.too_large() => Err(too_large()),
        // What came of an upload is kept, however slowly: its sender is told to go on, not that the request came to nothing.
        Err(error) if found.too_slow() && !is(&error, Kind::UploadInterrupted) => {
            Err(Problem::from(Kind::RequestTooSlow).into())
        }
        answered => answered.map(IntoResponse::into_response),
    }
}

fn is(error: &poem::Error, kind: Kind) -> bool {
    let problem = error.downcast_ref::<Problem>();
    problem.is_some_and(|problem| problem.kind() == kind)
}

/// What was found wrong with a body.
#[derive(Clone, Default)]
struct Found(Arc<(AtomicBool, AtomicBool)>);

impl Found {
    fn too_large(&self) -> bool {
        self.0.0.load(Ordering::Relaxed)
    }

    fn too_slow(&self) -> bool {
        self.0.1.load(Ordering::Relaxed)
    }
}

struct Counted {
    left: Option<u64>,
    found: Found,
}

impl Look for Counted {
    fn look(&mut self, piece: io::Result<Frame<Bytes>>) -> io::Result<Frame<Bytes>> {
        match &piece {
            Ok(frame) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
                match self.left.map(|left| left.checked_sub(bytes)) {
                    None => {}
                    Some(Some(left)) => self.left = Some(left),
                    Some(None) => {
                        self.found.0.0.store(true, Ordering::Relaxed);
                        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large"));
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                self.found.0.1.store(true, Ordering::Relaxed);
            }
            Err(_) => {}
        }
        piece
    }
}
