//! A real virus scanner beside the portal: what it finds is refused, and nothing passes while it is away (SUB-1, SEC-2, Q-7).

use std::process::Command;

use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::portal::{Demonstration, json, pdf};
use crate::slow::Slow;

#[path = "../../../../adapters/scanning/tests/clamd/daemon.rs"]
mod daemon;

use daemon::{Daemon, Signatures, eicar};

const LARGEST: (&str, &str) = ("MONDOSSIER__SUBMISSIONS__FILE_BYTES_AT_MOST", "4000000");

/// A file waits for a scanner that is away.
const WAITING: [(&str, &str); 2] = [
    ("MONDOSSIER__SCANNING__WHEN_DOWN", "wait"),
    ("MONDOSSIER__SCANNING__WAIT", "1m"),
];

/// A PDF that opens, with the test virus where no page uses it.
fn infected() -> Vec<u8> {
    let mut bytes = pdf(10);
    bytes.extend(b"%");
    bytes.extend(eicar());
    bytes.extend(b"\n%%EOF\n");
    bytes
}

/// A demonstration that asks the clamd of that folder.
fn demonstration(clamd: &TempDir, further: &[(&str, &str)]) -> Demonstration {
    let address = format!("unix:{}/clamd.sock", clamd.path().display());
    let mut variables = vec![LARGEST, ("MONDOSSIER__SCANNING__CLAMD", &address)];
    variables.extend(further);
    Demonstration::start_with(tempfile::tempdir().unwrap(), &variables)
}

impl Demonstration {
    /// Sends a file from the page where one begins a submission.
    pub async fn submit_on_page(&self, cookie: &str, bytes: Vec<u8>) -> Response {
        let address = self.submissions().await.replace("/submissions", "/submit");
        let form = Form::new()
            .text("document_type", "disclosure")
            .part("file", Part::bytes(bytes).file_name("a.pdf"));
        let call = self
            .client
            .post(self.page(&format!("/fr{address}")))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        call.multipart(form).send().await.unwrap()
    }

    /// Sends a file from the registry to counsel.
    pub async fn send_to_counsel(&self, bytes: Vec<u8>) -> Response {
        let number = self.cases("counsel-a", "counsel-a").await[0]["file_number"].clone();
        let path = format!("/registry/cases/{}/documents", number.as_str().unwrap());
        let form = Form::new()
            .text("document_type", "letter")
            .text("title", "Lettre")
            .part("file", Part::bytes(bytes).file_name("a.pdf"));
        let call = self
            .client
            .post(self.api(&path))
            .bearer_auth(self.of("registry", "token"));
        call.multipart(form).send().await.unwrap()
    }

    async fn readiness(&self) -> (StatusCode, String) {
        let address = self.page("/health/ready");
        let answer = self.client.get(address).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

/// SUB-1, SEC-2: an infected file is refused to programs, on pages and to the registry, with what to do; nothing of it stays but its line in
/// the audit trail. What is harmless passes.
#[tokio::test]
async fn an_infected_file_is_refused_whichever_way_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let _clamd = Daemon::start(folder.path());
    let demonstration = demonstration(&folder, &[]);
    assert_eq!(
        demonstration.readiness().await,
        (StatusCode::OK, "ready\n".to_owned())
    );

    let files = [("good.pdf", pdf(10)), ("bad.pdf", infected())];
    let refused = demonstration.submit("counsel-a", &files, None).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = json(refused).await;
    assert_eq!(refused["type"], "urn:mondossier:problem:file-infected");
    assert_eq!(refused["file"], "bad.pdf");

    let cookie = demonstration.sign_in("delegate-a").await;
    let page = demonstration.submit_on_page(&cookie, infected()).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("Un virus a été trouvé") && page.contains("a.pdf"),
        "{page}"
    );

    let refused = demonstration.send_to_counsel(infected()).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(demonstration.history().await, [Value::Null; 0]);
    assert_eq!(demonstration.documents("quarantine"), 0);
    let recorded = "SELECT action || ' ' || (case_file IS NOT NULL) FROM audit WHERE refused = 'infected' ORDER BY position";
    let recorded = demonstration.rows(recorded).await;
    let recorded: Vec<String> = recorded.into_iter().flatten().collect();
    assert_eq!(
        recorded,
        [
            "submit-documents 1",
            "submit-documents 1",
            "bring-document 0"
        ]
    );

    let good = [("good.pdf", pdf(10))];
    let taken = demonstration.submit("counsel-a", &good, None).await;
    assert_eq!(taken.status(), StatusCode::CREATED);
}

/// nothing infected passes while the scanner is away, and nothing harmless either; everybody is told that nothing is lost and when to
/// come back. The rest of the portal goes on. When the scanner is back, files pass, and nothing else was started again.
#[tokio::test]
async fn nothing_passes_while_the_scanner_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut clamd = Daemon::start(folder.path());
    let demonstration = demonstration(&folder, &[]);
    let cookie = demonstration.sign_in("counsel-a").await;
    clamd.stop();
    let (status, said) = demonstration.readiness().await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        said,
        "ready, but no file is taken: the virus scanner does not answer\n"
    );
    for bytes in [pdf(10), infected()] {
        let files = [("a.pdf", bytes.clone())];
        let refused = demonstration.submit("counsel-a", &files, Some("key")).await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()["retry-after"], "60");
        let refused = json(refused).await;
        assert_eq!(refused["type"], "urn:mondossier:problem:virus-scanner-away");
        let page = demonstration.submit_on_page(&cookie, bytes.clone()).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(page.headers()["retry-after"], "60");
        let page = page.text().await.unwrap();
        assert!(page.contains("rien n’est reçu sans vérification"), "{page}");
        let refused = demonstration.send_to_counsel(bytes).await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(demonstration.history().await, [Value::Null; 0]);
    assert_eq!(demonstration.documents("quarantine"), 0);

    let _clamd = Daemon::start(folder.path());
    let good = [("a.pdf", pdf(10))];
    let taken = demonstration.submit("counsel-a", &good, Some("key")).await;
    assert_eq!(taken.status(), StatusCode::CREATED);
    assert_eq!(demonstration.readiness().await.1, "ready\n");
}

/// `when_down = "wait"`: a file waits for the scanner and passes when it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_waits_for_the_scanner_where_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let mut clamd = Daemon::start(folder.path());
    let demonstration = demonstration(&folder, &WAITING);
    clamd.stop();
    let files = [("a.pdf", pdf(10))];
    let submitting = demonstration.submit("counsel-a", &files, None);
    let back = tokio::task::spawn_blocking({
        let folder = folder.path().to_owned();
        move || Daemon::start_with(&folder, Signatures::Alone, "")
    });
    let (submitted, _clamd) = tokio::join!(submitting, back);
    assert_eq!(submitted.status(), StatusCode::CREATED);
}

/// of a sender who leaves while their file is looked into, nothing stays behind that is not sealed.
#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_while_a_file_is_looked_into_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut clamd = Daemon::start(folder.path());
    let demonstration = demonstration(&folder, &WAITING);
    clamd.stop();
    let files = [("a.pdf", pdf(10))];
    tokio::select! {
        answer = demonstration.submit("counsel-a", &files, None) => panic!("{answer:?}"),
        () = demonstration.until_documents("quarantine", 1) => {}
    }
    demonstration.until_documents("quarantine", 0).await;
}

/// SUB-1, Q-7: nor does the file before it, which was good and is kept by then.
#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_while_the_second_file_is_looked_into_leaves_neither() {
    let folder = tempfile::tempdir().unwrap();
    let mut clamd = Daemon::start(folder.path());
    let demonstration = demonstration(&folder, &WAITING);
    let before = demonstration.documents("kept");
    let mut leaving = Slow::submitting(&demonstration, 2).await;
    demonstration.until_documents("kept", before + 1).await;
    clamd.stop();
    leaving.sent().await;
    demonstration.until_documents("quarantine", 1).await;
    drop(leaving);
    demonstration.until_documents("quarantine", 0).await;
    demonstration.until_documents("kept", before).await;
}

/// The canary: beside a scanner that does not find the test virus the portal does not start, and says why.
#[test]
fn the_portal_does_not_start_beside_a_scanner_that_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _clamd = Daemon::start_with(folder.path(), Signatures::Other, "");
    let data = tempfile::tempdir().unwrap();
    let address = format!("unix:{}/clamd.sock", folder.path().display());
    let ended = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data.path())
        .env("MONDOSSIER__SCANNING__CLAMD", address)
        .output()
        .unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(
        said.contains("the virus scanner cannot be relied upon"),
        "{said}"
    );
    assert!(
        said.contains("does not find the EICAR test virus"),
        "{said}"
    );
}

/// SUB-1: a demonstration whose scanner is away says so, with the setting that names it, and loads nothing in part: once the scanner is there
/// it starts with all that it has.
#[tokio::test]
async fn a_demonstration_waits_for_its_scanner_before_it_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let address = format!("unix:{}/clamd.sock", folder.path().display());
    let ended = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data.path())
        .env("MONDOSSIER__SCANNING__CLAMD", &address)
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    for told in [
        "MONDOSSIER__SCANNING__CLAMD",
        "cannot be reached",
        "unscanned",
    ] {
        assert!(said.contains(told), "{said}");
    }
    assert!(!said.contains("own data is wrong"), "{said}");

    let _clamd = Daemon::start(folder.path());
    let variables = [LARGEST, ("MONDOSSIER__SCANNING__CLAMD", address.as_str())];
    let demonstration = Demonstration::start_with(data, &variables);
    let inbox = format!(
        "/counsels/{}/inbox",
        demonstration.of("counsel-a", "account_id")
    );
    let inbox = json(demonstration.get(&inbox, "counsel-a").await).await;
    assert_ne!(inbox["items"].as_array().map(Vec::len), Some(0), "{inbox}");
}
