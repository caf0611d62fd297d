//! My Profile: what the tribunal knows of a person, the changes that they ask for, and the registry's 48-hour queue of them (PRO-1).

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::id::Id;
use domain::notice::{About, Notice, Recipient};
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::policy::{Action, Actor, OwnWork, Permit, RegistryWork, authorize};
use domain::profile_change::{
    Changes, Outcome, Overtaken, ProfileChange, ProfileChangeId, ProfileChangeRefused,
};

use crate::access_code::void_all;
use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::ports::records::{Page, ProfileChangeQuery};
use crate::ports::storage::{StorageError, Transaction};
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError, facts};

/// So many of the latest changes are shown to a person.
const LATEST: u32 = 10;

/// My Profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// As it is.
    pub account: Account,
    /// What was asked for, the newest first.
    pub changes: Vec<ProfileChange>,
}

/// Why a change is not taken or decided.
#[derive(Debug, thiserror::Error)]
pub enum ChangeProfileError {
    /// The door stayed shut, there is no such change, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// A rule stands against it.
    #[error(transparent)]
    Refused(#[from] ProfileChangeRefused),
}

with_use_case_errors!(ChangeProfileError);

/// Shows one's own profile.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for strangers and blocked accounts.
pub async fn see_profile(app: &Application, actor: &Actor) -> Result<Profile, UseCaseError> {
    let action = Action::Own(OwnWork::SeeProfile);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    let account = actor
        .caller()
        .ok_or(UseCaseError::NotFound)?
        .account
        .clone();
    let mut records = app.storage.read().await?;
    let changes = records
        .profile_changes()
        .of_account(account.id, LATEST)
        .await?;
    Ok(Profile { account, changes })
}

/// Shows one's own profile to whoever is about to change it: the sign-in that the change takes comes before anything is typed (REG-8).
///
/// # Errors
/// [`UseCaseError::Forbidden`] where the change would be refused.
pub async fn profile_to_change(app: &Application, actor: &Actor) -> Result<Profile, UseCaseError> {
    let action = Action::Own(OwnWork::ChangeProfile);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    see_profile(app, actor).await
}

/// Asks for a change of one's own profile; it waits for the registry.
///
/// # Errors
/// [`ChangeProfileError`].
pub async fn change_profile(
    app: &Application,
    actor: &Actor,
    changes: &Changes,
    idempotency_key: Option<&str>,
) -> Result<ProfileChange, ChangeProfileError> {
    let once = once(app, changes, idempotency_key)?;
    app.retrying(|| async {
        let moment = app.moment();
        let action = Action::Own(OwnWork::ChangeProfile);
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let caller = actor.caller().ok_or(UseCaseError::NotFound)?;
        let mut tx = app.storage.begin().await?;
        let before = answered_with::<ChangeProfileError>(&mut *tx, actor, once.as_ref()).await?;
        if let Some(before) = before {
            let change = tx.profile_changes().by_id(Id::new(before)).await?;
            return Ok(change.ok_or(UseCaseError::NotFound)?);
        }
        let account = tx.accounts().by_id(caller.account.id).await?;
        let account = account.ok_or(UseCaseError::NotFound)?;
        let earlier = tx.profile_changes().of_account(account.id, LATEST).await?;
        let id: ProfileChangeId = Id::new(app.random.uuid(moment.at));
        let change = ProfileChange::ask(&permit, id, &account, changes.clone(), &earlier)?;
        tx.profile_changes_mut().insert(&change).await?;
        let record = id.uuid();
        remember(&mut *tx, account.id, once.as_ref(), record, moment.at).await?;
        let notice = notice(
            app,
            &change,
            Recipient::owner_of(&account),
            About::ProfileChangeAsked,
        );
        tx.notices_mut().queue(&notice).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::ProfileChange, id.uuid()))
            .await?;
        Ok(change)
    })
    .await
}

/// Everything that makes two changes the same.
fn once(
    app: &Application,
    changes: &Changes,
    key: Option<&str>,
) -> Result<Option<Once>, KeyRefused> {
    let name = changes.name.as_ref();
    let asked = [
        name.map(PersonName::given),
        name.map(PersonName::family),
        changes.email.as_ref().map(EmailAddress::as_str),
        changes.cell.as_ref().map(Telephone::as_str),
        changes.language.map(Language::code),
    ];
    let asked = asked.into_iter().map(Option::unwrap_or_default);
    let asked: Vec<&str> = std::iter::once("change-profile").chain(asked).collect();
    Once::of(app, key, &asked)
}

/// Takes a change of one's own profile back that waits, and tells the person, as the asking was told (MAIL-2).
///
/// # Errors
/// [`ChangeProfileError`]; where an officer decides at the same time, one of the two is told that it was decided already.
pub async fn withdraw_profile_change(
    app: &Application,
    actor: &Actor,
    id: ProfileChangeId,
    idempotency_key: Option<&str>,
) -> Result<ProfileChange, ChangeProfileError> {
    let asked = ["withdraw-profile-change", &id.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(|| async {
        let moment = app.moment();
        // Whoever may change nothing is told so whether or not there is such a change.
        let may_change = Action::Own(OwnWork::ChangeProfile);
        authorize(actor, &may_change, &moment, &app.terms).map_err(UseCaseError::from)?;
        let mut tx = app.storage.begin().await?;
        let change = tx.profile_changes().by_id(id).await?;
        let change = change.ok_or(UseCaseError::NotFound)?;
        let action = Action::Own(OwnWork::WithdrawProfileChange(&change));
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        if answered_with::<ChangeProfileError>(&mut *tx, actor, once.as_ref())
            .await?
            .is_some()
        {
            return Ok(change);
        }
        let account = tx.accounts().by_id(change.account).await?;
        let account = account.ok_or(UseCaseError::NotFound)?;
        let withdrawn = change.withdraw(&permit)?;
        tx.profile_changes_mut().decide(&withdrawn).await?;
        let record = id.uuid();
        remember(&mut *tx, account.id, once.as_ref(), record, moment.at).await?;
        let owner = Recipient::owner_of(&account);
        let notice = notice(app, &withdrawn, owner, About::ProfileChangeWithdrawn);
        tx.notices_mut().queue(&notice).await?;
        tx.commit(permit.into_audit_entry()).await?;
        Ok(withdrawn)
    })
    .await
}

fn notice(app: &Application, change: &ProfileChange, to: Recipient, about: About) -> Notice {
    let at = change
        .decided
        .as_ref()
        .map_or(change.submitted_at, |decided| decided.at);
    app.notice(to, about, at)
}

/// A change with the profile that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The change.
    pub change: ProfileChange,
    /// The profile as it is.
    pub account: Account,
}

/// The registry's queue, the oldest first. A change of an account that makes no sense is left out: it could not be decided.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but registry officers.
pub async fn list_profile_changes(
    app: &Application,
    actor: &Actor,
    query: &ProfileChangeQuery,
) -> Result<Page<Asked>, UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeProfileChanges);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    let mut records = app.storage.read().await?;
    let found = records.profile_changes().list(query).await?;
    let whose = found.items.iter().map(|change| change.account);
    let accounts = facts::accounts(&mut *records, whose).await?;
    let items = found.items.into_iter().filter_map(|change| {
        let account = accounts.get(&change.account)?.clone();
        Some(Asked { change, account })
    });
    Ok(Page {
        items: items.collect(),
        next: found.next,
    })
}

/// One change of the queue.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but registry officers; [`UseCaseError::NotFound`].
pub async fn see_profile_change(
    app: &Application,
    actor: &Actor,
    id: ProfileChangeId,
) -> Result<Asked, UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeProfileChanges);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    let mut records = app.storage.read().await?;
    let change = records.profile_changes().by_id(id).await?;
    let change = change.ok_or(UseCaseError::NotFound)?;
    let account = records.accounts().by_id(change.account).await?;
    let account = account.ok_or(UseCaseError::NotFound)?;
    Ok(Asked { change, account })
}

/// Applies a change or refuses it with a reason, and tells the person; a new e-mail address is announced to the old one too, and codes that
/// went to another cell number are void. A repeat under the same key finds it decided.
///
/// # Errors
/// [`ChangeProfileError`]; of two officers who decide at once, the second is told that it was decided already.
pub async fn decide_profile_change(
    app: &Application,
    actor: &Actor,
    id: ProfileChangeId,
    outcome: &Outcome,
    idempotency_key: Option<&str>,
) -> Result<Asked, ChangeProfileError> {
    let reason = match outcome {
        Outcome::Applied => ["applied", ""],
        Outcome::Refused { reason } => ["refused", reason.as_str()],
        Outcome::Withdrawn => ["withdrawn", ""],
    };
    let asked = [
        "decide-profile-change",
        &id.to_string(),
        reason[0],
        reason[1],
    ];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(|| async {
        let moment = app.moment();
        let may_see = Action::OfRegistry(RegistryWork::SeeProfileChanges);
        authorize(actor, &may_see, &moment, &app.terms).map_err(UseCaseError::from)?;
        let mut tx = app.storage.begin().await?;
        let change = tx.profile_changes().by_id(id).await?;
        let change = change.ok_or(UseCaseError::NotFound)?;
        let action = Action::OfRegistry(RegistryWork::DecideProfileChange(&change));
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let officer = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let before = tx.accounts().by_id(change.account).await?;
        let before = before.ok_or(UseCaseError::NotFound)?;
        let answered = answered_with::<ChangeProfileError>(&mut *tx, actor, once.as_ref()).await?;
        if answered.is_some() {
            return Ok(Asked {
                change,
                account: before,
            });
        }
        remember(&mut *tx, officer, once.as_ref(), id.uuid(), moment.at).await?;
        let (change, account) = change.decide(&permit, officer, outcome.clone(), &before)?;
        tx.profile_changes_mut().decide(&change).await?;
        if account != before {
            tx.accounts_mut().update(&account).await?;
        }
        if account.cell != before.cell {
            void_all(&mut *tx, account.id, moment.at).await?;
        }
        for (to, about) in told(&before, &account, outcome) {
            let notice = notice(app, &change, to, about);
            tx.notices_mut().queue(&notice).await?;
        }
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Account, account.id.uuid()))
            .await?;
        Ok(Asked { change, account })
    })
    .await
}

/// Refuses what waits of an account, as something overtook it, and tells the person at the address on record, never at one that was asked for.
/// `by` is whoever did what overtook it.
pub(crate) async fn overtake(
    app: &Application,
    tx: &mut dyn Transaction,
    permit: &Permit,
    account: &Account,
    by: AccountId,
    why: Overtaken,
) -> Result<(), StorageError> {
    for change in tx.profile_changes().of_account(account.id, LATEST).await? {
        let refused = change.overtaken(permit, by, why);
        if refused == change {
            continue;
        }
        tx.profile_changes_mut().decide(&refused).await?;
        let owner = Recipient::owner_of(account);
        let notice = notice(app, &refused, owner, About::ProfileChangeRefused);
        tx.notices_mut().queue(&notice).await?;
    }
    Ok(())
}

/// Who is told of a decision, and what (MAIL-2).
fn told(before: &Account, after: &Account, outcome: &Outcome) -> Vec<(Recipient, About)> {
    let owner = Recipient::owner_of(after);
    let at = |email: &EmailAddress| Recipient {
        email: email.clone(),
        ..owner.clone()
    };
    match outcome {
        Outcome::Refused { .. } => vec![(owner.clone(), About::ProfileChangeRefused)],
        Outcome::Withdrawn => vec![(owner.clone(), About::ProfileChangeWithdrawn)],
        Outcome::Applied => {
            let mut told = vec![(owner.clone(), About::ProfileChangeApplied)];
            if after.email != before.email {
                told.push((at(&before.email), About::EmailAddressChanged));
                told.push((at(&after.email), About::EmailAddressChanged));
            }
            told
        }
    }
}
