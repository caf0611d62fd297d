//! What a connection is doing, and until when it may: kept by everything that handles its bytes, asked by whoever would close it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::Limits;

/// Where places are scarce, a connection without a request stays open only so long.
const IDLE_WHERE_SCARCE: Duration = Duration::from_secs(1);

/// One connection's doings.
pub(crate) struct Pace {
    limits: Limits,
    /// Whether bytes that come between requests are the beginning of a head; of HTTP/2 they may be anything.
    heads: bool,
    doing: Mutex<Doing>,
    /// Of its answers, where they come one after the other.
    reader: Arc<Reader>,
    /// Told when the last request of HTTP/2 ended, which happens in a task of its own.
    pub(crate) at_rest: Notify,
}

struct Doing {
    /// Requests that are not answered to the end.
    requests: u64,
    /// Since when there is none.
    idle: Instant,
    /// Since when a head has been coming.
    head: Option<Instant>,
    /// Since when the socket takes nothing.
    blocked: Option<Instant>,
}

/// Whoever reads an answer: once a piece of it was given, it is theirs to go on, until they ask for the next.
#[derive(Default)]
pub(crate) struct Reader {
    given: Mutex<Option<Instant>>,
}

impl Reader {
    fn is_given(&self) -> MutexGuard<'_, Option<Instant>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A piece of the answer was given to whoever writes.
    pub(crate) fn given(&self) {
        *self.is_given() = Some(Instant::now());
    }

    /// They ask for the next piece.
    pub(crate) fn asked(&self) {
        *self.is_given() = None;
    }

    /// Since when they have had a piece, and asked for no other.
    pub(crate) fn since(&self) -> Option<Instant> {
        *self.is_given()
    }
}

impl Pace {
    /// Of a new connection, whose first head is due.
    pub(crate) fn new(limits: Limits, heads: bool) -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self {
            limits,
            heads,
            doing: Mutex::new(Doing {
                requests: 0,
                idle: now,
                head: Some(now),
                blocked: None,
            }),
            reader: Arc::default(),
            at_rest: Notify::new(),
        })
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the connection is to be closed if nothing else happens. `None` while the portal itself is at work.
    pub(crate) fn deadline(&self, scarce: bool) -> Option<Instant> {
        let doing = self.doing();
        let head = doing.head.map(|since| since + self.limits.head);
        let idle = if scarce {
            self.limits.idle.min(IDLE_WHERE_SCARCE)
        } else {
            self.limits.idle
        };
        let is_idle = doing.requests == 0 && doing.head.is_none();
        let idle = is_idle.then(|| doing.idle + idle);
        let stuck = doing.blocked.into_iter().chain(self.reader.since()).min();
        let stuck = stuck.map(|since| since + self.limits.pause);
        [head, idle, stuck].into_iter().flatten().min()
    }

    /// Bytes came.
    pub(crate) fn came(&self) {
        let mut doing = self.doing();
        if self.heads && doing.requests == 0 && doing.head.is_none() {
            doing.head = Some(Instant::now());
        }
    }

    /// The socket took bytes, or would not.
    pub(crate) fn wrote(&self, taken: bool) {
        let mut doing = self.doing();
        doing.blocked = match (taken, doing.blocked) {
            (true, _) => None,
            (false, since) => Some(since.unwrap_or_else(Instant::now)),
        };
    }

    /// A head was read; the request is under way until what is returned is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut doing = self.doing();
        doing.requests += 1;
        doing.head = None;
        drop(doing);
        UnderWay { pace: self.clone() }
    }
}

/// A request that is not answered to the end.
pub(crate) struct UnderWay {
    pace: Arc<Pace>,
}

impl UnderWay {
    /// Who reads the answer, where the connection gives one after the other.
    pub(crate) fn reader(&self) -> Arc<Reader> {
        self.pace.reader.clone()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut doing = self.pace.doing();
        doing.requests = doing.requests.saturating_sub(1);
        if doing.requests == 0 {
            doing.idle = Instant::now();
            drop(doing);
            self.pace.reader.asked();
            if !self.pace.heads {
                self.pace.at_rest.notify_one();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_seconds(pace: &Pace, scarce: bool) -> Option<u64> {
        let deadline = pace.deadline(scarce)?;
        Some((deadline - Instant::now()).as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_has_so_long_for_what_it_is_doing() {
        let pace = Pace::new(Limits::default(), true);
        assert_eq!(in_seconds(&pace, false), Some(10), "the first head");
        tokio::time::advance(Duration::from_secs(4)).await;
        pace.came();
        assert_eq!(in_seconds(&pace, false), Some(6), "bytes win no time");
        let request = pace.begin();
        assert_eq!(in_seconds(&pace, false), None, "the portal is at work");
        request.reader().given();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(in_seconds(&pace, false), Some(25), "the reader's turn");
        request.reader().asked();
        assert_eq!(in_seconds(&pace, false), None);
        pace.wrote(false);
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.wrote(false);
        assert_eq!(in_seconds(&pace, false), Some(25), "the socket is full");
        pace.wrote(true);
        drop(request);
        assert_eq!(in_seconds(&pace, false), Some(60), "idle");
        assert_eq!(in_seconds(&pace, true), Some(1), "idle, and places scarce");
        pace.came();
        assert_eq!(in_seconds(&pace, false), Some(10), "the next head");
    }

    #[tokio::test(start_paused = true)]
    async fn between_requests_of_http2_no_bytes_win_time() {
        let pace = Pace::new(Limits::default(), false);
        drop(pace.begin());
        tokio::time::advance(Duration::from_secs(50)).await;
        pace.came();
        assert_eq!(in_seconds(&pace, false), Some(10));
    }
}
