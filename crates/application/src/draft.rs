//! A draft: a submission that was begun and not sent yet, between adding files and sending them after a look (SUB-1). Its files are in
//! quarantine; it has no number.

use domain::account::AccountId;
use domain::case::CaseId;
use domain::id::Id;
use domain::submission::{SubmittedFile, Wish};
use time::OffsetDateTime;

/// The identifier of a [`Draft`].
pub type DraftId = Id<Draft>;

/// A begun submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Identifier; the submission's idempotency key is made of it.
    pub id: DraftId,
    /// Who began it; nobody else can go on with it.
    pub account: AccountId,
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// What the sender entered.
    pub wish: Wish,
    /// Files that came in and were found good.
    pub files: Vec<SubmittedFile>,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
}
