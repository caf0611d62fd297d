//! A person enters an access code, and their sign-in opens the account from then on (REG-3). Wrong tries count, and block (SEC-1). Whoever was a
//! delegate before keeps their delegations (REG-4).

use std::collections::BTreeSet;

use domain::access_code::AccessCode;
use domain::account::{Account, AccountId, Role};
use domain::audit::SubjectKind;
use domain::delegation::handed_over;
use domain::lock::LockCode;
use domain::notice::{About, Recipient};
use domain::policy::{Action, Actor, Caller, Permit, Refusal, Refused, Who, authorize};
use domain::profile_change::Overtaken;
use domain::registration::{Bound, Entry, RedeemRefused, Redemption, redeem, redeem_as_delegate};
use domain::session::Session;
use domain::sign_in::{SignIn, SignInId};

use crate::access_code::hash_of;
use crate::ports::storage::{Contended, StorageError, Transaction};
use crate::profile::overtake;
use crate::sign_in::{end_all, goes_on};
use crate::throttle::{Throttled, Tried, count_try};
use crate::{Application, Secret, UseCaseError, facts};

/// What a person enters.
#[derive(Debug, Clone, Copy)]
pub struct Register<'a> {
    /// The code, as typed.
    pub access_code: &'a str,
    /// Whether the privacy statement that was shown is accepted (PRIV-1).
    pub accepts_privacy_statement: bool,
}

/// Who is registered now.
#[derive(Debug)]
pub struct Registered {
    /// The account.
    pub account: Account,
    /// The session's new secret: what was worth little before opens an account now, so the old value dies. `None` if no session was
    /// given.
    pub secret: Option<Secret>,
}

/// Why nobody is registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The policy said no.
    #[error(transparent)]
    Forbidden(#[from] Refused),
    /// The code, or something about it, is not right.
    #[error(transparent)]
    Refused(RedeemRefused),
    /// What was typed cannot be a code, and is no try.
    #[error("this is no access code")]
    NoCode,
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Contended for RegisterError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}

/// Asks whether somebody may enter a code: whoever is blocked is told so before they type one (SEC-1).
///
/// # Errors
/// [`Refused`].
pub fn may_register(app: &Application, actor: &Actor) -> Result<(), Refused> {
    authorize(actor, &Action::RedeemAccessCode, &app.moment(), &app.terms)?;
    Ok(())
}

/// The same of whoever has no use for a code: they are told why, unless they are blocked.
///
/// # Errors
/// [`Refused`], where they are.
pub fn not_blocked(app: &Application, actor: &Actor) -> Result<(), Refused> {
    match may_register(app, actor) {
        Err(refused) if matches!(refused.why, Refusal::Blocked(_)) => Err(refused),
        _ => Ok(()),
    }
}

/// Whether whoever signed in has an account that their sign-in does not open, by the address for which the service vouches: before anything
/// else they enter an access code, or sign in as they did before (REG-6, REG-7).
///
/// # Errors
/// [`UseCaseError`].
pub async fn has_account(app: &Application, actor: &Actor) -> Result<bool, UseCaseError> {
    may_register(app, actor)?;
    let Who::Stranger(sign_in) = &actor.who else {
        return Ok(false);
    };
    let Some(email) = &sign_in.email else {
        return Ok(false);
    };
    let mut records = app.storage.read().await?;
    let theirs = records.accounts().by_email(email).await?;
    Ok(theirs.iter().any(Account::is_from_outside))
}

/// Enters an access code for whoever signed in. `session` is the session's secret, which is exchanged for a new one.
///
/// # Errors
/// [`RegisterError`].
pub async fn register(
    app: &Application,
    actor: &Actor,
    session: Option<&Secret>,
    wish: Register<'_>,
) -> Result<Registered, RegisterError> {
    let known = RegisterError::Refused(RedeemRefused::RegisteredAlready);
    let sign_in = match &actor.who {
        Who::Stranger(stranger) => stranger.id,
        Who::Account(caller) if caller.account.is_delegates_alone() => {
            may_register(app, actor)?;
            let session = session.map(Secret::hash).ok_or(known)?;
            match app.sessions.find(&session).await? {
                Some(session) => session.sign_in,
                None => return Err(RegisterError::Refused(RedeemRefused::RegisteredAlready)),
            }
        }
        // Another account has no use for a code, and is told so unless it is blocked; whoever else asks gets the policy's own answer.
        Who::Account(_) => {
            not_blocked(app, actor)?;
            return Err(known);
        }
        Who::Job(_) | Who::Operator => {
            may_register(app, actor)?;
            return Err(known);
        }
    };
    if !AccessCode::can_be(wish.access_code) {
        may_register(app, actor)?;
        return Err(RegisterError::NoCode);
    }
    count_try(app, Tried::AccessCode, actor.from, Some(sign_in)).await?;
    let (account, asked) = app
        .retrying(|| enter(app, actor, sign_in, session, wish))
        .await?;
    let secret = goes_on(app, asked).await?;
    Ok(Registered { account, secret })
}

async fn enter(
    app: &Application,
    actor: &Actor,
    sign_in: SignInId,
    session: Option<&Secret>,
    wish: Register<'_>,
) -> Result<(Account, Option<Session>), RegisterError> {
    let moment = app.moment();
    let mut tx = app.storage.begin().await?;
    let sign_in = tx
        .sign_ins()
        .by_id(sign_in)
        .await?
        .ok_or(StorageError::Missing)?;
    // As they are in this transaction: a try of a moment ago counts.
    let delegate = delegate_so_far(&mut *tx, actor, &sign_in).await?;
    let as_it_is = Actor {
        who: match &delegate {
            Some(caller) => Who::Account(Box::new(caller.clone())),
            None => Who::Stranger(Box::new(sign_in.clone())),
        },
        from: actor.from,
    };
    let permit = authorize(&as_it_is, &Action::RedeemAccessCode, &moment, &app.terms)?;
    let hash = hash_of(app, &AccessCode::typed(wish.access_code));
    let found = tx.access_codes().by_hash(&hash).await?;
    let account = match &found {
        Some(code) => tx.accounts().by_id(code.account).await?,
        None => None,
    };
    let opened_by = match &account {
        Some(account) => tx.sign_ins().of_account(account.id).await?.len(),
        None => 0,
    };
    let entry = Entry {
        hash,
        found: found.as_ref().zip(account.as_ref()),
        opened_by,
        privacy_statement: wish
            .accepts_privacy_statement
            .then_some(app.tribunal.privacy_statement_version.as_str()),
        lock_code: LockCode::from_random(app.random.bytes()),
    };
    let redemption = match &delegate {
        Some(caller) => redeem_as_delegate(&permit, &caller.account, &sign_in, entry, &app.terms),
        None => redeem(&permit, &sign_in, entry, &app.terms),
    };
    match redemption {
        Redemption::Bound(bound) => {
            let Bound {
                sign_in,
                code,
                account,
            } = *bound;
            let account = match &delegate {
                Some(caller) => hand_over(app, &mut *tx, &permit, &caller.account, account).await?,
                None => account,
            };
            bind(&mut *tx, &account, &sign_in).await?;
            let asked = end_all(&mut *tx, sign_in.id, session).await?;
            tx.access_codes_mut().update(&code).await?;
            tx.accounts_mut().update(&account).await?;
            let owner = Recipient::owner_of(&account);
            let notice = app.notice(owner, About::SignInBound, moment.at);
            tx.notices_mut().queue(&notice).await?;
            let entry = permit.into_audit_entry();
            if let Some(caller) = delegate {
                // Each account has an entry of its own, by which it is found.
                let former = caller.account.id.uuid();
                tx.record(entry.clone().about(SubjectKind::Account, former))
                    .await?;
            }
            tx.commit(entry.about(SubjectKind::Account, account.id.uuid()))
                .await?;
            Ok((account, asked))
        }
        Redemption::Refused {
            sign_in: counted,
            why,
        } => {
            if let Some(caller) = delegate {
                let counted = Account {
                    lock: counted.lock,
                    ..caller.account
                };
                tx.accounts_mut().update(&counted).await?;
            } else if *counted != sign_in {
                tx.sign_ins_mut().update(&counted).await?;
            }
            let entry = permit.into_audit_entry().refused_because(reason(&why));
            tx.commit(entry).await?;
            Err(RegisterError::Refused(why))
        }
    }
}

/// Whoever asks, where they are a delegate so far.
async fn delegate_so_far(
    tx: &mut dyn Transaction,
    actor: &Actor,
    sign_in: &SignIn,
) -> Result<Option<Caller>, StorageError> {
    let (Some(caller), Some(account)) = (actor.caller(), sign_in.account()) else {
        return Ok(None);
    };
    let account = tx.accounts().by_id(account).await?;
    Ok(account.map(|account| Caller {
        account,
        means: caller.means.clone(),
    }))
}

/// Hands over to `counsel` what the same person has as `delegate`: their delegations go on, one of each counsel. Nobody signs in to the former account
/// any more, its tokens end, and no change of its profile waits for the registry. Gives the counsel's account.
async fn hand_over(
    app: &Application,
    tx: &mut dyn Transaction,
    permit: &Permit,
    delegate: &Account,
    counsel: Account,
) -> Result<Account, StorageError> {
    let theirs = tx.delegations().of_delegate(delegate.id).await?;
    let beside = tx.delegations().of_delegate(counsel.id).await?;
    let handed = handed_over(permit, &theirs, &beside, counsel.id, &app.terms);
    for delegation in &handed.changed {
        tx.delegations_mut().update(delegation).await?;
    }
    tell(app, tx, permit, (delegate, &counsel), &handed.counsel).await?;
    for token in tx.tokens().of_account(delegate.id).await? {
        tx.tokens_mut().update(&token.revoked(permit)).await?;
    }
    for sign_in in tx.sign_ins().of_account(delegate.id).await? {
        tx.sign_ins_mut().update(&sign_in.unbound()).await?;
    }
    let why = Overtaken::AnotherAccount;
    overtake(app, tx, permit, delegate, counsel.id, why).await?;
    Ok(counsel.with_role(Role::Delegate))
}

/// Tells of an account that took another's place: at the address to which that one's notices went, where it is another, and each counsel whose
/// cases it opens (MAIL-2).
async fn tell(
    app: &Application,
    tx: &mut dyn Transaction,
    permit: &Permit,
    (former, account): (&Account, &Account),
    counsel: &BTreeSet<AccountId>,
) -> Result<(), StorageError> {
    if !former.email.same_box(&account.email) {
        let owner = Recipient::owner_of(former);
        let notice = app.notice(owner, About::EmailAddressChanged, permit.at());
        tx.notices_mut().queue(&notice).await?;
    }
    for counsel in facts::accounts(tx, counsel.iter().copied()).await?.values() {
        let owner = Recipient::owner_of(counsel);
        let notice = app.notice(owner, About::DelegateAccountChanged, permit.at());
        tx.notices_mut().queue(&notice).await?;
    }
    Ok(())
}

/// Lets `sign_in` open `account`, and it alone: whoever is moved to another service leaves the old one behind, and its sessions (REG-7).
async fn bind(
    tx: &mut dyn Transaction,
    account: &Account,
    sign_in: &SignIn,
) -> Result<(), StorageError> {
    for other in tx.sign_ins().of_account(account.id).await? {
        if other.id != sign_in.id {
            tx.sign_ins_mut().update(&other.unbound()).await?;
            end_all(tx, other.id, None).await?;
        }
    }
    tx.sign_ins_mut().update(sign_in).await
}

/// The reason as the audit trail keeps it.
const fn reason(why: &RedeemRefused) -> &'static str {
    match why {
        RedeemRefused::Wrong { .. } => "access-code-wrong",
        RedeemRefused::Expired => "access-code-expired",
        RedeemRefused::Blocked(_) => "blocked",
        RedeemRefused::RegisteredAlready => "registered-already",
        RedeemRefused::PrivacyStatementNotAccepted => "privacy-statement-not-accepted",
        RedeemRefused::NotStanding(_) => "counsel-not-standing",
    }
}
