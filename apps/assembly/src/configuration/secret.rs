//! Secrets, each from its own key or from a file that another key names, as containers give them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::SecretString;

use super::findings::Findings;
use super::problem::At;
use super::text::{Place, Secret};

/// The longest secret that is read from a file, in bytes.
const LONGEST: u64 = 64 * 1024;

/// The secret at `key` or in the file at `key_file`, unless neither or both are given, or the file is of no use.
pub(super) fn secret(
    section: &At,
    key: &str,
    written: Option<&Secret>,
    file: Option<&Place>,
    findings: &mut Findings<'_>,
) -> Option<SecretString> {
    let at = section.then([key]);
    let file_key = format!("{key}_file");
    let at_file = section.then([file_key.as_str()]);
    match (written, file) {
        (Some(secret), None) => Some(secret.0.clone()),
        (None, Some(file)) => findings.take(&at_file, from_file(file.path())),
        (Some(_), Some(_)) => {
            let other = findings.source_of(&at);
            findings.tell(
                &at_file,
                format!("only one can be, {file_key} or {key}{other}"),
            );
            None
        }
        (None, None) => {
            let (section, variables) = (section.dotted(), [at.variable(), at_file.variable()]);
            let what = format!(
                "is missing; set {key} or {file_key} in [{section}], or {} in the environment",
                variables.join(" or ")
            );
            findings.tell_missing(&at, what);
            None
        }
    }
}

/// Why a secret's file is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum SecretFileError {
    #[error("the file {0} cannot be read: {1}")]
    Unreadable(String, io::Error),
    #[error("the file {0} is empty")]
    Empty(String),
    #[error("the file {0} is longer than any secret")]
    TooLong(String),
}

/// What a file holds, without the end of its line.
pub(super) fn from_file(path: &Path) -> Result<SecretString, SecretFileError> {
    let name = || path.display().to_string();
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text))
        .map_err(|error| SecretFileError::Unreadable(name(), error))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        Err(SecretFileError::Empty(name()))
    } else if text.len() as u64 > LONGEST {
        Err(SecretFileError::TooLong(name()))
    } else {
        Ok(SecretString::from(secret))
    }
}
