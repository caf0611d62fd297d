//! Signed receipts and the public log, from the submission to another machine (X-1, SUB-2, SUB-6, Q-10).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use receipts::receipt::Receipt;
use receipts::{
    Checkpoint, Hash, TileAt, Tiles, VerifierKey, consistency_proof, leaf_hash, verify_consistency,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};
use tempfile::TempDir;

use crate::portal::{Demonstration, json, pdf};

/// Another machine: a folder of its own, the program, and nothing else.
pub struct Elsewhere(TempDir);

impl Elsewhere {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, arguments: &[&str], language: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_portal"))
            .current_dir(self.0.path())
            .env_clear()
            .env("LANG", language)
            .arg("verify-receipt")
            .args(arguments)
            .output()
            .unwrap()
    }

    /// The exit status, and what was said.
    pub fn verify(&self, files: &[&str], receipt: &str, key: &str) -> (Option<i32>, String) {
        let mut arguments = files.to_vec();
        arguments.extend(["--receipt", receipt, "--key", key]);
        let done = self.run(&arguments, "en_CA.UTF-8");
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(said).unwrap())
    }
}

impl Demonstration {
    async fn public(&self, path: &str) -> reqwest::Response {
        self.client.get(self.page(path)).send().await.unwrap()
    }

    pub async fn submitted(&self, files: &[(&str, Vec<u8>)]) -> Value {
        let done = self.submit("counsel-a", files, None).await;
        assert_eq!(done.status(), StatusCode::CREATED);
        json(done).await
    }

    pub async fn receipt(&self, submission: &Value) -> String {
        let path = format!(
            "{}/{}/receipt",
            self.submissions().await,
            submission["id"].as_str().unwrap()
        );
        let got = self.get(&path, "counsel-a").await;
        assert_eq!(got.status(), StatusCode::OK);
        let name = got.headers()["content-disposition"].to_str().unwrap();
        let number = submission["confirmation_number"].as_str().unwrap();
        assert!(name.contains(&format!("receipt-{number}.json")), "{name}");
        got.text().await.unwrap()
    }

    /// One pass of a job in a process of its own.
    fn job(&self, name: &str) -> Command {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let mut command = Command::new(jobs);
        command
            .args(["run", name, "--demonstration"])
            .arg(self.folder.path());
        command
    }

    pub fn did(&self, name: &str) -> Value {
        let done = self.job(name).output().expect("cargo build -p jobs");
        let told = serde_json::from_slice::<Value>(&done.stdout).unwrap()["done"].take();
        let findings = told["findings"].as_array().map_or(0, Vec::len);
        let expected = i32::from(findings > 0);
        assert_eq!(done.status.code(), Some(expected), "{done:?}");
        told
    }

    fn log_findings(&self) -> Value {
        self.did("verify-log")["findings"].take()
    }

    pub async fn keys(&self) -> Vec<VerifierKey> {
        let keys = self.public("/log/keys").await.text().await.unwrap();
        keys.lines().map(|key| key.parse().unwrap()).collect()
    }

    pub async fn checkpoint(&self) -> Checkpoint {
        let note = self.public("/log/checkpoint").await.text().await.unwrap();
        Checkpoint::open(&note, &self.keys().await).unwrap()
    }
}

/// X-1, SUB-2, SUB-6: what the answer to a submission has is enough, on a machine that has nothing but the program; so is the receipt that
/// is downloaded later, which has the proof of the log too. Files may have other names, and no other content.
#[tokio::test]
async fn a_receipt_verifies_on_another_machine() {
    let demonstration = Demonstration::start();
    let (one, two) = (pdf(100), pdf(20_000));
    let files = [("Pièce 1.pdf", one.clone()), ("b.pdf", two.clone())];
    let submitted = demonstration.submitted(&files).await;
    let elsewhere = Elsewhere::new();
    let keys = demonstration
        .public("/log/keys")
        .await
        .text()
        .await
        .unwrap();
    elsewhere.file("keys.txt", &keys);
    elsewhere.file("renamed.bin", &one);
    elsewhere.file("b.pdf", &two);
    elsewhere.file("answer.json", submitted["receipt"].to_string());
    let (code, said) = elsewhere.verify(&["renamed.bin", "b.pdf"], "answer.json", "keys.txt");
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        submitted["confirmation_number"].as_str().unwrap(),
        "renamed.bin: in the receipt, to the last byte, under the name Pièce 1.pdf.",
        "b.pdf: in the receipt, to the last byte.",
        "no proof yet",
        "(America/Toronto), at the tribunal",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let statement = submitted["receipt"]["statement"].as_str().unwrap();
    let says = Receipt::from_text(statement).unwrap();
    assert_eq!(says.received_at, submitted["received_at"]);
    assert_eq!(says.received_office.time, submitted["received_local"]);
    assert_eq!(says.received_tribunal.zone, "America/Toronto");

    demonstration.advance("1m").await;
    let receipt = demonstration.receipt(&submitted).await;
    elsewhere.file("receipt.json", &receipt);
    let key = keys.trim();
    let (code, said) = elsewhere.verify(&["b.pdf"], "receipt.json", key);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("In the log mon-dossier.demonstration.example/log: entry "));
    assert!(
        said.contains("Pièce 1.pdf: in the receipt; this file was not given"),
        "{said}"
    );
    let arguments = ["b.pdf", "--receipt", "receipt.json", "--key", key];
    let french = elsewhere.run(&arguments, "fr_CA.UTF-8");
    assert!(
        String::from_utf8_lossy(&french.stdout).contains("Tout ce qui a été vérifié est vrai.")
    );
}

/// a file, a receipt, a proof or a key that is not the right one is refused with exit status 1 and told; what cannot be read is
/// wrong usage.
#[tokio::test]
async fn whatever_was_altered_is_refused() {
    let demonstration = Demonstration::start();
    let submitted = demonstration.submitted(&[("a.pdf", pdf(100))]).await;
    let other = demonstration.submitted(&[("a.pdf", pdf(200))]).await;
    demonstration.advance("1m").await;
    let elsewhere = Elsewhere::new();
    let key = demonstration.keys().await[0].to_string();
    let receipt = demonstration.receipt(&submitted).await;
    let mut altered = pdf(100);
    altered[50] ^= 1;
    elsewhere.file("a.pdf", pdf(100));
    elsewhere.file("receipt.json", &receipt);
    let refused = |file: &str, receipt: &str, key: &str, words: &str| {
        let (code, said) = elsewhere.verify(&[file], receipt, key);
        assert_eq!(code, Some(1), "{words}: {said}");
        assert!(said.contains(words), "{words}: {said}");
        assert!(said.contains("Not everything is true."), "{said}");
    };
    assert_eq!(
        elsewhere.verify(&["a.pdf"], "receipt.json", &key).0,
        Some(0)
    );
    std::fs::create_dir(elsewhere.0.path().join("altered")).unwrap();
    elsewhere.file("altered/a.pdf", &altered);
    elsewhere.file("other.pdf", pdf(300));
    refused("altered/a.pdf", "receipt.json", &key, "has another content");
    refused(
        "other.pdf",
        "receipt.json",
        &key,
        "other.pdf: NOT in the receipt",
    );

    let mut parts: Value = serde_json::from_str(&receipt).unwrap();
    let said = parts["statement"]
        .as_str()
        .unwrap()
        .replace("a.pdf", "b.pdf");
    parts["statement"] = said.into();
    elsewhere.file("forged.json", parts.to_string());
    refused("a.pdf", "forged.json", &key, "What is signed was changed");

    let mut parts: Value = serde_json::from_str(&receipt).unwrap();
    let others: Value = serde_json::from_str(&demonstration.receipt(&other).await).unwrap();
    parts["log_proof"] = others["log_proof"].clone();
    elsewhere.file("misplaced.json", parts.to_string());
    refused(
        "a.pdf",
        "misplaced.json",
        &key,
        "does not show that this receipt",
    );

    elsewhere.file("none.json", "{}");
    refused("a.pdf", "none.json", &key, "is no receipt");
    let strange = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    refused("a.pdf", "receipt.json", strange, "none of the given keys");

    for (file, receipt, key) in [
        ("nowhere.pdf", "receipt.json", key.as_str()),
        ("a.pdf", "nowhere.json", key.as_str()),
        ("a.pdf", "receipt.json", "nowhere.txt"),
        ("a.pdf", "receipt.json", "receipt.json"),
    ] {
        let (code, said) = elsewhere.verify(&[file], receipt, key);
        assert_eq!(code, Some(2), "{said}");
    }
    assert_eq!(elsewhere.run(&[], "C").status.code(), Some(2));
}

/// the log is there for anybody and tells nothing: its entries make its tiles, its tiles its checkpoints, and every checkpoint begins
/// as the one before.
#[tokio::test]
async fn the_log_only_grows_and_tells_nothing() {
    let demonstration = Demonstration::start();
    let submitted = demonstration.submitted(&[("a.pdf", pdf(100))]).await;
    demonstration.advance("1m").await;
    let before = demonstration.checkpoint().await;
    assert!(before.size > 0);
    demonstration.submitted(&[("b.pdf", pdf(100))]).await;
    demonstration.advance("1m").await;
    let now = demonstration.checkpoint().await;
    assert!(now.size > before.size && now.size < 256);

    let partial = format!("/log/tile/entries/000.p/{}", now.size);
    let bundle = demonstration.public(&partial).await.bytes().await.unwrap();
    let mut tiles = Tiles::default();
    for (index, entry) in (0..).zip(bundle.chunks(34)) {
        assert_eq!(entry[..2], [0, 32]);
        tiles.append(index, &entry[2..]).unwrap();
    }
    assert_eq!(tiles.root(now.size).unwrap(), now.root);
    let served = demonstration
        .public(&format!("/log/tile/0/000.p/{}", now.size))
        .await;
    assert!(
        served.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let hashes = served.bytes().await.unwrap();
    let hashes: Vec<Hash> = hashes
        .chunks(32)
        .map(|hash| Hash(hash.try_into().unwrap()))
        .collect();
    assert_eq!(hashes[0], leaf_hash(&bundle[2..34]));
    let mut published = Tiles::default();
    let at = TileAt {
        level: 0,
        number: 0,
    };
    published.put(at, hashes, now.size);
    assert_eq!(published, tiles);
    let proof = consistency_proof(before.size, now.size, &tiles)
        .unwrap()
        .unwrap();
    let (old, new) = (before.size, now.size);
    assert!(verify_consistency(old, before.root, new, now.root, &proof));

    for nowhere in [
        format!("/log/tile/0/000.p/{}", now.size + 1),
        "/log/tile/0/000".to_owned(),
        "/log/tile/entries/000".to_owned(),
        "/log/tile/1/000.p/1".to_owned(),
        "/log/tile/0/001.p/1".to_owned(),
        "/log/tile/0/../checkpoint".to_owned(),
        "/log/tile/x".to_owned(),
    ] {
        let answer = demonstration.public(&nowhere).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{nowhere}");
    }
    let receipt: Value = serde_json::from_str(&demonstration.receipt(&submitted).await).unwrap();
    assert_eq!(
        receipt["statement"], submitted["receipt"]["statement"],
        "byte for byte"
    );
    let nobody = demonstration.api(&format!(
        "{}/{}/receipt",
        demonstration.submissions().await,
        submitted["id"].as_str().unwrap()
    ));
    let refused = demonstration.client.get(nobody).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

/// workers that publish at the same time put each receipt in once, and the log goes together with the records.
#[tokio::test]
async fn several_publishers_at_once_make_one_log() {
    let demonstration = Demonstration::start();
    for number in 0..6 {
        demonstration.submitted(&[("a.pdf", pdf(number))]).await;
        let publishers: Vec<_> = (0..3)
            .map(|_| demonstration.job("publish-log").spawn().unwrap())
            .collect();
        for mut publisher in publishers {
            assert!(publisher.wait().unwrap().success());
        }
    }
    let verified = demonstration.did("verify-log");
    assert_eq!(verified["findings"], object!([]), "{verified}");
    assert!(verified["heads"].as_u64().unwrap() >= 6);
    let size = demonstration.checkpoint().await.size;
    assert!(size >= 6);
    let places = demonstration
        .rows("SELECT CAST(count(submission) AS TEXT) FROM log_leaf")
        .await;
    let (receipts, waiting) = (
        demonstration
            .rows("SELECT CAST(count(*) AS TEXT) FROM receipt")
            .await,
        demonstration
            .rows("SELECT CAST(count(*) AS TEXT) FROM receipt_waiting")
            .await,
    );
    assert_eq!((&places, waiting[0].as_deref()), (&receipts, Some("0")));
}

/// the database refuses to change receipts, entries and checkpoints; whoever takes its guards away is found out, and what was changed
/// is named. Nothing is signed on top of it.
#[tokio::test]
async fn tampering_with_receipts_and_their_log_is_found() {
    let demonstration = Demonstration::start();
    let mut ids = Vec::new();
    for number in 0..4 {
        let submitted = demonstration.submitted(&[("a.pdf", pdf(number))]).await;
        ids.push(submitted["id"].as_str().unwrap().to_owned());
    }
    demonstration.did("publish-log");
    assert_eq!(demonstration.log_findings(), object!([]));
    for statement in [
        "UPDATE receipt SET statement = ''",
        "DELETE FROM receipt",
        "DELETE FROM log_leaf",
        "UPDATE log_checkpoint SET note = ''",
    ] {
        let refused = demonstration.sql(statement).await;
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    for table in ["receipt", "log_leaf", "log_checkpoint"] {
        let drop = format!("DROP TRIGGER {table}_no_update; DROP TRIGGER {table}_no_delete");
        assert_eq!(demonstration.sql(&drop).await, "");
    }
    let of = |id: &str| format!("submission = x'{}'", id.replace('-', ""));
    let named = |kind: &str, id: &str| object!([{ kind: id }]);
    let by_id = |id: &str| format!("id = x'{}'", id.replace('-', ""));
    for (change, back, finding) in [
        (
            format!(
                "UPDATE receipt SET statement = replace(statement, 'a.pdf', 'b.pdf') WHERE {}",
                of(&ids[0])
            ),
            format!(
                "UPDATE receipt SET statement = replace(statement, 'b.pdf', 'a.pdf') WHERE {}",
                of(&ids[0])
            ),
            named("receipt_changed", &ids[0]),
        ),
        (
            format!(
                "UPDATE submission SET received_at = received_at - 86400000000 WHERE {}",
                by_id(&ids[1])
            ),
            format!(
                "UPDATE submission SET received_at = received_at + 86400000000 WHERE {}",
                by_id(&ids[1])
            ),
            named("submission_changed", &ids[1]),
        ),
        (
            format!(
                "UPDATE submission_file SET sha256 = zeroblob(32) WHERE {}",
                of(&ids[2])
            ),
            String::new(),
            named("submission_changed", &ids[2]),
        ),
    ] {
        assert_eq!(demonstration.sql(&change).await, "");
        assert_eq!(demonstration.log_findings(), finding, "{change}");
        demonstration.sql(&back).await;
    }
    demonstration
        .sql(&format!("DELETE FROM receipt WHERE {}", of(&ids[3])))
        .await;
    let found = demonstration.log_findings();
    assert_eq!(found[1], object!({ "receipt_missing": ids[3] }), "{found}");
    let changed = "UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE level = 0";
    demonstration.sql(changed).await;
    let found = demonstration.log_findings();
    let tile = object!({ "tile_changed": { "level": 0, "number": 0 } });
    assert!(found.as_array().unwrap().contains(&tile), "{found}");
    demonstration.submitted(&[("a.pdf", pdf(9))]).await;
    let size = demonstration.checkpoint().await.size;
    let refused = demonstration.job("publish-log").output().unwrap();
    assert!(
        !refused.status.success(),
        "nothing is signed on top of another tree"
    );
    assert_eq!(demonstration.checkpoint().await.size, size);
    demonstration
        .sql("DELETE FROM log_leaf WHERE position = 1")
        .await;
    let found = demonstration.log_findings();
    let gone = object!({ "entry_missing": 1 });
    assert!(found.as_array().unwrap().contains(&gone), "{found}");
}

/// counsel reads the receipt as a page in both languages, and downloads it under a name in that language; how it is verified is said
/// to anybody.
#[tokio::test]
async fn a_receipt_is_read_as_a_page() {
    let demonstration = Demonstration::start();
    let submitted = demonstration.submitted(&[("Pièce 1.pdf", pdf(100))]).await;
    let number = submitted["confirmation_number"].as_str().unwrap();
    let cookie = demonstration.sign_in("counsel-a").await;
    let get = async |path: &str| {
        let call = demonstration
            .client
            .request(Method::GET, demonstration.page(path));
        call.header("cookie", &cookie).send().await.unwrap()
    };
    let id = submitted["id"].as_str().unwrap();
    let entry = format!("{}/{id}", demonstration.submissions().await);
    for (language, name) in [("fr", "recu"), ("en", "receipt")] {
        let address = format!("/{language}{entry}");
        let page = get(&address).await.text().await.unwrap();
        assert!(page.contains(&format!("{address}/receipt\"")));
        let page = get(&format!("{address}/receipt"))
            .await
            .text()
            .await
            .unwrap();
        assert!(page.contains(number) && page.contains("Pièce 1.pdf"));
        assert!(page.contains("mon-dossier.demonstration.example/log+"));
        let file = get(&format!("{address}/receipt/file")).await;
        let header = file.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            header.contains(&format!("{name}-{number}.json")),
            "{header}"
        );
        let public = demonstration.public(&format!("/{language}/receipts")).await;
        assert_eq!(public.status(), StatusCode::OK);
        let key = demonstration.keys().await[0].to_string();
        assert!(
            public
                .text()
                .await
                .unwrap()
                .contains(&key.replace('+', "&#43;"))
                || demonstration
                    .public(&format!("/{language}/receipts"))
                    .await
                    .text()
                    .await
                    .unwrap()
                    .contains(&key)
        );
    }
}

/// the command prints the key that the portal shows.
#[tokio::test]
async fn the_key_can_be_printed() {
    let demonstration = Demonstration::start();
    let printed = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args(["receipt-key", "--demonstration"])
        .arg(demonstration.folder.path())
        .output()
        .unwrap();
    let shown = demonstration
        .public("/log/keys")
        .await
        .text()
        .await
        .unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), shown);
}

/// a submission of before receipts were signed has none; its page does not offer one, and whoever asks is told so in words.
#[tokio::test]
async fn a_submission_of_before_receipts_says_so() {
    let demonstration = Demonstration::start();
    let submitted = demonstration.submitted(&[("a.pdf", pdf(100))]).await;
    for statement in [
        "DROP TRIGGER receipt_no_delete",
        "DELETE FROM receipt",
        "DELETE FROM receipt_waiting",
    ] {
        assert_eq!(demonstration.sql(statement).await, "");
    }
    let id = submitted["id"].as_str().unwrap();
    let entry = format!("{}/{id}", demonstration.submissions().await);
    let answer = demonstration
        .get(&format!("{entry}/receipt"), "counsel-a")
        .await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let problem = json(answer).await;
    assert!(
        problem["type"].as_str().unwrap().ends_with("no-receipt"),
        "{problem}"
    );
    let cookie = demonstration.sign_in("counsel-a").await;
    for (language, words) in [
        ("fr", "date d’avant les reçus signés"),
        ("en", "from before receipts were signed"),
    ] {
        let get = |address: String| {
            let call = demonstration.client.get(demonstration.page(&address));
            call.header("cookie", &cookie).send()
        };
        let page = get(format!("/{language}{entry}")).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert!(!page.text().await.unwrap().contains("/receipt\""));
        let page = get(format!("/{language}{entry}/receipt")).await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        let text = page.text().await.unwrap();
        assert!(text.contains(words), "{text}");
    }
}
