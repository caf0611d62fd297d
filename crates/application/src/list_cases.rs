//! My Cases: a counsel's active cases, sorted, filtered, searched and paged (CASE-1, CASE-2, CASE-4).

use domain::account::{Account, AccountId};
use domain::case::{Case, Division, Status, decided_too_long_ago, folded};
use domain::code::Code;
use domain::policy::{Action, Actor, CounselWork, authorize};

use crate::ports::records::{CaseOrder, CaseQuery, Page, PageRequest};
use crate::{Application, UseCaseError, facts};

/// Which cases to list.
#[derive(Debug, Clone)]
pub struct ListCases {
    /// Whose.
    pub counsel: AccountId,
    /// Part of a name or number; everything when empty.
    pub text: String,
    /// Only this division.
    pub division: Option<Code<Division>>,
    /// Only this status.
    pub status: Option<Code<Status>>,
    /// In which order.
    pub order: CaseOrder,
    /// Which part.
    pub page: PageRequest,
}

/// My Cases.
#[derive(Debug, Clone)]
pub struct MyCases {
    /// Whose they are.
    pub counsel: Account,
    /// The part that was asked for.
    pub page: Page<Case>,
    /// How many there are in all its parts.
    pub total: u64,
}

/// Lists them.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access to that counsel's cases; [`UseCaseError::Storage`] with `CursorUnusable` for a cursor of
/// another list.
pub async fn list_cases(
    app: &Application,
    actor: &Actor,
    wish: &ListCases,
) -> Result<MyCases, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, wish.counsel, &moment, &app.terms).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SeeCases),
        &moment,
        &app.terms,
    )?;
    let query = CaseQuery {
        counsel: wish.counsel,
        not_decided_by: decided_too_long_ago(moment.today, &app.terms),
        now: moment.at,
        text: folded(wish.text.trim()),
        division: wish.division.clone(),
        status: wish.status.clone(),
        order: wish.order,
        page: wish.page.clone(),
    };
    let page = records.cases().list(&query).await?;
    let total = records.cases().count(&query).await?;
    Ok(MyCases {
        counsel: representation.counsel,
        page,
        total,
    })
}
