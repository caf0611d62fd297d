//! Documents at rest (X-6): what was altered in the store is never delivered, and the master key can be changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use reqwest::StatusCode;
use serde_json::{Value, json as value};

use crate::portal::{Demonstration, json, pdf};

impl Demonstration {
    /// The file in which the only submitted document lies.
    fn stored(&self, before: &[PathBuf]) -> PathBuf {
        let mut new = kept(self.folder.path());
        new.retain(|file| !before.contains(file));
        let [file] = &new[..] else {
            unreachable!("one document was submitted: {new:?}")
        };
        file.clone()
    }

    /// How the registry downloads the only submission's only file.
    async fn download(&self) -> reqwest::Response {
        let waiting = json(self.get("/registry/submissions", "registry").await).await;
        let id = waiting["items"][0]["id"].as_str().unwrap();
        self.get(&format!("/registry/submissions/{id}/files/1"), "registry")
            .await
    }

    /// Runs a job on the demonstration's records and documents, under other master keys. Where somebody must look at what it found, its exit
    /// status says so.
    fn job_under(&self, name: &str, key: &str, former: &[&str]) -> Value {
        let here = self.folder.path();
        let former: Vec<PathBuf> = former.iter().map(|name| here.join(name)).collect();
        let text = format!(
            r#"
            [server]
            listen = "127.0.0.1:8080"
            public_url = "https://portal.example"
            [database]
            url = "sqlite://{0}/records.sqlite"
            [documents]
            folder = "{0}/documents"
            key_file = "{0}/{key}"
            former_key_files = {former:?}
            [email]
            from = "ne-pas-repondre@tribunal.example"
            [email.smtp]
            host = "localhost"
            [text_messages]
            url = "https://gateway.example"
            api_key = "a key"
            access_code_template_fr = "modele"
            access_code_template_en = "template"
            [rolls]
            folder = "{0}/rolls"
            [secrets]
            key_file = "{0}/key"
            [receipts]
            origin = "portal.example/log"
            key_file = "{0}/receipt-key"
            "#,
            here.display()
        );
        fs::write(here.join("jobs.toml"), text).unwrap();
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let ran: Output = Command::new(jobs)
            .args(["run", name, "--config"])
            .arg(here.join("jobs.toml"))
            .output()
            .expect("the jobs' program is built beside the portal's: cargo build -p jobs");
        let told = String::from_utf8(ran.stdout).unwrap();
        let why = String::from_utf8(ran.stderr).unwrap();
        let told: Value = serde_json::from_str(&told).expect(&why);
        let told = told["done"].clone();
        let list = |name: &str| told[name].as_array().map_or(0, Vec::len);
        let is_well = list("findings") + list("unreadable") == 0;
        assert_eq!(ran.status.code(), Some(i32::from(!is_well)), "{told}");
        told
    }

    /// Stops it and starts it again on what is there.
    pub fn again(mut self) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start_in(folder)
    }
}

/// Every kept file of a demonstration.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(folder.join("documents/kept")).unwrap();
    shards
        .flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect()
}

/// X-6, Q-10: a stored document of which a bit was flipped is refused with words of its own and not a byte of it; so is one that was cut off;
/// the job that looks through the documents names both, and one that was removed.
#[tokio::test]
async fn a_document_that_was_altered_in_the_store_is_never_delivered() {
    let demonstration = Demonstration::start();
    let before = kept(demonstration.folder.path());
    let files = [("a.pdf", pdf(200_000))];
    let sent = demonstration.submit("counsel-a", &files, None).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let file = demonstration.stored(&before);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let id = file.file_name().unwrap().to_str().unwrap().to_owned();
    for altered in [&flipped[..], &whole[..whole.len() - 65_552]] {
        fs::write(&file, altered).unwrap();
        let refused = demonstration.download().await;
        assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let told = refused.text().await.unwrap();
        assert!(
            told.contains("urn:mondossier:problem:document-altered"),
            "{told}"
        );
        assert!(!told.contains("%PDF"));
        let found = demonstration.job_under("verify-documents", "documents-key", &[]);
        assert_eq!(found["findings"], value!([{ "altered": id }]));
    }
    fs::remove_file(&file).unwrap();
    let found = demonstration.job_under("verify-documents", "documents-key", &[]);
    assert_eq!(found["findings"], value!([{ "missing": id }]));
    fs::write(&file, whole).unwrap();
    let found = demonstration.job_under("verify-documents", "documents-key", &[]);
    assert_eq!(found["findings"], value!([]));
    assert_eq!(found["documents"], before.len() + 1);
    let delivered = demonstration.download().await;
    assert_eq!(delivered.bytes().await.unwrap(), pdf(200_000));
}

/// BOX-2, X-8: a document that cannot be opened was not read: no reading is recorded, and none is in the trail.
#[tokio::test]
async fn what_cannot_be_opened_is_not_read() {
    let demonstration = Demonstration::start();
    let before = kept(demonstration.folder.path());
    let number = &demonstration.numbers("counsel-a").await[0];
    let item = demonstration.sent(number).await;
    let file = demonstration.stored(&before);
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let readings = "SELECT name FROM reading UNION ALL SELECT action FROM audit WHERE action LIKE '%read-inbox-item' AND refused IS NULL";
    let recorded = async || demonstration.rows(readings).await.len();
    let so_far = recorded().await;
    let refused = demonstration.read("counsel-a", &item, "counsel-a").await;
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(recorded().await, so_far);
    fs::write(&file, whole).unwrap();
    let read = demonstration.read("counsel-a", &item, "counsel-a").await;
    assert_eq!(read.status(), StatusCode::OK);
    assert_eq!(recorded().await, so_far + 2);
}

/// X-6: under a new master key every document is still delivered, and the former key can be thrown away; turning twice changes nothing.
#[tokio::test]
async fn the_master_key_is_changed_without_losing_a_document() {
    let demonstration = Demonstration::start();
    let before = kept(demonstration.folder.path());
    let files = [("a.pdf", pdf(1_000))];
    let sent = demonstration.submit("counsel-a", &files, None).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let stored = fs::read(demonstration.stored(&before)).unwrap();
    assert!(!stored.windows(4).any(|four| four == b"%PDF"), "sealed");
    let folder = demonstration.folder.path();
    fs::write(folder.join("new-key"), "0123456789abcdef".repeat(4)).unwrap();

    let unread = demonstration.job_under("rotate-keys", "new-key", &[]);
    let all = before.len() + 1;
    assert_eq!(unread["unreadable"].as_array().map(Vec::len), Some(all));
    let turned = demonstration.job_under("rotate-keys", "new-key", &["documents-key"]);
    assert_eq!(
        (&turned["documents"], &turned["rewrapped"]),
        (&value!(all), &value!(all))
    );
    let again = demonstration.job_under("rotate-keys", "new-key", &["documents-key"]);
    assert_eq!(
        again,
        value!({ "documents": all, "rewrapped": 0, "unreadable": [] })
    );

    fs::rename(folder.join("new-key"), folder.join("documents-key")).unwrap();
    let found = demonstration.job_under("verify-documents", "documents-key", &[]);
    assert_eq!(found, value!({ "documents": all, "findings": [] }));
    let demonstration = demonstration.again();
    let delivered = demonstration.download().await;
    assert_eq!(delivered.bytes().await.unwrap(), pdf(1_000));
}

/// X-6: a file that waits on the review page for its sender is sealed already, and nothing of it lies anywhere else.
#[tokio::test]
async fn a_file_that_waits_for_its_sender_is_sealed() {
    let demonstration = Demonstration::start();
    let before = kept(demonstration.folder.path());
    let cookie = demonstration.sign_in("counsel-a").await;
    let reviewed = demonstration.submit_on_page(&cookie, pdf(1_000)).await;
    assert_eq!(reviewed.status(), StatusCode::SEE_OTHER);
    let stored = fs::read(demonstration.stored(&before)).unwrap();
    assert!(!stored.windows(4).any(|four| four == b"%PDF"), "sealed");
    for place in ["quarantine", "arriving"] {
        let place = demonstration.folder.path().join("documents").join(place);
        assert_eq!(fs::read_dir(place).unwrap().count(), 0);
    }
}
