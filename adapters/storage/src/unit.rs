//! What a use case asks of the records: one open database transaction, read-only or writing, or a connection for one question. Everything a
//! use case sees of SQL is behind its port traits; each kind of record implements its own in a file of its own.

use application::ports::records::{
    AccessCodeChanges, AccessCodeRecords, AccountChanges, AccountRecords, AuditRecords,
    CaseChanges, CaseRecords, DelegationChanges, DelegationRecords, DraftChanges, DraftRecords,
    FormChanges, FormDraftChanges, FormDraftRecords, FormRecords, GivenUpRecords, InboxChanges,
    InboxRecords, LegalHoldChanges, LegalHoldRecords, NoticeChanges, NoticeRecords,
    ProfileChangeChanges, ProfileChangeRecords, ReceiptChanges, ReceiptRecords,
    RegistrationChanges, RegistrationRecords, RequestChanges, RequestRecords, RetentionChanges,
    RetentionRecords, RollChanges, RollRecords, SessionChanges, SessionRecords, SignInChanges,
    SignInRecords, SubmissionChanges, SubmissionRecords, TokenChanges, TokenRecords,
};
use application::ports::storage::{Snapshot, StorageError, Transaction};
use async_trait::async_trait;
use domain::audit::AuditEntry;

use crate::audit;
use crate::connected::Connected;
use crate::error::storage_error;

/// Where a use case's questions go.
pub(crate) struct Session {
    pub(crate) tx: Connected,
}

impl Snapshot for Session {
    fn accounts(&mut self) -> &mut dyn AccountRecords {
        self
    }
    fn registrations(&mut self) -> &mut dyn RegistrationRecords {
        self
    }
    fn access_codes(&mut self) -> &mut dyn AccessCodeRecords {
        self
    }
    fn rolls(&mut self) -> &mut dyn RollRecords {
        self
    }
    fn sign_ins(&mut self) -> &mut dyn SignInRecords {
        self
    }
    fn sessions(&mut self) -> &mut dyn SessionRecords {
        self
    }
    fn tokens(&mut self) -> &mut dyn TokenRecords {
        self
    }
    fn cases(&mut self) -> &mut dyn CaseRecords {
        self
    }
    fn delegations(&mut self) -> &mut dyn DelegationRecords {
        self
    }
    fn submissions(&mut self) -> &mut dyn SubmissionRecords {
        self
    }
    fn receipts(&mut self) -> &mut dyn ReceiptRecords {
        self
    }
    fn drafts(&mut self) -> &mut dyn DraftRecords {
        self
    }
    fn requests(&mut self) -> &mut dyn RequestRecords {
        self
    }
    fn given_up(&mut self) -> &mut dyn GivenUpRecords {
        self
    }
    fn forms(&mut self) -> &mut dyn FormRecords {
        self
    }
    fn form_drafts(&mut self) -> &mut dyn FormDraftRecords {
        self
    }
    fn inbox(&mut self) -> &mut dyn InboxRecords {
        self
    }
    fn profile_changes(&mut self) -> &mut dyn ProfileChangeRecords {
        self
    }
    fn notices(&mut self) -> &mut dyn NoticeRecords {
        self
    }
    fn legal_holds(&mut self) -> &mut dyn LegalHoldRecords {
        self
    }
    fn retention(&mut self) -> &mut dyn RetentionRecords {
        self
    }
    fn audit(&mut self) -> &mut dyn AuditRecords {
        self
    }
}

#[async_trait]
impl Transaction for Session {
    fn accounts_mut(&mut self) -> &mut dyn AccountChanges {
        self
    }
    fn registrations_mut(&mut self) -> &mut dyn RegistrationChanges {
        self
    }
    fn access_codes_mut(&mut self) -> &mut dyn AccessCodeChanges {
        self
    }
    fn rolls_mut(&mut self) -> &mut dyn RollChanges {
        self
    }
    fn sign_ins_mut(&mut self) -> &mut dyn SignInChanges {
        self
    }
    fn sessions_mut(&mut self) -> &mut dyn SessionChanges {
        self
    }
    fn tokens_mut(&mut self) -> &mut dyn TokenChanges {
        self
    }
    fn cases_mut(&mut self) -> &mut dyn CaseChanges {
        self
    }
    fn delegations_mut(&mut self) -> &mut dyn DelegationChanges {
        self
    }
    fn submissions_mut(&mut self) -> &mut dyn SubmissionChanges {
        self
    }
    fn receipts_mut(&mut self) -> &mut dyn ReceiptChanges {
        self
    }
    fn drafts_mut(&mut self) -> &mut dyn DraftChanges {
        self
    }
    fn requests_mut(&mut self) -> &mut dyn RequestChanges {
        self
    }
    fn forms_mut(&mut self) -> &mut dyn FormChanges {
        self
    }
    fn form_drafts_mut(&mut self) -> &mut dyn FormDraftChanges {
        self
    }
    fn inbox_mut(&mut self) -> &mut dyn InboxChanges {
        self
    }
    fn profile_changes_mut(&mut self) -> &mut dyn ProfileChangeChanges {
        self
    }
    fn notices_mut(&mut self) -> &mut dyn NoticeChanges {
        self
    }
    fn legal_holds_mut(&mut self) -> &mut dyn LegalHoldChanges {
        self
    }
    fn retention_mut(&mut self) -> &mut dyn RetentionChanges {
        self
    }

    async fn record_all(&mut self, entries: &[AuditEntry]) -> Result<(), StorageError> {
        for part in entries.chunks(audit::AT_ONCE) {
            let rows = part.iter().map(audit::row);
            self.tx.put_off(rows).await.map_err(storage_error)?;
        }
        Ok(())
    }

    async fn commit(mut self: Box<Self>, entry: AuditEntry) -> Result<(), StorageError> {
        self.record(entry).await?;
        self.tx.commit().await.map_err(storage_error)
    }
}
