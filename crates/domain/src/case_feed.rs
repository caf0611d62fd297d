//! What the case management system says of a case (CASE-1): looked at field by field, with everything that is wrong told at once, and then
//! made part of the record. Knows no wire format: what was sent comes in as texts.

mod coming;
mod field;
mod sent;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::account::{Account, AccountId, Role};
use crate::case::{
    Case, CaseEvent, CaseId, ClientId, Decision, Division, EventKind, FileNumber, Party, Region,
    Status,
};
use crate::code::Code;
use crate::id::Id;
use crate::policy::Permit;
use crate::retention::{Kind, last_proceeded_at};
use crate::terms::Terms;

pub use field::{Fault, FieldProblem};
pub use sent::{SentCase, SentDecision, SentEvent, SentParty};

/// An event as it was sent: which one of those on record it is, the record finds out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidEvent {
    /// What.
    pub kind: Code<EventKind>,
    /// When, UTC, in whole microseconds.
    pub starts_at: OffsetDateTime,
    /// Where; empty when not yet known.
    pub place: String,
}

/// What was sent of a case, each field of it usable. Only [`SentCase::checked`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidCase {
    file_number: FileNumber,
    division: Code<Division>,
    region: Code<Region>,
    status: Code<Status>,
    principal_file_number: Option<FileNumber>,
    client_ids: Vec<ClientId>,
    parties: Vec<Party>,
    retainer_limits: Option<String>,
    events: Vec<SaidEvent>,
    decisions: Vec<Decision>,
    final_decision_on: Option<Date>,
    counsel_of_record: Option<AccountId>,
}

impl SaidCase {
    /// Of which file.
    pub const fn file_number(&self) -> &FileNumber {
        &self.file_number
    }

    /// Who is named as counsel of record.
    pub const fn counsel_of_record(&self) -> Option<AccountId> {
        self.counsel_of_record
    }

    /// Whether the named counsel of record can be one. `account` is the account of that id, if there is one.
    ///
    /// # Errors
    /// [`Fault::UnknownCounsel`] or [`Fault::NotCounsel`], at the field.
    pub fn counsel_is(&self, account: Option<&Account>) -> Result<(), FieldProblem> {
        let at = |fault| Err(FieldProblem::new("counsel_of_record", fault));
        match (self.counsel_of_record, account) {
            (None, _) => Ok(()),
            (Some(id), Some(account)) if account.id == id => {
                if account.is(Role::Counsel) {
                    Ok(())
                } else {
                    at(Fault::NotCounsel)
                }
            }
            (Some(_), _) => at(Fault::UnknownCounsel),
        }
    }

    /// Whether the proceeding is so long over that its record would go at once (PRIV-1): what is not on record stays so, as retention removed
    /// it, or would.
    ///
    /// # Errors
    /// [`Fault::PeriodOver`], at the final decision.
    pub fn is_of_present(&self, at: OffsetDateTime, terms: &Terms) -> Result<(), FieldProblem> {
        let events = self.events.iter().map(|event| event.starts_at);
        let last = last_proceeded_at(self.final_decision_on, &self.decisions, events);
        let period_began = terms.retention.used_by(Kind::Case, at);
        if last.is_none_or(|last| last > period_began) {
            return Ok(());
        }
        let fault = Fault::PeriodOver;
        Err(FieldProblem::new("final_decision_on", fault))
    }

    /// Whether the record says all this already.
    pub fn is_on_record(&self, case: &Case) -> bool {
        let Self {
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
        } = self;
        *file_number == case.file_number
            && *division == case.division
            && *region == case.region
            && *status == case.status
            && *principal_file_number == case.principal_file_number
            && *client_ids == case.client_ids
            && *parties == case.parties
            && *retainer_limits == case.retainer_limits
            && *decisions == case.decisions
            && *final_decision_on == case.final_decision_on
            && *counsel_of_record == case.counsel_of_record
            && events.len() == case.events.len()
            && events
                .iter()
                .zip(&case.events)
                .all(|(said, held)| coming::is(said, held))
    }

    /// The record as it is from the permit's instant on: a new one under an id of `ids`, or `before` with what was said. Events that go on
    /// keep their identity; those that were still to come and are not said any more are cancelled.
    pub fn put_on_record(
        self,
        permit: &Permit,
        before: Option<&Case>,
        ids: &mut dyn FnMut() -> Uuid,
    ) -> Case {
        let id: CaseId = before.map_or_else(|| Id::new(ids()), |case| case.id);
        let none: (&[CaseEvent], &[CaseEvent]) = (&[], &[]);
        let (standing, cancelled) =
            before.map_or(none, |case| (&case.events, &case.cancelled_events));
        let events = coming::carried_over(self.events, standing, cancelled, permit.at(), ids);
        Case {
            id,
            file_number: self.file_number,
            division: self.division,
            region: self.region,
            status: self.status,
            principal_file_number: self.principal_file_number,
            client_ids: self.client_ids,
            parties: self.parties,
            retainer_limits: self.retainer_limits,
            events: events.standing,
            cancelled_events: events.cancelled,
            decisions: self.decisions,
            final_decision_on: self.final_decision_on,
            counsel_of_record: self.counsel_of_record,
            updated_at: permit.at(),
        }
    }
}
