//! The registry records the cell number of somebody who cannot sign in, so that an access code reaches them: a delegate who never gave one, or
//! whoever lost the telephone with the sign-in (REG-6, REG-7). The number of whoever can sign in changes in My Profile.

use domain::account::AccountId;
use domain::notice::{About, Recipient};
use domain::person::Telephone;
use domain::policy::{Action, Actor, RegistryWork, authorize};
use domain::profile_change::Overtaken;
use domain::registration::{self, CellRefused, IdentityCheck};

use crate::access_code::{no_such_account, void_all};
use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::profile::overtake;
use crate::refusal::with_use_case_errors;
use crate::registration::{Registration, with_progress};
use crate::{Application, UseCaseError};

/// What the registry enters.
#[derive(Debug, Clone)]
pub struct RecordCell {
    /// The number.
    pub cell: Telephone,
    /// The kind of document that proved who it is; no copy is kept.
    pub document_kind: String,
    /// Repeats of a request have the same key.
    pub idempotency_key: Option<String>,
}

impl RecordCell {
    /// Everything that makes two of them the same.
    fn once(&self, app: &Application, account: AccountId) -> Result<Option<Once>, KeyRefused> {
        let asked = [
            "record-cell",
            &account.to_string(),
            self.cell.as_str(),
            &self.document_kind,
        ];
        Once::of(app, self.idempotency_key.as_deref(), &asked)
    }
}

/// Why no number is recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordCellError {
    /// The door stayed shut, there is no such account, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule stands against it.
    #[error(transparent)]
    Refused(#[from] CellRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
}

with_use_case_errors!(RecordCellError);

/// Records it, voids the codes that went to another, refuses a change of the profile that waits, and tells the person by e-mail. A repeat under
/// the same key finds the account as it is now: a code that was issued since stays good.
///
/// # Errors
/// [`RecordCellError`].
pub async fn record_cell(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    wish: &RecordCell,
) -> Result<Registration, RecordCellError> {
    let once = wish.once(app, account)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let Some(account) = tx.accounts().by_id(account).await? else {
            return Err(no_such_account(app, actor).into());
        };
        let action = Action::OfRegistry(RegistryWork::RecordCell(&account));
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let by = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let before = answered_with::<RecordCellError>(&mut *tx, actor, once.as_ref()).await?;
        if before.is_some() {
            return Ok(with_progress(&mut *tx, account).await?);
        }
        let check = IdentityCheck {
            document_kind: wish.document_kind.trim().to_owned(),
            checked_by: by,
            checked_at: moment.at,
        };
        let opened_by = tx.sign_ins().of_account(account.id).await?.len();
        let cell = wish.cell.clone();
        let account = registration::record_cell(&permit, &account, opened_by, cell, &check)?;
        tx.accounts_mut().update(&account).await?;
        tx.registrations_mut().renew(account.id, &check).await?;
        let record = account.id.uuid();
        remember(&mut *tx, by, once.as_ref(), record, moment.at).await?;
        void_all(&mut *tx, account.id, moment.at).await?;
        let why = Overtaken::CellRecorded;
        overtake(app, &mut *tx, &permit, &account, by, why).await?;
        let owner = Recipient::owner_of(&account);
        let notice = app.notice(owner, About::CellRecorded, moment.at);
        tx.notices_mut().queue(&notice).await?;
        let recorded = with_progress(&mut *tx, account).await?;
        tx.commit(permit.into_audit_entry()).await?;
        Ok(recorded)
    })
    .await
}
