//! The inboxes of a counsel, general and per case: list, read, delete (BOX-1 … BOX-4). Counsel and delegates read; only counsel deletes and
//! sees who read what.

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId, decided_too_long_ago};
use domain::inbox::{InboxItem, InboxItemId};
use domain::policy::{Action, Actor, CounselWork, Permit, authorize};
use domain::tribunal_time::Moment;

use crate::ports::documents::ByteStream;
use crate::ports::records::{FiledItem, InboxOrder, InboxQuery, Page, PageRequest};
use crate::ports::storage::Snapshot;
use crate::registry_submissions::DownloadError;
use crate::{Application, UseCaseError, facts};

/// Which items to list.
#[derive(Debug, Clone)]
pub struct ListInbox {
    /// Whose.
    pub counsel: AccountId,
    /// Only this case's inbox; `None` for the general one.
    pub case: Option<CaseId>,
    /// Only what the asker has not read.
    pub only_unread: bool,
    /// In which order.
    pub order: InboxOrder,
    /// Which part.
    pub page: PageRequest,
}

/// An inbox as the asker sees it.
#[derive(Debug, Clone)]
pub struct SeenInbox {
    /// Whose it is.
    pub counsel: Account,
    /// Whose reading marks count: the asker's.
    pub reader: AccountId,
    /// Whether that is the counsel: deleting, and everybody's readings, are the counsel's alone (BOX-2, BOX-3).
    pub in_person: bool,
    /// The case, in its own inbox.
    pub case: Option<Case>,
    /// The part that was asked for. Who read what is shown to the counsel alone (BOX-2).
    pub page: Page<FiledItem>,
    /// How many there are in all its parts.
    pub total: u64,
    /// How many of the whole inbox the asker has not read.
    pub unread: u64,
}

/// Lists an inbox.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access; [`UseCaseError::NotFound`] for a case that is not this counsel's.
pub async fn list_inbox(
    app: &Application,
    actor: &Actor,
    wish: &ListInbox,
) -> Result<SeenInbox, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (representation, case) = match wish.case {
        Some(case) => {
            let (representation, case) =
                facts::case_of(&mut *records, app, actor, wish.counsel, case, &moment).await?;
            (representation, Some(case))
        }
        None => (
            facts::representation(&mut *records, actor, wish.counsel, &moment, &app.terms).await?,
            None,
        ),
    };
    let work = case
        .as_ref()
        .map_or(CounselWork::SeeInbox, CounselWork::SeeInboxOfCase);
    let action = Action::OfCounsel(&representation, work);
    authorize(actor, &action, &moment, &app.terms)?;
    let reader = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let everything = InboxQuery {
        counsel: wish.counsel,
        not_decided_by: decided_too_long_ago(moment.today, &app.terms),
        case: wish.case,
        unread_by: None,
        order: wish.order,
        page: wish.page.clone(),
    };
    let only_unread = InboxQuery {
        unread_by: Some(reader),
        ..everything.clone()
    };
    let unread = records.inbox().count(&only_unread).await?;
    let query = if wish.only_unread {
        only_unread
    } else {
        everything
    };
    let mut page = records.inbox().list(&query).await?;
    let total = records.inbox().count(&query).await?;
    let in_person = representation.is_in_person(reader);
    if !in_person {
        for filed in &mut page.items {
            filed
                .item
                .readings
                .retain(|reading| reading.by.account == reader);
        }
    }
    Ok(SeenInbox {
        counsel: representation.counsel,
        reader,
        in_person,
        case,
        page,
        total,
        unread,
    })
}

/// How many documents of a counsel's general inbox the asker has not read.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access.
pub async fn count_unread(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<u64, UseCaseError> {
    let moment = app.moment();
    let (mut records, representation) = facts::to_look(app, actor, counsel, &moment).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeInbox);
    authorize(actor, &action, &moment, &app.terms)?;
    let reader = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
    let query = InboxQuery {
        counsel,
        not_decided_by: decided_too_long_ago(moment.today, &app.terms),
        case: None,
        unread_by: Some(reader),
        order: InboxOrder::default(),
        page: PageRequest {
            after: None,
            limit: 1,
        },
    };
    Ok(records.inbox().count(&query).await?)
}

/// Work on an item of a case.
type ItemWork = for<'a> fn(&'a InboxItem, &'a Case) -> CounselWork<'a>;

const READ: ItemWork = |item, case| CounselWork::ReadInboxItem(item, case);
const DELETE: ItemWork = |item, case| CounselWork::DeleteInboxItem(item, case);

/// An item, and the permit of whoever may do `work` with it now.
async fn item_for(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    (counsel, id): (AccountId, InboxItemId),
    work: ItemWork,
    moment: &Moment,
) -> Result<(FiledItem, Permit), UseCaseError> {
    let representation = facts::representation(records, actor, counsel, moment, &app.terms).await?;
    // Whether they may see this counsel's inbox at all comes first: otherwise the answer would tell which items exist.
    let action = Action::OfCounsel(&representation, CounselWork::SeeInbox);
    authorize(actor, &action, moment, &app.terms)?;
    // One of another counsel is as good as none, also for who may not delete any.
    let filed = records
        .inbox()
        .by_id(id)
        .await?
        .filter(|filed| filed.item.counsel == counsel)
        .ok_or(UseCaseError::NotFound)?;
    let case = facts::case(records, filed.item.case).await?;
    let action = Action::OfCounsel(&representation, work(&filed.item, &case));
    let permit = authorize(actor, &action, moment, &app.terms)?;
    Ok((filed, permit))
}

/// The item of that id, where somebody may do `work` with it. That somebody looked is recorded nowhere.
async fn seen_for(
    app: &Application,
    actor: &Actor,
    whose: (AccountId, InboxItemId),
    work: ItemWork,
) -> Result<FiledItem, UseCaseError> {
    let mut records = app.storage.read().await?;
    let (filed, _) = item_for(app, &mut *records, actor, whose, work, &app.moment()).await?;
    Ok(filed)
}

/// What a document is, for whoever may read it. That somebody looked is no reading: nothing is recorded (BOX-2).
///
/// # Errors
/// [`UseCaseError::NotFound`] for what is not in this counsel's inboxes, also after the case was lost; [`UseCaseError::Forbidden`] without
/// access.
pub async fn inbox_item(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: InboxItemId,
) -> Result<FiledItem, UseCaseError> {
    seen_for(app, actor, (counsel, id), READ).await
}

/// Opens a document that [`inbox_item`] found. Each time is a reading in the audit trail, whatever part of it is asked for: nobody knows how much
/// of it somebody has who asks for the rest. The first reading of each person is in the item (BOX-2). Both are durable before a byte is given
/// out; a document that cannot be opened is not read.
///
/// # Errors
/// As [`inbox_item`]: whether it may be read is asked again, in the transaction that records it.
pub async fn read_inbox_item(
    app: &Application,
    actor: &Actor,
    found: &FiledItem,
) -> Result<ByteStream<'static>, DownloadError> {
    let bytes = app.documents.open(found.item.sent.document).await?;
    app.retrying(|| record_reading(app, actor, &found.item))
        .await?;
    Ok(bytes)
}

async fn record_reading(
    app: &Application,
    actor: &Actor,
    found: &InboxItem,
) -> Result<(), UseCaseError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let whose = (found.counsel, found.id);
    let (filed, permit) = item_for(app, &mut *tx, actor, whose, READ, &moment).await?;
    let reader = &actor.caller().ok_or(UseCaseError::NotFound)?.account;
    let item = filed.item.read_by(&permit, reader);
    if let Some(first) = item.readings.get(filed.item.readings.len()) {
        tx.inbox_mut().read(item.id, first).await?;
    }
    tx.commit(permit.into_audit_entry()).await?;
    Ok(())
}

/// The item that counsel is about to delete from the general inbox, to be asked about first (BOX-3). One that is not listed there any more is
/// given as it is: deleting it changes nothing.
///
/// # Errors
/// As [`delete_inbox_item`].
pub async fn item_to_delete(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: InboxItemId,
) -> Result<FiledItem, UseCaseError> {
    seen_for(app, actor, (counsel, id), DELETE).await
}

/// Deletes an item from the general inbox, for the counsel and the delegates; the case's inbox keeps it (BOX-3).
///
/// # Errors
/// [`UseCaseError::NotFound`] for what is not in this counsel's inboxes; [`UseCaseError::Forbidden`] for delegates.
pub async fn delete_inbox_item(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: InboxItemId,
) -> Result<(), UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let whose = (counsel, id);
        let (filed, permit) = item_for(app, &mut *tx, actor, whose, DELETE, &moment).await?;
        let deleted = filed.item.deleted(&permit);
        if deleted != filed.item {
            tx.inbox_mut().delete(&deleted).await?;
            tx.commit(permit.into_audit_entry()).await?;
        }
        Ok(())
    })
    .await
}
