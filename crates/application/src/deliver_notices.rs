//! The job that sends the notices that wait (MAIL-3). Claimed with a lease, sent with no transaction open, marked afterwards: a crash in
//! between sends once more, under the same Message-ID.

use domain::policy::Job;
use time::Duration;

use crate::passed_over;
use crate::ports::mailer::MailError;
use crate::ports::outbox::{Claimed, Failure};
use crate::{Application, UseCaseError};

/// How long a worker may hold what it claimed: longer than as many tries as it claims, each at a server that is silent to the end, which the
/// configuration has be a minute at most. What a worker that died held is sent by another after that.
pub const LEASE: Duration = Duration::minutes(15);
/// How many it claims at a time.
pub const AT_A_TIME: u32 = 10;
/// A pass stops after so many rounds; the next pass goes on.
const ROUNDS: u32 = 1_000;
/// Retries come at most this far apart.
const LONGEST_WAIT: Duration = Duration::hours(4);

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Handed over to the mail server.
    pub delivered: u64,
    /// To be tried again.
    pub failed: u64,
    /// Notices that make no sense, and that somebody must look at; they wait, and are looked at again when the lease is over.
    pub unreadable: u64,
}

/// Sends what waits.
///
/// # Errors
/// [`UseCaseError::Storage`]; what was sent before stays marked.
pub async fn deliver_notices(app: &Application) -> Result<Delivered, UseCaseError> {
    app.may_run(Job::DeliverNotices, &app.moment())?;
    let mut done = Delivered::default();
    for _ in 0..ROUNDS {
        if app.halt.is_called() {
            break;
        }
        let now = app.clock.now();
        let claimed = app.outbox.claim(now, now + LEASE, AT_A_TIME).await?;
        if claimed.is_empty() {
            break;
        }
        let (claimed, unreadable) = passed_over::legible(claimed);
        done.unreadable += unreadable;
        for one in claimed {
            if deliver(app, &one).await? {
                done.delivered += 1;
            } else {
                done.failed += 1;
            }
        }
    }
    Ok(done)
}

async fn deliver(app: &Application, claimed: &Claimed) -> Result<bool, UseCaseError> {
    let Claimed { notice, attempts } = claimed;
    let now = app.clock.now();
    match app.mailer.send(notice, now).await {
        Ok(()) => {
            app.outbox.delivered(notice, now).await?;
            Ok(true)
        }
        Err(error) => {
            let why = match &error {
                MailError::RefusedForGood(_) => Failure::RefusedForGood,
                MailError::TryLater(_) => Failure::TryLater,
            };
            tracing::warn!(notice = %notice.id, kind = notice.about.kind(), attempts, error = &error as &dyn std::error::Error, "a notice was not handed over");
            app.outbox
                .failed(notice, now + wait_after(*attempts), why)
                .await?;
            Ok(false)
        }
    }
}

/// Twice as long after each try: one minute, two, four … up to four hours. A dead mail server delays and never drops.
fn wait_after(attempts: u32) -> Duration {
    let minutes = 1_i64 << attempts.saturating_sub(1).min(8);
    Duration::minutes(minutes).min(LONGEST_WAIT)
}
