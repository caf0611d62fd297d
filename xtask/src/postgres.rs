//! A PostgreSQL server for tests and measures: made in a temporary folder, reached on a free loopback port, and gone at the end. Nothing in it
//! survives, nothing of the machine's own servers is touched.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::failure::Failure;
use crate::tool;

/// Where tests find the server: `postgres://postgres@127.0.0.1:PORT/`. A test adds the name of a database of its own.
pub const VARIABLE: &str = "MONDOSSIER_TEST_POSTGRES";

/// Debian keeps each version's programs in a folder of its own, off the `PATH`.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";

/// PostgreSQL refuses to run as root; Debian's package makes this user for it.
const SYSTEM_USER: &str = "postgres";

/// Somebody else may take the free port before the server does.
const TRIES: u32 = 3;

/// Runs beside the server and outlives us: it waits until the lifeline, a pipe of which we hold the other end, is cut. That
/// happens when we let go of it, and just as well when we panic, are interrupted or are killed.
const KEEPER: &str = r#"
cat > /dev/null
folder=$1
shift
"$@"
rm -rf -- "$folder"
"#;

/// What the server does about power cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// Nothing: tests are quick, and what they wrote is thrown away.
    Unsynced,
    /// What one in production does: a measure beside it would say too much of work that syncs as it must.
    Synced,
}

/// A running server. Dropping it stops the server and removes its folder.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    keeper: Keeper,
}

impl Postgres {
    /// Makes and starts a server, which sees these variables beside ours; about two seconds.
    pub fn start(
        commits: Commits,
        variables: impl IntoIterator<Item = (&'static str, OsString)>,
    ) -> Result<Self, Failure> {
        let variables: Vec<_> = variables.into_iter().collect();
        let programs = programs()
            .ok_or_else(|| Failure::new("no PostgreSQL server programs on this machine"))?;
        let folder = new_folder().map_err(|error| {
            Failure::new(format!("no temporary folder for PostgreSQL: {error}"))
        })?;
        let data = folder.join("data");
        let keeper = Keeper::start(&folder, &programs, &data)?;
        if tool::is_root() {
            tool::run(
                Command::new("chown")
                    .arg(format!("{SYSTEM_USER}:"))
                    .arg(&folder),
            )?;
        }
        tool::read(
            in_folder(&folder, &programs, "initdb")
                .args([
                    "--no-sync",
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--pgdata",
                ])
                .arg(&data),
        )?;
        for _ in 1..TRIES {
            if let Ok(port) = start_server(&folder, &programs, &data, commits, &variables) {
                return Ok(Self { port, keeper });
            }
        }
        let port = start_server(&folder, &programs, &data, commits, &variables)?;
        Ok(Self { port, keeper })
    }

    /// What tests are given in [`VARIABLE`].
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/", self.port)
    }

    /// Keeps the server until this process is interrupted.
    pub fn wait(mut self) -> Result<(), Failure> {
        // Held, or waiting for the keeper would let it go.
        let lifeline = self.keeper.lifeline.take();
        let ended = self.keeper.process.wait();
        drop(lifeline);
        let status =
            ended.map_err(|error| Failure::new(format!("lost sight of PostgreSQL: {error}")))?;
        Err(Failure::new(format!(
            "PostgreSQL's keeper ended by itself ({status})"
        )))
    }
}

/// The folder of `initdb` and `pg_ctl`: Debian's newest version, or wherever the `PATH` finds them.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN_VERSIONS)
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| has_programs(folder))
        .max_by_key(|(version, _)| *version);
    let elsewhere = || {
        Some(tool::on_path("initdb")?.parent()?.to_owned()).filter(|folder| has_programs(folder))
    };
    newest.map(|(_, folder)| folder).or_else(elsewhere)
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| folder.join(program).is_file())
}

/// A folder that nobody else may look into.
fn new_folder() -> std::io::Result<PathBuf> {
    let mut number = 0_u32;
    loop {
        let folder = std::env::temp_dir().join(format!(
            "mon-dossier-postgres-{}-{number}",
            std::process::id()
        ));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// One of PostgreSQL's programs, as a user whom it accepts, in a place where that user may be.
fn in_folder(folder: &Path, programs: &Path, program: &str) -> Command {
    let program = programs.join(program);
    let mut command = if tool::is_root() {
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={SYSTEM_USER}"))
            .arg(format!("--regid={SYSTEM_USER}"));
        command.args(["--init-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

/// Starts the server on a port that is free at this moment, and waits until it answers.
fn start_server(
    folder: &Path,
    programs: &Path,
    data: &Path,
    commits: Commits,
    variables: &[(&'static str, OsString)],
) -> Result<u16, Failure> {
    let port = free_port().map_err(|error| Failure::new(format!("no free port: {error}")))?;
    let settings = settings(folder, port, commits);
    // The server reads this file after `postgresql.conf`, and it is nobody else's here.
    fs::write(data.join("postgresql.auto.conf"), settings).map_err(|error| {
        Failure::new(format!(
            "PostgreSQL's settings could not be written: {error}"
        ))
    })?;
    let log = folder.join("log");
    tool::read(
        in_folder(folder, programs, "pg_ctl")
            .envs(variables.iter().cloned())
            .args(["start", "--wait", "--silent", "--timeout=60", "--log"])
            .arg(&log)
            .arg("--pgdata")
            .arg(data),
    )
    .map_err(|failure| {
        Failure::new(format!(
            "{failure}\n{}",
            fs::read_to_string(&log).unwrap_or_default().trim_end()
        ))
    })?;
    Ok(port)
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Loopback only, and room for every test's connections.
fn settings(folder: &Path, port: u16, commits: Commits) -> String {
    let socket_folder = folder.display().to_string().replace('\'', "''");
    let synced = match commits {
        Commits::Unsynced => "off",
        Commits::Synced => "on",
    };
    let mut settings = String::new();
    for (name, value) in [
        ("listen_addresses", "127.0.0.1"),
        ("port", &port.to_string()),
        ("unix_socket_directories", &socket_folder),
        ("max_connections", "300"),
        ("fsync", synced),
        ("synchronous_commit", synced),
        ("full_page_writes", synced),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(settings, "{name} = '{value}'");
    }
    settings
}

/// The process that clears up after us.
#[derive(Debug)]
struct Keeper {
    process: Child,
    lifeline: Option<ChildStdin>,
}

impl Keeper {
    fn start(folder: &Path, programs: &Path, data: &Path) -> Result<Self, Failure> {
        let mut stop = in_folder(folder, programs, "pg_ctl");
        stop.args(["stop", "--mode=immediate", "--pgdata"])
            .arg(data);
        let mut process = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .process_group(0) // Ctrl-C goes to the group in the foreground; the keeper must outlive it
            .spawn()
            .map_err(|error| Failure::new(format!("`sh` could not be started: {error}")))?;
        let lifeline = process.stdin.take();
        Ok(Self { process, lifeline })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.lifeline = None;
        // It has been told; whether it can still be waited for changes nothing.
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_listens_to_this_machine_alone() {
        let settings = settings(Path::new("/tmp/it's"), 5433, Commits::Unsynced);
        assert!(settings.contains("listen_addresses = '127.0.0.1'\nport = '5433'\n"));
        assert!(settings.contains("unix_socket_directories = '/tmp/it''s'\n"));
    }

    /// V-4: what is measured beside a synced transaction is measured beside one that syncs.
    #[test]
    fn only_a_server_for_tests_does_without_syncing() {
        let of = |commits| settings(Path::new("/tmp"), 5433, commits);
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            assert!(of(Commits::Synced).contains(&format!("\n{setting} = 'on'\n")));
            assert!(of(Commits::Unsynced).contains(&format!("\n{setting} = 'off'\n")));
        }
    }

    #[test]
    fn the_keeper_clears_up_once_the_lifeline_is_cut() {
        let folder = new_folder().unwrap();
        fs::write(folder.join("file"), "").unwrap();
        let nowhere = folder.join("no-programs-here");
        let keeper = Keeper::start(&folder, &nowhere, &folder).unwrap();
        assert!(folder.exists());
        drop(keeper);
        assert!(!folder.exists());
    }
}
