//! One's own sessions, in this browser and in others: see them, end one, all others, or all (OWASP ASVS 5.0, 7.5.2). They end in the
//! transaction that keeps the audit entry, and no process finds them from then on.

use std::cmp::Reverse;

use domain::audit::SubjectKind;
use domain::id::Id;
use domain::policy::{Action, Actor, OwnWork, Who, authorize};
use domain::session::SessionId;
use domain::sign_in::SignIn;
use domain::tribunal::Bilingual;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::ports::records::SecretHash;
use crate::ports::storage::{Snapshot, StorageError};
use crate::{Application, UseCaseError};

/// A session, as its person sees it. Nothing else is known of the browser that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// By which it can be ended.
    pub id: SessionId,
    /// Since when.
    pub begun_at: OffsetDateTime,
    /// When it was last used, give or take a minute.
    pub last_used_at: OffsetDateTime,
    /// The sign-in service that vouched for it, if one is configured that can be told from the others.
    pub service: Option<Bilingual>,
    /// Whether it is the one by which it is asked.
    pub is_this_one: bool,
}

/// Why a session did not end.
#[derive(Debug, thiserror::Error)]
pub enum EndSessionError {
    /// It is over, or is not theirs.
    #[error("there is no such session of theirs")]
    NoSuchSession,
    /// The policy said no, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
}

/// Lists the sessions by which somebody can still do something: the one `by` which it is asked, then the others, the last used first.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for tokens.
pub async fn list_sessions(
    app: &Application,
    actor: &Actor,
    by: Option<SessionId>,
) -> Result<Vec<OwnSession>, UseCaseError> {
    let moment = app.moment();
    let action = Action::Own(OwnWork::SeeSessions);
    authorize(actor, &action, &moment, &app.terms)?;
    let mut records = app.storage.read().await?;
    let mut sessions = Vec::new();
    for sign_in in own_sign_ins(&mut *records, actor).await? {
        let service = app.sign_in_services.name_of(&sign_in.identity.issuer);
        for (hash, session) in records.sessions().of_sign_in(sign_in.id).await? {
            let id = name_of(&hash);
            if session.lasts(moment.at, &app.terms) {
                sessions.push(OwnSession {
                    id,
                    begun_at: session.begun_at,
                    last_used_at: session.last_used_at,
                    service: service.clone(),
                    is_this_one: by == Some(id),
                });
            }
        }
    }
    sessions.sort_by_key(|session| (!session.is_this_one, Reverse(session.last_used_at)));
    Ok(sessions)
}

/// Ends one.
///
/// # Errors
/// [`EndSessionError`]; the policy says no to tokens, and where the sign-in is not recent (REG-8).
pub async fn end_session(
    app: &Application,
    actor: &Actor,
    session: SessionId,
) -> Result<(), EndSessionError> {
    match end_those(app, actor, Ending::One(session)).await? {
        0 => Err(EndSessionError::NoSuchSession),
        _ => Ok(()),
    }
}

/// Ends all but the one `by` which it is asked, and says how many there were.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for tokens, and where the sign-in is not recent (REG-8).
pub async fn end_other_sessions(
    app: &Application,
    actor: &Actor,
    by: Option<SessionId>,
) -> Result<usize, UseCaseError> {
    end_those(app, actor, Ending::AllBut(by)).await
}

/// Ends all, and says how many there were.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for tokens.
pub async fn sign_out_everywhere(app: &Application, actor: &Actor) -> Result<usize, UseCaseError> {
    end_those(app, actor, Ending::All).await
}

/// Which sessions end.
#[derive(Debug, Clone, Copy)]
enum Ending {
    One(SessionId),
    AllBut(Option<SessionId>),
    All,
}

impl Ending {
    /// What is asked of the policy, for the sessions of a sign-in.
    const fn of(self, sign_in: &SignIn) -> OwnWork<'_> {
        match self {
            Self::One(_) | Self::AllBut(_) => OwnWork::EndSession(sign_in),
            Self::All => OwnWork::SignOutEverywhere(sign_in),
        }
    }

    fn takes(self, session: SessionId) -> bool {
        match self {
            Self::One(one) => session == one,
            Self::AllBut(kept) => kept != Some(session),
            Self::All => true,
        }
    }
}

/// Ends them, each with an audit entry, and says how many there were.
async fn end_those(app: &Application, actor: &Actor, which: Ending) -> Result<usize, UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        // Also whoever can have no session is told why not.
        let action = Action::Own(OwnWork::SeeSessions);
        authorize(actor, &action, &moment, &app.terms)?;
        let mut tx = app.storage.begin().await?;
        let mut entries = Vec::new();
        for sign_in in own_sign_ins(&mut *tx, actor).await? {
            let action = Action::Own(which.of(&sign_in));
            let permit = authorize(actor, &action, &moment, &app.terms)?;
            let entry = permit.into_audit_entry();
            for (hash, _) in tx.sessions().of_sign_in(sign_in.id).await? {
                let session = name_of(&hash);
                if which.takes(session) {
                    tx.sessions_mut().end(&hash).await?;
                    entries.push(entry.clone().about(SubjectKind::Session, session.uuid()));
                }
            }
        }
        let ended = entries.len();
        if let Some(last) = entries.pop() {
            tx.record_all(&entries).await?;
            tx.commit(last).await?;
        }
        Ok(ended)
    })
    .await
}

/// The sign-ins by which whoever asks is known here.
async fn own_sign_ins(
    records: &mut dyn Snapshot,
    actor: &Actor,
) -> Result<Vec<SignIn>, StorageError> {
    match &actor.who {
        Who::Account(caller) => records.sign_ins().of_account(caller.account.id).await,
        Who::Stranger(sign_in) => Ok(vec![(**sign_in).clone()]),
        Who::Job(_) | Who::Operator => Ok(Vec::new()),
    }
}

/// How the session of that hash is named to its person. It follows from the hash, so it needs no place on record, and leads back to nothing.
pub(crate) fn name_of(hash: &SecretHash) -> SessionId {
    let digest = Sha256::new_with_prefix(b"name of a session")
        .chain_update(hash.0)
        .finalize();
    let mut name = [0; 16];
    name.iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    Id::new(uuid::Builder::from_custom_bytes(name).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session's name is the same each time, another for each, and shows nothing of the hash by which the records know it.
    #[test]
    fn a_name_is_a_sessions_own_and_tells_nothing() {
        let names: Vec<SessionId> = (0..3)
            .map(|byte| name_of(&SecretHash([byte; 32])))
            .collect();
        assert_eq!(names.first(), Some(&name_of(&SecretHash([0; 32]))));
        for (at, name) in names.iter().enumerate() {
            assert!(!names.iter().skip(at + 1).any(|other| other == name));
            let byte = u8::try_from(at).unwrap();
            assert!(
                !name
                    .uuid()
                    .as_bytes()
                    .windows(4)
                    .any(|four| four == [byte; 4])
            );
        }
    }
}
