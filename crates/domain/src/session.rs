//! A session: a browser that somebody signed in with, its limits, and when its sign-in counts as recent (REG-8, HELP-2).

use time::OffsetDateTime;

use crate::sign_in::SignInId;
use crate::terms::Terms;

/// A session. Known by the hash of a random value that the browser alone holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub sign_in: SignInId,
    /// When.
    pub signed_in_at: OffsetDateTime,
    /// When it was last used.
    pub last_used_at: OffsetDateTime,
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
    /// A session that begins.
    pub const fn begin(
        sign_in: SignInId,
        at: OffsetDateTime,
        service_session: Option<String>,
    ) -> Self {
        Self {
            sign_in,
            signed_in_at: at,
            last_used_at: at,
            service_session,
        }
    }

    /// Whether it can be used at `at`.
    ///
    /// # Errors
    /// Which of the two limits it passed.
    pub fn usable(&self, at: OffsetDateTime, terms: &Terms) -> Result<(), SessionOver> {
        if at >= self.signed_in_at + terms.session_longest {
            Err(SessionOver::TooOld)
        } else if at >= self.last_used_at + terms.session_idle {
            Err(SessionOver::Idle)
        } else {
            Ok(())
        }
    }

    /// The instant from which it can no longer be used, if it is not used again.
    pub fn ends_at(&self, terms: &Terms) -> OffsetDateTime {
        (self.last_used_at + terms.session_idle).min(self.signed_in_at + terms.session_longest)
    }
}
