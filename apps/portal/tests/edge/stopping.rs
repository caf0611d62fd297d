//! The end: told beforehand, and nothing under way is lost.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::served::{LONG, Site, until, wait};

/// An upload that is under way when the portal is told to stop comes to its end; a proxy learns first that it had better ask elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_told_first_and_cuts_nothing_off() {
    let site = Site::with("", "");
    let (counsel, token) = site.counsel().await;
    let mut served = site.serve().await;
    let body = r#"{"given_name":"A","family_name":"B","email":"a@b.example","language":"fr","questions":[{"question":"Our first file?","answer":"Blue folder"}],"accept_terms":true}"#;
    let head = format!(
        "POST /api/v1/counsels/{counsel}/delegations HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut upload = TcpStream::connect(served.socket()).await.unwrap();
    upload.write_all(head.as_bytes()).await.unwrap();
    wait(300).await;
    served.tell("-TERM");
    let leaving = async || served.status("/health/ready").await == Some(503);
    until("the portal does not say that it is leaving", leaving).await;
    assert_eq!(served.status("/health/live").await, Some(200));
    let gone = async || served.status("/health/live").await.is_none();
    until("the portal still takes connections", gone).await;
    for byte in body.as_bytes() {
        upload.write_all(&[*byte]).await.unwrap();
        wait(5).await;
    }
    let mut answer = String::new();
    let read = timeout(LONG, upload.read_to_string(&mut answer));
    read.await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let start = Instant::now();
    loop {
        if let Some(status) = served.process.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            break;
        }
        assert!(start.elapsed() < LONG, "the portal does not end");
        wait(50).await;
    }
}

/// A reload asks for a look at the certificate; a portal without one goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_stops_nothing() {
    let site = Site::with("", "");
    let mut served = site.serve().await;
    served.tell("-HUP");
    wait(300).await;
    assert!(served.process.try_wait().unwrap().is_none());
    assert_eq!(served.status("/health/ready").await, Some(200));
}
