//! A case as a row: its lists are JSON text, its instants whole microseconds.

use application::ports::storage::StorageError;
use domain::case::{Case, CaseEvent, ClientId, Decision, FileNumber, Party};
use domain::code::Code;
use domain::id::Id;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};

use super::{ActiveModel, Read};
use crate::error::corrupt;
use crate::json;
use crate::value::{date, instant, iso, micros};

const RECORD: &str = "case";

#[derive(Serialize, Deserialize)]
struct PartyRow {
    name: String,
    role: String,
}

#[derive(Serialize, Deserialize)]
struct EventRow {
    /// Events that were written before they had one get it from their place in time.
    id: Option<Uuid>,
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    cancelled: bool,
    kind: String,
    starts_at: i64,
    place: String,
}

impl EventRow {
    fn of(event: &CaseEvent, cancelled: bool) -> Self {
        Self {
            id: Some(event.id.uuid()),
            revision: event.revision,
            cancelled,
            kind: event.kind.to_string(),
            starts_at: micros(event.starts_at),
            place: event.place.clone(),
        }
    }

    fn into_event(self, case: Uuid) -> Result<CaseEvent, StorageError> {
        let starts_at = u128::from(self.starts_at.unsigned_abs());
        let in_time = Uuid::from_u128(case.as_u128() ^ starts_at);
        Ok(CaseEvent {
            id: Id::new(self.id.unwrap_or(in_time)),
            revision: self.revision,
            kind: code(&self.kind)?,
            starts_at: instant(RECORD, self.starts_at)?,
            place: self.place,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct DecisionRow {
    kind: String,
    made_on: String,
}

/// A case for the database.
pub(super) fn row(case: &Case) -> Result<ActiveModel, StorageError> {
    let parties: Vec<_> = case
        .parties
        .iter()
        .map(|party| PartyRow {
            name: party.name.clone(),
            role: party.role.to_string(),
        })
        .collect();
    let standing = case.events.iter().map(|event| EventRow::of(event, false));
    let cancelled = case.cancelled_events.iter();
    let cancelled = cancelled.map(|event| EventRow::of(event, true));
    let events: Vec<_> = standing.chain(cancelled).collect();
    let decisions: Vec<_> = case
        .decisions
        .iter()
        .map(|decision| DecisionRow {
            kind: decision.kind.to_string(),
            made_on: iso(decision.made_on),
        })
        .collect();
    let client_ids: Vec<_> = case.client_ids.iter().map(ClientId::as_str).collect();
    Ok(ActiveModel {
        id: Set(case.id.uuid()),
        file_number: Set(case.file_number.to_string()),
        division: Set(case.division.to_string()),
        region: Set(case.region.to_string()),
        status: Set(case.status.to_string()),
        principal_file_number: Set(case.principal_file_number.as_ref().map(ToString::to_string)),
        client_ids: Set(json::text(RECORD, &client_ids)?),
        parties: Set(json::text(RECORD, &parties)?),
        retainer_limits: Set(case.retainer_limits.clone()),
        events: Set(json::text(RECORD, &events)?),
        decisions: Set(json::text(RECORD, &decisions)?),
        final_decision_on: Set(case.final_decision_on.map(iso)),
        counsel_of_record: Set(case.counsel_of_record.map(Id::uuid)),
        updated_at: Set(micros(case.updated_at)),
        search_text: Set(case.search_text()),
        name_key: Set(case.name_key()),
    })
}

fn code<Of>(text: &str) -> Result<Code<Of>, StorageError> {
    Code::parse(text).map_err(|error| corrupt(RECORD, error))
}

/// A file number from the database.
pub(crate) fn file_number(text: &str) -> Result<FileNumber, StorageError> {
    FileNumber::parse(text).map_err(|error| corrupt(RECORD, error))
}

impl TryFrom<Read> for Case {
    type Error = StorageError;

    fn try_from(row: Read) -> Result<Self, StorageError> {
        let client = |text: String| ClientId::parse(&text).map_err(|error| corrupt(RECORD, error));
        let party = |party: PartyRow| {
            Ok::<_, StorageError>(Party {
                role: code(&party.role)?,
                name: party.name,
            })
        };
        let events: Vec<EventRow> = json::list(RECORD, &row.events)?;
        let (cancelled, standing): (Vec<_>, Vec<_>) =
            events.into_iter().partition(|event| event.cancelled);
        let of_case = |events: Vec<EventRow>| {
            let events = events.into_iter().map(|event| event.into_event(row.id));
            events.collect::<Result<Vec<_>, _>>()
        };
        let decision = |decision: DecisionRow| {
            Ok::<_, StorageError>(Decision {
                kind: code(&decision.kind)?,
                made_on: date(RECORD, &decision.made_on)?,
            })
        };
        Ok(Self {
            id: Id::new(row.id),
            file_number: file_number(&row.file_number)?,
            division: code(&row.division)?,
            region: code(&row.region)?,
            status: code(&row.status)?,
            principal_file_number: row
                .principal_file_number
                .as_deref()
                .map(file_number)
                .transpose()?,
            client_ids: json::list(RECORD, &row.client_ids)?
                .into_iter()
                .map(client)
                .collect::<Result<_, _>>()?,
            parties: json::list(RECORD, &row.parties)?
                .into_iter()
                .map(party)
                .collect::<Result<_, _>>()?,
            retainer_limits: row.retainer_limits,
            events: of_case(standing)?,
            cancelled_events: of_case(cancelled)?,
            decisions: json::list(RECORD, &row.decisions)?
                .into_iter()
                .map(decision)
                .collect::<Result<_, _>>()?,
            final_decision_on: row
                .final_decision_on
                .map(|day| date(RECORD, &day))
                .transpose()?,
            counsel_of_record: row.counsel_of_record.map(Id::new),
            updated_at: instant(RECORD, row.updated_at)?,
        })
    }
}
