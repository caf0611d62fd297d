//! A backup that is put back, and the log that is begun then.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use receipts::{Checkpoint, VerifierKey};
use rehearsal::Written;
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, pdf};
use crate::receipts::Elsewhere;

/// A portal's records as they were when the backup was taken, and a folder for its configuration.
struct Restored<'a> {
    folder: &'a Path,
    records: PathBuf,
}

impl Restored<'_> {
    /// A configuration on those records.
    fn configuration(&self, origin: &str, former_keys: &[String]) -> PathBuf {
        let database = format!("sqlite://{}", self.records.display());
        let documents = self.folder.join("restored-documents");
        let written = Written::on(self.folder, &database).and(&format!(
            "documents.folder = \"{}\"\nreceipts = {{ origin = {origin:?}, former_keys = {former_keys:?} }}",
            documents.display()
        ));
        let name = format!("{}-{}.toml", origin.replace('/', "-"), former_keys.len());
        written.write(self.folder.join(name))
    }

    fn run(program: &Path, arguments: &[&str], config: &Path) -> Output {
        Command::new(program)
            .args(arguments)
            .arg("--config")
            .arg(config)
            .output()
            .unwrap()
    }

    fn new_log(config: &Path) -> (bool, String) {
        let done = Self::run(
            Path::new(env!("CARGO_BIN_EXE_portal")),
            &["new-log"],
            config,
        );
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(said).unwrap())
    }

    fn did(name: &str, config: &Path) -> Value {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let done = Self::run(&jobs, &["run", name], config);
        let told = serde_json::from_slice::<Value>(&done.stdout).unwrap()["done"].take();
        let findings = told["findings"].as_array().map_or(0, Vec::len);
        let expected = i32::from(findings > 0);
        assert_eq!(done.status.code(), Some(expected), "{done:?}");
        told
    }
}

/// The former log was tampered with, and `verify-log` says where.
fn assert_former_changed(told: &Value, name: &str) {
    assert_eq!(told["log"], "tribunal.example/log-2", "{told}");
    assert_eq!(told["former"][0]["log"], name, "{told}");
    assert!(
        told["former"][0]["entries"].as_u64().unwrap() >= 2,
        "{told}"
    );
    let tile = object!({ "tile_changed": { "level": 0, "number": 0 }, "log": name });
    assert_eq!(told["findings"], object!([tile]), "{told}");
}

/// of three receipts in the log the backup knows two. The restored log does not go on under its name; a new one has both receipts
/// and no findings, the former one's heads are kept and it is verified with the new one, and all three receipts that were given out verify with the former key.
#[tokio::test]
async fn a_restored_backup_begins_another_log() {
    let demonstration = Demonstration::start();
    let mut submitted = Vec::new();
    for number in 0..2 {
        submitted.push(demonstration.submitted(&[("a.pdf", pdf(number))]).await);
    }
    demonstration.advance("1m").await;
    let records = demonstration.folder.path().join("backup.sqlite");
    let taken = format!("VACUUM INTO '{}'", records.display());
    assert_eq!(demonstration.sql(&taken).await, "");
    submitted.push(demonstration.submitted(&[("a.pdf", pdf(2))]).await);
    demonstration.advance("1m").await;
    let kept = demonstration.checkpoint().await;
    let former: Vec<String> = demonstration
        .keys()
        .await
        .iter()
        .map(ToString::to_string)
        .collect();

    let restored = Restored {
        folder: demonstration.folder.path(),
        records,
    };
    let name = kept.origin.as_str();
    let same = restored.configuration(name, &former);
    let (begun, said) = Restored::new_log(&same);
    assert!(
        !begun && said.contains("there is a log of the name"),
        "{said}"
    );
    let without = restored.configuration("tribunal.example/log-2", &[]);
    let (begun, said) = Restored::new_log(&without);
    assert!(!begun && said.contains("receipts.former_keys"), "{said}");
    let config = restored.configuration("tribunal.example/log-2", &former);
    let (begun, said) = Restored::new_log(&config);
    assert!(begun, "{said}");
    assert!(
        said.contains(name) && said.contains("tribunal.example/log-2 has "),
        "{said}"
    );
    let verified = Restored::did("verify-log", &config);
    assert_eq!(verified["findings"], object!([]), "{verified}");
    assert!(verified["entries"].as_u64().unwrap() >= 2, "{verified}");
    let (begun, said) = Restored::new_log(&config);
    assert!(
        !begun && said.contains("there is a log of the name"),
        "{said}"
    );
    let third = restored.configuration("tribunal.example/log-3", &[]);
    let (begun, said) = Restored::new_log(&third);
    assert!(!begun && said.contains("receipts.former_keys"), "{said}");
    let printed = Restored::run(
        Path::new(env!("CARGO_BIN_EXE_portal")),
        &["receipt-key"],
        &config,
    );
    let keys = String::from_utf8(printed.stdout).unwrap();
    assert_eq!(keys.lines().count(), 2, "{keys}");

    // The records are those of the backup: ask them, and not the portal that goes on.
    let column = |query: &str| {
        let query = query.to_owned();
        let records = restored.records.clone();
        async move { crate::registration::column(&records, &query).await }
    };
    let notes = column("SELECT note FROM log_checkpoint ORDER BY log, size").await;
    let keys: Vec<VerifierKey> = keys.lines().map(|key| key.parse().unwrap()).collect();
    let heads: Vec<Checkpoint> = notes
        .iter()
        .map(|note| Checkpoint::open(note.as_deref().unwrap(), &keys).unwrap())
        .collect();
    assert!(
        heads
            .iter()
            .any(|head| head.origin == kept.origin && head.size > 0)
    );
    assert_eq!(
        heads.last().unwrap().origin.as_str(),
        "tribunal.example/log-2"
    );
    let begun =
        column("SELECT who FROM audit WHERE action = 'begin-log' AND refused IS NULL").await;
    assert_eq!(begun, [Some("operator".to_owned())]);

    let changed =
        "UPDATE log_tile SET hashes = zeroblob(length(hashes)) WHERE log = 1 AND level = 0";
    column(changed).await;
    assert_former_changed(&Restored::did("verify-log", &config), name);

    let elsewhere = Elsewhere::new();
    elsewhere.file("former.txt", former.join("\n"));
    for (number, one) in submitted.iter().enumerate() {
        let receipt = demonstration.receipt(one).await;
        elsewhere.file("receipt.json", receipt);
        elsewhere.file("a.pdf", pdf(number));
        let (code, said) = elsewhere.verify(&["a.pdf"], "receipt.json", "former.txt");
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("In the log {name}")), "{said}");
    }
}
