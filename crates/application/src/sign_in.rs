//! A person signs in and out. A sign-in service has said who it is; a session begins under a new random value each time, so that a value
//! planted before is worth nothing (REG-5, RFC 9700).

use std::net::IpAddr;

use domain::audit::SubjectKind;
use domain::id::Id;
use domain::person::{EmailAddress, Language};
use domain::policy::{Action, Actor, Means, Who, authorize};
use domain::session::Session;
use domain::sign_in::{SignIn, SignInId, SignInIdentity};
use time::OffsetDateTime;

use crate::ports::storage::{StorageError, Transaction};
use crate::{Application, Secret};

/// What a sign-in service says of a person.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// Who it is.
    pub identity: SignInIdentity,
    /// Their e-mail address, if the service vouches for one.
    pub email: Option<EmailAddress>,
    /// When the person last proved to the service who they are, if it says so.
    pub authenticated_at: Option<OffsetDateTime>,
    /// What the service calls its own session.
    pub service_session: Option<String>,
}

/// Begins a session for the person whom a sign-in service named, and ends the one that `before` belongs to.
///
/// # Errors
/// [`StorageError`].
pub async fn sign_in(
    app: &Application,
    vouched: &Vouched,
    before: Option<&Secret>,
    from: Option<IpAddr>,
) -> Result<Secret, StorageError> {
    let sign_in = app.retrying(|| known_or_new(app, vouched, from)).await?;
    let service_session = vouched.service_session.clone();
    let session = Session::begin(sign_in.id, app.clock.now(), service_session, &app.terms)
        .proved(vouched.authenticated_at, &app.terms);
    instead_of(app, before, &session).await
}

/// Begins `session` under a new secret, in the place of the one that `before` belongs to.
async fn instead_of(
    app: &Application,
    before: Option<&Secret>,
    session: &Session,
) -> Result<Secret, StorageError> {
    if let Some(before) = before {
        app.sessions.end(&before.hash()).await?;
    }
    let secret = Secret::new("", app.random.bytes());
    app.sessions.begin(&secret.hash(), session).await?;
    Ok(secret)
}

/// Ends every session of `sign_in`, in the transaction in which it comes to open another account: they were worth little, and would open it
/// in whatever browser they are (REG-3). Gives the one that `asks`, which [`goes_on`] under a new value once that is committed.
pub(crate) async fn end_all(
    tx: &mut dyn Transaction,
    sign_in: SignInId,
    asks: Option<&Secret>,
) -> Result<Option<Session>, StorageError> {
    let asks = asks.map(Secret::hash);
    let mut asking = None;
    for (hash, session) in tx.sessions().of_sign_in(sign_in).await? {
        tx.sessions_mut().end(&hash).await?;
        if asks.as_ref() == Some(&hash) {
            asking = Some(session);
        }
    }
    Ok(asking)
}

/// Begins the session again that asked, under a new value. If this does not come to pass, the person signs in once more.
pub(crate) async fn goes_on(
    app: &Application,
    asked: Option<Session>,
) -> Result<Option<Secret>, StorageError> {
    let Some(session) = asked else {
        return Ok(None);
    };
    let again = Session {
        last_used_at: app.clock.now(),
        ..session
    };
    instead_of(app, None, &again).await.map(Some)
}

/// The sign-in as it is on record; one seen for the first time is put there, and opens nothing. Either way the trail keeps that somebody
/// signed in, also when the door stays shut for them.
async fn known_or_new(
    app: &Application,
    vouched: &Vouched,
    from: Option<IpAddr>,
) -> Result<SignIn, StorageError> {
    let identity = &vouched.identity;
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let known = tx.sign_ins().by_identity(identity).await?;
    let sign_in = if let Some(known) = known {
        let known = SignIn {
            email: vouched.email.clone().or(known.email.clone()),
            ..known
        };
        tx.sign_ins_mut().update(&known).await?;
        known
    } else {
        let id = Id::new(app.random.uuid(moment.at));
        let new = SignIn {
            email: vouched.email.clone(),
            ..SignIn::first_seen(id, identity.clone(), moment.at)
        };
        // Somebody else's browser, or the same person's second one, may have been first.
        let inserted = tx.sign_ins_mut().insert(&new).await;
        inserted.map_err(StorageError::overtaken)?;
        new
    };
    let account = match sign_in.account() {
        Some(account) => tx.accounts().by_id(account).await?,
        None => None,
    };
    let actor = match account {
        Some(account) => Actor::account(account, Means::SignIn { at: moment.at }, from),
        None => Actor {
            who: Who::Stranger(Box::new(sign_in.clone())),
            from,
        },
    };
    let entry = match authorize(&actor, &Action::SignIn, &moment, &app.terms) {
        Ok(permit) => permit.into_audit_entry(),
        Err(refused) => refused.into_audit_entry(),
    };
    tx.commit(entry.about(SubjectKind::SignIn, sign_in.id.uuid()))
        .await?;
    Ok(sign_in)
}

/// Ends one session. Gives the address at which the person can end the one with their sign-in service too, if it has such a place.
///
/// # Errors
/// [`StorageError`].
pub async fn sign_out(
    app: &Application,
    secret: &Secret,
    language: Language,
) -> Result<Option<String>, StorageError> {
    let hash = secret.hash();
    let session = app.sessions.find(&hash).await?;
    app.sessions.end(&hash).await?;
    let Some(session) = session else {
        return Ok(None);
    };
    let sign_in = app
        .storage
        .read()
        .await?
        .sign_ins()
        .by_id(session.sign_in)
        .await?;
    Ok(match sign_in {
        Some(sign_in) => {
            let issuer = &sign_in.identity.issuer;
            app.sign_in_services.farewell(issuer, language).await
        }
        None => None,
    })
}
