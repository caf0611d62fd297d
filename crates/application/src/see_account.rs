//! Who am I: the account by which somebody was recognised.

use domain::account::Account;
use domain::policy::{Action, Actor, OwnWork, authorize};

use crate::{Application, UseCaseError};

/// Shows one's own account.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for strangers and blocked accounts.
pub fn see_account<'a>(app: &Application, actor: &'a Actor) -> Result<&'a Account, UseCaseError> {
    authorize(
        actor,
        &Action::Own(OwnWork::SeeAccount),
        &app.moment(),
        &app.terms,
    )?;
    actor
        .caller()
        .map(|caller| &caller.account)
        .ok_or(UseCaseError::NotFound)
}
