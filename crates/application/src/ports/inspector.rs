//! A look inside a file: its type by content, whether it can be opened, how many pages it has (SUB-1).

use std::collections::BTreeSet;
use std::path::Path;

use async_trait::async_trait;
use domain::document::{FileName, FileProblem, Inspected, MediaType};

/// Why a file was not found good.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The sender can mend it.
    #[error(transparent)]
    Problem(#[from] FileProblem),
    /// The inspection itself does not work; the file may be good.
    #[error("the file could not be inspected")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Looks inside files that strangers sent. MUST be bounded in time and memory, whatever the file holds.
#[async_trait]
pub trait Inspector: Send + Sync {
    /// MUST tell empty, not accepted, cut off, password-protected, damaged and blank apart, and call nothing blank that may show something.
    /// The name decides nothing but whether a file that is no PDF was meant to be one.
    async fn inspect(
        &self,
        file: &Path,
        name: &FileName,
        accepted: &BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError>;
}
