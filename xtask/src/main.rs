//! The project's own commands: `cargo xtask NAME`. This crate knows the repository, the toolchain and the machine; it knows
//! nothing of the tribunal, and none of the other crates.
#![expect(
    clippy::print_stdout,
    reason = "these are commands for people: what they print is what they are for"
)]

mod arrows;
mod attack;
mod docs;
mod failure;
mod fuzz;
mod install;
mod postgres;
mod rules;
mod tally;
mod test;
mod tidy;
mod tool;
mod workspace;

use std::process::ExitCode;

use attack::Effort;
use failure::Failure;
use postgres::Postgres;
use workspace::Workspace;

const HELP: &str = "\
The project's own commands. Usage: cargo xtask COMMAND

  test            install what the tests need, check everything, run every test
  arrows          check which crate may depend on which
  tidy            check manifests, files and which rules have a test
  attack          try every call of the API with odd data, as everybody, for a long time
  attack --short  the same as a part of `test` does it
  fuzz [SECONDS]  give odd bytes to every reader of bytes from outside, each for so long
  docs            write the generated pages in docs/
  docs --check    fail if a generated page is out of date
  postgres        run a throw-away PostgreSQL until Ctrl-C, for single tests run by hand
  help            print this
";

#[derive(Debug, PartialEq, Eq)]
enum Command {
    Test,
    Attack(Effort),
    Fuzz(u32),
    Arrows,
    Tidy,
    WriteDocs,
    CheckDocs,
    Postgres,
    Help,
}

impl Command {
    /// What the words after `cargo xtask` ask for; `None` where they mean nothing.
    fn parse(words: &[&str]) -> Option<Self> {
        match words {
            ["test"] => Some(Self::Test),
            ["attack"] => Some(Self::Attack(Effort::Long)),
            ["attack", "--short"] => Some(Self::Attack(Effort::Short)),
            ["fuzz"] => Some(Self::Fuzz(fuzz::USUAL)),
            ["fuzz", seconds] => seconds.parse().ok().map(Self::Fuzz),
            ["arrows"] => Some(Self::Arrows),
            ["tidy"] => Some(Self::Tidy),
            ["docs"] => Some(Self::WriteDocs),
            ["docs", "--check"] => Some(Self::CheckDocs),
            ["postgres"] => Some(Self::Postgres),
            ["help" | "--help" | "-h"] => Some(Self::Help),
            _ => None,
        }
    }

    fn run(&self) -> Result<(), Failure> {
        match self {
            Self::Test => test::run(&Workspace::load()?),
            Self::Attack(effort) => attack_the_api(&Workspace::load()?, *effort),
            Self::Fuzz(seconds) => fuzz::run(&Workspace::load()?, *seconds),
            Self::Arrows => arrows::check(&Workspace::load()?),
            Self::Tidy => tidy::check(&Workspace::load()?),
            Self::WriteDocs => docs::write(&Workspace::load()?),
            Self::CheckDocs => docs::check(&Workspace::load()?),
            Self::Postgres => serve_postgres(),
            Self::Help => {
                print!("{HELP}");
                Ok(())
            }
        }
    }
}

fn attack_the_api(workspace: &Workspace, effort: Effort) -> Result<(), Failure> {
    tool::run(&mut tool::cargo(&[
        "build",
        "--package",
        "portal",
        "--locked",
    ]))?;
    attack::run(workspace, effort)
}

fn serve_postgres() -> Result<(), Failure> {
    install::require_postgres()?;
    let server = Postgres::start()?;
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
    use super::Command;

    #[test]
    fn known_words_are_understood() {
        assert_eq!(Command::parse(&["docs"]), Some(Command::WriteDocs));
        assert_eq!(
            Command::parse(&["docs", "--check"]),
            Some(Command::CheckDocs)
        );
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
