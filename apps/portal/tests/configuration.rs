//! Configuration as operators meet it: the program's own commands, real files, the real environment.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
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
key_file = "HERE/tribunal-key"
[receipts]
origin = "portal.example/log"
key_file = "HERE/receipt-key"
"#;

impl Site {
    fn of(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display().to_string();
        std::fs::write(folder.path().join("site.toml"), file.replace("HERE", &here)).unwrap();
        for (name, digits) in [
            ("key", "0123456789abcdef"),
            ("tribunal-key", "123456789abcdef0"),
            ("receipt-key", "23456789abcdef01"),
        ] {
            std::fs::write(folder.path().join(name), digits.repeat(4)).unwrap();
        }
        Self(folder)
    }

    fn secret(self, text: &str) -> Self {
        std::fs::write(self.0.path().join("password"), text).unwrap();
        self
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("site.toml")
    }

    /// What the file says, as the environment would.
    fn as_variables(&self) -> Vec<(String, String)> {
        let (mut section, mut variables) = (String::new(), Vec::new());
        for line in std::fs::read_to_string(self.file()).unwrap().lines() {
            match line.split_once(" = ") {
                Some((key, value)) => {
                    let name = format!("MONDOSSIER__{section}__{key}").to_uppercase();
                    variables.push((name, value.trim_matches('"').to_owned()));
                }
                None => section = line.trim_matches(['[', ']']).replace('.', "__"),
            }
        }
        variables
    }

    fn run(&self, command: &str, variables: &[(&str, &str)]) -> Output {
        beside("portal")
            .arg(command)
            .arg("--config")
            .arg(self.file())
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

/// One of the two programs, with nothing of a configuration in its environment.
fn beside(program: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name(program);
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if name.starts_with("MONDOSSIER__") || name == "MONDOSSIER_CONFIG" {
            command.env_remove(name);
        }
    }
    command
}

fn portal() -> Command {
    beside("portal")
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
        page.contains("514 555 0199") && !page.contains("777 2433"),
        "{page}"
    );
}

/// Q-10: on a schema of a version before nothing is served and no command does anything; each says what to do. One that is ahead, of a
/// version to come, is well: an upgrade migrates first.
#[tokio::test]
async fn an_old_schema_is_noticed() {
    let site = Site::of(GOOD).secret("hunter2");
    let config = site.0.path().join("site.toml");
    let config = config.to_str().unwrap();
    let records = site.0.path().join("records.sqlite");
    let all = [
        ("portal", "serve"),
        ("jobs", "list"),
        ("portal", "end-access"),
    ];
    let run = |program: &str, command: &str| {
        let mut command_line = beside(program);
        command_line.args([command, "--config", config]);
        command_line.output().unwrap()
    };
    let behind = |how_far: &str| {
        for (program, command) in all {
            let done = run(program, command);
            let said = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(1), "{said}");
            let told = said.contains("run `portal migrate`") && said.contains(how_far);
            assert!(told, "{program} {command}: {said}");
        }
        let checked = site.run("check-config", &[]);
        let said = String::from_utf8(checked.stderr).unwrap();
        assert!(said.contains("run `portal migrate`"), "{said}");
        assert!(said.contains(how_far), "{said}");
    };
    behind("migrations");
    assert!(!records.exists(), "to look makes nothing");
    assert!(site.run("migrate", &[]).status.success());
    let execute = async |statement: &str| {
        let url = format!("sqlite://{}", records.display());
        let database = sea_orm::Database::connect(url).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&database, statement)
            .await
            .unwrap();
        database.close().await.unwrap();
    };
    let ahead = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_later', 0)";
    execute(ahead).await;
    let checked = site.run("check-config", &[]);
    let said = String::from_utf8(checked.stderr).unwrap();
    assert!(!said.contains("migrate"), "{said}");
    let listed = run("jobs", "list");
    assert!(listed.status.success(), "{listed:?}");
    let last = "DELETE FROM seaql_migrations WHERE version LIKE '%000042_waiting'";
    execute(last).await;
    behind("lacks 1 migrations");
}

/// SUB-2: a folder of documents that belongs to somebody else is told by its path, before anybody's file is refused for it.
#[test]
fn a_folder_of_documents_that_cannot_be_written_is_told() {
    let site = Site::of(GOOD).secret("hunter2");
    assert!(site.run("migrate", &[]).status.success());
    for place in ["quarantine", "arriving", "kept"] {
        // Nobody writes there, whoever they are.
        let place = site.0.path().join("documents").join(place);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let _ = std::fs::remove_dir_all(&place);
        std::fs::write(&place, "").unwrap();
        let told = site.refused("check-config", &[]);
        let name = place.file_name().unwrap().to_str().unwrap();
        let names_it = |line: &String| line.contains(&format!("documents/{name} cannot be used"));
        assert!(told.iter().any(names_it), "{told:?}");
        std::fs::remove_file(&place).unwrap();
    }
}

/// Q-7: where the database is not there, every command says where it should be and why nobody gets in, without the password.
#[test]
fn a_database_that_is_not_there_is_told_with_its_place() {
    let site = Site::of(GOOD).secret("hunter2");
    let away = [
        (
            "MONDOSSIER__DATABASE__URL",
            "postgres://portal:hunter2@127.0.0.1:1/mondossier",
        ),
        ("MONDOSSIER__DATABASE__WAIT", "1s"),
    ];
    let place = "the database at 127.0.0.1:1 cannot be reached";
    for command in ["serve", "migrate", "check-config"] {
        let told = site.refused(command, &away).join("\n");
        assert!(told.contains(place), "{command}: {told}");
        assert!(told.contains("Connection refused"), "{command}: {told}");
    }
    let file = site.0.path().join("site.toml");
    for arguments in [&["run", "purge"][..], &["list"], &["schedule"]] {
        let mut jobs = beside("jobs");
        let jobs = jobs.args(arguments).arg("--config").arg(&file).envs(away);
        let done = jobs.output().unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{arguments:?}: {told}");
        let told_all = told.contains(place) && told.contains("Connection refused");
        assert!(told_all && !told.contains("hunter2"), "{told}");
    }
}

/// A command that is not called as it wants to be says so with exit status 2, and one that did not do its work with 1.
#[test]
fn wrong_usage_is_told_from_failure() {
    let open = |change: (&str, &str)| {
        let form = [
            ("--role", "registry"),
            ("--given-name", "Ada"),
            ("--family-name", "Roy"),
            ("--email", "ada@tribunal.example"),
            ("--cell", "514 555-0177"),
            ("--language", "fr"),
            ("--config", "/nowhere.toml"),
        ];
        let mut command = portal();
        command.args(["account", "open"]);
        for (name, value) in form {
            let value = if name == change.0 { change.1 } else { value };
            command.args([name, value]);
        }
        command.output().unwrap().status.code()
    };
    assert_eq!(open(("", "")), Some(1));
    for wrong in [
        ("--role", "counsel"),
        ("--given-name", ""),
        ("--family-name", " "),
        ("--email", "bad"),
        ("--cell", "12"),
        ("--language", "de"),
    ] {
        assert_eq!(open(wrong), Some(2), "{wrong:?}");
    }
    let id = "018f0000-0000-7000-8000-000000000000";
    let create = ["token", "create", "--account", id, "--scope", "read"];
    let no_days = [&create[..], &["--days", "0", "--config", "/nowhere.toml"]].concat();
    let no_label = [&create[..], &["--label", " ", "--config", "/nowhere.toml"]].concat();
    for (program, arguments) in [
        ("portal", &no_days[..]),
        ("portal", &no_label),
        ("portal", &["token", "create", "--account", id]),
        ("jobs", &["run"]),
        ("jobs", &["run", "no-such-job"]),
    ] {
        let done = beside(program).args(arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{program} {arguments:?}");
    }
    let listed = beside("jobs").arg("list").output().unwrap();
    assert!(listed.status.success(), "{listed:?}");
}

/// The columns of the list are columns, however long a job's name is.
#[test]
fn jobs_are_listed_in_columns() {
    let listed = beside("jobs").arg("list").output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    // Without records no job has run, which a hyphen says.
    let places = text.lines().map(|line| line.find(" - ").unwrap());
    assert_eq!(places.collect::<BTreeSet<_>>().len(), 1, "{text}");
}

/// Whoever reads what a command prints may stop before its end, as `head` does.
#[test]
fn a_reader_who_stops_is_no_failure() {
    for (program, arguments) in [
        ("portal", &["openapi"][..]),
        ("portal", &["configuration"]),
        ("jobs", &["list"]),
    ] {
        let mut command = beside(program);
        command.args(arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        drop(process.stdout.take());
        let done = process.wait_with_output().unwrap();
        assert!(done.status.success(), "{program} {arguments:?}: {done:?}");
        assert!(done.stderr.is_empty(), "{program} {arguments:?}: {done:?}");
    }
}

/// Commands that want a configuration, in an order in which each finds what it needs.
const WITH_A_CONFIGURATION: [(&str, &[&str]); 6] = [
    ("portal", &["check-config"]),
    ("portal", &["migrate"]),
    ("portal", &["receipt-key"]),
    ("portal", &["end-access"]),
    ("jobs", &["run", "seal-audit"]),
    ("jobs", &["list"]),
];

/// Without a file the environment's keys are the whole configuration, and what is missing there is told by its name.
#[test]
fn without_a_file_there_is_the_environment_alone() {
    let site = Site::of(GOOD).secret("hunter2");
    let all = site.as_variables();
    for (program, arguments) in WITH_A_CONFIGURATION {
        let mut command = beside(program);
        let done = command.args(arguments).envs(all.clone()).output().unwrap();
        assert!(done.status.success(), "{program} {arguments:?}: {done:?}");
    }
    let serve = [("portal", &["serve"][..]), ("jobs", &["schedule"])];
    for (program, arguments) in WITH_A_CONFIGURATION.into_iter().chain(serve) {
        let done = beside(program)
            .args(arguments)
            .env("MONDOSSIER__RECEIPTS__ORIGIN", "portal.example/log")
            .output()
            .unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(
            done.status.code(),
            Some(1),
            "{program} {arguments:?}: {said}"
        );
        let names_file = said.contains("--config: names no file, and MONDOSSIER_CONFIG none");
        let names_key = said.contains("server.listen: is missing");
        assert!(names_file && names_key, "{said}");
        assert!(!said.contains("receipts.origin"), "{said}");
    }
}

/// The file that `MONDOSSIER_CONFIG` names is as good as one that an argument names. What an argument names stands above it, be it a file or
/// the folder of a demonstration.
#[test]
fn the_environment_names_the_file_where_no_argument_does() {
    let site = Site::of(GOOD).secret("hunter2");
    let run = |program: &str, arguments: &[&str], file: &Path| {
        let mut command = beside(program);
        command.args(arguments).env("MONDOSSIER_CONFIG", file);
        command.output().unwrap()
    };
    for (program, arguments) in WITH_A_CONFIGURATION {
        let done = run(program, arguments, &site.file());
        assert!(done.status.success(), "{program} {arguments:?}: {done:?}");
    }
    let purge = ["run", "purge", "--at", "2199-01-01T00:00:00Z"];
    let refused = run("jobs", &purge, &site.file());
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");

    let nowhere = Path::new("/nowhere.toml");
    let above = site.run("check-config", &[("MONDOSSIER_CONFIG", "/nowhere.toml")]);
    assert!(above.status.success(), "{above:?}");
    let folder = tempfile::tempdir().unwrap();
    let demonstration = ["--demonstration", folder.path().to_str().unwrap()];
    let mistyped = run("jobs", &[&purge[..], &demonstration].concat(), nowhere);
    let said = String::from_utf8(mistyped.stderr).unwrap();
    assert_eq!(mistyped.status.code(), Some(1), "{said}");
    assert!(said.contains("there is no demonstration in"), "{said}");
    assert!(std::fs::read_dir(&folder).unwrap().next().is_none());
    std::fs::write(folder.path().join("records.sqlite"), "").unwrap();
    let purged = run("jobs", &[&purge[..], &demonstration].concat(), nowhere);
    assert!(purged.status.success(), "{purged:?}");
    let unread = run("portal", &["migrate"], nowhere);
    let said = String::from_utf8(unread.stderr).unwrap();
    assert!(said.contains("/nowhere.toml: the file cannot"), "{said}");
}

/// `jobs run all` goes on where a job fails, with what it goes back to on standard error, and ends with exit status 1.
#[tokio::test]
async fn a_job_that_fails_keeps_none_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("records.sqlite"), "").unwrap();
    let jobs = |arguments: &[&str]| {
        let done = beside("jobs")
            .args(arguments)
            .args(["--demonstration", here])
            .output();
        done.expect("the jobs' program is built beside the portal's: cargo build -p jobs")
    };
    assert!(jobs(&["list"]).status.success());
    let url = format!("sqlite://{}/records.sqlite", folder.path().display());
    let database = sea_orm::Database::connect(url).await.unwrap();
    let away = "ALTER TABLE form_draft RENAME TO elsewhere";
    sea_orm::ConnectionTrait::execute_unprepared(&database, away)
        .await
        .unwrap();
    database.close().await.unwrap();
    let done = jobs(&["run", "all"]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let told = String::from_utf8(done.stdout).unwrap();
    for job in ["delegation-reminders", "purge", "renew-sort-keys"] {
        assert!(told.contains(job), "{job} in {told}");
    }
    let said = String::from_utf8(done.stderr).unwrap();
    let tidying = said.contains("tidy-documents failed") && said.contains("because: ");
    assert!(tidying && said.contains("form_draft"), "{said}");

    let roll = folder.path().join("rolls/barreau-du-quebec.csv");
    std::fs::write(
        roll,
        "number,family_name,given_name,standing\n1,,Ada,good\n",
    )
    .unwrap();
    let refused = jobs(&["run", "import-rolls"]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let told = String::from_utf8(refused.stdout).unwrap();
    assert!(told.contains(r#""line":2"#), "{told}");
}
