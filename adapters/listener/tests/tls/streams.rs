//! The streams of one HTTP/2 connection: what one does is not the others' affair.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use listener::{Certificate, CertificateFiles, Limits, Listener};
use poem::endpoint::make_sync;
use poem::http::StatusCode;
use poem::{EndpointExt, Request, Response};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};

use crate::{client, localhost, written};

/// So quick that a test need not wait long.
const QUICK: Limits = Limits {
    connections: 40,
    connections_per_address: 40,
    head: Duration::from_millis(900),
    idle: Duration::from_secs(3),
    pause: Duration::from_millis(900),
    slowest: 500,
    drain: Duration::from_secs(10),
};

/// Far longer than any limit.
const LONG: Duration = Duration::from_secs(20);

/// Says a little, or much.
async fn listening(files: &CertificateFiles) -> SocketAddr {
    let listener = Listener::bind(
        "127.0.0.1:0".parse().unwrap(),
        QUICK,
        Arc::new(|_| false),
        Some(Certificate::read(files.clone()).unwrap()),
    );
    let listener = listener.await.unwrap();
    let at = listener.address().unwrap();
    let endpoint = make_sync(|request: Request| match request.uri().path() {
        "/much" => Response::builder().body(vec![b'x'; 16 * 1024 * 1024]),
        _ => Response::builder().body("an answer"),
    });
    tokio::spawn(listener.serve(endpoint.boxed(), std::future::pending::<()>()));
    at
}

/// A connection, and its end.
async fn connected(
    at: SocketAddr,
    files: &CertificateFiles,
) -> (
    SendRequest<Empty<bytes::Bytes>>,
    tokio::task::JoinHandle<()>,
) {
    let stream = TcpStream::connect(at).await.unwrap();
    let stream = client(files, b"h2").connect(localhost(), stream).await;
    let (requests, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(4 * 1024 * 1024)
        .handshake(TokioIo::new(stream.unwrap()))
        .await
        .unwrap();
    let end = tokio::spawn(async move {
        let _ = connection.await;
    });
    (requests, end)
}

async fn asked(
    requests: &mut SendRequest<Empty<bytes::Bytes>>,
    path: &str,
) -> hyper::Result<hyper::Response<hyper::body::Incoming>> {
    let request = hyper::Request::get(format!("https://localhost{path}"));
    let request = request.body(Empty::new()).unwrap();
    requests.ready().await?;
    requests.send_request(request).await
}

/// An answer that nobody reads is over when its time is; meanwhile and afterwards the other streams of the connection are answered.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_ends_alone() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path());
    let at = listening(&files).await;
    let (mut requests, _end) = connected(at, &files).await;
    let unread = asked(&mut requests, "/much").await.unwrap();
    let start = Instant::now();
    while start.elapsed() < QUICK.pause * 4 {
        let answer = asked(&mut requests, "/little").await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&body[..], b"an answer");
        sleep_until(Instant::now() + Duration::from_millis(150)).await;
    }
    let rest = timeout(LONG, unread.into_body().collect()).await.unwrap();
    assert!(rest.is_err(), "it was kept for a reader who did not read");
    let read = asked(&mut requests, "/much").await.unwrap();
    let read = read.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(read.len(), 16 * 1024 * 1024, "whoever reads gets all of it");
}

/// With the last request answered, the connection is idle, and closed in time.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_streams_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path());
    let at = listening(&files).await;
    let (mut requests, end) = connected(at, &files).await;
    let answer = asked(&mut requests, "/little").await.unwrap();
    answer.into_body().collect().await.unwrap();
    let start = Instant::now();
    timeout(LONG, end).await.unwrap().unwrap();
    let lasted = start.elapsed();
    assert!(
        lasted > QUICK.idle / 2 && lasted < QUICK.idle * 2,
        "{lasted:?}"
    );
}
