//! Everything that must hold before a change is good: `cargo xtask test`. One step after another, the quick ones first; the
//! first that fails ends it. The last line is the count of tests.

use std::num::NonZeroUsize;
use std::process::Command;
use std::thread;
use std::time::Instant;

use crate::attack::{self, Effort};
use crate::failure::Failure;
use crate::postgres::{self, Commits, Postgres};
use crate::tally::{Runner, Tally};
use crate::workspace::Workspace;
use crate::{arrows, browser, docs, install, package, supply_chain, tidy, tool};

/// Runs all steps, says how each went, and closes with the count.
pub fn run(workspace: &Workspace) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let outcome = steps(workspace, &mut tally);
    if let Err(failure) = &outcome {
        eprintln!("\ncargo xtask test: {failure}\n");
        // A run that ended before its tests, or between them, must not read as one without faults.
        tally.failed = tally.failed.max(1);
    }
    tool::say(&tally.to_string());
    outcome
}

fn steps(workspace: &Workspace, tally: &mut Tally) -> Result<(), Failure> {
    step("what the tests need", || install::everything(workspace))?;
    step("format", || {
        tool::run(&mut tool::cargo(&["fmt", "--all", "--check"]))
    })?;
    step("arrows", || arrows::check(workspace))?;
    step("tidy", || tidy::check(workspace))?;
    // With traces, which the ordinary build is without: that one is compiled further down.
    step("clippy", || {
        let lint = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--features=portal/traces,jobs/traces",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ];
        tool::run(&mut tool::cargo(&lint))
    })?;
    step("build", tool::build)?;
    if docs::any(workspace) {
        step("docs", || docs::check(workspace))?;
    }
    step("package", || package::check(workspace))?;
    step("supply chain", || supply_chain::check(workspace))?;
    step("attack on the API", || {
        attack::run(workspace, Effort::Short)
    })?;
    step("Rust tests", || rust_tests(tally))?;
    if let Some(folder) = install::browser_tests(workspace) {
        step("browser tests", || {
            browser::tests(workspace, &folder, tally)
        })?;
    }
    Ok(())
}

fn step(name: &str, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    tool::say(&format!("== {name}"));
    let start = Instant::now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f32();
    let (end, outcome) = match outcome {
        Ok(()) => ("done in", Ok(())),
        Err(failure) => (
            "FAILED after",
            Err(Failure::new(format!("{name}: {failure}"))),
        ),
    };
    tool::say(&format!("   {name}: {end} {seconds:.1} s"));
    outcome
}

/// Every Rust test, against SQLite and a PostgreSQL that lives as long as they run. With nextest each test is a process of its
/// own; with plain cargo they are threads of one process for each file. Tests must do for both.
fn rust_tests(tally: &mut Tally) -> Result<(), Failure> {
    let server = Postgres::start(Commits::Unsynced, [])?;
    let with_server = |words: &[&str]| {
        let mut command = tool::cargo(words);
        command.env(postgres::VARIABLE, server.url());
        command
    };
    if tool::on_path("cargo-nextest").is_some() {
        let all = [
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
        ];
        let mut all = with_server(&all);
        // One more than there are cores: some always wait for a disk, a server or a clock.
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        all.arg(format!("--test-threads={}", cores + 1));
        counted(&mut all, Runner::Nextest, tally)?;
        let examples = ["test", "--doc", "--workspace", "--locked", "--no-fail-fast"];
        counted(&mut with_server(&examples), Runner::Cargo, tally)
    } else {
        tool::say("   by `cargo test`: cargo-nextest, which is quicker, is not installed");
        let all = ["test", "--workspace", "--locked", "--no-fail-fast"];
        counted(&mut with_server(&all), Runner::Cargo, tally)
    }
}

fn counted(command: &mut Command, runner: Runner, tally: &mut Tally) -> Result<(), Failure> {
    tool::listen(command, |line| *tally += runner.count(line))
}
