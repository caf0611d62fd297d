//! Jobs that remove what nobody needs: sessions that are over, submissions begun and never sent, bytes that no record names.
//! Nothing depends on their running: access and limits are decided from instants. A machine whose clock is ahead removes nothing.

use domain::audit::SubjectKind;
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::{Job, Permit};
use domain::session::Limits;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::by::By;
use crate::clocks::must_agree;
use crate::draft::DraftId;
use crate::kept_documents::{KeptError, LISTED};
use crate::ports::documents::DocumentsError;
use crate::ports::storage::StorageError;
use crate::purge::remove_leaving;
use crate::receive_document::still_there;
use crate::sign_in_services::LONGEST_AWAY;
use crate::uploads::end;
use crate::{Application, UseCaseError};

/// How many records or documents are looked at together.
const AT_A_TIME: u32 = 500;

/// What a pass removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Sessions that were over.
    pub sessions: u64,
    /// Begun submissions and forms.
    pub drafts: u64,
    /// Uploads that were not submitted in time.
    pub uploads: u64,
    /// Documents.
    pub documents: u64,
}

/// Removes sessions that are over, what was kept of browsers that never came back, and counts of tries that no longer count. Whatever a
/// version of before left without a deadline gets it first.
///
/// # Errors
/// [`UseCaseError::Storage`]; [`UseCaseError::ClockAhead`].
pub async fn tidy_sessions(app: &Application) -> Result<Tidied, UseCaseError> {
    while app.retrying(|| promise_codes(app)).await? {}
    hold_sessions(app).await?;
    must_agree(app).await?;
    let moment = app.moment();
    app.may_run(Job::TidySessions, &moment)?;
    let sessions = app
        .sessions
        .remove_older(
            moment.at - app.terms.session_idle,
            // One that is too old still finishes its uploads (HELP-2).
            moment.at - app.terms.session_longest - app.terms.upload,
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

/// Holds every session to the present terms from now on: one that is over by them stays over, whatever the terms are later. Whoever lets
/// people in asks it before.
///
/// # Errors
/// [`StorageError`].
pub async fn hold_sessions(app: &Application) -> Result<(), StorageError> {
    app.sessions.hold_to(Limits::by(&app.terms)).await
}

/// Writes down until when the next few access codes work of which that is not on record, and says whether there were any (REG-2).
async fn promise_codes(app: &Application) -> Result<bool, UseCaseError> {
    let moment = app.moment();
    let permit = app.may_run(Job::TidySessions, &moment)?;
    let mut tx = app.storage.begin().await?;
    let codes = tx.access_codes_mut();
    let promised = codes.promise(app.terms.access_code, AT_A_TIME).await?;
    if promised.is_empty() {
        return Ok(false);
    }
    let promised = promised.into_iter().map(Id::uuid);
    tx.commit(
        permit
            .into_audit_entry()
            .about_each(SubjectKind::Promised, promised),
    )
    .await?;
    Ok(true)
}

/// Removes drafts that were kept too long, then documents older than any draft may be that no record names, and those whose records went.
/// By hand it looks at every document, also at those that a backup brought back whose records are gone since.
///
/// # Errors
/// [`KeptError`]: what could be done is done, and the next pass looks at the rest.
pub async fn tidy_documents(app: &Application, by: By) -> Result<Tidied, KeptError> {
    must_agree(app).await?;
    let at = permit(app)?.at();
    sweep_quarantine(app).await.map_err(KeptError::Documents)?;
    let drafts = tidy_drafts(app, at - app.terms.draft).await?;
    let drafts = drafts + tidy_form_drafts(app, at - app.terms.draft).await?;
    let uploads = tidy_uploads(app).await?;
    // A piece that is still coming in is as young as its upload.
    let too_old = at - app.terms.draft.max(app.terms.upload);
    let left = remove_leaving(app).await?.removed;
    let documents = left + tidy_unnamed(app, too_old, by).await?;
    Ok(Tidied {
        drafts,
        uploads,
        documents,
        ..Tidied::default()
    })
}

/// Longer than any request looks into a file: a scanner may be waited for, and may take, an hour and ten minutes.
const IN_QUARANTINE: Duration = Duration::hours(2);

/// Removes what a process that died left plain in this machine's quarantine. Each machine that takes documents in asks this for itself: no
/// other one sees that folder.
///
/// # Errors
/// [`DocumentsError`].
pub async fn sweep_quarantine(app: &Application) -> Result<(), DocumentsError> {
    let swept = app.documents.sweep(IN_QUARANTINE).await?;
    if swept > 0 {
        tracing::warn!(swept, "files of requests that died were in quarantine");
    }
    Ok(())
}

fn permit(app: &Application) -> Result<Permit, UseCaseError> {
    Ok(app.may_run(Job::TidyDocuments, &app.moment())?)
}

/// Removes drafts begun before `too_old`, each in a transaction of its own.
async fn tidy_drafts(app: &Application, too_old: OffsetDateTime) -> Result<u64, UseCaseError> {
    let mut removed = 0;
    loop {
        let mut records = app.storage.read().await?;
        let old = records.drafts().begun_before(too_old, AT_A_TIME).await?;
        drop(records);
        if old.is_empty() {
            return Ok(removed);
        }
        for id in old {
            if app.halt.is_called() {
                return Ok(removed);
            }
            app.retrying(|| remove_draft(app, id)).await?;
            removed += 1;
        }
    }
}

async fn remove_draft(app: &Application, id: DraftId) -> Result<(), UseCaseError> {
    let permit = permit(app)?;
    let mut tx = app.storage.begin().await?;
    tx.drafts_mut().remove(id).await?;
    tx.commit(
        permit
            .into_audit_entry()
            .about(SubjectKind::Draft, id.uuid()),
    )
    .await?;
    Ok(())
}

/// Removes forms begun before `too_old`, some in each transaction.
async fn tidy_form_drafts(app: &Application, too_old: OffsetDateTime) -> Result<u64, UseCaseError> {
    let mut removed = 0;
    while !app.halt.is_called() {
        let some = app.retrying(|| remove_forms(app, too_old)).await?;
        removed += some;
        if some < u64::from(AT_A_TIME) {
            break;
        }
    }
    Ok(removed)
}

async fn remove_forms(app: &Application, too_old: OffsetDateTime) -> Result<u64, UseCaseError> {
    let permit = permit(app)?;
    let mut tx = app.storage.begin().await?;
    let forms = tx.form_drafts_mut();
    let removed = forms.remove_begun_before(too_old, AT_A_TIME).await?;
    if removed > 0 {
        tx.commit(permit.into_audit_entry()).await?;
    }
    Ok(removed)
}

/// Ends uploads whose time is over.
async fn tidy_uploads(app: &Application) -> Result<u64, UseCaseError> {
    let moment = app.moment();
    let permit = app.may_run(Job::TidyDocuments, &moment)?;
    let entry = permit.into_audit_entry();
    let over = moment.at - app.terms.upload;
    // Exactly then it is over.
    let over = over + Duration::MICROSECOND;
    let mut ended = 0;
    loop {
        let some = app.uploads.begun_before(over, AT_A_TIME).await?;
        if some.is_empty() || app.halt.is_called() {
            return Ok(ended);
        }
        for (id, document) in some {
            let entry = entry.clone().about(SubjectKind::Upload, id.uuid());
            end(app, id, document, &entry).await?;
            ended += 1;
        }
    }
}

/// Looked at again for so long: a document that nothing names by then has been removed, or is named for good.
const LOOKED_AT_FOR: Duration = Duration::days(7);

/// The first document to look at. Ids are made in the order of time, so those that passes before this one looked at for long enough need
/// not be looked at again; those of a time in which the job did not run must be.
async fn first_to_look_at(
    app: &Application,
    too_old: OffsetDateTime,
) -> Result<DocumentId, UseCaseError> {
    let last_runs = app.job_runs.last().await?;
    let Some(ran_at) = last_runs.get(Job::TidyDocuments.name()) else {
        return Ok(Id::new(Uuid::nil()));
    };
    Ok(first_of(
        too_old.min(*ran_at - app.terms.draft.max(app.terms.upload)) - LOOKED_AT_FOR,
    ))
}

/// Removes documents written before `too_old` that nothing names.
async fn tidy_unnamed(
    app: &Application,
    too_old: OffsetDateTime,
    by: By,
) -> Result<u64, KeptError> {
    let mut after = match by {
        By::Schedule => first_to_look_at(app, too_old).await?,
        By::Hand => Id::new(Uuid::nil()),
    };
    let (mut removed, mut stayed) = (0, None);
    while !app.halt.is_called() {
        let found = app.documents.written_before(too_old, after, LISTED).await;
        let written = found.map_err(KeptError::Documents)?;
        let Some(last) = written.last() else { break };
        after = *last;
        for some in written.chunks(AT_A_TIME as usize) {
            if app.halt.is_called() {
                break;
            }
            let given_up = app.retrying(|| app.given_up.give_up(some)).await?;
            removed += given_up.len() as u64;
            for (id, error) in still_there(app, &given_up).await {
                tracing::error!(document = %id, error = &error as &dyn std::error::Error, "a document that nothing names could not be removed");
                removed -= 1;
                stayed.get_or_insert(error);
            }
        }
    }
    stayed.map_or(Ok(removed), |error| Err(KeptError::Documents(error)))
}

/// The smallest id that is made at that instant (UUID version 7).
fn first_of(at: OffsetDateTime) -> DocumentId {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    Id::new(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
}
