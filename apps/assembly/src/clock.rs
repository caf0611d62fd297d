//! The system's clock, the only place that reads it, and the demonstration's clock, which one can move forward.

use std::sync::atomic::{AtomicI64, Ordering};

use application::ports::clock::Clock;
use application::ports::demonstration::MovableClock;
use time::{Duration, OffsetDateTime};

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

/// The machine's clock, so much later.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    ahead_by_seconds: AtomicI64,
}

impl ShiftedClock {
    /// A clock that is ahead already, as it was when the demonstration last ran.
    pub const fn ahead_by(seconds: i64) -> Self {
        Self {
            ahead_by_seconds: AtomicI64::new(seconds),
        }
    }

    /// How far it is ahead, to keep for the next run.
    pub fn seconds_ahead(&self) -> i64 {
        self.ahead_by_seconds.load(Ordering::SeqCst)
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::seconds(self.seconds_ahead())
    }
}

impl MovableClock for ShiftedClock {
    fn advance(&self, by: Duration) -> OffsetDateTime {
        self.ahead_by_seconds
            .fetch_add(by.whole_seconds().max(0), Ordering::SeqCst);
        self.now()
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

    /// the demonstration's clock goes forward and never back.
    #[test]
    fn a_shifted_clock_moves_forward_only() {
        let clock = ShiftedClock::default();
        let before = clock.now();
        assert!(clock.advance(Duration::days(50)) >= before + Duration::days(50));
        let later = clock.now();
        assert!(clock.advance(Duration::days(-50)) >= later);
    }
}
