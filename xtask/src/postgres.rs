//! A throw-away PostgreSQL: a cluster in a temporary folder, on a free port of the loopback address, gone afterwards.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::install::{self, postgres_programs};
use crate::step::{Outcome, output_of, run};

/// The variable by which tests find the server.
pub const VARIABLE: &str = "MONDOSSIER_TEST_POSTGRES";

/// A running server. Stopped and removed when dropped.
pub struct Postgres {
    server: Child,
    folder: PathBuf,
    /// Its address, to which a database's name is added.
    pub url: String,
}

/// Whether this process is root's. PostgreSQL refuses to run as root.
pub fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A program of the server's, as the user `postgres` where we are root.
fn as_server(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "--",
            ])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Postgres {
    /// Starts one.
    pub fn start() -> Outcome<Self> {
        let programs = postgres_programs().ok_or("no PostgreSQL server is installed")?;
        let folder =
            std::env::temp_dir().join(format!("mondossier-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        if is_root() {
            run(Command::new("chown").arg("postgres:postgres").arg(&folder))?;
        }
        let data = folder.join("data");
        output_of(
            as_server(&programs.join("initdb"))
                .args([
                    "--no-sync",
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "-D",
                ])
                .arg(&data)
                .current_dir(&folder),
        )?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let log =
            std::fs::File::create(folder.join("log")).map_err(|error| format!("log: {error}"))?;
        let mut server = as_server(&programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(&folder).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ]);
        for setting in [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
            "shared_buffers=128MB",
        ] {
            server.args(["-c", setting]);
        }
        server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .current_dir(&folder);
        let server = server
            .spawn()
            .map_err(|error| format!("PostgreSQL cannot be started: {error}"))?;
        let started = Self {
            server,
            folder,
            url: format!("postgres://postgres@127.0.0.1:{port}/"),
        };
        started.wait_until_ready(&programs.join("pg_isready"), port)?;
        Ok(started)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a server that starts has to be waited for"
    )]
    fn wait_until_ready(&self, pg_isready: &Path, port: u16) -> Outcome {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            let asked = Command::new(pg_isready)
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status();
            if asked.is_ok_and(|status| status.success())
                && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!(
            "PostgreSQL did not start\n{}",
            std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
        ))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGQUIT: stop at once; nothing in it is worth a clean stop.
        let _ = run(Command::new("kill").args(["-QUIT", &self.server.id().to_string()]));
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Starts one for tests that are run by hand, and keeps it until standard input ends.
pub fn serve() -> Outcome {
    install::install()?;
    let postgres = Postgres::start()?;
    println!(
        "export {VARIABLE}={}\n(stops at the end of standard input)",
        postgres.url
    );
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    Ok(())
}
