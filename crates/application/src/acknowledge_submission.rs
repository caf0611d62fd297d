//! The registry takes a submission over (SUB-5).

use domain::policy::{Action, Actor, RegistryWork, authorize};
use domain::submission::SubmissionId;

use crate::ports::records::Filed;
use crate::{Application, UseCaseError};

/// Acknowledges a submission. A second time changes nothing and gives the first acknowledgement.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system; [`UseCaseError::NotFound`].
pub async fn acknowledge_submission(
    app: &Application,
    actor: &Actor,
    id: SubmissionId,
) -> Result<Filed, UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        authorize(
            actor,
            &Action::OfRegistry(RegistryWork::SeeSubmissions),
            &moment,
            &app.terms,
        )?;
        let mut tx = app.storage.begin().await?;
        let Filed {
            submission,
            file_number,
        } = tx
            .submissions()
            .by_id(id)
            .await?
            .ok_or(UseCaseError::NotFound)?;
        let permit = authorize(
            actor,
            &Action::OfRegistry(RegistryWork::AcknowledgeSubmission(&submission)),
            &moment,
            &app.terms,
        )?;
        let by = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let acknowledged = submission.acknowledged(&permit, by);
        if acknowledged != submission {
            tx.submissions_mut().acknowledge(&acknowledged).await?;
            tx.commit(permit.into_audit_entry()).await?;
        }
        Ok(Filed {
            submission: acknowledged,
            file_number,
        })
    })
    .await
}
