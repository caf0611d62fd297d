//! What came in and was not looked into yet: plain files in a folder of this machine, each for as long as its request takes. Everything
//! here may block.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use application::ports::documents::DocumentsError;
use domain::document::DocumentId;
use tempfile::NamedTempFile;
use time::{Duration, OffsetDateTime};

use crate::files::{First, id_of, make, remove_if_there, takes};
use crate::{QUARANTINE, unavailable};

/// The ending of what is still coming in. It is never found under a document's id.
const COMING_IN: &str = "part";

/// The folder of quarantine.
#[derive(Debug, Clone)]
pub(crate) struct Quarantine(PathBuf);

impl Quarantine {
    /// Makes it under `root`.
    pub(crate) fn prepare(root: &Path) -> Result<Self, DocumentsError> {
        let root = std::path::absolute(root).map_err(unavailable)?;
        let folder = root.join(QUARANTINE);
        make(&root)
            .and_then(|()| make(&folder))
            .map_err(unavailable)?;
        Ok(Self(folder))
    }

    /// Whether something can be written.
    pub(crate) fn takes(&self) -> Result<(), DocumentsError> {
        takes(&self.0)
    }

    /// Where a document is written to as it comes.
    pub(crate) fn coming_in(&self, id: DocumentId) -> PathBuf {
        self.0.join(format!("{id}.{COMING_IN}"))
    }

    /// Where a whole document waits.
    pub(crate) fn place(&self, id: DocumentId) -> PathBuf {
        self.0.join(id.to_string())
    }

    /// The file of a document in quarantine.
    pub(crate) fn look_for(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        let path = self.place(id);
        match fs::metadata(&path) {
            Ok(_) => Ok(path),
            Err(failed) => Err(self.not_there(failed)),
        }
    }

    /// A document in quarantine, to read, and its size; `None` if there is none.
    pub(crate) fn open(&self, id: DocumentId) -> Result<Option<(File, u64)>, DocumentsError> {
        let opened = File::open(self.place(id)).and_then(|file| {
            let size = file.metadata()?.len();
            Ok((file, size))
        });
        match opened.map_err(|failed| self.not_there(failed)) {
            Ok(opened) => Ok(Some(opened)),
            Err(DocumentsError::Missing) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Removes a document.
    pub(crate) fn remove(&self, id: DocumentId) -> Result<(), DocumentsError> {
        remove_if_there(&self.coming_in(id))
            .and_then(|()| remove_if_there(&self.place(id)))
            .map_err(unavailable)
    }

    /// Removes what was last written longer than `age` ago, whole or half, by the clock that the folder's files have their times from: where
    /// several machines share it, a machine whose own clock is ahead must not take away what others are taking in.
    pub(crate) fn sweep(&self, age: Duration) -> Result<u64, DocumentsError> {
        let now = self.clock().map_err(unavailable)?;
        let mut gone = 0;
        for entry in fs::read_dir(&self.0).map_err(unavailable)? {
            let path = entry.map_err(unavailable)?.path();
            if id_of(&path).is_none() {
                continue;
            }
            let is_older = match fs::metadata(&path).and_then(|about| about.modified()) {
                // A file from the future is none that is old.
                Ok(written) => now.duration_since(written).is_ok_and(|since| since > age),
                Err(failed) if failed.kind() == io::ErrorKind::NotFound => false,
                Err(failed) => return Err(unavailable(failed)),
            };
            if is_older {
                remove_if_there(&path).map_err(unavailable)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// What the folder's clock shows now.
    fn clock(&self) -> io::Result<SystemTime> {
        let shown = NamedTempFile::new_in(&self.0)?;
        shown.as_file().metadata()?.modified()
    }

    /// Documents of a greater id than `after`, last written before `at`, in order of id. What was left half by a crash is among them.
    pub(crate) fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let mut first = First::new(at, after, limit);
        first.gather(&self.0).map_err(unavailable)?;
        Ok(first.found())
    }

    /// Says of a file that was not found whether it is the document that is missing or the whole folder.
    fn not_there(&self, failed: io::Error) -> DocumentsError {
        if failed.kind() == io::ErrorKind::NotFound && self.0.is_dir() {
            DocumentsError::Missing
        } else {
            unavailable(failed)
        }
    }
}
