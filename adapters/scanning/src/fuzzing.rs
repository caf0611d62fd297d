//! Ways in for fuzz targets: what looks into strangers' bytes, without the process and the limits around it. Not in the portal.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::document::{FileName, MediaType};

/// The first look into a file with those bytes: whether anything is found wrong with it. `None` where there is no place for such a file.
pub fn glance_at(bytes: &[u8]) -> Option<bool> {
    let file = PathBuf::from(format!("/dev/shm/glance-{}", std::process::id()));
    std::fs::write(&file, bytes).ok()?;
    let accepted: BTreeSet<MediaType> = MediaType::ALL.into_iter().collect();
    let name = FileName::from_sender("a");
    Some(crate::glance(&file, &name, &accepted).is_ok())
}

/// What the child process does with a PDF of those bytes: whether it can be opened.
pub fn open_pdf(bytes: &[u8]) -> bool {
    crate::child::opens(bytes)
}
