//! A virus scanner, where the tribunal has one (SUB-1). What it has not found clean goes no further.

use std::path::Path;

use async_trait::async_trait;

/// What is behind an error, for the log.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a file was not found clean.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Something was found in it.
    #[error("found in the file: {signature}")]
    Infected {
        /// What the scanner calls it. Scanners' own names, never the sender's words.
        signature: String,
    },
    /// The scanner cannot see all of it, whoever asks and whenever.
    #[error("not all of the file can be scanned: {limit}")]
    NotScannable {
        /// What stands in the way, as the scanner calls it.
        limit: String,
    },
    /// The scanner does not work; the file may be good.
    #[error(transparent)]
    NotWorking(#[from] NotWorking),
}

/// Why a scanner cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum NotWorking {
    /// It does not answer, or not to the end. It may come back by itself.
    #[error("the virus scanner does not answer")]
    Away(#[source] Cause),
    /// It answers, and is not to be believed: it misses what it must find, or says what nobody understands. Somebody must look after it.
    #[error("the virus scanner cannot be relied upon")]
    NotReliable(#[source] Cause),
}

/// Looks for viruses.
#[async_trait]
pub trait VirusScanner: Send + Sync {
    /// Returns only if the scanner has seen the whole file and has said in so many words that nothing is in it. MUST be bounded in time.
    /// MUST NOT believe a scanner that does not show that it finds a test virus.
    async fn scan(&self, file: &Path) -> Result<(), ScanError>;

    /// Whether a file could be scanned now. MUST be bounded in time.
    async fn ready(&self) -> Result<(), NotWorking>;
}
