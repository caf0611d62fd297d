//! A case as it was sent, before anybody has looked at it, and the look at it: every field is judged, whatever is wrong with the others.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};
use uuid::Uuid;

use super::field::{Fault, FieldProblem};
use super::{SaidCase, SaidEvent};
use crate::account::AccountId;
use crate::case::{ClientId, Decision, FileNumber, Party};
use crate::code::Code;
use crate::id::Id;
use crate::tribunal::Tribunal;

/// Entries in any of a case's lists. The largest families and the longest proceedings have tens.
const ENTRIES_AT_MOST: usize = 500;
/// Characters in a name or a place.
const NAME_AT_MOST: usize = 300;
/// Characters in the limits of a retainer.
const LIMITS_AT_MOST: usize = 4_000;
/// Years that a date can be of: a slip of a digit is likelier than anything outside.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Somebody in a proceeding, as sent.
#[derive(Default)]
pub struct SentParty {
    /// The name on the file.
    pub name: Option<String>,
    /// A code.
    pub role: Option<String>,
}

/// An event, as sent.
#[derive(Default)]
pub struct SentEvent {
    /// A code.
    pub kind: Option<String>,
    /// RFC 3339, with an offset.
    pub starts_at: Option<String>,
    /// Where.
    pub place: Option<String>,
}

/// A decision, as sent.
#[derive(Default)]
pub struct SentDecision {
    /// A code.
    pub kind: Option<String>,
    /// A date.
    pub made_on: Option<String>,
}

/// A case, as sent: what is not there is `None`, or an empty list.
#[derive(Default)]
pub struct SentCase {
    /// Fields whose form could not be read at all; they are as if not sent.
    pub unreadable: Vec<FieldProblem>,
    /// The number on the file.
    pub file_number: Option<String>,
    /// A code.
    pub division: Option<String>,
    /// A code.
    pub region: Option<String>,
    /// A code.
    pub status: Option<String>,
    /// The principal file of the group.
    pub principal_file_number: Option<String>,
    /// One per person.
    pub client_ids: Vec<Option<String>>,
    /// Who is in it.
    pub parties: Vec<SentParty>,
    /// Limits of the counsel's retainer.
    pub retainer_limits: Option<String>,
    /// What is coming and what has been.
    pub events: Vec<SentEvent>,
    /// Decisions made.
    pub decisions: Vec<SentDecision>,
    /// A date.
    pub final_decision_on: Option<String>,
    /// An account's id; nobody if `None`.
    pub counsel_of_record: Option<String>,
}

impl SentCase {
    /// The case, if every field of it is usable for this tribunal.
    ///
    /// # Errors
    /// Every problem of every field.
    pub fn checked(self, tribunal: &Tribunal) -> Result<SaidCase, Vec<FieldProblem>> {
        let mut look = Look {
            problems: self.unreadable,
        };
        let file_number = look.needed("file_number", self.file_number.as_deref(), filed);
        let division = look.needed("division", self.division.as_deref(), |text| {
            one_of(text, Fault::UnknownDivision, |it| tribunal.has_division(it))
        });
        let region = look.needed("region", self.region.as_deref(), |text| {
            one_of(text, Fault::UnknownRegion, |it| tribunal.has_region(it))
        });
        let status = look.needed("status", self.status.as_deref(), code);
        let principal_file_number = look.maybe(
            "principal_file_number",
            self.principal_file_number.as_deref(),
            filed,
        );
        let client_ids = look.list("client_ids", self.client_ids, |look, at, id| {
            look.needed(&at, id.as_deref(), |text| {
                ClientId::parse(text).map_err(|_| Fault::ClientId)
            })
        });
        let parties = look.list("parties", self.parties, |look, at, party| {
            let name = look.needed(&format!("{at}.name"), party.name.as_deref(), name);
            let role = look.needed(&format!("{at}.role"), party.role.as_deref(), code);
            Some(Party {
                name: name?,
                role: role?,
            })
        });
        let retainer_limits =
            look.maybe("retainer_limits", self.retainer_limits.as_deref(), limits);
        let mut events = look.list("events", self.events, |look, at, event| {
            let kind = look.needed(&format!("{at}.kind"), event.kind.as_deref(), code);
            let starts_at = look.needed(
                &format!("{at}.starts_at"),
                event.starts_at.as_deref(),
                instant,
            );
            let place = look.maybe(&format!("{at}.place"), event.place.as_deref(), name);
            Some(SaidEvent {
                kind: kind?,
                starts_at: starts_at?,
                place: place.unwrap_or_default(),
            })
        });
        let mut decisions = look.list("decisions", self.decisions, |look, at, decision| {
            let kind = look.needed(&format!("{at}.kind"), decision.kind.as_deref(), code);
            let made_on = look.needed(&format!("{at}.made_on"), decision.made_on.as_deref(), date);
            Some(Decision {
                kind: kind?,
                made_on: made_on?,
            })
        });
        let final_decision_on =
            look.maybe("final_decision_on", self.final_decision_on.as_deref(), date);
        let counsel_of_record = look.maybe(
            "counsel_of_record",
            self.counsel_of_record.as_deref(),
            account,
        );
        events.sort_by(|a, b| {
            (a.starts_at, &a.kind, &a.place).cmp(&(b.starts_at, &b.kind, &b.place))
        });
        decisions.sort_by(|a, b| (a.made_on, &a.kind).cmp(&(b.made_on, &b.kind)));
        match (file_number, division, region, status) {
            (Some(file_number), Some(division), Some(region), Some(status))
                if look.problems.is_empty() =>
            {
                Ok(SaidCase {
                    file_number,
                    division,
                    region,
                    status,
                    principal_file_number,
                    client_ids,
                    parties,
                    retainer_limits,
                    events,
                    decisions,
                    final_decision_on,
                    counsel_of_record,
                })
            }
            _ => Err(look.problems),
        }
    }

    /// The same for the file that an address names. The object may leave the number out, but not name another file, nor stand in for an address
    /// that names none.
    #[must_use]
    pub fn of_file(mut self, number: &str) -> Self {
        let named = self.file_number.as_deref().map(str::trim);
        let named = named.filter(|named| !named.is_empty());
        let fault = match (named.map(FileNumber::parse), FileNumber::parse(number)) {
            (None, _) => {
                self.file_number = Some(number.to_owned());
                None
            }
            (Some(Ok(named)), Ok(wanted)) if named != wanted => Some(Fault::AnotherFile),
            (Some(Ok(_)), Err(_)) => Some(Fault::FileNumber),
            // The object's own number is looked at with its other fields.
            (Some(_), _) => None,
        };
        if let Some(fault) = fault {
            self.unreadable
                .push(FieldProblem::new("file_number", fault));
        }
        self
    }
}

/// Collects what is wrong.
struct Look {
    problems: Vec<FieldProblem>,
}

impl Look {
    fn tell(&mut self, field: &str, fault: Fault) {
        // A field whose form could not be read is not missing as well.
        if fault == Fault::Missing && self.problems.iter().any(|one| one.field == field) {
            return;
        }
        self.problems.push(FieldProblem::new(field, fault));
    }

    fn taken<T>(&mut self, field: &str, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.tell(field, fault)).ok()
    }

    /// A field that must be there.
    fn needed<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        match text.map(str::trim) {
            None | Some("") => {
                self.tell(field, Fault::Missing);
                None
            }
            Some(text) => self.taken(field, read(text)),
        }
    }

    /// A field that need not be there; empty is as good as not there.
    fn maybe<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = text.map(str::trim).unwrap_or_default();
        if text.is_empty() {
            return None;
        }
        self.taken(field, read(text))
    }

    /// A list; each entry is told where it is.
    fn list<Sent, T>(
        &mut self,
        field: &str,
        entries: Vec<Sent>,
        read: impl Fn(&mut Self, String, Sent) -> Option<T>,
    ) -> Vec<T> {
        if entries.len() > ENTRIES_AT_MOST {
            self.tell(field, Fault::TooMany(ENTRIES_AT_MOST));
            return Vec::new();
        }
        let entries = entries.into_iter().enumerate();
        entries
            .filter_map(|(place, entry)| read(self, format!("{field}[{place}]"), entry))
            .collect()
    }
}

fn filed(text: &str) -> Result<FileNumber, Fault> {
    FileNumber::parse(text).map_err(|_| Fault::FileNumber)
}

fn code<Of>(text: &str) -> Result<Code<Of>, Fault> {
    Code::parse(text).map_err(|_| Fault::Code)
}

fn one_of<Of>(
    text: &str,
    unknown: Fault,
    has: impl Fn(&Code<Of>) -> bool,
) -> Result<Code<Of>, Fault> {
    let code = code(text)?;
    if has(&code) { Ok(code) } else { Err(unknown) }
}

fn name(text: &str) -> Result<String, Fault> {
    plain(text, NAME_AT_MOST, |c| !c.is_control())
}

fn limits(text: &str) -> Result<String, Fault> {
    plain(text, LIMITS_AT_MOST, |c| c == '\n' || !c.is_control())
}

fn plain(text: &str, most: usize, fits: impl Fn(char) -> bool) -> Result<String, Fault> {
    let text = text.replace("\r\n", "\n");
    if !text.chars().all(fits) {
        return Err(Fault::ControlCharacters);
    }
    if text.chars().count() > most {
        return Err(Fault::TooLong(most));
    }
    Ok(text)
}

fn date(text: &str) -> Result<Date, Fault> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
    day.ok()
        .filter(|day| YEARS.contains(&day.year()) && !text.starts_with('+'))
        .ok_or(Fault::Date)
}

/// In whole microseconds, which is what storage keeps.
fn instant(text: &str) -> Result<OffsetDateTime, Fault> {
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Fault::Instant)?;
    let at = at.checked_to_offset(UtcOffset::UTC).ok_or(Fault::Instant)?;
    let whole = at.replace_microsecond(at.microsecond());
    whole
        .ok()
        .filter(|at| YEARS.contains(&at.year()))
        .ok_or(Fault::Instant)
}

fn account(text: &str) -> Result<AccountId, Fault> {
    Uuid::parse_str(text)
        .map(Id::new)
        .map_err(|_| Fault::AccountId)
}
