//! Wrong tries, the block they lead to, and the lock code that a blocked person reads out to the help desk (REG-2, SEC-1).

use std::fmt;

use time::OffsetDateTime;

use crate::readable_code::{self, NotReadable};
use crate::terms::Terms;

/// Six random symbols and a check character, shown as `XXXX-XXX`. Says nothing about the account and opens nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockCode(String);

/// Symbols, the check character included.
const LENGTH: usize = 7;

impl LockCode {
    /// A new code.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(readable_code::grouped(&readable_code::from_random(
            random, LENGTH,
        )))
    }

    /// Reads what the help desk heard.
    ///
    /// # Errors
    /// [`NotReadable`] says whether length, symbol or check character is wrong.
    pub fn parse(text: &str) -> Result<Self, NotReadable> {
        readable_code::parse(text, LENGTH).map(|code| Self(readable_code::grouped(&code)))
    }

    /// As shown: `XXXX-XXX`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LockCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why somebody is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Too many wrong access codes (REG-2).
    WrongAccessCodes,
    /// Too many wrong answers to the secret questions (DEL-2).
    WrongAnswers,
    /// Blocked by the help desk.
    Staff,
}

/// A block, until the help desk lifts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What the blocked person reads out.
    pub lock_code: LockCode,
    /// Since when.
    pub since: OffsetDateTime,
    /// Why.
    pub cause: Cause,
}

/// Wrong tries so far, and the block if there is one. An account has one, and so has a sign-in without an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// Wrong codes or answers since the last right one or the last unblocking.
    pub wrong_tries: u32,
    /// Set while blocked.
    pub block: Option<Block>,
}

impl Lock {
    /// One more wrong try at `at`; the last that is allowed blocks, under `lock_code`. Tries while blocked change nothing.
    #[must_use]
    pub fn wrong_try(
        &self,
        at: OffsetDateTime,
        cause: Cause,
        lock_code: LockCode,
        terms: &Terms,
    ) -> Self {
        if self.block.is_some() {
            return self.clone();
        }
        let wrong_tries = self.wrong_tries.saturating_add(1);
        let block = (wrong_tries >= terms.wrong_tries_at_most).then_some(Block {
            lock_code,
            since: at,
            cause,
        });
        Self { wrong_tries, block }
    }

    /// How many wrong tries are left until it blocks.
    pub const fn tries_left(&self, terms: &Terms) -> u32 {
        terms.wrong_tries_at_most.saturating_sub(self.wrong_tries)
    }

    /// After a right code or answer: the count starts afresh. A block stays.
    #[must_use]
    pub fn right_try(&self) -> Self {
        Self {
            wrong_tries: if self.block.is_some() {
                self.wrong_tries
            } else {
                0
            },
            block: self.block.clone(),
        }
    }

    /// Blocked by staff at `at`. An existing block and its code stay.
    #[must_use]
    pub fn blocked_by_staff(&self, at: OffsetDateTime, lock_code: LockCode) -> Self {
        let block = self.block.clone().or(Some(Block {
            lock_code,
            since: at,
            cause: Cause::Staff,
        }));
        Self {
            wrong_tries: self.wrong_tries,
            block,
        }
    }

    /// Lifted by the help desk: no block, no tries counted (SEC-1).
    #[must_use]
    pub fn lifted() -> Self {
        Self::default()
    }
}
