//! The project's own commands: `cargo xtask test` and the checks it is made of. Builds quickly, so it knows nothing of ours.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who called it"
)]

mod arrows;
mod docs;
mod install;
mod postgres;
mod step;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "cargo xtask COMMAND

  test       installs what the tests need, then formats-check, arrows, tidy, lints, docs, all tests on SQLite and PostgreSQL
  arrows     fails on a dependency that the architecture does not allow
  tidy       fails on what a reader of the code would stumble over
  docs       writes the generated documents under docs/; with --check fails if they are not up to date
  postgres   starts a throw-away PostgreSQL and keeps it until the end of standard input
  help       this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => test::run(),
        ["arrows"] => arrows::check(),
        ["tidy"] => tidy::check(),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["postgres"] => postgres::serve(),
        ["help"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
