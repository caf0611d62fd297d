//! Slows down whoever tries too often (SEC-1): sign-ins, codes, answers and tokens, per network address and per sign-in. The counts are
//! kept where every process sees them, under keyed hashes, so that no address is on record.

use std::net::IpAddr;

use domain::sign_in::SignInId;
use time::Duration;

use crate::Application;
use crate::ports::keys::Purpose;
use crate::ports::storage::StorageError;
use crate::ports::throttle::Counted;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// To sign in.
    SignIn,
    /// To enter an access code.
    AccessCode,
    /// To answer the secret questions.
    Answers,
    /// An API token that nobody made.
    Token,
}

impl Tried {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::AccessCode => "access-code",
            Self::Answers => "answers",
            Self::Token => "token",
        }
    }
}

/// Why a try is not looked at.
#[derive(Debug, thiserror::Error)]
pub enum Throttled {
    /// There were too many; come back later.
    #[error("too many tries; come back in {} seconds", .retry_after.whole_seconds())]
    TooMany {
        /// In how long.
        retry_after: Duration,
    },
    /// Counts do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Counts a try from a network address, and from a sign-in where there is one.
///
/// # Errors
/// [`Throttled`].
pub async fn count_try(
    app: &Application,
    tried: Tried,
    from: Option<IpAddr>,
    sign_in: Option<SignInId>,
) -> Result<(), Throttled> {
    let address = from.map_or_else(|| "nowhere".to_owned(), |from| network(from).to_string());
    count(app, tried, "address", &address, app.terms.tries_per_address).await?;
    if let Some(sign_in) = sign_in {
        let sign_in = sign_in.to_string();
        count(app, tried, "sign-in", &sign_in, app.terms.tries_per_sign_in).await?;
    }
    Ok(())
}

/// What counts as one network address: a household or office has a whole /64 of IPv6 addresses to try from.
pub fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four @ IpAddr::V4(_) => four,
    }
}

async fn count(
    app: &Application,
    tried: Tried,
    by: &str,
    whom: &str,
    at_most: u32,
) -> Result<(), Throttled> {
    let now = app.clock.now();
    let message = format!("{} {by} {whom}", tried.name());
    let key = app.keys.hash(Purpose::Throttle, message.as_bytes());
    let too_many = |counted: &Counted| Throttled::TooMany {
        retry_after: (counted.ends_at - now).max(Duration::SECOND),
    };
    // Whoever goes on beyond the limit costs a look, and never the writer that submissions wait for.
    let before = app.throttle.counted(&key, now).await?;
    if let Some(counted) = before.filter(|counted| counted.tries >= at_most) {
        return Err(too_many(&counted));
    }
    let counted = app
        .throttle
        .count(&key, now, app.terms.tries_window)
        .await?;
    if counted.tries > at_most {
        return Err(too_many(&counted));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::network;

    /// SEC-1: whoever has many addresses of one network counts as one.
    #[test]
    fn addresses_of_one_network_count_as_one() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6"),
            network("2001:db8:1:2:ffff::1")
        );
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
