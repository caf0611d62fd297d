//! The bytes of documents. What comes in waits in quarantine, a folder of this machine, for as long as it is looked into; what is kept is
//! sealed under a key of its own and lies in a folder or in a bucket (SUB-2). May know file systems, S3 and AES-GCM, and nothing of
//! cases or people.

mod arrival;
mod files;
mod master;
mod opening;
mod quarantine;
mod sealed;
mod sealing;
mod shelf;

use std::path::PathBuf;
use std::sync::Arc;

use application::ports::clock::Random;
use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, InQuarantine, Prepared, Received, Rewrapped,
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::DocumentId;
use futures_util::StreamExt;
use secrecy::SecretBox;
use time::{Duration, OffsetDateTime};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::arrival::{Arrival, InPlace};
use crate::master::{DocumentKey, ENVELOPE, EnvelopeError};
pub use crate::master::{KeyId, MasterKey, MasterKeys};
use crate::opening::Stored;
use crate::quarantine::Quarantine;
use crate::sealed::Pieces;
use crate::sealing::Sealing;
use crate::shelf::bucket::Bucket;
pub use crate::shelf::bucket::{BucketError, BucketSettings};
use crate::shelf::folder::Folder;
use crate::shelf::{Shelf, Unnamed};

/// Where documents lie, in the folder of documents: as they come in, while they are sealed, and from then on. With a bucket only the first.
pub const PLACES: [&str; 3] = [QUARANTINE, ARRIVING, KEPT];

const QUARANTINE: &str = "quarantine";
const ARRIVING: &str = "arriving";
/// The last of them, which alone a backup takes along.
pub const KEPT: &str = "kept";

/// How many bytes that come in are written at a time.
const AT_A_TIME: usize = 128 * 1024;

/// A piece with fewer bytes is put together with those beside it.
const SHORT: usize = 4 * 1024;

/// Where documents are, and under which keys.
pub struct Settings {
    /// The folder of quarantine, and of what is kept unless there is a bucket.
    pub folder: PathBuf,
    /// The bucket for what is kept.
    pub bucket: Option<BucketSettings>,
    /// The master keys.
    pub keys: MasterKeys,
}

/// The store of documents.
#[derive(Clone)]
pub struct SealedDocuments {
    quarantine: Quarantine,
    shelf: Arc<dyn Shelf>,
    keys: Arc<MasterKeys>,
    random: Arc<dyn Random>,
}

impl SealedDocuments {
    /// Makes the folder if there is none. A bucket must be there, and is first asked when a document comes.
    ///
    /// # Errors
    /// [`DocumentsError::Unavailable`] when the folder cannot be made or written, or the bucket's settings are none.
    pub async fn open(settings: Settings, random: Arc<dyn Random>) -> Result<Self, DocumentsError> {
        let (root, in_folder) = (settings.folder, settings.bucket.is_none());
        let (quarantine, folder) = off_the_runtime(move || {
            let folder = in_folder.then(|| Folder::prepare(&root)).transpose()?;
            folder.iter().try_for_each(Shelf::takes)?;
            let quarantine = Quarantine::prepare(&root)?;
            quarantine.takes()?;
            Ok((quarantine, folder))
        })
        .await?;
        let shelf: Arc<dyn Shelf> = match (folder, &settings.bucket) {
            (Some(folder), _) => Arc::new(folder),
            (None, Some(bucket)) => Arc::new(Bucket::new(bucket).map_err(unavailable)?),
            (None, None) => return Err(DocumentsError::Missing),
        };
        Ok(Self {
            quarantine,
            shelf,
            keys: Arc::new(settings.keys),
            random,
        })
    }

    /// The beginning of a kept document, its pieces, and how many bytes of it are stored.
    async fn stored(&self, id: DocumentId) -> Result<(Stored, Pieces, u64), DocumentsError> {
        let (length, bytes) = self.shelf.read(id, None).await?;
        let mut stored = Stored::new(bytes);
        let envelope = stored.envelope().await?;
        let key = self.key(id, &envelope).await?;
        Ok((stored, Pieces::of(id, &key), length))
    }

    /// A document's key: from the envelope that it was stored with, or else from the one that a rotation put beside it.
    async fn key(&self, id: DocumentId, envelope: &[u8]) -> Result<DocumentKey, DocumentsError> {
        match self.keys.unwrap(id, envelope) {
            Err(EnvelopeError::KeyUnknown(_)) => {}
            opened => return opened.map_err(|error| not_opened(id, error)),
        }
        let beside = self.shelf.envelope(id).await?;
        let beside = beside.as_deref().unwrap_or(envelope);
        self.keys
            .unwrap(id, beside)
            .map_err(|error| not_opened(id, error))
    }

    /// A document in quarantine, sealed as far as that can be taken back; `None` if there is none.
    async fn ready(&self, id: DocumentId) -> Result<Option<Ready>, DocumentsError> {
        let quarantine = self.quarantine.clone();
        let Some(plain) = off_the_runtime(move || quarantine.open(id)).await? else {
            return Ok(None);
        };
        Ok(Some(Ready {
            id,
            unnamed: self.shelf.prepare(id, self.sealing(id, plain)?).await?,
            quarantine: self.quarantine.clone(),
        }))
    }

    /// A kept document as it will be stored, under a new key.
    fn sealing(
        &self,
        id: DocumentId,
        (plain, size): (std::fs::File, u64),
    ) -> Result<Sealing, DocumentsError> {
        let key = DocumentKey {
            key: SecretBox::new(Box::new(self.random.bytes())),
            size,
        };
        let envelope = self.keys.wrap(id, &key, self.random.bytes());
        let envelope = envelope.map_err(|error| not_opened(id, error))?;
        Ok(Sealing::new(plain, Pieces::of(id, &key), envelope))
    }
}

/// A document in quarantine whose request still goes on.
struct Waiting(Option<InPlace>);

impl InQuarantine for Waiting {}

impl Drop for Waiting {
    fn drop(&mut self) {
        let in_place = self.0.take();
        // A file may take long to go, and this may be anywhere.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn_blocking(move || drop(in_place));
        }
    }
}

/// A document that is still in quarantine, and sealed without a name.
struct Ready {
    id: DocumentId,
    unnamed: Box<dyn Unnamed>,
    quarantine: Quarantine,
}

#[async_trait]
impl Prepared for Ready {
    async fn keep(self: Box<Self>) -> Result<Durable, DocumentsError> {
        let Self {
            id,
            unnamed,
            quarantine,
        } = *self;
        unnamed.name().await?;
        off_the_runtime(move || quarantine.remove(id)).await?;
        Ok(Durable { id })
    }
}

#[async_trait]
impl Documents for SealedDocuments {
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<(Received, Box<dyn InQuarantine>), DocumentsError> {
        if self.shelf.holds(id).await? {
            let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(unavailable(taken));
        }
        let quarantine = self.quarantine.clone();
        let arrival = off_the_runtime(move || Arrival::begin(&quarantine, id)).await?;
        let arrival = take_in(arrival, bytes, limit).await?;
        let (received, in_place) = off_the_runtime(move || arrival.finish()).await?;
        Ok((received, Box::new(Waiting(Some(in_place)))))
    }

    async fn takes(&self) -> Result<(), DocumentsError> {
        let here = self.clone();
        off_the_runtime(move || {
            here.quarantine.takes()?;
            here.shelf.takes()
        })
        .await
    }

    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        let quarantine = self.quarantine.clone();
        off_the_runtime(move || quarantine.look_for(id)).await
    }

    async fn sweep(&self, age: Duration) -> Result<u64, DocumentsError> {
        let quarantine = self.quarantine.clone();
        off_the_runtime(move || quarantine.sweep(age)).await
    }

    async fn prepare(&self, id: DocumentId) -> Result<Box<dyn Prepared>, DocumentsError> {
        let ready = self.ready(id).await?.ok_or(DocumentsError::Missing)?;
        Ok(Box::new(ready))
    }

    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError> {
        match self.ready(id).await? {
            Some(ready) => Box::new(ready).keep().await,
            None if self.shelf.holds(id).await? => Ok(Durable { id }),
            None => Err(DocumentsError::Missing),
        }
    }

    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        let quarantine = self.quarantine.clone();
        off_the_runtime(move || quarantine.remove(id)).await?;
        self.shelf.remove(id).await
    }

    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        let (stored, pieces, length) = self.stored(id).await?;
        let pieces = Arc::new(pieces);
        if length != pieces.stored() {
            return Err(DocumentsError::Altered(id));
        }
        stored.verify(id, pieces.clone()).await?;
        let (_, bytes) = self.shelf.read(id, None).await?;
        let mut stored = Stored::new(bytes);
        stored.envelope().await?;
        Ok(stored.opened(pieces))
    }

    async fn rewrap(&self, id: DocumentId) -> Result<Rewrapped, DocumentsError> {
        let (_, bytes) = match self.shelf.read(id, Some(ENVELOPE as u64)).await {
            Err(DocumentsError::Missing) => return Ok(Rewrapped::NotNeeded),
            read => read?,
        };
        let envelope = Stored::new(bytes).envelope().await?;
        if self.keys.is_newest(&envelope) {
            return Ok(Rewrapped::NotNeeded);
        }
        let beside = self.shelf.envelope(id).await?;
        if beside.is_some_and(|beside| self.keys.is_newest(&beside)) {
            return Ok(Rewrapped::NotNeeded);
        }
        let key = self.key(id, &envelope).await?;
        let envelope = self.keys.wrap(id, &key, self.random.bytes());
        let envelope = envelope.map_err(|error| not_opened(id, error))?;
        self.shelf.put_envelope(id, envelope.into()).await?;
        Ok(Rewrapped::Now)
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let quarantine = self.quarantine.clone();
        let waiting = off_the_runtime(move || quarantine.written_before(at, after, limit)).await?;
        let mut found = self.shelf.written_before(at, after, limit).await?;
        found.extend(waiting);
        found.sort_unstable();
        found.dedup();
        found.truncate(limit);
        Ok(found)
    }
}

/// Takes in what the sender sends, a few bytes at a time; while some are written, the next may come. What came so far is gone when it breaks
/// off, is too much, or is dropped.
async fn take_in(
    arrival: Arrival,
    mut bytes: ByteStream<'_>,
    limit: u64,
) -> Result<Arrival, DocumentsError> {
    let mut waiting = Gathered::default();
    let mut size = 0_u64;
    let mut under_way = Writing::Nothing(arrival);
    while let Some(next) = bytes.next().await {
        let next = match next {
            Ok(next) => next,
            Err(broken) => {
                take_back(under_way.done().await?).await?;
                return Err(DocumentsError::BrokenOff(broken));
            }
        };
        size = size.saturating_add(next.len() as u64);
        if size > limit {
            take_back(under_way.done().await?).await?;
            return Err(DocumentsError::TooLarge { limit });
        }
        waiting.add(next);
        // Small pieces are collected, so that a slow sender does not cost a task for every few bytes.
        if waiting.length >= AT_A_TIME {
            under_way = under_way.then(waiting.take()).await?;
        }
    }
    under_way.then(waiting.take()).await?.done().await
}

/// Pieces that wait to be written together. Short ones are put into one place: by itself each holds many times its bytes, and a sender chooses how
/// short they are.
#[derive(Default)]
struct Gathered {
    pieces: Vec<Bytes>,
    short: Vec<u8>,
    length: usize,
}

impl Gathered {
    fn add(&mut self, piece: Bytes) {
        self.length = self.length.saturating_add(piece.len());
        if piece.len() < SHORT {
            self.short.extend_from_slice(&piece);
        } else {
            self.settle();
            self.pieces.push(piece);
        }
    }

    /// Puts what is short behind what came before it.
    fn settle(&mut self) {
        if !self.short.is_empty() {
            self.pieces.push(std::mem::take(&mut self.short).into());
        }
    }

    fn take(&mut self) -> Vec<Bytes> {
        self.settle();
        self.length = 0;
        std::mem::take(&mut self.pieces)
    }
}

/// A document that is coming in, and what is being written of it.
enum Writing {
    Nothing(Arrival),
    Some(JoinHandle<Result<Arrival, DocumentsError>>),
}

impl Writing {
    /// Begins to write the next pieces as soon as those before them are written.
    async fn then(self, pieces: Vec<Bytes>) -> Result<Self, DocumentsError> {
        let arrival = self.done().await?;
        Ok(Self::Some(spawn_blocking(move || arrival.write(&pieces))))
    }

    /// Waits until everything is written.
    async fn done(self) -> Result<Arrival, DocumentsError> {
        match self {
            Self::Nothing(arrival) => Ok(arrival),
            Self::Some(writing) => writing
                .await
                .unwrap_or_else(|failed| Err(unavailable(failed))),
        }
    }
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
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentsError> + Send + 'static,
) -> Result<T, DocumentsError> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|failed| Err(unavailable(failed)))
}

/// The store does not work.
pub(crate) fn unavailable(
    failed: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> DocumentsError {
    DocumentsError::Unavailable(failed.into())
}

/// A key that is not configured is an operator's to put right; everything else is not what was stored.
fn not_opened(id: DocumentId, error: EnvelopeError) -> DocumentsError {
    match error {
        EnvelopeError::Altered => DocumentsError::Altered(id),
        EnvelopeError::KeyUnknown(master) => DocumentsError::KeyUnknown(master.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Gathered, SHORT};

    /// V-8: a sender of single bytes does not have each of them kept by itself, and the order stays.
    #[test]
    fn short_pieces_are_put_together() {
        let mut waiting = Gathered::default();
        let mut sent: Vec<u8> = Vec::new();
        let mut add = |waiting: &mut Gathered, piece: Vec<u8>| {
            sent.extend(&piece);
            waiting.add(piece.into());
        };
        for byte in 0..=255 {
            add(&mut waiting, vec![byte]);
        }
        add(&mut waiting, vec![7; SHORT]);
        add(&mut waiting, vec![8]);
        assert_eq!(waiting.length, sent.len());
        let pieces = waiting.take();
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces.concat(), sent);
        assert!(waiting.take().is_empty() && waiting.length == 0);
    }
}
