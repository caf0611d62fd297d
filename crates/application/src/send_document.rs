//! The registry, or the case management system, sends a document to counsel on one or several cases: it is in both inboxes of each, and
//! counsel and every delegate with access are told (BOX-1, MAIL-2).

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::{Case, FileNumber};
use domain::code::Code;
use domain::document::DocumentId;
use domain::id::Id;
use domain::inbox::{Addressee, InboxItem, InboxItemId, SendRefused, Sent};
use domain::notice::{About, Notice, Recipient};
use domain::policy::{
    Action, Actor, Refused, RegistryWork, Representation, authorize, may_represent,
};
use domain::submission::{CASES_AT_MOST, DocumentType};
use domain::tribunal_time::Moment;

use crate::delegations::with_delegates;
use crate::once::{KeyRefused, Once, all_answered_with, remember_all};
use crate::ports::documents::DocumentsError;
use crate::ports::records::FiledItem;
use crate::ports::storage::{Snapshot, StorageError, Transaction};
use crate::receive_document::{CheckedFile, Intake, discard_unnamed};
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// What the registry wants to send.
#[derive(Debug, Clone)]
pub struct SendDocument {
    /// On which cases, one or more.
    pub on: Vec<FileNumber>,
    /// What it is.
    pub document_type: Code<DocumentType>,
    /// What counsel sees it called.
    pub title: String,
    /// The file.
    pub file: CheckedFile,
    /// The same for every try; the sender's choice.
    pub idempotency_key: Option<String>,
}

impl SendDocument {
    /// Its key, with everything that makes two requests the same.
    fn once(&self, app: &Application) -> Result<Option<Once>, KeyRefused> {
        let file = self.file.facts();
        let sha256 = file.sha256.to_string();
        let mut asked = vec!["document from the tribunal"];
        asked.extend(self.on.iter().map(FileNumber::as_str));
        asked.extend([
            self.document_type.as_str(),
            &self.title,
            file.name.as_str(),
            &sha256,
        ]);
        Once::of(app, self.idempotency_key.as_deref(), &asked)
    }
}

/// A document that is in inboxes.
#[derive(Debug, Clone)]
pub struct DocumentSent {
    /// One for each case, in the order asked for.
    pub items: Vec<FiledItem>,
    /// Whether it was sent by an earlier request with the same key.
    pub repeated: bool,
}

/// Why nothing was sent. Nothing is kept then, and nobody is told.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The door stayed shut, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// There is no case of that number.
    #[error("there is no case {0}")]
    NoSuchCase(FileNumber),
    /// No case, or more than are taken at once.
    #[error("a document is sent on 1 to {CASES_AT_MOST} cases at once")]
    HowManyCases,
    /// A rule stands against it.
    #[error("{why} ({on})")]
    Refused {
        /// On which case.
        on: FileNumber,
        /// Why not.
        why: SendRefused,
    },
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// The file was given up before it was sent.
    #[error("the file is not there any more")]
    FileGone,
    /// Documents cannot be kept now.
    #[error(transparent)]
    Documents(DocumentsError),
}

impl From<DocumentsError> for SendError {
    fn from(error: DocumentsError) -> Self {
        match error {
            DocumentsError::Missing => Self::FileGone,
            other => Self::Documents(other),
        }
    }
}

with_use_case_errors!(SendError);

impl From<Refused> for SendError {
    fn from(refused: Refused) -> Self {
        Self::UseCase(refused.into())
    }
}

/// Asks whether a file may be brought in, before any byte of it is taken.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub fn may_bring(app: &Application, actor: &Actor) -> Result<Intake, UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::BringDocument);
    let permit = authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(Intake::of(permit))
}

/// Sends. Whatever refuses it, the file is discarded.
///
/// # Errors
/// [`SendError`].
pub async fn send_document(
    app: &Application,
    actor: &Actor,
    wish: &SendDocument,
) -> Result<DocumentSent, SendError> {
    let done = keep_and_record(app, actor, wish).await;
    let used = match &done {
        Ok(sent) => !sent.repeated,
        // It is not known whether the record was written: the job that tidies documents decides later.
        Err(SendError::UseCase(UseCaseError::Storage(StorageError::Unavailable(_)))) => true,
        Err(_) => false,
    };
    if !used {
        discard_unnamed(app, &[wish.file.facts().document]).await;
    }
    done
}

async fn keep_and_record(
    app: &Application,
    actor: &Actor,
    wish: &SendDocument,
) -> Result<DocumentSent, SendError> {
    may_bring(app, actor)?;
    let once = wish.once(app)?;
    let once = once.as_ref();
    if wish.on.is_empty() || wish.on.len() > CASES_AT_MOST {
        return Err(SendError::HowManyCases);
    }
    {
        // What cannot be sent is refused before a byte is kept.
        let mut records = app.storage.read().await?;
        if let Some(repeated) = answered_before(&mut *records, actor, once).await? {
            return Ok(repeated);
        }
        let sent = sent(wish, wish.file.facts().document);
        let cases = cases(&mut *records, wish).await?;
        let counsels = counsels(&mut *records, &cases).await?;
        let moment = app.moment();
        for case in &cases {
            sent.check(&app.tribunal).map_err(refused(case))?;
            Addressee::of(case, &counsels, &moment, &app.terms).map_err(refused(case))?;
        }
    }
    let durable = wish.file.keep(app).await?;
    let sent = sent(wish, durable.id);
    app.retrying(|| record(app, actor, wish, &sent, once)).await
}

fn sent(wish: &SendDocument, document: DocumentId) -> Sent {
    let file = wish.file.facts();
    Sent {
        document,
        name: file.name.clone(),
        media_type: file.media_type,
        size: file.size,
        sha256: file.sha256,
        document_type: wish.document_type.clone(),
        title: wish.title.trim().to_owned(),
    }
}

fn refused(case: &Case) -> impl FnOnce(SendRefused) -> SendError {
    let on = case.file_number.clone();
    move |why| SendError::Refused { on, why }
}

/// The cases that are asked for, each once, in that order.
async fn cases(records: &mut dyn Snapshot, wish: &SendDocument) -> Result<Vec<Case>, SendError> {
    let mut found: BTreeMap<FileNumber, Case> = BTreeMap::new();
    for case in records.cases().by_file_numbers(&wish.on).await? {
        found.insert(case.file_number.clone(), case);
    }
    if let Some(number) = wish.on.iter().find(|number| !found.contains_key(*number)) {
        return Err(SendError::NoSuchCase(number.clone()));
    }
    Ok(wish
        .on
        .iter()
        .filter_map(|number| found.remove(number))
        .collect())
}

/// The accounts of those cases' counsel of record, each once.
async fn counsels(
    records: &mut dyn Snapshot,
    cases: &[Case],
) -> Result<Vec<Account>, StorageError> {
    let ids: BTreeSet<AccountId> = cases
        .iter()
        .filter_map(|case| case.counsel_of_record)
        .collect();
    let ids: Vec<AccountId> = ids.into_iter().collect();
    let accounts = records.accounts().by_ids(&ids).await?;
    Ok(accounts.into_iter().collect::<Result<_, _>>()?)
}

/// What an earlier request with the same key was answered with. To a page that is no answer once another counsel has one of the cases: nothing
/// went to them.
async fn answered_before(
    records: &mut dyn Snapshot,
    actor: &Actor,
    once: Option<&Once>,
) -> Result<Option<DocumentSent>, SendError> {
    let Some(ids) = all_answered_with::<SendError>(records, actor, once).await? else {
        return Ok(None);
    };
    let ids: Vec<InboxItemId> = ids.into_iter().map(Id::new).collect();
    let mut items = records.inbox().several(&ids).await?;
    items.sort_by_key(|filed| ids.iter().position(|id| *id == filed.item.id));
    if once.is_some_and(Once::is_of_a_page) && !are_counsels(records, &items).await? {
        return Err(KeyRefused::Reused.into());
    }
    Ok(Some(DocumentSent {
        items,
        repeated: true,
    }))
}

/// Whether each was sent to whoever is counsel of record of its case now.
async fn are_counsels(
    records: &mut dyn Snapshot,
    items: &[FiledItem],
) -> Result<bool, StorageError> {
    let on: Vec<FileNumber> = items.iter().map(|one| one.file_number.clone()).collect();
    let cases = records.cases().by_file_numbers(&on).await?;
    let is_counsels = |filed: &FiledItem| {
        let case = cases.iter().find(|case| case.id == filed.item.case);
        case.is_some_and(|case| case.is_of(filed.item.counsel))
    };
    Ok(items.iter().all(is_counsels))
}

/// Items, notices, key and audit entries, in one transaction.
async fn record(
    app: &Application,
    actor: &Actor,
    wish: &SendDocument,
    sent: &Sent,
    once: Option<&Once>,
) -> Result<DocumentSent, SendError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let sender = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    if let Some(repeated) = answered_before(&mut *tx, actor, once).await? {
        return Ok(repeated);
    }
    if !tx.given_up().among(&[sent.document]).await?.is_empty() {
        return Err(SendError::FileGone);
    }
    let mut items = Vec::new();
    let mut entries = Vec::new();
    let cases = cases(&mut *tx, wish).await?;
    let counsels = counsels(&mut *tx, &cases).await?;
    for case in cases {
        let action = Action::OfRegistry(RegistryWork::SendDocument(&case));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        let id: InboxItemId = Id::new(app.random.uuid(moment.at));
        let to = Addressee::of(&case, &counsels, &moment, &app.terms).map_err(refused(&case))?;
        let item = InboxItem::send(&permit, id, &to, sent.clone(), sender, &app.tribunal)
            .map_err(refused(&case))?;
        tx.inbox_mut().insert(&item).await?;
        entries.push(
            permit
                .into_audit_entry()
                .about(SubjectKind::InboxItem, id.uuid()),
        );
        items.push(FiledItem {
            item,
            file_number: case.file_number,
        });
    }
    tell_of_documents(app, &mut *tx, counsels, &moment).await?;
    let ids = items.iter().map(|filed| filed.item.id.uuid()).collect();
    remember_all(&mut *tx, sender.into(), once, ids, moment.at).await?;
    let last = entries.pop().ok_or(SendError::HowManyCases)?;
    tx.record_all(&entries).await?;
    tx.commit(last).await?;
    Ok(DocumentSent {
        items,
        repeated: false,
    })
}

/// Tells each counsel, and every delegate who has access to the counsel's cases now: once, however many cases it is on (BOX-1).
///
/// # Errors
/// [`StorageError`].
pub async fn tell_of_documents(
    app: &Application,
    tx: &mut dyn Transaction,
    counsels: Vec<Account>,
    moment: &Moment,
) -> Result<(), StorageError> {
    let mut told: BTreeMap<AccountId, Account> = BTreeMap::new();
    for counsel in counsels {
        let mut delegations = tx.delegations().of_counsel(counsel.id).await?;
        delegations.retain(|one| one.state(moment.at, &app.terms).gives_access());
        for delegated in with_delegates(tx, delegations).await? {
            let Some(delegate) = delegated.delegate else {
                continue;
            };
            let representation = Representation {
                counsel: counsel.clone(),
                delegation: Some(delegated.delegation),
            };
            if may_represent(&delegate, &representation, moment, &app.terms) {
                told.insert(delegate.id, delegate);
            }
        }
        told.insert(counsel.id, counsel);
    }
    let notices: Vec<Notice> = told
        .values()
        .map(|account| {
            let owner = Recipient::owner_of(account);
            app.notice(owner, About::DocumentFromTribunal, moment.at)
        })
        .collect();
    tx.notices_mut().queue_all(&notices).await?;
    Ok(())
}
