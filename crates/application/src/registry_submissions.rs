//! The registry's side of submissions: list, look at, download (SUB-5). By a person or the case management system.

use domain::document::DocumentId;
use domain::policy::{Action, Actor, RegistryWork, authorize};
use domain::submission::{SubmissionId, SubmittedFile};

use crate::ports::documents::{ByteStream, DocumentsError};
use crate::ports::records::{Filed, Page, SubmissionQuery};
use crate::ports::storage::{Contended, StorageError};
use crate::{Application, UseCaseError};

/// Lists submissions, the oldest first.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub async fn registry_submissions(
    app: &Application,
    actor: &Actor,
    query: &SubmissionQuery,
) -> Result<Page<Filed>, UseCaseError> {
    authorize(
        actor,
        &Action::OfRegistry(RegistryWork::SeeSubmissions),
        &app.moment(),
        &app.terms,
    )?;
    Ok(app.storage.read().await?.submissions().list(query).await?)
}

/// Shows one submission.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system; [`UseCaseError::NotFound`].
pub async fn registry_submission(
    app: &Application,
    actor: &Actor,
    id: SubmissionId,
) -> Result<Filed, UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeSubmissions);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    let mut records = app.storage.read().await?;
    let filed = records.submissions().by_id(id).await?;
    filed.ok_or(UseCaseError::NotFound)
}

/// One file of a submission, on its way to the registry.
pub struct Download {
    /// What it is.
    pub file: SubmittedFile,
    /// Its bytes.
    pub bytes: ByteStream<'static>,
}

/// Why a file cannot be downloaded.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The door stayed shut, there is no such file, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The store of documents does not work.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
}

impl From<StorageError> for DownloadError {
    fn from(error: StorageError) -> Self {
        Self::UseCase(error.into())
    }
}

impl Contended for DownloadError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::UseCase(error) if error.is_contention())
    }
}

/// Downloads file `number` of a submission, counted from 1. Every download is in the audit trail.
///
/// # Errors
/// [`DownloadError`].
pub async fn download_submission(
    app: &Application,
    actor: &Actor,
    id: SubmissionId,
    number: usize,
) -> Result<Download, DownloadError> {
    let file = app
        .retrying(|| async {
            let moment = app.moment();
            // Whether the asker belongs to the registry at all comes first: otherwise the answer would tell which submissions exist.
            authorize(
                actor,
                &Action::OfRegistry(RegistryWork::SeeSubmissions),
                &moment,
                &app.terms,
            )
            .map_err(UseCaseError::from)?;
            let mut tx = app.storage.begin().await?;
            let submission = tx
                .submissions()
                .by_id(id)
                .await?
                .ok_or(UseCaseError::NotFound)?
                .submission;
            let permit = authorize(
                actor,
                &Action::OfRegistry(RegistryWork::DownloadSubmission(&submission)),
                &moment,
                &app.terms,
            )
            .map_err(UseCaseError::from)?;
            let file = number
                .checked_sub(1)
                .and_then(|at| submission.files.get(at))
                .cloned()
                .ok_or(UseCaseError::NotFound)?;
            tx.commit(
                permit
                    .into_audit_entry()
                    .about("document", file.document.uuid()),
            )
            .await?;
            Ok::<SubmittedFile, DownloadError>(file)
        })
        .await?;
    let document: DocumentId = file.document;
    Ok(Download {
        bytes: app.documents.open(document).await?,
        file,
    })
}
