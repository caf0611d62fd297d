//! One connection: its requests go to the endpoint, and it is closed when it has been doing the same for too long.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::Incoming;
use hyper::header::{CONNECTION, EXPECT, HeaderValue, TRANSFER_ENCODING};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::endpoint::BoxEndpoint;
use poem::http::Version;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, RequestParts, Response};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::CancellationToken;

use crate::body::{Coming, Going};
use crate::deadline::until;
use crate::pace::{Pace, UnderWay};
use crate::streams::{self, Streams};
use crate::{Limits, Places};

/// A head, its lines together.
const HEAD_BYTES: usize = 32 * 1024;

/// Lines of a head.
const HEAD_LINES: usize = 100;

/// Requests of one HTTP/2 connection at the same time: more than a browser has for a page of the portal. Places are counted by connection, and each
/// request that nobody reads the answer of holds memory.
const STREAMS: u32 = 16;

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

/// What a connection needs to be served.
pub(crate) struct Connection {
    pub(crate) local: Option<SocketAddr>,
    pub(crate) peer: SocketAddr,
    pub(crate) limits: Limits,
    pub(crate) places: Arc<Places>,
    pub(crate) endpoint: Arc<BoxEndpoint<'static, Response>>,
    pub(crate) stopping: CancellationToken,
}

type Body = poem::Body;
type Answer = hyper::Response<Going<http_body_util::combinators::BoxBody<bytes::Bytes, io::Error>>>;

impl Connection {
    /// Serves it to its end.
    pub(crate) async fn serve<S>(self, stream: S, protocol: Protocol)
    where
        S: AsyncRead + AsyncWrite + Secured + Send + Unpin + 'static,
    {
        let pace = Pace::new(self.limits, protocol == Protocol::Http1);
        let scheme = stream.scheme();
        let stream = TokioIo::new(Watched {
            inner: stream,
            pace: pace.clone(),
        });
        let of = Arc::new(Of {
            local: LocalAddr(self.local.map(Addr::socket).unwrap_or_default()),
            remote: RemoteAddr(Addr::socket(self.peer)),
            scheme,
            limits: self.limits,
            endpoint: self.endpoint,
        });
        let for_requests = pace.clone();
        let service = service_fn(move |request| {
            let under_way = for_requests.begin();
            let of = of.clone();
            async move { Ok::<_, Infallible>(of.answer(request, under_way).await) }
        });
        let until = Until {
            pace,
            places: self.places,
            stopping: self.stopping,
        };
        match protocol {
            Protocol::Http1 => {
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(None)
                    .max_buf_size(HEAD_BYTES)
                    .max_headers(HEAD_LINES)
                    .serve_connection(stream, service);
                until
                    .ended(connection, http1::Connection::graceful_shutdown)
                    .await;
            }
            Protocol::Http2 => {
                let each = Streams {
                    pause: self.limits.pause,
                };
                let connection = http2::Builder::new(each)
                    .timer(TokioTimer::new())
                    .max_concurrent_streams(STREAMS)
                    .max_send_buf_size(streams::UNSENT)
                    .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX))
                    .serve_connection(stream, service);
                until
                    .ended(connection, http2::Connection::graceful_shutdown)
                    .await;
            }
        }
    }
}

/// What all requests of a connection have in common.
struct Of {
    local: LocalAddr,
    remote: RemoteAddr,
    scheme: Scheme,
    limits: Limits,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
}

impl Of {
    async fn answer(&self, request: hyper::Request<Incoming>, under_way: UnderWay) -> Answer {
        let (parts, body) = request.into_parts();
        let is_http1 = parts.version <= Version::HTTP_11;
        // A head may say how long its body is in two ways, and a proxy may have believed the other one: what follows is then no request.
        let is_last = is_http1 && parts.headers.contains_key(TRANSFER_ENCODING);
        let lingers = is_http1 && !parts.headers.contains_key(EXPECT);
        let body = Coming::new(body, self.limits, lingers);
        let (local, remote) = (self.local.clone(), self.remote.clone());
        let parts = RequestParts::from((parts, local, remote, self.scheme.clone()));
        let body = Body::from(http_body_util::combinators::BoxBody::new(body));
        let request = Request::from_parts(parts, body);
        let mut response = self.endpoint.get_response(request).await;
        if is_last {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        hyper::Response::from(response).map(|body| Going::new(body, under_way))
    }
}

/// How long a connection goes on.
struct Until {
    pace: Arc<Pace>,
    places: Arc<Places>,
    stopping: CancellationToken,
}

impl Until {
    /// Drives the connection until it ends by itself, is at a limit, or has nothing under way when all is to stop.
    async fn ended<C: Future>(self, connection: C, stop: impl Fn(Pin<&mut C>)) {
        let (pace, places) = (&*self.pace, &*self.places);
        let stopping = self.stopping.cancelled();
        let (at_rest, scarce) = (pace.at_rest.notified(), places.grew_scarce.notified());
        tokio::pin!(connection, stopping, at_rest, scarce);
        let mut told = false;
        let work = poll_fn(|context| {
            // What else moves the deadline, beside the connection's own steps.
            while at_rest.as_mut().poll(context).is_ready() {
                at_rest.set(pace.at_rest.notified());
            }
            while scarce.as_mut().poll(context).is_ready() {
                scarce.set(places.grew_scarce.notified());
            }
            if !told && stopping.as_mut().poll(context).is_ready() {
                told = true;
                stop(connection.as_mut());
            }
            connection.as_mut().poll(context)
        });
        until(work, || pace.deadline(places.are_scarce())).await;
    }
}

/// Whether a stream is TLS.
pub(crate) trait Secured {
    fn scheme(&self) -> Scheme;
}

impl Secured for tokio::net::TcpStream {
    fn scheme(&self) -> Scheme {
        Scheme::HTTP
    }
}

impl Secured for tokio_rustls::server::TlsStream<tokio::net::TcpStream> {
    fn scheme(&self) -> Scheme {
        Scheme::HTTPS
    }
}

/// A stream that tells of what passes.
struct Watched<S> {
    inner: S,
    pace: Arc<Pace>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(context, buffer);
        if buffer.filled().len() > before {
            this.pace.came();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.pace.wrote(polled.is_ready());
        polled
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_write_vectored(context, slices);
        this.pace.wrote(polled.is_ready());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_flush(context);
        this.pace.wrote(polled.is_ready());
        polled
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep_until, timeout};

    use super::*;

    /// How long a connection that does nothing by itself, with one request under way that another task ends after five seconds, goes on.
    async fn seconds_until_ended(places: Arc<Places>) -> u64 {
        let pace = Pace::new(Limits::default(), false);
        let (start, request) = (Instant::now(), pace.begin());
        tokio::spawn(async move {
            sleep_until(start + Duration::from_secs(5)).await;
            drop(request);
        });
        let until = Until {
            pace,
            places,
            stopping: CancellationToken::new(),
        };
        let ended = until.ended(std::future::pending::<()>(), |_| {});
        let closed = timeout(Duration::from_secs(1_000), ended).await;
        assert!(closed.is_ok(), "it is closed");
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_from_when_its_last_request_ended_elsewhere() {
        let places = Arc::new(Places::new(10, 10, Arc::new(|_| false)));
        assert_eq!(seconds_until_ended(places).await, 5 + 60);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_makes_room_when_places_grow_scarce() {
        let places = Arc::new(Places::new(1, 10, Arc::new(|_| false)));
        let others = places.clone();
        tokio::spawn(async move {
            sleep_until(Instant::now() + Duration::from_secs(20)).await;
            let _taken = others.room().await;
            std::future::pending::<()>().await;
        });
        assert_eq!(seconds_until_ended(places).await, 20);
    }
}
