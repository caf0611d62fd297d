//! What lies outside of the records: the real store of documents on this machine, which fails now and then, a mail server in its moods, and
//! an inspection that finds every file good.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, InQuarantine, Prepared, Received, Rewrapped,
};
use application::ports::inspector::{InspectError, Inspector};
use application::ports::mailer::{MailError, Mailer};
use application::ports::storage::StorageError;
use application::ports::throttle::{Counted, Throttle};
use async_trait::async_trait;
use documents::SealedDocuments;
use domain::document::{DocumentId, FileName, Inspected, MediaType};
use domain::notice::Notice;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::stage::{Broken, Stage};

/// Later than any file on this machine was written.
const AFTER_EVERYTHING: OffsetDateTime = datetime!(2200-01-01 00:00 UTC);

/// The store of documents. When something was written, the simulation's time says, and not this machine's.
#[derive(Clone)]
pub struct FaultyDocuments {
    pub inner: SealedDocuments,
    pub stage: Arc<Stage>,
    /// The machine that asks.
    pub process: usize,
}

impl FaultyDocuments {
    fn may_fail(&self) -> Result<(), DocumentsError> {
        if self.stage.fails() {
            return Err(DocumentsError::Unavailable(
                "a fault of the simulation".into(),
            ));
        }
        Ok(())
    }

    /// Has a document written, unless there is a fault before; where there is one afterwards, nobody hears that it was.
    async fn writing<T>(
        &self,
        id: DocumentId,
        work: impl Future<Output = Result<T, DocumentsError>>,
    ) -> Result<T, DocumentsError> {
        self.stage.gate().await;
        self.may_fail()?;
        let done = work.await?;
        let now = self.stage.shown(self.process);
        self.stage.state().documents.insert(id, now);
        self.stage.gate().await;
        self.may_fail()?;
        Ok(done)
    }
}

#[async_trait]
impl Documents for FaultyDocuments {
    async fn receive(
        &self,
        id: DocumentId,
        bytes: ByteStream<'_>,
        limit: u64,
    ) -> Result<(Received, Box<dyn InQuarantine>), DocumentsError> {
        self.writing(id, self.inner.receive(id, bytes, limit)).await
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

    /// Goes on beside what looks into the file, and so has no gate: whose turn it is must not hang on which of them is done first.
    async fn prepare(&self, id: DocumentId) -> Result<Box<dyn Prepared>, DocumentsError> {
        Ok(Box::new(FaultyPrepared {
            prepared: self.inner.prepare(id).await?,
            documents: self.clone(),
            id,
        }))
    }

    async fn keep(&self, id: DocumentId) -> Result<Durable, DocumentsError> {
        self.writing(id, self.inner.keep(id)).await
    }

    async fn discard(&self, id: DocumentId) -> Result<(), DocumentsError> {
        self.stage.gate().await;
        self.may_fail()?;
        self.inner.discard(id).await
    }

    async fn open(&self, id: DocumentId) -> Result<ByteStream<'static>, DocumentsError> {
        self.stage.gate().await;
        self.may_fail()?;
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
        self.stage.gate().await;
        self.may_fail()?;
        let all = usize::MAX / 2;
        let there = self
            .inner
            .written_before(AFTER_EVERYTHING, after, all)
            .await?;
        let state = self.stage.state();
        let before = |id: &DocumentId| state.documents.get(id).is_none_or(|written| *written < at);
        Ok(there.into_iter().filter(before).take(limit).collect())
    }
}

/// A document that is ready, in such a store.
struct FaultyPrepared {
    prepared: Box<dyn Prepared>,
    documents: FaultyDocuments,
    id: DocumentId,
}

#[async_trait]
impl Prepared for FaultyPrepared {
    async fn keep(self: Box<Self>) -> Result<Durable, DocumentsError> {
        let Self {
            prepared,
            documents,
            id,
        } = *self;
        let keeping = async {
            let durable = prepared.keep().await?;
            if documents.stage.breaks(Broken::Documents) {
                documents.inner.discard(id).await?;
            }
            Ok(durable)
        };
        documents.writing(id, keeping).await
    }
}

/// The mail server: it takes, refuses for good, puts off, and takes without saying so.
pub struct MoodyMail(pub Arc<Stage>);

impl MoodyMail {
    fn take(&self, notice: &Notice) {
        if self.0.breaks(Broken::Mail) {
            return;
        }
        let mut state = self.0.state();
        *state.taken.entry(notice.id).or_default() += 1;
        let (task, id) = (state.running, notice.id);
        match state.held.get_mut(&id) {
            Some(hold) if hold.task == task && !hold.sent => hold.sent = true,
            Some(hold) if hold.task == task => {
                state.faulty.push(format!("{id} was sent twice in one try"));
            }
            // Its hold ran out in the meantime.
            Some(_) => {}
            None => state
                .faulty
                .push(format!("{id} was sent, and nobody held it")),
        }
    }
}

#[async_trait]
impl Mailer for MoodyMail {
    async fn send(&self, notice: &Notice, _: OffsetDateTime) -> Result<(), MailError> {
        self.0.gate().await;
        if self.0.fails() {
            return Err(MailError::TryLater("busy".into()));
        }
        if self.0.fails() {
            return Err(MailError::RefusedForGood("no such user".into()));
        }
        self.take(notice);
        self.0.gate().await;
        if self.0.fails() {
            return Err(MailError::TryLater("the connection broke off".into()));
        }
        Ok(())
    }
}

/// Finds every file good.
pub struct Content;

#[async_trait]
impl Inspector for Content {
    async fn inspect(
        &self,
        _: &Path,
        _: &FileName,
        _: &BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError> {
        Ok(Inspected {
            media_type: MediaType::Pdf,
            pages: Some(1),
        })
    }
}

/// How often somebody may try in a while is tried elsewhere.
pub struct NoLimit;

#[async_trait]
impl Throttle for NoLimit {
    async fn count(
        &self,
        _: &[u8; 32],
        now: OffsetDateTime,
        window: Duration,
    ) -> Result<Counted, StorageError> {
        Ok(Counted {
            tries: 1,
            ends_at: now + window,
        })
    }

    async fn counted(
        &self,
        _: &[u8; 32],
        _: OffsetDateTime,
    ) -> Result<Option<Counted>, StorageError> {
        Ok(None)
    }

    async fn remove_ended(&self, _: OffsetDateTime) -> Result<u64, StorageError> {
        Ok(0)
    }
}
