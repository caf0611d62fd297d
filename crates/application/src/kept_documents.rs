//! Jobs on documents that are kept: their keys go under a new master key, and each is looked through for what changed it. They run
//! when an operator calls them; nothing depends on it.

use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::{Job, Permit};
use futures_util::StreamExt;
use time::Duration;

use crate::ports::documents::{DocumentsError, Rewrapped};
use crate::ports::storage::StorageError;
use crate::{Application, UseCaseError};

/// How many documents are looked up at a time.
const AT_A_TIME: u32 = 500;
/// How many are listed at a time: a store may have to look through all of its names for each list, and an id takes sixteen bytes.
pub(crate) const LISTED: usize = 50_000;

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
        let found = app.documents.written_before(until, after, LISTED).await;
        let found = found.map_err(KeptError::Documents)?;
        let Some(last) = found.last() else { break };
        after = *last;
        for some in found.chunks(AT_A_TIME as usize) {
            if app.halt.is_called() {
                break;
            }
            let before = done.rewrapped;
            let rewrapped = rewrap(app, some, &mut done).await;
            // Also what was done before the store failed is in the trail.
            if done.rewrapped > before {
                app.retrying(|| keep_rewrapped(app)).await?;
            }
            rewrapped?;
        }
    }
    Ok(done)
}

/// Puts the keys of some documents under the newest master key, as far as the store works.
async fn rewrap(
    app: &Application,
    some: &[DocumentId],
    done: &mut Rotated,
) -> Result<(), KeptError> {
    for id in some {
        done.documents += 1;
        match app.documents.rewrap(*id).await {
            Ok(Rewrapped::Now) => done.rewrapped += 1,
            Ok(Rewrapped::NotNeeded) => {}
            Err(error) if concerns_one(&error) => done.unreadable.push(*id),
            Err(error) => return Err(KeptError::Documents(error)),
        }
    }
    Ok(())
}

async fn keep_rewrapped(app: &Application) -> Result<(), UseCaseError> {
    let permit = permit(app, Job::RotateKeys)?;
    let tx = app.storage.begin().await?;
    tx.commit(permit.into_audit_entry()).await?;
    Ok(())
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
        let named = named_after(app, after, AT_A_TIME).await?;
        let Some(last) = named.last() else {
            return Ok(done);
        };
        after = *last;
        for id in named {
            if app.halt.is_called() {
                break;
            }
            let examined = examine(app, id).await;
            let is_missing = matches!(examined, Err(DocumentsError::Missing));
            // It may have gone as it should, since its name was read (PRIV-1).
            if is_missing && !is_named(app, id).await? {
                continue;
            }
            done.documents += 1;
            match examined {
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

/// Documents that submissions and inboxes name, with ids greater than `after`, in order, at most `limit`.
async fn named_after(
    app: &Application,
    after: DocumentId,
    limit: u32,
) -> Result<Vec<DocumentId>, StorageError> {
    let mut records = app.storage.read().await?;
    let mut named = records.submissions().documents_after(after, limit).await?;
    named.extend(records.inbox().documents_after(after, limit).await?);
    named.sort_unstable();
    named.dedup();
    named.truncate(limit as usize);
    Ok(named)
}

/// Whether some submission or inbox names it still.
async fn is_named(app: &Application, id: DocumentId) -> Result<bool, StorageError> {
    let before = id.uuid().as_u128().saturating_sub(1);
    let before = Id::new(uuid::Uuid::from_u128(before));
    Ok(named_after(app, before, 1).await?.contains(&id))
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
    Ok(app.may_run(job, &app.moment())?)
}

/// Less than any document's id.
const fn first() -> DocumentId {
    Id::new(uuid::Uuid::nil())
}
