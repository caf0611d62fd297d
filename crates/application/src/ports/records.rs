//! Each kind of record: how it is read, and how it is changed. Absent is `None`; reads give domain records, never rows.
//! Every method fails with [`StorageError`] as its variants say.

use std::slice;

use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId, Division, FileNumber, Status};
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, DelegationId, Promised};
use domain::invitation_number::InvitationNumber;
use domain::lock::LockCode;
use domain::membership::{MembershipNumber, Order};
use domain::notice::{Notice, NoticeId};
use domain::person::EmailAddress;
use domain::sign_in::{SignIn, SignInId, SignInIdentity};
use domain::submission::{Submission, SubmissionId};
use domain::token::{Token, TokenId};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::storage::StorageError;
use crate::draft::{Draft, DraftId};

mod forms;
mod given_up;
mod inbox;
mod profile;
mod receipts;
mod registration;
mod requests;
mod retention;
mod sessions;
mod undelivered;
mod unreadable;

pub use self::receipts::{ReceiptChanges, ReceiptRecords};
pub use forms::{FormChanges, FormDraftChanges, FormDraftRecords, FormRecords};
pub use given_up::GivenUpRecords;
pub use inbox::{FiledItem, InboxChanges, InboxOrder, InboxQuery, InboxRecords};
pub use profile::{ProfileChangeChanges, ProfileChangeQuery, ProfileChangeRecords};
pub use requests::{Answered, Asker, RequestChanges, RequestRecords};
pub use retention::{
    FiledHold, LegalHoldChanges, LegalHoldRecords, RetentionChanges, RetentionRecords,
    WentWithCase, Why,
};
pub use sessions::{SessionChanges, SessionRecords};
pub use undelivered::{Undeliverable, Undelivered, UndeliveredQuery};
pub use unreadable::{Legible, Unreadable};

pub use registration::{
    AccessCodeChanges, AccessCodeRecords, RegistrationChanges, RegistrationQuery,
    RegistrationRecords, RollChanges, RollRecords,
};

type Stored<T> = Result<T, StorageError>;

/// Where a list goes on. Opaque to everybody but the storage that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// After which item; from the start if `None`.
    pub after: Option<Cursor>,
    /// At most so many items.
    pub limit: u32,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where it goes on; `None` at the end.
    pub next: Option<Cursor>,
}

/// A SHA-256 digest of a secret that only its holder knows: of an API token, or of a session's random value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretHash(pub [u8; 32]);

/// Reads accounts.
#[async_trait]
pub trait AccountRecords: Send {
    /// The account of that id.
    async fn by_id(&mut self, id: AccountId) -> Stored<Option<Account>>;
    /// Those of these ids that there are, in any order.
    async fn by_ids(&mut self, ids: &[AccountId]) -> Stored<Vec<Legible<Account>>>;
    /// The blocked account of that lock code (SEC-1).
    async fn by_lock_code(&mut self, code: &LockCode) -> Stored<Option<Account>>;
    /// Accounts of that e-mail address, whatever its case, at most a handful.
    async fn by_email(&mut self, email: &EmailAddress) -> Stored<Vec<Account>>;
    /// The account of a member of an order, by membership number.
    async fn by_membership(
        &mut self,
        order: &Code<Order>,
        number: &MembershipNumber,
    ) -> Stored<Option<Account>>;
}

/// Changes accounts.
#[async_trait]
pub trait AccountChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id that is held already.
    async fn insert(&mut self, account: &Account) -> Stored<()>;
    /// MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn update(&mut self, account: &Account) -> Stored<()>;
}

/// Reads sign-ins.
#[async_trait]
pub trait SignInRecords: Send {
    /// The sign-in of that id.
    async fn by_id(&mut self, id: SignInId) -> Stored<Option<SignIn>>;
    /// The same, and the account that it opens, if it opens one.
    async fn with_account(&mut self, id: SignInId) -> Stored<Option<(SignIn, Option<Account>)>>;
    /// The sign-in of that issuer and subject.
    async fn by_identity(&mut self, identity: &SignInIdentity) -> Stored<Option<SignIn>>;
    /// The blocked sign-in of that lock code (SEC-1).
    async fn by_lock_code(&mut self, code: &LockCode) -> Stored<Option<SignIn>>;
    /// The sign-ins that open an account, in order of first sight.
    async fn of_account(&mut self, account: AccountId) -> Stored<Vec<SignIn>>;
}

/// Changes sign-ins.
#[async_trait]
pub trait SignInChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id, or an issuer and subject, that is held already.
    async fn insert(&mut self, sign_in: &SignIn) -> Stored<()>;
    /// MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn update(&mut self, sign_in: &SignIn) -> Stored<()>;
}

/// Reads API tokens.
#[async_trait]
pub trait TokenRecords: Send {
    /// The token whose secret has that hash, and the account that it is of.
    async fn by_hash(&mut self, hash: &SecretHash) -> Stored<Option<(Token, Account)>>;
    /// The token of that id.
    async fn by_id(&mut self, id: TokenId) -> Stored<Option<Token>>;
    /// An account's tokens, the newest first.
    async fn of_account(&mut self, account: AccountId) -> Stored<Vec<Token>>;
}

/// Changes API tokens.
#[async_trait]
pub trait TokenChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id or a hash that is held already.
    async fn insert(&mut self, token: &Token, hash: &SecretHash) -> Stored<()>;
    /// MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn update(&mut self, token: &Token) -> Stored<()>;
    /// Revokes every token that works at `at`, then, and says which.
    async fn revoke_every(&mut self, at: OffsetDateTime) -> Stored<Vec<TokenId>>;
}

/// By what My Cases are put in order (CASE-4). Ties go by id, so that pages never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseOrder {
    /// File number.
    #[default]
    FileNumber,
    /// First party's name, folded.
    Name,
    /// Division, then file number.
    Division,
    /// Next event at or after the query's instant; cases without one come last.
    NextEvent,
}

/// Which of a counsel's cases (CASE-1, CASE-2, CASE-4).
#[derive(Debug, Clone)]
pub struct CaseQuery {
    /// Whose.
    pub counsel: AccountId,
    /// Not those whose final decision bears this date or an earlier one.
    pub not_decided_by: Date,
    /// The present, for the order by next event.
    pub now: OffsetDateTime,
    /// Only those whose search text has each of these in it, the separators left away there ([`domain::searching`]).
    pub words: Vec<String>,
    /// Only this division, in capitals or not.
    pub division: Option<Code<Division>>,
    /// Only this status, in capitals or not.
    pub status: Option<Code<Status>>,
    /// Only those with an event in this time: from the first instant on, and before the second.
    pub event_between: (Option<OffsetDateTime>, Option<OffsetDateTime>),
    /// In which order.
    pub order: CaseOrder,
    /// Which part.
    pub page: PageRequest,
}

/// Reads cases.
#[async_trait]
pub trait CaseRecords: Send {
    /// The case of that id.
    async fn by_id(&mut self, id: CaseId) -> Stored<Option<Case>>;
    /// The case of that file number.
    async fn by_file_number(&mut self, number: &FileNumber) -> Stored<Option<Case>>;
    /// Those whose file number is this one without its separators, two at most: which of more was meant, nobody knows.
    async fn by_bare_number(&mut self, bare: &str) -> Stored<Vec<Case>>;
    /// Those of these file numbers that there are, in any order.
    async fn by_file_numbers(&mut self, numbers: &[FileNumber]) -> Stored<Vec<Case>>;
    /// A counsel's cases.
    async fn list(&mut self, query: &CaseQuery) -> Stored<Page<Case>>;
    /// The same, and how many the query finds in all, its page aside.
    async fn list_and_count(&mut self, query: &CaseQuery) -> Stored<(Page<Case>, u64)>;
}

/// Changes cases.
#[async_trait]
pub trait CaseChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id or a file number that is held already.
    async fn insert(&mut self, case: &Case) -> Stored<()> {
        self.insert_all(slice::from_ref(case)).await
    }
    /// The same of many at a time.
    async fn insert_all(&mut self, cases: &[Case]) -> Stored<()>;
    /// Replaces those whose id is held, and inserts the others, many at a time. MUST fail with [`StorageError::Duplicate`] for a file
    /// number that another id holds. No id and no file number may be in `cases` twice.
    async fn put_all(&mut self, cases: &[Case]) -> Stored<()>;
    /// Looks at cases with ids greater than `after`, in order, at most `limit`, and keeps the key of those whose name's key is not the one
    /// that [`Case::name_key`] makes. A record that makes no sense stays as it is.
    async fn renew_name_keys(&mut self, after: CaseId, limit: u32) -> Stored<Renewed>;
    /// The same for what a search looks through ([`Case::search_text`]).
    async fn renew_search_texts(&mut self, after: CaseId, limit: u32) -> Stored<Renewed>;
}

/// Keys that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// The last record that was; `None` where there was none.
    pub last: Option<Uuid>,
    /// How many were put right.
    pub changed: u64,
}

/// Reads delegations.
#[async_trait]
pub trait DelegationRecords: Send {
    /// The delegation of that id.
    async fn by_id(&mut self, id: DelegationId) -> Stored<Option<Delegation>>;
    /// A counsel's delegations, in order of invitation, those that are over included.
    async fn of_counsel(&mut self, counsel: AccountId) -> Stored<Vec<Delegation>>;
    /// The delegations that an account accepted, in order of invitation, those that are over included.
    async fn of_delegate(&mut self, delegate: AccountId) -> Stored<Vec<Delegation>>;
    /// The account of a counsel, and the delegations that `delegate` accepted from them, in order of invitation, those that are over
    /// included.
    async fn between(
        &mut self,
        counsel: AccountId,
        delegate: AccountId,
    ) -> Stored<Option<(Account, Vec<Delegation>)>>;
    /// Delegations whose term ends after `after` and not after `until`, as far as what is promised is on record, and that nobody ended: in
    /// order of that instant, which is told with each, and of id, those that come after `from`, at most `limit`.
    async fn terms_ending(
        &mut self,
        after: OffsetDateTime,
        until: OffsetDateTime,
        from: Option<(OffsetDateTime, DelegationId)>,
        limit: u32,
    ) -> Stored<Vec<(OffsetDateTime, Legible<Delegation>)>>;
    /// The delegations whose invitation has that number, whatever became of them: one, as good as always.
    async fn invitations_of_number(&mut self, number: &InvitationNumber)
    -> Stored<Vec<Delegation>>;
    /// Invitations to an e-mail address, whatever its case, that nobody took up and nobody withdrew, in order; at most a handful.
    async fn invitations_to(&mut self, email: &EmailAddress) -> Stored<Vec<Delegation>>;
}

/// Changes delegations.
#[async_trait]
pub trait DelegationChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id that is held already.
    async fn insert(&mut self, delegation: &Delegation) -> Stored<()>;
    /// MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn update(&mut self, delegation: &Delegation) -> Stored<()>;
    /// Writes down what is promised for those of which that is not on record, at most `limit`; gives which.
    async fn promise(&mut self, promised: Promised, limit: u32) -> Stored<Vec<DelegationId>>;
}

/// A submission with the number of the file that it is on, as the registry lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The submission.
    pub submission: Submission,
    /// The case's file number.
    pub file_number: FileNumber,
}

/// Which submissions the registry wants to see (SUB-5).
#[derive(Debug, Clone)]
pub struct SubmissionQuery {
    /// Only those acknowledged, or not yet.
    pub acknowledged: Option<bool>,
    /// Which part, the oldest first.
    pub page: PageRequest,
}

/// Reads submissions.
#[async_trait]
pub trait SubmissionRecords: Send {
    /// The submission of that id.
    async fn by_id(&mut self, id: SubmissionId) -> Stored<Option<Filed>>;
    /// The submission of that confirmation number (SUB-5).
    async fn by_number(&mut self, number: &ConfirmationNumber) -> Stored<Option<Filed>>;
    /// Those that a document is in, in order: of a joined submission one per case.
    async fn of_document(&mut self, document: domain::document::DocumentId) -> Stored<Vec<Filed>>;
    /// What was submitted on a case for a counsel, the newest first (SUB-4).
    async fn of_case(
        &mut self,
        case: CaseId,
        counsel: AccountId,
        page: &PageRequest,
    ) -> Stored<Page<Submission>>;
    /// For the registry.
    async fn list(&mut self, query: &SubmissionQuery) -> Stored<Page<Filed>>;
    /// Those of some ids, in no order; one that is not there is left out.
    async fn several(&mut self, ids: &[SubmissionId]) -> Stored<Vec<Filed>>;
    /// Which of these documents some submission names: what a clean-up must leave alone.
    async fn naming(
        &mut self,
        documents: &[domain::document::DocumentId],
    ) -> Stored<Vec<domain::document::DocumentId>>;
    /// Documents of a greater id than `after` that some submission names, each once, in order of id, at most `limit`.
    async fn documents_after(
        &mut self,
        after: domain::document::DocumentId,
        limit: u32,
    ) -> Stored<Vec<domain::document::DocumentId>>;
}

/// Changes submissions.
#[async_trait]
pub trait SubmissionChanges: Send {
    /// MUST fail with [`StorageError::Duplicate`] for an id or a confirmation number that is held already (SUB-2). May be put off.
    async fn insert(&mut self, submission: &Submission) -> Stored<()>;
    /// Keeps the acknowledgement; nothing else of a submission ever changes. MUST fail with [`StorageError::Missing`].
    async fn acknowledge(&mut self, submission: &Submission) -> Stored<()>;
}

/// Reads begun submissions.
#[async_trait]
pub trait DraftRecords: Send {
    /// The draft of that id.
    async fn by_id(&mut self, id: DraftId) -> Stored<Option<Draft>>;
    /// Those begun before `at`, at most `limit`, whether or not they make sense.
    async fn begun_before(&mut self, at: OffsetDateTime, limit: u32) -> Stored<Vec<DraftId>>;
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
    ) -> Stored<Vec<Draft>>;
    /// Those that somebody began on a case for a counsel after `since` and has not sent, the newest first, at most `limit`.
    async fn open_on(
        &mut self,
        account: AccountId,
        on: (AccountId, CaseId),
        since: OffsetDateTime,
        limit: u32,
    ) -> Stored<Vec<Draft>>;
    /// Which of these documents some draft names.
    async fn naming(
        &mut self,
        documents: &[domain::document::DocumentId],
    ) -> Stored<Vec<domain::document::DocumentId>>;
}

/// Changes begun submissions.
#[async_trait]
pub trait DraftChanges: Send {
    /// Inserts or replaces.
    async fn put(&mut self, draft: &Draft) -> Stored<()>;
    /// Keeps that it was sent: it is open no more.
    async fn sent(&mut self, id: DraftId, at: OffsetDateTime) -> Stored<()>;
    /// Removes; one that is not there is no error.
    async fn remove(&mut self, id: DraftId) -> Stored<()>;
}

/// Reads notices.
#[async_trait]
pub trait NoticeRecords: Send {
    /// Those not delivered yet, the oldest first, at most `limit`.
    async fn waiting(&mut self, limit: u32) -> Stored<Vec<Notice>>;
    /// The notice of that id.
    async fn by_id(&mut self, id: NoticeId) -> Stored<Option<Notice>>;
    /// Those that do not arrive.
    async fn undelivered(&mut self, query: &UndeliveredQuery)
    -> Stored<Page<Legible<Undelivered>>>;
}

/// Changes notices.
#[async_trait]
pub trait NoticeChanges: Send {
    /// Writes a notice. One whose once-key is held already MUST change nothing, and give `false` (MAIL-3).
    async fn queue(&mut self, notice: &Notice) -> Stored<bool> {
        let written = self.queue_all(std::slice::from_ref(notice)).await?;
        Ok(!written.is_empty())
    }
    /// The same of many at a time; gives those that were written, in any order. Where none has a once-key, they may be put off.
    async fn queue_all(&mut self, notices: &[Notice]) -> Stored<Vec<NoticeId>>;
    /// It was handed over and came back. MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn bounced(&mut self, id: NoticeId, at: OffsetDateTime) -> Stored<()>;
    /// The person was reached otherwise: it MUST NOT be sent any more. MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn settle(&mut self, id: NoticeId, by: AccountId, at: OffsetDateTime) -> Stored<()>;
    /// It is sent again as if it were new, to that address. MUST fail with [`StorageError::Missing`] when there is none of that id.
    async fn send_again(
        &mut self,
        id: NoticeId,
        to: &EmailAddress,
        at: OffsetDateTime,
    ) -> Stored<()>;
}

/// One entry of the trail, as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place in the trail.
    pub position: i64,
    /// When.
    pub at: OffsetDateTime,
    /// The kind of actor: `account`, `sign-in`, `job`, `operator`.
    pub who: String,
    /// The actor's id, or a job's name.
    pub who_id: Option<String>,
    /// From which network address.
    pub from: Option<String>,
    /// What.
    pub action: String,
    /// For which counsel.
    pub on_behalf_of: Option<AccountId>,
    /// On which case.
    pub case: Option<CaseId>,
    /// About which records: `kind:id`, separated by spaces.
    pub subjects: String,
    /// Why not, if refused.
    pub refused: Option<String>,
}

/// What of a counsel's work is looked for in the trail (DEL-7). Only what was permitted.
#[derive(Debug, Clone)]
pub struct ActivityQuery {
    /// On whose behalf.
    pub counsel: AccountId,
    /// Only what this account did.
    pub by: Option<AccountId>,
    /// Only on this case.
    pub case: Option<CaseId>,
    /// Only actions of these names.
    pub actions: Vec<&'static str>,
    /// Not before this instant.
    pub since: Option<OffsetDateTime>,
    /// Before this instant.
    pub until: Option<OffsetDateTime>,
    /// Which part, the newest first.
    pub page: PageRequest,
}

/// Reads the audit trail.
#[async_trait]
pub trait AuditRecords: Send {
    /// How many entries there are.
    async fn count(&mut self) -> Stored<u64>;
    /// The newest, at most `limit`, the newest first.
    async fn latest(&mut self, limit: u32) -> Stored<Vec<AuditRecord>>;
    /// What an account did and what was done to it, the newest first.
    async fn of_account(
        &mut self,
        account: AccountId,
        page: &PageRequest,
    ) -> Stored<Page<AuditRecord>>;
    /// What was done on a counsel's behalf, the newest first.
    async fn on_behalf_of(&mut self, query: &ActivityQuery) -> Stored<Page<AuditRecord>>;
}
