//! Counsel or delegate sends a form on one or more cases (FORM-1). A form is a submission whose one file is the form as people read it,
//! with what it says kept as data beside it: so it has a confirmation number on each case, stands in the history, and is taken over by the
//! registry as documents are. The registry reads the data here.

use bytes::Bytes;
use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::{Case, FileNumber};
use domain::document::{DocumentId, FileName, MediaType};
use domain::form::{Fault, Field, Fields, Form, FormKind, Rules, SentForm, Why};
use domain::id::Id;
use domain::policy::{
    Action, Actor, CounselWork, Refusal, RegistryWork, Representation, authorize,
};
use domain::submission::{CASES_AT_MOST, SubmissionId, SubmittedFile, Wish};
use domain::tribunal_time::Moment;

use crate::form_draft::FormDraft;
use crate::ports::documents::InQuarantine;
use crate::ports::form_writer::{FormNotWritten, FormToWrite};
use crate::ports::storage::{Snapshot, StorageError};
use crate::receive_document::CheckedFile;
use crate::submit_documents::{
    Begun, Enclosed, SubmitDocuments, SubmitError, Submitted, submit_documents,
};
use crate::{Application, UseCaseError, facts};

/// What somebody wants to send.
#[derive(Debug, Clone)]
pub struct SendForm {
    /// For which counsel.
    pub counsel: AccountId,
    /// Which form.
    pub kind: FormKind,
    /// What was written in it.
    pub fields: Fields,
    /// The same for every try; the sender's choice.
    pub idempotency_key: Option<String>,
    /// Set where it was begun before, on the pages.
    pub begun: Option<FormDraft>,
}

/// Why a form was not sent. Nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum SendFormError {
    /// Every field that must be put right.
    #[error("{} fields must be put right", .0.len())]
    Faulty(Vec<Fault>),
    /// The document cannot be written.
    #[error(transparent)]
    NotWritten(#[from] FormNotWritten),
    /// It cannot be submitted, or not by this person.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<UseCaseError> for SendFormError {
    fn from(error: UseCaseError) -> Self {
        Self::Submit(error.into())
    }
}

impl From<StorageError> for SendFormError {
    fn from(error: StorageError) -> Self {
        Self::Submit(SubmitError::Storage(error))
    }
}

/// A form in which nothing is wrong, with the cases that it is for.
#[derive(Debug, Clone)]
pub struct CheckedForm {
    /// For which counsel.
    pub counsel: Account,
    /// The form.
    pub form: Form,
    /// The cases, in the sender's order.
    pub cases: Vec<Case>,
}

/// Whether a form could be sent as it is.
///
/// # Errors
/// [`SendFormError::Faulty`] with everything that must be put right; [`SendFormError::Submit`] for who may not send it.
pub async fn check_form(
    app: &Application,
    actor: &Actor,
    (counsel, kind): (AccountId, FormKind),
    fields: &Fields,
) -> Result<CheckedForm, SendFormError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::FillInForm);
    authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
    let rules = Rules {
        tribunal: &app.tribunal,
        plans: &*app.numbering_plans,
    };
    let read = Form::read(kind, fields, &rules);
    let mut faults = read.as_ref().err().cloned().unwrap_or_default();
    let mut cases: Vec<Case> = Vec::new();
    let numbers = fields.numbers().take(CASES_AT_MOST);
    for number in numbers.filter_map(|text| FileNumber::typed(text).ok()) {
        match own_case(app, &mut *records, actor, &representation, &number, &moment).await? {
            Some(case) if cases.iter().any(|known| known.id == case.id) => {}
            Some(case) => cases.push(case),
            None => faults.push(Fault {
                field: Field::FileNumbers,
                why: Why::NoSuchCase(number),
            }),
        }
    }
    match read {
        Ok(form) if faults.is_empty() => Ok(CheckedForm {
            counsel: representation.counsel,
            form,
            cases,
        }),
        _ => Err(SendFormError::Faulty(faults)),
    }
}

/// A case of this counsel's on which the form may be sent; one that is not theirs is as good as none.
async fn own_case(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    representation: &Representation,
    number: &FileNumber,
    moment: &Moment,
) -> Result<Option<Case>, SendFormError> {
    let Some(case) = records.cases().by_file_number(number).await? else {
        return Ok(None);
    };
    let action = Action::OfCounsel(representation, CounselWork::SendForm(&case));
    match authorize(actor, &action, moment, &app.terms) {
        Ok(_) => Ok(Some(case)),
        Err(refused) if refused.why == Refusal::NotTheirs => Ok(None),
        Err(refused) => Err(UseCaseError::from(refused).into()),
    }
}

/// Sends a form: one submission per case, each with its own confirmation number.
///
/// # Errors
/// [`SendFormError`].
pub async fn send_form(
    app: &Application,
    actor: &Actor,
    wish: &SendForm,
) -> Result<Submitted, SendFormError> {
    let checked = check_form(app, actor, (wish.counsel, wish.kind), &wish.fields).await?;
    let Some((first, others)) = checked.cases.split_first() else {
        return Err(SendFormError::Faulty(vec![Fault {
            field: Field::FileNumbers,
            why: Why::Missing,
        }]));
    };
    let (file, _in_quarantine) = written(app, &checked).await?;
    let submit = SubmitDocuments {
        counsel: wish.counsel,
        case: first.id,
        also_on: others.iter().map(|case| case.file_number.clone()).collect(),
        wish: Wish {
            document_type: wish.kind.document_type(),
            note: String::new(),
            service: None,
        },
        files: vec![Enclosed::File(file)],
        form: Some(checked.form),
        begun: wish.begun.clone().map(Begun::Form),
        idempotency_key: wish.idempotency_key.clone(),
    };
    Ok(submit_documents(app, actor, &submit).await?)
}

/// The form as people read it. It needs no look inside, and waits in quarantine until it is submitted in the same breath.
async fn written(
    app: &Application,
    checked: &CheckedForm,
) -> Result<(CheckedFile, Box<dyn InQuarantine>), SendFormError> {
    let kind = checked.form.kind();
    let page = app.form_writer.write(&FormToWrite {
        kind,
        fields: &checked.form.fields(),
        counsel: &checked.counsel,
    })?;
    let id: DocumentId = Id::new(app.random.uuid(app.clock.now()));
    let limit = page.len() as u64;
    let bytes = futures_util::stream::iter([Ok(Bytes::from(page))]);
    let received = app.documents.receive(id, Box::pin(bytes), limit).await;
    let (received, in_quarantine) = received.map_err(SubmitError::Documents)?;
    let file = CheckedFile::of(SubmittedFile {
        document: id,
        name: FileName::from_sender(&format!("{}.html", kind.code())),
        title: None,
        media_type: MediaType::Html,
        size: received.size,
        pages: None,
        sha256: received.sha256,
    });
    Ok((file, in_quarantine))
}

/// What a form says, for the registry. As with its document, every reading is in the audit trail.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system; [`UseCaseError::NotFound`] for a submission
/// that is no form.
pub async fn registry_form(
    app: &Application,
    actor: &Actor,
    id: SubmissionId,
) -> Result<SentForm, UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        // As for a download: who is not of the registry does not learn which submissions exist.
        let listing = Action::OfRegistry(RegistryWork::SeeSubmissions);
        authorize(actor, &listing, &moment, &app.terms)?;
        let mut tx = app.storage.begin().await?;
        let filed = tx.submissions().by_id(id).await?;
        let submission = filed.ok_or(UseCaseError::NotFound)?.submission;
        let action = Action::OfRegistry(RegistryWork::DownloadSubmission(&submission));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        let file = submission.files.first().ok_or(UseCaseError::NotFound)?;
        let form = tx.forms().of_document(file.document).await?;
        let form = form.ok_or(UseCaseError::NotFound)?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Form, file.document.uuid()))
            .await?;
        Ok(form)
    })
    .await
}
