//! Forms that were sent, as data, and forms that were begun (FORM-1).

use async_trait::async_trait;
use domain::account::AccountId;
use domain::document::DocumentId;
use domain::form::SentForm;
use time::OffsetDateTime;

use super::Stored;
use crate::form_draft::{FormDraft, FormDraftId};

/// Reads forms that were sent.
#[async_trait]
pub trait FormRecords: Send {
    /// The form that a document shows.
    async fn of_document(&mut self, document: DocumentId) -> Stored<Option<SentForm>>;
}

/// Keeps forms that were sent.
#[async_trait]
pub trait FormChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`](super::StorageError::Duplicate) for a document that shows a form already.
    async fn insert(&mut self, form: &SentForm) -> Stored<()>;
}

/// Reads begun forms.
#[async_trait]
pub trait FormDraftRecords: Send {
    /// The begun form of that id.
    async fn by_id(&mut self, id: FormDraftId) -> Stored<Option<FormDraft>>;
    /// How many somebody began for a counsel after `since` and has not sent.
    async fn open_of(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
    ) -> Stored<u64>;
    /// Those, the newest first, at most `limit`.
    async fn open_for(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
        limit: u32,
    ) -> Stored<Vec<FormDraft>>;
}

/// Changes begun forms.
#[async_trait]
pub trait FormDraftChanges: Send {
    /// Inserts or replaces.
    async fn put(&mut self, draft: &FormDraft) -> Stored<()>;
    /// Keeps that it was sent: it is open no more.
    async fn sent(&mut self, id: FormDraftId, at: OffsetDateTime) -> Stored<()>;
    /// Removes; one that is not there is no error.
    async fn remove(&mut self, id: FormDraftId) -> Stored<()>;
    /// Removes the oldest of those begun before `at`, at most `limit`, and says how many they were.
    async fn remove_begun_before(&mut self, at: OffsetDateTime, limit: u32) -> Stored<u64>;
}
