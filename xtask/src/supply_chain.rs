//! What comes from outside: whether its licences, its sources and the packages themselves are those that `deny.toml` allows. The test command
//! reads what cargo resolved. cargo-deny looks more closely, where it is: at licences' texts, at other machines, and, when asked, at known faults.

use std::collections::BTreeSet;

use spdx::{Expression, Licensee, ParseMode};
use toml::Table;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{tables, tool};

const CARGO_DENY: &str = "cargo-deny";

/// How cargo tells what the workspace is built from, tests aside, on the machines that `deny.toml` names: a licence and a package on each line.
const BUILT_FROM: &[&str] = &[
    "tree",
    "--workspace",
    "--locked",
    "--edges=normal,build",
    "--all-features",
    "--prefix=none",
    "--format={l}|{p}",
];

/// The one place that packages come from, as `Cargo.lock` writes it.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks what the programs are built from, and everything in `Cargo.lock`.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    let rules = Rules::read(&tables::read(&workspace.root.join("deny.toml"))?)?;
    let lock = tables::read(&workspace.root.join("Cargo.lock"))?;
    let mut faults = rules.packages(&lock);
    let mut tree = tool::cargo(BUILT_FROM);
    for machine in &rules.machines {
        tree.args(["--target", machine]);
    }
    faults.extend(rules.licences(&tool::read(&mut tree)?));
    Failure::unless_empty(&faults, "`deny.toml` says what is allowed, and why.")
}

/// The same, and what cargo-deny finds where it is. Known faults take it, and the advisories' database from the network.
pub fn check_closely(workspace: &Workspace, advisories: bool) -> Result<(), Failure> {
    check(workspace)?;
    if tool::on_path(CARGO_DENY).is_none() {
        if advisories {
            let message = "known faults take cargo-deny: `cargo install --locked cargo-deny`, or a package of your system";
            return Err(Failure::new(message));
        }
        tool::say("   cargo-deny, which looks more closely, is not installed");
        return Ok(());
    }
    let mut words = vec![
        "deny",
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ];
    if advisories {
        words.push("advisories");
    }
    tool::read(&mut tool::cargo(&words)).map(drop)
}

/// What `deny.toml` says that can be told without cargo-deny.
struct Rules {
    machines: Vec<String>,
    allowed: Vec<Licensee>,
    denied: BTreeSet<String>,
}

impl Rules {
    fn read(deny: &Table) -> Result<Self, Failure> {
        let list = |section: &str, key: &str| {
            let list = deny.get(section)?.get(key)?.as_array()?;
            Some(list.iter())
        };
        let unknown = || Failure::new("deny.toml is in a form that is not known here");
        let machines = list("graph", "targets").ok_or_else(unknown)?;
        let machines = machines.map(|machine| machine.as_str().map(str::to_owned));
        let allowed = list("licenses", "allow").ok_or_else(unknown)?;
        let allowed = allowed.map(|name| Licensee::parse(name.as_str()?).ok());
        let denied = list("bans", "deny").ok_or_else(unknown)?;
        let denied = denied.map(|entry| Some(entry.get("crate")?.as_str()?.to_owned()));
        Ok(Self {
            machines: machines.collect::<Option<_>>().ok_or_else(unknown)?,
            allowed: allowed.collect::<Option<_>>().ok_or_else(unknown)?,
            denied: denied.collect::<Option<_>>().ok_or_else(unknown)?,
        })
    }

    /// What is wrong with where packages come from, and which they are: whatever machine they are for.
    fn packages(&self, lock: &Table) -> Vec<String> {
        let mut faults = Vec::new();
        for package in tables::each(lock, "package") {
            let text = |key: &str| package.get(key).and_then(toml::Value::as_str);
            let name = text("name").unwrap_or_default();
            if self.denied.contains(name) {
                faults.push(format!("{name} is forbidden"));
            }
            // What has none is ours.
            if let Some(source) = text("source").filter(|source| *source != REGISTRY) {
                faults.push(format!("{name} comes from {source}"));
            }
        }
        faults
    }

    /// What is wrong with the licences of packages as cargo tells them, each once.
    fn licences(&self, told: &str) -> Vec<String> {
        // A package that was told before has a mark after it.
        let lines = told.lines().map(|line| line.trim_end_matches(" (*)"));
        let packages: BTreeSet<(&str, &str)> =
            lines.filter_map(|line| line.split_once('|')).collect();
        let faults = packages.into_iter().filter_map(|(licence, package)| {
            // Before there were expressions, a slash stood for "or".
            let allowed = self.allow(&licence.replace('/', " OR "));
            (!allowed).then(|| format!("{package}: its licence is not allowed: {licence}"))
        });
        faults.collect()
    }

    fn allow(&self, licence: &str) -> bool {
        let read = Expression::parse_mode(licence, ParseMode::STRICT);
        read.is_ok_and(|expression| {
            expression.evaluate(|needed| self.allowed.iter().any(|one| one.satisfies(needed)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let deny = r#"
            [graph]
            targets = []
            [licenses]
            allow = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]
            [bans]
            deny = [{ crate = "openssl-sys", reason = "one is enough" }]
        "#;
        Rules::read(&toml::from_str(deny).unwrap()).unwrap()
    }

    #[test]
    fn a_licence_is_allowed_as_it_is_written() {
        for allowed in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "MIT AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        ] {
            assert!(rules().allow(allowed), "{allowed}");
        }
        for other in [
            "GPL-3.0-only",
            "Apache-2.0",
            "MIT AND GPL-3.0-only",
            "none",
            "",
        ] {
            assert!(!rules().allow(other), "{other}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_named() {
        let told = "MIT/Apache-2.0|a v1\nGPL-3.0-only|b v1\nGPL-3.0-only|b v1 (*)\n|c v1\n\n";
        assert_eq!(
            rules().licences(told),
            [
                "c v1: its licence is not allowed: ",
                "b v1: its licence is not allowed: GPL-3.0-only"
            ]
        );
        let lock = format!(
            "[[package]]\nname = \"ours\"\n[[package]]\nname = \"a\"\nsource = \"{REGISTRY}\"\n\
             [[package]]\nname = \"b\"\nsource = \"git+https://elsewhere.example/b\"\n\
             [[package]]\nname = \"openssl-sys\"\nsource = \"{REGISTRY}\"\n"
        );
        let faults = rules().packages(&toml::from_str(&lock).unwrap());
        assert_eq!(
            faults,
            [
                "b comes from git+https://elsewhere.example/b",
                "openssl-sys is forbidden"
            ]
        );
    }

    #[test]
    fn the_rules_are_those_of_this_repository() {
        let deny = include_str!("../../deny.toml");
        let rules = Rules::read(&toml::from_str(deny).unwrap()).unwrap();
        assert!(rules.allow("EUPL-1.2") && !rules.allow("AGPL-3.0-only"));
        assert!(rules.denied.contains("aws-lc-sys"));
    }
}
