//! The jobs that watch the terms of delegations (DEL-3, MAIL-2): counsel is reminded ten days before the end, and both are told when the
//! access is gone. Each is told once per term, whatever happens: the notice bears a key that no two share, so two workers, a crash, or a
//! job that did not run for days change nothing. Access does not depend on it.

use std::collections::BTreeMap;

use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::delegation::{Delegation, DelegationId, Promised, State};
use domain::id::Id;
use domain::notice::{About, Notice, OnceKey, Recipient};
use domain::policy::Job;
use domain::tribunal_time::Moment;
use time::OffsetDateTime;

use crate::passed_over;
use crate::ports::storage::Transaction;
use crate::{Application, UseCaseError};

/// How many delegations are looked at together.
const AT_A_TIME: u32 = 2_000;

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Notices that were written.
    pub notices: u64,
    /// Records that make no sense, and that somebody must look at: delegations, and counsel or delegates of others.
    pub unreadable: u64,
}

/// Writes the reminders that are due, and says how many.
///
/// # Errors
/// [`UseCaseError::Storage`]; what was written before stays.
pub async fn remind_of_renewals(app: &Application) -> Result<Told, UseCaseError> {
    watch(app, Job::DelegationReminders).await
}

/// Tells both that a delegation's access is gone, and says how many notices that took. Lapsed ones leave the lists by themselves.
///
/// # Errors
/// [`UseCaseError::Storage`]; what was written before stays.
pub async fn tell_of_ends(app: &Application) -> Result<Told, UseCaseError> {
    watch(app, Job::DelegationCleanup).await
}

async fn watch(app: &Application, job: Job) -> Result<Told, UseCaseError> {
    while app.retrying(|| promise_some(app, job)).await? {}
    let mut told = Told::default();
    let mut from = None;
    loop {
        let (last, more) = app.retrying(|| watch_some(app, job, from)).await?;
        told.notices += more.notices;
        told.unreadable += more.unreadable;
        if last.is_none() || app.halt.is_called() {
            return Ok(told);
        }
        from = last;
    }
}

/// Writes down what the present terms promise for the next few delegations of which that is not on record, and says whether there were
/// any: those of a version of the portal that did not write it yet (DEL-1).
async fn promise_some(app: &Application, job: Job) -> Result<bool, UseCaseError> {
    let moment = app.moment();
    let permit = app.may_run(job, &moment)?;
    let mut tx = app.storage.begin().await?;
    let promised = tx
        .delegations_mut()
        .promise(Promised::by(&app.terms), AT_A_TIME)
        .await?;
    if promised.is_empty() {
        return Ok(false);
    }
    let promised = promised.into_iter().map(Id::uuid);
    tx.commit(
        permit
            .into_audit_entry()
            .about_each(SubjectKind::Promised, promised),
    )
    .await?;
    Ok(true)
}

/// Where a delegation stands among those that a job looks at: by the end of its term.
type Place = (OffsetDateTime, DelegationId);

/// When the terms end that a job looks at now: after the first, and not after the second.
fn window(app: &Application, job: Job, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    if job == Job::DelegationReminders {
        (now, now + app.terms.reminder)
    } else {
        // While it can be renewed, and as long again for a job that did not run.
        (now - app.terms.renewal_grace * 2, now)
    }
}

/// The next few, in one transaction; gives the last that was looked at.
async fn watch_some(
    app: &Application,
    job: Job,
    from: Option<Place>,
) -> Result<(Option<Place>, Told), UseCaseError> {
    let moment = app.moment();
    let permit = app.may_run(job, &moment)?;
    let (after, until) = window(app, job, moment.at);
    let mut tx = app.storage.begin().await?;
    let found = tx
        .delegations()
        .terms_ending(after, until, from, AT_A_TIME)
        .await?;
    let Some((ends_at, last)) = found.last() else {
        return Ok((None, Told::default()));
    };
    let last = match last {
        Ok(delegation) => delegation.id,
        Err(passed_over) => Id::new(passed_over.id),
    };
    let last = Some((*ends_at, last));
    let found = found.into_iter().map(|(_, one)| one).collect();
    let (delegations, of_them) = passed_over::legible(found);
    let (people, of_people) = people(&mut *tx, &delegations).await?;
    let (mut notices, mut about) = (Vec::new(), BTreeMap::new());
    for delegation in &delegations {
        if let Some(counsel) = people.get(&delegation.counsel) {
            let delegate = delegation.delegate().and_then(|id| people.get(&id));
            let to_delegate = Recipient::delegate_of(delegation, delegate);
            let both = (Recipient::owner_of(counsel), to_delegate);
            for notice in due(app, both, delegation, job, &moment) {
                about.insert(notice.id, delegation.id);
                notices.push(notice);
            }
        }
    }
    let written = tx.notices_mut().queue_all(&notices).await?;
    // Where nothing was written there is nothing to keep, the entry included.
    if !written.is_empty() {
        let told = written.iter().filter_map(|notice| about.get(notice));
        let told = told.map(|id| id.uuid());
        tx.commit(
            permit
                .into_audit_entry()
                .about_each(SubjectKind::Delegation, told),
        )
        .await?;
    }
    let told = Told {
        notices: written.len() as u64,
        unreadable: of_them + of_people,
    };
    Ok((last, told))
}

/// The counsel and the delegates of these delegations, and how many of them make no sense.
async fn people(
    tx: &mut dyn Transaction,
    delegations: &[Delegation],
) -> Result<(BTreeMap<AccountId, Account>, u64), UseCaseError> {
    let both = |one: &Delegation| std::iter::once(one.counsel).chain(one.delegate());
    let mut ids: Vec<AccountId> = delegations.iter().flat_map(both).collect();
    ids.sort_unstable();
    ids.dedup();
    let (accounts, unreadable) = passed_over::legible(tx.accounts().by_ids(&ids).await?);
    let accounts = accounts.into_iter().map(|account| (account.id, account));
    Ok((accounts.collect(), unreadable))
}

/// What is to be told of a delegation now, to counsel and to the delegate; the key sees to it that it is told once.
fn due(
    app: &Application,
    (to_counsel, to_delegate): (Recipient, Recipient),
    delegation: &Delegation,
    job: Job,
    moment: &Moment,
) -> Vec<Notice> {
    let (Some(running), Some(ends_at)) = (delegation.running, delegation.ends_at(&app.terms))
    else {
        return Vec::new();
    };
    let (id, began) = (delegation.id, running.term_began_at);
    let notice = |to: Recipient, about: About, once: OnceKey| Notice {
        once: Some(once),
        ..app.notice(to, about, moment.at)
    };
    match delegation.state(moment.at, &app.terms) {
        State::RenewalDue if job == Job::DelegationReminders => {
            let once = OnceKey::renewal_reminder(id, began);
            vec![notice(to_counsel, About::RenewalDue { ends_at }, once)]
        }
        state @ (State::Expired | State::Lapsed) if job == Job::DelegationCleanup => {
            let about = match (state, delegation.renewable_until(&app.terms)) {
                (State::Expired, Some(renewable_until)) => {
                    About::DelegationExpired { renewable_until }
                }
                _ => About::DelegationEnded,
            };
            let once = |to_counsel| OnceKey::term_over(id, began, to_counsel);
            vec![
                notice(to_counsel, about.clone(), once(true)),
                notice(to_delegate, about, once(false)),
            ]
        }
        _ => Vec::new(),
    }
}
