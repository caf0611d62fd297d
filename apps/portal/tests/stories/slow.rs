//! What comes in slowly: whoever may do nothing any more when it has come does nothing with it (REG-6, SEC-1, X-2).

use reqwest::{Method, StatusCode};
use serde_json::json as object;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::documents::by_hand;
use crate::portal::{Demonstration, json, pdf};

/// A request of which the end is still to come.
pub struct Slow {
    line: TcpStream,
    end: Vec<u8>,
}

impl Slow {
    async fn begun(address: &str, headers: &str, body: &[u8]) -> Self {
        let (host, path) = address
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .unwrap();
        let head = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let (before, end) = body.split_at(body.len() - 10);
        let mut line = TcpStream::connect(host).await.unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(before).await.unwrap();
        Self {
            line,
            end: end.to_vec(),
        }
    }

    /// A submission of so many files, of which the last one still comes in.
    pub async fn submitting(portal: &Demonstration, files: usize) -> Self {
        let file = pdf(10);
        let part: (&str, &[u8]) = ("name=\"file\"; filename=\"a.pdf\"", &file);
        let headers = format!(
            "authorization: Bearer {}\r\ncontent-type: multipart/form-data; boundary=b\r\n",
            portal.of("counsel-a", "token")
        );
        let address = portal.api(&portal.submissions().await);
        Self::begun(&address, &headers, &by_hand(&vec![part; files])).await
    }

    /// The end comes, and nobody waits for the answer yet.
    pub async fn sent(&mut self) {
        self.line.write_all(&self.end).await.unwrap();
    }

    /// The answer, once the end has come, longer than at once after the beginning.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is tested is what comes in for long"
    )]
    async fn ended(mut self) -> String {
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        self.line.write_all(&self.end).await.unwrap();
        let mut answer = String::new();
        self.line.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

/// A submission of one file.
fn submission() -> (&'static str, Vec<u8>) {
    let file = pdf(10);
    let body = by_hand(&[
        ("name=\"document_type\"", b"disclosure"),
        ("name=\"file\"; filename=\"a.pdf\"", &file),
    ]);
    ("content-type: multipart/form-data; boundary=b\r\n", body)
}

/// SEC-1: whoever is blocked while their request comes in makes no token and submits nothing.
#[tokio::test]
async fn who_is_blocked_meanwhile_does_nothing() {
    let portal = Demonstration::start();
    let token = object!({ "label": "Slow", "scopes": ["read"], "days": 30 }).to_string();
    let cookie = portal.sign_in("delegate-a").await;
    let by_cookie = format!(
        "cookie: {cookie}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n"
    );
    let making = Slow::begun(&portal.api("/me/tokens"), &by_cookie, token.as_bytes()).await;
    let path = portal.submissions().await;
    let before = portal.history().await.len();
    let (kind, body) = submission();
    let by_token = format!(
        "authorization: Bearer {}\r\n{kind}",
        portal.of("delegate-a", "token")
    );
    let submitting = Slow::begun(&portal.api(&path), &by_token, &body).await;

    let delegate = portal.of("delegate-a", "account_id");
    let lock = format!("/help-desk/accounts/{delegate}/lock");
    let locked = portal.call(Method::POST, &lock, "help-desk", None).await;
    assert!(locked.status().is_success(), "{}", locked.status());
    for slow in [making, submitting] {
        let answer = slow.ended().await;
        assert!(answer.starts_with("HTTP/1.1 423"), "{answer}");
    }
    let unlock = format!("/help-desk/accounts/{delegate}/unlock");
    let unlocked = portal.call(Method::POST, &unlock, "help-desk", None).await;
    assert!(unlocked.status().is_success(), "{}", unlocked.status());
    let tokens = portal.by_cookie(Method::GET, "/me/tokens", &cookie, None);
    let tokens = json(tokens.await).await;
    assert!(!tokens.to_string().contains("Slow"), "{tokens}");
    assert_eq!(portal.history().await.len(), before);
}

/// REG-6, X-2: a session or a token that ends while a request comes in does nothing with it; one that holds goes on, however long it takes.
#[tokio::test]
async fn what_ends_meanwhile_does_nothing() {
    let portal = Demonstration::start();
    let token = object!({ "label": "Slow", "scopes": ["read"], "days": 30 }).to_string();
    let headers = |cookie: &str| {
        format!(
            "cookie: {cookie}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n"
        )
    };
    let (kept, ended) = (
        portal.sign_in("counsel-a").await,
        portal.sign_in("counsel-a").await,
    );
    let address = portal.api("/me/tokens");
    let by_kept = Slow::begun(&address, &headers(&kept), token.as_bytes()).await;
    let by_ended = Slow::begun(&address, &headers(&ended), token.as_bytes()).await;
    let others = portal.client.post(portal.page("/en/sign-out"));
    let out = others
        .header("cookie", &ended)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    assert!(
        out.status() == StatusCode::SEE_OTHER || out.status().is_success(),
        "{}",
        out.status()
    );
    let answer = by_ended.ended().await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let answer = by_kept.ended().await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

/// SUB-1: of a sender who leaves in the middle of a file, nothing of the files before it stays either.
#[tokio::test]
async fn who_leaves_in_the_middle_leaves_no_file() {
    let portal = Demonstration::start();
    let before = portal.documents("kept");
    let leaving = Slow::submitting(&portal, 3).await;
    portal.until_documents("kept", before + 2).await;
    drop(leaving);
    portal.until_documents("kept", before).await;
    portal.until_documents("quarantine", 0).await;
}
