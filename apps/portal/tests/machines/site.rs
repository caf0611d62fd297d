//! A tribunal's site: a database, a folder, and portals on them as operators run them.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use application::ports::storage::Storage;
use domain::account::{Account, Role};
use domain::case::Case;
use domain::lock::Lock;
use rehearsal::{Bucket, Written};
use reqwest::Client;
use storage::{Settings, SqlStorage};
use tempfile::TempDir;

const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// A portal of its own process; killed when dropped.
pub struct Portal {
    process: Child,
    pub port: u16,
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Portal {
    pub fn api(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1", self.port)
    }

    /// SIGTERM, and waits for what is under way to come to its end.
    pub async fn stop(mut self) -> bool {
        let id = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(told.success());
        for _ in 0..800 {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.success();
            }
            pause(50).await;
        }
        false
    }
}

/// A database, a folder for documents, and the configuration of portals on them.
pub struct Site {
    pub folder: TempDir,
    pub database: String,
    pub client: Client,
    /// Where documents are kept, if not in a folder that all machines share.
    pub bucket: Option<Bucket>,
}

impl Site {
    /// On an empty database, which is migrated.
    pub fn new(database: String, folder: TempDir) -> Self {
        let site = Self::existing(database, folder);
        site.run(&["migrate"]);
        site
    }

    /// On what is there.
    pub fn existing(database: String, folder: TempDir) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_mins(2))
            .build()
            .unwrap();
        Self {
            folder,
            database,
            client,
            bucket: None,
        }
    }

    /// Keeps documents in a bucket from now on; every machine has a folder of its own for what is coming in.
    pub fn with_bucket(mut self) -> Self {
        self.bucket = Some(Bucket::open(&self.folder.path().join("store")));
        self
    }

    /// The configuration of a portal that listens there.
    pub fn configuration(&self, port: u16) -> PathBuf {
        let mut written = Written::on(self.folder.path(), &self.database).listening(port);
        if let Some(bucket) = &self.bucket {
            let own = self.folder.path().join(format!("machine-{port}"));
            let own = format!("documents.folder = \"{}\"", own.display());
            written = written.keeping_in(bucket).and(&own);
        }
        written.write(self.folder.path().join(format!("portal-{port}.toml")))
    }

    /// What a command of the portal prints.
    pub fn run(&self, arguments: &[&str]) -> String {
        output(PORTAL, arguments, &self.configuration(1))
    }

    /// What a job says that it did.
    pub fn job(&self, name: &str) -> serde_json::Value {
        let done = self.jobs(&["run", name]);
        assert!(done.status.success(), "{name}: {done:?}");
        serde_json::from_slice::<serde_json::Value>(&done.stdout).unwrap()["done"].take()
    }

    /// How a command of the jobs ends.
    pub fn jobs(&self, arguments: &[&str]) -> Output {
        Command::new(Path::new(PORTAL).with_file_name("jobs"))
            .args(arguments)
            .arg("--config")
            .arg(self.configuration(1))
            .output()
            .expect("cargo build -p jobs")
    }

    /// Starts a portal on that port, or on any that is free.
    pub async fn portal(&self, port: Option<u16>) -> Portal {
        let free = || TcpListener::bind("127.0.0.1:0")?.local_addr();
        let port = port.unwrap_or_else(|| free().unwrap().port());
        let process = Command::new(PORTAL)
            .args(["serve", "--config"])
            .arg(self.configuration(port))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let portal = Portal { process, port };
        let ready = format!("http://127.0.0.1:{port}/health/ready");
        for _ in 0..600 {
            let answer = self.client.get(&ready).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return portal;
            }
            pause(50).await;
        }
        unreachable!("a portal did not become ready")
    }

    /// A counsel with a case, and the tokens of the counsel and of a registry officer.
    pub async fn people(&self) -> People {
        let counsel = contract::samples::able(1);
        let registry = Account {
            lock: Lock::default(),
            roles: [Role::RegistryOfficer].into(),
            membership: None,
            ..contract::samples::account(2)
        };
        let case = Case {
            final_decision_on: None,
            ..contract::samples::case(1)
        };
        let storage = SqlStorage::connect(&self.database, Settings::default())
            .await
            .unwrap();
        let mut tx = storage.begin().await.unwrap();
        tx.accounts_mut().insert(&counsel).await.unwrap();
        tx.accounts_mut().insert(&registry).await.unwrap();
        tx.cases_mut().insert(&case).await.unwrap();
        tx.commit(contract::samples::audit()).await.unwrap();
        let token = |account: &Account, scopes: &[&str]| {
            let id = account.id.to_string();
            let mut words = vec!["token", "create", "--account", &id];
            words.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
            let made = self.run(&words);
            made.split_whitespace().last().unwrap().to_owned()
        };
        People {
            counsel: token(&counsel, &["read", "submit"]),
            registry: token(&registry, &["registry"]),
            submissions: format!("/counsels/{}/cases/{}/submissions", counsel.id, case.id),
        }
    }
}

/// Who works on the site.
#[derive(Clone)]
pub struct People {
    pub counsel: String,
    pub registry: String,
    /// The address at which the counsel submits.
    pub submissions: String,
}

fn output(program: &str, arguments: &[&str], config: &Path) -> String {
    let done = Command::new(program)
        .args(arguments)
        .arg("--config")
        .arg(config)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo build -p jobs");
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "processes outside need real time"
)]
pub async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

pub fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}/records.sqlite?mode=rwc", folder.display())
}
