//! Codes that the tribunal configures or its case management system sends: divisions, regions, statuses, document types, orders.
//! Typed by what they name, so that a division cannot stand where a region belongs. What a code is called lives in `tribunal`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A short machine-readable name for one `Of`: 1 to 64 letters, digits, `-`, `_` or `.`.
pub struct Code<Of>(String, PhantomData<fn() -> Of>);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code is 1 to 64 letters, digits, hyphens, underscores or full stops")]
pub struct NotACode;

/// The longest code, in characters.
const LONGEST: usize = 64;

impl<Of> Code<Of> {
    /// Reads a code as it is written in configuration or on a wire.
    ///
    /// # Errors
    /// [`NotACode`] for an empty or overlong text, or one with other characters.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let fits = !text.is_empty() && text.len() <= LONGEST;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if fits && text.chars().all(plain) {
            Ok(Self(text.to_owned(), PhantomData))
        } else {
            Err(NotACode)
        }
    }

    /// A code that the domain itself gives.
    pub(crate) fn known(text: &'static str) -> Self {
        Self(text.to_owned(), PhantomData)
    }

    /// The code itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<Of> Clone for Code<Of> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<Of> PartialEq for Code<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<Of> Eq for Code<Of> {}

impl<Of> PartialOrd for Code<Of> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Of> Ord for Code<Of> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<Of> Hash for Code<Of> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<Of> fmt::Debug for Code<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<Of> fmt::Display for Code<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
