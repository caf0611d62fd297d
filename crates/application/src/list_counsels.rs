//! For whom somebody can act: themselves where they are counsel, and every counsel whose delegation gives access now (DEL-6).

use domain::account::Account;
use domain::delegation::Delegation;
use domain::policy::{Action, Actor, OwnWork, Representation, authorize, may_represent};
use domain::sorting::sort_key;

use crate::{Application, UseCaseError, facts};

/// One counsel for whom the asker can act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representable {
    /// The counsel.
    pub counsel: Account,
    /// The delegation by which; `None` for oneself.
    pub delegation: Option<Delegation>,
}

/// Lists them: oneself first, then in order of name. One whose record makes no sense is left out, and keeps nobody from the others.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for strangers and blocked accounts.
pub async fn list_counsels(
    app: &Application,
    actor: &Actor,
) -> Result<Vec<Representable>, UseCaseError> {
    let moment = app.moment();
    authorize(
        actor,
        &Action::Own(OwnWork::SeeCounsels),
        &moment,
        &app.terms,
    )?;
    let Some(caller) = actor.caller() else {
        return Err(UseCaseError::NotFound);
    };
    let account = &caller.account;
    let mut records = app.storage.read().await?;
    let mut candidates = vec![Representation {
        counsel: account.clone(),
        delegation: None,
    }];
    let mut delegations = records.delegations().of_delegate(account.id).await?;
    delegations.retain(|one| one.state(moment.at, &app.terms).gives_access());
    let counsel = delegations.iter().map(|one| one.counsel);
    let counsel = facts::accounts(&mut *records, counsel).await?;
    candidates.extend(delegations.into_iter().filter_map(|delegation| {
        Some(Representation {
            counsel: counsel.get(&delegation.counsel)?.clone(),
            delegation: Some(delegation),
        })
    }));
    candidates.retain(|representation| may_represent(account, representation, &moment, &app.terms));
    candidates.sort_by_cached_key(|one| {
        (
            one.delegation.is_some(),
            sort_key(one.counsel.name.family()),
            sort_key(one.counsel.name.given()),
            one.counsel.id,
        )
    });
    Ok(candidates
        .into_iter()
        .map(
            |Representation {
                 counsel,
                 delegation,
             }| Representable {
                counsel,
                delegation,
            },
        )
        .collect())
}
