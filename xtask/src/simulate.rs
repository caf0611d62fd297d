//! Plays seeded histories of faults, many or one, in release mode; the last line is what was in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::tool;
use crate::workspace::Workspace;

/// The tests that share the seeds, each of which leaves its figures.
const PARTS: u64 = 4;

/// What to play.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The seeds from 1 to that one.
    Seeds(u64),
    /// One seed, again.
    Seed(u64),
}

impl Wanted {
    /// What the options ask for; `None` where they mean nothing.
    pub fn parse(options: &[&str]) -> Option<Self> {
        match options {
            [] => Some(Self::Seeds(10_000)),
            ["--seeds", seeds] => Some(Self::Seeds(seeds.parse().ok()?)),
            ["--seed", seed] => Some(Self::Seed(seed.parse().ok()?)),
            _ => None,
        }
    }
}

/// Plays; fails at the first broken promise of each part, and says which seed it was.
pub fn run(workspace: &Workspace, wanted: &Wanted) -> Result<(), Failure> {
    let mut tests = tool::cargo(&["test", "--release", "--locked"]);
    // It plays for a quarter of an hour: as long again for linking would gain it nothing.
    for quick in ["lto=\"off\"", "codegen-units=16"] {
        tests.args(["--config", &format!("profile.release.{quick}")]);
    }
    tests.args(["--package=assembly", "--test=simulation", "--", "part_of"]);
    match wanted {
        Wanted::Seeds(seeds) => tests.env("MONDOSSIER_SIMULATION_SEEDS", seeds.to_string()),
        Wanted::Seed(seed) => tests.env("MONDOSSIER_SIMULATION_SEED", seed.to_string()),
    };
    let figures = workspace.target.join("simulation");
    let parts: Vec<PathBuf> = (0..PARTS)
        .map(|part| figures.with_extension(part.to_string()))
        .collect();
    for part in &parts {
        let _ = fs::remove_file(part);
    }
    tests.env("MONDOSSIER_SIMULATION_FIGURES", &figures);
    let outcome = tool::run(&mut tests);
    tool::say(&sum(&parts).to_string());
    outcome
}

/// The figures of all parts together.
fn sum(parts: &[PathBuf]) -> Value {
    let mut sum: BTreeMap<String, u64> = BTreeMap::new();
    for part in parts {
        let text = fs::read_to_string(part).unwrap_or_default();
        let figures: BTreeMap<String, u64> = serde_json::from_str(&text).unwrap_or_default();
        for (name, figure) in figures {
            *sum.entry(name).or_default() += figure;
        }
    }
    json!({ "name": "Q-8, Q-11", "figures": sum })
}
