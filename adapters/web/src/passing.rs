//! A body that passes piece by piece, and somebody who looks at each piece: to count it, to stop it, to tell that it broke off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::BoxBody;

/// A piece, or that there is no more of it to come.
type Piece = io::Result<Frame<Bytes>>;

/// Whoever looks at the pieces.
pub(crate) trait Look: Send + Sync + Unpin + 'static {
    /// A piece comes by; what is returned goes on in its place.
    fn look(&mut self, piece: Piece) -> Piece;
}

/// The same body, looked at.
pub(crate) fn passing(body: poem::Body, look: impl Look) -> poem::Body {
    let inner = BoxBody::from(body);
    BoxBody::new(Passing { inner, look }).into()
}

struct Passing<Looking> {
    inner: BoxBody<Bytes, io::Error>,
    look: Looking,
}

impl<Looking: Look> Body for Passing<Looking> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        let piece = ready!(Pin::new(&mut this.inner).poll_frame(context));
        Poll::Ready(piece.map(|piece| this.look.look(piece)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts bytes up to three.
    struct Three(usize);

    impl Look for Three {
        fn look(&mut self, piece: Piece) -> Piece {
            let bytes = piece.as_ref().ok().and_then(Frame::data_ref);
            self.0 += bytes.map_or(0, Bytes::len);
            if self.0 > 3 {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            piece
        }
    }

    #[tokio::test]
    async fn each_piece_is_looked_at_and_can_be_stopped() {
        let body = |text: &'static str| passing(text.into(), Three(0));
        assert_eq!(body("abc").into_string().await.unwrap(), "abc");
        assert!(body("abcd").into_string().await.is_err());
    }

    /// HTTP needs to know beforehand: a length that is lost would turn every answer into chunks.
    #[test]
    fn what_is_known_of_a_body_is_known_of_it_still() {
        let body = |text: &'static str| BoxBody::from(passing(text.into(), Three(0)));
        assert_eq!(body("abc").size_hint().exact(), Some(3));
        assert!(body("").is_end_stream());
    }
}
