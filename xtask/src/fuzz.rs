//! Runs the targets in `fuzz/`, one after the other, each for some seconds: `cargo xtask fuzz`. They are built with the compiler's own coverage
//! counters, which the stable toolchain has; libFuzzer comes from crates.io and takes a C++ compiler. What is found lies in `target/fuzz`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{tables, tool};

/// How the compiler is told to count where a run has been. A check that fails ends the run.
const COUNTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Seconds for each target, where nothing else is asked for.
pub const USUAL: u32 = 60;

/// The largest input that is tried, and the memory that one may take, in megabytes.
const INPUT: &str = "-max_len=65536";
const MEMORY: &str = "-rss_limit_mb=2048";

/// A run that takes longer than this is a finding, in seconds.
const SLOW: &str = "-timeout=30";

/// Builds every target and runs each for so long.
pub fn run(workspace: &Workspace, seconds: u32) -> Result<(), Failure> {
    let built = workspace.target.join("fuzz");
    // A target to build for is named so that build scripts and macros are not counted.
    let told = tool::read(Command::new("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::new("`rustc -vV` names no host"))?;
    let mut cargo = tool::cargo(&["build", "--release", "--locked", "--target", host]);
    cargo
        .arg("--manifest-path")
        .arg(workspace.root.join("fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(&built)
        .env("RUSTFLAGS", COUNTED);
    tool::run(&mut cargo)?;
    let mut faults = Vec::new();
    for target in targets(&workspace.root.join("fuzz/Cargo.toml"))? {
        let program = built.join(host).join("release").join(&target);
        let found = built.join("found").join(&target);
        let grown = built.join("corpus").join(&target);
        let seeds = workspace.root.join("fuzz/seeds").join(&target);
        for folder in [&found, &grown] {
            fs::create_dir_all(folder)
                .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        }
        tool::say(&format!("== {target}, {seconds} s"));
        let mut fuzz = Command::new(program);
        fuzz.arg(grown).arg(seeds);
        fuzz.arg(format!("-artifact_prefix={}/", found.display()));
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.args([
            INPUT,
            MEMORY,
            SLOW,
            "-seed=1",
            "-print_final_stats=1",
            "-verbosity=0",
            "-print_funcs=0",
        ]);
        if let Err(failure) = tool::run(&mut fuzz) {
            faults.push(format!("{target}: {failure}; see {}", found.display()));
        }
    }
    Failure::unless_empty(&faults, "Make a test of each finding before mending it.")
}

/// The programs that the manifest names.
fn targets(manifest: &Path) -> Result<Vec<String>, Failure> {
    let manifest = tables::read(manifest)?;
    let programs = tables::each(&manifest, "bin");
    let names = programs.filter_map(|program| program.get("name")?.as_str());
    Ok(names.map(str::to_owned).collect())
}
