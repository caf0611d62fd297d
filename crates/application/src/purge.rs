//! What nobody needs any more goes (PRIV-1): whatever the domain says goes, each case in a transaction of its own with its line in the audit
//! trail. Bytes follow once the record of their going is kept; what a crash leaves behind, the next pass or the job that tidies removes.

use std::collections::BTreeMap;

use domain::audit::SubjectKind;
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::{Job, Permit};
use domain::retention::{Kept, Kind, Stays, Verdict};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::clocks::must_agree;
use crate::passed_over;
use crate::ports::records::{Unreadable, Why};
use crate::ports::storage::StorageError;
use crate::{Application, UseCaseError};

/// How many records are looked at together.
const AT_A_TIME: u32 = 200;

/// How many of a kind one pass removes, and how many documents it tries to; the rest waits for the next.
pub const AT_MOST: u64 = 5_000;

/// Whether records go, or are only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// They go.
    Remove,
    /// It is only said what would go.
    Count,
}

/// What a pass did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purged {
    /// Records that went, by kind.
    pub gone: BTreeMap<Kind, u64>,
    /// Records that would have gone but for a legal hold.
    pub held: u64,
    /// Submissions that went with cases.
    pub submissions: u64,
    /// Inbox items that went with cases.
    pub items: u64,
    /// Answers to repeated requests that were forgotten.
    pub requests: u64,
    /// Documents whose bytes are gone.
    pub documents: u64,
    /// Records that make no sense, and that somebody must look at; they stay.
    pub unreadable: u64,
    /// Whether a limit was reached, or a halt was called, so that more is left to do.
    pub more: bool,
}

/// One pass. Nothing goes where this machine's clock is ahead of the records'.
///
/// # Errors
/// [`UseCaseError::Storage`]; [`UseCaseError::ClockAhead`].
pub async fn purge(app: &Application, how: Purge) -> Result<Purged, UseCaseError> {
    if how == Purge::Remove {
        must_agree(app).await?;
    }
    let at = permit(app)?.at();
    let mut done = Purged::default();
    for kind in Kind::ALL {
        purge_kind(app, kind, at, how, &mut done).await?;
    }
    if how == Purge::Remove {
        done.requests = forget_requests(app, at).await?;
        let left = remove_leaving(app).await?;
        done.documents = left.removed;
        done.more |= left.more;
    }
    Ok(done)
}

fn permit(app: &Application) -> Result<Permit, UseCaseError> {
    Ok(app.may_run(Job::Purge, &app.moment())?)
}

async fn purge_kind(
    app: &Application,
    kind: Kind,
    at: OffsetDateTime,
    how: Purge,
    done: &mut Purged,
) -> Result<(), UseCaseError> {
    let before = app.terms.retention.used_by(kind, at);
    let mut after = Uuid::nil();
    loop {
        if app.halt.is_called() {
            done.more = true;
            return Ok(());
        }
        let mut records = app.storage.read().await?;
        let found = records
            .retention()
            .perhaps_old(kind, before, after, AT_A_TIME)
            .await?;
        let Some(last) = found.last() else {
            return Ok(());
        };
        after = *last;
        let mut go = Vec::new();
        for id in found {
            let kept = match records.retention().kept(kind, id).await {
                Err(why @ StorageError::Corrupt { .. }) => {
                    passed_over::tell(&Unreadable { id, why });
                    done.unreadable += 1;
                    continue;
                }
                kept => kept?,
            };
            match kept.map(|kept| kept.verdict(at, &app.terms)) {
                Some(Verdict::Goes { .. }) => go.push(id),
                Some(Verdict::Stays(Stays::Held)) => done.held += 1,
                Some(Verdict::Stays(_)) | None => {}
            }
        }
        drop(records);
        for id in go {
            let enough = done.gone.get(&kind).is_some_and(|gone| *gone >= AT_MOST);
            if enough || app.halt.is_called() {
                done.more = true;
                return Ok(());
            }
            let went = match how {
                Purge::Count => true,
                Purge::Remove => remove(app, kind, id, done).await?,
            };
            if went {
                *done.gone.entry(kind).or_default() += 1;
            }
        }
    }
}

/// Removes a record, if it is still to go: somebody may have used it, or put it under a hold, since it was looked at.
async fn remove(
    app: &Application,
    kind: Kind,
    id: Uuid,
    done: &mut Purged,
) -> Result<bool, UseCaseError> {
    let went = app.retrying(|| attempt(app, kind, id)).await;
    match went {
        Ok(Some(went)) => {
            done.submissions += went.submissions;
            done.items += went.items;
            Ok(true)
        }
        // It is to stay, or another worker was first.
        Ok(None) | Err(UseCaseError::Storage(StorageError::Missing | StorageError::Duplicate)) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

struct Went {
    submissions: u64,
    items: u64,
}

async fn attempt(app: &Application, kind: Kind, id: Uuid) -> Result<Option<Went>, UseCaseError> {
    let permit = permit(app)?;
    let at = permit.at();
    let mut tx = app.storage.begin().await?;
    let kept: Option<Kept> = tx.retention().kept(kind, id).await?;
    let verdict = kept.as_ref().map(|kept| kept.verdict(at, &app.terms));
    let (Some(kept), Some(Verdict::Goes { last_used_at })) = (kept, verdict) else {
        return Ok(None);
    };
    let why = Why {
        last_used_at,
        kept_for: app.terms.retention.of(kind),
        at,
    };
    let mut entry = permit.into_audit_entry();
    let mut went = Went {
        submissions: 0,
        items: 0,
    };
    if let Some(case) = kept.case() {
        let with_it = tx.retention_mut().remove_case(case, &why).await?;
        entry = entry.on_case(case);
        for submission in &with_it.submissions {
            entry = entry.about(SubjectKind::Submission, submission.uuid());
        }
        for item in &with_it.items {
            entry = entry.about(SubjectKind::InboxItem, item.uuid());
        }
        for document in &with_it.documents {
            entry = entry.about(SubjectKind::Document, document.uuid());
        }
        went.submissions = with_it.submissions.len() as u64;
        went.items = with_it.items.len() as u64;
    } else {
        tx.retention_mut().remove(kind, id, &why).await?;
    }
    tx.commit(entry.about(kind.subject(), id)).await?;
    Ok(Some(went))
}

/// A request is answered when its submission is received, and no submission goes before its case's period is over.
async fn forget_requests(app: &Application, at: OffsetDateTime) -> Result<u64, UseCaseError> {
    let before = app.terms.retention.used_by(Kind::Case, at);
    let mut forgotten = 0;
    while !app.halt.is_called() {
        let some = app.retrying(|| forget_some(app, before)).await?;
        forgotten += some;
        if some < u64::from(AT_A_TIME) {
            break;
        }
    }
    Ok(forgotten)
}

async fn forget_some(app: &Application, before: OffsetDateTime) -> Result<u64, UseCaseError> {
    let permit = permit(app)?;
    let mut tx = app.storage.begin().await?;
    let requests = tx.retention_mut();
    let forgotten = requests.forget_requests(before, AT_A_TIME).await?;
    if forgotten > 0 {
        tx.commit(permit.into_audit_entry()).await?;
    }
    Ok(forgotten)
}

/// What became of documents whose records went.
pub(crate) struct Left {
    /// Those whose bytes are gone.
    pub(crate) removed: u64,
    /// Whether others were not looked at.
    pub(crate) more: bool,
}

/// Whose place is kept where a pass over these documents stopped, whichever of the two jobs passes.
const PLACE_OF: Job = Job::TidyDocuments;

/// Removes the bytes of documents whose records went. What cannot be removed now is tried again by the next pass, and keeps none of the
/// others: a pass that looked at as many as it may is gone on with by the next, from where it stopped, and round to there.
pub(crate) async fn remove_leaving(app: &Application) -> Result<Left, UseCaseError> {
    let stopped_after = app.job_runs.stopped_after(PLACE_OF).await?;
    let mut round = Round::from(stopped_after);
    let mut left = Left {
        removed: 0,
        more: false,
    };
    let mut looked_at = 0;
    loop {
        let leaving = round.next(app).await?;
        if leaving.is_empty() {
            break;
        }
        if looked_at >= AT_MOST || app.halt.is_called() {
            left.more = true;
            break;
        }
        round.passed(&leaving);
        looked_at += leaving.len() as u64;
        let mut gone: Vec<DocumentId> = Vec::new();
        for id in &leaving {
            match app.documents.discard(*id).await {
                Ok(()) => gone.push(*id),
                Err(error) => {
                    tracing::warn!(document = %id, error = &error as &dyn std::error::Error, "a document could not be removed");
                }
            }
        }
        if !gone.is_empty() {
            app.retrying(|| keep_gone(app, &gone)).await?;
        }
        left.removed += gone.len() as u64;
    }
    let stops_after = left.more.then_some(round.after.uuid());
    if stops_after != stopped_after {
        app.job_runs.stops_after(PLACE_OF, stops_after).await?;
    }
    Ok(left)
}

/// A way through documents in order of id: from a place to the end, and then from the beginning to that place.
struct Round {
    after: DocumentId,
    /// Where it began, and ends.
    begun_after: Option<DocumentId>,
    from_the_beginning: bool,
}

impl Round {
    fn from(stopped_after: Option<Uuid>) -> Self {
        let begun_after = stopped_after.map(Id::new);
        Self {
            after: begun_after.unwrap_or(Id::new(Uuid::nil())),
            begun_after,
            from_the_beginning: begun_after.is_none(),
        }
    }

    /// The next few; none at the end.
    async fn next(&mut self, app: &Application) -> Result<Vec<DocumentId>, StorageError> {
        loop {
            let mut records = app.storage.read().await?;
            let mut leaving = records.retention().leaving(self.after, AT_A_TIME).await?;
            drop(records);
            if self.from_the_beginning {
                leaving.retain(|id| self.begun_after.is_none_or(|place| *id <= place));
                return Ok(leaving);
            }
            if !leaving.is_empty() {
                return Ok(leaving);
            }
            self.from_the_beginning = true;
            self.after = Id::new(Uuid::nil());
        }
    }

    fn passed(&mut self, some: &[DocumentId]) {
        if let Some(last) = some.last() {
            self.after = *last;
        }
    }
}

async fn keep_gone(app: &Application, gone: &[DocumentId]) -> Result<(), UseCaseError> {
    let mut entry = permit(app)?.into_audit_entry();
    for id in gone {
        entry = entry.about(SubjectKind::Bytes, Id::uuid(*id));
    }
    let mut tx = app.storage.begin().await?;
    tx.retention_mut().gone(gone).await?;
    tx.commit(entry).await?;
    Ok(())
}
