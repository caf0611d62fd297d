//! Counsel's side of delegation: who has access and until when, invite, renew, end (DEL-1 … DEL-4). Who may do it, how many places there are
//! and where each delegation stands is the domain's.

use domain::account::AccountId;
use domain::delegation::{
    Delegation, DelegationId, EndRefused, Invitation, InviteRefused, Invitee, RenewalRefused,
    SecretQuestion, normalised_answer, place_left,
};
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Notice, Recipient};
use domain::policy::{Action, Actor, CounselWork, Representation, authorize};
use domain::sorting::sort_key;
use domain::tribunal_time::Moment;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::ports::answers::AnswersError;
use crate::ports::storage::{Contended, Snapshot, StorageError};
use crate::{Application, UseCaseError, facts};

/// What counsel enters to invite somebody.
#[derive(Debug, Clone)]
pub struct InviteDelegate {
    /// Who.
    pub invitee: Invitee,
    /// Questions and the answers that the two share.
    pub questions: Vec<(String, SecretString)>,
    /// Whether the terms that were shown are accepted.
    pub accepts_terms: bool,
}

/// Why a delegation is not changed.
#[derive(Debug, thiserror::Error)]
pub enum DelegationError {
    /// The door stayed shut, there is no such delegation, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule stands against the invitation.
    #[error(transparent)]
    Invite(#[from] InviteRefused),
    /// It cannot be renewed.
    #[error(transparent)]
    Renewal(#[from] RenewalRefused),
    /// It cannot be ended.
    #[error(transparent)]
    End(#[from] EndRefused),
    /// Answers cannot be hashed now.
    #[error(transparent)]
    Answers(#[from] AnswersError),
}

impl Contended for DelegationError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::UseCase(error) if error.is_contention())
    }
}

impl From<StorageError> for DelegationError {
    fn from(error: StorageError) -> Self {
        Self::UseCase(error.into())
    }
}

/// The delegations that hold a place, in order of name (DEL-1).
///
/// # Errors
/// [`UseCaseError`].
pub async fn list_delegations(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<Vec<Delegation>, UseCaseError> {
    let moment = app.moment();
    let mut delegations = all_of(app, actor, counsel, &moment).await?;
    delegations.retain(|one| one.state(moment.at, &app.terms).holds_a_place());
    delegations.sort_by_cached_key(|one| {
        let name = &one.invitee.name;
        (sort_key(name.family()), sort_key(name.given()), one.id)
    });
    Ok(delegations)
}

/// Asks whether a place is left for one more delegate, before somebody is described in vain (DEL-1).
///
/// # Errors
/// [`DelegationError::Invite`] where none is.
pub async fn place_for_one_more(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<(), DelegationError> {
    let moment = app.moment();
    let held = all_of(app, actor, counsel, &moment).await?;
    Ok(place_left(&held, counsel, moment.at, &app.terms)?)
}

/// A counsel's delegations, wherever they stand.
async fn all_of(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
) -> Result<Vec<Delegation>, UseCaseError> {
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeDelegations);
    authorize(actor, &action, moment, &app.terms)?;
    Ok(records.delegations().of_counsel(counsel).await?)
}

/// Invites a delegate (DEL-2).
///
/// # Errors
/// [`DelegationError`].
pub async fn invite_delegate(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    wish: &InviteDelegate,
) -> Result<Delegation, DelegationError> {
    // Whoever may not is told before the slow work is done.
    may_invite(app, actor, counsel).await?;
    let questions = hashed(app, &wish.questions).await?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let held = tx.delegations().of_counsel(counsel).await?;
        let invitation = Invitation {
            invitee: wish.invitee.clone(),
            questions: questions.clone(),
            terms_accepted: wish.accepts_terms,
            terms_version: app.tribunal.delegation_terms_version.clone(),
        };
        let delegation = Delegation::invite(
            &permit,
            Id::new(app.random.uuid(moment.at)),
            &representation.counsel,
            invitation,
            &held,
            &app.terms,
        )?;
        tx.delegations_mut().insert(&delegation).await?;
        let about = About::DelegateInvited {
            number: InvitationNumber::of(delegation.id),
            lapses_at: delegation.lapses_at(&app.terms),
        };
        let to = Recipient::invitee_of(&delegation);
        let notice = told(app, to, about, moment.at);
        tx.notices_mut().queue(&notice).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about("delegation", delegation.id.uuid()))
            .await?;
        Ok(delegation)
    })
    .await
}

async fn may_invite(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<(), UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
    authorize(actor, &action, &moment, &app.terms)?;
    Ok(())
}

async fn hashed(
    app: &Application,
    questions: &[(String, SecretString)],
) -> Result<Vec<SecretQuestion>, DelegationError> {
    if questions.len() > domain::delegation::QUESTIONS_AT_MOST {
        return Err(InviteRefused::QuestionUnusable.into());
    }
    let mut hashed = Vec::with_capacity(questions.len());
    for (question, answer) in questions {
        let answer = normalised_answer(answer.expose_secret());
        if answer.is_empty() {
            return Err(InviteRefused::QuestionUnusable.into());
        }
        hashed.push(SecretQuestion {
            question: question.trim().to_owned(),
            answer_hash: app.answers.hash(answer.into()).await?,
        });
    }
    Ok(hashed)
}

/// The counsel's delegation of that id. One of somebody else is as good as none, and whoever may not see this counsel's is told so in both
/// cases: no answer tells which exist.
async fn delegation_of(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    representation: &Representation,
    id: DelegationId,
    moment: &Moment,
) -> Result<Delegation, UseCaseError> {
    let found = records.delegations().by_id(id).await?;
    if let Some(theirs) = found.filter(|found| found.counsel == representation.counsel.id) {
        return Ok(theirs);
    }
    let action = Action::OfCounsel(representation, CounselWork::SeeDelegations);
    authorize(actor, &action, moment, &app.terms)?;
    Err(UseCaseError::NotFound)
}

/// Renews a delegation for another term (DEL-4).
///
/// # Errors
/// [`DelegationError`].
pub async fn renew_delegation(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DelegationId,
) -> Result<Delegation, DelegationError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let delegation = delegation_of(app, &mut *tx, actor, &representation, id, &moment).await?;
        let work = CounselWork::RenewDelegation(&delegation);
        let action = Action::OfCounsel(&representation, work);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let held = tx.delegations().of_counsel(counsel).await?;
        let renewed = delegation.renew(&permit, &held, &app.terms)?;
        tx.delegations_mut().update(&renewed).await?;
        if let Some(ends_at) = renewed.ends_at(&app.terms) {
            let about = About::DelegationRenewed { ends_at };
            let to = Recipient::invitee_of(&renewed);
            let notice = told(app, to, about, moment.at);
            tx.notices_mut().queue(&notice).await?;
        }
        tx.commit(permit.into_audit_entry()).await?;
        Ok(renewed)
    })
    .await
}

/// Ends a delegation, or withdraws an invitation: access is gone at the next request (DEL-3). Both are told (MAIL-2).
///
/// # Errors
/// [`DelegationError`].
pub async fn end_delegation(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    id: DelegationId,
) -> Result<Delegation, DelegationError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let delegation = delegation_of(app, &mut *tx, actor, &representation, id, &moment).await?;
        let work = CounselWork::EndDelegation(&delegation);
        let action = Action::OfCounsel(&representation, work);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let ended = delegation.end(&permit, &app.terms)?;
        tx.delegations_mut().update(&ended).await?;
        let both = [
            Recipient::invitee_of(&ended),
            Recipient::owner_of(&representation.counsel),
        ];
        for to in both {
            let notice = told(app, to, About::DelegationEnded, moment.at);
            tx.notices_mut().queue(&notice).await?;
        }
        tx.commit(permit.into_audit_entry()).await?;
        Ok(ended)
    })
    .await
}

fn told(app: &Application, to: Recipient, about: About, at: OffsetDateTime) -> Notice {
    Notice {
        id: Id::new(app.random.uuid(at)),
        to,
        about,
        written_at: at,
        once: None,
    }
}
