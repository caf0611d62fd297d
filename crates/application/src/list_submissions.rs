//! The submission history of a case: entries of what was sent, never the documents (SUB-4).

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, authorize};
use domain::submission::Submission;

use crate::ports::records::{Page, PageRequest};
use crate::{Application, UseCaseError, facts};

/// The history of a case.
#[derive(Debug, Clone)]
pub struct History {
    /// For whom it was submitted.
    pub counsel: Account,
    /// On which case.
    pub case: Case,
    /// The part that was asked for, the newest first.
    pub page: Page<Submission>,
}

/// Lists what was submitted on a case for a counsel.
///
/// # Errors
/// [`UseCaseError::NotFound`] for a case that is not this counsel's; [`UseCaseError::Forbidden`] without access.
pub async fn list_submissions(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
    page: &PageRequest,
) -> Result<History, UseCaseError> {
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
    let page = records
        .submissions()
        .of_case(case.id, counsel, page)
        .await?;
    Ok(History {
        counsel: representation.counsel,
        case,
        page,
    })
}
