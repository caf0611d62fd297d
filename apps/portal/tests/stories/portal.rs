//! The demonstration as people start it: the real program, a real database, real files.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

/// A demonstration of its own, stopped when dropped.
pub struct Demonstration {
    pub process: Child,
    pub told: Value,
    pub client: Client,
    pub folder: TempDir,
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Demonstration {
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// Waits until the store has so many documents on that shelf.
    #[expect(
        clippy::disallowed_methods,
        reason = "nobody is told when a request that somebody left is over"
    )]
    pub async fn until_documents(&self, of: &str, count: usize) {
        let patience = std::time::Duration::from_secs(20);
        let waiting = async {
            while self.documents(of) != count {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(patience, waiting).await.unwrap();
    }

    /// The documents on a shelf of the store: `quarantine`, of those that are not yet, or no longer, anybody's, or `kept`.
    pub fn documents(&self, of: &str) -> usize {
        fn files(folder: &Path) -> usize {
            // A file that goes meanwhile is not there.
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .map(|entry| match entry.file_type() {
                    Ok(kind) if kind.is_dir() => files(&entry.path()),
                    Ok(_) => 1,
                    Err(_) => 0,
                })
                .sum()
        }
        files(&self.folder.path().join("documents").join(of))
    }

    pub fn start_in(folder: TempDir) -> Self {
        Self::start_with(folder, &[])
    }

    /// Starts one with those variables of the environment.
    pub fn start_with(folder: TempDir, variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_portal"))
            .args([
                "demo",
                "--listen",
                "127.0.0.1:0",
                "--print-json",
                "--data-dir",
            ])
            .arg(folder.path())
            .env("MONDOSSIER__SUBMISSIONS__FILE_BYTES_AT_MOST", "250000000")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told = serde_json::from_str(&line).expect("the first line is JSON");
        // The workspace gives reqwest TLS without a provider, and it will not be built without one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            process,
            told,
            client,
            folder,
        }
    }

    pub fn api(&self, path: &str) -> String {
        format!("{}{path}", self.told["api"].as_str().unwrap())
    }

    /// The address of a page.
    /// The roll of the order of `counsel-a`.
    pub fn roll(&self) -> PathBuf {
        self.folder.path().join("rolls/barreau-du-quebec.csv")
    }

    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.told["portal"].as_str().unwrap())
    }

    /// Signs in with a browser of somebody's own, and gives its cookie.
    pub async fn sign_in(&self, person: &str) -> String {
        let form = self
            .client
            .post(self.page("/demo/sign-in"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("person={person}"));
        let signed_in = form.send().await.unwrap();
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Calls the API with a browser's cookie, as the portal's own pages would.
    pub async fn by_cookie(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        body: Option<Value>,
    ) -> Response {
        let call = self
            .client
            .request(method, self.api(path))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        call.send().await.unwrap()
    }

    /// Calls the API with somebody's token.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        who: &str,
        body: Option<Value>,
    ) -> Response {
        let call = self
            .client
            .request(method, self.api(path))
            .bearer_auth(self.of(who, "token"));
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        call.send().await.unwrap()
    }

    pub fn of(&self, key: &str, field: &str) -> String {
        self.told["people"][key][field].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, path: &str, who: &str) -> Response {
        self.client
            .get(self.api(path))
            .bearer_auth(self.of(who, "token"))
            .send()
            .await
            .unwrap()
    }

    pub async fn cases(&self, counsel: &str, who: &str) -> Vec<Value> {
        let path = format!(
            "/counsels/{}/cases?limit=100",
            self.of(counsel, "account_id")
        );
        let listed: Value = json(self.get(&path, who).await).await;
        listed["items"].as_array().unwrap().clone()
    }

    /// The address under which counsel-a submits on their first case that stays.
    pub async fn submissions(&self) -> String {
        let cases = self.cases("counsel-a", "counsel-a").await;
        // One that is decided leaves at some midnight of the tribunal's (CASE-2), which may be in the middle of a test.
        let stays = |case: &&Value| case["leaves_on"].is_null();
        let case = cases.iter().find(stays).unwrap()["id"].as_str().unwrap();
        format!(
            "/counsels/{}/cases/{case}/submissions",
            self.of("counsel-a", "account_id")
        )
    }

    pub async fn submit(
        &self,
        who: &str,
        files: &[(&str, Vec<u8>)],
        key: Option<&str>,
    ) -> Response {
        let mut form = Form::new().text("document_type", "disclosure");
        for (name, bytes) in files {
            form = form.part(
                "file",
                Part::bytes(bytes.clone()).file_name((*name).to_owned()),
            );
        }
        let mut request = self
            .client
            .post(self.api(&self.submissions().await))
            .bearer_auth(self.of(who, "token"))
            .multipart(form);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        request.send().await.unwrap()
    }

    pub async fn history(&self) -> Vec<Value> {
        let listed: Value = json(self.get(&self.submissions().await, "counsel-a").await).await;
        listed["items"].as_array().unwrap().clone()
    }

    pub async fn mailbox(&self) -> Vec<Value> {
        self.caught("mailbox").await
    }

    /// What a box of the demonstration caught, the newest first.
    pub async fn caught(&self, box_of: &str) -> Vec<Value> {
        let address = self.page(&format!("/demo/{box_of}"));
        let wanted = self
            .client
            .get(address)
            .header("accept", "application/json");
        json(wanted.send().await.unwrap())
            .await
            .as_array()
            .unwrap()
            .clone()
    }

    pub async fn advance(&self, by: &str) {
        let address = format!("{}/demo/clock", self.told["portal"].as_str().unwrap());
        let moved = self
            .client
            .post(address)
            .body(format!("{{\"advance\":\"{by}\"}}"));
        assert_eq!(moved.send().await.unwrap().status(), StatusCode::OK);
    }
}

pub async fn json(response: Response) -> Value {
    response.json().await.unwrap()
}

/// A PDF of one page with a line on it, and `padding` bytes that no page uses.
pub fn pdf(padding: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let filler = format!(
        "4 0 obj<</Length {padding}>>stream\n{}\nendstream endobj\n",
        "x".repeat(padding)
    );
    for object in [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R>>endobj\n",
        &filler,
        "5 0 obj<</Length 15>>stream\n9 9 m 99 99 l S\nendstream endobj\n",
    ] {
        offsets.push(bytes.len());
        bytes.extend(object.as_bytes());
    }
    let table = bytes.len();
    bytes.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    bytes
}

/// The same without the line: nothing is on its page.
pub fn blank_pdf() -> Vec<u8> {
    let drawn = String::from_utf8(pdf(10)).unwrap();
    // As long as before, so that what follows stays at its place.
    let blank = drawn.replace("9 9 m 99 99 l S", &" ".repeat(15));
    assert_ne!(blank, drawn);
    blank.into_bytes()
}

/// X-5: whoever looks at the demonstration's clock or moves it by a command line is answered in JSON, errors included; a browser, which names
/// pages, gets them. The boxes are pages, but for whoever asks for JSON.
#[tokio::test]
async fn a_command_line_is_answered_in_json() {
    let demonstration = Demonstration::start();
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    let media_type = |answer: &Response| {
        let named = answer.headers()["content-type"].to_str().unwrap();
        named.to_owned()
    };
    for (path, kind) in [
        ("/demo/clock", "application/json"),
        ("/demo/mailbox", "text/html"),
        ("/demo/text-messages", "text/html"),
    ] {
        let get = || demonstration.client.get(demonstration.page(path));
        let told = get().send().await.unwrap();
        assert!(media_type(&told).starts_with(kind), "{path}");
        let shown = get().header("accept", browser).send().await.unwrap();
        assert!(media_type(&shown).starts_with("text/html"), "{path}");
    }
    let post = || demonstration.client.post(demonstration.page("/demo/clock"));
    let as_form = "application/x-www-form-urlencoded";
    for unusable in [r#"{"advance":"soon"}"#, "{}", "soon", "advance=soon"] {
        for kind in [as_form, "application/json"] {
            let refused = post().header("content-type", kind).body(unusable);
            let refused = refused.send().await.unwrap();
            assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(media_type(&refused), "application/problem+json");
        }
    }
    let curl = post().header("content-type", as_form);
    let moved = curl.body(r#" {"advance":"1h"}"#).send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::OK);
    let form = || post().form(&[("advance", "1h")]);
    let moved = form().send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::OK);
    assert!(json(moved).await["now"].is_string());
    let moved = form().header("accept", browser).send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::SEE_OTHER);
}
