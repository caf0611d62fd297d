//! My Cases: a counsel's active cases, sorted, filtered, searched and paged (CASE-1, CASE-2, CASE-4).

use domain::account::{Account, AccountId};
use domain::case::{Case, Division, Status, decided_too_long_ago};
use domain::code::Code;
use domain::policy::{Action, Actor, CounselWork, authorize};
use domain::searching::words;
use domain::tribunal_time::Moment;
use time::{Date, OffsetDateTime};

use crate::ports::records::{CaseOrder, CaseQuery, Page, PageRequest};
use crate::ports::storage::Snapshot;
use crate::{Application, UseCaseError, facts};

/// Which of a counsel's cases, and in which order.
#[derive(Debug, Clone)]
pub struct WantedCases {
    /// Whose.
    pub counsel: AccountId,
    /// Parts of names and numbers, in any order; everything when empty.
    pub text: String,
    /// Only this division.
    pub division: Option<Code<Division>>,
    /// Only this status.
    pub status: Option<Code<Status>>,
    /// Only those with an event on this day or later, by the tribunal's clock.
    pub hearing_from: Option<Date>,
    /// Only those with an event on this day or earlier.
    pub hearing_to: Option<Date>,
    /// In which order.
    pub order: CaseOrder,
}

impl WantedCases {
    /// All of them, by file number.
    pub const fn of(counsel: AccountId) -> Self {
        Self {
            counsel,
            text: String::new(),
            division: None,
            status: None,
            hearing_from: None,
            hearing_to: None,
            order: CaseOrder::FileNumber,
        }
    }

    /// Whether the last day is before the first: there is no such day, and no case of it.
    pub fn ends_before_it_begins(&self) -> bool {
        let days = self.hearing_from.zip(self.hearing_to);
        days.is_some_and(|(from, to)| to < from)
    }

    /// The question to storage.
    pub(crate) fn query(&self, app: &Application, moment: &Moment, page: PageRequest) -> CaseQuery {
        let first_of = |day: Date| app.zones.first_of(&app.tribunal.zone, day);
        let after = |day: Date| day.next_day().unwrap_or(day);
        CaseQuery {
            counsel: self.counsel,
            not_decided_by: decided_too_long_ago(moment.today, &app.terms),
            now: moment.at,
            words: words(&self.text),
            division: self.division.clone(),
            status: self.status.clone(),
            event_between: (
                self.hearing_from.map(first_of),
                self.hearing_to.map(after).map(first_of),
            ),
            order: self.order,
            page,
        }
    }
}

/// Which cases to list.
#[derive(Debug, Clone)]
pub struct ListCases {
    /// Which.
    pub wanted: WantedCases,
    /// Which part.
    pub page: PageRequest,
}

/// My Cases.
#[derive(Debug, Clone)]
pub struct MyCases {
    /// Whose they are.
    pub counsel: Account,
    /// The part that was asked for.
    pub page: Page<Case>,
    /// The instant at which they are so, and in that order.
    pub at: OffsetDateTime,
}

/// Lists them.
///
/// # Errors
/// [`UseCaseError::Forbidden`] without access to that counsel's cases; [`UseCaseError::Storage`] with `CursorUnusable` for a cursor of
/// another list.
pub async fn list_cases(
    app: &Application,
    actor: &Actor,
    wish: &ListCases,
) -> Result<MyCases, UseCaseError> {
    let (mut records, counsel, query) = asked(app, actor, wish).await?;
    let page = records.cases().list(&query).await?;
    Ok(MyCases {
        counsel,
        page,
        at: query.now,
    })
}

/// Lists them, and tells how many there are in all parts of the list.
///
/// # Errors
/// As [`list_cases`].
pub async fn list_and_count_cases(
    app: &Application,
    actor: &Actor,
    wish: &ListCases,
) -> Result<(MyCases, u64), UseCaseError> {
    let (mut records, counsel, query) = asked(app, actor, wish).await?;
    let (page, total) = records.cases().list_and_count(&query).await?;
    let found = MyCases {
        counsel,
        page,
        at: query.now,
    };
    Ok((found, total))
}

/// The question, whose cases it is about, and where to ask it: for whoever may see them.
async fn asked(
    app: &Application,
    actor: &Actor,
    wish: &ListCases,
) -> Result<(Box<dyn Snapshot>, Account, CaseQuery), UseCaseError> {
    let moment = app.moment();
    let (records, representation) =
        facts::to_look(app, actor, wish.wanted.counsel, &moment).await?;
    let action = Action::OfCounsel(&representation, CounselWork::SeeCases);
    authorize(actor, &action, &moment, &app.terms)?;
    let query = wish.wanted.query(app, &moment, wish.page.clone());
    Ok((records, representation.counsel, query))
}
