//! Days and local times of the tribunal (CASE-2, SUB-6). Instants are UTC everywhere; this is the one place where a zone matters.
//! The rules of zones come in through [`Zones`], which an adapter fills from the tz database.

use time::{Date, Duration, OffsetDateTime};

/// What the tz database knows. Pure: the same question has the same answer.
pub trait Zones: Send + Sync {
    /// Whether a zone of that name exists.
    fn knows(&self, name: &str) -> bool;

    /// The instant on the wall clock of `zone`, with its offset there and then.
    fn local(&self, zone: &ZoneName, at: OffsetDateTime) -> LocalTime;

    /// The first instant of a day in `zone`.
    fn first_of(&self, zone: &ZoneName, day: Date) -> OffsetDateTime;
}

/// A zone that exists, such as `America/Toronto`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneName(String);

/// No zone of that name is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called {0}")]
pub struct UnknownZone(pub String);

impl ZoneName {
    /// A zone by name.
    ///
    /// # Errors
    /// [`UnknownZone`] when `zones` does not know it.
    pub fn parse(name: &str, zones: &dyn Zones) -> Result<Self, UnknownZone> {
        if zones.knows(name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(UnknownZone(name.to_owned()))
        }
    }

    /// The name in the tz database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as texts have it in their ids: `america-toronto`.
    pub fn code(&self) -> String {
        self.0.to_lowercase().replace(['/', '_'], "-")
    }
}

/// An instant as a wall clock shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    /// The same instant, with the zone's offset.
    pub at: OffsetDateTime,
    /// What the tz database calls the offset there, such as `EDT`.
    pub abbreviation: String,
}

/// A day in the tribunal's own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TribunalDay(pub Date);

impl TribunalDay {
    /// The day `days` later; the last day of the calendar if there is none.
    #[must_use]
    pub fn plus(self, days: u16) -> Self {
        Self(
            self.0
                .checked_add(Duration::days(i64::from(days)))
                .unwrap_or(Date::MAX),
        )
    }
}

/// One instant, and the tribunal's day at that instant: what every decision is made at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant, UTC.
    pub at: OffsetDateTime,
    /// The day that the tribunal's own clock shows at that instant.
    pub today: TribunalDay,
}

impl Moment {
    /// The moment at `at` for a tribunal in `zone`.
    pub fn new(at: OffsetDateTime, zone: &ZoneName, zones: &dyn Zones) -> Self {
        Self {
            at,
            today: TribunalDay(zones.local(zone, at).at.date()),
        }
    }
}
