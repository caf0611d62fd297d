//! Work with a deadline that moves as the work goes on. Knows time alone.

use std::future::poll_fn;
use std::task::{Poll, ready};

use tokio::time::{Instant, sleep_until};

/// Drives `work` until it ends by itself or its deadline has come. The deadline is asked after each step of the work; `None` is no end. One that
/// moves away leaves the timer alone until it goes off, so that steps cost nothing; nothing is woken in between.
pub(crate) async fn until(work: impl Future, deadline: impl Fn() -> Option<Instant>) {
    let timer = sleep_until(deadline().unwrap_or_else(Instant::now));
    tokio::pin!(work, timer);
    poll_fn(|context| {
        if work.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        loop {
            let Some(end) = deadline() else {
                return Poll::Pending;
            };
            if end < timer.deadline() {
                timer.as_mut().reset(end);
            }
            ready!(timer.as_mut().poll(context));
            if end <= Instant::now() {
                return Poll::Ready(());
            }
            timer.as_mut().reset(end);
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Work that never ends, and counts its steps.
    async fn counted(steps: &Cell<u32>) {
        poll_fn(|_| {
            steps.set(steps.get() + 1);
            Poll::<()>::Pending
        })
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_nothing_is_woken_only_at_the_end() {
        let (start, steps) = (Instant::now(), Cell::new(0));
        until(counted(&steps), || Some(start + 60 * SECOND)).await;
        assert_eq!(start.elapsed().as_secs(), 60);
        assert_eq!(steps.get(), 2, "at the beginning and at the end");
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_that_moves_is_kept() {
        for (then, lasts) in [(20, 20), (5, 5), (90, 90)] {
            let (start, seconds) = (Instant::now(), Cell::new(60));
            let work = async {
                sleep_until(start + 4 * SECOND).await;
                seconds.set(then);
                std::future::pending::<()>().await;
            };
            until(work, || Some(start + seconds.get() * SECOND)).await;
            assert_eq!(start.elapsed().as_secs(), lasts);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_deadline_the_work_ends_by_itself() {
        let (start, at_work) = (Instant::now(), Cell::new(false));
        let work = async {
            at_work.set(true);
            sleep_until(start + 500 * SECOND).await;
        };
        let deadline = || (!at_work.get()).then_some(start + SECOND);
        until(work, deadline).await;
        assert_eq!(start.elapsed().as_secs(), 500);
    }
}
