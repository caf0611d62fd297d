//! Documents from the tribunal: a counsel's inboxes, and the registry's side of them (BOX-1 … BOX-4).
#![expect(
    clippy::too_many_arguments,
    reason = "each is a parameter of the address"
)]

use application::Application;
use application::inbox::{ListInbox, SeenInbox, delete_inbox_item, list_inbox};
use application::ports::records::{FiledItem, InboxOrder, PageRequest};
use application::registry_cases::{may_see_cases, registry_case};
use application::send_document::{SendError, may_bring, send_document};
use domain::account::AccountId;
use domain::case::CaseId;
use domain::id::Id;
use domain::inbox::Reading as DomainReading;
use poem::Request;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::as_it_comes::AsItComes;
use super::file::File;
use super::paging::page;
use super::parts::{OfTribunal, Parts};
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::download::read_document;
use crate::entered::file_number;
use crate::problem::{Kind, Problem};
use crate::upload;

pub(super) struct Inbox;

/// That a person read it, for the first time.
#[derive(Object)]
struct Reading {
    account_id: Uuid,
    name: String,
    at: String,
}

impl From<&DomainReading> for Reading {
    fn from(reading: &DomainReading) -> Self {
        Self {
            account_id: reading.by.account.uuid(),
            name: reading.by.name.clone(),
            at: rfc3339(reading.at),
        }
    }
}

/// A document from the tribunal.
#[derive(Object)]
struct InboxItem {
    id: Uuid,
    case_id: Uuid,
    file_number: String,
    title: String,
    document_type: String,
    made_available_at: String,
    /// Whether I have read it; for the registry, whether anybody has.
    read: bool,
    /// Who read it, and when first: for the counsel and the registry.
    readings: Vec<Reading>,
    /// The file's name, under which it is downloaded.
    name: String,
    media_type: String,
    /// Bytes.
    size: u64,
    /// Hexadecimal.
    sha256: String,
    /// Since when it is gone from the general inbox.
    deleted_at: Option<String>,
    /// To whom it was sent; for the registry.
    #[oai(skip_serializing_if_is_none)]
    counsel: Option<Uuid>,
}

impl InboxItem {
    fn new(filed: &FiledItem, read: bool, readings: bool) -> Self {
        let (item, sent) = (&filed.item, &filed.item.sent);
        Self {
            id: item.id.uuid(),
            case_id: item.case.uuid(),
            file_number: filed.file_number.to_string(),
            title: sent.title.clone(),
            document_type: sent.document_type.to_string(),
            made_available_at: rfc3339(item.made_available_at),
            read,
            readings: if readings {
                item.readings.iter().map(Into::into).collect()
            } else {
                Vec::new()
            },
            name: sent.given_name().as_str().to_owned(),
            media_type: sent.media_type.mime().to_owned(),
            size: sent.size,
            sha256: sent.sha256.to_string(),
            deleted_at: item.deleted_at.map(rfc3339),
            counsel: None,
        }
    }

    fn for_registry(filed: &FiledItem) -> Self {
        let anybody = !filed.item.readings.is_empty();
        Self {
            counsel: Some(filed.item.counsel.uuid()),
            ..Self::new(filed, anybody, true)
        }
    }
}

/// Documents from the tribunal.
#[derive(Object)]
struct InboxPage {
    items: Vec<InboxItem>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
    /// How many of the whole inbox I have not read.
    unread: u64,
}

impl InboxPage {
    fn new(seen: SeenInbox) -> Self {
        let is_counsel = seen.reader == seen.counsel.id;
        let item = |filed: &FiledItem| {
            InboxItem::new(filed, filed.item.has_been_read_by(seen.reader), is_counsel)
        };
        Self {
            items: seen.page.items.iter().map(item).collect(),
            next_cursor: seen.page.next.map(|cursor| cursor.0),
            unread: seen.unread,
        }
    }
}

/// Documents that the tribunal sent.
#[derive(Object)]
struct SentPage {
    items: Vec<InboxItem>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// A document that counsel has now.
#[derive(Object)]
struct DocumentSent {
    #[oai(flatten)]
    item: InboxItem,
    /// The same document on the other cases.
    also: Vec<InboxItem>,
}

/// Sent.
#[derive(ApiResponse)]
enum Sent {
    /// In the inboxes
    #[oai(status = 201)]
    Created(Json<DocumentSent>),
}

/// Deleted.
#[derive(ApiResponse)]
enum Deleted {
    /// Gone from the general inbox; the case's keeps it
    #[oai(status = 204)]
    Gone,
}

/// By what an inbox is put in order.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum InboxSort {
    Newest,
    Oldest,
    FileNumber,
    Title,
}

impl From<InboxSort> for InboxOrder {
    fn from(sort: InboxSort) -> Self {
        match sort {
            InboxSort::Newest => Self::Newest,
            InboxSort::Oldest => Self::Oldest,
            InboxSort::FileNumber => Self::FileNumber,
            InboxSort::Title => Self::Title,
        }
    }
}

async fn listed(
    app: &Application,
    who: &SignedIn,
    counsel: AccountId,
    case: Option<CaseId>,
    (unread, sort): (Option<bool>, Option<InboxSort>),
    page: PageRequest,
) -> Result<Json<InboxPage>, Problem> {
    let wish = ListInbox {
        counsel,
        case,
        only_unread: unread.unwrap_or_default(),
        order: sort.map(Into::into).unwrap_or_default(),
        page,
    };
    Ok(Json(InboxPage::new(list_inbox(app, &who.0, &wish).await?)))
}

#[OpenApi]
impl Inbox {
    /// The general inbox of a counsel
    #[oai(
        path = "/counsels/:counsel/inbox",
        method = "get",
        operation_id = "listInbox",
        tag = "Group::Inbox"
    )]
    async fn general(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// Only what I have not read
        unread: Query<Option<bool>>,
        /// In which order; the newest first if not said
        sort: Query<Option<InboxSort>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<InboxPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        listed(
            &app,
            &who,
            Id::new(counsel.0),
            None,
            (unread.0, sort.0),
            page,
        )
        .await
    }

    /// The inbox of a case; what was deleted from the general inbox is still in it
    #[oai(
        path = "/counsels/:counsel/cases/:case/inbox",
        method = "get",
        operation_id = "listInboxOfCase",
        tag = "Group::Inbox"
    )]
    async fn of_case(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// Only what I have not read
        unread: Query<Option<bool>>,
        /// In which order; the newest first if not said
        sort: Query<Option<InboxSort>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<InboxPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        let case = Some(Id::new(case.0));
        listed(
            &app,
            &who,
            Id::new(counsel.0),
            case,
            (unread.0, sort.0),
            page,
        )
        .await
    }

    /// Read a document from the tribunal
    ///
    /// That it was read, by whom and when, is recorded before the first byte is sent. `Range` continues a download that broke off.
    #[oai(
        path = "/counsels/:counsel/inbox/:item/document",
        method = "get",
        operation_id = "readInboxItem",
        tag = "Group::Inbox"
    )]
    async fn read(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The document in the inbox
        item: Path<Uuid>,
        request: &Request,
    ) -> Result<File, Problem> {
        let (counsel, item) = (Id::new(counsel.0), Id::new(item.0));
        Ok(File(
            read_document(&app, &who.0, counsel, item, request).await?,
        ))
    }

    /// Delete a document from the general inbox; by the counsel alone
    #[oai(
        path = "/counsels/:counsel/inbox/:item",
        method = "delete",
        operation_id = "deleteInboxItem",
        tag = "Group::Inbox"
    )]
    async fn delete(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The document in the inbox
        item: Path<Uuid>,
    ) -> Result<Deleted, Problem> {
        delete_inbox_item(&app, &who.0, Id::new(counsel.0), Id::new(item.0)).await?;
        Ok(Deleted::Gone)
    }

    /// Send a document to counsel
    ///
    /// It is in the general inbox and in the case's, and counsel and every delegate with access are told, in one step. With `also_on` it is
    /// sent on other cases as well: on all of them or, if one stands in the way, on none. The same `Idempotency-Key` with the same content
    /// sends nothing twice.
    ///
    /// What would reach nobody is refused with 409: `case-left` where the case is not in the portal any more, `no-counsel-of-record`, and
    /// `counsel-cannot-reach` where the counsel of record never registered or is not in good standing any more. It is to be served otherwise.
    #[oai(
        path = "/registry/cases/:file_number/documents",
        method = "post",
        operation_id = "sendDocument",
        tag = "Group::Registry"
    )]
    async fn send(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The case's file number
        #[oai(name = "file_number")]
        number: Path<String>,
        /// The same for every try
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        parts: AsItComes<Parts<OfTribunal>>,
    ) -> Result<Sent, Problem> {
        let intake = may_bring(&app, &who.0)?;
        let number = file_number(&number.0)?;
        let (fields, file, behind) =
            upload::receive_one(&app, &intake, parts.0.taken, Parts::<OfTribunal>::STRICTLY)
                .await?;
        let wish = match fields.to_send(&number, &file, idempotency_key.0) {
            Ok(wish) => wish,
            Err(problem) => {
                behind.discard().await;
                return Err(problem);
            }
        };
        let sent = send_document(&app, &who.0, &wish).await;
        let sent = sent.map_err(|error| match error {
            // Of the address, and not of the other cases in the form.
            SendError::NoSuchCase(unknown) if unknown == number => Kind::NotFound.into(),
            error => Problem::from(error),
        })?;
        behind.are_settled();
        let mut items = sent.items.iter().map(InboxItem::for_registry);
        let item = items.next().ok_or_else(|| Problem::from(Kind::NotFound))?;
        Ok(Sent::Created(Json(DocumentSent {
            item,
            also: items.collect(),
        })))
    }

    /// What was sent on a case, and who read it
    #[oai(
        path = "/registry/cases/:file_number/documents",
        method = "get",
        operation_id = "listDocumentsSent",
        tag = "Group::Registry"
    )]
    async fn sent(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The case's file number
        #[oai(name = "file_number")]
        number: Path<String>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<SentPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        may_see_cases(&app, &who.0)?;
        let number = file_number(&number.0)?;
        let sent = registry_case(&app, &who.0, &number, &page).await?.sent;
        Ok(Json(SentPage {
            items: sent.items.iter().map(InboxItem::for_registry).collect(),
            next_cursor: sent.next.map(|cursor| cursor.0),
        }))
    }
}
