//! A browser goes to a sign-in service and comes back (REG-3, REG-5, REG-8). What was agreed when it left is kept here under a secret that
//! the browser alone has, and can be used once.

use std::net::IpAddr;

use domain::person::Language;
use time::Duration;

use crate::ports::keys::Purpose;
use crate::ports::sessions::Away;
use crate::ports::sign_in_services::{Answer, SignInServiceError};
use crate::ports::storage::StorageError;
use crate::sign_in::{Vouched, sign_in};
use crate::throttle::{Throttled, Tried, count_try};
use crate::{Application, Secret};

/// Nobody stays away longer: time enough to register with a service on the way. What was kept of them is of no use then.
pub const LONGEST_AWAY: Duration = Duration::minutes(30);

/// Why nobody signed in.
#[derive(Debug, thiserror::Error)]
pub enum ServiceSignInError {
    /// The service, or its answer.
    #[error(transparent)]
    Service(#[from] SignInServiceError),
    /// This browser has not left for any service, or came back before, or was away for too long.
    #[error("this browser is not expected back")]
    NotAway,
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A browser that goes.
#[derive(Debug)]
pub struct Gone {
    /// Where to.
    pub address: String,
    /// What it must have when it comes back.
    pub secret: Secret,
}

/// A browser that came back.
#[derive(Debug)]
pub struct Back {
    /// Its new session's secret.
    pub secret: Secret,
    /// Where it wanted to go.
    pub come_back: String,
    /// The language that was chosen at the service.
    pub language: Option<Language>,
}

/// Sends a browser to a service. `again` asks the person to prove anew who they are (REG-8).
///
/// # Errors
/// [`ServiceSignInError`].
pub async fn leave_for(
    app: &Application,
    service: &str,
    language: Language,
    again: bool,
    come_back: &str,
    from: Option<IpAddr>,
) -> Result<Gone, ServiceSignInError> {
    count_try(app, Tried::SignIn, from, None).await?;
    let departure = app
        .sign_in_services
        .depart(service, language, again, app.clock.now())
        .await?;
    let secret = Secret::new("", app.random.bytes());
    let away = Away {
        service: service.to_owned(),
        kept: departure.kept,
        come_back: come_back.to_owned(),
        left_at: app.clock.now(),
    };
    app.departures.leave(&secret.hash(), &away).await?;
    Ok(Gone {
        address: departure.address,
        secret,
    })
}

/// Lets a browser in that comes back from `service` with `answer`. `before` is the session that it had.
///
/// # Errors
/// [`ServiceSignInError`].
pub async fn come_back_from(
    app: &Application,
    service: &str,
    departure: &Secret,
    answer: &Answer,
    before: Option<&Secret>,
    from: Option<IpAddr>,
) -> Result<Back, ServiceSignInError> {
    let now = app.clock.now();
    let away = app
        .departures
        .take(&departure.hash())
        .await?
        .filter(|away| away.service == service && now < away.left_at + LONGEST_AWAY)
        .ok_or(ServiceSignInError::NotAway)?;
    let arrival = app
        .sign_in_services
        .arrive(service, &away.kept, answer, now)
        .await?;
    let vouched = Vouched {
        identity: arrival.identity,
        email: arrival.email,
        authenticated_at: arrival.authenticated_at,
        service_session: arrival.service_session,
    };
    let secret = sign_in(app, &vouched, before, from).await?;
    Ok(Back {
        secret,
        come_back: away.come_back,
        language: arrival.language,
    })
}

/// Obeys a service that says that somebody's session is over, and says how many sessions ended.
///
/// # Errors
/// [`ServiceSignInError`].
pub async fn end_by_service(
    app: &Application,
    service: &str,
    logout_token: &str,
) -> Result<u64, ServiceSignInError> {
    let now = app.clock.now();
    let over = app
        .sign_in_services
        .told_to_end(service, logout_token, now)
        .await?;
    // The same word a second time ends nothing: sessions that began since are not what it was about.
    let word = format!("logout-token {} {}", over.issuer, over.token_id);
    let key = app.keys.hash(Purpose::Throttle, word.as_bytes());
    if app.throttle.counted(&key, now).await?.is_some() {
        return Ok(0);
    }
    let ended = app.sessions.end_by_service(&over).await?;
    // Only now: a word that could not be obeyed is said again, and has to be heard then.
    let window = (over.void_from - now).max(Duration::MINUTE);
    app.throttle.count(&key, now, window).await?;
    Ok(ended)
}
