//! What a database's URL says, told before anything is connected to. The driver repeats a URL that it cannot read in its error, with the
//! password in it; what is refused here never does.

use std::path::PathBuf;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A PostgreSQL server.
    Server,
    /// An SQLite file.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it is made if there is none (`mode=rwc`).
        made_if_missing: bool,
    },
    /// SQLite in memory: gone when the program ends.
    Memory,
}

/// Why a URL leads to no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// It is for another kind of database, or for none.
    #[error("a database's URL begins with postgres:// or with sqlite:")]
    Scheme,
    /// It cannot be read; the reason does not repeat the URL.
    #[error("the database's URL cannot be read: {0}")]
    Unreadable(String),
}

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`AddressRefused`].
    pub fn of(url: &str) -> Result<Self, AddressRefused> {
        let unreadable = |error: sea_orm::sqlx::Error| match error {
            // Without the driver's own introduction: the cause alone says what is wrong.
            sea_orm::sqlx::Error::Configuration(cause) => {
                AddressRefused::Unreadable(cause.to_string())
            }
            other => AddressRefused::Unreadable(other.to_string()),
        };
        if url.starts_with("postgres://") {
            url.parse::<PgConnectOptions>().map_err(unreadable)?;
            Ok(Self::Server)
        } else if let Some(rest) = url.strip_prefix("sqlite:") {
            let options: SqliteConnectOptions = url.parse().map_err(unreadable)?;
            let (_, mode) = rest.split_once('?').unwrap_or_default();
            let says = |wanted: &str| mode.split('&').any(|part| part == wanted);
            if rest.contains(":memory:") || says("mode=memory") {
                return Ok(Self::Memory);
            }
            Ok(Self::File {
                path: options.get_filename().to_owned(),
                made_if_missing: says("mode=rwc"),
            })
        } else {
            Err(AddressRefused::Scheme)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_the_database_is() {
        let file = |path: &str, made_if_missing| {
            Ok(Address::File {
                path: path.into(),
                made_if_missing,
            })
        };
        assert_eq!(
            Address::of("postgres://portal:secret@localhost/mondossier"),
            Ok(Address::Server)
        );
        assert_eq!(
            Address::of("sqlite:///var/lib/records.sqlite?mode=rwc"),
            file("/var/lib/records.sqlite", true)
        );
        assert_eq!(
            Address::of("sqlite:records.sqlite"),
            file("records.sqlite", false)
        );
        assert_eq!(Address::of("sqlite::memory:"), Ok(Address::Memory));
        assert_eq!(
            Address::of("sqlite://x?mode=memory&cache=shared"),
            Ok(Address::Memory)
        );
    }

    /// Whatever is wrong with a URL, nothing of it is repeated: it may hold a password.
    #[tokio::test]
    async fn a_url_that_is_refused_is_not_repeated() {
        for url in [
            "postgres://portal:hunter2@localhost:port/mondossier",
            "postgres://portal:hunter2@[::1/mondossier",
            "postgres://portal:hun/ter2@localhost/mondossier",
            "postgresql://portal:hunter2@localhost/mondossier",
            "mysql://portal:hunter2@localhost/mondossier",
            "sqlite://hunter2?mode=anything",
            "hunter2",
            "",
        ] {
            let refused = Address::of(url).unwrap_err();
            assert!(!refused.to_string().contains("hun"), "{refused}");
            let error = crate::SqlStorage::connect(url, crate::Settings::default())
                .await
                .unwrap_err();
            assert!(!format!("{error:?}").contains("hun"), "{error:?}");
        }
    }
}
