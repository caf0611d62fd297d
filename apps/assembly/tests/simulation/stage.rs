//! What everything in a simulation shares: one seed's chance, the time, whose turn it is, and what really happened.
//!
//! Requests and jobs are futures that stop at a [gate](Stage::gate) in each port. One of them runs at a time, from gate to gate, so that
//! chance alone decides in which order things happen, and the same seed gives the same history.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use application::ports::clock::Clock;
use application::ports::storage::StorageError;
use domain::document::DocumentId;
use domain::notice::{Notice, NoticeId};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::chance::Chance;

/// When every history begins.
pub const START: OffsetDateTime = datetime!(2026-01-05 09:00 UTC);

/// Machines: two portals and two workers.
pub const PROCESSES: usize = 4;

/// What is broken on purpose, to see that it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    Nothing,
    /// Commits are answered and, now and then, not done.
    Commits,
    /// Documents are kept and, now and then, not there.
    Documents,
    /// Notices are handed over and, now and then, taken by nobody.
    Mail,
}

/// A worker's hold of a notice.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    pub task: u64,
    pub until: OffsetDateTime,
    pub sent: bool,
}

pub struct State {
    pub chance: Chance,
    pub broken: Broken,
    /// Of a thousand calls of a port, so many fail.
    pub faults: u64,
    /// The true time since the start, in microseconds.
    pub now: i64,
    /// By how much each machine's clock is wrong, in microseconds.
    pub wrong_by: [i64; PROCESSES],
    /// The latest that any clock ever showed.
    pub latest: OffsetDateTime,
    /// Whose turn it is.
    pub running: u64,
    at_gate: bool,
    writer_taken: bool,
    /// Whether something was committed since somebody looked.
    pub committed: bool,
    /// Notices whose transaction committed.
    pub written: BTreeMap<NoticeId, Notice>,
    /// How often the mail server took each.
    pub taken: BTreeMap<NoticeId, u64>,
    pub held: BTreeMap<NoticeId, Hold>,
    /// When each document was last written.
    pub documents: BTreeMap<DocumentId, OffsetDateTime>,
    /// Promises that were broken.
    pub faulty: Vec<String>,
}

pub struct Stage(Mutex<State>);

impl Stage {
    pub fn new(seed: u64, broken: Broken) -> Arc<Self> {
        let mut chance = Chance::new(seed, 0);
        let faults = [0, 10, 40, 120][usize::try_from(chance.below(4)).unwrap()];
        Arc::new(Self(Mutex::new(State {
            chance,
            broken,
            faults,
            now: 0,
            wrong_by: [0; PROCESSES],
            latest: START,
            running: 0,
            at_gate: false,
            writer_taken: false,
            committed: false,
            written: BTreeMap::new(),
            taken: BTreeMap::new(),
            held: BTreeMap::new(),
            documents: BTreeMap::new(),
            faulty: Vec::new(),
        })))
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A number below that one.
    pub fn below(&self, end: u64) -> u64 {
        self.state().chance.below(end)
    }

    /// Whether something happens that happens so often in a thousand times.
    pub fn happens(&self, per_mille: u64) -> bool {
        per_mille > 0 && self.below(1_000) < per_mille
    }

    /// Whether a port fails now.
    pub fn fails(&self) -> bool {
        let faults = self.state().faults;
        self.happens(faults)
    }

    /// Whether what is broken on purpose breaks now.
    pub fn breaks(&self, what: Broken) -> bool {
        let broken = self.state().broken == what;
        broken && self.happens(300)
    }

    /// Fails for a reason that lies outside.
    pub fn may_fail(&self) -> Result<(), StorageError> {
        if self.fails() {
            return Err(StorageError::Unavailable(
                "a fault of the simulation".into(),
            ));
        }
        Ok(())
    }

    pub fn promise_broken(&self, what: String) {
        self.state().faulty.push(what);
    }

    /// Time goes by.
    pub fn advance(&self, microseconds: i64) {
        let mut state = self.state();
        state.now += microseconds;
        let ahead = state.wrong_by.iter().copied().max().unwrap_or_default();
        let shown = START + Duration::microseconds(state.now + ahead);
        state.latest = state.latest.max(shown);
    }

    /// What a machine's clock shows.
    pub fn shown(&self, process: usize) -> OffsetDateTime {
        let state = self.state();
        START + Duration::microseconds(state.now + state.wrong_by[process])
    }

    /// Stops until it is this task's turn again.
    pub const fn gate(&self) -> Gate<'_> {
        Gate {
            stage: self,
            passed: false,
        }
    }

    /// Stops until nobody else writes to the database, which has one writer.
    pub async fn writer(self: &Arc<Self>) -> Writer {
        loop {
            self.gate().await;
            let mut state = self.state();
            if !state.writer_taken {
                state.writer_taken = true;
                return Writer(self.clone());
            }
        }
    }

    /// Begins a turn.
    pub fn begin_turn(&self, task: u64) {
        let mut state = self.state();
        (state.at_gate, state.running) = (false, task);
    }

    /// Whether the turn ended at a gate.
    pub fn is_at_gate(&self) -> bool {
        self.state().at_gate
    }
}

/// Where a task stops.
pub struct Gate<'a> {
    stage: &'a Stage,
    passed: bool,
}

impl Future for Gate<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.passed {
            return Poll::Ready(());
        }
        self.passed = true;
        self.stage.state().at_gate = true;
        Poll::Pending
    }
}

/// The right to write, until it is dropped.
pub struct Writer(Arc<Stage>);

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.state().writer_taken = false;
    }
}

/// One machine's clock.
pub struct MachineClock {
    pub stage: Arc<Stage>,
    pub process: usize,
}

impl Clock for MachineClock {
    fn now(&self) -> OffsetDateTime {
        self.stage.shown(self.process)
    }
}
