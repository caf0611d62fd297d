//! Opens one PDF, whose path is its only argument: the child process of this package's tests.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args_os().nth(1) {
        Some(path) => scanning::child::main(Path::new(&path)),
        None => ExitCode::FAILURE,
    }
}
