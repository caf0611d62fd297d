//! The domain's random histories once more, this time as use cases on a real database: whatever people, registry, help desk and orders do in
//! whatever order, records and access are as the plain model counts. Nobody ever runs a job but the import of rolls.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests; a step is only taken where what it names is there"
)]

#[path = "../../../../crates/domain/tests/histories/chance.rs"]
mod chance;
#[path = "../../../../crates/domain/tests/histories/model.rs"]
mod model;
#[path = "../../../../crates/domain/tests/histories/records.rs"]
mod records;
#[path = "../../../../crates/domain/tests/histories/step.rs"]
mod step;

mod delegating;
mod seen;
mod stand_ins;
mod world;
mod written;

use model::Model;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use step::{Answer, Fact, Step, Why};
use world::World;

/// The model, and what only the use cases know: who registered by an invitation has no cell number to send a code to, and an account is
/// opened by one sign-in, the last.
struct InUseCases;

impl ReferenceStateMachine for InUseCases {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        <Model as ReferenceStateMachine>::init_state()
    }

    fn transitions(state: &Model) -> BoxedStrategy<Step> {
        <Model as ReferenceStateMachine>::transitions(state)
    }

    fn apply(state: Model, step: &Step) -> Model {
        let mut after = <Model as ReferenceStateMachine>::apply(state, step);
        if let (Step::EnterCode { person, .. }, [Ok(())]) = (step, &after.answers[..]) {
            let opens = after.people[*person].opens;
            for (other, one) in after.people.iter_mut().enumerate() {
                if other != *person && one.opens == opens {
                    one.opens = None;
                }
            }
        }
        after
    }

    fn preconditions(state: &Model, step: &Step) -> bool {
        let has_cell = |account: usize| state.accounts[account].counsel;
        <Model as ReferenceStateMachine>::preconditions(state, step)
            && !matches!(*step, Step::IssueCode { account } if !has_cell(account))
    }
}

struct Histories(World);

impl Histories {
    /// Takes a step and compares what it was answered, and what can be seen then, with the model after it.
    fn take(&mut self, model: &Model, step: &Step) {
        if let Step::Wait(seconds) = *step {
            self.wait(model, seconds);
        } else {
            let answers = self.0.take(step);
            assert_eq!(answers, as_told(model, step), "{step:?}");
        }
        self.compare(model);
    }

    /// Where something changes at the end of the wait, it has not changed a microsecond before.
    fn wait(&mut self, model: &Model, seconds: i64) {
        let just_before = Model {
            now: model.now - 1,
            ..model.clone()
        };
        if model.seen() == just_before.seen() {
            self.0.wait_microseconds(seconds * 1_000_000);
        } else {
            self.0.wait_microseconds(seconds * 1_000_000 - 1);
            self.compare(&just_before);
            self.0.wait_microseconds(1);
        }
    }

    fn compare(&mut self, model: &Model) {
        let (expected, seen) = (model.seen(), self.0.seen());
        let missing: Vec<&Fact> = expected.difference(&seen).collect();
        let surplus: Vec<&Fact> = seen.difference(&expected).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "expected {missing:#?}, saw {surplus:#?}"
        );
    }
}

/// What the model was answered, in the use cases' words: whoever has a counsel's account is told that they are registered already, blocked or
/// not.
fn as_told(model: &Model, step: &Step) -> Vec<Answer> {
    let (Step::EnterCode { person, .. } | Step::EnterWrongCodes { person, .. }) = *step else {
        return model.answers.clone();
    };
    let opens = model.people[person].opens;
    let registered = opens.is_some_and(|account| model.accounts[account].counsel);
    let told = |answer: &Answer| match answer {
        Err(Why::Shut("blocked")) if registered => Err(Why::Shut("not-for-this-actor")),
        other => *other,
    };
    model.answers.iter().map(told).collect()
}

impl StateMachineTest for Histories {
    type SystemUnderTest = Self;
    type Reference = InUseCases;

    fn init_test(_: &Model) -> Self {
        Self(World::new())
    }

    fn apply(mut state: Self, model: &Model, step: Step) -> Self {
        state.take(model, &step);
        state
    }
}

/// Few and long. Failures are kept beside this file, and tried first the next time.
fn config() -> Config {
    Config {
        cases: 6,
        max_shrink_time: 60_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("failures"))),
        ..Config::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    /// REG-1, REG-2, REG-3, REG-4, REG-6, SEC-1, CASE-1, DEL-1, DEL-2, DEL-3, DEL-4, DEL-5, DEL-6, DEL-8: whatever happens in whatever
    /// order, codes, blocks, places and access are on record as the requirements say.
    #[test]
    fn every_history_goes_as_the_requirements_say(sequential 60..100 => Histories);
}
