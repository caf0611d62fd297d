//! What a collector of OpenTelemetry is told, by a portal that was built to tell one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::served::{Served, Site, until};

/// A collector that keeps what it is told as it stands.
struct Collector {
    address: SocketAddr,
    told: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let told = Arc::<Mutex<Vec<u8>>>::default();
        let kept = told.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                kept.lock().unwrap().extend(taken(stream));
            }
        });
        Self { address, told }
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&self.told.lock().unwrap()).into_owned()
    }

    /// Whether those bytes were told.
    fn knows(&self, wanted: &[u8]) -> bool {
        let told = self.told.lock().unwrap();
        told.windows(wanted.len()).any(|bytes| bytes == wanted)
    }
}

/// The line and the body of one request, which is answered.
fn taken(mut stream: TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut all = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let lower = line.to_ascii_lowercase();
        if let Some(said) = lower.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
        all.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    [all.into_bytes(), body].concat()
}

const TRACE: [u8; 16] = [0x4b; 16];

/// Asks who asks, as a part of [`TRACE`], and has the portal stop, which tells what is left.
async fn asked_and_stopped(served: &mut Served, token: &str) {
    let answer = served
        .client
        .get(served.at("/api/v1/me?of=nobody"))
        .bearer_auth(token)
        .header(
            "traceparent",
            format!("00-{}-00f067aa0ba902b7-01", "4b".repeat(16)),
        );
    assert_eq!(answer.send().await.unwrap().status(), 200);
    served.tell("-TERM");
    let process = Mutex::new(&mut served.process);
    let ended = async || process.lock().unwrap().try_wait().unwrap().is_some();
    until("the portal does not end", ended).await;
}

/// A request is told by its route, with its statements, as a part of what a trusted proxy began; and nothing of whoever asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_told_and_nothing_about_anybody() {
    let collector = Collector::listen();
    let traces = format!("[traces]\nendpoint = \"http://{}\"\n", collector.address);
    let site = Site::with("trusted_proxies = [\"127.0.0.0/8\"]", &traces);
    let (counsel, token) = site.counsel().await;
    let mut served = site.serve().await;
    asked_and_stopped(&mut served, &token).await;
    for wanted in [
        &b"POST /v1/traces HTTP/1.1"[..],
        b"GET /api/v1/me",
        b"GET /health/ready",
        b"SELECT",
        b"db.query.text",
        b"portal",
        &TRACE,
    ] {
        assert!(
            collector.knows(wanted),
            "{} in {}",
            String::from_utf8_lossy(wanted),
            collector.all()
        );
    }
    let sample = contract::samples::account(1);
    for about in [
        token,
        counsel.to_string(),
        sample.email.as_str().to_owned(),
        sample.name.family().to_owned(),
        "nobody".to_owned(),
    ] {
        assert!(!collector.knows(about.as_bytes()), "{about}");
    }
    let log = served.log();
    assert!(!log.contains("otel.") && !log.contains("SELECT"), "{log}");
}

/// Whoever is no trusted proxy has no say in which trace a request is a part of.
#[tokio::test(flavor = "multi_thread")]
async fn a_trace_of_a_stranger_is_not_gone_on_with() {
    let collector = Collector::listen();
    let traces = format!("[traces]\nendpoint = \"http://{}\"\n", collector.address);
    let site = Site::with("", &traces);
    let (_, token) = site.counsel().await;
    let mut served = site.serve().await;
    asked_and_stopped(&mut served, &token).await;
    assert!(collector.knows(b"GET /api/v1/me"));
    assert!(!collector.knows(&TRACE));
}
