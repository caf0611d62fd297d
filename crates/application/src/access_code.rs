//! The registry issues and voids access codes (REG-2). The code goes by text message and is never stored in clear; what is stored is its
//! keyed hash.

use domain::access_code::{AccessCode, CodeHash, IssuedCode};
use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::id::Id;
use domain::person::Telephone;
use domain::policy::{Action, Actor, RegistryWork, Who, authorize};
use time::OffsetDateTime;
use tracing::Instrument;

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::ports::keys::Purpose;
use crate::ports::storage::{StorageError, Transaction};
use crate::ports::text_messages::{TextMessage, TextMessageError};
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// A code that was issued, and whether it was handed to the gateway.
#[derive(Debug)]
pub struct Issued {
    /// Whose.
    pub account: Account,
    /// The record.
    pub code: IssuedCode,
    /// What became of its message.
    pub sent: Sent,
}

/// What became of a code's message.
#[derive(Debug)]
pub enum Sent {
    /// The gateway took it.
    Yes,
    /// It did not: the registry issues another code when the gateway works again.
    No(TextMessageError),
    /// The request is the repeat of one that was answered before, and sends nothing. No record says whether the gateway took the first message.
    Before,
}

/// Why no code is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The door stayed shut, there is no such account, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// There is no number to send it to.
    #[error("the account has no cell number")]
    NoCell,
}

with_use_case_errors!(IssueError);

/// The keyed hash under which a code is kept and looked for.
pub(crate) fn hash_of(app: &Application, code: &AccessCode) -> CodeHash {
    CodeHash::new(app.keys.hash(Purpose::AccessCode, code.reveal().as_bytes()))
}

/// Issues a code, voids the earlier ones, and sends it; a repeat under the same key finds the code that was issued, and sends nothing. Once
/// begun it is carried through, whether or not whoever asks is still there: a code that is on record and that nobody sent would look like one
/// that is on its way.
///
/// # Errors
/// [`IssueError`].
pub async fn issue_access_code(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    idempotency_key: Option<&str>,
) -> Result<Issued, IssueError> {
    let asked = ["issue-access-code", &account.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    let (app, actor) = (app.clone(), actor.clone());
    let work = async move { issue_and_send(&app, &actor, account, once.as_ref()).await };
    tokio::spawn(work.in_current_span())
        .await
        .map_err(|error| StorageError::Unavailable(error.into()))?
}

async fn issue_and_send(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    once: Option<&Once>,
) -> Result<Issued, IssueError> {
    let code = AccessCode::from_random(app.random.bytes());
    let hash = hash_of(app, &code);
    let (account, issued, to) = app
        .retrying(|| issue(app, actor, account, hash, once))
        .await?;
    let sent = match &to {
        Some(cell) => send(app, &account, cell, code).await,
        None => Sent::Before,
    };
    Ok(Issued {
        account,
        code: issued,
        sent,
    })
}

/// Puts a code on record in the place of the earlier ones, and gives the number to which it goes; or finds the one that the same request put there
/// before, which was sent then.
async fn issue(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    hash: CodeHash,
    once: Option<&Once>,
) -> Result<(Account, IssuedCode, Option<Telephone>), IssueError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let Some(account) = tx.accounts().by_id(account).await? else {
        return Err(no_such_account(app, actor).into());
    };
    let permit = authorize(
        actor,
        &Action::OfRegistry(RegistryWork::IssueAccessCode(&account)),
        &moment,
        &app.terms,
    )
    .map_err(UseCaseError::from)?;
    if let Some(before) = answered_with::<IssueError>(&mut *tx, actor, once).await? {
        let codes = tx.access_codes().of_account(account.id).await?;
        let mut codes = codes.into_iter();
        let issued = codes.find(|code| code.id.uuid() == before);
        return Ok((account, issued.ok_or(UseCaseError::NotFound)?, None));
    }
    let Some(cell) = account.cell.clone() else {
        return Err(IssueError::NoCell);
    };
    void_all(&mut *tx, account.id, moment.at).await?;
    let id = Id::new(app.random.uuid(moment.at));
    if let Some(caller) = actor.caller() {
        remember(&mut *tx, caller.account.id, once, id.uuid(), moment.at).await?;
    }
    let issued = IssuedCode::issue(&permit, id, &account, hash, &app.terms);
    tx.access_codes_mut().insert(&issued).await?;
    let entry = permit.into_audit_entry();
    tx.commit(entry.about(SubjectKind::AccessCode, issued.id.uuid()))
        .await?;
    Ok((account, issued, Some(cell)))
}

/// That there is none is for the registry and the operator to know; everybody else is told the same as of one that is there.
pub(crate) fn no_such_account(app: &Application, actor: &Actor) -> UseCaseError {
    let action = Action::OfRegistry(RegistryWork::SeeRegistrations);
    match authorize(actor, &action, &app.moment(), &app.terms) {
        Err(refused) if actor.who != Who::Operator => refused.into(),
        _ => UseCaseError::NotFound,
    }
}

async fn send(app: &Application, account: &Account, cell: &Telephone, code: AccessCode) -> Sent {
    let message = TextMessage::AccessCode {
        code,
        hours: app.terms.access_code.whole_hours(),
    };
    let sent = app
        .text_messages
        .send(cell, account.language, &message)
        .await;
    match sent {
        Ok(()) => Sent::Yes,
        Err(error) => {
            tracing::warn!(account = %account.id, error = &error as &dyn std::error::Error, "an access code was not sent");
            Sent::No(error)
        }
    }
}

/// Voids whatever codes an account has.
pub(crate) async fn void_all(
    tx: &mut dyn Transaction,
    account: AccountId,
    at: OffsetDateTime,
) -> Result<(), StorageError> {
    for code in tx.access_codes().of_account(account).await? {
        let voided = code.voided(at);
        if voided != code {
            tx.access_codes_mut().update(&voided).await?;
        }
    }
    Ok(())
}

/// Voids an account's codes.
///
/// # Errors
/// [`UseCaseError`].
pub async fn void_access_codes(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<(), UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let Some(account) = tx.accounts().by_id(account).await? else {
            return Err(no_such_account(app, actor));
        };
        let action = Action::OfRegistry(RegistryWork::VoidAccessCodes(&account));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        void_all(&mut *tx, account.id, moment.at).await?;
        Ok(tx.commit(permit.into_audit_entry()).await?)
    })
    .await
}
