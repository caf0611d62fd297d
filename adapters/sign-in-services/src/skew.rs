//! Clocks differ. How far a service's may be from ours, and no more, for every instant that a token names.

use std::ops::RangeInclusive;

use time::{Duration, OffsetDateTime};

/// The most that a service's clock may be ahead of ours or behind.
pub(crate) const SKEW: Duration = Duration::minutes(5);

/// A proof that was asked for anew is not older than this when it arrives (REG-8).
pub(crate) const JUST_NOW: Duration = Duration::minutes(5);

/// An instant as tokens write it: seconds since 1970, perhaps with a fraction, which is dropped.
pub(crate) fn instant(seconds: f64) -> Option<OffsetDateTime> {
    // Beyond this no calendar of ours reaches, and below it the cast is exact.
    const YEAR_9999: RangeInclusive<f64> = 0.0..=253_402_300_799.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "inside the range, only the fraction is lost"
    )]
    YEAR_9999
        .contains(&seconds)
        .then(|| OffsetDateTime::from_unix_timestamp(seconds as i64).ok())
        .flatten()
}

/// Whether `end` has passed by our clock even if theirs is behind.
pub(crate) fn is_over(end: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - SKEW >= end
}

/// Whether `beginning` is still to come by our clock even if theirs is ahead.
pub(crate) fn is_to_come(beginning: OffsetDateTime, now: OffsetDateTime) -> bool {
    beginning - SKEW > now
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    #[test]
    fn five_minutes_are_tolerated_and_not_a_second_more() {
        let second = Duration::SECOND;
        assert!(!is_over(NOW - SKEW + second, NOW));
        assert!(is_over(NOW - SKEW, NOW));
        assert!(!is_to_come(NOW + SKEW, NOW));
        assert!(is_to_come(NOW + SKEW + second, NOW));
    }

    #[test]
    fn only_instants_of_a_calendar_are_understood() {
        assert_eq!(instant(0.9), Some(OffsetDateTime::UNIX_EPOCH));
        assert_eq!(
            instant(253_402_300_799.0),
            Some(datetime!(9999-12-31 23:59:59 UTC))
        );
        for nonsense in [-1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(instant(nonsense), None);
        }
    }
}
