//! Jobs that remove what nobody needs: sessions that are over, submissions begun and never sent, bytes that no record names.
//! Nothing depends on their running: access and limits are decided from instants.

use domain::policy::{Action, Actor, Job, authorize};

use crate::receive_document::discard_documents;
use crate::sign_in_services::LONGEST_AWAY;
use crate::{Application, UseCaseError};

/// How many records or documents one pass looks at.
const AT_A_TIME: u32 = 500;

/// What a pass removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Sessions that were over.
    pub sessions: u64,
    /// Begun submissions.
    pub drafts: u64,
    /// Documents.
    pub documents: u64,
}

/// Removes sessions that are over, what was kept of browsers that never came back, and counts of tries that no longer count.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn tidy_sessions(app: &Application) -> Result<Tidied, UseCaseError> {
    let moment = app.moment();
    authorize(
        &Actor::job(Job::TidySessions),
        &Action::RunJob(Job::TidySessions),
        &moment,
        &app.terms,
    )?;
    let sessions = app
        .sessions
        .remove_older(
            moment.at - app.terms.session_idle,
            moment.at - app.terms.session_longest,
        )
        .await?;
    app.departures
        .remove_left_before(moment.at - LONGEST_AWAY)
        .await?;
    app.throttle.remove_ended(moment.at).await?;
    Ok(Tidied {
        sessions,
        ..Tidied::default()
    })
}

/// Removes drafts that were kept too long, then documents older than any draft may be that no submission and no draft names.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn tidy_documents(app: &Application) -> Result<Tidied, UseCaseError> {
    let moment = app.moment();
    let too_old = moment.at - app.terms.draft;
    let old = app
        .storage
        .read()
        .await?
        .drafts()
        .begun_before(too_old, AT_A_TIME)
        .await?;
    let drafts = old.len() as u64;
    for draft in old {
        let permit = authorize(
            &Actor::job(Job::TidyDocuments),
            &Action::RunJob(Job::TidyDocuments),
            &moment,
            &app.terms,
        )?;
        let mut tx = app.storage.begin().await?;
        tx.drafts_mut().remove(draft.id).await?;
        tx.commit(permit.into_audit_entry().about("draft", draft.id.uuid()))
            .await?;
    }
    let written = match app
        .documents
        .written_before(too_old, AT_A_TIME as usize)
        .await
    {
        Ok(written) => written,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "documents cannot be tidied now"
            );
            Vec::new()
        }
    };
    let mut records = app.storage.read().await?;
    let mut named = records.submissions().naming(&written).await?;
    named.extend(records.drafts().naming(&written).await?);
    drop(records);
    let unnamed: Vec<_> = written
        .into_iter()
        .filter(|document| !named.contains(document))
        .collect();
    let documents = unnamed.len() as u64;
    discard_documents(app, &unnamed).await;
    Ok(Tidied {
        drafts,
        documents,
        ..Tidied::default()
    })
}
