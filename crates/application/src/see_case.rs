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
    let (representation, case) = facts::case_to_look(app, actor, counsel, case, &moment).await?;
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
