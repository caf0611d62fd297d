//! A portal that serves by its configuration, with a counsel who has a token, and a log that can be read.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use application::ports::storage::Storage;
use domain::account::AccountId;
use domain::case::{Case, CaseId};
use rehearsal::Written;
use reqwest::Client;
use serde_json::Value;
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use tokio::time::{Instant, sleep_until};

pub const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// Longer than anything here takes.
pub const LONG: Duration = Duration::from_mins(1);

pub async fn wait(milliseconds: u64) {
    sleep_until(Instant::now() + Duration::from_millis(milliseconds)).await;
}

/// Waits until it is so.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < LONG, "{what}");
        wait(50).await;
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// What the portal is set up with.
pub struct Site {
    pub folder: TempDir,
    pub job_metrics: u16,
    pub config: PathBuf,
    database: String,
}

impl Site {
    /// On SQLite, with those lines in the section of the server, and those after it.
    pub fn with(server: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!(
            "sqlite://{}/records.sqlite?mode=rwc",
            folder.path().display()
        );
        Self::on(folder, database, server, more)
    }

    /// On that database.
    pub fn on(folder: TempDir, database: String, server: &str, more: &str) -> Self {
        let job_metrics = free_port();
        let of_server = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nnotice = \"1s\"\npublic_url = \"http://127.0.0.1:8080\"\n{server}"
        );
        let written = Written::on(folder.path(), &database).and(&of_server);
        let written = written.and(&format!(
            r#"
            metrics = {{ listen = "127.0.0.1:0", listen_jobs = "127.0.0.1:{job_metrics}" }}
            database = {{ wait = "2s", answer = "2s" }}
            "#
        ));
        let site = Self {
            job_metrics,
            config: written.and(more).write(folder.path().join("portal.toml")),
            database,
            folder,
        };
        site.run(&["migrate"]);
        site
    }

    /// What a command of the portal prints.
    pub fn run(&self, words: &[&str]) -> String {
        let mut command = Command::new(PORTAL);
        command.args(words).arg("--config").arg(&self.config);
        let done = command.stderr(Stdio::inherit()).output().unwrap();
        assert!(done.status.success(), "{words:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs a job.
    pub fn job(&self, words: &[&str]) {
        let mut command = Command::new(Path::new(PORTAL).with_file_name("jobs"));
        command.args(words).arg("--config").arg(&self.config);
        let done = command.stderr(Stdio::inherit()).output();
        let done = done.expect("cargo build -p jobs");
        assert!(done.status.success(), "{words:?}");
    }

    /// A counsel with a token for what counsel do.
    pub async fn counsel(&self) -> (AccountId, String) {
        let counsel = contract::samples::able(1);
        let storage = SqlStorage::connect(&self.database, Settings::default());
        let storage = storage.await.unwrap();
        let mut tx = storage.begin().await.unwrap();
        tx.accounts_mut().insert(&counsel).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
        let id = counsel.id.to_string();
        let scopes = ["read", "submit", "delegate"].map(|scope| ["--scope", scope]);
        let words = [&["token", "create", "--account", &id][..], &scopes.concat()].concat();
        let made = self.run(&words);
        (
            counsel.id,
            made.split_whitespace().last().unwrap().to_owned(),
        )
    }

    /// A case of that counsel, by its id.
    pub async fn case(&self) -> CaseId {
        let case = Case {
            final_decision_on: None,
            ..contract::samples::case(1)
        };
        let storage = SqlStorage::connect(&self.database, Settings::default());
        let storage = storage.await.unwrap();
        let mut tx = storage.begin().await.unwrap();
        tx.cases_mut().insert(&case).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
        case.id
    }

    /// Serves, and is ready.
    pub async fn serve(&self) -> Served {
        let log = self.folder.path().join("log");
        let process = Command::new(PORTAL)
            .args(["serve", "--config"])
            .arg(&self.config)
            .env_remove("RUST_LOG")
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut served = Served {
            process,
            client: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            base: String::new(),
            metrics: String::new(),
            log,
        };
        let listens =
            async || served.bound("serving").is_some() && served.bound("metrics").is_some();
        until("the portal does not listen", listens).await;
        served.base = format!("http://{}", served.bound("serving").unwrap());
        served.metrics = format!("http://{}/metrics", served.bound("metrics").unwrap());
        let is_ready = async || served.status("/health/ready").await == Some(200);
        until("the portal is not ready", is_ready).await;
        served
    }
}

/// A portal's process; ended when dropped.
pub struct Served {
    pub process: Child,
    pub client: Client,
    pub base: String,
    pub metrics: String,
    log: PathBuf,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Host and port, for a bare socket.
    pub fn socket(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The status of a page, if there is an answer.
    pub async fn status(&self, path: &str) -> Option<u16> {
        let answer = self.client.get(self.at(path)).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    pub fn tell(&self, signal: &str) {
        let mut kill = Command::new("kill");
        kill.args([signal, &self.process.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }

    /// Where it says in the log that it listens.
    fn bound(&self, what: &str) -> Option<String> {
        let log = self.log();
        let lines = log.lines().map(serde_json::from_str::<Value>);
        let mut told = lines.flatten().filter(|line| line["message"] == what);
        Some(told.next()?["bound"].as_str()?.to_owned())
    }

    /// The log so far.
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// The lines of access, as JSON.
    pub fn access(&self) -> Vec<Value> {
        let lines = self.log();
        let lines = lines.lines().map(|line| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}"))
        });
        lines.filter(|line| line["target"] == "access").collect()
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
