//! TLS: both protocols, streams that do not end each other, a certificate that is renewed without a restart, and a handshake that never comes.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod streams;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use listener::{Certificate, CertificateFiles, Limits, Listener};
use poem::endpoint::make_sync;
use poem::{EndpointExt, Request};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

fn written(folder: &Path) -> CertificateFiles {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = CertificateFiles {
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
    };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    files
}

fn client(files: &CertificateFiles, protocol: &[u8]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(&files.certificate).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsConnector::from(Arc::new(config))
}

async fn listening(files: CertificateFiles) -> std::net::SocketAddr {
    let limits = Limits {
        head: Duration::from_millis(800),
        ..Limits::default()
    };
    let listener = Listener::bind(
        "127.0.0.1:0".parse().unwrap(),
        limits,
        Arc::new(|_| false),
        Some(Certificate::read(files).unwrap()),
    );
    let listener = listener.await.unwrap();
    let at = listener.address().unwrap();
    let endpoint =
        make_sync(|request: Request| format!("{:?}", request.scheme())).map_to_response();
    tokio::spawn(listener.serve(endpoint.boxed(), std::future::pending::<()>()));
    at
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_protocols_are_spoken_and_a_renewed_certificate_needs_no_restart() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path());
    let at = listening(files.clone()).await;
    let old = client(&files, b"http/1.1");
    let stream = TcpStream::connect(at).await.unwrap();
    let mut stream = old.connect(localhost(), stream).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.contains("\"https\""), "{answer}");

    let stream = TcpStream::connect(at).await.unwrap();
    let stream = client(&files, b"h2").connect(localhost(), stream).await;
    let mut stream = stream.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).await.unwrap();
    assert_eq!(frame[3], 4, "the server's settings");

    written(folder.path());
    let myself = std::process::id().to_string();
    let mut tries = 0;
    loop {
        // The signal goes to this process, where the listener waits for it.
        let told = std::process::Command::new("kill")
            .args(["-HUP", &myself])
            .status();
        assert!(told.unwrap().success());
        let stream = TcpStream::connect(at).await.unwrap();
        let renewed = client(&files, b"http/1.1").connect(localhost(), stream);
        if renewed.await.is_ok() {
            break;
        }
        tries += 1;
        assert!(tries < 200, "the new certificate is not in use");
        tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_that_does_not_come_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = listening(written(folder.path())).await;
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(&[0x16, 3, 1]).await.unwrap();
    let mut rest = Vec::new();
    let closed = timeout(Duration::from_secs(5), stream.read_to_end(&mut rest));
    let _ = closed.await.expect("the connection stays open");
}

#[test]
fn what_is_no_certificate_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path());
    let other = tempfile::tempdir().unwrap();
    let key = written(other.path()).key;
    let swapped = CertificateFiles {
        key,
        ..files.clone()
    };
    assert!(Certificate::read(swapped).is_err());
    std::fs::write(&files.certificate, "").unwrap();
    assert!(Certificate::read(files).is_err());
}
