//! The demonstration's people and cases (interface.md): loaded once into an empty store, the same each time but for dates, which are
//! counted from the day of loading.

mod cases;
mod people;

use std::collections::BTreeMap;

use application::Application;
use application::ports::storage::StorageError;
use domain::delegation::{Delegation, Invitee, Running};
use domain::id::Id;
use domain::policy::{Action, Actor, authorize};
use domain::sign_in::SignIn;
use time::Duration;

pub use people::{SOMEBODIES, Somebody, identity};

/// Why the demonstration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The policy said no.
    #[error("the demonstration may not be loaded: {0}")]
    Forbidden(domain::policy::Refusal),
    /// A name or number in the demonstration's own data is wrong.
    #[error("the demonstration's own data is wrong: {0}")]
    Data(String),
}

/// Fills an empty store; one that is filled already stays as it is.
///
/// # Errors
/// [`LoadError`].
pub async fn load(app: &Application) -> Result<(), LoadError> {
    let moment = app.moment();
    let permit = authorize(
        &Actor::operator(),
        &Action::LoadDemonstration,
        &moment,
        &app.terms,
    )
    .map_err(|refused| LoadError::Forbidden(refused.why))?;
    let mut tx = app.storage.begin().await?;
    if tx
        .sign_ins()
        .by_identity(&identity("counsel-a"))
        .await?
        .is_some()
    {
        return Ok(());
    }
    let mut accounts = BTreeMap::new();
    for somebody in SOMEBODIES {
        let Some(account) =
            people::account(somebody, Id::new(app.random.uuid(moment.at)), moment.at)
                .map_err(|error| LoadError::Data(error.to_string()))?
        else {
            continue;
        };
        tx.accounts_mut().insert(&account).await?;
        if account.registered_at.is_some() {
            let sign_in = SignIn::first_seen(
                Id::new(app.random.uuid(moment.at)),
                identity(somebody.key),
                moment.at,
            )
            .bound_to(&account, moment.at);
            tx.sign_ins_mut().insert(&sign_in).await?;
        }
        accounts.insert(somebody.key, account);
    }
    for (counsel, delegate, accepted_days_ago) in [
        ("counsel-a", "delegate-a", 12),
        ("counsel-a", "delegate-ab", 20),
        ("counsel-b", "delegate-ab", 5),
    ] {
        let (Some(counsel), Some(delegate)) = (accounts.get(counsel), accounts.get(delegate))
        else {
            continue;
        };
        let accepted_at = moment.at - Duration::days(accepted_days_ago);
        let delegation = Delegation {
            id: Id::new(app.random.uuid(moment.at)),
            counsel: counsel.id,
            invitee: Invitee {
                name: delegate.name.clone(),
                email: delegate.email.clone(),
                language: delegate.language,
            },
            questions: Vec::new(),
            terms_version: app.tribunal.delegation_terms_version.clone(),
            invited_at: accepted_at - Duration::days(1),
            running: Some(Running {
                delegate: delegate.id,
                accepted_at,
                term_began_at: accepted_at,
            }),
            ended_at: None,
        };
        tx.delegations_mut().insert(&delegation).await?;
    }
    for key in ["counsel-a", "counsel-b"] {
        let Some(counsel) = accounts.get(key) else {
            continue;
        };
        let ids = std::iter::repeat_with(|| Id::new(app.random.uuid(moment.at)));
        for case in cases::of(key, counsel.id, &moment, ids).map_err(LoadError::Data)? {
            tx.cases_mut().insert(&case).await?;
        }
    }
    tx.commit(permit.into_audit_entry()).await?;
    Ok(())
}
