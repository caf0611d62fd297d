//! Ports that do not do what they are asked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::Application;
use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, InQuarantine, Prepared, Received, Rewrapped,
};
use application::ports::inspector::{InspectError, Inspector};
use application::ports::mailer::{MailError, Mailer};
use application::ports::storage::{Snapshot, Storage, StorageError, Transaction};
use application::ports::tally::Tally;
use application::ports::uploads::{Part, Uploads};
use async_trait::async_trait;
use contract::samples::id;
use domain::account::AccountId;
use domain::audit::AuditEntry;
use domain::document::{DocumentId, FileName, FileProblem, Inspected, MediaType};
use domain::notice::Notice;
use domain::submission::SubmittedFile;
use domain::upload::{Upload, UploadId};
use futures_util::future::BoxFuture;
use time::{Duration, OffsetDateTime};
use tokio::sync::Semaphore;

/// What happens while somebody else is at work.
pub type Meanwhile = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// A store that cannot remove some of its documents, and before it keeps or opens one, something happens.
pub struct Store {
    pub inner: Arc<dyn Documents>,
    /// Whether there is no room for another.
    pub full: bool,
    pub stuck: BTreeSet<DocumentId>,
    pub meanwhile: Meanwhile,
}

impl Store {
    /// One in which nothing happens.
    pub fn stuck(inner: Arc<dyn Documents>, stuck: impl Iterator<Item = u128>) -> Self {
        Self {
            inner,
            full: false,
            stuck: stuck.map(id).collect(),
            meanwhile: Box::new(|| Box::pin(async {})),
        }
    }
}

#[async_trait]
impl Documents for Store {
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<(Received, Box<dyn InQuarantine>), DocumentsError> {
        self.inner.receive(id, bytes, limit).await
    }

    async fn takes(&self) -> Result<(), DocumentsError> {
        self.inner.takes().await
    }

    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        self.inner.quarantined(id).await
    }

    async fn sweep(&self, age: Duration) -> Result<u64, DocumentsError> {
        self.inner.sweep(age).await
    }

    async fn prepare(&self, id: DocumentId) -> Result<Box<dyn Prepared>, DocumentsError> {
        if self.full {
            return Err(DocumentsError::Unavailable("it is full".into()));
        }
        self.inner.prepare(id).await
    }

    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError> {
        if self.full {
            return Err(DocumentsError::Unavailable("it is full".into()));
        }
        (self.meanwhile)().await;
        self.inner.keep(id).await
    }

    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        if self.stuck.contains(&id) {
            return Err(DocumentsError::Unavailable("it is stuck".into()));
        }
        self.inner.discard(id).await
    }

    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        (self.meanwhile)().await;
        self.inner.open(id).await
    }

    async fn rewrap(&self, id: DocumentId) -> Result<Rewrapped, DocumentsError> {
        self.inner.rewrap(id).await
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        self.inner.written_before(at, after, limit).await
    }
}

/// A store of so many documents, of which only the keys matter.
pub struct Vault {
    documents: u128,
    fails_at: Option<u128>,
    answer: Rewrapped,
}

impl Vault {
    /// One whose keys are all under a former master key.
    pub const fn turning(documents: u128) -> Self {
        Self {
            documents,
            fails_at: None,
            answer: Rewrapped::Now,
        }
    }

    /// The same, which does not answer at that document.
    pub const fn failing_at(self, number: u128) -> Self {
        Self {
            fails_at: Some(number),
            ..self
        }
    }

    /// The same, with nothing left to turn.
    pub const fn under_the_newest_key(self) -> Self {
        Self {
            answer: Rewrapped::NotNeeded,
            ..self
        }
    }
}

#[async_trait]
impl Documents for Vault {
    async fn receive(
        &self,
        _: DocumentId,
        _: ByteStream<'_>,
        _: u64,
    ) -> Result<(Received, Box<dyn InQuarantine>), DocumentsError> {
        Err(DocumentsError::Missing)
    }

    async fn takes(&self) -> Result<(), DocumentsError> {
        Ok(())
    }

    async fn quarantined(&self, _: DocumentId) -> Result<PathBuf, DocumentsError> {
        Err(DocumentsError::Missing)
    }

    async fn sweep(&self, _: Duration) -> Result<u64, DocumentsError> {
        Ok(0)
    }

    async fn prepare(&self, _: DocumentId) -> Result<Box<dyn Prepared>, DocumentsError> {
        Err(DocumentsError::Missing)
    }

    async fn keep(&self, _: DocumentId) -> Result<Durable, DocumentsError> {
        Err(DocumentsError::Missing)
    }

    async fn discard(&self, _: DocumentId) -> Result<(), DocumentsError> {
        Ok(())
    }

    async fn open(&self, _: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        Err(DocumentsError::Missing)
    }

    async fn rewrap(&self, of: DocumentId) -> Result<Rewrapped, DocumentsError> {
        if self
            .fails_at
            .is_some_and(|number| id::<()>(number).uuid() == of.uuid())
        {
            return Err(DocumentsError::Unavailable("it went away".into()));
        }
        Ok(self.answer)
    }

    async fn written_before(
        &self,
        _: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let all = (1..=self.documents).map(id);
        Ok(all.filter(|id| *id > after).take(limit).collect())
    }
}

/// Uploads of which, before one or its parts are looked up, something happens.
pub struct Overtaken {
    pub inner: Arc<dyn Uploads>,
    pub meanwhile: Meanwhile,
}

#[async_trait]
impl Uploads for Overtaken {
    async fn begin(
        &self,
        upload: &Upload,
        at_most: usize,
        since: OffsetDateTime,
        entry: &AuditEntry,
    ) -> Result<bool, StorageError> {
        self.inner.begin(upload, at_most, since, entry).await
    }

    async fn find(&self, id: UploadId) -> Result<Option<Upload>, StorageError> {
        (self.meanwhile)().await;
        self.inner.find(id).await
    }

    async fn of(&self, account: AccountId) -> Result<Vec<Upload>, StorageError> {
        self.inner.of(account).await
    }

    async fn parts(&self, id: UploadId) -> Result<Vec<DocumentId>, StorageError> {
        (self.meanwhile)().await;
        self.inner.parts(id).await
    }

    async fn append(
        &self,
        id: UploadId,
        offset: u64,
        parts: &[Part],
    ) -> Result<bool, StorageError> {
        self.inner.append(id, offset, parts).await
    }

    async fn became(&self, id: UploadId, file: &SubmittedFile) -> Result<bool, StorageError> {
        self.inner.became(id, file).await
    }

    async fn end(&self, id: UploadId, entry: Option<&AuditEntry>) -> Result<bool, StorageError> {
        self.inner.end(id, entry).await
    }

    async fn begun_before(
        &self,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(UploadId, Option<DocumentId>)>, StorageError> {
        self.inner.begun_before(at, limit).await
    }
}

/// Records where somebody else is first every other time.
pub struct Busy {
    inner: Arc<dyn Storage>,
    begun: AtomicU64,
}

impl Busy {
    /// The portal with such records.
    pub fn portal(app: &Application) -> Application {
        let busy = Self {
            inner: app.storage.clone(),
            begun: AtomicU64::new(0),
        };
        Application {
            storage: Arc::new(busy),
            ..app.clone()
        }
    }
}

#[async_trait]
impl Storage for Busy {
    async fn read(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.inner.read().await
    }

    async fn glance(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.inner.glance().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        if self.begun.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            return Err(StorageError::Contention);
        }
        self.inner.begin().await
    }
}

/// Records where, before each change begins, something happens.
pub struct Changing {
    pub inner: Arc<dyn Storage>,
    pub meanwhile: Meanwhile,
}

#[async_trait]
impl Storage for Changing {
    async fn read(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.inner.read().await
    }

    async fn glance(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.inner.glance().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        (self.meanwhile)().await;
        self.inner.begin().await
    }
}

/// A mail server that takes as many notices as it was opened for, and lets the others wait.
pub struct Gate {
    room: Semaphore,
    came: AtomicU64,
}

impl Gate {
    pub fn new(room: usize) -> Self {
        Self {
            room: Semaphore::new(room),
            came: AtomicU64::new(0),
        }
    }

    pub fn open(&self, room: usize) {
        self.room.add_permits(room);
    }

    /// How many came to it.
    pub fn came(&self) -> u64 {
        self.came.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Mailer for Gate {
    async fn send(&self, _: &Notice, _: OffsetDateTime) -> Result<(), MailError> {
        self.came.fetch_add(1, Ordering::SeqCst);
        self.room.acquire().await.unwrap().forget();
        Ok(())
    }
}

/// A mailer that panics, and counts how often.
pub struct Panics(pub AtomicU64);

#[async_trait]
impl Mailer for Panics {
    async fn send(&self, _: &Notice, _: OffsetDateTime) -> Result<(), MailError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        unreachable!("it panics")
    }
}

/// Finds the same of every file that has a byte.
pub struct Finds(pub Result<Inspected, FileProblem>);

#[async_trait]
impl Inspector for Finds {
    async fn inspect(
        &self,
        file: &Path,
        _: &FileName,
        _: &BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError> {
        if std::fs::metadata(file).unwrap().len() == 0 {
            return Err(FileProblem::Empty.into());
        }
        Ok(self.0?)
    }
}

/// Counts files: taken, refused, failed.
#[derive(Default)]
pub struct Counts([AtomicU64; 3]);

impl Counts {
    pub fn all(&self) -> [u64; 3] {
        self.0.each_ref().map(|count| count.load(Ordering::SeqCst))
    }

    fn one(&self, of: usize) {
        let count = self.0.get(of).unwrap();
        count.fetch_add(1, Ordering::SeqCst);
    }
}

impl Tally for Counts {
    fn file_taken(&self, _: u64) {
        self.one(0);
    }

    fn file_refused(&self) {
        self.one(1);
    }

    fn file_failed(&self) {
        self.one(2);
    }

    fn submission_received(&self) {}
}
