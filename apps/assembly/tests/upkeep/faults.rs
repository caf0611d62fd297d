//! Ports that do not do what they are asked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, Prepared, Received, Rewrapped,
};
use application::ports::inspector::{InspectError, Inspector};
use application::ports::mailer::{MailError, Mailer};
use application::ports::storage::{Snapshot, Storage, StorageError, Transaction};
use application::ports::tally::Tally;
use async_trait::async_trait;
use contract::samples::id;
use domain::document::{DocumentId, FileName, FileProblem, Inspected, MediaType};
use domain::notice::Notice;
use futures_util::future::BoxFuture;
use time::OffsetDateTime;
use tokio::sync::Semaphore;

/// What happens while somebody else is at work.
pub type Meanwhile = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// A store that cannot remove some of its documents, and before it opens one, something happens.
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
    ) -> Result<Received, DocumentsError> {
        self.inner.receive(id, bytes, limit).await
    }

    async fn quarantined(&self, id: DocumentId) -> Result<PathBuf, DocumentsError> {
        self.inner.quarantined(id).await
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

/// Records where somebody else is first, so many times.
pub struct Busy {
    pub inner: Arc<dyn Storage>,
    pub times: AtomicU64,
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
        let left = self.times.load(Ordering::SeqCst);
        if left > 0 {
            self.times.store(left - 1, Ordering::SeqCst);
            return Err(StorageError::Contention);
        }
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

/// Finds the same of every file.
pub struct Finds(pub Result<Inspected, FileProblem>);

#[async_trait]
impl Inspector for Finds {
    async fn inspect(
        &self,
        _: &Path,
        _: &FileName,
        _: &BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError> {
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
