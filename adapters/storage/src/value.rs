//! Values as both databases keep them: instants as whole microseconds since 1970, durations likewise, dates as ISO text, digests as bytes, counts as `i64`.

use application::ports::records::SecretHash;
use application::ports::storage::StorageError;
use domain::document::Sha256;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use crate::error::corrupt;

type Stored<T> = Result<T, StorageError>;

/// An instant for the database.
pub(crate) fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// An instant from the database.
pub(crate) fn instant(record: &'static str, micros: i64) -> Stored<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .map_err(|error| corrupt(record, error))
}

/// An instant from the database, where there may be none.
pub(crate) fn maybe_instant(
    record: &'static str,
    micros: Option<i64>,
) -> Stored<Option<OffsetDateTime>> {
    micros.map(|micros| instant(record, micros)).transpose()
}

/// A duration for the database, in whole microseconds.
pub(crate) fn span(duration: Duration) -> i64 {
    i64::try_from(duration.whole_microseconds()).unwrap_or(i64::MAX)
}

/// A date for the database; text in this form sorts as dates do.
pub(crate) fn iso(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

/// A date from the database.
pub(crate) fn date(record: &'static str, text: &str) -> Stored<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| corrupt(record, error))
}

/// A count for the database.
pub(crate) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A digest from the database.
pub(crate) fn sha256(record: &'static str, bytes: &[u8]) -> Stored<Sha256> {
    Ok(Sha256::new(thirty_two(record, bytes)?))
}

/// A secret's hash from the database.
pub(crate) fn secret_hash(record: &'static str, bytes: &[u8]) -> Stored<SecretHash> {
    Ok(SecretHash(thirty_two(record, bytes)?))
}

/// Thirty-two bytes from the database.
pub(crate) fn thirty_two(record: &'static str, bytes: &[u8]) -> Stored<[u8; 32]> {
    bytes
        .try_into()
        .map_err(|_| corrupt(record, "a digest has 32 bytes"))
}
