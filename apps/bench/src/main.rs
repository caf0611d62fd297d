//! How fast it is (V-1 … V-11): each figure beside the same work with nothing around it, in turns within one run, so that the ratio holds on
//! a machine that is not quiet. Measures; asserts nothing.
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

use figure::{Failed, Report};

const HELP: &str = "\
Measures, in release mode. Usage: cargo xtask bench [NAME …] [DATABASE …]

  V-1 V-2 V-7 V-10   My Cases: as JSON, as a page, among many, and how long the slowest wait
  V-3 V-4            submissions: a large one, and many small ones
  V-5 V-6            reminders, and imported cases
  V-8 V-9 V-11       memory, start, and two portals on one database
  nation             a national tribunal's records: made, listed, passed over

  SQLite PostgreSQL  on this database alone

Everything without a NAME but `nation`, which takes long. PostgreSQL is measured too where MONDOSSIER_TEST_POSTGRES names one. A JSON object
per figure as it is measured, on standard output; at the end the rows of docs/quality.md, on standard error.
";

/// What can be asked for.
const NAMES: [&str; 12] = [
    "V-1", "V-2", "V-3", "V-4", "V-5", "V-6", "V-7", "V-8", "V-9", "V-10", "V-11", "nation",
];

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
    let databases = ground::Database::at_hand();
    let is_database = |word: &String| databases.iter().any(|one| one.name() == word);
    let (only, mut wanted): (Vec<String>, Vec<String>) =
        words.iter().cloned().partition(is_database);
    if wanted.is_empty() {
        let promised = NAMES.iter().filter(|name| **name != "nation");
        wanted = promised.map(ToString::to_string).collect();
    }
    if !wanted.iter().all(|word| NAMES.contains(&word.as_str())) {
        return Ok(false);
    }
    let mut report = Report::of(wanted);
    let asked_for =
        |one: &ground::Database| only.is_empty() || only.iter().any(|name| name == one.name());
    for database in databases.iter().filter(|one| asked_for(one)) {
        lists::measure(&mut report, database).await?;
        uploads::measure(&mut report, database).await?;
        passes::measure(&mut report, database).await?;
        process::measure(&mut report, database).await?;
        nation::measure(&mut report, database).await?;
    }
    // Standard output is for programs: a JSON object on each line, and nothing else.
    eprintln!("\n{}", report.rows());
    Ok(true)
}
