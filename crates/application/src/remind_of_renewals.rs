//! The job that reminds counsel of delegations that end in ten days (DEL-3, MAIL-2). Once per term, whatever happens: the notice bears a key
//! that no two share, so two workers, a crash, or a job that did not run for days change nothing. Access does not depend on it.

use domain::delegation::{Delegation, DelegationId, State};
use domain::id::Id;
use domain::notice::{About, Notice, OnceKey, Recipient};
use domain::policy::{Action, Actor, Job, authorize};

use crate::ports::storage::Transaction;
use crate::{Application, UseCaseError};

/// How many delegations are looked at together.
const AT_A_TIME: u32 = 500;

/// Writes the reminders that are due, and says how many.
///
/// # Errors
/// [`UseCaseError::Storage`]; what was written before stays.
pub async fn remind_of_renewals(app: &Application) -> Result<u64, UseCaseError> {
    let mut written = 0;
    let mut from = None;
    loop {
        let (last, more) = app.retrying(|| remind_some(app, from)).await?;
        written += more;
        if last.is_none() {
            return Ok(written);
        }
        from = last;
    }
}

/// The next few, in one transaction; gives the last that was looked at.
async fn remind_some(
    app: &Application,
    from: Option<DelegationId>,
) -> Result<(Option<DelegationId>, u64), UseCaseError> {
    let moment = app.moment();
    let permit = authorize(
        &Actor::job(Job::DelegationReminders),
        &Action::RunJob(Job::DelegationReminders),
        &moment,
        &app.terms,
    )?;
    let ended = moment.at - app.terms.delegation;
    let due = ended + app.terms.reminder;
    let mut tx = app.storage.begin().await?;
    let delegations = tx
        .delegations()
        .terms_begun(ended, due, from, AT_A_TIME)
        .await?;
    let Some(last) = delegations.last().map(|delegation| delegation.id) else {
        return Ok((None, 0));
    };
    let mut entry = permit.into_audit_entry();
    let mut written = 0;
    for delegation in delegations {
        if delegation.state(moment.at, &app.terms) != State::RenewalDue {
            continue;
        }
        if let Some(notice) = reminder(app, &mut *tx, &delegation).await?
            && tx.notices_mut().queue(&notice).await?
        {
            entry = entry.about("delegation", delegation.id.uuid());
            written += 1;
        }
    }
    // Where nothing was written there is nothing to keep, the entry included.
    if written > 0 {
        tx.commit(entry).await?;
    }
    Ok((Some(last), written))
}

async fn reminder(
    app: &Application,
    tx: &mut dyn Transaction,
    delegation: &Delegation,
) -> Result<Option<Notice>, UseCaseError> {
    let (Some(running), Some(ends_at)) = (delegation.running, delegation.ends_at(&app.terms))
    else {
        return Ok(None);
    };
    let counsel = tx.accounts().by_id(delegation.counsel).await?;
    let now = app.clock.now();
    Ok(counsel.map(|counsel| Notice {
        id: Id::new(app.random.uuid(now)),
        to: Recipient::owner_of(&counsel),
        about: About::RenewalDue { ends_at },
        written_at: now,
        once: Some(OnceKey::renewal_reminder(
            delegation.id,
            running.term_began_at,
        )),
    }))
}
