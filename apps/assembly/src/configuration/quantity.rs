//! Durations and counts, each in its range.

use serde::Deserialize;
use time::Duration;

use super::key::{DoesNotFit, Form, Kind, Setting};

/// Seconds in ten years, the longest that a rule's time limit may be: beyond it, a slip of units is likelier.
pub(super) const TEN_YEARS: i64 = 3_660 * DAY;

/// Seconds in a hundred years, the longest that anything is kept.
pub(super) const HUNDRED_YEARS: i64 = 36_600 * DAY;

const DAY: i64 = 24 * 60 * 60;

/// Units of durations, the longest first, with their seconds.
const UNITS: [(&str, i64); 4] = [("d", DAY), ("h", 60 * 60), ("m", 60), ("s", 1)];

/// A duration of one second up to `MOST`, written as a whole number and its unit: `60d`, `24h`, `15m`, `30s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Span<const MOST: i64>(Duration);

impl<const MOST: i64> Span<MOST> {
    /// The duration.
    pub(super) const fn duration(self) -> Duration {
        self.0
    }

    /// The same, as the standard library has it.
    pub(super) fn unsigned(self) -> std::time::Duration {
        self.0.unsigned_abs()
    }
}

impl<const MOST: i64> TryFrom<String> for Span<MOST> {
    type Error = DoesNotFit;

    fn try_from(text: String) -> Result<Self, DoesNotFit> {
        seconds(text.trim())
            .filter(|seconds| (1..=MOST).contains(seconds))
            .map(|seconds| Self(Duration::seconds(seconds)))
            .ok_or(DoesNotFit)
    }
}

impl<const MOST: i64> Setting for Span<MOST> {
    fn kind() -> Kind {
        let most = spelled(Duration::seconds(MOST));
        Kind::Value(
            Form::of::<Self>(format!(
                "a duration from 1s to {most} (a whole number and s, m, h or d)"
            ))
            .literal(),
        )
    }
}

/// The seconds of a whole number with its unit, if that is what it is.
fn seconds(text: &str) -> Option<i64> {
    let (number, each) = UNITS
        .iter()
        .find_map(|(unit, each)| Some((text.strip_suffix(unit)?, each)))?;
    if !number.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    number.parse::<i64>().ok()?.checked_mul(*each)
}

/// A duration in the longest unit in which it is whole.
pub(super) fn spelled(duration: Duration) -> String {
    let seconds = duration.whole_seconds();
    UNITS
        .iter()
        .find(|(_, each)| seconds % each == 0)
        .map_or_else(
            || format!("{seconds}s"),
            |(unit, each)| format!("{}{unit}", seconds / each),
        )
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub(super) struct Count<const LEAST: u64, const MOST: u64>(u64);

impl<const LEAST: u64, const MOST: u64> Count<LEAST, MOST> {
    /// The number.
    pub(super) const fn get(self) -> u64 {
        self.0
    }

    /// The number in another type, or that type's `most` where it does not reach so far.
    pub(super) fn or_most<As: TryFrom<u64>>(self, most: As) -> As {
        As::try_from(self.0).unwrap_or(most)
    }
}

impl<const LEAST: u64, const MOST: u64> TryFrom<u64> for Count<LEAST, MOST> {
    type Error = DoesNotFit;

    fn try_from(number: u64) -> Result<Self, DoesNotFit> {
        if (LEAST..=MOST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(DoesNotFit)
        }
    }
}

impl<const LEAST: u64, const MOST: u64> Setting for Count<LEAST, MOST> {
    fn kind() -> Kind {
        Kind::Value(Form::of::<Self>(format!(
            "a whole number from {LEAST} to {MOST}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(text: &str) -> Option<Duration> {
        let span = Span::<TEN_YEARS>::try_from(text.to_owned());
        span.ok().map(Span::duration)
    }

    #[test]
    fn a_duration_is_a_whole_number_and_its_unit() {
        assert_eq!(span("60d"), Some(Duration::days(60)));
        assert_eq!(span(" 24h "), Some(Duration::hours(24)));
        assert_eq!(span("15m"), Some(Duration::minutes(15)));
        assert_eq!(span("1s"), Some(Duration::SECOND));
        assert_eq!(span("3660d"), Some(Duration::days(3_660)));
        for text in [
            "",
            "d",
            "60",
            "60 d",
            "60D",
            "6.5d",
            "-60d",
            "+60d",
            "0d",
            "3661d",
            "60j",
            "1d12h",
            "６０d",
            "99999999999999999999s",
            "9223372036854775807d",
            "é",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn a_count_is_in_its_range() {
        assert!(Count::<1, 9>::try_from(1).is_ok() && Count::<1, 9>::try_from(9).is_ok());
        assert!(Count::<1, 9>::try_from(0).is_err() && Count::<1, 9>::try_from(10).is_err());
    }

    proptest! {
        #[test]
        fn a_duration_reads_back_as_it_is_spelled(seconds in 1..=TEN_YEARS) {
            let duration = Duration::seconds(seconds);
            prop_assert_eq!(span(&spelled(duration)), Some(duration));
        }

        #[test]
        fn no_text_makes_a_duration_out_of_range(text in "\\PC*|[0-9]{0,25}[smhd]?") {
            if let Some(duration) = span(&text) {
                prop_assert!((Duration::SECOND..=Duration::days(3_660)).contains(&duration));
            }
        }
    }
}
