//! The registry says that nothing of a case may be deleted, and says why; or that it may again (PRIV-1).

use domain::account::AccountId;
use domain::audit::SubjectKind;
use domain::case::{Case, FileNumber};
use domain::id::Id;
use domain::legal_hold::{HoldRefused, LegalHold, LegalHoldId};
use domain::policy::{Action, Actor, Permit, RegistryWork, authorize};
use uuid::Uuid;

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::ports::records::{FiledHold, Page, PageRequest};
use crate::ports::storage::Snapshot;
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// Why it is not set or lifted.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Not theirs to say, no such case, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The rules of holds stand against it.
    #[error(transparent)]
    Refused(#[from] HoldRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
}

with_use_case_errors!(HoldError);

/// Sets a hold. A repeat under the same key finds the one that was set.
///
/// # Errors
/// [`HoldError`].
pub async fn hold_case(
    app: &Application,
    actor: &Actor,
    number: &FileNumber,
    reason: &str,
    idempotency_key: Option<&str>,
) -> Result<LegalHold, HoldError> {
    permit(app, actor, RegistryWork::SeeCase)?;
    let asked = ["hold-case", number.as_str(), reason.trim()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(async || {
        let mut tx = app.storage.begin().await?;
        let (case, by) = found(&mut *tx, actor, number).await?;
        let permit = permit(app, actor, RegistryWork::HoldCase(&case))?;
        let before = tx.legal_holds().of_case(case.id).await?;
        let answered = answered_with::<HoldError>(&mut *tx, actor, once.as_ref()).await?;
        if let Some(answered) = answered {
            return of_id(before, answered);
        }
        let id = Id::new(app.random.uuid(permit.at()));
        let hold = LegalHold::set(&permit, id, case.id, reason, by, &before)?;
        tx.legal_holds_mut().insert(&hold).await?;
        remember(&mut *tx, by, once.as_ref(), id.uuid(), permit.at()).await?;
        tx.commit(
            permit
                .into_audit_entry()
                .about(SubjectKind::LegalHold, hold.id.uuid()),
        )
        .await?;
        Ok(hold)
    })
    .await
}

/// Lifts the hold that whoever lifts it has seen; one that somebody else set meanwhile stays. A repeat under the same key lifts nothing, and
/// finds it lifted.
///
/// # Errors
/// [`HoldError`].
pub async fn lift_hold(
    app: &Application,
    actor: &Actor,
    number: &FileNumber,
    seen: LegalHoldId,
    idempotency_key: Option<&str>,
) -> Result<LegalHold, HoldError> {
    permit(app, actor, RegistryWork::SeeCase)?;
    let asked = ["lift-hold", number.as_str(), &seen.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(async || {
        let mut tx = app.storage.begin().await?;
        let (case, by) = found(&mut *tx, actor, number).await?;
        let permit = permit(app, actor, RegistryWork::LiftHold(&case))?;
        let holds = tx.legal_holds().of_case(case.id).await?;
        let answered = answered_with::<HoldError>(&mut *tx, actor, once.as_ref()).await?;
        if let Some(answered) = answered {
            return of_id(holds, answered);
        }
        let lifted = LegalHold::lift(&permit, by, seen, &holds)?;
        tx.legal_holds_mut().lift(&lifted).await?;
        let record = lifted.id.uuid();
        remember(&mut *tx, by, once.as_ref(), record, permit.at()).await?;
        tx.commit(
            permit
                .into_audit_entry()
                .about(SubjectKind::LegalHold, lifted.id.uuid()),
        )
        .await?;
        Ok(lifted)
    })
    .await
}

/// The one that came of a request before.
fn of_id(holds: Vec<LegalHold>, id: Uuid) -> Result<LegalHold, HoldError> {
    let mut holds = holds.into_iter();
    let found = holds.find(|hold| hold.id.uuid() == id);
    Ok(found.ok_or(UseCaseError::NotFound)?)
}

/// The holds that stand, the oldest first.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry.
pub async fn legal_holds(
    app: &Application,
    actor: &Actor,
    page: &PageRequest,
) -> Result<Page<FiledHold>, UseCaseError> {
    permit(app, actor, RegistryWork::SeeCase)?;
    Ok(app
        .storage
        .read()
        .await?
        .legal_holds()
        .standing(page)
        .await?)
}

fn permit(
    app: &Application,
    actor: &Actor,
    work: RegistryWork<'_>,
) -> Result<Permit, UseCaseError> {
    let action = Action::OfRegistry(work);
    Ok(authorize(actor, &action, &app.moment(), &app.terms)?)
}

/// The case of that number, and whoever asks.
async fn found(
    records: &mut dyn Snapshot,
    actor: &Actor,
    number: &FileNumber,
) -> Result<(Case, AccountId), UseCaseError> {
    let by = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let case = records.cases().by_file_number(number).await?;
    Ok((case.ok_or(UseCaseError::NotFound)?, by))
}
