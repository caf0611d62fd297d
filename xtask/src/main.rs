//! The project's own commands: `cargo xtask NAME`. This crate knows the repository, the toolchain and the machine; it knows
//! nothing of the tribunal, and none of the other crates.
#![expect(
    clippy::print_stdout,
    reason = "these are commands for people: what they print is what they are for"
)]

mod arrows;
mod attack;
mod bench;
mod browser;
mod docs;
mod endure;
mod failure;
mod fuzz;
mod fuzz_lock;
mod install;
mod package;
mod postgres;
mod rules;
mod sbom;
mod simulate;
mod supply_chain;
mod tables;
mod tally;
mod test;
mod tidy;
mod tool;
mod workspace;

use std::process::ExitCode;

use attack::Effort;
use failure::Failure;
use postgres::{Commits, Postgres};
use workspace::Workspace;

const HELP: &str = "\
The project's own commands. Usage: cargo xtask COMMAND

  test            install what the tests need, check everything, run every test
  bench [--sync MILLISECONDS] [NAME …]
                  measure, in release mode: V-1 … V-11, `nation`; without a NAME all but `nation`, which takes long; with --sync as on a disk
                  where each sync takes so much longer
  arrows          check which crate may depend on which
  tidy            check manifests, files and which rules have a test
  attack          try every call of the API with odd data, as everybody, for a long time
  attack --short  the same as a part of `test` does it
  fuzz [SECONDS]  give odd bytes to every reader of bytes from outside, each for so long
  docs            write the generated pages in docs/
  docs --check    fail if a generated page is out of date
  package         build the Debian package
  package --check pack what is built, and look whether it installs, runs and is understood by systemd
  supply-chain    check licences, sources and forbidden packages, with cargo-deny too where it is; with --advisories known faults too
  endure          kill portal and workers 200 times each; prints a line of figures per promise
                  (--rounds N, --seed N)
  simulate        play 10,000 seeded histories of faults (--seeds N), or one again (--seed N)
  postgres        run a throw-away PostgreSQL until Ctrl-C, for single tests run by hand
  help            print this
";

#[derive(Debug, PartialEq, Eq)]
enum Command {
    Test,
    Bench(bench::Wanted),
    Attack(Effort),
    Fuzz(u32),
    Arrows,
    Tidy,
    WriteDocs,
    CheckDocs,
    Package,
    CheckPackage,
    SupplyChain { advisories: bool },
    Postgres,
    Endure(endure::Wanted),
    Simulate(simulate::Wanted),
    Help,
}

impl Command {
    /// What the words after `cargo xtask` ask for; `None` where they mean nothing.
    fn parse(words: &[&str]) -> Option<Self> {
        match words {
            ["test"] => Some(Self::Test),
            ["bench", options @ ..] => bench::Wanted::parse(options).map(Self::Bench),
            ["attack"] => Some(Self::Attack(Effort::Long)),
            ["attack", "--short"] => Some(Self::Attack(Effort::Short)),
            ["fuzz"] => Some(Self::Fuzz(fuzz::USUAL)),
            ["fuzz", seconds] => seconds.parse().ok().map(Self::Fuzz),
            ["arrows"] => Some(Self::Arrows),
            ["tidy"] => Some(Self::Tidy),
            ["docs"] => Some(Self::WriteDocs),
            ["docs", "--check"] => Some(Self::CheckDocs),
            ["package"] => Some(Self::Package),
            ["package", "--check"] => Some(Self::CheckPackage),
            ["supply-chain"] => Some(Self::SupplyChain { advisories: false }),
            ["supply-chain", "--advisories"] => Some(Self::SupplyChain { advisories: true }),
            ["postgres"] => Some(Self::Postgres),
            ["endure", options @ ..] => endure::Wanted::parse(options).map(Self::Endure),
            ["simulate", options @ ..] => simulate::Wanted::parse(options).map(Self::Simulate),
            ["help" | "--help" | "-h"] => Some(Self::Help),
            _ => None,
        }
    }

    fn run(&self) -> Result<(), Failure> {
        match self {
            Self::Test => test::run(&Workspace::load()?),
            Self::Bench(wanted) => bench::run(&Workspace::load()?, wanted),
            Self::Attack(effort) => attack_the_api(&Workspace::load()?, *effort),
            Self::Fuzz(seconds) => fuzz::run(&Workspace::load()?, *seconds),
            Self::Arrows => arrows::check(&Workspace::load()?),
            Self::Tidy => tidy::check(&Workspace::load()?),
            Self::WriteDocs => tool::build().and_then(|()| docs::write(&Workspace::load()?)),
            Self::CheckDocs => tool::build().and_then(|()| docs::check(&Workspace::load()?)),
            Self::Package => package::make(&Workspace::load()?),
            Self::CheckPackage => package::check(&Workspace::load()?),
            Self::SupplyChain { advisories } => {
                supply_chain::check_closely(&Workspace::load()?, *advisories)
            }
            Self::Postgres => serve_postgres(),
            Self::Endure(wanted) => endure::run(&Workspace::load()?, wanted),
            Self::Simulate(wanted) => simulate::run(&Workspace::load()?, wanted),
            Self::Help => {
                print!("{HELP}");
                Ok(())
            }
        }
    }
}

fn attack_the_api(workspace: &Workspace, effort: Effort) -> Result<(), Failure> {
    tool::build()?;
    attack::run(workspace, effort)
}

fn serve_postgres() -> Result<(), Failure> {
    install::require_postgres()?;
    let server = Postgres::start(Commits::Unsynced, [])?;
    println!("export {}={}", postgres::VARIABLE, server.url());
    eprintln!("PostgreSQL runs until Ctrl-C; then it is gone with everything in it.");
    server.wait()
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(command) = Command::parse(&words) else {
        eprint!(
            "cargo xtask {}: no such command.\n\n{HELP}",
            words.join(" ")
        );
        return ExitCode::from(2);
    };
    match command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // `test` has said what went wrong before its closing line.
            if command != Command::Test {
                eprintln!("cargo xtask {}: {failure}", words.join(" "));
            }
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, simulate};

    #[test]
    fn known_words_are_understood() {
        assert_eq!(Command::parse(&["docs"]), Some(Command::WriteDocs));
        assert_eq!(
            Command::parse(&["docs", "--check"]),
            Some(Command::CheckDocs)
        );
    }

    #[test]
    fn options_have_numbers() {
        let wanted = |words: &[&str]| match Command::parse(words) {
            Some(Command::Endure(wanted)) => Some((wanted.rounds, wanted.seed)),
            _ => None,
        };
        assert_eq!(wanted(&["endure"]), Some((200, None)));
        let both = ["endure", "--seed", "7", "--rounds", "3"];
        assert_eq!(wanted(&both), Some((3, Some(7))));
        let seed = Command::parse(&["simulate", "--seed", "7"]);
        assert_eq!(seed, Some(Command::Simulate(simulate::Wanted::Seed(7))));
        let plain = Command::parse(&["bench", "V-4"]);
        let slow = Command::parse(&["bench", "--sync", "2", "V-4"]);
        assert!(plain.is_some() && slow.is_some() && plain != slow);
        for wrong in [
            &["simulate", "--seed", "x"][..],
            &["simulate", "7"],
            &["endure", "--rounds"],
            &["endure", "--rounds", "many"],
            &["endure", "3"],
            &["bench", "--sync", "slow"],
            &["bench", "--sync"],
        ] {
            assert_eq!(Command::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn anything_else_is_wrong_usage() {
        for words in [
            &[][..],
            &["tests"],
            &["test", "--fast"],
            &["docs", "--write"],
        ] {
            assert_eq!(Command::parse(words), None, "{words:?}");
        }
    }
}
