//! The long runs that are too long for `test`: the same tests with more rounds, and a line of figures for each promise at the end.

use std::fs;

use crate::failure::Failure;
use crate::postgres::{self, Commits, Postgres};
use crate::workspace::Workspace;
use crate::{install, tool};

/// How long to go on, and with which chance to begin.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Deaths for each promise and database.
    pub rounds: u64,
    /// With which seed chance begins.
    pub seed: Option<u64>,
}

impl Wanted {
    /// What the options ask for; `None` where they mean nothing.
    pub fn parse(options: &[&str]) -> Option<Self> {
        let mut wanted = Self {
            rounds: 200,
            seed: None,
        };
        for option in options.chunks(2) {
            match option {
                ["--rounds", rounds] => wanted.rounds = rounds.parse().ok()?,
                ["--seed", seed] => wanted.seed = Some(seed.parse().ok()?),
                _ => return None,
            }
        }
        Some(wanted)
    }
}

/// Kills the portal and its workers again and again. One test after the other, so that each has the machine to itself.
pub fn run(workspace: &Workspace, wanted: &Wanted) -> Result<(), Failure> {
    install::everything(workspace)?;
    tool::build()?;
    let server = Postgres::start(Commits::Unsynced, [])?;
    let mut tests = tool::cargo(&["test", "--locked", "--workspace", "--test=endurance"]);
    tests.args(["--", "--test-threads=1"]);
    tests.env(postgres::VARIABLE, server.url());
    tests.env("MONDOSSIER_ENDURANCE_ROUNDS", wanted.rounds.to_string());
    if let Some(seed) = wanted.seed {
        tests.env("MONDOSSIER_ENDURANCE_SEED", seed.to_string());
    }
    let figures = workspace.target.join("endurance.jsonl");
    let _ = fs::remove_file(&figures);
    tests.env("MONDOSSIER_ENDURANCE_FIGURES", &figures);
    let outcome = tool::run(&mut tests);
    let lines = fs::read_to_string(&figures).unwrap_or_default();
    tool::say(lines.trim_end());
    outcome
}
