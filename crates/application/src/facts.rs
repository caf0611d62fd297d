//! Facts that the policy needs before it can answer, loaded in the snapshot or transaction in which the answer is used.

use domain::account::AccountId;
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, Representation, authorize, no_such_counsel};
use domain::terms::Terms;
use domain::tribunal_time::Moment;

use crate::ports::storage::Snapshot;
use crate::{Application, UseCaseError};

/// The counsel, and the delegation by which `actor` may act for them: of several, the one that gives access at `moment`.
pub(crate) async fn representation(
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
    terms: &Terms,
) -> Result<Representation, UseCaseError> {
    let counsel = records
        .accounts()
        .by_id(counsel)
        .await?
        .ok_or_else(|| no_such_counsel(actor, counsel, moment))?;
    let delegation = match actor.caller() {
        Some(caller) if caller.account.id != counsel.id => {
            let accepted = records.delegations().of_delegate(caller.account.id).await?;
            let mut with_counsel = accepted
                .into_iter()
                .filter(|delegation| delegation.counsel == counsel.id);
            with_counsel.find(|delegation| delegation.state(moment.at, terms).gives_access())
        }
        _ => None,
    };
    Ok(Representation {
        counsel,
        delegation,
    })
}

/// The case of that id.
pub(crate) async fn case(records: &mut dyn Snapshot, id: CaseId) -> Result<Case, UseCaseError> {
    records
        .cases()
        .by_id(id)
        .await?
        .ok_or(UseCaseError::NotFound)
}

/// A case that `actor` asks for as one of a counsel's. Whether they may see this counsel's cases at all comes first: otherwise the answer
/// would tell which cases exist. Whether the case is this counsel's is for the caller to ask next.
pub(crate) async fn case_of(
    records: &mut dyn Snapshot,
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: CaseId,
    moment: &Moment,
) -> Result<(Representation, Case), UseCaseError> {
    let representation = representation(records, actor, counsel, moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeCases);
    authorize(actor, &action, moment, &app.terms)?;
    let case = case(records, id).await?;
    Ok((representation, case))
}
