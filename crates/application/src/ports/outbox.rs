//! Notices on their way: rows that a transaction wrote and that any worker on any machine may claim (MAIL-3).

use async_trait::async_trait;
use domain::notice::Notice;
use time::OffsetDateTime;

use super::records::Legible;
use super::storage::StorageError;

/// A notice that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The notice.
    pub notice: Notice,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// Why a mail server did not take a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It refuses the address for good.
    RefusedForGood,
    /// It may take it later.
    TryLater,
}

impl Failure {
    /// As records have it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RefusedForGood => "refused-for-good",
            Self::TryLater => "try-later",
        }
    }

    /// What a record has; `None` for what this version does not know.
    pub fn from_code(code: &str) -> Option<Self> {
        let known = [Self::RefusedForGood, Self::TryLater];
        known.into_iter().find(|failure| failure.code() == code)
    }
}

/// The notices that wait.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// At most `limit` notices that are due at `now` and that nobody else holds, the oldest first, held until `until`. Two workers MUST
    /// never hold the same; a lease that runs out MUST free what a dead worker held. Each counts as one attempt, save one that makes no sense:
    /// that is held as long, and keeps its tries. A notice of a kind that this version does not know MUST be left to a worker that does.
    async fn claim(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Legible<Claimed>>, StorageError>;
    /// It was handed over, for the address that it was claimed with. Where it is to go to another one since, nothing MUST change: it still
    /// waits.
    async fn delivered(&self, notice: &Notice, at: OffsetDateTime) -> Result<(), StorageError>;
    /// It was not; try again at `next_try`, unless it is to go to another address since.
    async fn failed(
        &self,
        notice: &Notice,
        next_try: OffsetDateTime,
        why: Failure,
    ) -> Result<(), StorageError>;
    /// How many wait, how many of them have been tried `attempts` times or more, and since when the oldest waits.
    async fn waiting(&self, attempts: u32) -> Result<Waiting, StorageError>;
}

/// How many notices wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// All that are not delivered.
    pub all: u64,
    /// Those that keep failing.
    pub stuck: u64,
    /// When the oldest was written that a mail server has not refused for good.
    pub oldest: Option<OffsetDateTime>,
}
