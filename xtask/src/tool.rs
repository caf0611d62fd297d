//! Running other programs: finding them, listening to them, and telling in one sentence how they failed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::Failure;

/// The cargo that runs this command, with the words given.
///
/// `cargo run` tells its child about the package that it runs. Build scripts that look at those variables would otherwise be
/// run again each time one builds now with, now without `cargo xtask`.
pub fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_this_package) {
            command.env_remove(name);
        }
    }
    if std::io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always"); // its output may pass through our hands on the way to the terminal
    }
    command.args(words);
    command
}

/// Builds every program and every test, as the tests are run. Programs by themselves would have dependencies with other features, and cargo
/// would build nearly everything once more for the tests.
pub fn build() -> Result<(), Failure> {
    let all = ["build", "--workspace", "--bins", "--tests", "--locked"];
    run(&mut cargo(&all))
}

fn is_about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// Where a program lies on the `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Runs a program that speaks for itself.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| not_started(command, &error))?;
    succeeded(command, status)
}

/// Runs a program for what it prints on standard output. What it says on standard error is shown only if it fails.
pub fn read(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "{}\n{}",
            failed(command, output.status),
            said.trim_end()
        )));
    }
    String::from_utf8(output.stdout).map_err(|error| {
        Failure::new(format!(
            "{} printed what is no text: {error}",
            spelled(command)
        ))
    })
}

/// Runs a program, passes on what it says as it says it, and hands each line (without colours) to `listen`.
pub fn listen(command: &mut Command, mut listen: impl FnMut(&str)) -> Result<(), Failure> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let (sender, lines) = std::sync::mpsc::channel();
    let readers = [
        child
            .stdout
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        child
            .stderr
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ];
    for (pipe, is_error) in readers.into_iter().zip([false, true]) {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe?).split(b'\n') {
                sender
                    .send((String::from_utf8_lossy(&line.ok()?).into_owned(), is_error))
                    .ok()?;
            }
            Some(())
        });
    }
    drop(sender);
    for (line, is_error) in lines {
        if is_error {
            eprintln!("{line}");
        } else {
            println!("{line}");
        }
        listen(&without_colours(&line));
    }
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    succeeded(command, status)
}

/// Says something on standard output at once, so that it stands before what the next program says.
pub fn say(sentence: &str) {
    println!("{sentence}");
    // Nobody reads any more: the exit status still tells.
    let _ = std::io::stdout().flush();
}

/// The line without terminal escapes (`ESC [ … letter`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = escape.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        rest = rest
            .strip_prefix(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(rest);
    }
    plain.push_str(rest);
    plain
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(failed(command, status)))
    }
}

fn failed(command: &Command, status: ExitStatus) -> String {
    format!("`{}` failed ({status})", spelled(command))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "`{}` could not be started: {error}",
        spelled(command)
    ))
}

/// The command as one would type it.
fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words: Vec<_> = std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_of_a_line() {
        assert_eq!(
            without_colours("\u{1b}[32;1m  Summary\u{1b}[0m [ 1s] \u{1b}[1m3\u{1b}[0m passed"),
            "  Summary [ 1s] 3 passed"
        );
        assert_eq!(without_colours("plain"), "plain");
    }

    #[test]
    fn both_streams_are_heard_and_the_failure_is_told() {
        let mut heard = Vec::new();
        let outcome = listen(
            Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]),
            |line| heard.push(line.to_owned()),
        );
        heard.sort();
        assert_eq!(heard, ["one", "two"]);
        assert!(outcome.unwrap_err().to_string().contains("exit status: 3"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("`no-such-program` could not be started")
        );
    }
}
