//! A case page (CASE-3).

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, authorize};

use crate::{Application, UseCaseError, facts};

/// A case, and the counsel for whom it is seen.
#[derive(Debug, Clone)]
pub struct SeenCase {
    /// The counsel.
    pub counsel: Account,
    /// The case.
    pub case: Case,
}

/// Shows one case of a counsel.
///
/// # Errors
/// [`UseCaseError::NotFound`] for a case that is not this counsel's or has left the portal; [`UseCaseError::Forbidden`] without access.
pub async fn see_case(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
) -> Result<SeenCase, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    // Whether one may see this counsel's cases at all comes first: otherwise the answer would tell which cases exist.
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SeeCases),
        &moment,
        &app.terms,
    )?;
    let case = facts::case(&mut *records, case).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SeeCase(&case)),
        &moment,
        &app.terms,
    )?;
    Ok(SeenCase {
        counsel: representation.counsel,
        case,
    })
}
