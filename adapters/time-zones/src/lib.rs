//! The rules of time zones, from the tz database that is built into the program: the machine's own may be old, or missing. Answers what
//! a clock shows somewhere; what follows from it is for others to say (CASE-2, SUB-6).

use domain::tribunal_time::{LocalTime, ZoneName, Zones};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use time::{Date, OffsetDateTime, UtcOffset};

/// The tz database. The names it knows are the database's own, spelled as there.
#[derive(Debug, Clone)]
pub struct TzDatabase(TimeZoneDatabase);

impl TzDatabase {
    /// The database of this build.
    pub fn new() -> Self {
        Self(TimeZoneDatabase::bundled())
    }

    fn zone(&self, name: &str) -> Option<TimeZone> {
        self.0
            .get(name)
            .ok()
            .filter(|zone| zone.iana_name() == Some(name) && !zone.is_unknown())
    }

    fn local_in(&self, zone: &ZoneName, at: OffsetDateTime) -> Option<LocalTime> {
        let zone = self.zone(zone.as_str())?;
        let second = Timestamp::from_second(at.unix_timestamp()).ok()?;
        let there = zone.to_offset_info(second);
        let offset = UtcOffset::from_whole_seconds(there.offset().seconds()).ok()?;
        Some(LocalTime {
            at: at.checked_to_offset(offset)?,
            abbreviation: there.abbreviation().to_owned(),
        })
    }
}

impl TzDatabase {
    fn first_in(&self, zone: &ZoneName, day: Date) -> Option<OffsetDateTime> {
        let month = i8::try_from(u8::from(day.month())).ok()?;
        let there = jiff::civil::Date::new(
            i16::try_from(day.year()).ok()?,
            month,
            i8::try_from(day.day()).ok()?,
        );
        let midnight = there.ok()?.at(0, 0, 0, 0);
        let first = self.zone(zone.as_str())?.to_timestamp(midnight).ok()?;
        OffsetDateTime::from_unix_timestamp(first.as_second()).ok()
    }
}

impl Default for TzDatabase {
    fn default() -> Self {
        Self::new()
    }
}

impl Zones for TzDatabase {
    fn knows(&self, name: &str) -> bool {
        self.zone(name).is_some()
    }

    /// UTC where there is no other answer: beyond the calendar's ends, and for a zone that another database knew.
    fn local(&self, zone: &ZoneName, at: OffsetDateTime) -> LocalTime {
        self.local_in(zone, at).unwrap_or_else(|| LocalTime {
            at: at.to_offset(UtcOffset::UTC),
            abbreviation: "UTC".to_owned(),
        })
    }

    /// Midnight, or the first instant after it where clocks are put forward over midnight.
    fn first_of(&self, zone: &ZoneName, day: Date) -> OffsetDateTime {
        self.first_in(zone, day)
            .unwrap_or_else(|| day.midnight().assume_utc())
    }
}
