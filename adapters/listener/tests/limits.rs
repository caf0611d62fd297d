//! Against a real socket: whoever is slow, silent, too many or makes no sense loses the connection, and nobody else notices.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, though not all are marked as such"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use listener::{Limits, Listener, Places};
use poem::endpoint::{BoxEndpoint, make};
use poem::{EndpointExt, Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

/// So quick that a test need not wait long.
const QUICK: Limits = Limits {
    connections: 400,
    connections_per_address: 300,
    head: Duration::from_millis(900),
    idle: Duration::from_secs(3),
    pause: Duration::from_millis(900),
    slowest: 500,
    drain: Duration::from_secs(10),
};

/// Far longer than any limit.
const LONG: Duration = Duration::from_secs(20);

async fn wait(milliseconds: u64) {
    sleep_until(Instant::now() + Duration::from_millis(milliseconds)).await;
}

/// Says how many bytes came, how they broke off, or much without end; panics if asked to.
fn endpoint() -> BoxEndpoint<'static, Response> {
    make(|mut request: Request| async move {
        let answer = match request.uri().path() {
            "/panics" => panic!("as it was asked to"),
            "/much" => Response::builder().body(vec![b'x'; 64 * 1024 * 1024]),
            "/at-once" => Response::builder().body("an answer"),
            _ => {
                let body = request.take_body().into_bytes().await;
                match body {
                    Ok(bytes) => Response::builder().body(format!("came: {}", bytes.len())),
                    Err(_) => Response::builder()
                        .status(poem::http::StatusCode::BAD_REQUEST)
                        .body("broke off"),
                }
            }
        };
        Ok::<_, poem::Error>(answer)
    })
    .boxed()
}

struct Serving {
    at: SocketAddr,
    places: Arc<Places>,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

async fn serving(limits: Limits) -> Serving {
    let listener = Listener::bind(
        "127.0.0.1:0".parse().unwrap(),
        limits,
        Arc::new(|_| false),
        None,
    );
    let listener = listener.await.unwrap();
    let (at, places) = (listener.address().unwrap(), listener.places());
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(listener.serve(endpoint(), async {
        let _ = stopped.await;
    }));
    Serving {
        at,
        places,
        stop,
        done,
    }
}

/// Everything until the other side closes; a reset is an end too.
async fn all_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn asked(at: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    all_of(&mut stream).await
}

const GOOD: &str = "GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_is_closed_at_the_deadline() {
    let serving = serving(QUICK).await;
    for begun in ["", "GET / HTTP/1.1\r\nhost: he"] {
        let start = Instant::now();
        assert_eq!(asked(serving.at, begun).await, "");
        let lasted = start.elapsed();
        assert!(
            lasted >= QUICK.head && lasted < QUICK.head * 3,
            "{lasted:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_trickles_is_closed_though_it_never_stops() {
    let serving = serving(QUICK).await;
    let mut stream = TcpStream::connect(serving.at).await.unwrap();
    let start = Instant::now();
    while stream.write_all(b"G").await.is_ok() && start.elapsed() < LONG {
        wait(100).await;
    }
    assert!(start.elapsed() < QUICK.head * 3, "{:?}", start.elapsed());
    // The same for the second head of a connection.
    let mut stream = TcpStream::connect(serving.at).await.unwrap();
    stream
        .write_all(b"GET /at-once HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .unwrap();
    wait(300).await;
    let start = Instant::now();
    while stream.write_all(b"G").await.is_ok() && start.elapsed() < LONG {
        wait(100).await;
    }
    assert!(start.elapsed() < QUICK.head * 3, "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_or_trickles_is_over_and_a_slow_one_that_goes_on_is_not() {
    let serving = serving(QUICK).await;
    let head = "POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 8000\r\nconnection: close\r\n\r\n";
    let start = Instant::now();
    let answer = asked(serving.at, &format!("{head}abc")).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(start.elapsed() < QUICK.pause * 3, "{:?}", start.elapsed());

    let mut trickle = TcpStream::connect(serving.at).await.unwrap();
    trickle.write_all(head.as_bytes()).await.unwrap();
    let start = Instant::now();
    while trickle.write_all(b"x").await.is_ok() && start.elapsed() < LONG {
        wait(50).await;
    }
    assert!(start.elapsed() < QUICK.pause * 4, "{:?}", start.elapsed());

    let mut steady = TcpStream::connect(serving.at).await.unwrap();
    steady.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..20 {
        wait(150).await;
        steady.write_all(&[b'x'; 400]).await.unwrap();
    }
    let answer = all_of(&mut steady).await;
    assert!(answer.ends_with("came: 8000"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_does_not_read_is_left() {
    let serving = serving(QUICK).await;
    let mut stream = TcpStream::connect(serving.at).await.unwrap();
    stream
        .write_all(b"GET /much HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .unwrap();
    let start = Instant::now();
    while serving.places.open() > 0 && start.elapsed() < LONG {
        wait(50).await;
    }
    assert!(start.elapsed() < QUICK.pause * 4, "{:?}", start.elapsed());
}

/// One address has so many places, and another's request is answered meanwhile; those who hold places in silence lose them.
#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_of_one_address_do_not_stop_a_request_of_another() {
    let serving = serving(QUICK).await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        idle.push(socket.connect(serving.at).await.unwrap());
    }
    let start = Instant::now();
    let answer = asked(serving.at, GOOD).await;
    assert!(answer.ends_with("came: 0"), "{answer}");
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    assert!(
        serving.places.refused() >= 1,
        "one address got all it wanted"
    );
}

/// Whoever comes when every place is taken waits a little, and is answered.
#[tokio::test(flavor = "multi_thread")]
async fn where_no_place_is_left_those_who_do_nothing_go() {
    let limits = Limits {
        connections: 20,
        idle: Duration::from_mins(2),
        ..QUICK
    };
    let serving = serving(limits).await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(serving.at).await.unwrap();
        stream
            .write_all(b"GET /at-once HTTP/1.1\r\nhost: here\r\n\r\n")
            .await
            .unwrap();
        idle.push(stream);
    }
    let start = Instant::now();
    let answer = asked(serving.at, GOOD).await;
    assert!(answer.ends_with("came: 0"), "{answer}");
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_refused() {
    let serving = serving(QUICK).await;
    let long = "x".repeat(64 * 1024);
    let many = "x: 1\r\n".repeat(200);
    for (what, text, status) in [
        ("garbage", "\u{1}\u{2}\u{3} \r\n\r\n".to_owned(), "400"),
        ("TLS", "\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), "400"),
        (
            "HTTP/2 in clear",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
            "",
        ),
        (
            "a huge line",
            format!("GET / HTTP/1.1\r\nhost: here\r\nx: {long}\r\n\r\n"),
            "431",
        ),
        (
            "many lines",
            format!("GET / HTTP/1.1\r\nhost: here\r\n{many}\r\n"),
            "431",
        ),
        (
            "a folded line",
            "GET / HTTP/1.1\r\nhost: here\r\nx: 1\r\n 2\r\n\r\n".to_owned(),
            "400",
        ),
        (
            "a space before the colon",
            "GET / HTTP/1.1\r\nhost : here\r\n\r\n".to_owned(),
            "400",
        ),
    ] {
        let answer = asked(serving.at, &text).await;
        let refused = answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(refused && !answer.contains("came"), "{what}: {answer}");
    }
    assert!(asked(serving.at, GOOD).await.ends_with("came: 0"));
}

/// Two ways to say how long a body is: whatever a proxy believed, nothing that follows is taken for a request.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_smuggled_in_a_body() {
    let serving = serving(QUICK).await;
    let second = "GET /smuggled HTTP/1.1\r\nhost: here\r\n\r\n";
    for head in [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
        "content-length: 5\r\ncontent-length: 6",
        "content-length: +5",
        "content-length: 5, 6",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: xchunked",
        "transfer-encoding : chunked",
        "transfer-encoding:\u{b}chunked",
    ] {
        let text = format!("POST / HTTP/1.1\r\nhost: here\r\n{head}\r\n\r\n0\r\n\r\n{second}");
        let answer = asked(serving.at, &text).await;
        let answers = answer.matches("HTTP/1.1 ").count();
        assert!(answers <= 1, "{head}: {answer}");
    }
    let old = format!(
        "POST / HTTP/1.0\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{second}"
    );
    assert!(asked(serving.at, &old).await.matches("HTTP/1.1 2").count() == 0);
}

/// What an endpoint does to itself it does to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_ends_one_connection() {
    let serving = serving(QUICK).await;
    let answer = asked(serving.at, "GET /panics HTTP/1.1\r\nhost: here\r\n\r\n").await;
    assert_eq!(answer, "");
    assert!(asked(serving.at, GOOD).await.ends_with("came: 0"));
    let start = Instant::now();
    while serving.places.open() > 0 {
        assert!(start.elapsed() < LONG, "the panic kept its place");
        wait(20).await;
    }
}

/// A browser that is still sending reads the answer only when it has sent everything.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_body_has_come_is_seen() {
    let serving = serving(QUICK).await;
    let mut stream = TcpStream::connect(serving.at).await.unwrap();
    let body = vec![b'x'; 8 * 1024 * 1024];
    let head = format!(
        "POST /at-once HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let answer = all_of(&mut stream).await;
    assert!(answer.ends_with("an answer"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_ends_and_nothing_new_begins() {
    let serving = serving(QUICK).await;
    let head = "POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n";
    let mut under_way = TcpStream::connect(serving.at).await.unwrap();
    under_way.write_all(head.as_bytes()).await.unwrap();
    let mut idle = TcpStream::connect(serving.at).await.unwrap();
    idle.write_all(b"GET /at-once HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .unwrap();
    wait(300).await;
    serving.stop.send(()).unwrap();
    assert!(all_of(&mut idle).await.ends_with("an answer"));
    for _ in 0..10 {
        wait(100).await;
        under_way.write_all(&[b'x'; 100]).await.unwrap();
    }
    assert!(TcpStream::connect(serving.at).await.is_err());
    let answer = all_of(&mut under_way).await;
    assert!(answer.ends_with("came: 1000"), "{answer}");
    timeout(LONG, serving.done).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_to_end_is_cut_off() {
    let limits = Limits {
        pause: LONG,
        drain: Duration::from_millis(500),
        ..QUICK
    };
    let serving = serving(limits).await;
    let head = "POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n";
    let mut stream = TcpStream::connect(serving.at).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    wait(200).await;
    serving.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), serving.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(all_of(&mut stream).await, "");
}
