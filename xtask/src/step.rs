//! One step of a command: said before, timed after, and stopped at when it fails.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// What went wrong, in words for the person who called.
pub type Outcome<T = ()> = Result<T, String>;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// A command of cargo's, run in the root.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a step under its name and says how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("\n── {name}");
    let start = Instant::now();
    let done = work().map_err(|why| format!("{name}: {why}"))?;
    println!("── {name}: done in {:.1} s", start.elapsed().as_secs_f32());
    Ok(done)
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Outcome {
    let shown = format!(
        "{} {}",
        command.get_program().display(),
        shown_arguments(command)
    );
    let status = command
        .status()
        .map_err(|error| format!("`{shown}` cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status})"))
    }
}

/// Runs a command to its end and gives what it printed.
pub fn output_of(command: &mut Command) -> Outcome<String> {
    let shown = format!(
        "{} {}",
        command.get_program().display(),
        shown_arguments(command)
    );
    let output = command
        .output()
        .map_err(|error| format!("`{shown}` cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "`{shown}` failed ({})\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn shown_arguments(command: &Command) -> String {
    command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a program of that name is on the path.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}
