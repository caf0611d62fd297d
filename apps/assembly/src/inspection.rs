//! The process of its own in which strangers' PDFs are opened: this same program, called with a hidden word.

use std::ffi::OsString;
use std::process::ExitCode;

use scanning::{Inspection, Settings};

/// The hidden word.
const WORD: &str = "inspect-document";

/// Looks into the files that it is given, if the arguments say so. Call before anything else: the limits hold for the whole process.
pub fn answer(arguments: &[OsString]) -> Option<ExitCode> {
    match arguments {
        [_, word] if word == WORD => Some(scanning::child::main()),
        _ => None,
    }
}

/// The inspector that calls this program.
///
/// # Errors
/// When the program cannot find itself.
pub(crate) fn inspector() -> std::io::Result<Inspection> {
    let program = std::env::current_exe()?;
    Ok(Inspection::new(Settings::new(vec![
        program.into_os_string(),
        WORD.into(),
    ])))
}
