//! How fast it is (V-1 … V-11): each figure beside the same work with nothing around it, in turns within one run, so that the ratio holds on
//! a machine that is not quiet. One JSON object per line. Measures; asserts nothing.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who called it"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are told with three digits"
)]

mod figure;
mod ground;
mod lists;
mod nation;
mod passes;
mod process;
mod uploads;

use std::ffi::OsString;
use std::process::ExitCode;

use figure::Failed;

const HELP: &str = "\
Measures, in release mode. Usage: cargo xtask bench [NAME …] [--portal FILE]

  lists      My Cases as JSON and as a page, and in a large database     V-1, V-2, V-7, V-10
  uploads    submissions, one large and many small ones                  V-3, V-4
  passes     reminders and imported cases                                V-5, V-6
  process    memory, start, and two portals on one database              V-8, V-9, V-11
  nation     a national tribunal's records: made, listed, passed over

Everything without a NAME but `nation`, which takes long. PostgreSQL is measured too where MONDOSSIER_TEST_POSTGRES names one.
";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(code) = assembly::inspection::answer(&arguments) {
        return code;
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    match tokio::runtime::Runtime::new()
        .map_err(Failed::from)
        .and_then(|runtime| runtime.block_on(run(&words)))
    {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the words meant something.
async fn run(words: &[String]) -> Result<bool, Failed> {
    let mut wanted: Vec<&str> = words.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        wanted = vec!["lists", "uploads", "passes", "process"];
    }
    let known = ["lists", "uploads", "passes", "process", "nation"];
    if wanted.iter().any(|word| !known.contains(word)) {
        return Ok(false);
    }
    for word in wanted {
        for database in ground::Database::at_hand() {
            match word {
                "lists" => lists::measure(&database).await?,
                "uploads" => uploads::measure(&database).await?,
                "passes" => passes::measure(&database).await?,
                "nation" => nation::measure(&database).await?,
                _ => process::measure(&database).await?,
            }
        }
    }
    Ok(true)
}
