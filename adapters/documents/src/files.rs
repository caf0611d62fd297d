//! Files named by documents' ids: which folders hold them, which are old. Everything here may block.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use application::ports::documents::DocumentsError;
use domain::document::DocumentId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::unavailable;

/// Makes a folder that only this program's user may look into; one that is there is left as it is.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Why nothing can be put into a folder.
#[derive(Debug, thiserror::Error)]
#[error("the folder {} cannot be written", .0.display())]
struct NotWritable(PathBuf, #[source] io::Error);

/// Whether a file can be made in a folder; it is gone at once. Another user's folder looks well until somebody tries.
pub(crate) fn takes(folder: &Path) -> Result<(), DocumentsError> {
    tempfile::tempfile_in(folder)
        .map(drop)
        .map_err(|error| unavailable(NotWritable(folder.to_owned(), error)))
}

/// Makes a folder's entries durable.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes a file; one that is not there is no error.
pub(crate) fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(failed) if failed.kind() != io::ErrorKind::NotFound => Err(failed),
        _ => Ok(()),
    }
}

/// The first few documents in order of id that are greater than `after` and were last written before `at`, however many there are.
pub(crate) struct First {
    at: OffsetDateTime,
    after: DocumentId,
    limit: usize,
    found: BTreeSet<DocumentId>,
}

impl First {
    pub(crate) const fn new(at: OffsetDateTime, after: DocumentId, limit: usize) -> Self {
        Self {
            at,
            after,
            limit,
            found: BTreeSet::new(),
        }
    }

    /// Looks through one folder.
    pub(crate) fn gather(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(id) = id_of(&path).filter(|id| self.wants(*id)) else {
                continue;
            };
            match fs::metadata(&path).and_then(|about| about.modified()) {
                Ok(written) if OffsetDateTime::from(written) < self.at => self.add(id),
                Ok(_) => {}
                // Taken away since the folder was read.
                Err(failed) if failed.kind() == io::ErrorKind::NotFound => {}
                Err(failed) => return Err(failed),
            }
        }
        Ok(())
    }

    /// In order of id.
    pub(crate) fn found(self) -> Vec<DocumentId> {
        self.found.into_iter().collect()
    }

    /// Whether a document would be among them.
    fn wants(&self, id: DocumentId) -> bool {
        let has_room = self.found.len() < self.limit;
        let last = self.found.last();
        id > self.after
            && !self.found.contains(&id)
            && (has_room || last.is_some_and(|last| id < *last))
    }

    fn add(&mut self, id: DocumentId) {
        self.found.insert(id);
        if self.found.len() > self.limit {
            self.found.pop_last();
        }
    }
}

/// The document that a file belongs to, whatever its ending; other files are none of ours.
pub(crate) fn id_of(path: &Path) -> Option<DocumentId> {
    let name = path.file_name()?.to_str()?;
    let stem = name.split('.').next()?;
    Uuid::try_parse(stem).ok().map(DocumentId::new)
}
