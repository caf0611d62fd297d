//! The registry's side of submissions: list, find by number, look at, download (SUB-5). By a person or the case management system.

use domain::audit::SubjectKind;
use domain::confirmation_number::ConfirmationNumber;
use domain::policy::{Action, Actor, Permit, RegistryWork, authorize};
use domain::submission::{SubmissionId, SubmittedFile};

use crate::ports::documents::{ByteStream, DocumentsError};
use crate::ports::records::{Filed, Page, SubmissionQuery};
use crate::ports::storage::Snapshot;
use crate::refusal::with_use_case_errors;
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
    may_see_submissions(app, actor)?;
    Ok(app.storage.read().await?.submissions().list(query).await?)
}

/// The submission of a confirmation number, which somebody reads out from their e-mail.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub async fn find_submission(
    app: &Application,
    actor: &Actor,
    number: &ConfirmationNumber,
) -> Result<Option<Filed>, UseCaseError> {
    may_see_submissions(app, actor)?;
    let mut records = app.storage.read().await?;
    Ok(records.submissions().by_number(number).await?)
}

/// Asks whether somebody may see submissions, before what they look for is read.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub fn may_see_submissions(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeSubmissions);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(())
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
    may_see_submissions(app, actor)?;
    let mut records = app.storage.read().await?;
    let filed = records.submissions().by_id(id).await?;
    filed.ok_or(UseCaseError::NotFound)
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

with_use_case_errors!(DownloadError);

/// What file `number` of a submission is, counted from 1. Nothing is recorded.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system; [`UseCaseError::NotFound`].
pub async fn submission_file(
    app: &Application,
    actor: &Actor,
    id: SubmissionId,
    number: usize,
) -> Result<SubmittedFile, UseCaseError> {
    let mut records = app.storage.read().await?;
    let (_, file) = file_for(app, &mut *records, actor, id, number).await?;
    Ok(file)
}

/// A file of a submission, and the permit to download it.
async fn file_for(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    id: SubmissionId,
    number: usize,
) -> Result<(Permit, SubmittedFile), UseCaseError> {
    let moment = app.moment();
    // Whether the asker belongs to the registry at all comes first: otherwise the answer would tell which submissions exist.
    let action = Action::OfRegistry(RegistryWork::SeeSubmissions);
    authorize(actor, &action, &moment, &app.terms)?;
    let filed = records.submissions().by_id(id).await?;
    let submission = filed.ok_or(UseCaseError::NotFound)?.submission;
    let action = Action::OfRegistry(RegistryWork::DownloadSubmission(&submission));
    let permit = authorize(actor, &action, &moment, &app.terms)?;
    let file = number
        .checked_sub(1)
        .and_then(|at| submission.files.get(at))
        .cloned()
        .ok_or(UseCaseError::NotFound)?;
    Ok((permit, file))
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
) -> Result<ByteStream<'static>, DownloadError> {
    let mut records = app.storage.read().await?;
    let (_, file) = file_for(app, &mut *records, actor, id, number).await?;
    drop(records);
    // Opened first: what cannot be read was not read.
    let bytes = app.documents.open(file.document).await?;
    app.retrying(|| async {
        let mut tx = app.storage.begin().await?;
        let (permit, file) = file_for(app, &mut *tx, actor, id, number).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Document, file.document.uuid()))
            .await?;
        Ok::<_, UseCaseError>(())
    })
    .await?;
    Ok(bytes)
}
