//! what is over by one machine's clock alone is not removed.

use domain::clocks::{AHEAD_AT_MOST, Ahead, agree};
use proptest::prelude::*;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const THEIRS: OffsetDateTime = datetime!(2026-01-05 09:00 UTC);

proptest! {
    /// A clock that is behind, or ahead by no more than a minute, may be believed; one that is further ahead may not.
    #[test]
    fn a_clock_that_is_ahead_is_not_believed(ahead in -400_000_i64..400_000) {
        let by = Duration::seconds(ahead);
        let expected = if ahead > 60 { Err(Ahead { by }) } else { Ok(()) };
        prop_assert_eq!(agree(THEIRS + by, THEIRS), expected);
    }
}

/// To the microsecond.
#[test]
fn a_minute_is_not_too_far() {
    assert_eq!(agree(THEIRS + AHEAD_AT_MOST, THEIRS), Ok(()));
    assert!(agree(THEIRS + AHEAD_AT_MOST + Duration::MICROSECOND, THEIRS).is_err());
}
