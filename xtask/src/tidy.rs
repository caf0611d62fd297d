//! What a reader of the code would stumble over: a module that does not say what it is for, a vague name, a version said twice, a rule of
//! the mission that no test names.

use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, output_of, root};

/// Names that say nothing about what a module is for.
const VAGUE: [&str; 8] = [
    "utils", "util", "helpers", "helper", "common", "misc", "manager", "shared",
];

/// Rules of the mission that are built and must therefore be named by a test. A rule joins the list when it is built.
const PROVEN: &[&str] = &[
    "CASE-1", "CASE-2", "CASE-3", "CASE-4", "SUB-1", "SUB-2", "SUB-4", "SUB-6", "DEL-1", "DEL-2",
    "DEL-3", "DEL-4", "DEL-5", "DEL-8", "REG-1", "REG-2", "REG-3", "REG-6", "REG-8", "SEC-1",
    "SEC-2", "BOX-1", "BOX-2", "BOX-3", "PRO-1", "MAIL-1", "MAIL-3",
];

/// Fails with everything that is untidy.
pub fn check() -> Outcome {
    let tracked = output_of(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root()),
    )?;
    let mut untidy = Vec::new();
    let mut tests = String::new();
    for path in tracked.lines() {
        let Ok(text) = std::fs::read_to_string(root().join(path)) else {
            continue;
        };
        untidy.extend(
            in_file(path, &text)
                .into_iter()
                .map(|what| format!("{path}: {what}")),
        );
        if is_rust(path) && !path.starts_with("xtask/") {
            tests.push_str(test_part(path, &text));
        }
    }
    untidy.extend(
        PROVEN
            .iter()
            .filter(|rule| !names(&tests, rule))
            .map(|rule| format!("no test names {rule}")),
    );
    if untidy.is_empty() {
        Ok(())
    } else {
        Err(format!("\n  {}", untidy.join("\n  ")))
    }
}

/// Whether a file is Rust source.
fn is_rust(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|ending| ending == "rs")
}

/// Whether a file is a sample that tests read: what lies in a folder of its own below `tests`.
fn is_sample(path: &str) -> bool {
    path.split_once("/tests/")
        .is_some_and(|(_, below)| below.contains('/') && !below.ends_with("mod.rs"))
}

/// The part of a file that is tests.
fn test_part<'a>(path: &str, text: &'a str) -> &'a str {
    if path.contains("/tests/")
        || path.starts_with("crates/contract/")
        || path.ends_with("/tests.rs")
    {
        return text;
    }
    text.find("#[cfg(test)]")
        .and_then(|at| text.get(at..))
        .unwrap_or_default()
}

/// Whether `text` names `rule`: `SUB-1` is not named by `SUB-12`.
fn names(text: &str, rule: &str) -> bool {
    text.match_indices(rule).any(|(at, _)| {
        !text
            .get(at + rule.len()..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

fn in_file(path: &str, text: &str) -> Vec<String> {
    let mut untidy = Vec::new();
    let stem = Path::new(path)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    if is_rust(path) && !is_sample(path) {
        if VAGUE.contains(&stem.as_str()) {
            untidy.push("a vague name; say what it is for".to_owned());
        }
        if !text.trim_start().starts_with("//!") {
            untidy.push("does not open with //! and what it is for".to_owned());
        }
    }
    if path.ends_with("Cargo.toml") && path != "Cargo.toml" {
        untidy.extend(in_manifest(text));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        untidy.push("does not end with a line feed".to_owned());
    }
    untidy
}

fn in_manifest(text: &str) -> Vec<String> {
    let mut untidy = Vec::new();
    if !text.contains("[lints]\nworkspace = true") {
        untidy.push("does not take the workspace's lints".to_owned());
    }
    let mut dependencies = false;
    for line in text.lines() {
        if line.starts_with('[') {
            dependencies = line.ends_with("dependencies]");
        } else if dependencies && line.contains('=') && !line.contains("workspace = true") {
            untidy.push(format!(
                "`{line}`: the version belongs in the root Cargo.toml"
            ));
        }
    }
    untidy
}

#[cfg(test)]
mod tests {
    use super::{in_file, in_manifest, names};

    #[test]
    fn a_module_must_say_what_it_is_for() {
        assert_eq!(
            in_file("crates/domain/src/case.rs", "struct Case;\n").len(),
            1
        );
        assert!(in_file("crates/domain/src/case.rs", "//! A case.\n").is_empty());
    }

    #[test]
    fn a_vague_name_is_untidy() {
        assert_eq!(
            in_file("crates/domain/src/utils.rs", "//! Things.\n").len(),
            1
        );
    }

    #[test]
    fn a_version_is_said_once() {
        let manifest = "[dependencies]\ntime = \"0.3\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(in_manifest(manifest).len(), 1);
    }

    #[test]
    fn a_longer_number_is_another_rule() {
        assert!(!names("proves SUB-12", "SUB-1"));
        assert!(names("proves SUB-1.", "SUB-1"));
    }
}
