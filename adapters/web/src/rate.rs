//! How many requests one person may send in a minute, whatever they come by; whoever is not recognised counts by network address. Each process
//! counts for itself, so a limit on many machines is as many times as large.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use application::throttle::network;
use domain::policy::{Actor, Who};
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

/// After so many requests those who stayed away long enough are forgotten.
const FORGOTTEN_EVERY: u32 = 10_000;

/// Who sends requests.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Sender {
    /// An account, or a sign-in without one.
    Known(Uuid),
    /// Somebody from there.
    From(Option<IpAddr>),
}

impl Sender {
    fn of(actor: Option<&Actor>, from: Option<IpAddr>) -> Self {
        match actor.map(|actor| &actor.who) {
            Some(Who::Account(caller)) => Self::Known(caller.account.id.uuid()),
            Some(Who::Stranger(sign_in)) => Self::Known(sign_in.id.uuid()),
            Some(Who::Job(_) | Who::Operator) | None => Self::From(from.map(network)),
        }
    }
}

type Limiter =
    RateLimiter<Sender, HashMapStateStore<Sender>, MonotonicClock, NoOpMiddleware<Instant>>;

/// When, as the limiter's clock tells.
type Instant = <MonotonicClock as Clock>::Instant;

struct Counts {
    limiter: Limiter,
    counted: AtomicU32,
}

/// How many requests may come from each sender; any number by default.
#[derive(Clone, Default)]
pub struct Rate(Option<Arc<Counts>>);

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "limited" } else { "any" })
    }
}

impl Rate {
    /// So many in a minute: all of them at once, and then one after another.
    pub fn per_minute(most: NonZeroU32) -> Self {
        let limiter = RateLimiter::new(
            Quota::per_minute(most),
            HashMapStateStore::default(),
            MonotonicClock,
        );
        Self(Some(Arc::new(Counts {
            limiter,
            counted: AtomicU32::new(0),
        })))
    }

    /// Counts a request. If there were too many, the next can come in the time that is returned.
    pub(crate) fn count(
        &self,
        actor: Option<&Actor>,
        from: Option<IpAddr>,
    ) -> Result<(), Duration> {
        let Some(counts) = &self.0 else {
            return Ok(());
        };
        if counts.counted.fetch_add(1, Ordering::Relaxed) % FORGOTTEN_EVERY == FORGOTTEN_EVERY - 1 {
            counts.limiter.retain_recent();
            counts.limiter.shrink_to_fit();
        }
        let now = MonotonicClock.now();
        let checked = counts.limiter.check_key(&Sender::of(actor, from));
        checked.map_err(|early| early.wait_time_from(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Of those who have stayed away for long enough nothing is kept; the others are still counted.
    #[test]
    fn whoever_stays_away_is_forgotten() {
        let rate = Rate::per_minute(NonZeroU32::MAX);
        let last = FORGOTTEN_EVERY - 1;
        for number in 0..=last {
            let address = IpAddr::from(number.to_be_bytes());
            assert_eq!(rate.count(None, Some(address)), Ok(()));
        }
        let counts = rate.0.as_ref().unwrap();
        assert!(counts.limiter.len() < 100, "{}", counts.limiter.len());
    }

    /// Whoever has many addresses of one network counts as one, and nobody stands in for another.
    #[test]
    fn each_network_counts_for_itself() {
        let rate = Rate::per_minute(NonZeroU32::MIN);
        assert_eq!(rate.count(None, Some(from("2001:db8:1:2::1"))), Ok(()));
        let wait = rate
            .count(None, Some(from("2001:db8:1:2::ffff")))
            .unwrap_err();
        assert!(wait > Duration::from_secs(50), "{wait:?}");
        assert_eq!(rate.count(None, Some(from("2001:db8:1:3::1"))), Ok(()));
        assert_eq!(rate.count(None, None), Ok(()));
        assert!(rate.count(None, None).is_err());
    }

    /// Where nothing is set everybody goes on.
    #[test]
    fn without_a_limit_there_is_none() {
        for _ in 0..1_000 {
            assert_eq!(Rate::default().count(None, Some(from("192.0.2.1"))), Ok(()));
        }
    }
}
