//! Notices that do not arrive are work, not silence: the registry sees whom they were for and what else reaches them, sends them again or
//! says that it is done (X-9, MAIL-3).

use domain::account::Account;
use domain::audit::SubjectKind;
use domain::delegation::Delegation;
use domain::notice::{Notice, NoticeId, SendAgainRefused};
use domain::policy::{Action, Actor, Permit, RegistryWork, authorize};

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::passed_over;
use crate::ports::records::{Page, PageRequest, Undelivered, UndeliveredQuery};
use crate::ports::storage::{Snapshot, StorageError};
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError, facts};

/// After so many tries, which take a little more than four hours, a notice keeps failing.
pub const KEEPS_FAILING_AFTER: u32 = 9;

/// A notice that does not arrive, and its person.
#[derive(Debug, Clone)]
pub struct ToReach {
    /// The notice.
    pub undelivered: Undelivered,
    /// Whom it is for, with their other channels; `None` for somebody who is invited and has no account yet, or whose record makes no sense.
    pub account: Option<Account>,
    /// The counsel who invited, where it is an invitation: only they can put the address right.
    pub invited_by: Option<Account>,
    /// Whether sending it again still says something.
    pub can_be_sent_again: bool,
}

/// Why nothing becomes of a notice.
#[derive(Debug, thiserror::Error)]
pub enum RemedyError {
    /// The door stayed shut, there is no such notice, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// It is not sent again.
    #[error(transparent)]
    Refused(#[from] SendAgainRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
}

with_use_case_errors!(RemedyError);

/// The delegation whose invitation a notice brings.
async fn invited_by(
    records: &mut dyn Snapshot,
    notice: &Notice,
) -> Result<Option<Delegation>, StorageError> {
    let Some(number) = notice.invitation() else {
        return Ok(None);
    };
    let of_number = records.delegations().invitations_of_number(number).await?;
    let mut of_number = of_number.into_iter();
    Ok(of_number.find(|one| one.invitee.email == notice.to.email))
}

/// Lists them, the oldest first. One that makes no sense is left out, and told of in the log; one whose person's record makes none is shown
/// without them.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but registry officers.
pub async fn list_undelivered(
    app: &Application,
    actor: &Actor,
    settled: bool,
    page: &PageRequest,
) -> Result<Page<ToReach>, UseCaseError> {
    let (action, moment) = (
        Action::OfRegistry(RegistryWork::SeeUndeliverable),
        app.moment(),
    );
    authorize(actor, &action, &moment, &app.terms)?;
    let mut records = app.storage.read().await?;
    let query = UndeliveredQuery {
        attempts: KEEPS_FAILING_AFTER,
        settled,
        page: page.clone(),
    };
    let found = records.notices().undelivered(&query).await?;
    let (undelivered, _) = passed_over::legible(found.items);
    let mut with_invitation = Vec::with_capacity(undelivered.len());
    for one in undelivered {
        let delegation = invited_by(&mut *records, &one.notice).await?;
        with_invitation.push((one, delegation));
    }
    let people = with_invitation.iter().flat_map(|(one, delegation)| {
        let counsel = delegation.as_ref().map(|invited| invited.counsel);
        one.notice.to.account.into_iter().chain(counsel)
    });
    let people = facts::accounts(&mut *records, people).await?;
    let to_reach = |(undelivered, delegation): (Undelivered, Option<Delegation>)| {
        let notice = &undelivered.notice;
        let sendable = notice.check_sending_again(delegation.as_ref(), moment.at, &app.terms);
        let person = notice.to.account.and_then(|id| people.get(&id));
        let counsel = delegation.and_then(|invited| people.get(&invited.counsel));
        ToReach {
            account: person.cloned(),
            invited_by: counsel.cloned(),
            can_be_sent_again: sendable.is_ok(),
            undelivered,
        }
    };
    Ok(Page {
        items: with_invitation.into_iter().map(to_reach).collect(),
        next: found.next,
    })
}

/// What becomes of a notice that does not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The person was reached otherwise; it is not sent any more.
    Settled,
    /// It is sent again: to the address that the person has now, or, where it tells that the address changed, to the one that it was for.
    SentAgain,
}

impl Remedy {
    /// As a request is told from another by it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Settled => "settle-notice",
            Self::SentAgain => "send-notice-again",
        }
    }
}

/// Does it. A repeat under the same key finds it done: what arrived meanwhile is not sent once more.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but registry officers; [`UseCaseError::NotFound`]; [`RemedyError::Refused`] for what is not sent again.
pub async fn remedy_notice(
    app: &Application,
    actor: &Actor,
    id: NoticeId,
    remedy: Remedy,
    idempotency_key: Option<&str>,
) -> Result<(), RemedyError> {
    let asked = [remedy.code(), &id.to_string()];
    let once = Once::of(app, idempotency_key, &asked)?;
    app.retrying(|| async {
        let moment = app.moment();
        let may_see = Action::OfRegistry(RegistryWork::SeeUndeliverable);
        authorize(actor, &may_see, &moment, &app.terms).map_err(UseCaseError::from)?;
        let mut tx = app.storage.begin().await?;
        let notice = tx.notices().by_id(id).await?;
        let notice = notice.ok_or(UseCaseError::NotFound)?;
        let action = Action::OfRegistry(RegistryWork::SettleNotice(&notice));
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let officer = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let before = answered_with::<RemedyError>(&mut *tx, actor, once.as_ref()).await?;
        if before.is_some() {
            return Ok(());
        }
        remember(&mut *tx, officer, once.as_ref(), id.uuid(), moment.at).await?;
        match remedy {
            Remedy::Settled => tx.notices_mut().settle(id, officer, moment.at).await?,
            Remedy::SentAgain => {
                let invited = invited_by(&mut *tx, &notice).await?;
                notice.check_sending_again(invited.as_ref(), moment.at, &app.terms)?;
                let account = match notice.to.account {
                    Some(account) => tx.accounts().by_id(account).await?,
                    None => None,
                };
                let address = notice.address_now(account.as_ref());
                tx.notices_mut().send_again(id, &address, moment.at).await?;
            }
        }
        tx.commit(permit.into_audit_entry()).await?;
        Ok(())
    })
    .await
}

/// Asks whether somebody may say that notices came back, before what they say is read.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub fn may_report_bounces(app: &Application, actor: &Actor) -> Result<Permit, UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::ReportBounce);
    Ok(authorize(actor, &action, &app.moment(), &app.terms)?)
}

/// Says that a notice came back after the mail server had taken it: whoever reads the mailbox of returned mail tells, a person or a machine.
///
/// # Errors
/// [`UseCaseError::Forbidden`] as for [`may_report_bounces`]; [`UseCaseError::NotFound`].
pub async fn report_bounce(
    app: &Application,
    actor: &Actor,
    id: NoticeId,
) -> Result<Notice, UseCaseError> {
    app.retrying(|| async {
        let permit = may_report_bounces(app, actor)?;
        let mut tx = app.storage.begin().await?;
        let notice = tx.notices().by_id(id).await?;
        let notice = notice.ok_or(UseCaseError::NotFound)?;
        tx.notices_mut().bounced(id, permit.at()).await?;
        tx.commit(
            permit
                .into_audit_entry()
                .about(SubjectKind::Notice, id.uuid()),
        )
        .await?;
        Ok(notice)
    })
    .await
}
