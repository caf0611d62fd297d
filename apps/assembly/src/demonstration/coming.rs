//! What will happen by itself in the demonstration, so that its clock can be moved there.

use application::Application;
use application::ports::demonstration::{Coming, ComingEvents};
use application::ports::records::{CaseOrder, CaseQuery, PageRequest};
use application::ports::storage::{Snapshot, StorageError};
use async_trait::async_trait;
use domain::account::Role;
use domain::case::decided_too_long_ago;
use time::OffsetDateTime;

use super::known;

/// So many are named at a time.
const AT_A_TIME: usize = 8;

/// The events of the demonstration's own counsel.
pub struct OfDemonstration(pub Application);

type Found = Vec<(OffsetDateTime, Coming, String)>;

#[async_trait]
impl ComingEvents for OfDemonstration {
    async fn next(&self) -> Result<Found, StorageError> {
        let now = self.0.clock.now();
        let mut records = self.0.storage.read().await?;
        let mut found = Found::new();
        for account in known(&mut *records).await?.into_values() {
            let account = records.accounts().by_id(account).await?;
            if let Some(account) = account.filter(|account| account.is(Role::Counsel)) {
                of_delegations(&self.0, &mut *records, account.id, &mut found).await?;
                of_cases(&self.0, &mut *records, account.id, &mut found).await?;
            }
        }
        found.retain(|(at, _, _)| *at > now);
        found.sort();
        found.dedup();
        found.truncate(AT_A_TIME);
        Ok(found)
    }
}

async fn of_delegations(
    app: &Application,
    records: &mut dyn Snapshot,
    counsel: domain::account::AccountId,
    found: &mut Found,
) -> Result<(), StorageError> {
    for delegation in records.delegations().of_counsel(counsel).await? {
        if delegation.ended_at.is_some() {
            continue;
        }
        let name = delegation.invitee.name.to_string();
        if delegation.running.is_none() {
            let lapses_at = delegation.lapses_at(&app.terms);
            found.push((lapses_at, Coming::InvitationLapses, name));
            continue;
        }
        for (at, coming) in [
            (delegation.reminder_at(&app.terms), Coming::RenewalDue),
            (delegation.ends_at(&app.terms), Coming::AccessEnds),
            (delegation.renewable_until(&app.terms), Coming::Lapses),
        ] {
            if let Some(at) = at {
                found.push((at, coming, name.clone()));
            }
        }
    }
    Ok(())
}

async fn of_cases(
    app: &Application,
    records: &mut dyn Snapshot,
    counsel: domain::account::AccountId,
    found: &mut Found,
) -> Result<(), StorageError> {
    let moment = app.moment();
    let query = CaseQuery {
        counsel,
        not_decided_by: decided_too_long_ago(moment.today, &app.terms),
        now: moment.at,
        words: Vec::new(),
        division: None,
        status: None,
        event_between: (None, None),
        order: CaseOrder::FileNumber,
        page: PageRequest {
            after: None,
            limit: 100,
        },
    };
    for case in records.cases().list(&query).await?.items {
        let number = case.file_number.to_string();
        for event in &case.events {
            found.push((event.starts_at, Coming::CaseEvent, number.clone()));
        }
        if let Some(day) = case.leaves_on(&app.terms) {
            let at = app.zones.first_of(&app.tribunal.zone, day.0);
            found.push((at, Coming::CaseLeaves, number));
        }
    }
    Ok(())
}
