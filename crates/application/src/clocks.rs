//! Jobs that remove for good ask two machines how late it is (`domain::clocks`): what an erring clock removes nobody can put back.

use domain::clocks::agree;

use crate::{Application, UseCaseError};

/// Passes where the records' own machine bears out how late it is here.
///
/// # Errors
/// [`UseCaseError::ClockAhead`], or [`UseCaseError::Storage`] where it cannot be asked.
pub(crate) async fn must_agree(app: &Application) -> Result<(), UseCaseError> {
    let Some(records_clock) = &app.records_clock else {
        return Ok(());
    };
    let ours = app.clock.now();
    let theirs = records_clock.now().await?;
    Ok(agree(ours, theirs)?)
}
