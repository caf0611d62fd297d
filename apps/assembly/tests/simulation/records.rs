//! The real records on SQLite, that fail now and then: before anything happened, or after it did and before anybody heard.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::ports::audit_seals::{AuditSeals, Seal};
use application::ports::given_up::GivenUp;
use application::ports::job_runs::JobRuns;
use application::ports::outbox::{Claimed, Failure, Outbox, Waiting};
use application::ports::receipt_log::{
    Beginning, Growth, Head, Leaf, LogNumber, ReceiptLog, Which,
};
use application::ports::records::{
    AccessCodeChanges, AccessCodeRecords, AccountChanges, AccountRecords, AuditRecord,
    AuditRecords, CaseChanges, CaseRecords, DelegationChanges, DelegationRecords, DraftChanges,
    DraftRecords, FormChanges, FormDraftChanges, FormDraftRecords, FormRecords, GivenUpRecords,
    InboxChanges, InboxRecords, LegalHoldChanges, LegalHoldRecords, Legible, NoticeChanges,
    NoticeRecords, ProfileChangeChanges, ProfileChangeRecords, ReceiptChanges, ReceiptRecords,
    RegistrationChanges, RegistrationRecords, RequestChanges, RequestRecords, RetentionChanges,
    RetentionRecords, RollChanges, RollRecords, SessionChanges, SessionRecords, SignInChanges,
    SignInRecords, SubmissionChanges, SubmissionRecords, TokenChanges, TokenRecords,
};
use application::ports::storage::{Snapshot, Storage, StorageError, Transaction};
use async_trait::async_trait;
use domain::account::AccountId;
use domain::audit::AuditEntry;
use domain::document::DocumentId;
use domain::notice::{Notice, NoticeId};
use domain::person::EmailAddress;
use domain::policy::Job;
use domain::submission::SubmissionId;
use receipts::{Hash, SignedStatement, TileAt};
use storage::SqlStorage;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::stage::{Broken, Hold, Stage, Writer};

/// The records, from where tasks stand.
pub struct FaultyRecords {
    pub inner: SqlStorage,
    pub stage: Arc<Stage>,
}

#[async_trait]
impl Storage for FaultyRecords {
    async fn read(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        self.inner.read().await
    }

    async fn glance(&self) -> Result<Box<dyn Snapshot>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        self.inner.glance().await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        Ok(Box::new(FaultyTransaction {
            inner: self.inner.begin().await?,
            stage: self.stage.clone(),
            queued: Vec::new(),
            _writer: writer,
        }))
    }
}

#[async_trait]
impl GivenUp for FaultyRecords {
    async fn give_up(&self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        let given_up = self.inner.give_up(documents).await?;
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()?;
        Ok(given_up)
    }
}

/// An open transaction, which remembers what notices it wrote.
struct FaultyTransaction {
    inner: Box<dyn Transaction>,
    stage: Arc<Stage>,
    queued: Vec<Notice>,
    _writer: Writer,
}

impl FaultyTransaction {
    async fn done(self: Box<Self>, entry: AuditEntry) -> Result<(), StorageError> {
        self.inner.commit(entry).await?;
        let mut state = self.stage.state();
        state.committed = true;
        let queued = self.queued.into_iter();
        state
            .written
            .extend(queued.map(|notice| (notice.id, notice)));
        Ok(())
    }
}

macro_rules! handed_on {
    ($($name:ident: $records:ident),* $(,)?) => {
        $(fn $name(&mut self) -> &mut dyn $records {
            self.inner.$name()
        })*
    };
}

impl Snapshot for FaultyTransaction {
    handed_on! {
        accounts: AccountRecords, registrations: RegistrationRecords, access_codes: AccessCodeRecords, rolls: RollRecords,
        sign_ins: SignInRecords, sessions: SessionRecords, tokens: TokenRecords, cases: CaseRecords, delegations: DelegationRecords,
        submissions: SubmissionRecords, receipts: ReceiptRecords, drafts: DraftRecords, given_up: GivenUpRecords, forms: FormRecords,
        form_drafts: FormDraftRecords, requests: RequestRecords, inbox: InboxRecords, profile_changes: ProfileChangeRecords,
        notices: NoticeRecords, legal_holds: LegalHoldRecords, retention: RetentionRecords, audit: AuditRecords,
    }
}

#[async_trait]
impl Transaction for FaultyTransaction {
    handed_on! {
        accounts_mut: AccountChanges, registrations_mut: RegistrationChanges, access_codes_mut: AccessCodeChanges,
        rolls_mut: RollChanges, sign_ins_mut: SignInChanges, sessions_mut: SessionChanges, tokens_mut: TokenChanges,
        cases_mut: CaseChanges,
        delegations_mut: DelegationChanges, submissions_mut: SubmissionChanges, receipts_mut: ReceiptChanges,
        drafts_mut: DraftChanges, forms_mut: FormChanges, form_drafts_mut: FormDraftChanges, requests_mut: RequestChanges,
        inbox_mut: InboxChanges, profile_changes_mut: ProfileChangeChanges, legal_holds_mut: LegalHoldChanges,
        retention_mut: RetentionChanges,
    }

    fn notices_mut(&mut self) -> &mut dyn NoticeChanges {
        self
    }

    async fn record_all(&mut self, entries: &[AuditEntry]) -> Result<(), StorageError> {
        self.inner.record_all(entries).await
    }

    async fn commit(self: Box<Self>, entry: AuditEntry) -> Result<(), StorageError> {
        let stage = self.stage.clone();
        stage.gate().await;
        if stage.fails() {
            return Err(StorageError::Contention);
        }
        stage.may_fail()?;
        if stage.breaks(Broken::Commits) {
            return Ok(());
        }
        self.done(entry).await?;
        stage.gate().await;
        stage.may_fail()
    }
}

#[async_trait]
impl NoticeChanges for FaultyTransaction {
    async fn queue_all(&mut self, notices: &[Notice]) -> Result<Vec<NoticeId>, StorageError> {
        let queued = self.inner.notices_mut().queue_all(notices).await?;
        let written = notices.iter().filter(|notice| queued.contains(&notice.id));
        self.queued.extend(written.cloned());
        Ok(queued)
    }

    async fn bounced(&mut self, id: NoticeId, at: OffsetDateTime) -> Result<(), StorageError> {
        self.inner.notices_mut().bounced(id, at).await
    }

    async fn settle(
        &mut self,
        id: NoticeId,
        by: AccountId,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.inner.notices_mut().settle(id, by, at).await
    }

    async fn send_again(
        &mut self,
        id: NoticeId,
        to: &EmailAddress,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.inner.notices_mut().send_again(id, to, at).await
    }
}

impl FaultyRecords {
    /// Nobody holds it any more, and it is due then.
    fn put_off(&self, notice: NoticeId, next_try: OffsetDateTime) {
        let mut state = self.stage.state();
        let delivered = |hold: &&mut Hold| hold.until.year() < 9999;
        if let Some(hold) = state.held.get_mut(&notice).filter(delivered) {
            hold.until = next_try;
        }
    }
}

#[async_trait]
impl Outbox for FaultyRecords {
    async fn claim(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Legible<Claimed>>, StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        let claimed = self.inner.claim(now, until, limit).await?;
        for Claimed { notice, .. } in claimed.iter().flatten() {
            let mut state = self.stage.state();
            let hold = Hold {
                task: state.running,
                until,
                sent: false,
            };
            let before = state.held.insert(notice.id, hold);
            let told = before.is_some_and(|before| before.until > now);
            if told {
                state.faulty.push(format!("two workers hold {}", notice.id));
            }
        }
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()?;
        Ok(claimed)
    }

    async fn delivered(&self, notice: &Notice, at: OffsetDateTime) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.delivered(notice, at).await?;
        // Nobody may hold it any more.
        let for_good = Hold {
            task: self.stage.state().running,
            until: time::macros::datetime!(9999-12-31 00:00 UTC),
            sent: true,
        };
        self.stage.state().held.insert(notice.id, for_good);
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()
    }

    async fn failed(
        &self,
        notice: &Notice,
        next_try: OffsetDateTime,
        why: Failure,
    ) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.failed(notice, next_try, why).await?;
        self.put_off(notice.id, next_try);
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()
    }

    async fn waiting(&self, attempts: u32) -> Result<Waiting, StorageError> {
        Outbox::waiting(&self.inner, attempts).await
    }
}

#[async_trait]
impl AuditSeals for FaultyRecords {
    async fn last(&self) -> Result<Option<Seal>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        AuditSeals::last(&self.inner).await
    }

    async fn unsealed(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StorageError> {
        self.stage.gate().await;
        self.inner.unsealed(after, limit).await
    }

    async fn append(&self, seals: &[Seal]) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.append(seals).await?;
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()
    }

    async fn after(
        &self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(Seal, Option<AuditRecord>)>, StorageError> {
        self.inner.after(number, limit).await
    }
}

#[async_trait]
impl ReceiptLog for FaultyRecords {
    async fn head(&self) -> Result<Option<Head>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        self.inner.head().await
    }

    async fn heads(
        &self,
        of: Which,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Head>, StorageError> {
        self.inner.heads(of, after, limit).await
    }

    async fn last_heads(&self) -> Result<Vec<(LogNumber, Head)>, StorageError> {
        self.inner.last_heads().await
    }

    async fn begin_anew(&self, beginning: &Beginning) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.begin_anew(beginning).await?;
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()
    }

    async fn waiting(
        &self,
        limit: u32,
    ) -> Result<Vec<(SubmissionId, SignedStatement)>, StorageError> {
        self.stage.gate().await;
        ReceiptLog::waiting(&self.inner, limit).await
    }

    async fn out_of_line(&self, limit: u32) -> Result<Vec<SubmissionId>, StorageError> {
        self.inner.out_of_line(limit).await
    }

    async fn place_of(&self, submission: SubmissionId) -> Result<Option<u64>, StorageError> {
        self.inner.place_of(submission).await
    }

    async fn last_seal(&self) -> Result<Option<i64>, StorageError> {
        self.stage.gate().await;
        self.inner.last_seal().await
    }

    async fn leaves(&self, of: Which, from: u64, limit: u32) -> Result<Vec<Leaf>, StorageError> {
        self.inner.leaves(of, from, limit).await
    }

    async fn tiles(
        &self,
        of: Which,
        at: &[TileAt],
    ) -> Result<Vec<(TileAt, Vec<Hash>)>, StorageError> {
        self.stage.gate().await;
        self.inner.tiles(of, at).await
    }

    async fn receipts(
        &self,
        of: &[SubmissionId],
    ) -> Result<BTreeMap<SubmissionId, SignedStatement>, StorageError> {
        self.inner.receipts(of).await
    }

    async fn links(&self, seals: &[i64]) -> Result<BTreeMap<i64, [u8; 32]>, StorageError> {
        self.inner.links(seals).await
    }

    async fn grow(&self, growth: &Growth) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.grow(growth).await?;
        drop(writer);
        self.stage.gate().await;
        self.stage.may_fail()
    }
}

#[async_trait]
impl JobRuns for FaultyRecords {
    async fn ran(&self, job: Job, at: OffsetDateTime) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.ran(job, at).await?;
        drop(writer);
        Ok(())
    }

    async fn last(&self) -> Result<BTreeMap<String, OffsetDateTime>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        JobRuns::last(&self.inner).await
    }

    async fn stopped_after(&self, job: Job) -> Result<Option<Uuid>, StorageError> {
        self.stage.gate().await;
        self.stage.may_fail()?;
        self.inner.stopped_after(job).await
    }

    async fn stops_after(&self, job: Job, place: Option<Uuid>) -> Result<(), StorageError> {
        let writer = self.stage.writer().await;
        self.stage.may_fail()?;
        self.inner.stops_after(job, place).await?;
        drop(writer);
        Ok(())
    }
}
