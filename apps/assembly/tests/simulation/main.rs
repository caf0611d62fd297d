//! The whole system under everything that can go wrong around it: machines die at any step, ports fail before and after they did what they
//! were asked, clocks jump and differ, requests come in any order and are repeated. Each seed is one history; whatever happens in it, the
//! promises hold. A seed that fails prints itself, and `cargo xtask simulate --seed N` plays it again.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

#[path = "../../../portal/tests/endurance/chance.rs"]
mod chance;
#[path = "../histories/stand_ins.rs"]
#[expect(dead_code, reason = "the histories use more of them")]
mod stand_ins;

mod acts;
mod history;
mod outside;
mod promises;
mod records;
mod stage;
mod world;

use history::{History, Played};
use stage::Broken;
use tokio::runtime::{Builder, Runtime};

/// A run of the tests plays so many; the nightly one 10,000.
const SEEDS: u64 = 200;
/// The seeds are played by so many tests, which run at the same time.
const PARTS: u64 = 4;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn play(runtime: &Runtime, seed: u64, broken: Broken) -> Played {
    runtime.block_on(History::play(seed, broken))
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Plays every fourth seed, from that one on; or the one that somebody asks for.
fn part(first: u64) {
    let (seeds, only) = (
        number("MONDOSSIER_SIMULATION_SEEDS").unwrap_or(SEEDS),
        number("MONDOSSIER_SIMULATION_SEED"),
    );
    let runtime = runtime();
    let mut all = Played::default();
    let mine = (1..=seeds).filter(|seed| seed % PARTS == first);
    let wanted: Vec<u64> = match only {
        Some(seed) if first == 0 => vec![seed],
        Some(_) => Vec::new(),
        None => mine.collect(),
    };
    for seed in wanted {
        let played = play(&runtime, seed, Broken::Nothing);
        assert!(
            played.broken.is_empty(),
            "seed {seed} (cargo xtask simulate --seed {seed}):\n{}\n\n{}",
            played.told.join("\n"),
            played.broken.join("\n"),
        );
        all.add(&played);
        // After each, so that a run that is stopped says how far it came.
        if let Ok(file) = std::env::var("MONDOSSIER_SIMULATION_FIGURES") {
            std::fs::write(format!("{file}.{first}"), all.figures().to_string()).unwrap();
        }
    }
}

///
#[test]
fn a_first_part_of_the_seeds_breaks_no_promise() {
    part(0);
}

///
#[test]
fn a_second_part_of_the_seeds_breaks_no_promise() {
    part(1);
}

///
#[test]
fn a_third_part_of_the_seeds_breaks_no_promise() {
    part(2);
}

///
#[test]
fn a_fourth_part_of_the_seeds_breaks_no_promise() {
    part(3);
}

/// a failing seed is of use only if it plays the same again.
#[test]
fn a_seed_plays_the_same_twice() {
    let runtime = runtime();
    for seed in [2, 3, 5] {
        let [once, again] = [(); 2].map(|()| play(&runtime, seed, Broken::Nothing));
        assert_eq!(once.told, again.told, "seed {seed}");
    }
}

/// What is broken on purpose is found, within so many seeds.
fn is_found(broken: Broken, expected: &str) {
    let runtime = runtime();
    let mut seeds = 1..20;
    let found = seeds.find_map(|seed| {
        let played = play(&runtime, seed, broken);
        (!played.broken.is_empty()).then_some(played.broken)
    });
    let found = found.unwrap_or_default();
    assert!(
        found.iter().any(|what| what.contains(expected)),
        "{found:?}"
    );
}

/// The simulation itself: a database that forgets a commit is found out.
#[test]
fn a_commit_that_was_none_is_found() {
    is_found(Broken::Commits, "is lost (Q-1)");
}

/// The simulation itself: a store that forgets a document is found out.
#[test]
fn a_document_that_was_not_kept_is_found() {
    is_found(Broken::Documents, "does not have its bytes (Q-1)");
}

/// The simulation itself: a mailer that says it sent what it did not is found out.
#[test]
fn a_notice_that_was_not_sent_is_found() {
    is_found(Broken::Mail, "is lost (Q-3)");
}
