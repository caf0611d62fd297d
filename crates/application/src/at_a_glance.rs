//! What is new and what is due for whoever signed in, on one page: for counsel and delegates of the counsels for whom they act (DEL-5), for
//! the registry of its work lists. Shows only what its own use case would show the same person.

use domain::account::{Account, NotStanding};
use domain::case::{Case, decided_too_long_ago};
use domain::delegation::State as DelegationState;
use domain::policy::{
    Action, Actor, CounselWork, OwnWork, RegistryWork, Representation, authorize,
};
use domain::profile_change::{ProfileChange, State as ChangeState};
use domain::tribunal_time::Moment;
use time::OffsetDateTime;

use crate::delegations::{Delegated, with_delegates};
use crate::list_cases::WantedCases;
use crate::list_counsels::list_counsels;
use crate::ports::records::{
    CaseOrder, InboxOrder, InboxQuery, PageRequest, ProfileChangeQuery, SubmissionQuery,
    UndeliveredQuery,
};
use crate::ports::storage::Snapshot;
use crate::undelivered::KEEPS_FAILING_AFTER;
use crate::{Application, UseCaseError};

/// So many of the next hearings are shown of one counsel.
const HEARINGS: u32 = 5;
/// Work lists are counted so far, and from there on told to be longer.
const COUNTED: u32 = 50;
/// So many of one's own profile changes are looked at; those that wait are always among them.
const CHANGES: u32 = 10;

/// What is new and what is due.
#[derive(Debug, Clone)]
pub struct Glance {
    /// The instant at which it is so.
    pub at: OffsetDateTime,
    /// Of each counsel for whom the asker acts, oneself first.
    pub counsels: Vec<OfCounsel>,
    /// One's own profile changes on which the tribunal has not decided (PRO-1).
    pub changes: Vec<ProfileChange>,
    /// Whether the asker is counsel and the order's roll no longer lists them in good standing (REG-1).
    pub lost_good_standing: bool,
    /// The registry's work, for registry officers.
    pub registry: Option<OfRegistry>,
}

/// What is new and what is due of one counsel.
#[derive(Debug, Clone)]
pub struct OfCounsel {
    /// The counsel.
    pub counsel: Account,
    /// Documents that the asker has not read (BOX-2).
    pub unread: u64,
    /// Cases with a coming hearing, the next one first.
    pub next: Vec<Case>,
    /// Delegations to renew or to let end; of oneself alone (DEL-5).
    pub renewals: Vec<Delegated>,
}

/// How much waits on a work list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// So many, as far as they were counted.
    pub count: usize,
    /// Whether there are more.
    pub more: bool,
}

/// The registry's work lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfRegistry {
    /// Submissions to acknowledge (SUB-5).
    pub submissions: Waiting,
    /// Profile changes to decide (PRO-1).
    pub changes: Waiting,
    /// How many of those are overdue: the oldest come first, so none is missed before the count ends.
    pub overdue: usize,
    /// Notices that do not arrive.
    pub undelivered: Waiting,
}

const fn at_most(limit: u32) -> PageRequest {
    PageRequest { after: None, limit }
}

/// Looks at everything once.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for strangers and blocked accounts.
pub async fn at_a_glance(app: &Application, actor: &Actor) -> Result<Glance, UseCaseError> {
    let moment = app.moment();
    let may = |action: &Action<'_>| authorize(actor, action, &moment, &app.terms).is_ok();
    let counsels = list_counsels(app, actor).await?;
    let account = &actor.caller().ok_or(UseCaseError::NotFound)?.account;
    let mut records = app.storage.read().await?;
    let mut glances = Vec::with_capacity(counsels.len());
    for one in counsels {
        let representation = Representation {
            counsel: one.counsel,
            delegation: one.delegation,
        };
        let id = representation.counsel.id;
        let may = |work| may(&Action::OfCounsel(&representation, work));
        let unread = if may(CounselWork::SeeInbox) {
            let query = InboxQuery {
                counsel: id,
                not_decided_by: decided_too_long_ago(moment.today, &app.terms),
                case: None,
                unread_by: Some(account.id),
                order: InboxOrder::default(),
                page: at_most(1),
            };
            records.inbox().count(&query).await?
        } else {
            0
        };
        let mut next = Vec::new();
        if may(CounselWork::SeeCases) {
            let wanted = WantedCases {
                order: CaseOrder::NextEvent,
                ..WantedCases::of(id)
            };
            let query = wanted.query(app, &moment, at_most(HEARINGS));
            next = records.cases().list(&query).await?.items;
            next.retain(|case| case.next_event(moment.at).is_some());
        }
        let mut renewals = Vec::new();
        if may(CounselWork::SeeDelegations) {
            let mut all = records.delegations().of_counsel(id).await?;
            let due = [DelegationState::RenewalDue, DelegationState::Expired];
            all.retain(|one| due.contains(&one.state(moment.at, &app.terms)));
            renewals = with_delegates(&mut *records, all).await?;
        }
        glances.push(OfCounsel {
            counsel: representation.counsel,
            unread,
            next,
            renewals,
        });
    }
    let mut changes = Vec::new();
    if may(&Action::Own(OwnWork::SeeProfile)) {
        changes = records
            .profile_changes()
            .of_account(account.id, CHANGES)
            .await?;
        changes.retain(|change| change.decided.is_none());
    }
    let works = [
        RegistryWork::SeeSubmissions,
        RegistryWork::SeeProfileChanges,
        RegistryWork::SeeUndeliverable,
    ];
    let registry = if works.into_iter().all(|work| may(&Action::OfRegistry(work))) {
        Some(of_registry(app, &mut *records, &moment).await?)
    } else {
        None
    };
    let standing = account.stands_as_counsel(moment.at);
    Ok(Glance {
        at: moment.at,
        counsels: glances,
        changes,
        lost_good_standing: standing == Err(NotStanding::LostGoodStanding),
        registry,
    })
}

/// What waits for the registry.
async fn of_registry(
    app: &Application,
    records: &mut dyn Snapshot,
    moment: &Moment,
) -> Result<OfRegistry, UseCaseError> {
    let query = SubmissionQuery {
        acknowledged: Some(false),
        page: at_most(COUNTED),
    };
    let submissions = records.submissions().list(&query).await?;
    let query = ProfileChangeQuery {
        decided: Some(false),
        page: at_most(COUNTED),
    };
    let asked = records.profile_changes().list(&query).await?;
    let overdue = asked
        .items
        .iter()
        .filter(|change| change.state(moment.at, &app.terms) == ChangeState::Overdue);
    let query = UndeliveredQuery {
        attempts: KEEPS_FAILING_AFTER,
        settled: false,
        page: at_most(COUNTED),
    };
    let undelivered = records.notices().undelivered(&query).await?;
    // As many as the list shows, which also tells of those that it leaves out.
    let shown = undelivered.items.iter().filter(|one| one.is_ok()).count();
    Ok(OfRegistry {
        overdue: overdue.count(),
        submissions: waiting(submissions.items.len(), submissions.next.is_some()),
        changes: waiting(asked.items.len(), asked.next.is_some()),
        undelivered: waiting(shown, undelivered.next.is_some()),
    })
}

const fn waiting(count: usize, more: bool) -> Waiting {
    Waiting { count, more }
}
