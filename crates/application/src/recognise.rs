//! Recognises who asks, by a session's secret or an API token, from the records as they are at that moment: a sign-in that was reset, a
//! token that was revoked, an account that was blocked show at the next request (REG-6, SEC-1, X-2).

use std::net::IpAddr;

use domain::policy::{Actor, Means, Who};
use domain::session::{Session, SessionId, SessionOver};
use time::Duration;

use crate::own_sessions::name_of;
use crate::ports::storage::StorageError;
use crate::throttle::{Throttled, Tried, count_try};
use crate::{Application, Secret};

/// Why nobody was recognised.
#[derive(Debug, thiserror::Error)]
pub enum NotRecognised {
    /// No session, or no token, of that secret.
    #[error("nobody is known by this secret")]
    Unknown,
    /// The session is over.
    #[error(transparent)]
    Over(#[from] SessionOver),
    /// The session is over, but for finishing what it began to upload before (HELP-2).
    #[error("the session only finishes its uploads")]
    FinishingUploads(Box<Recognised>),
    /// The token has expired or was revoked.
    #[error("the token no longer works")]
    TokenOver,
    /// Too many unknown tokens from there.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Who a session belongs to, and the session.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// Who asks.
    pub actor: Actor,
    /// By which session.
    pub session: Session,
    /// How that is named to its person.
    pub session_id: SessionId,
}

/// A use is noted at most this often: more would only cost writes.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// By a session's secret.
///
/// # Errors
/// [`NotRecognised`].
pub async fn recognise_session(
    app: &Application,
    secret: &Secret,
    from: Option<IpAddr>,
) -> Result<Recognised, NotRecognised> {
    let now = app.clock.now();
    let hash = secret.hash();
    let mut session = app
        .sessions
        .find(&hash)
        .await?
        .ok_or(NotRecognised::Unknown)?;
    let usable = session.usable(now, &app.terms);
    if let Err(over) = usable
        && !session.finishes_uploads(now, &app.terms)
    {
        app.sessions.end(&hash).await?;
        return Err(over.into());
    }
    let mut present = app.storage.glance().await?;
    let found = present.sign_ins().with_account(session.sign_in).await?;
    let (sign_in, account) = found.ok_or(NotRecognised::Unknown)?;
    drop(present);
    if now - session.last_used_at >= NOTED_EVERY {
        app.sessions.used(&hash, now).await?;
        session.last_used_at = now;
    }
    let means = Means::SignIn {
        at: session.signed_in_at,
    };
    let actor = match account {
        Some(account) => Actor::account(account, means, from),
        None => Actor {
            who: Who::Stranger(Box::new(sign_in)),
            from,
        },
    };
    let recognised = Recognised {
        actor,
        session,
        session_id: name_of(&hash),
    };
    match usable {
        Ok(()) => Ok(recognised),
        Err(_) => Err(NotRecognised::FinishingUploads(Box::new(recognised))),
    }
}

/// Notes that a session is used, while something that it asked for is still coming in (HELP-2).
///
/// # Errors
/// [`StorageError`].
pub async fn still_used(app: &Application, secret: &Secret) -> Result<(), StorageError> {
    app.sessions.used(&secret.hash(), app.clock.now()).await
}

/// By an API token.
///
/// # Errors
/// [`NotRecognised`].
pub async fn recognise_token(
    app: &Application,
    secret: &Secret,
    from: Option<IpAddr>,
) -> Result<Actor, NotRecognised> {
    let now = app.clock.now();
    let mut records = app.storage.glance().await?;
    let found = records.tokens().by_hash(&secret.hash()).await?;
    drop(records);
    let Some((token, account)) = found else {
        // Whoever tries tokens at random is slowed down; whoever has one is not, wherever they are.
        count_try(app, Tried::Token, from, None).await?;
        return Err(NotRecognised::Unknown);
    };
    if !token.works(now) {
        return Err(NotRecognised::TokenOver);
    }
    if token
        .last_used_at
        .is_none_or(|last| now - last >= NOTED_EVERY)
    {
        app.token_uses.used(token.id, now).await?;
    }
    Ok(Actor::account(
        account,
        Means::Token {
            id: token.id,
            scopes: token.scopes,
        },
        from,
    ))
}
