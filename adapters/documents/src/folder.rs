//! Where a document's bytes are in the folder, and how they get from one place to the next. Knows paths and the file system's promises;
//! everything here may block.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use application::ports::documents::DocumentsError;
use domain::document::DocumentId;
use time::OffsetDateTime;
use uuid::Uuid;

/// The ending of what is still coming in. It is never found under a document's id.
const COMING_IN: &str = "part";

/// The two places of documents.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    quarantine: PathBuf,
    kept: PathBuf,
}

impl Folder {
    /// Makes both places under `root`, durably.
    pub(crate) fn prepare(root: &Path) -> Result<Self, DocumentsError> {
        let root = std::path::absolute(root).map_err(unavailable)?;
        let folder = Self {
            quarantine: root.join("quarantine"),
            kept: root.join("kept"),
        };
        let new: Vec<_> = root.ancestors().take_while(|made| !made.exists()).collect();
        make(&root)
            .and_then(|()| make(&folder.quarantine))
            .and_then(|()| make(&folder.kept))
            .and_then(|()| sync(&root))
            .and_then(|()| {
                new.iter()
                    .filter_map(|made| made.parent())
                    .try_for_each(sync)
            })
            .map_err(unavailable)?;
        Ok(folder)
    }

    /// Where a document is written to as it comes.
    pub(crate) fn coming_in(&self, id: DocumentId) -> PathBuf {
        self.quarantine.join(format!("{id}.{COMING_IN}"))
    }

    /// Where a whole document waits.
    pub(crate) fn quarantined(&self, id: DocumentId) -> PathBuf {
        self.quarantine.join(id.to_string())
    }

    /// Where a document is kept.
    pub(crate) fn kept(&self, id: DocumentId) -> PathBuf {
        self.shard(id).join(id.to_string())
    }

    /// Documents are spread over folders by the end of their id: its beginning is the time, and would fill one folder for years.
    fn shard(&self, id: DocumentId) -> PathBuf {
        let [.., last] = *id.uuid().as_bytes();
        self.kept.join(format!("{last:02x}"))
    }

    /// The file of a document in quarantine.
    pub(crate) fn look_for_quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        let path = self.quarantined(id);
        match fs::metadata(&path) {
            Ok(_) => Ok(path),
            Err(failed) => Err(self.not_there(failed)),
        }
    }

    /// A kept document's file, to read.
    pub(crate) fn open_kept(&self, id: DocumentId) -> Result<File, DocumentsError> {
        File::open(self.kept(id)).map_err(|failed| self.not_there(failed))
    }

    /// Takes a document out of quarantine. The bytes were synced when they had come; here it is the folders' entries. They are synced
    /// even if the document is kept already, because whoever kept it may have been cut off before.
    pub(crate) fn keep(&self, id: DocumentId) -> Result<(), DocumentsError> {
        let (from, shard, to) = (self.quarantined(id), self.shard(id), self.kept(id));
        if from.try_exists().map_err(unavailable)? {
            make(&shard).map_err(unavailable)?;
        }
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(failed) if failed.kind() == io::ErrorKind::NotFound && to.is_file() => {}
            Err(failed) => return Err(self.not_there(failed)),
        }
        sync(&shard)
            .and_then(|()| sync(&self.kept))
            .and_then(|()| sync(&self.quarantine))
            .map_err(unavailable)
    }

    /// Removes a document wherever it is.
    pub(crate) fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        for path in [self.coming_in(id), self.quarantined(id), self.kept(id)] {
            match fs::remove_file(path) {
                Ok(()) => {}
                Err(failed) if failed.kind() == io::ErrorKind::NotFound => {}
                Err(failed) => return Err(unavailable(failed)),
            }
        }
        Ok(())
    }

    /// Documents of a greater id than `after`, last written before `at`, in order of id. What was left half by a crash is among them.
    pub(crate) fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let mut first = First {
            limit,
            found: BTreeSet::new(),
        };
        let gathered = gather(&self.quarantine, at, after, &mut first).and_then(|()| {
            for shard in fs::read_dir(&self.kept)? {
                gather(&shard?.path(), at, after, &mut first)?;
            }
            Ok(())
        });
        gathered.map_err(unavailable)?;
        Ok(first.found.into_iter().collect())
    }

    /// Says of a file that was not found whether it is the document that is missing or the whole store.
    fn not_there(&self, failed: io::Error) -> DocumentsError {
        if failed.kind() == io::ErrorKind::NotFound
            && self.quarantine.is_dir()
            && self.kept.is_dir()
        {
            DocumentsError::Missing
        } else {
            unavailable(failed)
        }
    }
}

/// The store does not work.
pub(crate) fn unavailable(failed: io::Error) -> DocumentsError {
    DocumentsError::Unavailable(Box::new(failed))
}

/// Makes a folder that only this program's user may look into; one that is there is left as it is.
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a folder's entries durable.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The first few documents in order of id, however many there are.
struct First {
    limit: usize,
    found: BTreeSet<DocumentId>,
}

impl First {
    /// Whether a document would be among them.
    fn wants(&self, id: DocumentId) -> bool {
        let has_room = self.found.len() < self.limit;
        let last = self.found.last();
        !self.found.contains(&id) && (has_room || last.is_some_and(|last| id < *last))
    }

    fn add(&mut self, id: DocumentId) {
        self.found.insert(id);
        if self.found.len() > self.limit {
            self.found.pop_last();
        }
    }
}

/// Adds the documents of one folder that are greater than `after` and were last written before `at`.
fn gather(
    folder: &Path,
    at: OffsetDateTime,
    after: DocumentId,
    first: &mut First,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(id) = id_of(&path).filter(|id| *id > after && first.wants(*id)) else {
            continue;
        };
        match fs::metadata(&path).and_then(|about| about.modified()) {
            Ok(written) if OffsetDateTime::from(written) < at => first.add(id),
            Ok(_) => {}
            // Taken away since the folder was read.
            Err(failed) if failed.kind() == io::ErrorKind::NotFound => {}
            Err(failed) => return Err(failed),
        }
    }
    Ok(())
}

/// The document that a file belongs to; other files are none of ours.
fn id_of(path: &Path) -> Option<DocumentId> {
    let stem = path.file_stem()?.to_str()?;
    match path.extension().map(|ending| ending.to_str()) {
        None | Some(Some(COMING_IN)) => Uuid::try_parse(stem).ok().map(DocumentId::new),
        Some(_) => None,
    }
}
