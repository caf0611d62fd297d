//! A draft: a submission that was begun and not sent yet, between adding files and sending them after a look (SUB-1). Its files are in
//! quarantine; it has no number. The pages use it; the API submits at once.

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, authorize};
use domain::submission::{SubmissionRefused, SubmittedFile, Wish};
use time::OffsetDateTime;

use crate::ports::storage::{Contended, StorageError};
use crate::receive_document::{CheckedFile, discard_documents};
use crate::submit_documents::{SubmitDocuments, SubmitError, Submitted, submit_documents};
use crate::{Application, UseCaseError, facts};

/// The identifier of a [`Draft`].
pub type DraftId = Id<Draft>;

/// A begun submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Identifier; the submission's idempotency key is made of it.
    pub id: DraftId,
    /// Who began it; nobody else can go on with it.
    pub account: AccountId,
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// What the sender entered.
    pub wish: Wish,
    /// Files that came in and were found good.
    pub files: Vec<SubmittedFile>,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
}

/// A draft with the case that it is on.
#[derive(Debug, Clone)]
pub struct SeenDraft {
    /// The draft.
    pub draft: Draft,
    /// The counsel.
    pub counsel: Account,
    /// The case.
    pub case: Case,
}

/// Why a draft cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The door stayed shut, there is no such case, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule of submissions is broken.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
}

impl Contended for BeginError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::UseCase(error) if error.is_contention())
    }
}

impl From<StorageError> for BeginError {
    fn from(error: StorageError) -> Self {
        Self::UseCase(error.into())
    }
}

/// Begins a draft with files that were found good. When it fails, the caller discards them.
///
/// # Errors
/// [`BeginError`].
pub async fn begin_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
    wish: &Wish,
    files: &[CheckedFile],
) -> Result<Draft, BeginError> {
    wish.check(files.len(), &app.tribunal, &app.terms)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let case = facts::case(&mut *tx, case).await?;
        let permit = authorize(
            actor,
            &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case)),
            &moment,
            &app.terms,
        )
        .map_err(UseCaseError::from)?;
        let caller = actor.caller().ok_or(UseCaseError::NotFound)?;
        let draft = Draft {
            id: Id::new(app.random.uuid(moment.at)),
            account: caller.account.id,
            counsel,
            case: case.id,
            wish: wish.clone(),
            files: files.iter().map(|file| file.facts().clone()).collect(),
            begun_at: moment.at,
        };
        tx.drafts_mut().put(&draft).await?;
        tx.commit(permit.into_audit_entry().about("draft", draft.id.uuid()))
            .await?;
        Ok(draft)
    })
    .await
}

/// Shows a draft to whoever began it.
///
/// # Errors
/// [`UseCaseError::NotFound`] for a draft of somebody else, or one that was sent or has been kept too long.
pub async fn see_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<SeenDraft, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let draft = records
        .drafts()
        .by_id(id)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    let theirs = actor
        .caller()
        .is_some_and(|caller| caller.account.id == draft.account)
        && draft.counsel == counsel;
    if !theirs || moment.at >= draft.begun_at + app.terms.draft {
        return Err(UseCaseError::NotFound);
    }
    let case = facts::case(&mut *records, draft.case).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case)),
        &moment,
        &app.terms,
    )?;
    Ok(SeenDraft {
        draft,
        counsel: representation.counsel,
        case,
    })
}

/// Sends a draft. Sent twice, it is received once (SUB-2).
///
/// # Errors
/// [`SubmitError`].
pub async fn send_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<Submitted, SubmitError> {
    let SeenDraft { draft, .. } = see_draft(app, actor, counsel, id).await?;
    let wish = SubmitDocuments {
        counsel: draft.counsel,
        case: draft.case,
        wish: draft.wish,
        files: draft.files.into_iter().map(CheckedFile).collect(),
        idempotency_key: Some(format!("draft-{id}")),
    };
    submit_documents(app, actor, &wish).await
}

/// Discards a draft and its files.
///
/// # Errors
/// [`UseCaseError`] as for [`see_draft`].
pub async fn discard_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<(), UseCaseError> {
    let SeenDraft { draft, case, .. } = see_draft(app, actor, counsel, id).await?;
    let case = &case;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let permit = authorize(
            actor,
            &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(case)),
            &moment,
            &app.terms,
        )?;
        tx.drafts_mut().remove(id).await?;
        tx.commit(
            permit
                .into_audit_entry()
                .about("discarded-draft", id.uuid()),
        )
        .await?;
        Ok::<(), UseCaseError>(())
    })
    .await?;
    let files: Vec<_> = draft.files.iter().map(|file| file.document).collect();
    let named = app
        .storage
        .read()
        .await?
        .submissions()
        .naming(&files)
        .await?;
    let unused: Vec<_> = files
        .into_iter()
        .filter(|file| !named.contains(file))
        .collect();
    discard_documents(app, &unused).await;
    Ok(())
}
