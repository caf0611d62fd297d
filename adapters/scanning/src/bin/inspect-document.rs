//! Opens PDFs whose paths come in: the child process of this package's tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    scanning::child::main()
}
