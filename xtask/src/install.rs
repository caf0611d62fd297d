//! Installs what the tests need and a Debian machine with a Rust toolchain lacks; where it may not, says what to install.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Outcome, on_path, run};

/// Where Debian keeps a PostgreSQL server's programs: one folder per version.
const POSTGRES: &str = "/usr/lib/postgresql";

/// The newest PostgreSQL server's programs on this machine.
pub fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(POSTGRES).ok()?.filter_map(Result::ok);
    let with_server = versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file());
    with_server.max_by_key(|bin| version_of(bin))
}

fn version_of(bin: &Path) -> u32 {
    let folder = bin
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    folder
        .and_then(|name| name.parse().ok())
        .unwrap_or_default()
}

/// A Debian package, and how to see that it is not needed.
struct Needed {
    package: &'static str,
    there: fn() -> bool,
}

const NEEDED: &[Needed] = &[Needed {
    package: "postgresql",
    there: || postgres_programs().is_some(),
}];

/// Installs what is missing.
pub fn install() -> Outcome {
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|needed| !(needed.there)())
        .map(|needed| needed.package)
        .collect();
    if missing.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    let wanted = missing.join(" ");
    let by_hand = format!("please install it: apt-get install {wanted}");
    if !on_path("apt-get") {
        return Err(format!(
            "missing: {wanted}; this is not a Debian machine, {by_hand}"
        ));
    }
    let root = crate::postgres::is_root();
    if !root && !on_path("sudo") {
        return Err(format!(
            "missing: {wanted}; without root or sudo, {by_hand}"
        ));
    }
    println!("installing {wanted} with apt-get");
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            Command::new("apt-get")
        } else {
            Command::new("sudo")
        };
        if !root {
            command.arg("apt-get");
        }
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    apt(&["update", "-q"])?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(&missing);
    apt(&arguments)?;
    match NEEDED.iter().find(|needed| !(needed.there)()) {
        Some(still) => Err(format!(
            "{} was installed and is still not found",
            still.package
        )),
        None => Ok(()),
    }
}
