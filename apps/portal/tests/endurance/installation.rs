//! A portal as production has it: a configuration, a database that `portal migrate` made, people with tokens, and processes that can be
//! killed.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use application::ports::storage::Storage;
use domain::account::AccountId;
use rehearsal::{Bucket, Written};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// The database that somebody tries.
#[derive(Clone, Copy)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}

/// A process of ours. It is killed when dropped, without a word before.
pub struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

/// A machine of an installation; mostly it is the only one.
pub struct Installation {
    pub folder: TempDir,
    pub database: String,
    /// Where documents are kept, if not in a folder.
    pub bucket: Option<Arc<Bucket>>,
    pub client: Client,
    config: PathBuf,
    base: String,
}

impl Installation {
    /// A new one, for a test of that name.
    pub async fn on(kind: Kind, name: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let database = match kind {
            Kind::Sqlite => format!(
                "sqlite://{}/records.sqlite?mode=rwc",
                folder.path().display()
            ),
            Kind::Postgres => rehearsal::postgres(name).await,
        };
        let installation = Self::machine(folder, database, None);
        installation.run(PORTAL, &["migrate"]);
        installation
    }

    /// So many machines on one PostgreSQL and one bucket.
    pub async fn of_machines<const MANY: usize>(name: &str) -> [Self; MANY] {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let database = rehearsal::postgres(name).await;
        let folders = [(); MANY].map(|()| tempfile::tempdir().unwrap());
        let bucket = Arc::new(Bucket::open(&folders[0].path().join("store")));
        let machines =
            folders.map(|folder| Self::machine(folder, database.clone(), Some(bucket.clone())));
        machines[0].run(PORTAL, &["migrate"]);
        machines
    }

    fn machine(folder: TempDir, database: String, bucket: Option<Arc<Bucket>>) -> Self {
        let port = free_port();
        // Everybody asks from this one address, a thousand at once where there is one key for all (Q-2).
        let written = Written::on(folder.path(), &database)
            .listening(port)
            .and("server.limits.connections_per_address = 2000")
            .and(r#"email.smtp = { host = "127.0.0.1", encryption = "none", timeout = "10s" }"#);
        let written = match &bucket {
            Some(bucket) => written.keeping_in(bucket),
            None => written,
        };
        Self {
            client: Client::builder()
                .timeout(Duration::from_mins(1))
                .build()
                .unwrap(),
            config: written.write(folder.path().join("portal.toml")),
            folder,
            database,
            bucket,
            base: format!("http://127.0.0.1:{port}"),
        }
    }

    pub fn documents(&self) -> PathBuf {
        self.folder.path().join("documents")
    }

    /// Its records, past the portal.
    pub async fn storage(&self) -> SqlStorage {
        SqlStorage::connect(&self.database, Settings::default())
            .await
            .unwrap()
    }

    /// What a command prints.
    fn run(&self, program: impl AsRef<Path>, words: &[&str]) -> String {
        let done = Command::new(program.as_ref())
            .args(words)
            .arg("--config")
            .arg(&self.config)
            .stderr(Stdio::inherit())
            .output()
            .expect("the jobs' program is built beside the portal's: cargo build -p jobs");
        assert!(done.status.success(), "{words:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// One pass of a job as of an instant, and what it says it did.
    pub fn job(&self, name: &str, at: OffsetDateTime) -> Value {
        self.job_with_mail(name, at, 1)
    }

    /// The same, with a mail server at that port.
    pub fn job_with_mail(&self, name: &str, at: OffsetDateTime, smtp_port: u16) -> Value {
        let at = at.format(&Rfc3339).unwrap();
        let mail = format!("MONDOSSIER__EMAIL__SMTP__PORT={smtp_port}");
        let jobs = jobs().display().to_string();
        // What cannot be handed over is what some tests are about; only errors are news.
        let words = [
            "RUST_LOG=error",
            &mail,
            &jobs,
            "run",
            name,
            "--at",
            &at,
            "--really",
        ];
        let told = self.run("env", &words);
        serde_json::from_str::<Value>(&told).unwrap()["done"].take()
    }

    /// A worker with those words, which goes to that port with its mail.
    pub fn worker(&self, words: &[&str], smtp_port: u16) -> Process {
        let process = Command::new(jobs())
            .args(words)
            .arg("--config")
            .arg(&self.config)
            .env("MONDOSSIER__EMAIL__SMTP__PORT", smtp_port.to_string())
            .env("RUST_LOG", "off")
            .stdout(Stdio::null())
            .spawn();
        Process(process.expect("cargo build -p jobs"))
    }

    /// Serves, and is ready.
    pub async fn portal(&self) -> Process {
        let process = Command::new(PORTAL)
            .args(["serve", "--config"])
            .arg(&self.config)
            .env("RUST_LOG", "off")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut process = Process(process);
        loop {
            let asked = self.client.get(format!("{}/health/ready", self.base));
            if let Ok(answer) = asked.send().await
                && answer.status().is_success()
            {
                return process;
            }
            assert!(!process.has_ended(), "the portal did not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub fn call(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let address = format!("{}/api/v1{path}", self.base);
        self.client.request(method, address).bearer_auth(token)
    }

    pub async fn get(&self, path: &str, token: &str) -> Value {
        let answer = self.call(Method::GET, path, token).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Everything in a list that comes in pages.
    pub async fn list(&self, path: &str, token: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut page = self.get(&format!("{path}?limit=100{cursor}"), token).await;
            items.append(page["items"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// A counsel in good standing, with a token to read and submit.
    pub async fn counsel(&self) -> (AccountId, String) {
        let counsel = contract::samples::able(1);
        let storage = self.storage().await;
        let mut tx = storage.begin().await.unwrap();
        tx.accounts_mut().insert(&counsel).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
        (
            counsel.id,
            self.token(&counsel.id.to_string(), &["read", "submit"]),
        )
    }

    /// A token of the tribunal's own, for a role that is called like its scope.
    pub fn staff(&self, role: &str) -> String {
        let named = ["--given-name", "Ada", "--family-name", "Roy"];
        let reached = ["--email", "ada@tribunal.example", "--language", "fr"];
        let opened = self.run(
            PORTAL,
            &[&["account", "open", "--role", role][..], &named, &reached].concat(),
        );
        self.token(opened.trim(), &[role])
    }

    fn token(&self, account: &str, scopes: &[&str]) -> String {
        let mut words = vec!["token", "create", "--account", account];
        words.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let made = self.run(PORTAL, &words);
        made.split_whitespace().last().unwrap().to_owned()
    }

    /// Puts a case on record as the case management system does, and gives its id.
    pub async fn case(&self, number: usize, counsel: AccountId, token: &str) -> String {
        let number = format!("TB9-{number:05}");
        let case = json!({
            "file_number": number, "division": "RPD", "region": "western", "status": "active", "counsel_of_record": counsel.to_string(),
        });
        let path = format!("/registry/cases/{number}");
        let put = self.call(Method::PUT, &path, token).json(&case).send();
        let put = put.await.unwrap().error_for_status().unwrap();
        put.json::<Value>().await.unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The files below a folder of the store of documents.
    pub fn files_in(&self, folder: &str) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut folders = vec![self.documents().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.insert(entry.path());
                }
            }
        }
        found
    }
}

fn jobs() -> PathBuf {
    Path::new(PORTAL).with_file_name("jobs")
}

/// A port at which nobody listens, and from which nobody calls: it must be free again after each death.
pub fn free_port() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let first = 20_000 + std::process::id() * 7 % 10_000;
    let mut ports = std::iter::repeat_with(|| first + TAKEN.fetch_add(1, Ordering::SeqCst));
    ports
        .by_ref()
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .unwrap()
}
