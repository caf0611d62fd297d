//! One Fluent file as it was read, and how a place in it is told to its author.

use std::fmt;

/// A Fluent file of one language.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Where it is inside the package, with `/` between folders.
    pub(crate) path: String,
    /// All it says.
    pub(crate) content: String,
}

impl File {
    /// The place of `part`, which must be a part of this file's own content.
    pub(crate) fn place_of(&self, part: &str) -> Place {
        // The parser keeps no positions, but what it returns are parts of the content.
        let offset = part
            .as_ptr()
            .addr()
            .wrapping_sub(self.content.as_ptr().addr());
        let before = self.content.get(..offset).unwrap_or_default();
        Place {
            file: self.path.clone(),
            line: before.matches('\n').count() + 1,
        }
    }
}

/// Where something is written; shown as `texts/fr/page.ftl:12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    file: String,
    line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
