//! Whether a database server lets the portal in. A pool that waits for a server says at last that it has waited, and not what for; here it is
//! said where the server should be and why nobody gets in.

use std::io::ErrorKind;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions, Connection, Error};
use tokio::time::{sleep, timeout};

use crate::address::{Address, AddressRefused};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why nobody gets in. Says where, and never with which password.
#[derive(Debug, thiserror::Error)]
pub enum Unreached {
    /// The URL leads to no database.
    #[error(transparent)]
    Address(#[from] AddressRefused),
    /// Nothing answers there.
    #[error("the database at {place} cannot be reached")]
    Away {
        /// Host and port, or a socket.
        place: String,
        /// What the system says.
        #[source]
        cause: Cause,
    },
    /// It answers, and does not let this user in, or has no such database.
    #[error("the database at {place} lets nobody in")]
    Refused {
        /// Host and port, or a socket.
        place: String,
        /// What it says itself.
        #[source]
        cause: Cause,
    },
}

/// How long to wait before knocking once more, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Connects once to a server, and waits for one that only starts: for as long as a connection is waited for. A file is opened by whoever uses
/// it, and nothing is asked of it here.
///
/// # Errors
/// [`Unreached`].
pub async fn reach(url: &str, wait: Duration) -> Result<(), Unreached> {
    if Address::of(url)? != Address::Server {
        return Ok(());
    }
    let options: PgConnectOptions = url.parse().map_err(|_| AddressRefused::Scheme)?;
    let place = place(&options);
    let mut last: Option<Error> = None;
    let knocking = async {
        let (mut pause, longest) = PAUSES;
        loop {
            match options.connect().await {
                Ok(connection) => {
                    // It was reached, whatever becomes of the farewell.
                    let _ = connection.close().await;
                    return Ok(());
                }
                Err(error) if may_come(&error) => last = Some(error),
                Err(error) => return Err(error),
            }
            stand_by(pause).await;
            pause = (pause * 2).min(longest);
        }
    };
    let error = match timeout(wait, knocking).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Some(error),
        Err(_) => last,
    };
    Err(match error {
        None => Unreached::Away {
            place,
            cause: format!("it did not answer within {wait:?}").into(),
        },
        Some(Error::Io(cause)) => Unreached::Away {
            place,
            cause: cause.into(),
        },
        Some(Error::Database(cause)) => Unreached::Refused {
            place,
            cause: cause.message().into(),
        },
        Some(other) => Unreached::Refused {
            place,
            cause: other.into(),
        },
    })
}

/// Waits before knocking once more.
#[expect(
    clippy::disallowed_methods,
    reason = "a server that starts does not say when it has: it is asked again"
)]
async fn stand_by(pause: Duration) {
    sleep(pause).await;
}

/// Whether the server, its socket, or whoever knows its name may be about to start.
fn may_come(error: &Error) -> bool {
    match error {
        Error::Io(cause) => cause.kind() != ErrorKind::PermissionDenied,
        Error::Database(cause) => cause.is_transient_in_connect_phase(),
        _ => false,
    }
}

/// Where the server should be.
fn place(options: &PgConnectOptions) -> String {
    let (host, port) = (options.get_host(), options.get_port());
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        None => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use tokio::net::TcpListener;

    use super::*;

    async fn told(port: u16, wait: Duration) -> (String, String) {
        let url = format!("postgres://portal:hunter2@127.0.0.1:{port}/records");
        let unreached = reach(&url, wait).await.unwrap_err();
        let cause = unreached.source().unwrap().to_string();
        assert!(!format!("{unreached:?} {unreached} {cause}").contains("hunter2"));
        (unreached.to_string(), cause)
    }

    /// where nothing listens, and where nothing answers, it is said where that is and why.
    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_with_its_place_and_cause() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let place = format!("the database at 127.0.0.1:{port} cannot be reached");
        let (what, why) = told(port, Duration::from_secs(1)).await;
        assert_eq!(what, place);
        assert_eq!(why, "it did not answer within 1s");
        drop(listener);
        let (what, why) = told(port, Duration::from_millis(200)).await;
        assert_eq!(what, place);
        assert!(why.contains("refused"), "{why}");
    }

    /// A server that only starts is waited for.
    #[tokio::test]
    async fn a_server_that_starts_is_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let asked =
            tokio::spawn(async move { told(address.port(), Duration::from_secs(10)).await });
        stand_by(Duration::from_millis(100)).await;
        let listener = TcpListener::bind(address).await.unwrap();
        // It is knocked at once more. Who only hangs up is not there either.
        drop(listener.accept().await.unwrap());
        let (what, _) = asked.await.unwrap();
        assert!(what.contains(&address.to_string()), "{what}");
    }

    /// An SQLite file is nobody's server.
    #[tokio::test]
    async fn a_file_is_not_asked() {
        let wait = Duration::from_millis(1);
        assert!(
            reach("sqlite:///nowhere/records.sqlite", wait)
                .await
                .is_ok()
        );
        assert!(
            reach("mysql://portal@localhost/records", wait)
                .await
                .is_err()
        );
    }
}
