//! What can be wrong with a field of a case that was sent, and where. No value is repeated: it may name a person.

use std::fmt;

/// What is wrong with a field, and what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Needed and not there, or empty.
    #[error("is missing; it is needed")]
    Missing,
    /// A number, a list or the like.
    #[error("must be a text between quotation marks")]
    NotText,
    /// Something else than a list.
    #[error("must be a list between square brackets")]
    NotAList,
    /// Something else than an object.
    #[error("must be an object between braces")]
    NotAnObject,
    /// Not a number that a file bears.
    #[error("must be 1 to 32 letters, digits and hyphens")]
    FileNumber,
    /// The address and the object name two files.
    #[error("is not the file number in the address; make them the same, or leave it out")]
    AnotherFile,
    /// Not a code.
    #[error("must be a code of 1 to 64 letters, digits, hyphens, underscores or full stops")]
    Code,
    /// No division of this tribunal.
    #[error("names no division of this tribunal; send one, or have it configured")]
    UnknownDivision,
    /// No region of this tribunal.
    #[error("names no region of this tribunal; send one, or have it configured")]
    UnknownRegion,
    /// Not a client ID.
    #[error("must be a client ID (UCI) of 8 or 10 digits")]
    ClientId,
    /// Not a day.
    #[error("must be a day such as 2026-11-23, between 1900 and 2199")]
    Date,
    /// Not an instant.
    #[error(
        "must be an instant with its offset such as 2026-11-23T09:30:00-05:00, between 1900 and 2199"
    )]
    Instant,
    /// Not an identifier.
    #[error("must be the id of an account, or null")]
    AccountId,
    /// Nobody has that account.
    #[error("names no account; register the counsel first, or send null")]
    UnknownCounsel,
    /// Somebody who is not counsel has that account.
    #[error("names an account that is not a counsel's; send a counsel's, or null")]
    NotCounsel,
    /// Decided so long ago that the record would go at once.
    #[error("is so long ago that the case's retention period is over; leave the case out")]
    PeriodOver,
    /// More than anybody reads.
    #[error("is too long; at most {0} characters are kept")]
    TooLong(usize),
    /// Characters that nobody sees.
    #[error("holds control characters; take them out")]
    ControlCharacters,
    /// More than any case has.
    #[error("has too many entries; at most {0} are kept")]
    TooMany(usize),
}

impl Fault {
    /// One of each.
    pub const ALL: [Self; 19] = [
        Self::Missing,
        Self::NotText,
        Self::NotAList,
        Self::NotAnObject,
        Self::FileNumber,
        Self::AnotherFile,
        Self::Code,
        Self::UnknownDivision,
        Self::UnknownRegion,
        Self::ClientId,
        Self::Date,
        Self::Instant,
        Self::AccountId,
        Self::UnknownCounsel,
        Self::NotCounsel,
        Self::PeriodOver,
        Self::TooLong(0),
        Self::ControlCharacters,
        Self::TooMany(0),
    ];

    /// A stable name, as on wires.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotText => "not-text",
            Self::NotAList => "not-a-list",
            Self::NotAnObject => "not-an-object",
            Self::FileNumber => "file-number",
            Self::AnotherFile => "another-file",
            Self::Code => "code",
            Self::UnknownDivision => "unknown-division",
            Self::UnknownRegion => "unknown-region",
            Self::ClientId => "client-id",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::AccountId => "account-id",
            Self::UnknownCounsel => "unknown-counsel",
            Self::NotCounsel => "not-counsel",
            Self::PeriodOver => "period-over",
            Self::TooLong(_) => "too-long",
            Self::ControlCharacters => "control-characters",
            Self::TooMany(_) => "too-many",
        }
    }

    /// The limit that was passed, where that is what is wrong.
    pub const fn limit(self) -> Option<usize> {
        match self {
            Self::TooLong(limit) | Self::TooMany(limit) => Some(limit),
            _ => None,
        }
    }
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Which: `division`, `events[2].starts_at`, counted from 0.
    pub field: String,
    /// What.
    pub fault: Fault,
}

impl FieldProblem {
    /// A problem of that field.
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        Self {
            field: field.into(),
            fault,
        }
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.fault)
    }
}
