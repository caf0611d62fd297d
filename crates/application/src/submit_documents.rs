//! Counsel or delegate submits documents on a case, and gets a confirmation number once every byte and the record of it are durable
//! (SUB-1 … SUB-7). A repeated request gets the same number (idempotency key).

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::confirmation_number::ConfirmationNumber;
use domain::document::DocumentId;
use domain::id::Id;
use domain::notice::{About, Notice, Recipient};
use domain::policy::{Action, Actor, CounselWork, Refused, authorize};
use domain::submission::{Numbers, Submission, SubmissionRefused, SubmittedFile, Wish};
use sha2::{Digest, Sha256};

use crate::ports::documents::DocumentsError;
use crate::ports::records::{Answered, SecretHash};
use crate::ports::storage::{Contended, StorageError};
use crate::receive_document::{CheckedFile, discard_documents};
use crate::{Application, UseCaseError, facts};

/// What somebody wants to submit. The files are in quarantine.
#[derive(Debug, Clone)]
pub struct SubmitDocuments {
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// Type, note and service.
    pub wish: Wish,
    /// The files, in the sender's order.
    pub files: Vec<CheckedFile>,
    /// The same for every try of one submission; the sender's choice.
    pub idempotency_key: Option<String>,
}

/// A submission that the tribunal holds.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The record.
    pub submission: Submission,
    /// On which case.
    pub case: Case,
    /// Whether it was received by an earlier request with the same key.
    pub repeated: bool,
}

/// Why nothing was submitted. Nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The policy said no.
    #[error(transparent)]
    Forbidden(#[from] Refused),
    /// No such case, or none that the sender may know of.
    #[error("there is no such case")]
    NotFound,
    /// A rule of submissions is broken.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
    /// The key was used for something else.
    #[error("this idempotency key was used for another submission")]
    KeyReused,
    /// The key is too long to be kept.
    #[error("an idempotency key has 1 to {KEY_LONGEST} characters")]
    KeyUnusable,
    /// Documents cannot be kept now.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The longest idempotency key, in characters.
pub const KEY_LONGEST: usize = 128;

impl From<UseCaseError> for SubmitError {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Forbidden(why) => Self::Forbidden(why),
            UseCaseError::NotFound => Self::NotFound,
            UseCaseError::Storage(error) => Self::Storage(error),
        }
    }
}

impl Contended for SubmitError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}

/// Submits. Whatever refuses it, the files are discarded.
///
/// # Errors
/// [`SubmitError`].
pub async fn submit_documents(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
) -> Result<Submitted, SubmitError> {
    let done = keep_and_record(app, actor, wish).await;
    let used = match &done {
        Ok(submitted) => !submitted.repeated,
        // It is not known whether the record was written: the files stay, and the job that tidies documents decides later.
        Err(SubmitError::Storage(StorageError::Unavailable(_))) => true,
        Err(_) => false,
    };
    if !used {
        let files: Vec<DocumentId> = wish.files.iter().map(|file| file.0.document).collect();
        discard_unused(app, &files).await;
    }
    done
}

/// Discards documents, but for those that a submission names: a draft that is sent twice names what its first sending keeps.
pub(crate) async fn discard_unused(app: &Application, files: &[DocumentId]) {
    let named = match app.storage.read().await {
        Ok(mut records) => records.submissions().naming(files).await,
        Err(error) => Err(error),
    };
    match named {
        Ok(named) => {
            let unused: Vec<DocumentId> = files
                .iter()
                .copied()
                .filter(|file| !named.contains(file))
                .collect();
            discard_documents(app, &unused).await;
        }
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "unused documents are left to the job that tidies"
            );
        }
    }
}

async fn keep_and_record(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
) -> Result<Submitted, SubmitError> {
    if wish
        .idempotency_key
        .as_ref()
        .is_some_and(|key| key.is_empty() || key.chars().count() > KEY_LONGEST)
    {
        return Err(SubmitError::KeyUnusable);
    }
    wish.wish
        .check(wish.files.len(), &app.tribunal, &app.terms)?;
    let digest = digest(wish);
    if let Some(repeated) = answered_before(app, actor, wish, &digest).await? {
        return Ok(repeated);
    }
    let mut files = Vec::with_capacity(wish.files.len());
    for CheckedFile(file) in &wish.files {
        let durable = app.documents.keep(file.document).await?;
        files.push(SubmittedFile {
            document: durable.id,
            ..file.clone()
        });
    }
    let files = &files;
    app.retrying(|| record(app, actor, wish, files, &digest))
        .await
}

/// What an earlier request with the same key was answered with.
async fn answered_before(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
    digest: &SecretHash,
) -> Result<Option<Submitted>, SubmitError> {
    let (Some(key), Some(caller)) = (&wish.idempotency_key, actor.caller()) else {
        return Ok(None);
    };
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, wish.counsel, &moment, &app.terms).await?;
    let case = facts::case(&mut *records, wish.case).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case)),
        &moment,
        &app.terms,
    )?;
    let Some(answered) = records
        .submissions()
        .answered(caller.account.id, key)
        .await?
    else {
        return Ok(None);
    };
    if answered.digest != *digest {
        return Err(SubmitError::KeyReused);
    }
    let filed = records
        .submissions()
        .by_id(answered.submission)
        .await?
        .ok_or(SubmitError::NotFound)?;
    Ok(Some(Submitted {
        submission: filed.submission,
        case,
        repeated: true,
    }))
}

/// Record, notice, key and audit entry, in one transaction.
async fn record(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
    files: &[SubmittedFile],
    digest: &SecretHash,
) -> Result<Submitted, SubmitError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let representation =
        facts::representation(&mut *tx, actor, wish.counsel, &moment, &app.terms).await?;
    let case = facts::case(&mut *tx, wish.case).await?;
    let permit = authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case)),
        &moment,
        &app.terms,
    )?;
    let sender: &Account = &actor.caller().ok_or(SubmitError::NotFound)?.account;
    let numbers = Numbers {
        id: Id::new(app.random.uuid(moment.at)),
        confirmation_number: ConfirmationNumber::from_random(app.random.bytes()),
    };
    let submission = Submission::receive(
        &permit,
        numbers,
        wish.wish.clone(),
        files.to_vec(),
        sender,
        &representation,
        &case,
        &app.tribunal,
        &app.terms,
    )?;
    let notice = Notice {
        id: Id::new(app.random.uuid(moment.at)),
        to: Recipient::owner_of(sender),
        about: About::DocumentsReceived {
            confirmation_number: submission.confirmation_number.clone(),
            received_at: submission.received_at,
        },
        written_at: moment.at,
        once: None,
    };
    // A number that is taken, or a key that a simultaneous request has just used: everything is looked at again from the start.
    let again = |error| match error {
        StorageError::Duplicate => StorageError::Contention,
        other => other,
    };
    tx.submissions_mut()
        .insert(&submission)
        .await
        .map_err(again)?;
    if let Some(key) = &wish.idempotency_key {
        if tx.submissions().answered(sender.id, key).await?.is_some() {
            drop(tx);
            return answered_before(app, actor, wish, digest)
                .await?
                .ok_or(SubmitError::Storage(StorageError::Contention));
        }
        let answered = Answered {
            digest: *digest,
            submission: submission.id,
        };
        tx.submissions_mut()
            .remember(sender.id, key, &answered, moment.at)
            .await
            .map_err(again)?;
    }
    tx.notices_mut().queue(&notice).await?;
    tx.commit(
        permit
            .into_audit_entry()
            .about("submission", submission.id.uuid()),
    )
    .await?;
    Ok(Submitted {
        submission,
        case,
        repeated: false,
    })
}

/// A digest of everything that makes two requests the same. Each part is preceded by its length, so that parts cannot run together.
fn digest(wish: &SubmitDocuments) -> SecretHash {
    let mut digest = Sha256::new();
    let mut add = |part: &[u8]| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    };
    add(wish.counsel.uuid().as_bytes());
    add(wish.case.uuid().as_bytes());
    add(wish.wish.document_type.as_str().as_bytes());
    add(wish.wish.note.as_bytes());
    if let Some(service) = &wish.wish.service {
        add(service.how.as_bytes());
        add(service.on.to_string().as_bytes());
    }
    for CheckedFile(file) in &wish.files {
        add(file.name.as_str().as_bytes());
        add(file.title.as_deref().unwrap_or_default().as_bytes());
        add(file.sha256.bytes());
    }
    SecretHash(digest.finalize().into())
}
