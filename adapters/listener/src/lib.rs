//! The portal's listener: takes connections within limits, gives heads, bodies and readers so much time and no more, and ends without
//! cutting off what is under way. Knows sockets, TLS and HTTP's framing; what is asked and answered is the endpoint's.

mod body;
mod connection;
mod deadline;
mod pace;
mod places;
mod streams;
mod tls;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use poem::Response;
use poem::endpoint::BoxEndpoint;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::connection::{Connection, Protocol};
pub use crate::places::Places;
pub use crate::tls::{Certificate, CertificateError, CertificateFiles};

/// How much is taken from whom, and how long anything may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time; the next one waits at the door.
    pub connections: usize,
    /// Connections at the same time from one address, or one IPv6 network of 64 bits; the next one is closed.
    pub connections_per_address: usize,
    /// A request's head is there after so long, a TLS handshake done.
    pub head: Duration,
    /// A connection without a request stays open for so long.
    pub idle: Duration,
    /// So long may nothing come of a body, and nothing be taken of an answer.
    pub pause: Duration,
    /// Bytes a second that a body brings on the whole, beyond one `pause`.
    pub slowest: u64,
    /// What is under way may take so long once the listener is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 5_000,
            connections_per_address: 256,
            head: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            pause: Duration::from_secs(30),
            slowest: 500,
            drain: Duration::from_secs(30),
        }
    }
}

/// Whether connections from an address are not counted: a proxy's are those of everybody behind it.
pub type Uncounted = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// A socket that listens.
pub struct Listener {
    socket: TcpListener,
    limits: Limits,
    places: Arc<Places>,
    certificate: Option<Arc<Certificate>>,
}

/// After an error that is nobody's connection, such as too many open files, the next try waits: an error comes again at once, and would
/// take a whole processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(250);

impl Listener {
    /// Listens there; with a certificate, by TLS.
    ///
    /// # Errors
    /// The address is taken or is none of this machine's.
    pub async fn bind(
        address: SocketAddr,
        limits: Limits,
        uncounted: Uncounted,
        certificate: Option<Certificate>,
    ) -> io::Result<Self> {
        let places = Places::new(
            limits.connections,
            limits.connections_per_address,
            uncounted,
        );
        Ok(Self {
            socket: TcpListener::bind(address).await?,
            limits,
            places: Arc::new(places),
            certificate: certificate.map(Arc::new),
        })
    }

    /// Where it really listens.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// How many connections there are; to be watched while it serves.
    pub fn places(&self) -> Arc<Places> {
        self.places.clone()
    }

    /// Serves until `stop`, then takes nothing more and lets what is under way come to its end.
    pub async fn serve(self, endpoint: BoxEndpoint<'static, Response>, stop: impl Future) {
        let endpoint = Arc::new(endpoint);
        let mut connections = JoinSet::new();
        let stopping = CancellationToken::new();
        let watch = self.certificate.clone().map(tls::keep_fresh);
        tokio::pin!(stop);
        loop {
            // A place first: a connection that has none stays with the kernel until somebody leaves.
            let room = tokio::select! {
                _ = &mut stop => break,
                room = self.places.room() => room,
            };
            let (stream, peer) = tokio::select! {
                _ = &mut stop => break,
                accepted = accept(&self.socket) => accepted,
            };
            while connections.try_join_next().is_some() {}
            let Some(place) = self.places.take(room, peer.ip()) else {
                continue;
            };
            // Answers are written whole; waiting for more would only delay them.
            let _ = stream.set_nodelay(true);
            let connection = Connection {
                local: stream.local_addr().ok(),
                peer,
                limits: self.limits,
                places: self.places.clone(),
                endpoint: endpoint.clone(),
                stopping: stopping.clone(),
            };
            let certificate = self.certificate.clone();
            connections.spawn(async move {
                serve_one(stream, certificate, connection).await;
                drop(place);
            });
        }
        drop(self.socket);
        drop(watch);
        stopping.cancel();
        let end = Instant::now() + self.limits.drain;
        let all = async { while connections.join_next().await.is_some() {} };
        tokio::select! {
            () = all => {}
            () = sleep_until(end) => tracing::warn!("some requests were cut off: they took too long to end"),
        }
    }
}

async fn serve_one(stream: TcpStream, certificate: Option<Arc<Certificate>>, of: Connection) {
    let Some(certificate) = certificate else {
        return of.serve(stream, Protocol::Http1).await;
    };
    let handshake = timeout(of.limits.head, certificate.accept(stream));
    if let Ok(Ok(stream)) = handshake.await {
        let protocol = if stream.get_ref().1.alpn_protocol() == Some(tls::H2) {
            Protocol::Http2
        } else {
            Protocol::Http1
        };
        of.serve(stream, protocol).await;
    }
}

/// The next connection, however many fail before.
async fn accept(socket: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match socket.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no connection can be taken"
                );
                sleep_until(Instant::now() + ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether it was only that connection that failed, before it was taken.
fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
