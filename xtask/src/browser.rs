//! The browser tests, by `npm test`. A browser on a busy machine now and then draws a page too late for whoever waits for it, and a run of
//! half an hour would be for nothing: files in which something failed are run once more, by themselves. What was only then as it should be
//! is told as unsteady.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::install;
use crate::tally::{Runner, Tally};
use crate::tool;
use crate::workspace::Workspace;

/// More files than this are no accident.
const UNSTEADY_AT_MOST: usize = 2;

/// Runs them, and adds what became of them to the count.
pub fn tests(workspace: &Workspace, folder: &Path, tally: &mut Tally) -> Result<(), Failure> {
    let (first, failed_in, outcome) = run(workspace, folder, &BTreeSet::new());
    if outcome.is_ok() || !may_be_chance(&failed_in) {
        *tally += first;
        return outcome;
    }
    let names: Vec<&str> = failed_in.iter().map(String::as_str).collect();
    let names = names.join(", ");
    tool::say(&format!("   once more, by themselves: {names}"));
    let (_, _, again) = run(workspace, folder, &failed_in);
    if again.is_err() {
        *tally += first;
        return again;
    }
    tool::say(&format!("   unsteady, and good the second time: {names}"));
    *tally += good_the_second_time(first);
    Ok(())
}

/// Whether files in which something failed are worth a second try: somebody knows which, and they are few.
fn may_be_chance(failed_in: &BTreeSet<String>) -> bool {
    (1..=UNSTEADY_AT_MOST).contains(&failed_in.len())
}

/// What the first run counts for when the second found nothing.
fn good_the_second_time(first: Tally) -> Tally {
    Tally {
        passed: first.passed + first.failed,
        failed: 0,
        unsteady: first.failed,
        ..first
    }
}

/// Runs those files, or all where none is named: how many tests did what, in which files one failed, and how it ended.
fn run(
    workspace: &Workspace,
    folder: &Path,
    only: &BTreeSet<String>,
) -> (Tally, BTreeSet<String>, Result<(), Failure>) {
    let mut npm = Command::new("npm");
    npm.args(["test", "--"]).args(only).current_dir(folder);
    npm.env(
        "MONDOSSIER_PORTAL_BIN",
        workspace.target.join("debug/portal"),
    );
    npm.envs(install::chromium().map(|chromium| ("CHROMIUM_BIN", chromium)));
    let (mut tally, mut failed_in) = (Tally::default(), BTreeSet::new());
    let outcome = tool::listen(&mut npm, |line| {
        tally += Runner::Node.count(line);
        failed_in.extend(file_of_failure(line));
    });
    (tally, failed_in, outcome)
}

/// The name of the file in which a test failed. The runner says it of those alone:
/// `location: '/…/browser/upload.test.js:239:3'`.
fn file_of_failure(line: &str) -> Option<String> {
    let place = line.trim_start().strip_prefix("location: '")?;
    let (file, _) = place.split_once(".test.js:")?;
    let name = file.rsplit('/').next()?;
    Some(format!("{name}.test.js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_files_are_tried_again_and_told() {
        let files = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        assert!(may_be_chance(&files(&["upload.test.js", "help.test.js"])));
        for no_chance in [&[][..], &["a.test.js", "b.test.js", "c.test.js"]] {
            assert!(!may_be_chance(&files(no_chance)));
        }
        let first = Tally {
            passed: 143,
            failed: 1,
            ..Tally::default()
        };
        let told = good_the_second_time(first).to_string();
        assert_eq!(told, "144 passed, 0 failed, 1 unsteady");
    }

    #[test]
    fn a_failure_names_its_file() {
        let line = "  location: '/check/browser/upload.test.js:239:3'";
        assert_eq!(file_of_failure(line).as_deref(), Some("upload.test.js"));
        assert_eq!(file_of_failure("# Subtest: location: a place"), None);
        assert_eq!(file_of_failure("  duration_ms: 31433.8"), None);
    }
}
