//! One entry of the submission history, with its confirmation number: what a sender sees right after sending, and later (SUB-4).

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, authorize};
use domain::submission::{Submission, SubmissionId};

use crate::ports::records::Filed;
use crate::{Application, UseCaseError, facts};

/// An entry, on which case and for whom.
#[derive(Debug, Clone)]
pub struct SeenSubmission {
    /// For whom it was submitted.
    pub counsel: Account,
    /// On which case.
    pub case: Case,
    /// The entry.
    pub submission: Submission,
    /// Whether it has a signed receipt; those of before there were receipts have none.
    pub has_receipt: bool,
    /// The same documents as they were submitted on other cases at once, as far as the asker sees those cases.
    pub also: Vec<Filed>,
}

/// Shows it.
///
/// # Errors
/// [`UseCaseError::NotFound`] for an entry of another case or counsel; [`UseCaseError::Forbidden`] without access.
pub async fn see_submission(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
    id: SubmissionId,
) -> Result<SeenSubmission, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (representation, case) =
        facts::case_of(&mut *records, app, actor, counsel, case, &moment).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SeeSubmissions(&case)),
        &moment,
        &app.terms,
    )?;
    let filed = records
        .submissions()
        .by_id(id)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    let submission = filed.submission;
    if submission.case != case.id || submission.on_behalf_of.account != counsel {
        return Err(UseCaseError::NotFound);
    }
    let mut also = Vec::new();
    if let Some(file) = submission.files.first() {
        also = records.submissions().of_document(file.document).await?;
        also.retain(|filed| filed.submission.id != submission.id);
        also =
            facts::on_seen_cases(&mut *records, app, actor, &representation, also, &moment).await?;
    }
    let has_receipt = records.receipts().of(submission.id).await?.is_some();
    Ok(SeenSubmission {
        counsel: representation.counsel,
        case,
        submission,
        has_receipt,
        also,
    })
}
