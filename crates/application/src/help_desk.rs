//! The help desk: finds a blocked person by lock code or an account by e-mail, blocks, unblocks, resets a sign-in, sees the account's own audit
//! entries (SEC-1, REG-6). It never sees what is in a case.

use domain::account::{Account, AccountId};
use domain::audit::{AuditEntry, Subject, SubjectKind};
use domain::id::Id;
use domain::lock::{Lock, LockCode};
use domain::notice::{About, Recipient};
use domain::person::EmailAddress;
use domain::policy::{Action, Actor, HelpDeskWork, authorize};
use domain::profile_change::Overtaken;
use domain::sign_in::{SignIn, SignInId};
use uuid::Uuid;

use crate::access_code::void_all;
use crate::once::{KeyRefused, Once, all_answered_with, remember_all};
use crate::ports::records::{AuditRecord, Page, PageRequest};
use crate::ports::storage::{Snapshot, StorageError};
use crate::profile::overtake;
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// By what to find somebody.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// What a blocked person reads out.
    LockCode(LockCode),
    /// An e-mail address, whole.
    Email(EmailAddress),
}

/// Whom the help desk found.
#[derive(Debug, Clone)]
pub enum Found {
    /// An account, and how many sign-ins open it.
    Account(Box<Account>, usize),
    /// A sign-in that opens no account, blocked by wrong tries.
    SignIn(Box<SignIn>),
}

impl Found {
    /// By which the other calls know it.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Account(account, _) => account.id.uuid(),
            Self::SignIn(sign_in) => sign_in.id.uuid(),
        }
    }

    /// As the audit trail names it.
    fn subject(&self) -> Subject {
        let kind = match self {
            Self::Account(..) => SubjectKind::Account,
            Self::SignIn(_) => SubjectKind::SignIn,
        };
        Subject {
            kind,
            id: self.id(),
        }
    }

    /// Tries and block.
    pub fn lock(&self) -> &Lock {
        match self {
            Self::Account(account, _) => &account.lock,
            Self::SignIn(sign_in) => &sign_in.lock,
        }
    }
}

/// Asks whether somebody may look for accounts at all.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the help desk.
pub fn may_find_accounts(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    let action = Action::OfHelpDesk(HelpDeskWork::FindAccount);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(())
}

/// Finds them. That it was looked for, and by what, is in the audit trail with whoever was found (SEC-1); what was entered is not.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the help desk.
pub async fn find_accounts(
    app: &Application,
    actor: &Actor,
    wanted: &Wanted,
) -> Result<Vec<Found>, UseCaseError> {
    let action = Action::OfHelpDesk(match wanted {
        Wanted::LockCode(_) => HelpDeskWork::FindByLockCode,
        Wanted::Email(_) => HelpDeskWork::FindByEmail,
    });
    app.retrying(|| async {
        let permit = authorize(actor, &action, &app.moment(), &app.terms)?;
        let mut tx = app.storage.begin().await?;
        let found = look_for(&mut *tx, wanted).await?;
        let entry = permit.into_audit_entry();
        let of_each = found.iter().map(|one| {
            let Subject { kind, id } = one.subject();
            entry.clone().about(kind, id)
        });
        let mut of_each: Vec<AuditEntry> = of_each.collect();
        let last = of_each.pop().unwrap_or(entry);
        tx.record_all(&of_each).await?;
        tx.commit(last).await?;
        Ok(found)
    })
    .await
}

async fn look_for(records: &mut dyn Snapshot, wanted: &Wanted) -> Result<Vec<Found>, StorageError> {
    let mut found = Vec::new();
    let accounts = match wanted {
        Wanted::LockCode(code) => {
            if let Some(sign_in) = records.sign_ins().by_lock_code(code).await? {
                found.push(Found::SignIn(Box::new(sign_in)));
            }
            Vec::from_iter(records.accounts().by_lock_code(code).await?)
        }
        Wanted::Email(email) => records.accounts().by_email(email).await?,
    };
    for account in accounts {
        let sign_ins = records.sign_ins().of_account(account.id).await?.len();
        found.push(Found::Account(Box::new(account), sign_ins));
    }
    Ok(found)
}

/// Shows one account, or one sign-in without account.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the help desk; [`UseCaseError::NotFound`].
pub async fn see_found(app: &Application, actor: &Actor, id: Uuid) -> Result<Found, UseCaseError> {
    may_find_accounts(app, actor)?;
    let mut records = app.storage.read().await?;
    if let Some(account) = records.accounts().by_id(Id::new(id)).await? {
        let sign_ins = records.sign_ins().of_account(account.id).await?.len();
        return Ok(Found::Account(Box::new(account), sign_ins));
    }
    let sign_in = records.sign_ins().by_id(Id::new(id)).await?;
    sign_in
        .map(|sign_in| Found::SignIn(Box::new(sign_in)))
        .ok_or(UseCaseError::NotFound)
}

/// Blocks an account, which its tokens and its delegates feel at their next request (SEC-1, DEL-8). Sessions and tokens stay, so that nothing is
/// lost where the alarm was false. One that is blocked already stays as it is.
///
/// # Errors
/// [`UseCaseError`].
pub async fn block(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<(), UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let Some(account) = tx.accounts().by_id(account).await? else {
            return Err(no_such_account(app, actor));
        };
        let action = Action::OfHelpDesk(HelpDeskWork::Block(&account));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        if account.lock.block.is_none() {
            let owner = Recipient::owner_of(&account);
            let notice = app.notice(owner, About::AccountBlocked, moment.at);
            tx.notices_mut().queue(&notice).await?;
        }
        let lock_code = LockCode::from_random(app.random.bytes());
        tx.accounts_mut()
            .update(&account.blocked(&permit, lock_code))
            .await?;
        Ok(tx.commit(permit.into_audit_entry()).await?)
    })
    .await
}

/// Unblocks an account, or a sign-in that has none. One that is not blocked stays as it is, its tries forgotten.
///
/// # Errors
/// [`UseCaseError`].
pub async fn unblock(app: &Application, actor: &Actor, id: Uuid) -> Result<(), UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        if let Some(account) = tx.accounts().by_id(Id::new(id)).await? {
            let action = Action::OfHelpDesk(HelpDeskWork::Unblock(&account));
            let permit = authorize(actor, &action, &moment, &app.terms)?;
            if account.lock.block.is_some() {
                let owner = Recipient::owner_of(&account);
                let notice = app.notice(owner, About::AccountUnblocked, moment.at);
                tx.notices_mut().queue(&notice).await?;
            }
            tx.accounts_mut()
                .update(&account.unblocked(&permit))
                .await?;
            return Ok(tx.commit(permit.into_audit_entry()).await?);
        }
        let Some(sign_in) = tx.sign_ins().by_id(Id::new(id)).await? else {
            return Err(no_such_account(app, actor));
        };
        let action = Action::OfHelpDesk(HelpDeskWork::UnblockSignIn(&sign_in));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        let unblocked = SignIn {
            lock: Lock::lifted(),
            ..sign_in
        };
        tx.sign_ins_mut().update(&unblocked).await?;
        Ok(tx.commit(permit.into_audit_entry()).await?)
    })
    .await
}

/// Why a sign-in is not reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The door stayed shut, there is no such account, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
}

with_use_case_errors!(ResetError);

/// Resets an account's sign-in: no sign-in opens it any more, no code that was issued before binds another, no change of the profile that was
/// asked for before is applied, and every session of it ends (REG-6). Says how many sign-ins opened it. A repeat under the same key resets
/// nothing: a sign-in that was bound since stays.
///
/// # Errors
/// [`ResetError`].
pub async fn reset_sign_in(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    idempotency_key: Option<&str>,
) -> Result<usize, ResetError> {
    let asked = ["reset-sign-in", &account.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    let reset = app
        .retrying(|| async {
            let moment = app.moment();
            let mut tx = app.storage.begin().await?;
            let Some(account) = tx.accounts().by_id(account).await? else {
                return Err(no_such_account(app, actor).into());
            };
            let action = Action::OfHelpDesk(HelpDeskWork::ResetSignIn(&account));
            let permit =
                authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
            let by = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
            let before = all_answered_with::<ResetError>(&mut *tx, actor, once.as_ref()).await?;
            if let Some(before) = before {
                return Ok(Reset::Before(before.len()));
            }
            let mut unbound = Vec::new();
            for sign_in in tx.sign_ins().of_account(account.id).await? {
                tx.sign_ins_mut().update(&sign_in.unbound()).await?;
                unbound.push(sign_in.id);
            }
            let records = unbound.iter().map(|one: &SignInId| one.uuid()).collect();
            remember_all(&mut *tx, by.into(), once.as_ref(), records, moment.at).await?;
            void_all(&mut *tx, account.id, moment.at).await?;
            let why = Overtaken::SignInReset;
            overtake(app, &mut *tx, &permit, &account, by, why).await?;
            let owner = Recipient::owner_of(&account);
            let notice = app.notice(owner, About::SignInReset, moment.at);
            tx.notices_mut().queue(&notice).await?;
            tx.commit(permit.into_audit_entry()).await?;
            Ok::<_, ResetError>(Reset::Now(unbound))
        })
        .await?;
    let unbound = match reset {
        Reset::Now(unbound) => unbound,
        Reset::Before(sign_ins) => return Ok(sign_ins),
    };
    // They open nothing any more since the commit; this removes them for good.
    for sign_in in &unbound {
        let ended = app.sessions.end_all_of(*sign_in).await;
        ended.map_err(UseCaseError::from)?;
    }
    Ok(unbound.len())
}

/// What became of the sign-ins that opened an account.
enum Reset {
    /// These open nothing any more.
    Now(Vec<SignInId>),
    /// So many opened it when the same request reset it before.
    Before(usize),
}

/// What an account did and what was done to it, without any case.
///
/// # Errors
/// [`UseCaseError`].
pub async fn see_account_audit(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    page: &PageRequest,
) -> Result<Page<AuditRecord>, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let Some(account) = records.accounts().by_id(account).await? else {
        return Err(no_such_account(app, actor));
    };
    let action = Action::OfHelpDesk(HelpDeskWork::SeeAudit(&account));
    authorize(actor, &action, &moment, &app.terms)?;
    let found = records.audit().of_account(account.id, page).await?;
    let without_case = |entry: AuditRecord| AuditRecord {
        case: None,
        on_behalf_of: None,
        subjects: String::new(),
        ..entry
    };
    Ok(Page {
        items: found.items.into_iter().map(without_case).collect(),
        next: found.next,
    })
}

/// That there is none is for the help desk to know; everybody else is told the same as of one that is there.
fn no_such_account(app: &Application, actor: &Actor) -> UseCaseError {
    may_find_accounts(app, actor)
        .err()
        .unwrap_or(UseCaseError::NotFound)
}
