//! The parts of `multipart/form-data`, each taken as it comes (SUB-1). Whoever sends them, they take little memory: there are so many of them,
//! with so much text in all, and the head of each ends soon. The parser itself would gather for ever what looks like a head. Whether a part is
//! a file is told here; what is done with it is not.

mod disposition;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use domain::submission::CASES_AT_MOST;
use futures_util::{Stream, StreamExt, stream};
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::bytes::Bytes;
use tokio_util::io::StreamReader;

use crate::caller::Evidence;
use crate::no_nul::without_nul;
use crate::problem::{Kind, Problem};

/// The longest text of a part that is no file.
const LONGEST_TEXT: u64 = 64 * 1024;

/// The texts of all parts together.
const TEXTS_AT_MOST: u64 = 1024 * 1024;

/// Parts of one request.
const PARTS_AT_MOST: usize = 500;

/// Files that can be sent in one request, each with its title: beside them there is a part for each other case, and a dozen more.
pub const FILES_AT_MOST: u64 = 200;

const _: () = assert!(2 * FILES_AT_MOST + CASES_AT_MOST as u64 + 12 <= PARTS_AT_MOST as u64);

/// Bytes between the end of one part and the beginning of the next one's content, with what the connection has read ahead.
const HEAD_AT_MOST: u64 = 1024 * 1024;

/// After so many bytes without a break, what came is looked at first.
const AT_ONE_GO: u64 = 256 * 1024;

/// Parts that are taken one after the other.
pub(crate) struct Parts {
    taken: multer::Multipart<'static>,
    left: Arc<AtomicU64>,
    begun: usize,
    texts: u64,
    /// By what whoever sends them was recognised.
    sender: Option<Arc<Evidence>>,
}

impl<'a> FromRequest<'a> for Parts {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let left = Arc::new(AtomicU64::new(HEAD_AT_MOST));
        let metered = Metered {
            pieces: Box::pin(body.take()?.into_bytes_stream()),
            left: left.clone(),
            since_break: 0,
        };
        let boundary = request
            .header(header::CONTENT_TYPE)
            .and_then(|kind| multer::parse_boundary(kind).ok())
            .ok_or_else(|| Problem::from(Kind::ContentTypeUnusable))?;
        Ok(Self {
            taken: multer::Multipart::new(metered, boundary),
            left,
            begun: 0,
            texts: 0,
            sender: request.data::<Arc<Evidence>>().cloned(),
        })
    }
}

impl Parts {
    /// The next one. After the last it is asked again who sent them.
    pub(crate) async fn next(&mut self) -> Result<Option<Part>, Problem> {
        self.left.store(HEAD_AT_MOST, Ordering::Relaxed);
        let next = self.taken.next_field().await;
        // The content is measured by whoever takes it.
        self.left.store(u64::MAX, Ordering::Relaxed);
        let next = next.map_err(|_| Problem::from(Kind::FormUnreadable))?;
        self.begun += 1;
        if self.begun > PARTS_AT_MOST {
            return Err(Kind::PayloadTooLarge.into());
        }
        if let (None, Some(sender)) = (&next, &self.sender) {
            sender.still_holds().await?;
        }
        Ok(next.map(Part::new))
    }

    /// The text of a part.
    pub(crate) async fn text(&mut self, part: Part) -> Result<String, Problem> {
        let mut bytes = Vec::new();
        let mut reader = Box::pin(part.into_reader().take(LONGEST_TEXT + 1));
        reader
            .read_to_end(&mut bytes)
            .await
            .map_err(|_| Problem::from(Kind::FormUnreadable))?;
        self.texts = self.texts.saturating_add(bytes.len() as u64);
        if bytes.len() as u64 > LONGEST_TEXT || self.texts > TEXTS_AT_MOST {
            return Err(Kind::FieldTooLong.into());
        }
        // A browser ends the lines of a text area with CR LF.
        String::from_utf8(bytes)
            .map(|text| text.replace("\r\n", "\n"))
            .map_err(|_| Problem::from(Kind::FormUnreadable))
            .and_then(without_nul)
    }
}

/// A part of which the head has come.
pub(crate) struct Part {
    field: multer::Field<'static>,
    file_name: Option<String>,
    /// What of the content has come already.
    begun: Vec<Bytes>,
}

impl Part {
    fn new(field: multer::Field<'static>) -> Self {
        let disposition = field.headers().get(header::CONTENT_DISPOSITION);
        let file_name = disposition.and_then(|value| disposition::file_name(value.as_bytes()));
        Self {
            field,
            file_name,
            begun: Vec::new(),
        }
    }

    /// What the part is called; nothing where it has no name.
    pub(crate) fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// What its sender calls the file; `None` where they call it nothing.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref().filter(|name| !name.is_empty())
    }

    /// Whether not one byte is in it, as where a browser's person chose no file.
    pub(crate) async fn is_empty(&mut self) -> Result<bool, Problem> {
        while self.begun.is_empty() {
            let next = self.field.next().await.transpose();
            match next.map_err(|_| Problem::from(Kind::UploadBrokenOff))? {
                Some(piece) if piece.is_empty() => {}
                Some(piece) => self.begun.push(piece),
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Whether it is a file and no text: it is called one, or has bytes of another kind than text.
    pub(crate) async fn is_file(&mut self) -> Result<bool, Problem> {
        let kind = self.field.content_type();
        let is_text = kind.is_none_or(|kind| kind.essence_str() == "text/plain");
        Ok(self.file_name().is_some() || !is_text && !self.is_empty().await?)
    }

    /// Its content.
    pub(crate) fn into_reader(self) -> impl AsyncRead + Send {
        let begun = stream::iter(self.begun.into_iter().map(Ok));
        let rest = self.field.map(|piece| piece.map_err(io::Error::other));
        StreamReader::new(begun.chain(rest))
    }
}

/// A body that ends in an error where a head does not end, and lets the parser look at what came before it gives more.
struct Metered<S> {
    pieces: Pin<Box<S>>,
    left: Arc<AtomicU64>,
    since_break: u64,
}

impl<S: Stream<Item = io::Result<Bytes>>> Stream for Metered<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.since_break >= AT_ONE_GO {
            self.since_break = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = ready!(self.pieces.as_mut().poll_next(context)) else {
            return Poll::Ready(None);
        };
        let piece = piece?;
        let length = piece.len() as u64;
        self.since_break = self.since_break.saturating_add(length);
        let left = self.left.load(Ordering::Relaxed);
        if left < length {
            return Poll::Ready(Some(Err(io::Error::other(
                "the head of a part does not end",
            ))));
        }
        if left != u64::MAX {
            self.left.store(left - length, Ordering::Relaxed);
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use poem::Body;
    use proptest::prelude::*;

    use super::*;

    /// A body that never waits, in pieces of 64 KB, and how many of them were asked for.
    fn sent(content: &[u8]) -> (Request, Arc<AtomicU64>) {
        let asked_for = Arc::new(AtomicU64::new(0));
        let counted = asked_for.clone();
        let pieces: Vec<_> = content.chunks(65536).map(Bytes::copy_from_slice).collect();
        let pieces = stream::iter(pieces).map(move |piece| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, io::Error>(piece)
        });
        let request = Request::builder()
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from_bytes_stream(pieces));
        (request, asked_for)
    }

    async fn parts_of(request: Request) -> Parts {
        let (request, mut body) = request.split();
        Parts::from_request(&request, &mut body).await.unwrap()
    }

    fn part(name: &str, content: &[u8]) -> Vec<u8> {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    }

    /// SUB-1: neither a beginning nor a head without end is gathered.
    #[tokio::test]
    async fn a_head_without_end_is_not_gathered() {
        let filler = vec![b'x'; 16 << 20];
        for begin in [&b""[..], b"--b\r\nX-A: "] {
            let (request, asked_for) = sent(&[begin, &filler].concat());
            let mut parts = parts_of(request).await;
            assert!(parts.next().await.is_err());
            let asked_for = asked_for.load(Ordering::Relaxed) * 65536;
            assert!(asked_for <= HEAD_AT_MOST + 2 * 65536, "{asked_for}");
        }
    }

    /// SUB-1: of a large part only a little is read ahead, however fast it comes, and what follows is there.
    #[tokio::test]
    async fn a_large_part_is_not_read_ahead() {
        let large = vec![b'x'; 8 << 20];
        let body = [
            part("file", &large),
            part("note", b"hello"),
            b"--b--\r\n".to_vec(),
        ]
        .concat();
        let (request, asked_for) = sent(&body);
        let mut parts = parts_of(request).await;
        let field = parts.next().await.unwrap().unwrap();
        let asked = asked_for.load(Ordering::Relaxed) * 65536;
        assert!(asked <= HEAD_AT_MOST, "{asked}");
        let mut taken = Vec::new();
        let mut reader = Box::pin(field.into_reader());
        reader.read_to_end(&mut taken).await.unwrap();
        assert_eq!(taken.len(), large.len());
        drop(reader);
        let note = parts.next().await.unwrap().unwrap();
        assert_eq!(parts.text(note).await.unwrap(), "hello");
        assert!(parts.next().await.unwrap().is_none());
    }

    async fn all_texts(body: Vec<u8>) -> Result<usize, Kind> {
        let (request, _) = sent(&body);
        let mut parts = parts_of(request).await;
        let mut taken = 0;
        while let Some(field) = parts.next().await.map_err(|problem| problem.kind())? {
            taken += parts
                .text(field)
                .await
                .map_err(|problem| problem.kind())?
                .len();
        }
        Ok(taken)
    }

    /// SUB-1: parts and their texts are counted together, and what breaks off or is no form is said to be so.
    #[tokio::test]
    async fn parts_and_texts_have_an_end() {
        let end = b"--b--\r\n";
        let many = part("note", b"a").repeat(10_000);
        assert_eq!(
            all_texts([&many, &end[..]].concat()).await,
            Err(Kind::PayloadTooLarge)
        );
        let texts = part("note", &b"a".repeat(60_000)).repeat(30);
        assert_eq!(
            all_texts([&texts, &end[..]].concat()).await,
            Err(Kind::FieldTooLong)
        );
        let long = part("note", &b"a".repeat(70_000));
        assert_eq!(
            all_texts([&long, &end[..]].concat()).await,
            Err(Kind::FieldTooLong)
        );
        for nul in [part("note", b"a\0b"), part("title-x", b"\0")] {
            assert_eq!(
                all_texts([&nul, &end[..]].concat()).await,
                Err(Kind::TextUnusable)
            );
        }
        for broken in [
            part("note", b"a"),
            part("note", b"\xff"),
            b"--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na".to_vec(),
            b"--b".to_vec(),
            b"--c\r\n\r\n--c--\r\n".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(all_texts(broken).await, Err(Kind::FormUnreadable));
        }
        assert_eq!(
            all_texts([&part("note", b"a"), &end[..]].concat()).await,
            Ok(1)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// SUB-1: bytes changed, lost and doubled anywhere in a form get an answer.
        #[test]
        fn a_form_changed_at_random_gets_an_answer(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..12),
        ) {
            let mut body = [part("note", b"a"), part("file", b"bcd"), b"--b--\r\n".to_vec()].concat();
            for (at, byte, how) in changes {
                let at = at.index(body.len());
                match how {
                    0 => body[at] = byte,
                    1 => { body.remove(at); }
                    _ => body.insert(at, byte),
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let _ = runtime.block_on(all_texts(body));
        }
    }
}
