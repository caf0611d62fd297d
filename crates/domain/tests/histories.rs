//! Random histories of registrations, sign-ins, blocks and delegations, compared step by step with a model that counts in plain
//! numbers.

#[path = "histories/chance.rs"]
mod chance;
#[path = "histories/delegating.rs"]
mod delegating;
#[path = "histories/model.rs"]
mod model;
#[path = "histories/reach.rs"]
mod reach;
#[path = "histories/records.rs"]
mod records;
mod scene;
#[path = "histories/seen.rs"]
mod seen;
#[path = "histories/step.rs"]
mod step;
#[path = "histories/world.rs"]
mod world;

use std::collections::BTreeSet;

use model::Model;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use step::{Fact, Step};
use world::World;

/// Two worlds in which the same happens: in one the jobs run, in the other nobody ever runs them.
struct Histories {
    worlds: [World; 2],
}

impl StateMachineTest for Histories {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        Self {
            worlds: [World::new(true), World::new(false)],
        }
    }

    fn apply(mut state: Self, model: &Model, step: Step) -> Self {
        for world in &mut state.worlds {
            assert_eq!(world.take(&step), model.answers, "{step:?}");
        }
        state
    }

    fn check_invariants(state: &Self, model: &Model) {
        let expected = model.seen();
        for world in &state.worlds {
            let seen = world.seen();
            let missing: Vec<&Fact> = expected.difference(&seen).collect();
            let surplus: Vec<&Fact> = seen.difference(&expected).collect();
            assert!(
                missing.is_empty() && surplus.is_empty(),
                "expected {missing:#?}, saw {surplus:#?}"
            );
        }
    }
}

/// Failures are kept beside this file, and tried first the next time.
fn config() -> Config {
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("failures"))),
        ..Config::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    /// REG-1, REG-2, REG-3, REG-4, REG-6, SEC-1, CASE-1, DEL-1, DEL-2, DEL-3, DEL-4, DEL-5, DEL-6, DEL-8: whatever happens in whatever
    /// order, and whether or not any job ever runs, codes, blocks, places and access are as the requirements say.
    #[test]
    fn every_history_goes_as_the_requirements_say(sequential 1..100 => Histories);
}

/// The histories are about something: they get into every situation that the rules are about, and stand on both sides of every
/// instant at which something changes.
#[test]
fn histories_get_into_every_situation() {
    let mut runner = TestRunner::deterministic();
    let histories = Model::sequential_strategy(1..100);
    let mut reached = BTreeSet::new();
    for _ in 0..150 {
        let (mut model, steps, _) = histories.new_tree(&mut runner).unwrap().current();
        for step in steps {
            model.take(&step);
            reached.append(&mut reach::situations(&model));
        }
    }
    let missed: Vec<&&str> = reach::SITUATIONS
        .iter()
        .filter(|situation| !reached.contains(**situation))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
