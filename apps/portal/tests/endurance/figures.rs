//! How long to go on, with which chance to begin, and where to write what was found: `cargo xtask endure` says so in the environment.

use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write;
use std::str::FromStr;

use serde_json::Value;

/// A number from the environment.
fn number<T: FromStr>(variable: &str) -> Option<T> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().ok().expect("a number"))
}

/// How many rounds: a few by default, so that every run of the tests has some.
pub fn rounds(few: u32) -> u32 {
    number("MONDOSSIER_ENDURANCE_ROUNDS").unwrap_or(few)
}

/// Whether it goes on for longer than in every run of the tests.
pub fn is_long() -> bool {
    number::<u32>("MONDOSSIER_ENDURANCE_ROUNDS").is_some()
}

/// With which seed chance begins.
pub fn seed() -> u64 {
    number("MONDOSSIER_ENDURANCE_SEED").unwrap_or(1)
}

/// Writes a line of figures, where somebody wants them; then fails if there are faults.
pub fn tell(line: &Value, faults: &[impl Display]) {
    if let Ok(file) = std::env::var("MONDOSSIER_ENDURANCE_FIGURES") {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(file)
            .unwrap();
        writeln!(file, "{line}").unwrap();
    }
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        faults.is_empty(),
        "seed {}: {line}\n{}",
        seed(),
        faults.join("\n")
    );
}
