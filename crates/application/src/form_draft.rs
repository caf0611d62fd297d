//! A begun form: what was typed is kept here whatever is still wrong with it, between filling it in and sending it after a look (FORM-1).
//! The pages use it; the API sends at once.

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::form::{Fields, FormKind, SentForm};
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, Permit, Representation, authorize};
use domain::tribunal_time::Moment;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::once::in_one;
use crate::ports::records::Filed;
use crate::ports::storage::{Snapshot, StorageError};
use crate::refusal::with_use_case_errors;
use crate::send_form::{CheckedForm, SendForm, SendFormError, check_form, send_form};
use crate::submit_documents::{SubmitError, Submitted};
use crate::{Application, UseCaseError, facts};

/// The identifier of a [`FormDraft`].
pub type FormDraftId = Id<FormDraft>;

/// A begun form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// Identifier; the idempotency key of its sending is made of it.
    pub id: FormDraftId,
    /// Who began it; nobody else can go on with it.
    pub account: AccountId,
    /// For which counsel.
    pub counsel: AccountId,
    /// Which form.
    pub kind: FormKind,
    /// What was typed.
    pub fields: Fields,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
}

impl FormDraft {
    fn idempotency_key(&self) -> String {
        format!("form-draft-{}", self.id)
    }

    /// What stands for all that is written in it: the page on which somebody looks it over bears this, and what is sent is what they looked at.
    pub fn edition(&self) -> String {
        let written = self.fields.iter();
        let written = in_one(written.flat_map(|(field, text)| [field.code(), text]));
        domain::document::Sha256::new(Sha256::digest(written).into()).to_string()
    }
}

/// A begun form, for whom, and what became of it.
#[derive(Debug, Clone)]
pub struct SeenFormDraft {
    /// The form.
    pub draft: FormDraft,
    /// The counsel.
    pub counsel: Account,
    /// Whether it was sent.
    pub is_sent: bool,
    /// The submissions that it became: one per case, as far as the asker sees those cases (CASE-1).
    pub sent: Vec<Filed>,
    /// The form as it was sent, as long as they see one of its cases.
    pub form: Option<SentForm>,
}

/// The forms, and those that somebody began for a counsel.
#[derive(Debug, Clone)]
pub struct SeenForms {
    /// The counsel.
    pub counsel: Account,
    /// Begun and not sent yet, the newest first.
    pub begun: Vec<FormDraft>,
}

/// Why what was typed is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepFormError {
    /// The door stayed shut, there is no such begun form, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// It was sent, and nobody changes it any more.
    #[error("the form was sent already")]
    SentAlready {
        /// Whether the change says nothing else than what was sent: the same page, sent twice.
        as_it_is: bool,
    },
    /// More was typed than any form holds.
    #[error("more than {LONGEST} characters")]
    TooLong,
    /// This person has begun too many that were not sent.
    #[error("{0} forms are begun and not sent")]
    TooMany(usize),
}

/// The most characters that are kept of a form in which too much was typed.
const LONGEST: usize = 20_000;

/// The most begun forms that are listed.
const LISTED: u32 = 100;

with_use_case_errors!(KeepFormError);

/// For whom forms are filled in, and the permit to do so.
async fn may_fill_in(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
) -> Result<(Representation, Permit), UseCaseError> {
    let representation = facts::representation(records, actor, counsel, moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::FillInForm);
    let permit = authorize(actor, &action, moment, &app.terms)?;
    Ok((representation, permit))
}

/// Shows which forms somebody began for a counsel.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access.
pub async fn see_forms(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<SeenForms, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (representation, _) = may_fill_in(app, &mut *records, actor, counsel, &moment).await?;
    let account = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let since = moment.at - app.terms.draft;
    let drafts = records.form_drafts();
    Ok(SeenForms {
        counsel: representation.counsel,
        begun: drafts.open_for(account, counsel, since, LISTED).await?,
    })
}

/// The submissions that a begun form became, in the order of its cases.
async fn sent(records: &mut dyn Snapshot, draft: &FormDraft) -> Result<Vec<Filed>, StorageError> {
    let key = draft.idempotency_key();
    let asker = draft.account.into();
    let Some(answered) = records.requests().answered(asker, &key).await? else {
        return Ok(Vec::new());
    };
    let ids: Vec<_> = answered.records.iter().copied().map(Id::new).collect();
    let mut filed = records.submissions().several(&ids).await?;
    filed.sort_by_key(|filed| ids.iter().position(|id| *id == filed.submission.id));
    Ok(filed)
}

/// The begun form, for whoever began it, and the permit to go on with it.
async fn own_draft(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    id: FormDraftId,
    moment: &Moment,
) -> Result<(SeenFormDraft, Permit), UseCaseError> {
    let (representation, permit) = may_fill_in(app, records, actor, counsel, moment).await?;
    let draft = records.form_drafts().by_id(id).await?;
    let draft = draft.ok_or(UseCaseError::NotFound)?;
    let begun_by_them = actor
        .caller()
        .is_some_and(|caller| caller.account.id == draft.account);
    let too_old = moment.at >= draft.begun_at + app.terms.draft;
    if !begun_by_them || draft.counsel != counsel || too_old {
        return Err(UseCaseError::NotFound);
    }
    let sent = sent(records, &draft).await?;
    let is_sent = !sent.is_empty();
    let sent = facts::on_seen_cases(records, app, actor, &representation, sent, moment).await?;
    let document = sent
        .first()
        .and_then(|filed| filed.submission.files.first());
    let form = match document {
        Some(file) => records.forms().of_document(file.document).await?,
        None => None,
    };
    let seen = SeenFormDraft {
        is_sent,
        sent,
        form,
        draft,
        counsel: representation.counsel,
    };
    Ok((seen, permit))
}

/// Shows a begun form to whoever began it, and what became of it on cases that are still theirs to see.
///
/// # Errors
/// [`UseCaseError::NotFound`] for somebody else's, or one that has been kept too long.
pub async fn see_form_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: FormDraftId,
) -> Result<SeenFormDraft, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (seen, _) = own_draft(app, &mut *records, actor, counsel, id, &moment).await?;
    Ok(seen)
}

/// Keeps what was typed in a new form, whatever is wrong with it.
///
/// # Errors
/// [`KeepFormError`].
pub async fn begin_form(
    app: &Application,
    actor: &Actor,
    (counsel, kind): (AccountId, FormKind),
    fields: &Fields,
) -> Result<FormDraft, KeepFormError> {
    within(fields)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let (_, permit) = may_fill_in(app, &mut *tx, actor, counsel, &moment).await?;
        let account = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let (at_most, since) = (app.terms.drafts_at_most, moment.at - app.terms.draft);
        let open = tx.form_drafts().open_of(account, counsel, since).await?;
        if usize::try_from(open).is_ok_and(|open| open >= at_most) {
            return Err(KeepFormError::TooMany(at_most));
        }
        let draft = FormDraft {
            id: Id::new(app.random.uuid(moment.at)),
            account,
            counsel,
            kind,
            fields: fields.clone(),
            begun_at: moment.at,
        };
        tx.form_drafts_mut().put(&draft).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::FormDraft, draft.id.uuid()))
            .await?;
        Ok(draft)
    })
    .await
}

/// Keeps what was typed in a form that was begun before.
///
/// # Errors
/// [`KeepFormError`].
pub async fn keep_form(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: FormDraftId,
    fields: &Fields,
) -> Result<FormDraft, KeepFormError> {
    within(fields)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let (seen, permit) = own_draft(app, &mut *tx, actor, counsel, id, &moment).await?;
        if seen.is_sent {
            return Err(KeepFormError::SentAlready {
                as_it_is: seen.draft.fields == *fields,
            });
        }
        let draft = FormDraft {
            fields: fields.clone(),
            ..seen.draft
        };
        tx.form_drafts_mut().put(&draft).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::FormDraft, id.uuid()))
            .await?;
        Ok(draft)
    })
    .await
}

fn within(fields: &Fields) -> Result<(), KeepFormError> {
    let characters: usize = fields.iter().map(|(_, text)| text.chars().count()).sum();
    if characters > LONGEST {
        return Err(KeepFormError::TooLong);
    }
    Ok(())
}

/// Whether a begun form could be sent as it is.
///
/// # Errors
/// [`SendFormError`].
pub async fn check_form_draft(
    app: &Application,
    actor: &Actor,
    draft: &FormDraft,
) -> Result<CheckedForm, SendFormError> {
    check_form(app, actor, (draft.counsel, draft.kind), &draft.fields).await
}

/// Sends a begun form in the edition that its sender looked at. Sent twice, it is received once (SUB-2).
///
/// # Errors
/// [`SendFormError`]; [`SubmitError::Changed`] where something else is written in it now.
pub async fn send_form_draft(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: FormDraftId,
    edition: &str,
) -> Result<Submitted, SendFormError> {
    let SeenFormDraft { draft, .. } = see_form_draft(app, actor, counsel, id).await?;
    if draft.edition() != edition {
        return Err(SubmitError::Changed.into());
    }
    let wish = SendForm {
        counsel: draft.counsel,
        kind: draft.kind,
        idempotency_key: Some(draft.idempotency_key()),
        fields: draft.fields.clone(),
        begun: Some(draft),
    };
    send_form(app, actor, &wish).await
}

/// Discards a begun form that was not sent.
///
/// # Errors
/// [`KeepFormError::SentAlready`], or as for [`see_form_draft`].
pub async fn discard_form(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: FormDraftId,
) -> Result<(), KeepFormError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let (seen, permit) = own_draft(app, &mut *tx, actor, counsel, id, &moment).await?;
        if seen.is_sent {
            return Err(KeepFormError::SentAlready { as_it_is: false });
        }
        tx.form_drafts_mut().remove(id).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::DiscardedFormDraft, id.uuid()))
            .await
            .map_err(KeepFormError::from)
    })
    .await
}
