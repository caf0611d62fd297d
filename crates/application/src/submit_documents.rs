//! Counsel or delegate submits documents on a case, and gets a confirmation number once every byte and the record of it are durable
//! (SUB-1 … SUB-7). A repeated request gets the same number (idempotency key). On several cases at once, each has its own.

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::{Case, CaseId, FileNumber};
use domain::confirmation_number::ConfirmationNumber;
use domain::document::DocumentId;
use domain::form::{Form, SentForm};
use domain::id::Id;
use domain::notice::{About, Recipient};
use domain::policy::{Action, Actor, Permit, Refused, Representation, authorize};
use domain::submission::{
    Numbers, Submission, SubmissionId, SubmissionRefused, SubmittedFile, Wish,
};
use domain::tribunal_time::TribunalDay;
use domain::upload::UploadId;
use receipts::SignedStatement;

use crate::draft::Draft;
use crate::form_draft::FormDraft;
use crate::joined::{JoinedError, What, others};
use crate::once::{KeyRefused, Once, all_answered_with, remember_all};
use crate::ports::documents::DocumentsError;
use crate::ports::records::Filed;
use crate::ports::storage::{Contended, Snapshot, StorageError, Transaction};
use crate::receipt::issue;
use crate::receive_document::{CheckedFile, discard, title_of};
use crate::uploads::{UploadError, Uploader, taken, uploaded};
use crate::{Application, UseCaseError, facts};

/// A file of a submission, as its sender names it.
#[derive(Debug, Clone)]
pub enum Enclosed {
    /// It came with the request, and was found good.
    File(CheckedFile),
    /// It came piece by piece before.
    Upload {
        /// As which upload.
        id: UploadId,
        /// Its title in the list of documents, if the sender gave one.
        title: Option<String>,
    },
}

impl Enclosed {
    /// As which upload it came, if it did.
    pub const fn upload(&self) -> Option<UploadId> {
        match self {
            Self::File(_) => None,
            Self::Upload { id, .. } => Some(*id),
        }
    }

    /// The file, if it came with the request.
    pub const fn file(&self) -> Option<&CheckedFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Upload { .. } => None,
        }
    }
}

/// As what a submission was begun on the pages, as its sender looked at it.
#[derive(Debug, Clone)]
pub enum Begun {
    /// Documents.
    Draft(Draft),
    /// A form (FORM-1).
    Form(FormDraft),
}

impl Begun {
    /// Whether it is on record as it was looked at: what was changed meanwhile is not left out of what is sent.
    async fn stands(&self, records: &mut dyn Snapshot) -> Result<(), SubmitError> {
        let same = match self {
            Self::Draft(draft) => {
                let held = records.drafts().by_id(draft.id).await?;
                held.map(|held| held == *draft)
            }
            Self::Form(draft) => {
                let held = records.form_drafts().by_id(draft.id).await?;
                held.map(|held| held == *draft)
            }
        };
        match same {
            Some(true) => Ok(()),
            Some(false) => Err(SubmitError::Changed),
            None => Err(SubmitError::NotFound),
        }
    }
}

/// What somebody wants to submit.
#[derive(Debug, Clone)]
pub struct SubmitDocuments {
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// On which others too, as joined files have them.
    pub also_on: Vec<FileNumber>,
    /// Type, note and service.
    pub wish: Wish,
    /// The files, in the sender's order; each upload once.
    pub files: Vec<Enclosed>,
    /// Set where the one file is this form as people read it (FORM-1).
    pub form: Option<Form>,
    /// Set where it was begun before, on the pages.
    pub begun: Option<Begun>,
    /// The same for every try of one submission; the sender's choice.
    pub idempotency_key: Option<String>,
}

impl SubmitDocuments {
    const fn what(&self) -> What {
        match self.form {
            None => What::Documents,
            Some(_) => What::Form,
        }
    }
}

/// A submission that the tribunal holds.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The record.
    pub submission: Submission,
    /// Its signed receipt; none for one of before there were receipts.
    pub receipt: Option<SignedStatement>,
    /// On which case.
    pub case: Case,
    /// The same documents on the other cases, each with its own number.
    pub also: Vec<Filed>,
    /// Whether it was received by an earlier request with the same key.
    pub repeated: bool,
}

/// Why nothing was submitted. Nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The policy said no.
    #[error(transparent)]
    Forbidden(#[from] Refused),
    /// No such case, or none that the sender may know of.
    #[error("there is no such case")]
    NotFound,
    /// One of the other cases is none of this counsel's.
    #[error("there is no case {0} among this counsel's")]
    NoSuchCase(FileNumber),
    /// A rule of submissions is broken.
    #[error(transparent)]
    Refused(#[from] SubmissionRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// What was begun is not any more as its sender looked at it.
    #[error("what was begun was changed meanwhile")]
    Changed,
    /// One of the files was given up before it was submitted.
    #[error("a file is not there any more")]
    FileGone,
    /// One of the uploads cannot be submitted.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// Documents cannot be kept now.
    #[error(transparent)]
    Documents(DocumentsError),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<UseCaseError> for SubmitError {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Forbidden(why) => Self::Forbidden(why),
            UseCaseError::NotFound => Self::NotFound,
            UseCaseError::Storage(error) => Self::Storage(error),
            // Of jobs alone.
            UseCaseError::ClockAhead(ahead) => {
                Self::Storage(StorageError::Unavailable(Box::new(ahead)))
            }
        }
    }
}

impl From<JoinedError> for SubmitError {
    fn from(error: JoinedError) -> Self {
        match error {
            JoinedError::Forbidden(refused) => Self::Forbidden(refused),
            JoinedError::NoSuchCase(number) => Self::NoSuchCase(number),
            JoinedError::Refused(why) => Self::Refused(why),
            JoinedError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<DocumentsError> for SubmitError {
    fn from(error: DocumentsError) -> Self {
        match error {
            DocumentsError::Missing => Self::FileGone,
            other => Self::Documents(other),
        }
    }
}

impl Contended for SubmitError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}

/// Submits. Whatever refuses it, the files are discarded.
///
/// # Errors
/// [`SubmitError`].
pub async fn submit_documents(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
) -> Result<Submitted, SubmitError> {
    let done = keep_and_record(app, actor, wish).await;
    let used = match &done {
        Ok(submitted) => !submitted.repeated,
        // It is not known whether the record was written: the files stay, and the job that tidies documents decides later.
        Err(SubmitError::Storage(StorageError::Unavailable(_))) => true,
        Err(_) => false,
    };
    if !used {
        discard(app, wish.files.iter().filter_map(Enclosed::file)).await;
    }
    done
}

async fn keep_and_record(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
) -> Result<Submitted, SubmitError> {
    let once = Once::of(app, wish.idempotency_key.as_deref(), &asked(wish))?;
    let once = once.as_ref();
    if wish.form.is_none() {
        wish.wish.check(
            wish.files.len(),
            &app.tribunal,
            &app.terms,
            app.moment().today,
        )?;
    }
    // Asked before the uploads are looked up: those of a request that was answered are gone.
    if let Some(repeated) = answered_before(app, actor, wish, once).await? {
        return Ok(repeated);
    }
    let checked = match checked(app, actor, wish).await {
        Ok(checked) => checked,
        // The same request, sent twice at once, may have been answered meanwhile.
        Err(error) => {
            let repeated = answered_before(app, actor, wish, once).await?;
            return repeated.ok_or(error);
        }
    };
    let mut files = Vec::with_capacity(checked.len());
    for file in &checked {
        let durable = file.keep(app).await?;
        files.push(SubmittedFile {
            document: durable.id,
            ..file.facts.clone()
        });
    }
    let files = &files;
    let submitted = app.retrying(|| async {
        match record(app, actor, wish, files, once).await {
            // Perhaps by the same request, sent twice at once.
            Err(overtaken) if overtaken.is_contention() => {
                let repeated = answered_before(app, actor, wish, once).await?;
                repeated.ok_or(overtaken)
            }
            done => done,
        }
    });
    let submitted = submitted.await?;
    taken(app, &checked).await;
    if !submitted.repeated {
        app.tally.submission_received();
    }
    Ok(submitted)
}

/// The files, each found good, in the sender's order.
async fn checked(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
) -> Result<Vec<CheckedFile>, SubmitError> {
    let who = Uploader {
        actor: actor.clone(),
        counsel: wish.counsel,
        case: wish.case,
        finishing: None,
    };
    let mut checked = Vec::with_capacity(wish.files.len());
    for enclosed in &wish.files {
        checked.push(match enclosed {
            Enclosed::File(file) => file.clone(),
            Enclosed::Upload { id, title } => uploaded(app, &who, *id, title.as_deref()).await?,
        });
    }
    Ok(checked)
}

/// What an earlier request with the same key was answered with.
async fn answered_before(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
    once: Option<&Once>,
) -> Result<Option<Submitted>, SubmitError> {
    if once.is_none() {
        return Ok(None);
    }
    // Nearly always there is none, and one question tells.
    let mut present = app.storage.glance().await?;
    let answered = all_answered_with::<SubmitError>(&mut *present, actor, once).await;
    if matches!(answered, Ok(None)) {
        return Ok(None);
    }
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, wish.counsel, &moment, &app.terms).await?;
    let case = facts::case(&mut *records, wish.case).await?;
    authorize(
        actor,
        &Action::OfCounsel(&representation, wish.what().on(&case)),
        &moment,
        &app.terms,
    )?;
    let ids = answered?.unwrap_or_default();
    let ids: Vec<SubmissionId> = ids.into_iter().map(Id::new).collect();
    let mut filed = records.submissions().several(&ids).await?;
    filed.sort_by_key(|filed| ids.iter().position(|id| *id == filed.submission.id));
    let mut filed = filed.into_iter();
    let first = filed.next().ok_or(SubmitError::NotFound)?;
    // What is on a case that was lost since is told as little as in its history.
    let also = filed.collect();
    let also =
        facts::on_seen_cases(&mut *records, app, actor, &representation, also, &moment).await?;
    Ok(Some(Submitted {
        receipt: records.receipts().of(first.submission.id).await?,
        submission: first.submission,
        case,
        also,
        repeated: true,
    }))
}

/// Records, notices, key and audit entries, in one transaction. A key that was used meanwhile is contention.
async fn record(
    app: &Application,
    actor: &Actor,
    wish: &SubmitDocuments,
    files: &[SubmittedFile],
    once: Option<&Once>,
) -> Result<Submitted, SubmitError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let representation =
        facts::representation(&mut *tx, actor, wish.counsel, &moment, &app.terms).await?;
    let case = facts::case(&mut *tx, wish.case).await?;
    let permit = authorize(
        actor,
        &Action::OfCounsel(&representation, wish.what().on(&case)),
        &moment,
        &app.terms,
    )?;
    let sender: &Account = &actor.caller().ok_or(SubmitError::NotFound)?.account;
    if let Some(begun) = &wish.begun {
        begun.stands(&mut *tx).await?;
    }
    let joined = (wish.what(), &case, wish.also_on.as_slice());
    let others = others(app, &mut *tx, actor, &representation, joined, &moment).await?;
    let documents: Vec<DocumentId> = files.iter().map(|file| file.document).collect();
    if !tx.given_up().among(&documents).await?.is_empty() {
        return Err(SubmitError::FileGone);
    }
    let on_case = OnCase {
        app,
        wish,
        files,
        sender,
        representation: &representation,
        today: moment.today,
    };
    if let (Some(form), Some(file)) = (&wish.form, files.first()) {
        let form = SentForm {
            document: file.document,
            kind: form.kind(),
            fields: form.fields(),
        };
        tx.forms_mut()
            .insert(&form)
            .await
            .map_err(StorageError::overtaken)?;
    }
    let (submission, receipt) = on_case.receive(&mut *tx, &case, &permit).await?;
    match &wish.begun {
        Some(Begun::Draft(draft)) => tx.drafts_mut().sent(draft.id, moment.at).await?,
        Some(Begun::Form(form)) => tx.form_drafts_mut().sent(form.id, moment.at).await?,
        None => {}
    }
    let mut also = Vec::with_capacity(others.len());
    for (other, permit) in others {
        let (submission, _) = on_case.receive(&mut *tx, &other, &permit).await?;
        let entry = permit.into_audit_entry();
        tx.record(entry.about(SubjectKind::Submission, submission.id.uuid()))
            .await?;
        also.push(Filed {
            submission,
            file_number: other.file_number,
        });
    }
    let others = also.iter().map(|filed| filed.submission.id.uuid());
    let ids = std::iter::once(submission.id.uuid()).chain(others);
    remember_all(&mut *tx, sender.id.into(), once, ids.collect(), moment.at).await?;
    tx.commit(
        permit
            .into_audit_entry()
            .about(SubjectKind::Submission, submission.id.uuid()),
    )
    .await?;
    Ok(Submitted {
        submission,
        receipt: Some(receipt),
        case,
        also,
        repeated: false,
    })
}

/// What is the same on each case of a joined submission.
struct OnCase<'a> {
    app: &'a Application,
    wish: &'a SubmitDocuments,
    files: &'a [SubmittedFile],
    sender: &'a Account,
    representation: &'a Representation,
    today: TribunalDay,
}

impl OnCase<'_> {
    /// The record on one case, with its own number, its own receipt and the notice of it to the sender alone (SUB-2, SUB-3).
    async fn receive(
        &self,
        tx: &mut dyn Transaction,
        case: &Case,
        permit: &Permit,
    ) -> Result<(Submission, SignedStatement), SubmitError> {
        let app = self.app;
        let numbers = Numbers {
            id: Id::new(app.random.uuid(permit.at())),
            confirmation_number: ConfirmationNumber::from_random(app.random.bytes()),
        };
        let files = self.files.to_vec();
        let submission = match &self.wish.form {
            None => Submission::receive(
                permit,
                numbers,
                self.wish.wish.clone(),
                files,
                self.sender,
                self.representation,
                case,
                &app.tribunal,
                &app.terms,
                self.today,
            )?,
            Some(form) => Submission::receive_form(
                permit,
                numbers,
                form.kind(),
                files,
                (self.sender, self.representation),
                case,
                &app.tribunal,
            ),
        };
        let (confirmation_number, received_at) = (
            submission.confirmation_number.clone(),
            submission.received_at,
        );
        let region = Some(case.region.clone());
        let about = match self.wish.form {
            None => About::DocumentsReceived {
                confirmation_number,
                received_at,
                region,
            },
            Some(_) => About::FormReceived {
                confirmation_number,
                received_at,
                region,
            },
        };
        let notice = app.notice(Recipient::owner_of(self.sender), about, permit.at());
        tx.submissions_mut()
            .insert(&submission)
            .await
            .map_err(StorageError::overtaken)?;
        let receipt = issue(app, &submission, &case.file_number)?;
        tx.receipts_mut().insert(submission.id, &receipt).await?;
        tx.notices_mut().queue(&notice).await?;
        Ok((submission, receipt))
    }
}

/// Everything that makes two requests the same. An upload is what it is called, for its file never changes, and it is gone when the request comes
/// again.
fn asked(wish: &SubmitDocuments) -> Vec<String> {
    let mut asked = vec![
        "documents on a case".to_owned(),
        wish.counsel.to_string(),
        wish.case.to_string(),
        wish.wish.document_type.as_str().to_owned(),
        wish.wish.note.clone(),
    ];
    if let Some(service) = &wish.wish.service {
        // No number on a file is in small letters: what follows is none of the other cases.
        asked.extend([
            "service".to_owned(),
            service.how.clone(),
            service.on.to_string(),
        ]);
    }
    asked.extend(wish.also_on.iter().map(|number| number.as_str().to_owned()));
    for enclosed in &wish.files {
        let (kind, title, name) = match enclosed {
            Enclosed::File(CheckedFile { facts, .. }) => {
                asked.push(facts.sha256.to_string());
                ("file", facts.title.clone(), facts.name.as_str().to_owned())
            }
            Enclosed::Upload { id, title } => {
                ("upload", title_of(title.as_deref()), id.to_string())
            }
        };
        asked.extend([kind.to_owned(), title.unwrap_or_default(), name]);
    }
    asked
}

#[cfg(test)]
mod tests {
    use domain::submission::{DocumentType, ServiceStatement};
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    /// how somebody was given a copy is not taken for the numbers of other cases.
    #[test]
    fn a_statement_of_service_is_no_other_case() {
        let how = "FAX".to_owned();
        let on = date!(2026 - 01 - 01);
        let numbers = [how.clone(), on.to_string()];
        let numbers = numbers.map(|number| FileNumber::parse(&number).unwrap());
        let wish = |service, also_on| SubmitDocuments {
            counsel: Id::new(Uuid::nil()),
            case: Id::new(Uuid::nil()),
            also_on,
            wish: Wish {
                document_type: DocumentType::undecided(),
                note: String::new(),
                service,
            },
            files: vec![],
            form: None,
            begun: None,
            idempotency_key: None,
        };
        let served = wish(Some(ServiceStatement { how, on }), vec![]);
        let joined = wish(None, numbers.to_vec());
        assert_ne!(asked(&served), asked(&joined));
    }
}
