//! What clocks show in Toronto, Vancouver and elsewhere.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use domain::tribunal_time::{Moment, TribunalDay, ZoneName, Zones};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use time_zones::TzDatabase;

fn zone(name: &str) -> ZoneName {
    ZoneName::parse(name, &TzDatabase::new()).unwrap()
}

fn shown(name: &str, at: OffsetDateTime) -> (PrimitiveDateTime, String) {
    let local = TzDatabase::new().local(&zone(name), at);
    assert_eq!(local.at, at, "the same instant");
    (
        PrimitiveDateTime::new(local.at.date(), local.at.time()),
        local.abbreviation,
    )
}

fn toronto_day(at: OffsetDateTime) -> Date {
    let TribunalDay(day) = Moment::new(at, &zone("America/Toronto"), &TzDatabase::new()).today;
    day
}

/// SUB-6: the registry's own example.
#[test]
fn one_in_the_morning_eastern_is_the_evening_before_in_vancouver() {
    let received = datetime!(2021-04-02 05:00 UTC);
    assert_eq!(
        shown("America/Toronto", received),
        (datetime!(2021-04-02 01:00), "EDT".to_owned())
    );
    assert_eq!(
        shown("America/Vancouver", received),
        (datetime!(2021-04-01 22:00), "PDT".to_owned())
    );
}

/// SUB-6: receipts say which time it is in words people know.
#[test]
fn winter_has_its_own_abbreviations() {
    let received = datetime!(2021-01-15 17:00 UTC);
    assert_eq!(
        shown("America/Toronto", received),
        (datetime!(2021-01-15 12:00), "EST".to_owned())
    );
    assert_eq!(
        shown("America/Vancouver", received),
        (datetime!(2021-01-15 09:00), "PST".to_owned())
    );
    assert_eq!(
        shown("America/Winnipeg", received),
        (datetime!(2021-01-15 11:00), "CST".to_owned())
    );
}

/// CASE-2: the day changes at midnight in Toronto, in summer and in winter.
#[test]
fn the_day_changes_at_the_tribunals_midnight() {
    assert_eq!(
        toronto_day(datetime!(2026-07-02 03:59:59.999 UTC)),
        date!(2026 - 07 - 01)
    );
    assert_eq!(
        toronto_day(datetime!(2026-07-02 04:00 UTC)),
        date!(2026 - 07 - 02)
    );
    assert_eq!(
        toronto_day(datetime!(2026-01-02 04:59:59.999 UTC)),
        date!(2026 - 01 - 01)
    );
    assert_eq!(
        toronto_day(datetime!(2026-01-02 05:00 UTC)),
        date!(2026 - 01 - 02)
    );
}

/// CASE-2: 45 days across a change of the clocks are 45 midnights, not 45 times 24 hours.
#[test]
fn days_are_counted_by_midnights_across_a_change_of_the_clocks() {
    let decided = TribunalDay(date!(2026 - 02 - 01));
    let gone = decided.plus(45);
    assert_eq!(gone, TribunalDay(date!(2026 - 03 - 18)));
    assert!(toronto_day(datetime!(2026-03-18 03:59:59 UTC)) < gone.0);
    assert_eq!(toronto_day(datetime!(2026-03-18 04:00 UTC)), gone.0);
}

/// CASE-2: in spring two o'clock is skipped, in autumn one o'clock comes twice; both stay the same day.
#[test]
fn the_clocks_change_within_one_day() {
    assert_eq!(
        shown("America/Toronto", datetime!(2026-03-08 06:59:59 UTC)),
        (datetime!(2026-03-08 01:59:59), "EST".to_owned())
    );
    assert_eq!(
        shown("America/Toronto", datetime!(2026-03-08 07:00 UTC)),
        (datetime!(2026-03-08 03:00), "EDT".to_owned())
    );
    assert_eq!(
        shown("America/Toronto", datetime!(2026-11-01 05:30 UTC)),
        (datetime!(2026-11-01 01:30), "EDT".to_owned())
    );
    assert_eq!(
        shown("America/Toronto", datetime!(2026-11-01 06:30 UTC)),
        (datetime!(2026-11-01 01:30), "EST".to_owned())
    );
    assert_eq!(
        toronto_day(datetime!(2026-11-01 03:59 UTC)),
        date!(2026 - 10 - 31)
    );
    assert_eq!(
        toronto_day(datetime!(2026-11-02 04:59 UTC)),
        date!(2026 - 11 - 01)
    );
    assert_eq!(
        toronto_day(datetime!(2026-11-02 05:00 UTC)),
        date!(2026 - 11 - 02)
    );
}

/// Fractions of a second are evidence too.
#[test]
fn fractions_of_a_second_are_kept() {
    let (shown, _) = shown("America/Toronto", datetime!(2026-11-23 12:00:00.123456 UTC));
    assert_eq!(
        shown.time(),
        Time::from_hms_micro(7, 0, 0, 123_456).unwrap()
    );
}

/// An instant given with another offset is still the same instant.
#[test]
fn the_offset_that_an_instant_comes_with_does_not_matter() {
    let (shown, _) = shown("America/Vancouver", datetime!(2021-04-02 01:00 -4));
    assert_eq!(shown, datetime!(2021-04-01 22:00));
}

#[test]
fn only_the_databases_own_names_are_known() {
    let zones = TzDatabase::new();
    for known in [
        "America/Toronto",
        "America/Vancouver",
        "America/Montreal",
        "UTC",
        "Etc/UTC",
    ] {
        assert!(zones.knows(known), "{known}");
    }
    for unknown in [
        "",
        "Toronto",
        "america/toronto",
        "America/Torronto",
        "EDT",
        "Etc/Unknown",
        "../x",
    ] {
        assert!(!zones.knows(unknown), "{unknown}");
        assert!(ZoneName::parse(unknown, &zones).is_err());
    }
}

/// Texts find a zone by its name, whose signs no text's id has.
#[test]
fn a_zones_name_is_written_as_texts_have_it() {
    for (name, code) in [
        ("America/Vancouver", "america-vancouver"),
        ("America/Port-au-Prince", "america-port-au-prince"),
        (
            "America/Argentina/Buenos_Aires",
            "america-argentina-buenos-aires",
        ),
    ] {
        assert_eq!(zone(name).code(), code);
    }
}

#[test]
fn the_ends_of_the_calendar_have_an_answer() {
    for at in [
        PrimitiveDateTime::MIN.assume_utc(),
        PrimitiveDateTime::MAX.assume_utc(),
    ] {
        assert_eq!(TzDatabase::new().local(&zone("America/Toronto"), at).at, at);
        assert_eq!(
            TzDatabase::new().local(&zone("Pacific/Auckland"), at).at,
            at
        );
    }
}

/// A day begins at its own midnight, in winter and in summer, and after the gap where clocks are put forward over midnight.
#[test]
fn a_day_begins_where_it_is() {
    let zones = TzDatabase::new();
    for (zone, day, first) in [
        (
            "America/Toronto",
            date!(2026 - 01 - 15),
            datetime!(2026-01-15 05:00 UTC),
        ),
        (
            "America/Toronto",
            date!(2026 - 07 - 15),
            datetime!(2026-07-15 04:00 UTC),
        ),
        (
            "America/Vancouver",
            date!(2026 - 07 - 15),
            datetime!(2026-07-15 07:00 UTC),
        ),
        (
            "America/Havana",
            date!(2026 - 03 - 08),
            datetime!(2026-03-08 05:00 UTC),
        ),
    ] {
        let zone = ZoneName::parse(zone, &zones).unwrap();
        assert_eq!(
            zones.first_of(&zone, day),
            first,
            "{day} in {}",
            zone.as_str()
        );
    }
}
