//! A draft: a submission that was begun and not sent yet, between adding files and sending them after a look (SUB-1). Its files are kept, and
//! nothing was received: it has no number. The pages use it; the API submits at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::{Case, CaseId, FileNumber};
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, Permit, Representation, authorize};
use domain::submission::{
    SubmissionId, SubmissionRefused, SubmittedFile, Wish, check_files, check_title,
};
use domain::terms::Terms;
use domain::tribunal::Tribunal;
use domain::tribunal_time::{Moment, TribunalDay};
use domain::upload::UploadId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::joined::{JoinedError, What, others};
use crate::ports::records::{Answered, SecretHash};
use crate::ports::storage::{Snapshot, StorageError, Transaction};
use crate::receive_document::{CheckedFile, Intake, discard_unnamed};
use crate::refusal::with_use_case_errors;
use crate::submit_documents::{
    Begun, Enclosed, SubmitDocuments, SubmitError, Submitted, submit_documents,
};
use crate::uploads::taken;
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
    /// On which others too.
    pub also_on: Vec<FileNumber>,
    /// What the sender entered.
    pub wish: Wish,
    /// Files that came in and were found good.
    pub files: Vec<SubmittedFile>,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
}

/// What its sender enters beside the files.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Type, note and service, as they are now.
    pub wish: Wish,
    /// The other cases, as they are now.
    pub also_on: Vec<FileNumber>,
}

/// What its sender changes in a draft.
#[derive(Debug, Clone, Default)]
pub struct DraftChange {
    /// What is entered beside the files; `None` leaves that as it is.
    pub entered: Option<Entered>,
    /// Titles in the list of documents, one for each file of the list that its sender has before them; an empty one is taken away.
    pub titles: BTreeMap<DocumentId, String>,
    /// Files to take out.
    pub remove: BTreeSet<DocumentId>,
    /// Files that came in and were found good.
    pub add: Vec<CheckedFile>,
}

/// A draft after a change.
#[derive(Debug, Clone)]
pub struct ChangedDraft {
    /// The draft.
    pub draft: Draft,
    /// Whether the list that its sender had before them is the list as it is now. What they did not see is not sent by the same click.
    pub as_listed: bool,
}

impl DraftChange {
    /// Files are added, and nothing else is changed.
    pub fn adding(files: Vec<CheckedFile>) -> Self {
        Self {
            add: files,
            ..Self::default()
        }
    }
}

impl Draft {
    /// With that change. A draft may be without files for a while; a submission may not.
    fn changed(
        &self,
        change: &DraftChange,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> Result<Self, SubmissionRefused> {
        let added = self.new_of(&change.add).cloned();
        let mut files: Vec<SubmittedFile> = self.files.iter().cloned().chain(added).collect();
        files.retain(|file| !change.remove.contains(&file.document));
        for file in &mut files {
            if let Some(title) = change.titles.get(&file.document) {
                let title = title.trim();
                check_title(title)?;
                file.title = (!title.is_empty()).then(|| title.to_owned());
            }
        }
        check_files(files.len().max(1), terms)?;
        let Entered { wish, also_on } = match &change.entered {
            Some(entered) => {
                entered.wish.check_entered(tribunal, terms, today)?;
                entered.clone()
            }
            None => Entered {
                wish: self.wish.clone(),
                also_on: self.also_on.clone(),
            },
        };
        Ok(Self {
            also_on,
            wish,
            files,
            ..self.clone()
        })
    }

    /// Whether this is the list that its sender had before them when they made that change, but for what they took out of it.
    fn is_listed_by(&self, change: &DraftChange) -> bool {
        let mut listed: BTreeSet<DocumentId> = change.titles.keys().copied().collect();
        listed.retain(|document| !change.remove.contains(document));
        self.documents().into_iter().collect::<BTreeSet<_>>() == listed
    }

    /// Whether that change says nothing else than what is here: the same page, sent twice.
    fn is_as(
        &self,
        change: &DraftChange,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> bool {
        let held = self.documents();
        let after = self.changed(change, tribunal, terms, today);
        change.titles.keys().all(|listed| held.contains(listed))
            && after.is_ok_and(|after| after == *self)
    }

    /// Those of the files that it does not have yet: a form that is sent twice adds an uploaded file once.
    fn new_of<'a>(&self, files: &'a [CheckedFile]) -> impl Iterator<Item = &'a SubmittedFile> {
        let held = self.documents();
        let files = files.iter().map(CheckedFile::facts);
        files.filter(move |file| !held.contains(&file.document))
    }

    fn idempotency_key(&self) -> String {
        format!("draft-{}", self.id)
    }

    fn documents(&self) -> Vec<DocumentId> {
        self.files.iter().map(|file| file.document).collect()
    }
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
    /// The submission that it became, if it was sent.
    pub sent: Option<SubmissionId>,
}

/// Why a draft stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The door stayed shut, there is no such draft, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule of submissions is broken.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
    /// It became a submission, which nobody changes.
    #[error("the draft was sent already")]
    SentAlready {
        /// That submission.
        submission: SubmissionId,
        /// Whether the change says nothing else than what was sent: the same page, sent twice.
        as_it_is: bool,
    },
    /// One of the other cases is none of this counsel's.
    #[error("there is no case {0} among this counsel's")]
    NoSuchCase(FileNumber),
}

impl From<JoinedError> for ChangeError {
    fn from(error: JoinedError) -> Self {
        match error {
            JoinedError::Forbidden(refused) => Self::UseCase(refused.into()),
            JoinedError::NoSuchCase(number) => Self::NoSuchCase(number),
            JoinedError::Refused(why) => Self::Refused(why),
            JoinedError::Storage(error) => Self::UseCase(error.into()),
        }
    }
}

with_use_case_errors!(ChangeError);

/// Why a draft cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The door stayed shut, there is no such case, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule of submissions is broken.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
    /// They have so many already.
    #[error("a person has at most {0} submissions that are begun and not sent")]
    TooMany(usize),
}

with_use_case_errors!(BeginError);

/// Begins a draft with files that were found good: they are kept whatever must still be put right beside them, which [`Wish::faults`] tells.
/// When it fails, the caller discards them.
///
/// # Errors
/// [`BeginError`].
pub async fn begin_draft(
    app: &Application,
    actor: &Actor,
    (counsel, case): (AccountId, CaseId),
    wish: &Wish,
    files: &[CheckedFile],
) -> Result<Draft, BeginError> {
    check_files(files.len(), &app.terms)?;
    let draft = app
        .retrying(|| async {
            let moment = app.moment();
            let mut tx = app.storage.begin().await?;
            let representation =
                facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
            let case = facts::case(&mut *tx, case).await?;
            let permit = authorize(
                actor,
                &Action::OfCounsel(&representation, CounselWork::PrepareSubmission(&case)),
                &moment,
                &app.terms,
            )
            .map_err(UseCaseError::from)?;
            let account = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
            let (at_most, since) = (app.terms.drafts_at_most, moment.at - app.terms.draft);
            let open = tx.drafts().open_of(account, counsel, since).await?;
            let open = usize::try_from(open).unwrap_or(usize::MAX);
            if open >= at_most {
                let lost = lost(app, &mut *tx, actor, (account, &representation), &moment).await?;
                if open - lost.min(open) >= at_most {
                    return Err(BeginError::TooMany(at_most));
                }
            }
            let draft = Draft {
                id: Id::new(app.random.uuid(moment.at)),
                account,
                counsel,
                case: case.id,
                also_on: Vec::new(),
                wish: wish.clone(),
                files: files.iter().map(|file| file.facts().clone()).collect(),
                begun_at: moment.at,
            };
            in_no_other(&mut *tx, &draft.documents()).await?;
            tx.drafts_mut().put(&draft).await?;
            note_uploads(&mut *tx, &draft, files, &moment).await?;
            tx.commit(
                permit
                    .into_audit_entry()
                    .about(SubjectKind::Draft, draft.id.uuid()),
            )
            .await?;
            Ok::<_, BeginError>(draft)
        })
        .await?;
    taken(app, files).await;
    Ok(draft)
}

/// So many open drafts are looked at to see which of them count.
const COUNTED: u32 = 1_000;

/// How many of somebody's open drafts for a counsel are on cases that the counsel does not have any more. Nobody finds them there, to send or
/// to discard, so they hold no place until they are too old.
async fn lost(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    (account, representation): (AccountId, &Representation),
    moment: &Moment,
) -> Result<usize, UseCaseError> {
    let (counsel, since) = (representation.counsel.id, moment.at - app.terms.draft);
    let drafts = records.drafts();
    let drafts = drafts.open_for(account, counsel, since, COUNTED).await?;
    let mut on: BTreeMap<CaseId, usize> = BTreeMap::new();
    for draft in drafts {
        *on.entry(draft.case).or_default() += 1;
    }
    let mut lost = 0;
    for (case, drafts) in on {
        let case = facts::case(records, case).await?;
        let action = Action::OfCounsel(representation, CounselWork::PrepareSubmission(&case));
        if authorize(actor, &action, moment, &app.terms).is_err() {
            lost += drafts;
        }
    }
    Ok(lost)
}

/// An uploaded file is in one draft: of two that take it at once, the second finds it gone.
async fn in_no_other(
    records: &mut dyn Snapshot,
    documents: &[DocumentId],
) -> Result<(), UseCaseError> {
    if records.drafts().naming(documents).await?.is_empty() {
        Ok(())
    } else {
        Err(UseCaseError::NotFound)
    }
}

/// Under what is kept where the file of an upload went.
fn whereabouts(upload: UploadId) -> String {
    format!("draft-of-upload-{upload}")
}

/// Keeps into which draft the uploads go: a form that is sent twice leads there, though they have ended.
async fn note_uploads(
    tx: &mut dyn Transaction,
    draft: &Draft,
    files: &[CheckedFile],
    moment: &Moment,
) -> Result<(), StorageError> {
    let asker = draft.account.into();
    for CheckedFile { facts, upload, .. } in files {
        let Some(upload) = upload else { continue };
        let key = whereabouts(*upload);
        if tx.requests().answered(asker, &key).await?.is_some() {
            continue;
        }
        let went = Answered {
            digest: SecretHash(*facts.sha256.bytes()),
            records: vec![draft.id.uuid(), facts.document.uuid()],
            at: moment.at,
        };
        tx.requests_mut()
            .remember(asker, &key, &went)
            .await
            .map_err(StorageError::overtaken)?;
    }
    Ok(())
}

/// The draft on that case that has the files of all these uploads, sent or not, for whoever began it.
///
/// # Errors
/// [`UseCaseError::Forbidden`], or records that do not work.
pub async fn draft_with(
    app: &Application,
    actor: &Actor,
    (counsel, case): (AccountId, CaseId),
    uploads: &[UploadId],
) -> Result<Option<DraftId>, UseCaseError> {
    let moment = app.moment();
    let caller = actor.caller().ok_or(UseCaseError::NotFound)?;
    let asker = caller.account.id.into();
    let mut records = app.storage.read().await?;
    let mut drafts: BTreeSet<Uuid> = BTreeSet::new();
    let mut documents: Vec<DocumentId> = Vec::with_capacity(uploads.len());
    for upload in uploads {
        let key = whereabouts(*upload);
        let went = records.requests().answered(asker, &key).await?;
        let went = went.map(|went| went.records).unwrap_or_default();
        let [draft, document] = went.as_slice() else {
            return Ok(None);
        };
        drafts.insert(*draft);
        documents.push(Id::new(*document));
    }
    let (Some(draft), 1) = (drafts.first(), drafts.len()) else {
        return Ok(None);
    };
    let draft = Id::new(*draft);
    match own_draft(app, &mut *records, actor, counsel, draft, &moment).await {
        Ok((SeenDraft { draft, .. }, _)) => {
            let held = draft.documents();
            let there = documents.iter().all(|document| held.contains(document));
            Ok((there && draft.case == case).then_some(draft.id))
        }
        Err(UseCaseError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The draft with its case, for whoever began it, and the permit to go on with it.
async fn own_draft(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
    moment: &Moment,
) -> Result<(SeenDraft, Permit), UseCaseError> {
    let representation = facts::representation(records, actor, counsel, moment, &app.terms).await?;
    // Whether they may see this counsel's cases at all comes first: otherwise the answer would tell who is a counsel here.
    let action = Action::OfCounsel(&representation, CounselWork::SeeCases);
    authorize(actor, &action, moment, &app.terms)?;
    let draft = records
        .drafts()
        .by_id(id)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    let begun_by_them = actor
        .caller()
        .is_some_and(|caller| caller.account.id == draft.account);
    let too_old = moment.at >= draft.begun_at + app.terms.draft;
    if !begun_by_them || draft.counsel != counsel || too_old {
        return Err(UseCaseError::NotFound);
    }
    let case = facts::case(records, draft.case).await?;
    let permit = authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::PrepareSubmission(&case)),
        moment,
        &app.terms,
    )?;
    let sent = records
        .requests()
        .answered(draft.account.into(), &draft.idempotency_key())
        .await?
        .and_then(|answered| answered.records.first().copied())
        .map(Id::new);
    let seen = SeenDraft {
        draft,
        counsel: representation.counsel,
        case,
        sent,
    };
    Ok((seen, permit))
}

/// Shows a draft to whoever began it.
///
/// # Errors
/// [`UseCaseError::NotFound`] for a draft of somebody else, or one that has been kept too long.
pub async fn see_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<SeenDraft, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (seen, _) = own_draft(app, &mut *records, actor, counsel, id, &moment).await?;
    Ok(seen)
}

/// The most drafts of a case that are listed.
const LISTED: u32 = 20;

/// Shows which submissions somebody began on a case and did not send yet, the newest first.
///
/// # Errors
/// [`UseCaseError::NotFound`] or [`UseCaseError::Forbidden`], as for the case itself.
pub async fn see_drafts(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
) -> Result<Vec<Draft>, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (representation, case) =
        facts::case_of(&mut *records, app, actor, counsel, case, &moment).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeCase(&case));
    authorize(actor, &action, &moment, &app.terms)?;
    let account = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let (on, since) = ((counsel, case.id), moment.at - app.terms.draft);
    let drafts = records.drafts();
    Ok(drafts.open_on(account, on, since, LISTED).await?)
}

/// Shows what somebody began for a counsel and has not sent, the newest first, each with the number of its case. What is on a case that is not
/// theirs any more is left out.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access.
pub async fn see_all_drafts(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<Vec<(Draft, FileNumber)>, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let account = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let since = moment.at - app.terms.draft;
    let drafts = records.drafts();
    let drafts = drafts.open_for(account, counsel, since, COUNTED).await?;
    let mut seen = Vec::new();
    for draft in drafts {
        let case = facts::case(&mut *records, draft.case).await?;
        let action = Action::OfCounsel(&representation, CounselWork::SeeCase(&case));
        if authorize(actor, &action, &moment, &app.terms).is_ok() {
            seen.push((draft, case.file_number));
        }
        // Those on lost cases take none of the places.
        if seen.len() == LISTED as usize {
            break;
        }
    }
    Ok(seen)
}

/// Asks whether files may be added to a draft, before any byte of them is taken; shows it.
///
/// # Errors
/// [`UseCaseError`] as for [`see_draft`].
pub async fn may_add(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<(SeenDraft, Intake), UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (seen, permit) = own_draft(app, &mut *records, actor, counsel, id, &moment).await?;
    Ok((seen, Intake::of(permit)))
}

/// Changes a draft. When it fails, the caller discards what it wanted to add.
///
/// # Errors
/// [`ChangeError`].
pub async fn change_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
    change: &DraftChange,
) -> Result<ChangedDraft, ChangeError> {
    let (before, after) = app
        .retrying(|| async {
            let moment = app.moment();
            let mut tx = app.storage.begin().await?;
            let (seen, permit) = own_draft(app, &mut *tx, actor, counsel, id, &moment).await?;
            let (tribunal, terms, today) = (&app.tribunal, &app.terms, moment.today);
            if let Some(submission) = seen.sent {
                let as_it_is = seen.draft.is_as(change, tribunal, terms, today);
                return Err(ChangeError::SentAlready {
                    submission,
                    as_it_is,
                });
            }
            let after = seen.draft.changed(change, tribunal, terms, today)?;
            let new = seen.draft.new_of(&change.add).map(|file| file.document);
            in_no_other(&mut *tx, &new.collect::<Vec<_>>()).await?;
            // Files that came are kept, though a case that was entered before is not this counsel's any more: sending asks again.
            if change.entered.is_some() {
                let representation =
                    facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
                let joined = (What::Documents, &seen.case, after.also_on.as_slice());
                others(app, &mut *tx, actor, &representation, joined, &moment).await?;
            }
            tx.drafts_mut().put(&after).await?;
            note_uploads(&mut *tx, &after, &change.add, &moment).await?;
            tx.commit(
                permit
                    .into_audit_entry()
                    .about(SubjectKind::Draft, id.uuid()),
            )
            .await?;
            Ok::<_, ChangeError>((seen.draft, after))
        })
        .await?;
    let kept = after.documents();
    let removed: Vec<DocumentId> = before
        .documents()
        .into_iter()
        .filter(|document| !kept.contains(document))
        .collect();
    discard_unnamed(app, &removed).await;
    taken(app, &change.add).await;
    Ok(ChangedDraft {
        as_listed: after.is_listed_by(change),
        draft: after,
    })
}

/// Sends a draft as its sender looked at it, or not at all. Sent twice, it is received once (SUB-2).
///
/// # Errors
/// [`SubmitError`]; [`SubmitError::Changed`] where it is not as it was looked at any more.
pub async fn send_draft(
    app: &Application,
    actor: &Actor,
    draft: &Draft,
) -> Result<Submitted, SubmitError> {
    let files = draft.files.iter().cloned().map(CheckedFile::of);
    let wish = SubmitDocuments {
        counsel: draft.counsel,
        case: draft.case,
        also_on: draft.also_on.clone(),
        idempotency_key: Some(draft.idempotency_key()),
        wish: draft.wish.clone(),
        files: files.map(Enclosed::File).collect(),
        form: None,
        begun: Some(Begun::Draft(draft.clone())),
    };
    submit_documents(app, actor, &wish).await
}

/// Discards a draft that was not sent, and those of its files that no submission names.
///
/// # Errors
/// [`ChangeError::SentAlready`], or as for [`see_draft`].
pub async fn discard_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DraftId,
) -> Result<Draft, ChangeError> {
    let draft = app
        .retrying(|| async {
            let moment = app.moment();
            let mut tx = app.storage.begin().await?;
            let (seen, permit) = own_draft(app, &mut *tx, actor, counsel, id, &moment).await?;
            if let Some(submission) = seen.sent {
                return Err(ChangeError::SentAlready {
                    submission,
                    as_it_is: false,
                });
            }
            tx.drafts_mut().remove(id).await?;
            let entry = permit.into_audit_entry();
            tx.commit(entry.about(SubjectKind::DiscardedDraft, id.uuid()))
                .await?;
            Ok::<_, ChangeError>(seen.draft)
        })
        .await?;
    discard_unnamed(app, &draft.documents()).await;
    Ok(draft)
}
