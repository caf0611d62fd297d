//! Notices that do not arrive, as the registry's work list has them.

use domain::account::AccountId;
use domain::notice::Notice;
use time::OffsetDateTime;

use super::PageRequest;
use crate::ports::outbox::Failure;

/// Why one is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undeliverable {
    /// The mail server took it, and it came back.
    Bounced,
    /// The mail server refuses the address for good.
    RefusedForGood,
    /// It was tried often, and never went through.
    KeepsFailing,
}

impl Undeliverable {
    /// Of a notice that is on the list: whether it came back, and why it was last not taken.
    pub fn of(came_back: bool, last: Option<Failure>) -> Self {
        match last {
            _ if came_back => Self::Bounced,
            Some(Failure::RefusedForGood) => Self::RefusedForGood,
            Some(Failure::TryLater) | None => Self::KeepsFailing,
        }
    }

    /// As on wires and in the names of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::RefusedForGood => "refused-for-good",
            Self::KeepsFailing => "keeps-failing",
        }
    }
}

/// A notice that does not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// The notice.
    pub notice: Notice,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is on the list.
    pub why: Undeliverable,
    /// Who said that the person was reached otherwise, and when.
    pub settled: Option<(AccountId, OffsetDateTime)>,
}

/// Which of them.
#[derive(Debug, Clone)]
pub struct UndeliveredQuery {
    /// After so many tries a notice keeps failing.
    pub attempts: u32,
    /// Those that were settled, or those that are to be done.
    pub settled: bool,
    /// Which part, the oldest first.
    pub page: PageRequest,
}
