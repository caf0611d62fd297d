//! The confirmation number: proof that a submission is held by the tribunal (SUB-2). Random, so that it reveals no volumes.

use std::fmt;

use crate::readable_code::{self, NotReadable};

/// Eleven random symbols and a check character, shown as `XXXX-XXXX-XXXX`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfirmationNumber(String);

/// Symbols, the check character included.
const LENGTH: usize = 12;

impl ConfirmationNumber {
    /// A new number. Storage refuses one that is taken already, and the use case draws again.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(readable_code::grouped(&readable_code::from_random(
            random, LENGTH,
        )))
    }

    /// Reads what a person typed or dictated.
    ///
    /// # Errors
    /// [`NotReadable`] says whether length, symbol or check character is wrong.
    pub fn parse(text: &str) -> Result<Self, NotReadable> {
        readable_code::parse(text, LENGTH).map(|code| Self(readable_code::grouped(&code)))
    }

    /// As shown: `XXXX-XXXX-XXXX`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConfirmationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
