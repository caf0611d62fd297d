//! Sealed documents in a folder of this machine: `kept/xx/ID`, and `kept/xx/ID.key` where the key was rotated since. They are written in
//! `arriving/`, synced, and only then given their name.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use application::ports::documents::{ByteStream, DocumentsError};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::DocumentId;
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::Shelf;
use crate::files::{First, id_of, make, remove_if_there, sync};
use crate::sealed::SEALED_PIECE;
use crate::sealing::Sealing;
use crate::{off_the_runtime, unavailable};

/// A folder of sealed documents.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    arriving: PathBuf,
    kept: PathBuf,
}

impl Folder {
    /// Makes its places under `root`, durably.
    pub(crate) fn prepare(root: &Path) -> Result<Self, DocumentsError> {
        let root = std::path::absolute(root).map_err(unavailable)?;
        let folder = Self {
            arriving: root.join("arriving"),
            kept: root.join("kept"),
        };
        let new: Vec<_> = root.ancestors().take_while(|made| !made.exists()).collect();
        let shards = (0..=u8::MAX).map(|end| folder.kept.join(format!("{end:02x}")));
        make(&root)
            .and_then(|()| make(&folder.arriving))
            .and_then(|()| make(&folder.kept))
            .and_then(|()| shards.into_iter().try_for_each(|shard| make(&shard)))
            .and_then(|()| sync(&folder.kept))
            .and_then(|()| sync(&root))
            .and_then(|()| {
                new.iter()
                    .filter_map(|made| made.parent())
                    .try_for_each(sync)
            })
            .map_err(unavailable)?;
        Ok(folder)
    }

    /// Documents are spread over folders by the end of their id: its beginning is the time, and would fill one folder for years.
    fn shard(&self, id: DocumentId) -> PathBuf {
        let [.., last] = *id.uuid().as_bytes();
        self.kept.join(format!("{last:02x}"))
    }

    fn place(&self, id: DocumentId) -> PathBuf {
        self.shard(id).join(id.to_string())
    }

    fn envelope_place(&self, id: DocumentId) -> PathBuf {
        self.shard(id).join(format!("{id}.key"))
    }

    /// Writes a file of a document, and gives it its name when it is durable. What fails leaves nothing.
    fn write(
        &self,
        id: DocumentId,
        place: &Path,
        content: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = format!("{id}.");
        let mut file = NamedTempFile::with_prefix_in(name, &self.arriving)?;
        content(file.as_file_mut())?;
        file.as_file().sync_all()?;
        file.persist(place)?;
        sync(&self.shard(id))
    }

    /// What a crash left half of a document.
    fn remove_half(&self, id: DocumentId) -> io::Result<()> {
        for entry in fs::read_dir(&self.arriving)? {
            let path = entry?.path();
            if id_of(&path) == Some(id) {
                remove_if_there(&path)?;
            }
        }
        Ok(())
    }

    /// Says of a file that was not found whether it is the document that is missing or the whole store.
    fn not_there(&self, failed: io::Error) -> DocumentsError {
        if failed.kind() == io::ErrorKind::NotFound && self.kept.is_dir() {
            DocumentsError::Missing
        } else {
            unavailable(failed)
        }
    }
}

#[async_trait]
impl Shelf for Folder {
    async fn put(&self, id: DocumentId, mut sealing: Sealing) -> Result<(), DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let place = folder.place(id);
            let written = folder.write(id, &place, |file| {
                while let Some(next) = sealing.next()? {
                    file.write_all(&next)?;
                }
                Ok(())
            });
            written.map_err(unavailable)
        })
        .await
    }

    async fn holds(&self, id: DocumentId) -> Result<bool, DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let found = fs::metadata(folder.place(id)).map_err(|failed| folder.not_there(failed));
            match found {
                // Whoever put it there may have been cut off before its entry in the folder was durable.
                Ok(_) => sync(&folder.shard(id)).map(|()| true).map_err(unavailable),
                Err(DocumentsError::Missing) => Ok(false),
                Err(other) => Err(other),
            }
        })
        .await
    }

    async fn read(
        &self,
        id: DocumentId,
        at_most: Option<u64>,
    ) -> Result<(u64, ByteStream<'static>), DocumentsError> {
        let folder = self.clone();
        let (file, length) = off_the_runtime(move || {
            let opened = File::open(folder.place(id)).and_then(|file| {
                let length = file.metadata()?.len();
                Ok((file, length))
            });
            opened.map_err(|failed| folder.not_there(failed))
        })
        .await?;
        let file = tokio::fs::File::from_std(file).take(at_most.unwrap_or(u64::MAX));
        Ok((
            length,
            Box::pin(ReaderStream::with_capacity(file, SEALED_PIECE)),
        ))
    }

    async fn envelope(&self, id: DocumentId) -> Result<Option<Bytes>, DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let read = fs::read(folder.envelope_place(id));
            match read.map_err(|failed| folder.not_there(failed)) {
                Ok(envelope) => Ok(Some(envelope.into())),
                Err(DocumentsError::Missing) => Ok(None),
                Err(other) => Err(other),
            }
        })
        .await
    }

    async fn put_envelope(&self, id: DocumentId, envelope: Bytes) -> Result<(), DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let place = folder.envelope_place(id);
            let written = folder.write(id, &place, |file| file.write_all(&envelope));
            written.map_err(unavailable)
        })
        .await
    }

    async fn remove(&self, id: DocumentId) -> Result<(), DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            folder
                .remove_half(id)
                .and_then(|()| remove_if_there(&folder.envelope_place(id)))
                .and_then(|()| remove_if_there(&folder.place(id)))
                .map_err(unavailable)
        })
        .await
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let mut first = First::new(at, after, limit);
            first
                .gather(&folder.arriving)
                .and_then(|()| {
                    for shard in fs::read_dir(&folder.kept)? {
                        first.gather(&shard?.path())?;
                    }
                    Ok(())
                })
                .map_err(unavailable)?;
            Ok(first.found())
        })
        .await
    }
}
