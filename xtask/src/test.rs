//! `cargo xtask test`: everything that must hold before a change lands.

use crate::postgres::{Postgres, VARIABLE};
use crate::step::{self, Outcome, cargo, on_path, root, step};
use crate::{arrows, docs, install, tidy};

/// Runs every check in order, the quick ones first.
pub fn run() -> Outcome {
    step("install what is missing", install::install)?;
    step("format", || {
        step::run(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    step("arrows", arrows::check)?;
    step("tidy", tidy::check)?;
    step("lints", || {
        step::run(&mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    if root().join("docs/openapi.json").is_file() {
        step("generated documents", docs::check)?;
    }
    step("build", || {
        step::run(&mut cargo(&["build", "--workspace", "--locked"]))
    })?;
    let postgres = step("start a throw-away PostgreSQL", Postgres::start)?;
    step("tests", || tests(&postgres))?;
    step("examples in docs", || {
        step::run(cargo(&["test", "--doc", "--workspace", "--locked"]).env(VARIABLE, &postgres.url))
    })
}

/// With nextest where it is installed; cargo's own runner does the same more slowly.
fn tests(postgres: &Postgres) -> Outcome {
    let arguments: &[&str] = if on_path("cargo-nextest") {
        &[
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
        ]
    } else {
        &[
            "test",
            "--workspace",
            "--locked",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]
    };
    step::run(cargo(arguments).env(VARIABLE, &postgres.url))
}
