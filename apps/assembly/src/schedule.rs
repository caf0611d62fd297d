//! Keeps the jobs running, each in a task of its own and at its own pace: one that takes long, fails or panics holds up no other. Knows of the
//! jobs no more than their names and their paces.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::Application;
use application::ports::storage::StorageError;
use domain::policy::Job;
use futures_util::FutureExt;
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::jobs::{self, End, JOBS, Pass};
use crate::metrics::Metrics;

/// Jobs that are so far apart ask when they last ran, in whichever process; the others just run.
const SELDOM: Duration = Duration::from_mins(1);
/// Jobs that are so far apart are the long ones: none begins with a process, which may be one that keeps dying, and no two together.
const LONG: Duration = Duration::from_hours(1);
/// After a start, so long from the first of the long jobs to the next.
const BETWEEN_LONG: Duration = Duration::from_mins(1);
/// One that failed is tried again after so long at most.
const AGAIN: Duration = Duration::from_mins(10);
/// What is under way at the end may take so long: less than the service manager waits (`TimeoutStopSec` in `packaging`).
const DRAIN: Duration = Duration::from_secs(30);

/// Keeps every job running until `told_to_stop`; then each comes to a halt after the part that is under way, and this returns. Dropped before,
/// it ends them all where they are, which loses nothing that is done.
pub async fn schedule(
    app: Application,
    metrics: Arc<Metrics>,
    told_to_stop: impl Future<Output = ()>,
) {
    let mut running = JoinSet::new();
    for (turn, first) in turns() {
        running.spawn(turn.again_and_again(app.clone(), metrics.clone(), first));
    }
    told_to_stop.await;
    app.halt.call();
    let all = async { while running.join_next().await.is_some() {} };
    if timeout(DRAIN, all).await.is_err() {
        tracing::warn!(
            jobs = running.len(),
            "jobs are cut off; the next pass of each goes on"
        );
    }
}

/// Every job, with how long after the start it begins.
fn turns() -> impl Iterator<Item = (Turn, Duration)> {
    let mut of_long = Duration::ZERO;
    JOBS.into_iter().map(move |(job, _, every)| {
        let first = if every < LONG {
            Duration::ZERO
        } else {
            of_long += BETWEEN_LONG;
            of_long
        };
        (Turn { job, every }, first)
    })
}

/// A job, and its pace.
#[derive(Debug, Clone, Copy)]
struct Turn {
    job: Job,
    every: Duration,
}

impl Turn {
    async fn again_and_again(self, app: Application, metrics: Arc<Metrics>, first: Duration) {
        let mut pause = first;
        while timeout(pause, app.halt.called()).await.is_err() {
            pause = match self.due_in(&app).await {
                Ok(later) if !later.is_zero() => later,
                Ok(_) => self.pass(&app, &metrics).await,
                Err(error) => {
                    self.tell_of(&error);
                    self.after_a_failure()
                }
            };
        }
    }

    /// How long it is until the next pass.
    async fn due_in(self, app: &Application) -> Result<Duration, StorageError> {
        if self.every < SELDOM {
            return Ok(Duration::ZERO);
        }
        let last = app.job_runs.last().await?;
        let ran_at = last.get(self.job.name()).copied();
        Ok(due_in(self.every, ran_at, app.clock.now()))
    }

    /// One pass; says how long to wait for the next.
    async fn pass(self, app: &Application, metrics: &Metrics) -> Duration {
        let start = Instant::now();
        let ran = AssertUnwindSafe(jobs::run(app, self.job))
            .catch_unwind()
            .await;
        let undone =
            |pass: &Option<Pass>| pass.as_ref().is_some_and(|pass| pass.end == End::Undone);
        let worked = matches!(&ran, Ok(Ok(pass)) if !undone(pass));
        metrics.job_ran(self.job, start.elapsed(), worked);
        match ran {
            Ok(Ok(_)) if worked => return self.every,
            Ok(Ok(_)) => {
                tracing::error!(job = self.job.name(), "a job left some of its work undone");
            }
            Ok(Err(error)) => self.tell_of(&error),
            // Where it was, the hook has told.
            Err(_) => tracing::error!(job = self.job.name(), "a job panicked"),
        }
        self.after_a_failure()
    }

    fn after_a_failure(self) -> Duration {
        self.every.min(AGAIN)
    }

    fn tell_of(self, error: &(dyn std::error::Error + 'static)) {
        tracing::error!(job = self.job.name(), error, "a job failed");
    }
}

/// How long it is until a job is due that last ran then. A run of later than now was as of an instant that somebody named, and says nothing.
fn due_in(every: Duration, ran_at: Option<OffsetDateTime>, now: OffsetDateTime) -> Duration {
    let ago = ran_at.and_then(|at| Duration::try_from(now - at).ok());
    ago.map_or(Duration::ZERO, |ago| every.saturating_sub(ago))
}

#[cfg(test)]
mod tests {
    use contract::samples::NOW;

    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    /// A process that starts again and again does not run a daily job each time, and one that starts late runs it at once.
    #[test]
    fn a_job_is_due_by_when_it_last_ran() {
        let hours = time::Duration::hours;
        for (ran, expected) in [
            (None, Duration::ZERO),
            (Some(NOW), DAY),
            (Some(NOW - hours(23)), Duration::from_hours(1)),
            (Some(NOW - hours(24)), Duration::ZERO),
            (Some(NOW - hours(80)), Duration::ZERO),
            (Some(NOW + hours(80)), Duration::ZERO),
        ] {
            assert_eq!(due_in(DAY, ran, NOW), expected, "{ran:?}");
        }
    }

    /// None of the long jobs begins with the process, and no two begin together.
    #[test]
    fn long_jobs_begin_one_after_the_other() {
        let mut long: Vec<Duration> = turns()
            .filter(|(turn, _)| turn.every >= LONG)
            .map(|(_, first)| first)
            .collect();
        let all = long.len();
        assert!(all > 1 && !long.contains(&Duration::ZERO), "{long:?}");
        long.dedup();
        assert_eq!(long.len(), all, "{long:?}");
    }
}
