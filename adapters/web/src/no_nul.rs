//! No text that comes in has a NUL in it: one of the databases cannot hold such a text, and nobody means to write one. Looked for while bodies
//! pass by, whatever field they fill, so that no handler has to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use poem::{Body, Endpoint, IntoResponse, Request, Response, Result};

use crate::problem::{Kind, Problem};

/// How a body spells its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Json,
    Form,
}

impl Spelling {
    /// That of a request's body, unless it is none of the two. Parts of `multipart/form-data` are looked at where they are taken.
    fn of(request: &Request) -> Option<Self> {
        let media_type = request.content_type()?.to_ascii_lowercase();
        if media_type.contains("json") {
            Some(Self::Json)
        } else if media_type.contains("x-www-form-urlencoded") {
            Some(Self::Form)
        } else {
            None
        }
    }

    /// What spells a NUL, beside the byte itself.
    const fn nul(self) -> &'static [u8] {
        match self {
            Self::Json => b"\\u0000",
            Self::Form => b"%00",
        }
    }
}

/// Looks for a NUL in bytes that come in pieces.
#[derive(Debug)]
struct Search {
    spelling: Spelling,
    /// How much of the spelling has been seen.
    seen: usize,
}

impl Search {
    const fn new(spelling: Spelling) -> Self {
        Self { spelling, seen: 0 }
    }

    fn finds_in(&mut self, piece: &[u8]) -> bool {
        piece.iter().any(|byte| self.is_found_at(*byte))
    }

    fn is_found_at(&mut self, byte: u8) -> bool {
        let nul = self.spelling.nul();
        let begins = nul.first() == Some(&byte);
        self.seen = if nul.get(self.seen) == Some(&byte) {
            self.seen + 1
        } else {
            // In JSON a backslash after a backslash is a letter of the text.
            usize::from(begins && !(self.spelling == Spelling::Json && self.seen == 1))
        };
        byte == 0 || self.seen == nul.len()
    }
}

/// Refuses a request in which a text has a NUL: in its address, or in its body as far as anybody reads it.
pub(crate) async fn refuse_nul<E: Endpoint>(
    next: Arc<E>,
    mut request: Request,
) -> Result<Response> {
    let unusable = || Problem::from(Kind::TextUnusable).into();
    if request.original_uri().to_string().contains("%00") {
        return Err(unusable());
    }
    let Some(spelling) = Spelling::of(&request) else {
        return next.call(request).await.map(IntoResponse::into_response);
    };
    let found = Arc::new(AtomicBool::new(false));
    let mut search = Search::new(spelling);
    let finder = found.clone();
    let pieces = request.take_body().into_bytes_stream().map(move |piece| {
        let piece = piece?;
        if search.finds_in(&piece) {
            finder.store(true, Ordering::Relaxed);
            return Err(std::io::Error::other("a NUL in a text"));
        }
        Ok(piece)
    });
    request.set_body(Body::from_bytes_stream(pieces));
    let answer = next.call(request).await;
    if found.load(Ordering::Relaxed) {
        return Err(unusable());
    }
    answer.map(IntoResponse::into_response)
}

/// A text of a part of `multipart/form-data`.
pub(crate) fn without_nul(text: String) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(Kind::TextUnusable.into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Search, Spelling};

    /// X-2: wherever pieces end, a NUL is found, and nothing else is taken for one.
    #[test]
    fn a_nul_is_found_wherever_pieces_end() {
        for (spelling, text, is_found) in [
            (Spelling::Json, &br#"{"a":"\u0000"}"#[..], true),
            (Spelling::Json, br#"{"a":"\\\u0000"}"#, true),
            (Spelling::Json, br#"{"a":"\n\u0000"}"#, true),
            (Spelling::Json, br#"{"a":"\u00\u0000"}"#, true),
            (Spelling::Json, b"{\"a\":\"\0\"}", true),
            (Spelling::Json, br#"{"a":"\\u0000"}"#, false),
            (Spelling::Json, br#"{"a":"\u0001 %00 u0000"}"#, false),
            (Spelling::Form, b"a=%00", true),
            (Spelling::Form, b"a=%%00", true),
            (Spelling::Form, b"a=%0%00", true),
            (Spelling::Form, b"a=\0", true),
            (Spelling::Form, b"a=%0a00&b=\\u0000", false),
        ] {
            for length in 1..=text.len() {
                let mut search = Search::new(spelling);
                let found = text.chunks(length).any(|piece| search.finds_in(piece));
                let text = String::from_utf8_lossy(text);
                assert_eq!(found, is_found, "{text} in pieces of {length}");
            }
        }
    }
}
