//! A case: one proceeding before the tribunal, as its case management system feeds it (CASE-1 … CASE-4).

use std::fmt;

use time::{Date, OffsetDateTime};
use unicode_normalization::UnicodeNormalization;

use crate::account::AccountId;
use crate::code::Code;
use crate::id::Id;
use crate::searching::{self, looked_through};
use crate::sorting::sort_key;
use crate::terms::Terms;
use crate::tribunal_time::TribunalDay;

/// The identifier of a [`Case`].
pub type CaseId = Id<Case>;

/// A division of the tribunal: RPD, RAD, ID, IAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Division {}
/// A region of the tribunal, with an office that holds files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {}
/// Where a proceeding stands: `active`, `decided`, or what else the case management system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {}
/// What a person is in a proceeding: claimant, appellant, minister …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyRole {}
/// What is coming: a hearing, a conference …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {}
/// What was decided: final, interlocutory …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {}

/// Why a case cannot be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefused {
    /// Not a number that a file bears.
    #[error("a file number is 1 to 32 letters, digits and hyphens")]
    FileNumber,
    /// Not a client ID.
    #[error("a client ID (UCI) has 8 or 10 digits")]
    ClientId,
}

/// The number on a file, such as `TB9-01234`. Letters are kept in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileNumber(String);

impl FileNumber {
    /// Reads a file number.
    ///
    /// # Errors
    /// [`CaseRefused::FileNumber`].
    pub fn parse(text: &str) -> Result<Self, CaseRefused> {
        let text = text.trim();
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if plain && (1..=32).contains(&text.len()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(CaseRefused::FileNumber)
        }
    }

    /// Reads a file number as somebody typed or pasted it: spaces, other dashes than the hyphen and characters that nobody sees are forgiven.
    ///
    /// # Errors
    /// [`CaseRefused::FileNumber`].
    pub fn typed(text: &str) -> Result<Self, CaseRefused> {
        let text = searching::typed(text);
        Self::parse(&text.split_whitespace().collect::<String>())
    }

    /// Whether somebody who typed `text` meant this number.
    pub fn is_meant_by(&self, text: &str) -> bool {
        Self::typed(text).is_ok_and(|typed| typed == *self)
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number without its separators, as people type it in a hurry.
    pub fn bare(&self) -> String {
        self.0.replace('-', "")
    }
}

impl fmt::Display for FileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A unique client identifier: 8 or 10 digits, one per person (CASE-3).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientId(String);

impl ClientId {
    /// Reads a client ID; hyphens and spaces are forgiven.
    ///
    /// # Errors
    /// [`CaseRefused::ClientId`].
    pub fn parse(text: &str) -> Result<Self, CaseRefused> {
        if text
            .chars()
            .any(|c| !c.is_ascii_digit() && !c.is_whitespace() && c != '-')
        {
            return Err(CaseRefused::ClientId);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if matches!(digits.len(), 8 | 10) {
            Ok(Self(digits))
        } else {
            Err(CaseRefused::ClientId)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: `1234-5678` or `12-3456-7890`.
    pub fn grouped(&self) -> String {
        let first = self.0.len() % 4;
        let mut shown = String::with_capacity(self.0.len() + 2);
        for (position, digit) in self.0.chars().enumerate() {
            if position > 0 && (position + 4 - first).is_multiple_of(4) {
                shown.push('-');
            }
            shown.push(digit);
        }
        shown
    }
}

/// Never in a log: it names a person.
impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientId(…)")
    }
}

/// Somebody in a proceeding.
#[derive(Clone, PartialEq, Eq)]
pub struct Party {
    /// The name on the file.
    pub name: String,
    /// What they are in it.
    pub role: Code<PartyRole>,
}

/// Never the name: it must not reach a log.
impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Party")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// The identifier of a [`CaseEvent`]: it stays when the event is moved or cancelled, so that calendars follow (CASE-4).
pub type EventId = Id<CaseEvent>;

/// Something that will happen in a proceeding, such as a hearing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// Identifier.
    pub id: EventId,
    /// How often it was moved, cancelled or put back.
    pub revision: u32,
    /// What.
    pub kind: Code<EventKind>,
    /// When.
    pub starts_at: OffsetDateTime,
    /// Where, as the tribunal says it; empty when not yet known.
    pub place: String,
}

/// A decision made in a proceeding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub kind: Code<DecisionKind>,
    /// The date it bears.
    pub made_on: Date,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Identifier within the portal.
    pub id: CaseId,
    /// The number on the file.
    pub file_number: FileNumber,
    /// The division that hears it.
    pub division: Code<Division>,
    /// The region whose office holds the file (SUB-6).
    pub region: Code<Region>,
    /// Where it stands.
    pub status: Code<Status>,
    /// The principal file of its group, for families; its own number where it is the principal.
    pub principal_file_number: Option<FileNumber>,
    /// One per person.
    pub client_ids: Vec<ClientId>,
    /// Who is in it.
    pub parties: Vec<Party>,
    /// Limits of the counsel's retainer, where there are any.
    pub retainer_limits: Option<String>,
    /// What is coming and what has been, in order of time.
    pub events: Vec<CaseEvent>,
    /// Events that the case management system took back before their time, in order of it: for calendars that still have them.
    pub cancelled_events: Vec<CaseEvent>,
    /// Decisions made, in order of date.
    pub decisions: Vec<Decision>,
    /// The date of the final decision (CASE-2).
    pub final_decision_on: Option<Date>,
    /// Who represents the person; `None` when nobody does (any more).
    pub counsel_of_record: Option<AccountId>,
    /// When the case management system last said something about it.
    pub updated_at: OffsetDateTime,
}

impl Case {
    /// Whether the case is still in the portal on `day` (CASE-2): until, and not including, the 45th day after the final decision.
    pub fn in_portal_on(&self, day: TribunalDay, terms: &Terms) -> bool {
        self.leaves_on(terms).is_none_or(|leaves| day < leaves)
    }

    /// The first day on which the case is gone; `None` while there is no final decision.
    pub fn leaves_on(&self, terms: &Terms) -> Option<TribunalDay> {
        self.final_decision_on
            .map(|decided| TribunalDay(decided).plus(terms.case_days_after_decision))
    }

    /// Whether it is `counsel`'s, be it that it has left the portal (CASE-1).
    pub fn is_of(&self, counsel: AccountId) -> bool {
        self.counsel_of_record == Some(counsel)
    }

    /// The number of its group's principal: its own where it has none.
    pub fn principal(&self) -> &FileNumber {
        self.principal_file_number
            .as_ref()
            .unwrap_or(&self.file_number)
    }

    /// Whether it is another case of the same group, of which families often send the same documents.
    pub fn is_joined_with(&self, other: &Self) -> bool {
        self.id != other.id && self.principal() == other.principal()
    }

    /// Whether `counsel` sees the case on `day` (CASE-1, CASE-2).
    pub fn seen_by(&self, counsel: AccountId, day: TribunalDay, terms: &Terms) -> bool {
        self.is_of(counsel) && self.in_portal_on(day, terms)
    }

    /// The first event at or after `at`.
    pub fn next_event(&self, at: OffsetDateTime) -> Option<&CaseEvent> {
        self.events
            .iter()
            .filter(|event| event.starts_at >= at)
            .min_by_key(|event| event.starts_at)
    }

    /// What a search for [`searching::words`] looks through: names, file numbers and client IDs (bare and as people write them) (CASE-4).
    pub fn search_text(&self) -> String {
        let names = self.parties.iter().map(|party| party.name.as_str());
        let numbers = self
            .principal_file_number
            .iter()
            .chain([&self.file_number])
            .map(FileNumber::as_str);
        let clients = self
            .client_ids
            .iter()
            .flat_map(|client| [client.as_str().to_owned(), client.grouped()]);
        names
            .chain(numbers)
            .map(looked_through)
            .chain(clients)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// By which cases are put in order of name: the first party's (CASE-4).
    pub fn name_key(&self) -> String {
        self.parties
            .first()
            .map(|party| sort_key(&party.name))
            .unwrap_or_default()
    }
}

/// Small letters without accents and ligatures, so that `Élise Lebœuf` is found by `elise leboeuf`. Folding what is folded changes
/// nothing.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            '’' => folded.push('\''),
            c if unicode_normalization::char::is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Cases whose final decision bears this date or an earlier one have left the portal on `day` (CASE-2). What storage filters by; the
/// same rule as [`Case::in_portal_on`].
pub fn decided_too_long_ago(day: TribunalDay, terms: &Terms) -> Date {
    day.0
        .checked_sub(time::Duration::days(i64::from(
            terms.case_days_after_decision,
        )))
        .unwrap_or(Date::MIN)
}
