//! Counsel's side of delegation: who has access and until when, invite, renew, end (DEL-1 … DEL-4). Who may do it, how many places there are
//! and where each delegation stands is the domain's.

use std::collections::BTreeMap;

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::delegation::{
    Delegation, DelegationId, EndRefused, Invitation, InviteRefused, Invitee, RenewalRefused,
    SecretQuestion, can_be_asked, few_enough_today, normalised_answer, place_left,
};
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Recipient};
use domain::person::{EmailAddress, PersonName};
use domain::policy::{Action, Actor, CounselWork, Representation, authorize};
use domain::sorting::sort_key;
use domain::tribunal_time::Moment;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::ports::answers::AnswersError;
use crate::ports::storage::{Snapshot, StorageError};
use crate::refusal::with_use_case_errors;
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
    /// Repeats of a request have the same key.
    pub idempotency_key: Option<String>,
}

impl InviteDelegate {
    /// Whether every question can be asked, and has an answer (DEL-2).
    ///
    /// # Errors
    /// [`InviteRefused::NoQuestion`] or [`InviteRefused::QuestionUnusable`].
    fn check_questions(&self) -> Result<(), InviteRefused> {
        can_be_asked(self.questions.iter().map(|(question, _)| question.as_str()))?;
        let mut answers = self.questions.iter().map(|(_, answer)| answer);
        if answers.any(|answer| normalised_answer(answer.expose_secret()).is_empty()) {
            return Err(InviteRefused::QuestionUnusable);
        }
        Ok(())
    }

    /// Everything that makes two invitations the same.
    fn once(&self, app: &Application, counsel: AccountId) -> Result<Option<Once>, KeyRefused> {
        let (invitee, counsel) = (&self.invitee, counsel.to_string());
        let accepted = if self.accepts_terms { "accepted" } else { "" };
        let mut asked = vec![
            "invite-delegate",
            &counsel,
            invitee.name.given(),
            invitee.name.family(),
            invitee.email.as_str(),
            invitee.language.code(),
            accepted,
        ];
        for (question, answer) in &self.questions {
            asked.extend([question.as_str(), answer.expose_secret()]);
        }
        Once::of(app, self.idempotency_key.as_deref(), &asked)
    }
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
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// Answers cannot be hashed now.
    #[error(transparent)]
    Answers(#[from] AnswersError),
}

with_use_case_errors!(DelegationError);

/// A delegation and its delegate's account, once there is one.
#[derive(Debug, Clone)]
pub struct Delegated {
    /// The delegation.
    pub delegation: Delegation,
    /// The delegate's account, as it is now.
    pub delegate: Option<Account>,
}

impl Delegated {
    /// The delegate's name: as it is now, before acceptance as counsel described them.
    pub fn name(&self) -> &PersonName {
        let invited = &self.delegation.invitee.name;
        self.delegate.as_ref().map_or(invited, |them| &them.name)
    }

    /// The delegate's address: the one that they have now, before acceptance the one to which the invitation went.
    pub fn email(&self) -> &EmailAddress {
        let invited = &self.delegation.invitee.email;
        self.delegate.as_ref().map_or(invited, |them| &them.email)
    }

    /// Whether the delegate cannot get in at present, whatever the delegation says, as they are blocked (SEC-1). Why, and by which code the
    /// help desk finds them, is not their counsel's to know.
    pub fn is_blocked(&self) -> bool {
        let delegate = self.delegate.as_ref();
        delegate.is_some_and(|them| them.lock.block.is_some())
    }

    /// As the delegate, for notices.
    fn recipient(&self) -> Recipient {
        Recipient::delegate_of(&self.delegation, self.delegate.as_ref())
    }
}

/// Each delegation with its delegate's account.
pub(crate) async fn with_delegates(
    records: &mut dyn Snapshot,
    delegations: Vec<Delegation>,
) -> Result<Vec<Delegated>, StorageError> {
    let delegates = delegates_of(records, delegations.iter()).await?;
    let with_delegate = |delegation: Delegation| {
        let account = delegation.delegate().and_then(|id| delegates.get(&id));
        Delegated {
            delegate: account.cloned(),
            delegation,
        }
    };
    Ok(delegations.into_iter().map(with_delegate).collect())
}

/// The accounts of those who accepted.
async fn delegates_of(
    records: &mut dyn Snapshot,
    delegations: impl Iterator<Item = &Delegation>,
) -> Result<BTreeMap<AccountId, Account>, StorageError> {
    facts::accounts(records, delegations.filter_map(Delegation::delegate)).await
}

async fn with_delegate(
    records: &mut dyn Snapshot,
    delegation: Delegation,
) -> Result<Delegated, StorageError> {
    let delegate = match delegation.delegate() {
        Some(id) => records.accounts().by_id(id).await?,
        None => None,
    };
    Ok(Delegated {
        delegation,
        delegate,
    })
}

/// A delegation on its counsel's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The delegation and its delegate.
    pub delegated: Delegated,
    /// Whether counsel can renew it now (DEL-4).
    pub renewable: bool,
}

/// A counsel's delegations at one instant.
#[derive(Debug, Clone)]
pub struct HeldPlaces {
    /// Those that hold a place, in order of name.
    pub listed: Vec<Listed>,
    /// The instant at which they do.
    pub at: OffsetDateTime,
}

/// The delegations that hold a place (DEL-1).
///
/// # Errors
/// [`UseCaseError`].
pub async fn list_delegations(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<HeldPlaces, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let representation =
        facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeDelegations);
    authorize(actor, &action, &moment, &app.terms)?;
    let held = holding(app, &mut *records, counsel, &moment).await?;
    let delegated = with_delegates(&mut *records, held.clone()).await?;
    let mut listed: Vec<Listed> = delegated
        .into_iter()
        .map(|one| Listed {
            renewable: one.delegation.can_be_renewed(&held, moment.at, &app.terms),
            delegated: one,
        })
        .collect();
    listed.sort_by_cached_key(|one| {
        let name = one.delegated.name();
        let id = one.delegated.delegation.id;
        (sort_key(name.family()), sort_key(name.given()), id)
    });
    Ok(HeldPlaces {
        listed,
        at: moment.at,
    })
}

/// Those of a counsel's delegations that hold a place now.
async fn holding(
    app: &Application,
    records: &mut dyn Snapshot,
    counsel: AccountId,
    moment: &Moment,
) -> Result<Vec<Delegation>, StorageError> {
    let mut held = records.delegations().of_counsel(counsel).await?;
    held.retain(|one| one.state(moment.at, &app.terms).holds_a_place());
    Ok(held)
}

/// Asks whether somebody may invite one more delegate today and a place is left, before they describe the person in vain (DEL-1, REG-8).
///
/// # Errors
/// [`DelegationError::Invite`] where no place is left, or too many invitations were sent.
pub async fn place_for_one_more(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
) -> Result<(), DelegationError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    may_invite(app, &mut *records, actor, counsel, &moment).await?;
    let sent = records.delegations().of_counsel(counsel).await?;
    place_left(&sent, counsel, moment.at, &app.terms)?;
    Ok(few_enough_today(&sent, counsel, moment.at, &app.terms)?)
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
) -> Result<Delegated, DelegationError> {
    // Whoever may not is told before the slow work is done.
    let mut records = app.storage.read().await?;
    may_invite(app, &mut *records, actor, counsel, &app.moment()).await?;
    drop(records);
    let once = wish.once(app, counsel)?;
    wish.check_questions()?;
    let questions = hashed(app, &wish.questions).await?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        if let Some(before) = repeated(&mut *tx, actor, once.as_ref()).await? {
            return Ok(before);
        }
        // What is over counts as of its day; who is asked for has a place.
        let sent = tx.delegations().of_counsel(counsel).await?;
        let has_a_place = |one: &&Delegation| one.state(moment.at, &app.terms).holds_a_place();
        let delegates = delegates_of(&mut *tx, sent.iter().filter(has_a_place)).await?;
        let delegates: Vec<Account> = delegates.into_values().collect();
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
            &sent,
            &delegates,
            &app.terms,
        )?;
        tx.delegations_mut().insert(&delegation).await?;
        let about = About::DelegateInvited {
            number: InvitationNumber::of(delegation.id),
            lapses_at: delegation.lapses_at(&app.terms),
        };
        let (sender, record) = (counsel, delegation.id.uuid());
        remember(&mut *tx, sender, once.as_ref(), record, moment.at).await?;
        let to = Recipient::invitee_of(&delegation);
        let notice = app.notice(to, about, moment.at);
        tx.notices_mut().queue(&notice).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Delegation, delegation.id.uuid()))
            .await?;
        Ok(Delegated {
            delegation,
            delegate: None,
        })
    })
    .await
}

async fn may_invite(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    counsel: AccountId,
    moment: &Moment,
) -> Result<(), UseCaseError> {
    let representation = facts::representation(records, actor, counsel, moment, &app.terms).await?;
    let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
    authorize(actor, &action, moment, &app.terms)?;
    Ok(())
}

async fn hashed(
    app: &Application,
    questions: &[(String, SecretString)],
) -> Result<Vec<SecretQuestion>, DelegationError> {
    let mut hashed = Vec::with_capacity(questions.len());
    for (question, answer) in questions {
        let answer = normalised_answer(answer.expose_secret());
        hashed.push(SecretQuestion {
            question: question.trim().to_owned(),
            answer_hash: app.answers.hash(answer.into()).await?,
        });
    }
    Ok(hashed)
}

/// The delegation that came of the same request before, as it is now.
async fn repeated(
    records: &mut dyn Snapshot,
    actor: &Actor,
    once: Option<&Once>,
) -> Result<Option<Delegated>, DelegationError> {
    let Some(id) = answered_with::<DelegationError>(records, actor, once).await? else {
        return Ok(None);
    };
    let delegation = records.delegations().by_id(Id::new(id)).await?;
    let delegation = delegation.ok_or(UseCaseError::NotFound)?;
    Ok(Some(with_delegate(records, delegation).await?))
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
    idempotency_key: Option<&str>,
) -> Result<Delegated, DelegationError> {
    let asked = ["renew-delegation", &counsel.to_string(), &id.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let delegation = delegation_of(app, &mut *tx, actor, &representation, id, &moment).await?;
        let work = CounselWork::RenewDelegation(&delegation);
        let action = Action::OfCounsel(&representation, work);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        if let Some(before) = repeated(&mut *tx, actor, once.as_ref()).await? {
            return Ok(before);
        }
        remember(&mut *tx, counsel, once.as_ref(), id.uuid(), moment.at).await?;
        let held = tx.delegations().of_counsel(counsel).await?;
        let renewed = delegation.renew(&permit, &held, &app.terms)?;
        tx.delegations_mut().update(&renewed).await?;
        let renewed = with_delegate(&mut *tx, renewed).await?;
        if let Some(ends_at) = renewed.delegation.ends_at(&app.terms) {
            let about = About::DelegationRenewed { ends_at };
            let notice = app.notice(renewed.recipient(), about, moment.at);
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
    idempotency_key: Option<&str>,
) -> Result<Delegated, DelegationError> {
    let asked = ["end-delegation", &counsel.to_string(), &id.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let representation =
            facts::representation(&mut *tx, actor, counsel, &moment, &app.terms).await?;
        let delegation = delegation_of(app, &mut *tx, actor, &representation, id, &moment).await?;
        let work = CounselWork::EndDelegation(&delegation);
        let action = Action::OfCounsel(&representation, work);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        if let Some(before) = repeated(&mut *tx, actor, once.as_ref()).await? {
            return Ok(before);
        }
        remember(&mut *tx, counsel, once.as_ref(), id.uuid(), moment.at).await?;
        let ended = delegation.end(&permit, &app.terms)?;
        tx.delegations_mut().update(&ended).await?;
        let ended = with_delegate(&mut *tx, ended).await?;
        let both = [
            ended.recipient(),
            Recipient::owner_of(&representation.counsel),
        ];
        let about = match ended.delegation.running {
            Some(_) => About::DelegationEnded,
            None => About::InvitationWithdrawn,
        };
        for to in both {
            let notice = app.notice(to, about.clone(), moment.at);
            tx.notices_mut().queue(&notice).await?;
        }
        tx.commit(permit.into_audit_entry()).await?;
        Ok(ended)
    })
    .await
}
