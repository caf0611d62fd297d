//! Durable records. A [`Snapshot`] reads one consistent moment; a [`Transaction`] changes all or nothing, and only with an audit entry,
//! which only the policy's permit can make.
//!
//! To add a kind of record: a pair of traits in `records`, a pair of methods here, an `impl` in each storage adapter, and its promises
//! in the contract suite.

use async_trait::async_trait;
use domain::audit::AuditEntry;

use super::records::{
    AccessCodeChanges, AccessCodeRecords, AccountChanges, AccountRecords, AuditRecords,
    CaseChanges, CaseRecords, DelegationChanges, DelegationRecords, DraftChanges, DraftRecords,
    FormChanges, FormDraftChanges, FormDraftRecords, FormRecords, GivenUpRecords, InboxChanges,
    InboxRecords, LegalHoldChanges, LegalHoldRecords, NoticeChanges, NoticeRecords,
    ProfileChangeChanges, ProfileChangeRecords, ReceiptChanges, ReceiptRecords,
    RegistrationChanges, RegistrationRecords, RequestChanges, RequestRecords, RetentionChanges,
    RetentionRecords, RollChanges, RollRecords, SessionChanges, SessionRecords, SignInChanges,
    SignInRecords, SubmissionChanges, SubmissionRecords, TokenChanges, TokenRecords,
};

/// Where records are kept.
#[async_trait]
pub trait Storage: Send + Sync {
    /// One consistent moment. MUST NOT move while it is held, whatever others commit.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    async fn read(&self) -> Result<Box<dyn Snapshot>, StorageError>;

    /// The present, for one question: what is answered was committed when it was asked, and is of one moment. A second question MAY see a
    /// later one, so whoever asks several takes [`read`](Self::read).
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    async fn glance(&self) -> Result<Box<dyn Snapshot>, StorageError>;

    /// A unit of work. Those that commit MUST be as if one after the other; one that cannot be so MUST fail with
    /// [`StorageError::Contention`].
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] or [`StorageError::Contention`].
    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError>;
}

/// One consistent moment. `&mut` so that one question is asked at a time.
pub trait Snapshot: Send {
    /// Accounts.
    fn accounts(&mut self) -> &mut dyn AccountRecords;
    /// Registrations.
    fn registrations(&mut self) -> &mut dyn RegistrationRecords;
    /// Access codes.
    fn access_codes(&mut self) -> &mut dyn AccessCodeRecords;
    /// The rolls of the orders.
    fn rolls(&mut self) -> &mut dyn RollRecords;
    /// Sign-ins.
    fn sign_ins(&mut self) -> &mut dyn SignInRecords;
    /// Sessions.
    fn sessions(&mut self) -> &mut dyn SessionRecords;
    /// API tokens.
    fn tokens(&mut self) -> &mut dyn TokenRecords;
    /// Cases.
    fn cases(&mut self) -> &mut dyn CaseRecords;
    /// Delegations.
    fn delegations(&mut self) -> &mut dyn DelegationRecords;
    /// Submissions.
    fn submissions(&mut self) -> &mut dyn SubmissionRecords;
    /// Signed receipts.
    fn receipts(&mut self) -> &mut dyn ReceiptRecords;
    /// Begun submissions.
    fn drafts(&mut self) -> &mut dyn DraftRecords;
    /// Documents that are given up.
    fn given_up(&mut self) -> &mut dyn GivenUpRecords;
    /// Forms that were sent, as data.
    fn forms(&mut self) -> &mut dyn FormRecords;
    /// Begun forms.
    fn form_drafts(&mut self) -> &mut dyn FormDraftRecords;
    /// Requests that were answered.
    fn requests(&mut self) -> &mut dyn RequestRecords;
    /// Inboxes.
    fn inbox(&mut self) -> &mut dyn InboxRecords;
    /// Changes asked for in My Profile.
    fn profile_changes(&mut self) -> &mut dyn ProfileChangeRecords;
    /// Notices.
    fn notices(&mut self) -> &mut dyn NoticeRecords;
    /// Legal holds.
    fn legal_holds(&mut self) -> &mut dyn LegalHoldRecords;
    /// What may go, and what went.
    fn retention(&mut self) -> &mut dyn RetentionRecords;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn AuditRecords;
}

/// All or nothing. Dropped without [`commit`](Self::commit), nothing MUST have happened, also when a request is cut off.
///
/// Every question MUST see the changes before it. Where a change's docstring says so, it MAY be put off until then, or until the commit; that
/// its record is there already is then told by that, as [`StorageError::Contention`].
#[async_trait]
pub trait Transaction: Snapshot {
    /// Accounts.
    fn accounts_mut(&mut self) -> &mut dyn AccountChanges;
    /// Registrations.
    fn registrations_mut(&mut self) -> &mut dyn RegistrationChanges;
    /// Access codes.
    fn access_codes_mut(&mut self) -> &mut dyn AccessCodeChanges;
    /// The rolls of the orders.
    fn rolls_mut(&mut self) -> &mut dyn RollChanges;
    /// Sign-ins.
    fn sign_ins_mut(&mut self) -> &mut dyn SignInChanges;
    /// Sessions.
    fn sessions_mut(&mut self) -> &mut dyn SessionChanges;
    /// API tokens.
    fn tokens_mut(&mut self) -> &mut dyn TokenChanges;
    /// Cases.
    fn cases_mut(&mut self) -> &mut dyn CaseChanges;
    /// Delegations.
    fn delegations_mut(&mut self) -> &mut dyn DelegationChanges;
    /// Submissions.
    fn submissions_mut(&mut self) -> &mut dyn SubmissionChanges;
    /// Signed receipts.
    fn receipts_mut(&mut self) -> &mut dyn ReceiptChanges;
    /// Begun submissions.
    fn drafts_mut(&mut self) -> &mut dyn DraftChanges;
    /// Forms that were sent, as data.
    fn forms_mut(&mut self) -> &mut dyn FormChanges;
    /// Begun forms.
    fn form_drafts_mut(&mut self) -> &mut dyn FormDraftChanges;
    /// Requests that were answered.
    fn requests_mut(&mut self) -> &mut dyn RequestChanges;
    /// Inboxes.
    fn inbox_mut(&mut self) -> &mut dyn InboxChanges;
    /// Changes asked for in My Profile.
    fn profile_changes_mut(&mut self) -> &mut dyn ProfileChangeChanges;
    /// Notices.
    fn notices_mut(&mut self) -> &mut dyn NoticeChanges;
    /// Legal holds.
    fn legal_holds_mut(&mut self) -> &mut dyn LegalHoldChanges;
    /// What goes.
    fn retention_mut(&mut self) -> &mut dyn RetentionChanges;

    /// Keeps one more audit entry with the changes: for a work that consists of several acts, each of which was permitted for itself.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn record(&mut self, audit: AuditEntry) -> Result<(), StorageError> {
        self.record_all(&[audit]).await
    }

    /// The same for many acts, in the order in which the trail is to keep them. May be put off.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn record_all(&mut self, audit: &[AuditEntry]) -> Result<(), StorageError>;

    /// Keeps every change together with its audit entry. When this returns, both are durable.
    ///
    /// # Errors
    /// [`StorageError::Contention`]: nothing happened. [`StorageError::Unavailable`]: it is not known whether it happened.
    async fn commit(self: Box<Self>, audit: AuditEntry) -> Result<(), StorageError>;
}

/// What a caller can do something about when records fail.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another change got there first; the same work may succeed if tried again from the start.
    #[error("another change got there first")]
    Contention,
    /// A record of that identity exists already.
    #[error("this record exists already")]
    Duplicate,
    /// The record to change is not there.
    #[error("the record to change is not there")]
    Missing,
    /// The cursor was made by another query, or is none.
    #[error("this cursor does not fit the query")]
    CursorUnusable,
    /// Storage cannot be reached or does not work.
    #[error("storage does not work")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be understood.
    #[error("a stored {record} makes no sense")]
    Corrupt {
        /// The kind of record.
        record: &'static str,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// An error that knows whether the same work may succeed if tried again from the start.
pub trait Contended {
    /// Whether it may.
    fn is_contention(&self) -> bool;
}

impl StorageError {
    /// The same, but for a record that is there already: somebody has put it there since it was looked for, and who begins anew finds it.
    #[must_use]
    pub fn overtaken(self) -> Self {
        match self {
            Self::Duplicate => Self::Contention,
            other => other,
        }
    }
}

impl Contended for StorageError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Contention)
    }
}
