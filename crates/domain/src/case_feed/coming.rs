//! Which events go on when a case is said anew: an event has no name that the case management system would send, so it is found again by
//! what stayed the same. Calendars that took it over follow it by its identity (CASE-4).

use time::OffsetDateTime;
use uuid::Uuid;

use super::SaidEvent;
use crate::case::CaseEvent;
use crate::id::Id;

/// A case's events after it was said anew, each list in order of time.
pub(super) struct Events {
    pub(super) standing: Vec<CaseEvent>,
    pub(super) cancelled: Vec<CaseEvent>,
}

/// Whether the event on record says all this already.
pub(super) fn is(said: &SaidEvent, held: &CaseEvent) -> bool {
    said.kind == held.kind && said.starts_at == held.starts_at && said.place == held.place
}

/// What becomes of the events on record. The same again is the same. Of the rest, one of the same kind that was still to come at `now` was
/// moved: to the same instant elsewhere if there is one, else in order of time. One that was cancelled and is said again stands again. What
/// was still to come and is not said any more is cancelled; what was cancelled and is over is forgotten.
pub(super) fn carried_over(
    said: Vec<SaidEvent>,
    standing: &[CaseEvent],
    cancelled: &[CaseEvent],
    now: OffsetDateTime,
    ids: &mut dyn FnMut() -> Uuid,
) -> Events {
    let mut held: Vec<Option<&CaseEvent>> = standing.iter().map(Some).collect();
    let mut off: Vec<Option<&CaseEvent>> = cancelled.iter().map(Some).collect();
    let mut found: Vec<Option<&CaseEvent>> = vec![None; said.len()];
    let is_to_come = |event: &CaseEvent| event.starts_at >= now;
    let same_time = |said: &SaidEvent, held: &CaseEvent| {
        said.kind == held.kind && said.starts_at == held.starts_at
    };
    let moved = |said: &SaidEvent, held: &CaseEvent| said.kind == held.kind && is_to_come(held);
    look(&said, &mut found, &mut held, is);
    look(&said, &mut found, &mut off, is);
    look(&said, &mut found, &mut held, same_time);
    look(&said, &mut found, &mut held, moved);
    let stood = |event: &CaseEvent| standing.iter().any(|held| held.id == event.id);
    let standing_now = said.into_iter().zip(found).map(|(said, found)| {
        let goes_on = found.is_some_and(|found| stood(found) && is(&said, found));
        CaseEvent {
            id: found.map_or_else(|| Id::new(ids()), |found| found.id),
            revision: match found {
                Some(found) if goes_on => found.revision,
                Some(found) => found.revision.saturating_add(1),
                None => 0,
            },
            kind: said.kind,
            starts_at: said.starts_at,
            place: said.place,
        }
    });
    let standing_now = standing_now.collect();
    let newly_off = held
        .into_iter()
        .flatten()
        .filter(|event| is_to_come(event))
        .map(|event| CaseEvent {
            revision: event.revision.saturating_add(1),
            ..event.clone()
        });
    let still_off = off.into_iter().flatten().filter(|event| is_to_come(event));
    let mut cancelled: Vec<CaseEvent> = newly_off.chain(still_off.cloned()).collect();
    cancelled.sort_by_key(|event| (event.starts_at, event.id));
    Events {
        standing: standing_now,
        cancelled,
    }
}

/// Gives each event that has not been found yet the first of the pool that fits it.
fn look<'a>(
    said: &[SaidEvent],
    found: &mut [Option<&'a CaseEvent>],
    pool: &mut [Option<&'a CaseEvent>],
    fits: impl Fn(&SaidEvent, &CaseEvent) -> bool,
) {
    for (said, place) in said.iter().zip(found) {
        if place.is_none() {
            let mut left = pool.iter_mut();
            *place = left
                .find(|one| one.is_some_and(|held| fits(said, held)))
                .and_then(Option::take);
        }
    }
}
