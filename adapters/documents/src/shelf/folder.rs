//! Sealed documents in a folder of this machine: `kept/xx/ID`, and `kept/xx/ID.key` where the key was rotated since. They are written in
//! `arriving/`, synced, and only then given their name.

use std::fs::{self, File};
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use application::ports::documents::{ByteStream, DocumentsError};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::DocumentId;
use tempfile::{NamedTempFile, TempPath};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::io::ReaderStream;

use super::{Shelf, Unnamed};
use crate::files::{First, id_of, make, remove_if_there, sync, takes};
use crate::sealed::SEALED_PIECE;
use crate::sealing::Sealing;
use crate::{ARRIVING, KEPT, off_the_runtime, unavailable};

/// How many documents are sealed at a time before they are found good: each lies there twice meanwhile, and takes a thread. Those that come
/// when there are so many are sealed afterwards.
const AHEAD: usize = 8;

/// How many bytes of a large document are written before the disk is told to begin with them, while those after are still being sealed.
const BEGIN_AFTER: usize = 8 * 1024 * 1024;

/// A folder of sealed documents.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    arriving: PathBuf,
    kept: PathBuf,
    ahead: Arc<Semaphore>,
}

impl Folder {
    /// Makes its places under `root`, durably.
    pub(crate) fn prepare(root: &Path) -> Result<Self, DocumentsError> {
        let root = std::path::absolute(root).map_err(unavailable)?;
        let folder = Self {
            arriving: root.join(ARRIVING),
            kept: root.join(KEPT),
            ahead: Arc::new(Semaphore::new(AHEAD)),
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

    /// Writes a file of a document durably, and gives it no name. What fails leaves nothing.
    fn write(
        &self,
        id: DocumentId,
        content: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<Written> {
        let name = format!("{id}.");
        let mut file = NamedTempFile::with_prefix_in(name, &self.arriving)?;
        content(file.as_file_mut())?;
        file.as_file().sync_all()?;
        Ok(Written(Some(file.into_temp_path())))
    }

    /// Seals a document durably, and gives it no name.
    async fn seal(&self, id: DocumentId, sealing: Sealing) -> Result<Written, DocumentsError> {
        let folder = self.clone();
        off_the_runtime(move || {
            let written = folder.write(id, |file| seal_into(file, sealing));
            written.map_err(unavailable)
        })
        .await
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

/// Seals a document into a file. What is sealed of a large one goes to the disk meanwhile, so that the last sync has little left to wait for.
fn seal_into(file: &mut File, mut sealing: Sealing) -> io::Result<()> {
    let disk = file.try_clone()?;
    thread::scope(|scope| {
        let mut syncing: Option<ScopedJoinHandle<'_, io::Result<()>>> = None;
        let mut waiting = 0;
        while let Some(piece) = sealing.next()? {
            file.write_all(&piece)?;
            waiting += piece.len();
            let is_idle = syncing.as_ref().is_none_or(ScopedJoinHandle::is_finished);
            if waiting >= BEGIN_AFTER && is_idle {
                waiting = 0;
                // Where no thread is to be had, all of it waits for the sync at the end.
                let next = thread::Builder::new().spawn_scoped(scope, || disk.sync_data());
                let before = mem::replace(&mut syncing, next.ok());
                before.map_or(Ok(()), outcome)?;
            }
        }
        syncing.map_or(Ok(()), outcome)
    })
}

/// How a sync went. A file tells of a failure once: whoever is not told here would take it for durable.
fn outcome(syncing: ScopedJoinHandle<'_, io::Result<()>>) -> io::Result<()> {
    let failed = |_| Err(io::Error::other("the disk was not told to sync"));
    syncing.join().unwrap_or_else(failed)
}

/// A file that is durable and has no name. Dropping it removes it.
struct Written(Option<TempPath>);

impl Written {
    /// Gives it its name, durably.
    fn name(mut self, place: &Path) -> io::Result<()> {
        if let Some(file) = self.0.take() {
            file.persist(place)?;
        }
        place.parent().map_or(Ok(()), sync)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // A large file takes a while to remove, and requests are dropped where nothing may block.
        if let (Some(file), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn_blocking(move || drop(file));
        }
    }
}

/// A document that is to have a place here.
struct ToName {
    folder: Folder,
    id: DocumentId,
    is: Is,
}

/// What there is of it.
enum Is {
    /// All of it, sealed and durable.
    Sealed(Written, OwnedSemaphorePermit),
    /// Nothing.
    Waiting(Box<Sealing>),
}

#[async_trait]
impl Unnamed for ToName {
    async fn name(self: Box<Self>) -> Result<(), DocumentsError> {
        let Self { folder, id, is } = *self;
        let (written, _turn) = match is {
            Is::Sealed(written, turn) => (written, Some(turn)),
            Is::Waiting(sealing) => (folder.seal(id, *sealing).await?, None),
        };
        let place = folder.place(id);
        off_the_runtime(move || written.name(&place).map_err(unavailable)).await
    }
}

#[async_trait]
impl Shelf for Folder {
    fn takes(&self) -> Result<(), DocumentsError> {
        takes(&self.arriving)?;
        // Those within were made together.
        takes(&self.kept.join("00"))
    }

    async fn prepare(
        &self,
        id: DocumentId,
        sealing: Sealing,
    ) -> Result<Box<dyn Unnamed>, DocumentsError> {
        let is = match self.ahead.clone().try_acquire_owned() {
            Ok(turn) => Is::Sealed(self.seal(id, sealing).await?, turn),
            Err(_) => Is::Waiting(Box::new(sealing)),
        };
        let folder = self.clone();
        Ok(Box::new(ToName { folder, id, is }))
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
            let written = folder.write(id, |file| file.write_all(&envelope));
            let named = written.and_then(|written| written.name(&place));
            named.map_err(unavailable)
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
