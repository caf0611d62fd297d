//! Builds the benchmarks in release mode and runs them, on SQLite and on a throw-away PostgreSQL: `cargo xtask bench [NAME …]`.

use std::process::Command;

use crate::failure::Failure;
use crate::install;
use crate::postgres::{self, Postgres};
use crate::tool;
use crate::workspace::Workspace;

/// Runs those of that name; all but the longest where none is named.
pub fn run(workspace: &Workspace, names: &[String]) -> Result<(), Failure> {
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
    let server = Postgres::start()?;
    let mut bench = Command::new(workspace.target.join("release/bench"));
    bench.args(names).env(postgres::VARIABLE, server.url());
    tool::run(&mut bench)
}
