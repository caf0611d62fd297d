//! Configuration as operators meet it: the program's own commands, real files, the real environment.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with the operator's file, `site.toml`, in which `HERE` stands for the folder.
struct Site(TempDir);

const GOOD: &str = r#"
[server]
listen = "127.0.0.1:0"
public_url = "https://portal.example"
[database]
url = "sqlite://HERE/records.sqlite?mode=rwc"
[documents]
folder = "HERE/documents"
key_file = "HERE/key"
[email]
from = "Mon dossier <ne-pas-repondre@tribunal.example>"
[email.smtp]
host = "localhost"
user = "portal"
password_file = "HERE/password"
[text_messages]
url = "https://gateway.example"
api_key_file = "HERE/key"
access_code_template_fr = "modele"
access_code_template_en = "template"
[rolls]
folder = "HERE"
[secrets]
key_file = "HERE/key"
[receipts]
origin = "portal.example/log"
key_file = "HERE/key"
"#;

impl Site {
    fn of(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display().to_string();
        std::fs::write(folder.path().join("site.toml"), file.replace("HERE", &here)).unwrap();
        std::fs::write(folder.path().join("key"), "0123456789abcdef".repeat(4)).unwrap();
        Self(folder)
    }

    fn secret(self, text: &str) -> Self {
        std::fs::write(self.0.path().join("password"), text).unwrap();
        self
    }

    fn run(&self, command: &str, variables: &[(&str, &str)]) -> Output {
        portal()
            .arg(command)
            .arg("--config")
            .arg(self.0.path().join("site.toml"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// What a command that fails says on standard error, without the folder's name.
    fn refused(&self, command: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let output = self.run(command, variables);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("hunter2"), "{said}");
        let here = format!("{}/", self.0.path().display());
        said.replace(&here, "").lines().map(str::to_owned).collect()
    }
}

fn portal() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    for (name, _) in std::env::vars() {
        if name.starts_with("MONDOSSIER__") {
            command.env_remove(name);
        }
    }
    command
}

#[test]
fn a_configuration_that_can_be_used_passes_and_nothing_is_made() {
    let site = Site::of(GOOD).secret("hunter2\n");
    let output = site.run("check-config", &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, b"the configuration can be used\n");
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(
        warned.contains("warning: scanning.clamd: names no virus scanner"),
        "{warned}"
    );
    assert!(!site.0.path().join("records.sqlite").exists());
    assert!(!site.0.path().join("documents").exists());
}

#[test]
fn each_problem_is_told_on_a_line_of_its_own() {
    let site = Site::of(GOOD);
    let variables = [
        ("MONDOSSIER__TERMS__REMINDER", "60d"),
        (
            "MONDOSSIER__DATABASE__URL",
            "postgres://portal:hunter2@127.0.0.1:x/y",
        ),
        ("MONDOSSIER__DOCUMENTS__FOLDER", "/proc/documents"),
    ];
    let told = site.refused("check-config", &variables);
    let beginnings = [
        "portal: the configuration cannot be used",
        "  database.url (from MONDOSSIER__DATABASE__URL): the database's URL cannot be read",
        "  email.smtp.password_file (in site.toml): the file password cannot be read",
        "  terms.reminder (from MONDOSSIER__TERMS__REMINDER): 60d is too long",
        "  documents.folder (from MONDOSSIER__DOCUMENTS__FOLDER): the folder /proc cannot be used",
    ];
    assert_eq!(told.len(), beginnings.len(), "{told:#?}");
    for (line, beginning) in told.iter().zip(beginnings) {
        assert!(line.starts_with(beginning), "{line}");
    }
}

#[test]
fn serving_is_refused_where_a_secret_is_missing() {
    let site = Site::of(&GOOD.replace("password_file", "# password_file"));
    let told = site.refused("serve", &[]);
    assert!(
        told.iter()
            .any(|line| line.contains("email.smtp.password: is missing")),
        "{told:#?}"
    );
    let told = Site::of("").refused("migrate", &[]);
    assert!(
        told.iter()
            .any(|line| line.contains("server.listen: is missing")),
        "{told:#?}"
    );
}

#[test]
fn the_page_about_configuration_is_the_one_in_the_repository() {
    let output = portal().arg("configuration").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == include_str!("../../../docs/configuration.md"),
        "docs/configuration.md has fallen behind; `cargo xtask docs` writes it anew"
    );
}

#[test]
fn the_demonstration_refuses_what_it_does_not_know_before_it_makes_anything() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = portal()
        .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(&data)
        .env("MONDOSSIER__SUBMISSIONS__FILES_AT_LEAST", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("submissions.files_at_least (from MONDOSSIER__SUBMISSIONS__FILES_AT_LEAST)"),
        "{said}"
    );
    assert!(!data.exists());
}

/// SEC-1: the help desk that people are sent to is the one that the operator names.
#[tokio::test]
async fn another_tribunal_gives_its_own_help_desk() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = portal()
        .args([
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--print-json",
            "--data-dir",
        ])
        .arg(folder.path())
        .env("MONDOSSIER__TRIBUNAL__HELP_DESK", "514 555-0199")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let told = BufReader::new(process.stdout.take().unwrap()).read_line(&mut line);
    let page = async {
        told.ok()?;
        let told: serde_json::Value = serde_json::from_str(&line).ok()?;
        let home = format!("{}/en", told["portal"].as_str()?);
        // The workspace gives reqwest TLS without a provider, and it will not be built without one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::get(home).await.ok()?.text().await.ok()
    };
    let page = page.await;
    process.kill().unwrap();
    process.wait().unwrap();
    let page = page.unwrap();
    assert!(
        page.contains("555-0199") && !page.contains("777-2433"),
        "{page}"
    );
}
