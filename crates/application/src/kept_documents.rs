//! Jobs on documents that are kept: their keys go under a new master key, and each is looked through for what changed it. They run
//! when an operator calls them; nothing depends on it.

use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::{Action, Actor, Job, Permit, authorize};
use futures_util::StreamExt;
use time::Duration;

use crate::ports::documents::{DocumentsError, Rewrapped};
use crate::ports::storage::StorageError;
use crate::{Application, UseCaseError};

/// How many documents are looked up at a time.
const AT_A_TIME: u32 = 500;

/// Why such a job stops before its end. What it did is done, and it can run again.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// Records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The store of documents does not work.
    #[error(transparent)]
    Documents(DocumentsError),
}

impl From<StorageError> for KeptError {
    fn from(error: StorageError) -> Self {
        Self::UseCase(error.into())
    }
}

/// What a rotation of keys did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Documents that there are.
    pub documents: u64,
    /// Those whose key is under the newest master key since.
    pub rewrapped: u64,
    /// Those whose key cannot be read: a former master key must stay, or the document was altered.
    pub unreadable: Vec<DocumentId>,
}

/// Puts the key of every document under the newest master key; the documents themselves stay as they are. A second run changes nothing.
///
/// # Errors
/// [`KeptError`].
pub async fn rotate_keys(app: &Application) -> Result<Rotated, KeptError> {
    let permit = permit(app, Job::RotateKeys)?;
    let mut done = Rotated::default();
    let mut after = first();
    // The store's clock may be ahead of ours; what comes in meanwhile is under the newest key.
    let until = permit.at() + Duration::days(1);
    while !app.halt.is_called() {
        let found = app
            .documents
            .written_before(until, after, AT_A_TIME as usize)
            .await;
        let found = found.map_err(KeptError::Documents)?;
        let Some(last) = found.last() else { break };
        after = *last;
        for id in found {
            done.documents += 1;
            match app.documents.rewrap(id).await {
                Ok(Rewrapped::Now) => done.rewrapped += 1,
                Ok(Rewrapped::NotNeeded) => {}
                Err(error) if concerns_one(&error) => done.unreadable.push(id),
                Err(error) => return Err(KeptError::Documents(error)),
            }
        }
    }
    if done.rewrapped > 0 {
        let tx = app.storage.begin().await.map_err(UseCaseError::from)?;
        let written = tx.commit(permit.into_audit_entry()).await;
        written.map_err(UseCaseError::from)?;
    }
    Ok(done)
}

/// What is wrong with a document that some record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not there.
    Missing(DocumentId),
    /// It is not what was kept.
    Altered(DocumentId),
    /// It lies under a master key that is not configured.
    KeyUnknown(DocumentId),
}

/// What a look through the documents found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examined {
    /// Documents that submissions and inboxes name.
    pub documents: u64,
    /// Those with which something is wrong.
    pub findings: Vec<Wrong>,
}

/// Reads every document that a submission or an inbox names, and says which are not there as they were kept.
///
/// # Errors
/// [`KeptError`].
pub async fn verify_documents(app: &Application) -> Result<Examined, KeptError> {
    permit(app, Job::VerifyDocuments)?;
    let mut done = Examined::default();
    let mut after = first();
    while !app.halt.is_called() {
        let mut records = app.storage.read().await.map_err(UseCaseError::from)?;
        let sent = records
            .submissions()
            .documents_after(after, AT_A_TIME)
            .await;
        let received = records.inbox().documents_after(after, AT_A_TIME).await;
        drop(records);
        let mut named = sent.map_err(UseCaseError::from)?;
        named.extend(received.map_err(UseCaseError::from)?);
        named.sort_unstable();
        named.dedup();
        named.truncate(AT_A_TIME as usize);
        let Some(last) = named.last() else {
            return Ok(done);
        };
        after = *last;
        for id in named {
            if app.halt.is_called() {
                break;
            }
            done.documents += 1;
            match examine(app, id).await {
                Ok(()) => {}
                Err(DocumentsError::Missing) => done.findings.push(Wrong::Missing(id)),
                Err(DocumentsError::Altered(_)) => done.findings.push(Wrong::Altered(id)),
                Err(DocumentsError::KeyUnknown(_)) => done.findings.push(Wrong::KeyUnknown(id)),
                Err(error) => return Err(KeptError::Documents(error)),
            }
        }
    }
    Ok(done)
}

/// The store finds every byte true before it gives one; the first shows that.
async fn examine(app: &Application, id: DocumentId) -> Result<(), DocumentsError> {
    let mut bytes = app.documents.open(id).await?;
    match bytes.next().await {
        Some(Err(failed)) => Err(DocumentsError::Unavailable(Box::new(failed))),
        _ => Ok(()),
    }
}

/// Whether other documents may be well.
const fn concerns_one(error: &DocumentsError) -> bool {
    matches!(
        error,
        DocumentsError::Altered(_) | DocumentsError::KeyUnknown(_) | DocumentsError::Missing
    )
}

fn permit(app: &Application, job: Job) -> Result<Permit, UseCaseError> {
    let action = Action::RunJob(job);
    Ok(authorize(
        &Actor::job(job),
        &action,
        &app.moment(),
        &app.terms,
    )?)
}

/// Less than any document's id.
const fn first() -> DocumentId {
    Id::new(uuid::Uuid::nil())
}
