//! The operator opens accounts for the tribunal's own staff: somebody must be able to sign in first.

use domain::account::Account;
use domain::audit::SubjectKind;
use domain::id::Id;
use domain::policy::{Action, Actor, authorize};
use domain::registration::{NotStaff, StaffForm, open_staff};

use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// Why no account is opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenStaffError {
    /// The door stayed shut, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// Not a role of staff.
    #[error(transparent)]
    NotStaff(#[from] NotStaff),
}

with_use_case_errors!(OpenStaffError);

/// Opens an account.
///
/// # Errors
/// [`OpenStaffError`].
pub async fn open_staff_account(
    app: &Application,
    actor: &Actor,
    form: &StaffForm,
) -> Result<Account, OpenStaffError> {
    app.retrying(|| async {
        let moment = app.moment();
        let permit = authorize(actor, &Action::OpenStaffAccount, &moment, &app.terms)
            .map_err(UseCaseError::from)?;
        let mut tx = app.storage.begin().await?;
        let id = Id::new(app.random.uuid(moment.at));
        let account = open_staff(&permit, id, form.clone())?;
        tx.accounts_mut().insert(&account).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Account, account.id.uuid()))
            .await?;
        Ok(account)
    })
    .await
}
