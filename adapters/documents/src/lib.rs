//! The bytes of documents in a folder of this machine: `quarantine/` for what came in, `kept/xx/` for what is kept (SUB-2). May know
//! the file system, and nothing of cases or people.
//!
//! Plain files, not the `object_store` crate: a store of objects takes bytes once and is done, but here they are looked at in between,
//! and a `keep` that was interrupted between the rename and the folder's sync has to be finished by the next one. `object_store`
//! syncs a folder only together with a rename of its own, so the second `keep` could not give the promise. A remote store comes as
//! another implementation of the same port, under the same contract.

mod arrival;
mod folder;

use std::path::PathBuf;

use application::ports::documents::{ByteStream, Documents, DocumentsError, Durable, Received};
use async_trait::async_trait;
use domain::document::DocumentId;
use futures_util::StreamExt;
use time::OffsetDateTime;
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use crate::arrival::Arrival;
use crate::folder::Folder;

/// How many bytes are given out at a time.
const CHUNK: usize = 64 * 1024;

/// Documents in a local folder.
#[derive(Debug, Clone)]
pub struct LocalDocuments {
    folder: Folder,
}

impl LocalDocuments {
    /// Documents under `folder`, which is made if there is none. Quarantined and kept documents MUST be on one file system.
    ///
    /// # Errors
    /// [`DocumentsError::Unavailable`] when the folder cannot be made or written.
    pub async fn open(folder: PathBuf) -> Result<Self, DocumentsError> {
        let folder = off_the_runtime(move || Folder::prepare(&folder)).await?;
        Ok(Self { folder })
    }
}

#[async_trait]
impl Documents for LocalDocuments {
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<Received, DocumentsError> {
        let folder = self.folder.clone();
        let arrival = off_the_runtime(move || Arrival::begin(&folder, id)).await?;
        let arrival = take_in(arrival, bytes, limit).await?;
        let (received, in_place) = off_the_runtime(move || arrival.finish()).await?;
        // Only now does somebody hear of it; whoever stopped listening before leaves nothing behind.
        in_place.stay();
        Ok(received)
    }

    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        let folder = self.folder.clone();
        off_the_runtime(move || folder.look_for_quarantined(id)).await
    }

    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError> {
        let folder = self.folder.clone();
        off_the_runtime(move || folder.keep(id)).await?;
        Ok(Durable { id })
    }

    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        let folder = self.folder.clone();
        off_the_runtime(move || folder.discard(id)).await
    }

    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        let folder = self.folder.clone();
        let file = off_the_runtime(move || folder.open_kept(id)).await?;
        let file = tokio::fs::File::from_std(file);
        Ok(Box::pin(ReaderStream::with_capacity(file, CHUNK)))
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let folder = self.folder.clone();
        off_the_runtime(move || folder.written_before(at, after, limit)).await
    }
}

/// Takes in what the sender sends, a few bytes at a time. What came so far is gone when it breaks off, is too much, or is dropped.
async fn take_in(
    mut arrival: Arrival,
    mut bytes: ByteStream<'_>,
    limit: u64,
) -> Result<Arrival, DocumentsError> {
    let mut waiting = Vec::new();
    let (mut size, mut length) = (0_u64, 0_usize);
    while let Some(next) = bytes.next().await {
        let next = match next {
            Ok(next) => next,
            Err(broken) => {
                take_back(arrival).await?;
                return Err(DocumentsError::BrokenOff(broken));
            }
        };
        size = size.saturating_add(next.len() as u64);
        length = length.saturating_add(next.len());
        if size > limit {
            take_back(arrival).await?;
            return Err(DocumentsError::TooLarge { limit });
        }
        waiting.push(next);
        // Small pieces are collected, so that a slow sender does not cost a task for every few bytes.
        if length >= CHUNK {
            let pieces = std::mem::take(&mut waiting);
            length = 0;
            arrival = off_the_runtime(move || arrival.write(&pieces)).await?;
        }
    }
    off_the_runtime(move || arrival.write(&waiting)).await
}

/// Removes what came, before anybody hears that it failed.
async fn take_back(arrival: Arrival) -> Result<(), DocumentsError> {
    off_the_runtime(move || {
        drop(arrival);
        Ok(())
    })
    .await
}

/// Runs file work where it may block. Work that has begun is finished even if nobody waits for it any more; what it returns is then
/// dropped there.
async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentsError> + Send + 'static,
) -> Result<T, DocumentsError> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|failed| Err(DocumentsError::Unavailable(Box::new(failed))))
}
