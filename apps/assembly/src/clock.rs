//! The system's clock, the only place that reads it, and the demonstration's clock, which one can move forward.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use application::ports::clock::Clock;
use application::ports::demonstration::MovableClock;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock port's real side"
    )]
    fn now(&self) -> OffsetDateTime {
        whole_microseconds(OffsetDateTime::now_utc())
    }
}

/// A clock that stands still: for a job that is run as of an instant.
#[derive(Debug, Clone, Copy)]
pub struct StoppedClock(pub OffsetDateTime);

impl Clock for StoppedClock {
    fn now(&self) -> OffsetDateTime {
        whole_microseconds(self.0.to_offset(time::UtcOffset::UTC))
    }
}

/// The machine's clock, so much later. How much is kept in a file: after a restart it stands where it would have.
#[derive(Debug)]
pub struct ShiftedClock {
    ahead_by_seconds: AtomicI64,
    kept_in: PathBuf,
    moving: Mutex<()>,
}

impl ShiftedClock {
    /// The clock as it stood when the demonstration last ran.
    ///
    /// # Errors
    /// The file cannot be read, or holds no number.
    pub async fn open(kept_in: PathBuf) -> std::io::Result<Self> {
        let ahead = match tokio::fs::read_to_string(&kept_in).await {
            Ok(text) => text.trim().parse().map_err(std::io::Error::other)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self {
            ahead_by_seconds: AtomicI64::new(ahead),
            kept_in,
            moving: Mutex::new(()),
        })
    }

    async fn keep(&self, seconds: i64) -> std::io::Result<()> {
        let half = self.kept_in.with_extension("half");
        tokio::fs::write(&half, format!("{seconds}\n")).await?;
        tokio::fs::rename(&half, &self.kept_in).await
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::seconds(self.ahead_by_seconds.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl MovableClock for ShiftedClock {
    async fn advance(&self, by: Duration) -> Result<OffsetDateTime, StorageError> {
        let _moving = self.moving.lock().await;
        let ahead = self.ahead_by_seconds.load(Ordering::SeqCst) + by.whole_seconds().max(0);
        self.keep(ahead)
            .await
            .map_err(|error| StorageError::Unavailable(Box::new(error)))?;
        self.ahead_by_seconds.store(ahead, Ordering::SeqCst);
        Ok(self.now())
    }
}

/// What storage keeps.
fn whole_microseconds(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(at.microsecond() * 1_000)
        .unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_in_whole_microseconds() {
        assert_eq!(SystemClock.now().nanosecond() % 1_000, 0);
    }

    /// the demonstration's clock goes forward, never back, and stands where it was after a restart.
    #[tokio::test]
    async fn a_shifted_clock_moves_forward_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let kept_in = folder.path().join("clock");
        let clock = ShiftedClock::open(kept_in.clone()).await.unwrap();
        let before = clock.now();
        assert!(clock.advance(Duration::days(50)).await.unwrap() >= before + Duration::days(50));
        let later = clock.now();
        assert!(clock.advance(Duration::days(-50)).await.unwrap() >= later);
        let restarted = ShiftedClock::open(kept_in).await.unwrap();
        assert!(restarted.now() >= later);
    }
}
