//! Bodies that keep pace: a request's must go on coming, an answer's must go on being read. How long the portal itself takes is nobody's
//! fault.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::Limits;
use crate::pace::{Reader, UnderWay};
use crate::streams;

/// After an answer that was given before the whole body had come, so much more of it is read and thrown away: a browser that is still
/// sending sees the answer only then, and a broken connection otherwise.
const LINGER_BYTES: usize = 64 * 1024 * 1024;

/// How slowly a body may come. A line that is bad and goes on does; one that brings a byte now and then, to hold a place, does not.
struct Allowance {
    pause: Duration,
    slowest: u64,
    bytes: u64,
    waited: Duration,
}

impl Allowance {
    /// How long the next piece may take.
    fn left(&self) -> Duration {
        let earned = Duration::from_secs_f64(float(self.bytes) / float(self.slowest.max(1)));
        let on_the_whole = (self.pause + earned).saturating_sub(self.waited);
        self.pause.min(on_the_whole)
    }

    fn came(&mut self, bytes: usize, after: Duration) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.waited = self.waited.saturating_add(after);
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds are counted from it, and a byte more or less makes no difference"
)]
const fn float(number: u64) -> f64 {
    number as f64
}

/// A request's body.
pub(crate) struct Coming {
    inner: Option<Incoming>,
    allowance: Allowance,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    limits: Limits,
    /// Whether the sender sends without being asked to.
    lingers: bool,
}

impl Coming {
    pub(crate) fn new(inner: Incoming, limits: Limits, lingers: bool) -> Self {
        Self {
            inner: Some(inner),
            allowance: Allowance {
                pause: limits.pause,
                slowest: limits.slowest,
                bytes: 0,
                waited: Duration::ZERO,
            },
            waiting: None,
            limits,
            lingers,
        }
    }
}

impl Body for Coming {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        match Pin::new(inner).poll_frame(context) {
            Poll::Ready(frame) => {
                let waited = this.waiting.take();
                let waited = waited.map_or(Duration::ZERO, |(since, _)| since.elapsed());
                let bytes = match &frame {
                    Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                    _ => 0,
                };
                this.allowance.came(bytes, waited);
                Poll::Ready(frame.map(|frame| frame.map_err(io::Error::other)))
            }
            Poll::Pending => {
                let allowance = &this.allowance;
                let (_, end) = this.waiting.get_or_insert_with(|| {
                    let now = Instant::now();
                    (now, Box::pin(sleep_until(now + allowance.left())))
                });
                ready!(end.as_mut().poll(context));
                this.inner = None;
                Poll::Ready(Some(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the body came too slowly",
                ))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        let Some(rest) = self.inner.take() else {
            return;
        };
        if self.lingers
            && !rest.is_end_stream()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let longest = self.limits.head;
            runtime.spawn(async move {
                let _ = timeout(longest, throw_away(rest)).await;
            });
        }
    }
}

async fn throw_away(mut rest: Incoming) {
    let mut left = LINGER_BYTES;
    while let Some(Ok(frame)) = rest.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// An answer's body.
pub(crate) struct Going<B> {
    inner: B,
    reader: Arc<Reader>,
    /// Bytes of a piece, at most.
    at_most: usize,
    /// What was not given of a larger one.
    rest: Bytes,
    _under_way: UnderWay,
}

impl<B> Going<B> {
    /// To be made by the task that gives it: a stream of HTTP/2 has one of its own, and gives small pieces, as it is over for us once it was
    /// given the last one.
    pub(crate) fn new(inner: B, under_way: UnderWay) -> Self {
        let of_stream = streams::reader();
        Self {
            inner,
            at_most: of_stream.as_ref().map_or(usize::MAX, |_| streams::PIECE),
            reader: of_stream.unwrap_or_else(|| under_way.reader()),
            rest: Bytes::new(),
            _under_way: under_way,
        }
    }

    fn piece(&mut self) -> Frame<Bytes> {
        let length = self.rest.len().min(self.at_most);
        self.reader.given();
        Frame::data(self.rest.split_to(length))
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Going<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        this.reader.asked();
        if !this.rest.is_empty() {
            return Poll::Ready(Some(Ok(this.piece())));
        }
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            Ok(match frame?.into_data() {
                Ok(bytes) => {
                    this.rest = bytes;
                    this.piece()
                }
                Err(trailers) => trailers,
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (hint, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut all = SizeHint::new();
        all.set_lower(hint.lower().saturating_add(rest));
        if let Some(upper) = hint.upper() {
            all.set_upper(upper.saturating_add(rest));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance() -> Allowance {
        Allowance {
            pause: Duration::from_secs(30),
            slowest: 500,
            bytes: 0,
            waited: Duration::ZERO,
        }
    }

    #[test]
    fn a_byte_now_and_then_is_too_slow() {
        let mut drip = allowance();
        let mut lasted = Duration::ZERO;
        while lasted < Duration::from_mins(10) && drip.left() > Duration::from_secs(5) {
            drip.came(1, Duration::from_secs(5));
            lasted += Duration::from_secs(5);
        }
        assert!(lasted <= Duration::from_secs(35), "{lasted:?}");
    }

    #[test]
    fn a_bad_line_that_goes_on_is_not() {
        let mut slow = allowance();
        for _ in 0..1_000 {
            assert!(slow.left() > Duration::from_secs(20));
            slow.came(14_600, Duration::from_secs(20));
        }
    }
}
