//! Facts that the policy needs before it can answer, loaded in the snapshot or transaction in which the answer is used.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, Representation, authorize, no_such_counsel};
use domain::terms::Terms;
use domain::tribunal_time::Moment;

use crate::passed_over;
use crate::ports::records::Filed;
use crate::ports::storage::{Snapshot, StorageError};
use crate::{Application, UseCaseError};

/// The counsel, and the delegation by which `actor` may act for them: of several, the one that gives access at `moment`.
pub(crate) async fn representation(
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
    terms: &Terms,
) -> Result<Representation, UseCaseError> {
    let delegate = actor.caller().map(|caller| caller.account.id);
    let found = if let Some(delegate) = delegate.filter(|delegate| *delegate != counsel) {
        records.delegations().between(counsel, delegate).await?
    } else {
        let account = records.accounts().by_id(counsel).await?;
        account.map(|account| (account, Vec::new()))
    };
    let (counsel, accepted) = found.ok_or_else(|| no_such_counsel(actor, counsel, moment))?;
    let mut accepted = accepted.into_iter();
    Ok(Representation {
        counsel,
        delegation: accepted.find(|delegation| delegation.state(moment.at, terms).gives_access()),
    })
}

/// Where one question about a counsel's things is answered, and the same facts. Counsel who look at their own are as they were when this
/// request was recognised, so that the question is the only one; for anybody else, facts and answer are of one moment.
pub(crate) async fn to_look(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
) -> Result<(Box<dyn Snapshot>, Representation), UseCaseError> {
    if let Some(caller) = actor.caller()
        && caller.account.id == counsel
    {
        let oneself = Representation {
            counsel: caller.account.clone(),
            delegation: None,
        };
        return Ok((app.storage.glance().await?, oneself));
    }
    let mut records = app.storage.read().await?;
    let representation = representation(&mut *records, actor, counsel, moment, &app.terms).await?;
    Ok((records, representation))
}

/// The accounts of these ids, asked for together. One that makes no sense is left out, and told of in the log (decision 0058).
pub(crate) async fn accounts(
    records: &mut dyn Snapshot,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Account>, StorageError> {
    let ids: BTreeSet<AccountId> = ids.into_iter().collect();
    let ids = Vec::from_iter(ids);
    let (accounts, _) = passed_over::legible(records.accounts().by_ids(&ids).await?);
    let accounts = accounts.into_iter().map(|account| (account.id, account));
    Ok(accounts.collect())
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
    let case = case_as_theirs(records, app, actor, &representation, id, moment).await?;
    Ok((representation, case))
}

/// The same, where nothing else of that moment is asked.
pub(crate) async fn case_to_look(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: CaseId,
    moment: &Moment,
) -> Result<(Representation, Case), UseCaseError> {
    let (mut records, representation) = to_look(app, actor, counsel, moment).await?;
    let case = case_as_theirs(&mut *records, app, actor, &representation, id, moment).await?;
    Ok((representation, case))
}

async fn case_as_theirs(
    records: &mut dyn Snapshot,
    app: &Application,
    actor: &Actor,
    representation: &Representation,
    id: CaseId,
    moment: &Moment,
) -> Result<Case, UseCaseError> {
    let action = Action::OfCounsel(representation, CounselWork::SeeCases);
    authorize(actor, &action, moment, &app.terms)?;
    case(records, id).await
}

/// Those of the submissions that are on cases whose history the asker sees now (CASE-1).
pub(crate) async fn on_seen_cases(
    records: &mut dyn Snapshot,
    app: &Application,
    actor: &Actor,
    representation: &Representation,
    submissions: Vec<Filed>,
    moment: &Moment,
) -> Result<Vec<Filed>, UseCaseError> {
    let mut seen = Vec::with_capacity(submissions.len());
    for filed in submissions {
        let case = case(records, filed.submission.case).await?;
        let action = Action::OfCounsel(representation, CounselWork::SeeSubmissions(&case));
        if authorize(actor, &action, moment, &app.terms).is_ok() {
            seen.push(filed);
        }
    }
    Ok(seen)
}
