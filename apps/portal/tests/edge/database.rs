//! A database that goes away and comes back: a server of this test's own, stopped as a machine stops.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::time::Instant;

use crate::served::{LONG, PORTAL, Site, until, wait};

/// How long it is away: `MONDOSSIER_TEST_AWAY` seconds, or a few.
fn away() -> u64 {
    let wished = std::env::var("MONDOSSIER_TEST_AWAY").ok();
    wished.and_then(|text| text.parse().ok()).unwrap_or(6) * 1_000
}

/// A PostgreSQL of its own in a folder; stopped when dropped.
struct Server {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Server {
    fn new(folder: &Path) -> Self {
        let versions = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten();
        let folders = versions.flatten().map(|entry| entry.path().join("bin"));
        let programs = folders
            .filter(|folder| folder.join("initdb").is_file())
            .max();
        let server = Self {
            folder: folder.to_owned(),
            programs: programs.expect("PostgreSQL's server programs"),
            port: {
                let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
                free.local_addr().unwrap().port()
            },
        };
        if is_root() {
            let own = Command::new("chown").arg("postgres:").arg(folder).status();
            assert!(own.unwrap().success());
        }
        let data = server.data();
        let made = server.run(
            "initdb",
            &[
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--pgdata",
                &data,
            ],
        );
        assert!(made, "initdb");
        server.start();
        server
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn run(&self, program: &str, words: &[&str]) -> bool {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            let user = [
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--",
            ];
            command.args(user).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(words).current_dir(&self.folder);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().unwrap().success()
    }

    fn start(&self) {
        let data = self.data();
        let log = self.folder.join("log").display().to_string();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off",
            self.port,
            self.folder.display()
        );
        let words = [
            "start",
            "--wait",
            "--timeout=60",
            "--log",
            &log,
            "--options",
            &options,
            "--pgdata",
            &data,
        ];
        assert!(
            self.run("pg_ctl", &words),
            "{:?}",
            std::fs::read_to_string(&log)
        );
    }

    /// Sends a signal to each of its processes.
    fn tell(&self, signal: &str) {
        let ids = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let first = ids.lines().next().unwrap().to_owned();
        let mut children = Command::new("pgrep");
        let children = children.args(["--parent", &first]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        let mut kill = Command::new("kill");
        kill.arg(signal).arg(&first).args(children.lines());
        assert!(kill.status().unwrap().success());
    }

    fn stop(&self) -> bool {
        self.run(
            "pg_ctl",
            &["stop", "--mode=immediate", "--pgdata", &self.data()],
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// What somebody who goes on asking is answered.
async fn ask_on(
    client: Client,
    address: String,
    token: String,
    stop: Arc<AtomicBool>,
) -> Vec<(Instant, u16)> {
    let mut answers = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let call = client.get(&address).bearer_auth(&token);
        let answer = call.send().await.expect("an answer, whatever it is");
        let status = answer.status();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            assert!(answer.headers().contains_key("retry-after"));
            let problem: serde_json::Value = answer.json().await.unwrap();
            assert_eq!(problem["type"], "urn:mondossier:problem:try-again");
        }
        answers.push((Instant::now(), status.as_u16()));
        wait(20).await;
    }
    answers
}

/// A level in the metrics there.
async fn level(client: &Client, address: &str, name: &str) -> Option<f64> {
    let text = client.get(address).send().await.ok()?.text().await.ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

/// while it is away, people are told to come back; when it is back, everything works again, and nobody restarted anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_goes_away_and_comes_back_needs_no_restart() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::new(place.path());
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port);
    let site = Site::on(tempfile::tempdir().unwrap(), url, "", "");
    let (counsel, token) = site.counsel().await;
    let mut portal = site.serve().await;
    let jobs = PathBuf::from(PORTAL).with_file_name("jobs");
    assert!(
        jobs.is_file(),
        "`cargo build -p jobs` makes {}",
        jobs.display()
    );
    let mut worker = Command::new(jobs)
        .args(["schedule", "--config"])
        .arg(&site.config)
        .stderr(std::fs::File::create(site.folder.path().join("worker-log")).unwrap())
        .spawn()
        .unwrap();
    let of_jobs = format!("http://127.0.0.1:{}/metrics", site.job_metrics);
    let ran = "mondossier_job_last_success_timestamp_seconds{job=\"deliver-notices\"}";
    let works = async || level(&portal.client, &of_jobs, ran).await.is_some();
    until("the worker does not work", works).await;

    let stop = Arc::new(AtomicBool::new(false));
    let cases = portal.at(&format!("/api/v1/counsels/{counsel}/cases"));
    let askers: Vec<_> = (0..8)
        .map(|_| {
            let client = portal.client.clone();
            tokio::spawn(ask_on(client, cases.clone(), token.clone(), stop.clone()))
        })
        .collect();
    wait(1_000).await;
    let before = level(&portal.client, &of_jobs, ran).await.unwrap();
    let gone = Instant::now();
    assert!(server.stop());
    wait(away() / 2).await;
    let page = portal.client.get(portal.at("/fr/"));
    let page = page
        .header("cookie", "mondossier=of-somebody")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.headers().contains_key("retry-after"));
    let page = page.text().await.unwrap();
    assert!(
        page.contains("<html lang=\"fr\"") && page.contains("Réessayez"),
        "{page}"
    );
    assert_eq!(portal.status("/health/ready").await, Some(503));
    assert_eq!(portal.status("/health/live").await, Some(200));
    let up = level(&portal.client, &portal.metrics, "mondossier_database_up").await;
    assert_eq!(up, Some(0.0));
    wait(away() / 2).await;
    let back = Instant::now();
    server.start();
    let ready = async || portal.status("/health/ready").await == Some(200);
    until("the portal is not ready again", ready).await;
    // Connections from before are found out one by one; then every answer is good.
    let settled = async || {
        let mut good = true;
        for _ in 0..20 {
            let call = portal.client.get(&cases).bearer_auth(&token);
            good &= call.send().await.unwrap().status() == StatusCode::OK;
        }
        good
    };
    until("the portal does not work again", settled).await;
    let recovered = back.elapsed();
    wait(1_000).await;
    stop.store(true, Ordering::Relaxed);
    let mut during = Vec::new();
    for asker in askers {
        let answers = asker.await.unwrap();
        assert!(
            answers
                .iter()
                .all(|(_, status)| [200, 503].contains(status))
        );
        assert_eq!(answers.last().unwrap().1, 200);
        assert_eq!(answers.first().unwrap().1, 200);
        let late = answers.iter().filter(|(at, _)| *at > gone && *at < back);
        during.extend(late.map(|(_, status)| *status));
    }
    assert!(
        during.iter().filter(|status| **status == 503).count() >= 8,
        "{during:?}"
    );
    assert!(recovered < LONG / 2, "{recovered:?}");
    let refused = during.iter().filter(|status| **status == 503).count();
    let (away, told) = (away() / 1_000, during.len());
    eprintln!(
        "Q-6: {away} s away, {refused} of {told} answers were 503, works again {recovered:?} after its return"
    );

    let later = async || {
        let at = level(&portal.client, &of_jobs, ran).await;
        at.is_some_and(|at| at > before)
    };
    until("the worker does not work again", later).await;
    assert!(worker.try_wait().unwrap().is_none() && portal.process.try_wait().unwrap().is_none());
    worker.kill().unwrap();
    worker.wait().unwrap();
}

/// a database that takes what it is asked and never answers is waited for only so long; everybody is told to come back, those who had a
/// connection and those who waited for one. When it goes on, so does the portal.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_hangs_keeps_nobody_waiting() {
    /// `database.wait` and `database.answer` of these tests, for a question that begins with the one and ends with the other, twice.
    const MOST: Duration = Duration::from_secs(8);
    let place = tempfile::tempdir().unwrap();
    let server = Server::new(place.path());
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port);
    let site = Site::on(tempfile::tempdir().unwrap(), url, "", "");
    let (counsel, token) = site.counsel().await;
    let portal = site.serve().await;
    let cases = portal.at(&format!("/api/v1/counsels/{counsel}/cases"));
    let ask = async || {
        let begun = Instant::now();
        let call = portal.client.get(&cases).bearer_auth(&token);
        let status = call.send().await.unwrap().status();
        (status, begun.elapsed())
    };
    assert_eq!(ask().await.0, StatusCode::OK);

    server.tell("-STOP");
    let answers = futures_util::future::join_all((0..24).map(|_| ask())).await;
    let later = ask().await;
    let ready = portal.status("/health/ready").await;
    let live = portal.status("/health/live").await;
    server.tell("-CONT");
    for (status, took) in answers.iter().chain([&later]) {
        assert_eq!(*status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(*took < MOST, "{took:?}");
    }
    assert_eq!((ready, live), (Some(503), Some(200)));
    let works = async || ask().await.0 == StatusCode::OK;
    until("the portal does not work again", works).await;
}
