//! A session: a browser that somebody signed in with, its limits, and when its sign-in counts as recent (REG-8, HELP-2).

use time::{Duration, OffsetDateTime};

use crate::id::Id;
use crate::sign_in::SignInId;
use crate::terms::Terms;

/// By what a person and the audit trail name a [`Session`]. Whoever has it can end the session if it is theirs, and nothing else.
pub type SessionId = Id<Session>;

/// How long a session lasts: the shortest that the tribunal's terms were since it began. Whoever makes them longer brings none back that was
/// over by shorter ones; whoever makes them shorter ends those that have lasted so long already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may be unused.
    pub idle: Duration,
    /// How long after the sign-in it ends, however often it is used.
    pub longest: Duration,
}

impl Limits {
    /// By these terms.
    pub const fn by(terms: &Terms) -> Self {
        Self {
            idle: terms.session_idle,
            longest: terms.session_longest,
        }
    }

    /// The shorter of both, of each.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self {
            idle: self.idle.min(others.idle),
            longest: self.longest.min(others.longest),
        }
    }
}

/// A session. Known by the hash of a random value that the browser alone holds. Of the browser itself nothing is kept: no name, no address,
/// nothing by which to know it again (PRIV-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub sign_in: SignInId,
    /// When it began here.
    pub begun_at: OffsetDateTime,
    /// When they signed in, as far as that is a proof of who it is (REG-8).
    pub signed_in_at: OffsetDateTime,
    /// When it was last used.
    pub last_used_at: OffsetDateTime,
    /// How long it lasts, where the present terms do not say shorter. `None` where nobody has written that down yet.
    pub limits: Option<Limits>,
    /// What the sign-in service calls its own session, for the day it says that it is over.
    pub service_session: Option<String>,
}

/// Why a session can no longer be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionOver {
    /// Not used for too long.
    #[error("the session was not used for too long")]
    Idle,
    /// Signed in too long ago.
    #[error("the session has lasted as long as one may")]
    TooOld,
}

impl Session {
    /// A session that begins, and lasts as long as `terms` say.
    pub const fn begin(
        sign_in: SignInId,
        at: OffsetDateTime,
        service_session: Option<String>,
        terms: &Terms,
    ) -> Self {
        Self {
            sign_in,
            begun_at: at,
            signed_in_at: at,
            last_used_at: at,
            limits: Some(Limits::by(terms)),
            service_session,
        }
    }

    /// The same session, held to `limits` from now on, where they are shorter than its own.
    #[must_use]
    pub fn held_to(self, limits: Limits) -> Self {
        Self {
            limits: Some(self.limits.map_or(limits, |own| own.and(limits))),
            ..self
        }
    }

    /// How long it lasts.
    pub fn limits(&self, terms: &Terms) -> Limits {
        let present = Limits::by(terms);
        self.limits.map_or(present, |own| own.and(present))
    }

    /// The same session, of somebody who last proved to their sign-in service at `proved_at` who they are, if the service says so. A
    /// service lets in whoever it still knows, from yesterday or at a computer that was left open: such a sign-in is not recent (REG-8).
    #[must_use]
    pub fn proved(self, proved_at: Option<OffsetDateTime>, terms: &Terms) -> Self {
        let latest = self.signed_in_at;
        // Where every session's sign-in counts as recent, nothing is asked of it.
        let earliest = if terms.recent_sign_in < terms.session_longest {
            latest - terms.recent_sign_in
        } else {
            latest
        };
        Self {
            signed_in_at: proved_at.unwrap_or(earliest).clamp(earliest, latest),
            ..self
        }
    }

    /// Whether it can be used at `at`.
    ///
    /// # Errors
    /// Which of the two limits it passed.
    pub fn usable(&self, at: OffsetDateTime, terms: &Terms) -> Result<(), SessionOver> {
        if at >= self.longest(terms) {
            Err(SessionOver::TooOld)
        } else if at >= self.idle_at(terms) {
            Err(SessionOver::Idle)
        } else {
            Ok(())
        }
    }

    /// Whether anybody can do anything with it at `at`, if only finish their uploads.
    pub fn lasts(&self, at: OffsetDateTime, terms: &Terms) -> bool {
        self.usable(at, terms).is_ok() || self.finishes_uploads(at, terms)
    }

    /// Whether it still lets its person finish, at `at`, what they began to upload before it was too old (HELP-2). It opens nothing else.
    pub fn finishes_uploads(&self, at: OffsetDateTime, terms: &Terms) -> bool {
        at < self.idle_at(terms) && at < self.longest(terms) + terms.upload
    }

    /// The instant at which it ends however often it is used.
    pub fn longest(&self, terms: &Terms) -> OffsetDateTime {
        self.signed_in_at + self.limits(terms).longest
    }

    /// From when it was not used for too long.
    fn idle_at(&self, terms: &Terms) -> OffsetDateTime {
        self.last_used_at + self.limits(terms).idle
    }

    /// How long before its end its person is told; half of how long it may be unused, where the terms say longer (HELP-2).
    pub fn warned_before(&self, terms: &Terms) -> Duration {
        terms.session_warning.min(self.limits(terms).idle / 2)
    }

    /// The instant from which it can no longer be used, if it is not used again.
    pub fn ends_at(&self, terms: &Terms) -> OffsetDateTime {
        self.idle_at(terms).min(self.longest(terms))
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn proved(at: Option<OffsetDateTime>, terms: &Terms) -> Session {
        Session::begin(Id::new(Uuid::nil()), NOW, None, terms).proved(at, terms)
    }

    /// HELP-2: a session that keeps shorter limits than the terms have now is not near its end all the time.
    #[test]
    fn a_session_with_shorter_limits_is_warned_in_its_second_half() {
        let terms = Terms {
            session_idle: Duration::minutes(6),
            ..Terms::default()
        };
        let session = Session::begin(Id::new(Uuid::nil()), NOW, None, &terms);
        let longer = Terms::default();
        assert_eq!(session.ends_at(&longer), NOW + Duration::minutes(6));
        assert_eq!(session.warned_before(&longer), Duration::minutes(3));
        let usual = Session::begin(Id::new(Uuid::nil()), NOW, None, &longer);
        assert_eq!(usual.warned_before(&longer), longer.session_warning);
    }

    /// REG-8: a sign-in is as recent as the proof behind it; who was only still known to the service has not signed in recently.
    #[test]
    fn a_sign_in_is_as_recent_as_its_proof() {
        let terms = Terms::default();
        let minutes = |minutes| NOW - Duration::minutes(minutes);
        let signed_in_at = |at| {
            let session = proved(at, &terms);
            assert_eq!(session.begun_at, NOW, "it begins here and now all the same");
            session.signed_in_at
        };
        assert_eq!(signed_in_at(Some(NOW)), NOW);
        assert_eq!(signed_in_at(Some(minutes(5))), minutes(5));
        for old in [Some(minutes(16)), Some(minutes(100_000)), None] {
            assert_eq!(signed_in_at(old) + terms.recent_sign_in, NOW);
        }
        assert_eq!(signed_in_at(Some(minutes(-5))), NOW, "no proof is of later");
    }

    /// HELP-2: a session that has lasted as long as one may still finishes its uploads, while it is used, and for no longer than an upload.
    #[test]
    fn a_session_that_is_too_old_finishes_its_uploads() {
        let terms = Terms::default();
        let mut session = Session::begin(Id::new(Uuid::nil()), NOW, None, &terms);
        let end = NOW + terms.session_longest;
        session.last_used_at = end - Duration::MINUTE;
        assert_eq!(session.usable(end, &terms), Err(SessionOver::TooOld));
        assert!(session.finishes_uploads(end, &terms));
        let idle = session.last_used_at + terms.session_idle;
        assert!(!session.finishes_uploads(idle, &terms), "left alone");
        assert!(session.lasts(end, &terms) && !session.lasts(idle, &terms));
        session.last_used_at = end + terms.upload - Duration::MINUTE;
        assert!(!session.finishes_uploads(end + terms.upload, &terms));
    }

    /// However long ago the proof is, the session begins, and lasts.
    #[test]
    fn a_session_begins_whatever_the_proof() {
        for recent_sign_in in [Duration::minutes(15), Duration::hours(24)] {
            let terms = Terms {
                recent_sign_in,
                ..Terms::default()
            };
            let session = proved(None, &terms);
            assert_eq!(session.usable(NOW, &terms), Ok(()));
            let idle = NOW + terms.session_idle - Duration::SECOND;
            assert_eq!(session.usable(idle, &terms), Ok(()));
        }
    }
}
