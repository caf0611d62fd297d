//! A person signs in and out. A sign-in service has said who it is; a session begins under a new random value each time, so that a value
//! planted before is worth nothing (REG-5, RFC 9700).

use domain::audit::AuditEntry;
use domain::policy::{Action, Actor, Who, authorize};
use domain::session::Session;
use domain::sign_in::{SignIn, SignInIdentity};

use crate::ports::records::SecretHash;
use crate::ports::storage::StorageError;
use crate::{Application, Secret, UseCaseError};

/// Begins a session for the person whom a sign-in service named, and ends the one that `before` belongs to.
///
/// # Errors
/// [`StorageError`].
pub async fn sign_in(
    app: &Application,
    identity: &SignInIdentity,
    before: Option<&Secret>,
) -> Result<Secret, StorageError> {
    let sign_in = app.retrying(|| known_or_new(app, identity)).await?;
    if let Some(before) = before {
        app.sessions.end(&before.hash()).await?;
    }
    let secret = Secret::new("", app.random.bytes());
    app.sessions
        .begin(&secret.hash(), &Session::begin(sign_in.id, app.clock.now()))
        .await?;
    Ok(secret)
}

/// The sign-in as it is on record; one seen for the first time is put there, and opens nothing.
async fn known_or_new(
    app: &Application,
    identity: &SignInIdentity,
) -> Result<SignIn, StorageError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    if let Some(known) = tx.sign_ins().by_identity(identity).await? {
        return Ok(known);
    }
    let new = SignIn::first_seen(
        domain::id::Id::new(app.random.uuid(moment.at)),
        identity.clone(),
        moment.at,
    );
    tx.sign_ins_mut()
        .insert(&new)
        .await
        .map_err(|error| match error {
            // Somebody else's browser, or the same person's second one, was first: look again.
            StorageError::Duplicate => StorageError::Contention,
            other => other,
        })?;
    tx.commit(first_seen(&new, &moment, app)).await?;
    Ok(new)
}

/// A stranger may always be seen; the policy says so, and the trail keeps it.
fn first_seen(
    sign_in: &SignIn,
    moment: &domain::tribunal_time::Moment,
    app: &Application,
) -> AuditEntry {
    let actor = Actor {
        who: Who::Stranger(Box::new(sign_in.clone())),
        from: None,
    };
    match authorize(&actor, &Action::SignIn, moment, &app.terms) {
        Ok(permit) => permit.into_audit_entry(),
        Err(refused) => refused.into_audit_entry(),
    }
}

/// Ends one session.
///
/// # Errors
/// [`StorageError`].
pub async fn sign_out(app: &Application, secret: &Secret) -> Result<(), StorageError> {
    app.sessions.end(&secret.hash()).await
}

/// Ends every session of the person whom `secret` belongs to, and says how many there were.
///
/// # Errors
/// [`UseCaseError::NotFound`] when the session is over already.
pub async fn sign_out_everywhere(app: &Application, secret: &Secret) -> Result<u64, UseCaseError> {
    let hash: SecretHash = secret.hash();
    let session = app
        .sessions
        .find(&hash)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    Ok(app.sessions.end_all_of(session.sign_in).await?)
}
