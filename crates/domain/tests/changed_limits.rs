//! REG-2 and the limits of sessions where a tribunal changes its terms: random histories in which they become shorter and longer. An access
//! code works until when its person was told, and a session that was over never comes back.

mod scene;

use domain::access_code::{CodeHash, IssuedCode, State};
use domain::id::Id;
use domain::session::{Limits, Session};
use domain::terms::Terms;
use proptest::prelude::*;
use proptest::sample::Index;
use scene::{START, counsel, permit};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What happens next; an index picks one of the codes or sessions that there are.
#[derive(Debug, Clone)]
enum Step {
    Wait(Duration),
    /// The portal starts again with other terms.
    Change(Box<Terms>),
    Issue,
    Begin,
    /// A request by that session, if it is still good for one.
    Use(Index),
}

prop_compose! {
    fn terms()(code in 1..60_i64, idle in 1..60_i64, more in 0..60_i64) -> Terms {
        Terms {
            access_code: Duration::minutes(code),
            session_idle: Duration::minutes(idle),
            session_longest: Duration::minutes(idle + more),
            ..Terms::default()
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..30_i64).prop_map(|minutes| Step::Wait(Duration::minutes(minutes))),
        2 => terms().prop_map(|terms| Step::Change(Box::new(terms))),
        1 => Just(Step::Issue),
        1 => Just(Step::Begin),
        2 => any::<Index>().prop_map(Step::Use),
    ]
}

struct World {
    terms: Terms,
    now: OffsetDateTime,
    /// Each with what its person was told when it was sent.
    codes: Vec<(IssuedCode, OffsetDateTime)>,
    sessions: Vec<Session>,
}

impl World {
    fn take(&mut self, step: &Step) {
        let nobody = Id::new(Uuid::nil());
        match step {
            Step::Wait(duration) => self.now += *duration,
            Step::Change(terms) => {
                self.terms = Terms::clone(terms);
                let limits = Limits::by(&self.terms);
                let held = self.sessions.drain(..).map(|one| one.held_to(limits));
                self.sessions = held.collect();
            }
            Step::Issue => {
                let id = Id::new(Uuid::from_u128(self.codes.len() as u128));
                let hash = CodeHash::new([1; 32]);
                let code = IssuedCode::issue(&permit(self.now), id, &counsel(), hash, &self.terms);
                self.codes.push((code, self.now + self.terms.access_code));
            }
            Step::Begin => {
                let begun = Session::begin(nobody, self.now, None, &self.terms);
                self.sessions.push(begun);
            }
            Step::Use(which) => {
                let usable = self.usable();
                let mut usable = self.sessions.iter_mut().zip(usable);
                let count = usable.len();
                if count > 0
                    && let Some((session, true)) = usable.nth(which.index(count))
                {
                    session.last_used_at = self.now;
                }
            }
        }
    }

    /// Of each session, whether it is good for a request.
    fn usable(&self) -> Vec<bool> {
        let usable = |one: &Session| one.usable(self.now, &self.terms).is_ok();
        self.sessions.iter().map(usable).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// REG-2: whatever the terms are later, a code works exactly until when its person was told.
    #[test]
    fn a_code_works_until_when_its_person_was_told(
        at_first in terms(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World { terms: at_first, now: START, codes: Vec::new(), sessions: Vec::new() };
        for step in steps {
            world.take(&step);
            for (code, until) in &world.codes {
                let state = code.state(world.now, &world.terms);
                prop_assert_eq!(state == State::Usable, world.now < *until, "after {:?}", step);
                prop_assert_eq!(code.expires_at(&world.terms), *until);
            }
        }
    }

    /// A session that was over never comes back, and lasts no longer than the present terms say.
    #[test]
    fn changed_terms_bring_no_session_back(
        at_first in terms(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World { terms: at_first, now: START, codes: Vec::new(), sessions: Vec::new() };
        for step in steps {
            let before = world.usable();
            world.take(&step);
            let after = world.usable();
            for (before, after) in before.iter().zip(&after) {
                prop_assert!(*before || !*after, "came back by {:?}", step);
            }
            for session in &world.sessions {
                prop_assert!(session.longest(&world.terms) <= session.signed_in_at + world.terms.session_longest);
                prop_assert!(session.ends_at(&world.terms) <= session.last_used_at + world.terms.session_idle);
            }
        }
    }
}

/// A portal whose limits are shorter ends at once what another began by longer ones, before anybody has written that down.
#[test]
fn shorter_limits_count_at_once() {
    let terms = Terms::default();
    let session = Session::begin(Id::new(Uuid::nil()), START, None, &terms);
    let shorter = Terms {
        session_idle: Duration::minutes(1),
        session_longest: Duration::minutes(2),
        ..terms
    };
    assert_eq!(session.ends_at(&shorter), START + Duration::minutes(1));
    assert_eq!(session.longest(&shorter), START + Duration::minutes(2));
}

/// What a version of before left without a deadline is as the present terms say, until somebody writes it down.
#[test]
fn what_nobody_wrote_down_is_as_the_present_terms_say() {
    let terms = Terms::default();
    let longer = Terms {
        access_code: terms.access_code * 2,
        session_idle: terms.session_idle * 2,
        ..terms.clone()
    };
    let id = Id::new(Uuid::nil());
    let hash = CodeHash::new([1; 32]);
    let code = IssuedCode {
        expires_at: None,
        ..IssuedCode::issue(&permit(START), id, &counsel(), hash, &terms)
    };
    assert_eq!(code.expires_at(&longer), START + longer.access_code);
    let session = Session {
        limits: None,
        ..Session::begin(Id::new(Uuid::nil()), START, None, &terms)
    };
    assert_eq!(session.ends_at(&longer), START + longer.session_idle);
    let held = session.held_to(Limits::by(&terms));
    assert_eq!(held.ends_at(&longer), START + terms.session_idle);
}
