//! Ends whatever lets anybody in without a new sign-in: every session and every token. For records that were put back from a backup, in which
//! sessions and tokens that people ended since are as they were (SEC-1). Who may sign in anew is not decided here.

use domain::audit::SubjectKind;
use domain::policy::{Action, Actor, authorize};

use crate::{Application, UseCaseError};

/// What ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Sessions.
    pub sessions: u64,
    /// Tokens that would still have worked.
    pub tokens: u64,
}

/// Ends them. Each is refused from the next request on.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the operator; nothing is changed then.
pub async fn end_access(app: &Application, actor: &Actor) -> Result<Ended, UseCaseError> {
    app.retrying(|| async {
        let permit = authorize(actor, &Action::EndAccess, &app.moment(), &app.terms)?;
        let mut tx = app.storage.begin().await?;
        let sessions = tx.sessions_mut().end_every().await?;
        let tokens = tx.tokens_mut().revoke_every(permit.at()).await?;
        let ended = Ended {
            sessions,
            tokens: tokens.len() as u64,
        };
        let tokens = tokens.into_iter().map(domain::id::Id::uuid);
        tx.commit(
            permit
                .into_audit_entry()
                .about_each(SubjectKind::Token, tokens),
        )
        .await?;
        Ok(ended)
    })
    .await
}
