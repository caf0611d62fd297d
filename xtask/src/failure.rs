//! Why a command did not do what it was asked. One kind is enough: whoever reads it is a person, and the exit status is 1.

use std::fmt;

/// What went wrong and, where that is not plain, what to do about it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure told in these words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// One failure for a whole list of faults; none where the list is empty.
    pub fn unless_empty(faults: &[String], closing: &str) -> Result<(), Self> {
        if faults.is_empty() {
            return Ok(());
        }
        Err(Self(format!("\n  {}\n{closing}", faults.join("\n  "))))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
