//! Where a file of cases comes from: one case per line, as the case management system exports them (CASE-1).

use async_trait::async_trait;
use domain::case_feed::SentCase;

/// Why a line is no case at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// More bytes than any case has.
    #[error("the line is longer than {0} bytes; each line is one case, and ends with a line break")]
    TooLong(usize),
    /// Not what the format asks for, or not UTF-8.
    #[error("the line is not one JSON object in UTF-8; each line is one whole case")]
    NotAnObject,
    /// It stops in the middle.
    #[error("the line breaks off; the file may not be whole, so export it again")]
    BrokenOff,
}

/// A line of the file.
pub struct SentLine {
    /// Which, counted from 1; empty lines count.
    pub line: u64,
    /// The case on it.
    pub sent: Result<SentCase, LineFault>,
}

/// The file cannot be read on.
#[derive(Debug, thiserror::Error)]
#[error("the file of cases cannot be read")]
pub struct Unreadable(#[source] pub std::io::Error);

/// The lines of one file, from its beginning to its end.
#[async_trait]
pub trait CaseLines: Send {
    /// The next lines that are not empty, at most `limit`, fewer where they are large: MUST NOT hold more than a few of the largest at once.
    /// None at the end of the file.
    ///
    /// # Errors
    /// [`Unreadable`].
    async fn next(&mut self, limit: usize) -> Result<Vec<SentLine>, Unreadable>;
}
