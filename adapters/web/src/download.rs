//! A document on its way to somebody: under its right name and type, never opened by the browser itself, whole or from where an earlier
//! download broke off (BOX-4; RFC 6266, RFC 9110). What is recorded of it is recorded when bytes go out: not for `HEAD`, and not for a range
//! that the document does not have.

use std::fmt::Write;
use std::io;

use application::Application;
use application::inbox::{inbox_item, read_inbox_item};
use application::ports::documents::ByteStream;
use application::registry_submissions::{download_submission, submission_file};
use domain::account::AccountId;
use domain::document::{FileName, MediaType, Sha256};
use domain::inbox::{InboxItemId, Sent};
use domain::policy::Actor;
use domain::submission::{SubmissionId, SubmittedFile};
use futures_util::{Stream, StreamExt, stream};
use poem::http::{HeaderMap, StatusCode, header};
use poem::{Body, IntoResponse, Request, Response};
use tokio_util::bytes::Bytes;

use crate::method::is_for_the_head_alone;
use crate::problem::{Kind, Problem};

/// What is downloaded.
struct Facts<'a> {
    name: &'a FileName,
    media_type: MediaType,
    size: u64,
    sha256: Sha256,
}

impl<'a> From<&'a Sent> for Facts<'a> {
    fn from(sent: &'a Sent) -> Self {
        Self {
            name: &sent.name,
            media_type: sent.media_type,
            size: sent.size,
            sha256: sent.sha256,
        }
    }
}

impl<'a> From<&'a SubmittedFile> for Facts<'a> {
    fn from(file: &'a SubmittedFile) -> Self {
        Self {
            name: &file.name,
            media_type: file.media_type,
            size: file.size,
            sha256: file.sha256,
        }
    }
}

/// Which bytes of it: the first, and the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    from: u64,
    until: u64,
    whole: u64,
}

impl Part {
    const fn all(size: u64) -> Self {
        Self {
            from: 0,
            until: size,
            whole: size,
        }
    }

    /// What is asked for. A range that cannot be understood asks for everything; one that begins beyond the end is refused; of several
    /// ranges everything is sent, as the standard allows. A range of another version of the document asks for everything.
    pub(crate) fn asked_for(
        headers: &HeaderMap,
        size: u64,
        sha256: Sha256,
    ) -> Result<Self, Problem> {
        let whole = Self::all(size);
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
            return Ok(whole);
        };
        if text(header::IF_RANGE).is_some_and(|version| version != entity_tag(sha256)) {
            return Ok(whole);
        }
        let Some((from, to)) = range.trim().split_once('-') else {
            return Ok(whole);
        };
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let (from, until) = match (number(from), number(to)) {
            (Some(from), Some(to)) if to >= from => (from, to.saturating_add(1).min(size)),
            (Some(from), None) if to.trim().is_empty() => (from, size),
            (None, Some(last)) if from.trim().is_empty() && last > 0 => {
                (size.saturating_sub(last), size)
            }
            _ => return Ok(whole),
        };
        if from >= until {
            return Err(Problem::from(Kind::RangeUnusable).with("size", size));
        }
        Ok(Self {
            from,
            until,
            whole: size,
        })
    }

    /// The first byte, and the one after the last.
    #[cfg(feature = "fuzzing")]
    pub(crate) const fn bounds(self) -> (u64, u64) {
        (self.from, self.until)
    }

    const fn is_whole(self) -> bool {
        self.from == 0 && self.until == self.whole
    }

    const fn length(self) -> u64 {
        self.until - self.from
    }
}

/// The version of a document: it never changes.
fn entity_tag(sha256: Sha256) -> String {
    format!("\"{sha256}\"")
}

/// The answer that carries it.
fn answer(facts: &Facts<'_>, part: Part, bytes: ByteStream<'static>) -> Response {
    let body = Body::from_bytes_stream(cut(bytes, part));
    let status = if part.is_whole() {
        StatusCode::OK
    } else {
        StatusCode::PARTIAL_CONTENT
    };
    let mut response = body
        .with_content_type(facts.media_type.mime())
        .with_header(
            header::CONTENT_DISPOSITION,
            attachment(&facts.name.of_type(facts.media_type)),
        )
        .with_header(header::CONTENT_LENGTH, part.length())
        .with_header(header::ACCEPT_RANGES, "bytes")
        .with_header(header::ETAG, entity_tag(facts.sha256))
        .with_status(status)
        .into_response();
    if !part.is_whole() {
        let range = format!("bytes {}-{}/{}", part.from, part.until - 1, part.whole);
        if let Ok(range) = header::HeaderValue::from_str(&range) {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    response
}

/// Only the bytes of that part.
fn cut(bytes: ByteStream<'static>, part: Part) -> impl Stream<Item = io::Result<Bytes>> {
    bytes.scan(0_u64, move |at, piece| {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) => return std::future::ready(Some(Err(error))),
        };
        let (begin, end) = (*at, at.saturating_add(piece.len() as u64));
        *at = end;
        if begin >= part.until {
            return std::future::ready(None);
        }
        let first = part.from.max(begin).min(end) - begin;
        let last = part.until.min(end) - begin;
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let piece = piece.slice(within(first)..within(last.max(first)));
        std::future::ready(Some(Ok(piece)))
    })
}

/// The answer without the bytes, whatever part is asked for (RFC 9110, 14.2).
fn head(facts: &Facts<'_>) -> Response {
    answer(facts, Part::all(facts.size), Box::pin(stream::empty()))
}

/// A document from the tribunal, on its way to whoever reads it (BOX-2).
pub(crate) async fn read_document(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    item: InboxItemId,
    request: &Request,
) -> Result<Response, Problem> {
    let found = inbox_item(app, actor, counsel, item).await?;
    let facts = Facts::from(&found.item.sent);
    if is_for_the_head_alone(request) {
        return Ok(head(&facts));
    }
    let part = Part::asked_for(request.headers(), facts.size, facts.sha256)?;
    let bytes = read_inbox_item(app, actor, &found).await?;
    Ok(answer(&facts, part, bytes))
}

/// A file of a submission, counted from 1, on its way to the registry (SUB-5).
pub(crate) async fn download_file(
    app: &Application,
    actor: &Actor,
    submission: SubmissionId,
    number: usize,
    request: &Request,
) -> Result<Response, Problem> {
    let file = submission_file(app, actor, submission, number).await?;
    let facts = Facts::from(&file);
    if is_for_the_head_alone(request) {
        return Ok(head(&facts));
    }
    let part = Part::asked_for(request.headers(), facts.size, facts.sha256)?;
    let bytes = download_submission(app, actor, submission, number).await?;
    Ok(answer(&facts, part, bytes))
}

/// A `Content-Disposition` that saves under that name (RFC 6266): plain letters for old programs, UTF-8 for the rest.
pub(crate) fn attachment(name: &FileName) -> String {
    let plain: String = name
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .-_()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use domain::document::{FileName, Sha256};
    use futures_util::{StreamExt, stream};
    use poem::http::{HeaderMap, HeaderValue, header};
    use proptest::prelude::*;
    use tokio_util::bytes::Bytes;

    use super::{Part, attachment, cut};

    /// BOX-4: a download arrives under its right name, whatever letters are in it.
    #[test]
    fn a_name_survives_the_header() {
        let header = attachment(&FileName::from_sender("Pièce \"1\".pdf"));
        assert_eq!(
            header,
            "attachment; filename=\"Pi_ce _1_.pdf\"; filename*=UTF-8''Pi%C3%A8ce%20_1_.pdf"
        );
    }

    proptest! {
        /// BOX-4: whatever a file is called, the header can be sent, and names one file to save.
        #[test]
        fn any_name_makes_one_header(name in r"\PC{0,200}|.{0,60}") {
            let header = attachment(&FileName::from_sender(&name));
            prop_assert!(HeaderValue::from_str(&header).is_ok_and(|value| value.to_str().is_ok()));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert_eq!(header.matches(';').count(), 2);
        }

        /// BOX-4: whatever is asked for, a part lies within the document.
        #[test]
        fn any_range_lies_within(range in r"(bytes=)?[0-9]{0,21}-[0-9]{0,21}|.{0,40}", size in 0..u64::MAX) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(&range) {
                headers.insert(header::RANGE, value);
            }
            if let Ok(part) = Part::asked_for(&headers, size, Sha256::new([1; 32])) {
                prop_assert!(part.from <= part.until && part.until <= size, "{:?}", part);
            }
        }
    }

    fn asked(range: &str) -> Option<(u64, u64)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        let part = Part::asked_for(&headers, 10, Sha256::new([1; 32])).ok()?;
        Some((part.from, part.until))
    }

    /// BOX-4: a range is what RFC 9110 says it is; what is none asks for everything.
    #[test]
    fn a_range_is_what_the_standard_says() {
        for (range, part) in [
            ("bytes=0-4", Some((0, 5))),
            ("bytes=4-", Some((4, 10))),
            ("bytes=4-99", Some((4, 10))),
            ("bytes=-3", Some((7, 10))),
            ("bytes=-30", Some((0, 10))),
            ("bytes=10-", None),
            ("bytes=99-100", None),
            ("bytes=5-4", Some((0, 10))),
            ("bytes=0-1,3-4", Some((0, 10))),
            ("bytes=a-b", Some((0, 10))),
            ("lines=1-2", Some((0, 10))),
        ] {
            assert_eq!(asked(range), part, "{range}");
        }
    }

    /// BOX-4: part and rest of a document are the document, wherever its pieces end.
    #[tokio::test]
    async fn the_parts_make_the_whole() {
        let whole: Vec<u8> = (0..10).collect();
        for length in 1..=10 {
            for from in 0..10_u64 {
                for until in from + 1..=10 {
                    let pieces: Vec<_> = whole
                        .chunks(length)
                        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
                        .collect();
                    let part = Part {
                        from,
                        until,
                        whole: 10,
                    };
                    let cut = cut(Box::pin(stream::iter(pieces)), part);
                    let got: Vec<u8> = cut
                        .map(|piece| piece.unwrap().to_vec())
                        .collect::<Vec<_>>()
                        .await
                        .concat();
                    let expected =
                        &whole[usize::try_from(from).unwrap()..usize::try_from(until).unwrap()];
                    assert_eq!(got, expected);
                }
            }
        }
    }
}
