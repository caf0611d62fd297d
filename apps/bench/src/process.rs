//! The programs as processes of their own: the portal's memory (V-8), how soon it is ready (V-9), two of them on one database (V-11), and the
//! memory of an import (V-6).

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::id::Id;
use domain::token::Scope;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::figure::{Failed, Figure, Goal, Report, median, rate};
use crate::ground::{Database, Ground, case, counsel};
use crate::uploads::{form, pdf};

/// A program that is built beside this one.
fn program(name: &str) -> Result<PathBuf, Failed> {
    let beside = std::env::current_exe()?.with_file_name(name);
    if beside.exists() {
        Ok(beside)
    } else {
        Err(format!("{name} is not built: cargo build --release -p {name}").into())
    }
}

/// A line of the kernel's account of a process, in megabytes; nothing of one that has ended.
async fn memory(process: &Child, what: &str) -> Option<f64> {
    let id = process.id()?;
    let account = tokio::fs::read_to_string(format!("/proc/{id}/status")).await;
    let account = account.ok()?;
    let line = account.lines().find_map(|line| line.strip_prefix(what))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// The most memory, in megabytes, that `jobs run import-cases` takes for that file.
#[expect(
    clippy::disallowed_methods,
    reason = "the kernel keeps account only while the process lives"
)]
pub async fn memory_of_import(ground: &Ground, file: &Path) -> Result<f64, Failed> {
    let mut import = Command::new(program("jobs")?)
        .args(["run", "import-cases"])
        .arg(file)
        .arg("--config")
        .arg(&ground.configuration)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut most = 0.0_f64;
    loop {
        most = most.max(memory(&import, "VmHWM:").await.unwrap_or_default());
        if let Some(status) = import.try_wait()? {
            return if status.success() {
                Ok(most)
            } else {
                Err(format!("the import ended with {status}").into())
            };
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A portal that serves; stopped when dropped.
struct Running {
    child: Child,
    port: u16,
    ready_after: f64,
}

impl Running {
    async fn on(ground: &Ground) -> Result<Self, Failed> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let start = Instant::now();
        let child = Command::new(program("portal")?)
            .args(["serve", "--config"])
            .arg(&ground.configuration)
            .env("MONDOSSIER__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let asked = get(port, "/health/ready", "");
        let mut answered = asked.await;
        while !answered.as_ref().is_ok_and(|status| *status == 200) {
            if start.elapsed().as_secs() > 20 {
                return Err("the portal did not become ready".into());
            }
            tokio::task::yield_now().await;
            answered = get(port, "/health/ready", "").await;
        }
        Ok(Self {
            child,
            port,
            ready_after: start.elapsed().as_secs_f64(),
        })
    }

    async fn memory(&self, what: &str) -> Result<f64, Failed> {
        let told = memory(&self.child, what).await;
        told.ok_or_else(|| "the kernel tells no memory".into())
    }
}

/// The status of an answer, read to its end on a connection of its own.
async fn send(port: u16, head: String, body: &[u8]) -> Result<u16, Failed> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or_else(|| "no answer".into())
}

async fn get(port: u16, path: &str, token: &str) -> Result<u16, Failed> {
    let authorization = if token.is_empty() {
        String::new()
    } else {
        format!("Authorization: Bearer {token}\r\n")
    };
    send(
        port,
        format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{authorization}\r\n"
        ),
        b"",
    )
    .await
}

/// V-8, V-9 and V-11.
pub async fn measure(report: &mut Report, database: &Database) -> Result<(), Failed> {
    if !report.wants(&["V-8", "V-9", "V-11"]) {
        return Ok(());
    }
    let name = database.name();
    let ground = Ground::on(database).await?;
    let cases = (0..200)
        .map(|number| case(number, 1))
        .collect::<Result<Vec<_>, _>>()?;
    ground.fill(&[counsel(1)?], &cases).await?;
    let account = Id::new(Uuid::from_u128(1));
    let token = ground.token(account, &[Scope::Read, Scope::Submit]).await?;
    if report.wants(&["V-8"]) {
        let portal = Running::on(&ground).await?;
        let idle = portal.memory("VmRSS:").await?;
        let what = ("V-8", "resident memory, idle", name);
        report.tell(Figure::of(what, idle, "MB", Goal::AtMost(40.0)));
        uploads(&portal, &token).await?;
        let what = (
            "V-8",
            "the most resident memory, 200 uploads of 50 MB at once",
            name,
        );
        let most = portal.memory("VmHWM:").await?;
        report.tell(Figure::of(what, most, "MB", Goal::AtMost(200.0)));
    }
    if report.wants(&["V-9"]) {
        let mut starts = Vec::new();
        for _ in 0..5 {
            starts.push(Running::on(&ground).await?.ready_after);
        }
        let what = ("V-9", "start to ready on an existing database", name);
        report.tell(Figure::of(what, median(starts), "s", Goal::AtMost(0.3)));
    }
    if report.wants(&["V-11"]) && matches!(database, Database::Postgres(_)) {
        let (portal, second) = (Running::on(&ground).await?, Running::on(&ground).await?);
        let path = format!("/api/v1/counsels/{account}/cases?limit=20");
        let (one, both) = ([portal.port, portal.port], [portal.port, second.port]);
        let name = ("V-11", "My Cases from two portals, against one", name);
        let (ours, alone) = (|| load(both, &path, &token), || load(one, &path, &token));
        let goal = ("requests/s", Goal::Told);
        report.compare(name, goal, ours, alone).await?;
    }
    Ok(())
}

/// Two hundred at once, each of 50 MB.
async fn uploads(portal: &Running, token: &str) -> Result<(), Failed> {
    let (kind, body) = form(&pdf(50_000_000));
    let body = Arc::new(body);
    let path = format!(
        "/api/v1/counsels/{}/cases/{}/submissions",
        Uuid::from_u128(1),
        Uuid::from_u128(1)
    );
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nIdempotency-Key: upload-{number}\r\n\r\n",
            body.len()
        );
        let (port, body) = (portal.port, body.clone());
        tasks.spawn(async move { send(port, head, &body).await });
    }
    let mut refused = 0;
    while let Some(status) = tasks.join_next().await {
        refused += u32::from(status?? != 201);
    }
    if refused > 0 {
        eprintln!("bench: {refused} of 200 uploads were not received");
    }
    Ok(())
}

/// Sixteen clients, each asking one of the two; how many requests a second are answered.
async fn load(ports: [u16; 2], path: &str, token: &str) -> Result<f64, Failed> {
    const EACH: usize = 60;
    const CLIENTS: usize = 16;
    rate((CLIENTS * EACH) as f64, async {
        let mut tasks = JoinSet::new();
        for (_, port) in (0..CLIENTS).zip(ports.into_iter().cycle()) {
            let (path, token) = (path.to_owned(), token.to_owned());
            tasks.spawn(async move {
                for _ in 0..EACH {
                    let status = get(port, &path, &token).await?;
                    if status != 200 {
                        return Err(format!("{path} answered {status}").into());
                    }
                }
                Ok::<(), Failed>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    })
    .await
}
