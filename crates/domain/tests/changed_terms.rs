//! DEL-1 where a tribunal changes its terms: random histories of one counsel's delegations, by machines whose clocks differ by seconds,
//! with terms that change in between. What was promised holds, so that no change of terms ever makes a fifth delegate, gives access back
//! that had ended, or takes it from somebody.

mod scene;

use std::collections::BTreeSet;

use domain::account::Role;
use domain::delegation::{Delegation, DelegationId};
use domain::id::Id;
use domain::terms::Terms;
use proptest::prelude::*;
use proptest::sample::Index;
use scene::{START, account, counsel, invitation, permit};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What DEL-1 allows, and the tribunals of these histories at most.
const PLACES: usize = 4;

/// What happens next; an index picks one of the delegations that there are.
#[derive(Debug, Clone)]
enum Step {
    Wait(Duration),
    /// Until seconds before or after an instant from which that delegation is something else.
    WaitFor(Index, Deadline, Duration),
    Change(Box<Terms>),
    Invite(u128),
    /// With the right answer or a wrong one.
    Accept(Index, bool),
    Renew(Index),
    End(Index),
}

#[derive(Debug, Clone, Copy)]
enum Deadline {
    Over,
    Gone,
}

prop_compose! {
    fn terms()(term in 2..90_i64, renewal_grace in 1..20_i64, invitation in 1..20_i64, delegates_at_most in 1..=PLACES) -> Terms {
        Terms {
            delegation: Duration::days(term),
            reminder: Duration::days(1),
            renewal_grace: Duration::days(renewal_grace),
            invitation: Duration::days(invitation),
            delegates_at_most,
            ..Terms::default()
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let which = any::<Index>;
    let deadline = prop_oneof![Just(Deadline::Over), Just(Deadline::Gone)];
    prop_oneof![
        1 => (0..40_i64).prop_map(|days| Step::Wait(Duration::days(days))),
        3 => (which(), deadline, -6..6_i64).prop_map(|(which, deadline, seconds)| {
            Step::WaitFor(which, deadline, Duration::seconds(seconds))
        }),
        2 => terms().prop_map(|terms| Step::Change(Box::new(terms))),
        5 => (2..10_u128).prop_map(Step::Invite),
        4 => (which(), any::<bool>()).prop_map(|(which, right)| Step::Accept(which, right)),
        3 => which().prop_map(Step::Renew),
        1 => which().prop_map(Step::End),
    ]
}

struct World {
    terms: Terms,
    /// On the clock that is furthest ahead; the others are behind it by a few seconds.
    latest: OffsetDateTime,
    held: Vec<Delegation>,
}

impl World {
    fn wait_until(&mut self, at: OffsetDateTime) {
        self.latest = self.latest.max(at);
    }

    fn one(&self, which: Index) -> Option<Delegation> {
        (!self.held.is_empty()).then(|| which.get(&self.held).clone())
    }

    /// Does it on a clock that is so far behind; says whom somebody acted on, where that was not refused.
    fn take(&mut self, step: &Step, behind: Duration) -> Option<DelegationId> {
        let on = permit(self.latest - behind);
        match step {
            Step::Wait(duration) => {
                self.wait_until(self.latest + *duration);
                None
            }
            Step::WaitFor(which, deadline, around) => {
                let one = self.one(*which)?;
                let over = one.ends_at(&self.terms);
                let gone = one.renewable_until(&self.terms);
                let at = match deadline {
                    Deadline::Over => over,
                    Deadline::Gone => gone,
                };
                self.wait_until(at.unwrap_or_else(|| one.lapses_at(&self.terms)) + *around);
                None
            }
            Step::Change(terms) => {
                self.terms = Terms::clone(terms);
                None
            }
            Step::Invite(number) => {
                let id = Id::new(Uuid::from_u128(self.held.len() as u128 + 1));
                let wish = invitation(*number);
                let invited =
                    Delegation::invite(&on, id, &counsel(), wish, &self.held, &[], &self.terms)
                        .ok()?;
                self.held.push(invited);
                Some(id)
            }
            Step::Accept(which, right) => {
                let one = self.one(*which)?;
                let delegate = account(101, Role::Delegate).id;
                let accepted = one.accept(&on, delegate, &[*right], &self.held, &self.terms);
                self.keep(accepted.ok()?)
            }
            Step::Renew(which) => {
                let one = self.one(*which)?;
                self.keep(one.renew(&on, &self.held, &self.terms).ok()?)
            }
            Step::End(which) => {
                let one = self.one(*which)?;
                self.keep(one.end(&on, &self.terms).ok()?)
            }
        }
    }

    fn keep(&mut self, one: Delegation) -> Option<DelegationId> {
        let id = one.id;
        let place = self.held.iter_mut().find(|held| held.id == id)?;
        *place = one;
        Some(id)
    }

    /// Those with a place, and those with access, at the latest instant.
    fn those(&self) -> [BTreeSet<DelegationId>; 2] {
        let states = || {
            let state = |one: &Delegation| (one.id, one.state(self.latest, &self.terms));
            self.held.iter().map(state)
        };
        let of = |ids: Vec<DelegationId>| ids.into_iter().collect();
        [
            of(states()
                .filter(|(_, state)| state.holds_a_place())
                .map(|(id, _)| id)
                .collect()),
            of(states()
                .filter(|(_, state)| state.gives_access())
                .map(|(id, _)| id)
                .collect()),
        ]
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// DEL-1, DEL-3: never more than four people with a place, whatever the terms were and are; place and access begin by an act on that
    /// delegation alone, never by a change of terms, and no change of terms ends them.
    #[test]
    fn changed_terms_bring_nobody_back(
        at_first in terms(),
        steps in prop::collection::vec((step(), 0..6_i64), 1..60),
    ) {
        let mut world = World { terms: at_first, latest: START, held: Vec::new() };
        for (step, behind) in steps {
            let before = world.those();
            let acted_on = world.take(&step, Duration::seconds(behind));
            let after = world.those();
            prop_assert!(after[0].len() <= PLACES, "{} places after {step:?}", after[0].len());
            for (before, after) in before.iter().zip(&after) {
                let back: Vec<_> = after.difference(before).filter(|id| Some(**id) != acted_on).collect();
                prop_assert!(back.is_empty(), "{back:?} came back by {step:?}");
            }
            if matches!(step, Step::Change(_)) {
                prop_assert_eq!(before, after);
            }
        }
    }
}

/// DEL-1: until a job has written down what was promised to a delegation of before, the present terms hold; then no others do.
#[test]
fn what_nobody_wrote_down_is_as_the_present_terms_say() {
    let terms = Terms::default();
    let id = Id::new(Uuid::from_u128(1));
    let promised = Delegation::invite(
        &permit(START),
        id,
        &counsel(),
        invitation(2),
        &[],
        &[],
        &terms,
    )
    .unwrap();
    let of_before = Delegation {
        promised: None,
        ..promised.clone()
    };
    let longer = Terms {
        invitation: terms.invitation * 2,
        ..terms.clone()
    };
    let lapses = [&promised, &of_before].map(|one| one.lapses_at(&longer) - START);
    assert_eq!(lapses, [terms.invitation, longer.invitation]);
    assert_eq!(of_before.lapses_at(&terms), promised.lapses_at(&terms));
}
