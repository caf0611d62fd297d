//! A delegate's side of delegation: see the invitations to one's e-mail address, answer the questions, and get access (DEL-2, REG-4). Wrong
//! answers count as wrong access codes do (SEC-1).

use std::collections::BTreeSet;

use domain::account::{Account, Role};
use domain::audit::SubjectKind;
use domain::delegation::{AcceptRefused, Delegation, DelegationId, State, forms_of_answer};
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::lock::{Cause, Lock, LockCode};
use domain::notice::{About, Recipient};
use domain::person::EmailAddress;
use domain::policy::{Action, Actor, Permit, Refused, Who, authorize};
use domain::session::Session;
use domain::sign_in::SignIn;
use domain::tribunal_time::Moment;
use secrecy::{ExposeSecret, SecretString};

use crate::once::{KeyRefused, Once, all_answered_with, remember, remember_all};
use crate::ports::answers::AnswersError;
use crate::ports::records::Asker;
use crate::ports::storage::{Snapshot, StorageError, Transaction};
use crate::refusal::with_use_case_errors;
use crate::sign_in::{end_all, goes_on};
use crate::throttle::{Throttled, Tried, count_try};
use crate::{Application, Secret, UseCaseError};

/// An invitation as the invited person sees it.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub delegation: Delegation,
    /// Who invites.
    pub counsel: Account,
}

/// Why an invitation is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The door stayed shut, there is no such invitation, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// It is no longer open, or not for them.
    #[error(transparent)]
    Refused(AcceptRefused),
    /// An answer is wrong; so many tries are left before a block.
    #[error("an answer is wrong; {tries_left} tries are left")]
    Wrong {
        /// Tries left.
        tries_left: u32,
    },
    /// That was one wrong try too many.
    #[error("blocked")]
    Blocked(LockCode),
    /// Whoever is registered by it accepts the privacy statement (PRIV-1).
    #[error("the privacy statement must be accepted")]
    PrivacyStatementNotAccepted,
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// Answers cannot be compared now.
    #[error(transparent)]
    Answers(#[from] AnswersError),
}

with_use_case_errors!(AcceptError);

impl From<Refused> for AcceptError {
    fn from(refused: Refused) -> Self {
        Self::UseCase(refused.into())
    }
}

/// The address by which somebody finds their invitations: the account's, else the one for which the sign-in service vouches.
fn address(actor: &Actor) -> Option<&EmailAddress> {
    match &actor.who {
        Who::Account(caller) => Some(&caller.account.email),
        Who::Stranger(sign_in) => sign_in.email.as_ref(),
        Who::Job(_) | Who::Operator => None,
    }
}

/// Asks whether somebody may see invitations at all: whoever is blocked is told so before anything is looked for (SEC-1).
fn may_see_invitations(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    authorize(actor, &Action::SeeInvitations, &app.moment(), &app.terms)?;
    Ok(())
}

/// Lists the invitations that are open to whoever asks.
///
/// # Errors
/// [`UseCaseError`].
pub async fn list_invitations(
    app: &Application,
    actor: &Actor,
) -> Result<Vec<Invited>, UseCaseError> {
    may_see_invitations(app, actor)?;
    let moment = app.moment();
    let Some(email) = address(actor) else {
        return Ok(Vec::new());
    };
    let mut records = app.storage.read().await?;
    let mut open = Vec::new();
    for delegation in records.delegations().invitations_to(email).await? {
        let action = Action::AnswerInvitation(&delegation);
        authorize(actor, &action, &moment, &app.terms)?;
        if delegation.state(moment.at, &app.terms) != State::Invited {
            continue;
        }
        if let Some(counsel) = records.accounts().by_id(delegation.counsel).await? {
            open.push(Invited {
                delegation,
                counsel,
            });
        }
    }
    Ok(open)
}

/// Finds an invitation by the number in its e-mail: where no sign-in service says the person's address, or says another. Each look counts as
/// a try, so that nobody goes through the numbers.
///
/// # Errors
/// [`AcceptError::UseCase`] with `NotFound` for a number of no open invitation; [`AcceptError::Throttled`].
pub async fn find_invitation(
    app: &Application,
    actor: &Actor,
    number: &InvitationNumber,
) -> Result<Invited, AcceptError> {
    may_see_invitations(app, actor)?;
    let sign_in = match &actor.who {
        Who::Stranger(sign_in) => Some(sign_in.id),
        _ => None,
    };
    count_try(app, Tried::Answers, actor.from, sign_in).await?;
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    for delegation in records.delegations().invitations_of_number(number).await? {
        let action = Action::AnswerInvitation(&delegation);
        authorize(actor, &action, &moment, &app.terms)?;
        if delegation.state(moment.at, &app.terms) == State::Invited
            && let Some(counsel) = records.accounts().by_id(delegation.counsel).await?
        {
            return Ok(Invited {
                delegation,
                counsel,
            });
        }
    }
    Err(UseCaseError::NotFound.into())
}

/// The invitation that somebody has before them, once more. It is no try: who has it before them knows its identifier, which nobody guesses,
/// and has found it before, by their address or by its number.
///
/// # Errors
/// [`AcceptError::UseCase`] with `NotFound` for one that is not theirs, or not open any more.
pub async fn see_invitation(
    app: &Application,
    actor: &Actor,
    invitation: DelegationId,
    number: Option<&InvitationNumber>,
) -> Result<Invited, AcceptError> {
    may_see_invitations(app, actor)?;
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let delegation = records.delegations().by_id(invitation).await?;
    let delegation = theirs(delegation, actor, number)?;
    let action = Action::AnswerInvitation(&delegation);
    authorize(actor, &action, &moment, &app.terms)?;
    if delegation.state(moment.at, &app.terms) != State::Invited {
        return Err(UseCaseError::NotFound.into());
    }
    let counsel = records.accounts().by_id(delegation.counsel).await?;
    Ok(Invited {
        delegation,
        counsel: counsel.ok_or(UseCaseError::NotFound)?,
    })
}

/// What an invited person enters.
#[derive(Debug, Clone)]
pub struct Accept {
    /// Which invitation.
    pub invitation: DelegationId,
    /// Its number, where it was not found by the person's address.
    pub number: Option<InvitationNumber>,
    /// The answers, in the order of the questions.
    pub answers: Vec<SecretString>,
    /// Whether the privacy statement is accepted; only who is not registered yet is asked.
    pub accepts_privacy_statement: bool,
    /// Repeats of a request have the same key.
    pub idempotency_key: Option<String>,
}

impl Accept {
    /// Everything that makes two acceptances the same.
    fn once(&self, app: &Application) -> Result<Option<Once>, KeyRefused> {
        let invitation = self.invitation.to_string();
        let answers = self.answers.iter().map(ExposeSecret::expose_secret);
        let asked = ["accept-invitation", invitation.as_str()];
        let asked: Vec<&str> = asked.into_iter().chain(answers).collect();
        Once::of(app, self.idempotency_key.as_deref(), &asked)
    }
}

/// Who is a delegate now.
#[derive(Debug)]
pub struct Accepted {
    /// The delegation, running.
    pub delegation: Delegation,
    /// The delegate.
    pub account: Account,
    /// The session's new secret, where somebody was registered by it and a session was given.
    pub secret: Option<Secret>,
}

/// Accepts an invitation. `session` is the session's secret, which is exchanged for a new one when somebody is registered.
///
/// # Errors
/// [`AcceptError`].
pub async fn accept_invitation(
    app: &Application,
    actor: &Actor,
    session: Option<&Secret>,
    wish: &Accept,
) -> Result<Accepted, AcceptError> {
    may_see_invitations(app, actor)?;
    let sign_in = match &actor.who {
        Who::Stranger(sign_in) => Some(sign_in.id),
        _ => None,
    };
    count_try(app, Tried::Answers, actor.from, sign_in).await?;
    let once = &wish.once(app)?;
    let taken = app
        .retrying(|| async {
            let before = || accepted_before(app, actor, wish.invitation, once.as_ref());
            if let Some(before) = before().await? {
                return Ok(before);
            }
            let seen = seen(app, actor, wish).await?;
            // Slow on purpose, and so outside of the transaction.
            let right = compare(app, &seen, &wish.answers).await?;
            match take(app, actor, session, (wish, once.as_ref()), &seen, &right).await {
                // The same request, sent twice at once, may have been answered meanwhile.
                Err(AcceptError::Refused(why)) => before().await?.ok_or(AcceptError::Refused(why)),
                taken => taken,
            }
        })
        .await?;
    Ok(Accepted {
        delegation: taken.delegation,
        account: taken.account,
        secret: goes_on(app, taken.asked).await?,
    })
}

/// The delegation that the same request began before, as it is now, and its delegate; or that its answers were wrong before.
async fn accepted_before(
    app: &Application,
    actor: &Actor,
    invitation: DelegationId,
    once: Option<&Once>,
) -> Result<Option<Taken>, AcceptError> {
    if once.is_none() {
        return Ok(None);
    }
    let mut records = app.storage.read().await?;
    let before = all_answered_with::<AcceptError>(&mut *records, actor, once).await?;
    let Some(before) = before else {
        return Ok(None);
    };
    let delegation = records.delegations().by_id(invitation).await?;
    let delegation = delegation.ok_or(UseCaseError::NotFound)?;
    let action = Action::AnswerInvitation(&delegation);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    // The try may have been counted since whoever asks was recognised: of two clicks, the other one's.
    let whoever = Whoever::of(&mut *records, actor).await?;
    if before.is_empty() {
        return Err(told_wrong(app, whoever.lock(), &delegation));
    }
    // Of what a stranger asked for, wrong answers alone are remembered.
    let Whoever::Known(account) = whoever else {
        return Ok(None);
    };
    Ok(Some(Taken {
        delegation,
        account: *account,
        asked: None,
    }))
}

async fn seen(app: &Application, actor: &Actor, wish: &Accept) -> Result<Delegation, AcceptError> {
    let mut records = app.storage.read().await?;
    let delegation = records.delegations().by_id(wish.invitation).await?;
    Ok(theirs(delegation, actor, wish.number.as_ref())?)
}

/// An invitation to the address of whoever asks, or one whose number they know.
fn theirs(
    delegation: Option<Delegation>,
    actor: &Actor,
    number: Option<&InvitationNumber>,
) -> Result<Delegation, UseCaseError> {
    let knows_its_number =
        |delegation: &Delegation| number == Some(&InvitationNumber::of(delegation.id));
    delegation
        .filter(|delegation| is_for(delegation, actor) || knows_its_number(delegation))
        .ok_or(UseCaseError::NotFound)
}

fn is_for(delegation: &Delegation, actor: &Actor) -> bool {
    address(actor).is_some_and(|email| delegation.invitee.email.same_box(email))
}

async fn compare(
    app: &Application,
    delegation: &Delegation,
    answers: &[SecretString],
) -> Result<Vec<bool>, AcceptError> {
    let mut right = Vec::with_capacity(answers.len());
    for (asked, answer) in delegation.questions.iter().zip(answers) {
        let mut matches = false;
        for form in forms_of_answer(answer.expose_secret()) {
            let hash = asked.answer_hash.clone();
            matches = matches || app.answers.matches(form.into(), hash).await?;
        }
        right.push(matches);
    }
    // An answer too many is as wrong as one too few.
    right.resize(answers.len(), false);
    Ok(right)
}

/// What came of right answers.
struct Taken {
    delegation: Delegation,
    account: Account,
    /// The session that asked, where it ended because somebody was registered.
    asked: Option<Session>,
}

async fn take(
    app: &Application,
    actor: &Actor,
    session: Option<&Secret>,
    (wish, once): (&Accept, Option<&Once>),
    seen: &Delegation,
    right: &[bool],
) -> Result<Taken, AcceptError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let whoever = Whoever::of(&mut *tx, actor).await?;
    let as_it_is = Actor {
        who: whoever.who(actor),
        from: actor.from,
    };
    let delegation = tx
        .delegations()
        .by_id(seen.id)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    if delegation.questions != seen.questions {
        return Err(StorageError::Contention.into());
    }
    let action = Action::AnswerInvitation(&delegation);
    let permit = authorize(&as_it_is, &action, &moment, &app.terms)?;
    let account = match &whoever {
        Whoever::Known(account) => account.with_role(Role::Delegate),
        Whoever::New(_) if !wish.accepts_privacy_statement => {
            return Err(AcceptError::PrivacyStatementNotAccepted);
        }
        Whoever::New(_) => new_delegate(app, &permit, &delegation),
    };
    let held = tx.delegations().of_counsel(delegation.counsel).await?;
    match delegation.accept(&permit, account.id, right, &held, &app.terms) {
        Ok(accepted) => {
            let account = Account {
                lock: account.lock.right_try(),
                ..account
            };
            let mut asked = None;
            match whoever {
                Whoever::Known(_) => tx.accounts_mut().update(&account).await?,
                Whoever::New(sign_in) => {
                    no_second_account(&mut *tx, &delegation).await?;
                    asked = end_all(&mut *tx, sign_in.id, session).await?;
                    tx.accounts_mut().insert(&account).await?;
                    let bound = sign_in.bound_to(&account, moment.at);
                    tx.sign_ins_mut().update(&bound).await?;
                    let owner = Recipient::owner_of(&account);
                    let notice = app.notice(owner, About::SignInBound, moment.at);
                    tx.notices_mut().queue(&notice).await?;
                }
            }
            tx.delegations_mut().update(&accepted).await?;
            let record = accepted.id.uuid();
            remember(&mut *tx, account.id, once, record, moment.at).await?;
            let entry = permit.into_audit_entry();
            tx.commit(entry.about(SubjectKind::Account, account.id.uuid()))
                .await?;
            Ok(Taken {
                delegation: accepted,
                account,
                asked,
            })
        }
        Err(AcceptRefused::WrongAnswer) => {
            let lock = whoever.lock().wrong_try(
                moment.at,
                Cause::WrongAnswers,
                LockCode::from_random(app.random.bytes()),
                &app.terms,
            );
            let answered = delegation.answered_wrongly(&permit, &app.terms);
            let told = told_wrong(app, &lock, &answered);
            whoever.write_lock(&mut *tx, lock).await?;
            tx.delegations_mut().update(&answered).await?;
            let is_closed = answered.ended_at.is_some();
            if is_closed {
                tell_closed(app, &mut *tx, &answered, &moment).await?;
            }
            // A repeat is no further try, of a stranger either.
            if let Some(asker) = Asker::of(actor) {
                remember_all(&mut *tx, asker, once, vec![], moment.at).await?;
            }
            let entry = permit.into_audit_entry();
            let because = if is_closed {
                "answers-wrong-closed"
            } else {
                "answers-wrong"
            };
            tx.commit(entry.refused_because(because)).await?;
            Err(told)
        }
        Err(why) => Err(AcceptError::Refused(why)),
    }
}

/// What whoever answered wrongly is told: that they are blocked, that nobody answers this invitation any more, or how often they may still try.
fn told_wrong(app: &Application, lock: &Lock, invitation: &Delegation) -> AcceptError {
    let terms = &app.terms;
    match &lock.block {
        Some(block) => AcceptError::Blocked(block.lock_code.clone()),
        None if invitation.ended_at.is_some() => AcceptError::Refused(AcceptRefused::NotOpen),
        None => AcceptError::Wrong {
            tries_left: lock.tries_left(terms).min(invitation.tries_left(terms)),
        },
    }
}

/// Tells counsel that wrong answers closed their invitation: they can invite anew, and may know who tried.
async fn tell_closed(
    app: &Application,
    tx: &mut dyn Transaction,
    delegation: &Delegation,
    moment: &Moment,
) -> Result<(), StorageError> {
    if let Some(counsel) = tx.accounts().by_id(delegation.counsel).await? {
        let to = Recipient::owner_of(&counsel);
        let notice = app.notice(to, About::InvitationClosed, moment.at);
        tx.notices_mut().queue(&notice).await?;
    }
    Ok(())
}

/// Whoever answers, as they are on record: a try of a moment ago counts.
enum Whoever {
    Known(Box<Account>),
    New(Box<SignIn>),
}

impl Whoever {
    async fn of(records: &mut dyn Snapshot, actor: &Actor) -> Result<Self, UseCaseError> {
        let found = match &actor.who {
            Who::Account(caller) => {
                let account = records.accounts().by_id(caller.account.id).await?;
                account.map(|account| Self::Known(Box::new(account)))
            }
            Who::Stranger(sign_in) => {
                let sign_in = records.sign_ins().by_id(sign_in.id).await?;
                // Bound a moment ago: the next request knows the account.
                let stranger = sign_in.filter(|sign_in| sign_in.bound.is_none());
                stranger.map(|sign_in| Self::New(Box::new(sign_in)))
            }
            Who::Job(_) | Who::Operator => None,
        };
        found.ok_or(UseCaseError::NotFound)
    }

    fn who(&self, actor: &Actor) -> Who {
        match (self, &actor.who) {
            (Self::Known(account), Who::Account(caller)) => {
                let mut caller = caller.clone();
                caller.account = (**account).clone();
                Who::Account(caller)
            }
            (Self::New(sign_in), _) => Who::Stranger(sign_in.clone()),
            (Self::Known(_), other) => other.clone(),
        }
    }

    fn lock(&self) -> &Lock {
        match self {
            Self::Known(account) => &account.lock,
            Self::New(sign_in) => &sign_in.lock,
        }
    }

    async fn write_lock(self, tx: &mut dyn Transaction, lock: Lock) -> Result<(), StorageError> {
        match self {
            Self::Known(account) => {
                let account = Account { lock, ..*account };
                tx.accounts_mut().update(&account).await
            }
            Self::New(sign_in) => {
                let sign_in = SignIn { lock, ..*sign_in };
                tx.sign_ins_mut().update(&sign_in).await
            }
        }
    }
}

/// That whoever is registered by accepting has no account yet. They are told once they know the answers, so that nobody else learns of it.
async fn no_second_account(
    tx: &mut dyn Transaction,
    delegation: &Delegation,
) -> Result<(), AcceptError> {
    let theirs = tx.accounts().by_email(&delegation.invitee.email).await?;
    delegation
        .may_register_invitee(&theirs)
        .map_err(AcceptError::Refused)
}

/// An invited person who has no account is registered by accepting (REG-4).
fn new_delegate(app: &Application, permit: &Permit, delegation: &Delegation) -> Account {
    let invitee = &delegation.invitee;
    Account {
        id: Id::new(app.random.uuid(permit.at())),
        name: invitee.name.clone(),
        email: invitee.email.clone(),
        cell: None,
        language: invitee.language,
        roles: BTreeSet::from([Role::Delegate]),
        membership: None,
        lock: Lock::default(),
        opened_at: permit.at(),
        registered_at: Some(permit.at()),
        privacy_statement: Some(app.tribunal.privacy_statement_version.clone()),
    }
}
