//! Inboxes: what the tribunal sent, per counsel and per case, and who read it (BOX-1 … BOX-3).

use async_trait::async_trait;
use domain::account::AccountId;
use domain::case::{CaseId, FileNumber};
use domain::document::DocumentId;
use domain::inbox::{InboxItem, InboxItemId, Reading};
use time::Date;

use super::{Page, PageRequest, Renewed, Stored};

/// In which order an inbox is read. Ties go by id, so that pages never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InboxOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// File number, then the newest first.
    FileNumber,
    /// Title.
    Title,
}

/// Which items of a counsel's inboxes (BOX-1). Only those on cases that the counsel sees now (CASE-1, CASE-2).
#[derive(Debug, Clone)]
pub struct InboxQuery {
    /// Whose.
    pub counsel: AccountId,
    /// Not those on cases whose final decision bears this date or an earlier one.
    pub not_decided_by: Date,
    /// Only those on this case, deleted ones included; `None` for the general inbox, without deleted ones (BOX-3).
    pub case: Option<CaseId>,
    /// Only those that this account has not read.
    pub unread_by: Option<AccountId>,
    /// In which order.
    pub order: InboxOrder,
    /// Which part.
    pub page: PageRequest,
}

/// An item with the number of the file that it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledItem {
    /// The item.
    pub item: InboxItem,
    /// The case's file number.
    pub file_number: FileNumber,
}

/// Reads inboxes.
#[async_trait]
pub trait InboxRecords: Send {
    /// The item of that id.
    async fn by_id(&mut self, id: InboxItemId) -> Stored<Option<FiledItem>>;
    /// Those of some ids, in no order; one that is not there is left out.
    async fn several(&mut self, ids: &[InboxItemId]) -> Stored<Vec<FiledItem>>;
    /// A counsel's items.
    async fn list(&mut self, query: &InboxQuery) -> Stored<Page<FiledItem>>;
    /// How many the query finds in all, its page and order aside.
    async fn count(&mut self, query: &InboxQuery) -> Stored<u64>;
    /// Everything that was sent on a case, to whomever, the newest first; for the registry.
    async fn sent_on(&mut self, case: CaseId, page: &PageRequest) -> Stored<Page<FiledItem>>;
    /// Which of these documents some item names: what a clean-up must leave alone.
    async fn naming(&mut self, documents: &[DocumentId]) -> Stored<Vec<DocumentId>>;
    /// Documents of a greater id than `after` that some item names, each once, in order of id, at most `limit`.
    async fn documents_after(&mut self, after: DocumentId, limit: u32) -> Stored<Vec<DocumentId>>;
}

/// Changes inboxes.
#[async_trait]
pub trait InboxChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id that is held already.
    async fn insert(&mut self, item: &InboxItem) -> Stored<()>;
    /// Keeps since when it is gone from the general inbox (BOX-3). MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn delete(&mut self, item: &InboxItem) -> Stored<()>;
    /// Keeps a first reading (BOX-2). Where that person's is kept already, MUST change nothing.
    async fn read(&mut self, item: InboxItemId, reading: &Reading) -> Stored<()>;
    /// Looks at items with ids greater than `after`, in order, at most `limit`, and keeps the key of those whose title's key is not the one
    /// that [`sort_key`](domain::sorting::sort_key) makes.
    async fn renew_title_keys(&mut self, after: InboxItemId, limit: u32) -> Stored<Renewed>;
}
