//! The registry issues and voids access codes (REG-2). The code goes by text message and is never stored in clear; what is stored is its
//! keyed hash.

use domain::access_code::{AccessCode, CodeHash, IssuedCode};
use domain::account::{Account, AccountId};
use domain::id::Id;
use domain::policy::{Action, Actor, RegistryWork, Who, authorize};
use time::OffsetDateTime;
use tracing::Instrument;

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
    /// If not, why not: the registry issues another when the gateway works again.
    pub sent: Result<(), TextMessageError>,
}

/// Why no code is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The door stayed shut, there is no such account, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// There is no number to send it to.
    #[error("the account has no cell number")]
    NoCell,
}

with_use_case_errors!(IssueError);

/// The keyed hash under which a code is kept and looked for.
pub(crate) fn hash_of(app: &Application, code: &AccessCode) -> CodeHash {
    CodeHash::new(app.keys.hash(Purpose::AccessCode, code.reveal().as_bytes()))
}

/// Issues a code, voids the earlier ones, and sends it. Once begun it is carried through, whether or not whoever asks is still there: a code
/// that is on record and that nobody sent would look like one that is on its way.
///
/// # Errors
/// [`IssueError`].
pub async fn issue_access_code(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<Issued, IssueError> {
    let (app, actor) = (app.clone(), actor.clone());
    let work = async move { issue_and_send(&app, &actor, account).await };
    tokio::spawn(work.in_current_span())
        .await
        .map_err(|error| StorageError::Unavailable(error.into()))?
}

async fn issue_and_send(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<Issued, IssueError> {
    let code = AccessCode::from_random(app.random.bytes());
    let hash = hash_of(app, &code);
    let (account, issued) = app.retrying(|| issue(app, actor, account, hash)).await?;
    let sent = send(app, &account, code).await;
    Ok(Issued {
        account,
        code: issued,
        sent,
    })
}

/// Puts a code on record in the place of the earlier ones.
async fn issue(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    hash: CodeHash,
) -> Result<(Account, IssuedCode), IssueError> {
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
    if account.cell.is_none() {
        return Err(IssueError::NoCell);
    }
    void_all(&mut *tx, account.id, moment.at).await?;
    let id = Id::new(app.random.uuid(moment.at));
    let issued = IssuedCode::issue(&permit, id, &account, hash, &app.terms);
    tx.access_codes_mut().insert(&issued).await?;
    let entry = permit.into_audit_entry();
    tx.commit(entry.about("access-code", issued.id.uuid()))
        .await?;
    Ok((account, issued))
}

/// That there is none is for the registry and the operator to know; everybody else is told the same as of one that is there.
pub(crate) fn no_such_account(app: &Application, actor: &Actor) -> UseCaseError {
    let action = Action::OfRegistry(RegistryWork::SeeRegistrations);
    match authorize(actor, &action, &app.moment(), &app.terms) {
        Err(refused) if actor.who != Who::Operator => refused.into(),
        _ => UseCaseError::NotFound,
    }
}

async fn send(
    app: &Application,
    account: &Account,
    code: AccessCode,
) -> Result<(), TextMessageError> {
    let Some(cell) = &account.cell else {
        return Ok(());
    };
    let message = TextMessage::AccessCode {
        code,
        hours: app.terms.access_code.whole_hours(),
    };
    let sent = app
        .text_messages
        .send(cell, account.language, &message)
        .await;
    if let Err(error) = &sent {
        tracing::warn!(account = %account.id, error = error as &dyn std::error::Error, "an access code was not sent");
    }
    sent
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
