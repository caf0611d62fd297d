//! Builds the benchmarks in release mode and runs them, on SQLite and on a throw-away PostgreSQL that syncs as one in production does:
//! `cargo xtask bench [--sync MILLISECONDS] [NAME …]`.

use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{self, Command};
use std::{env, fs};

use crate::failure::Failure;
use crate::install;
use crate::postgres::{self, Commits, Postgres};
use crate::tool;
use crate::workspace::Workspace;

/// What to measure.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// All but the longest where none is named.
    names: Vec<String>,
    /// How much longer each sync takes than on this machine's disk.
    sync_milliseconds: u32,
}

impl Wanted {
    /// What the words after `bench` ask for; `None` where they mean nothing.
    pub fn parse(words: &[&str]) -> Option<Self> {
        let (sync_milliseconds, names) = match words {
            ["--sync", rest @ ..] => {
                let (milliseconds, names) = rest.split_first()?;
                (milliseconds.parse().ok()?, names)
            }
            names => (0, names),
        };
        let names = names.iter().map(ToString::to_string).collect();
        Some(Self {
            names,
            sync_milliseconds,
        })
    }
}

/// Runs them.
pub fn run(workspace: &Workspace, wanted: &Wanted) -> Result<(), Failure> {
    install::require_postgres()?;
    let build = [
        "build",
        "--release",
        "--locked",
        "-p",
        "bench",
        "-p",
        "portal",
        "-p",
        "jobs",
    ];
    tool::run(&mut tool::cargo(&build))?;
    let slow = match wanted.sync_milliseconds {
        0 => None,
        milliseconds => Some(SlowSync::taking(milliseconds)?),
    };
    let variables = slow.iter().flat_map(SlowSync::variables);
    let server = Postgres::start(Commits::Synced, variables.clone())?;
    let mut bench = Command::new(workspace.target.join("release/bench"));
    bench
        .args(&wanted.names)
        .env(postgres::VARIABLE, server.url())
        .envs(variables);
    tool::run(&mut bench)
}

/// A library that has each sync take its time, in a folder where every user may read it: PostgreSQL runs as another.
struct SlowSync {
    folder: PathBuf,
    milliseconds: u32,
}

impl SlowSync {
    fn taking(milliseconds: u32) -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("mon-dossier-slow-sync-{}", process::id()));
        let made = fs::DirBuilder::new().mode(0o755).create(&folder);
        let slow = Self {
            folder,
            milliseconds,
        };
        let source = slow.folder.join("slow_sync.c");
        made.and_then(|()| fs::write(&source, include_str!("slow_sync.c")))
            .map_err(|error| Failure::new(format!("{}: {error}", source.display())))?;
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-o"]).arg(slow.library());
        tool::run(compile.arg(&source))?;
        Ok(slow)
    }

    fn library(&self) -> PathBuf {
        self.folder.join("slow_sync.so")
    }

    fn variables(&self) -> [(&'static str, OsString); 2] {
        [
            ("LD_PRELOAD", self.library().into()),
            ("SYNC_TAKES_MS", self.milliseconds.to_string().into()),
        ]
    }
}

impl Drop for SlowSync {
    fn drop(&mut self) {
        // Left behind, it is in nobody's way.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
