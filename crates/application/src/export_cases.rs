//! My Cases whole, for a spreadsheet, and their hearings, for a calendar (CASE-4): exactly what the list shows, all its pages at one moment.

use domain::account::{Account, AccountId};
use domain::case::{Case, CaseId};
use domain::policy::{Action, Actor, CounselWork, Representation, authorize};
use domain::tribunal_time::Moment;
use time::OffsetDateTime;

use crate::list_cases::WantedCases;
use crate::ports::records::PageRequest;
use crate::ports::storage::Snapshot;
use crate::{Application, UseCaseError, facts};

/// Cases that are held at a time, whatever the list's length.
const AT_A_TIME: u32 = 200;

/// What the titles of a calendar say. Proceedings are private by law, and calendars are seen by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titles {
    /// What kind of event.
    Discreet,
    /// Parties and file number too: the counsel's own choice.
    Telling,
}

/// For whom, and as of when, something was exported.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Of which counsel.
    pub counsel: Account,
    /// At which moment all of it was as it is told.
    pub moment: Moment,
}

/// Gives each case of the list to `each`, in the list's order, with the instant as of which it is told.
///
/// # Errors
/// As [`list_cases`](crate::list_cases::list_cases).
pub async fn export_cases(
    app: &Application,
    actor: &Actor,
    wanted: &WantedCases,
    each: &mut (dyn FnMut(Case, OffsetDateTime) + Send),
) -> Result<Exported, UseCaseError> {
    let export = Export::begin(app, actor, wanted.counsel).await?;
    export.give(app, wanted, each).await
}

/// The same for a calendar.
///
/// # Errors
/// As [`export_cases`]; [`UseCaseError::Forbidden`] for a delegate who wants titles that tell.
pub async fn export_hearings(
    app: &Application,
    actor: &Actor,
    wanted: &WantedCases,
    titles: Titles,
    each: &mut (dyn FnMut(Case, OffsetDateTime) + Send),
) -> Result<Exported, UseCaseError> {
    let export = Export::begin(app, actor, wanted.counsel).await?;
    export.may_title(app, actor, titles)?;
    export.give(app, wanted, each).await
}

/// One case for a calendar.
///
/// # Errors
/// As [`see_case`](crate::see_case::see_case); [`UseCaseError::Forbidden`] for a delegate who wants titles that tell.
pub async fn export_hearings_of_case(
    app: &Application,
    actor: &Actor,
    (counsel, case): (AccountId, CaseId),
    titles: Titles,
) -> Result<(Exported, Case), UseCaseError> {
    let mut export = Export::begin(app, actor, counsel).await?;
    let case = facts::case(&mut *export.records, case).await?;
    let work = CounselWork::SeeCase(&case);
    export.may(app, actor, work)?;
    export.may_title(app, actor, titles)?;
    Ok((export.done(), case))
}

/// An export by somebody who may see the counsel's cases.
struct Export {
    records: Box<dyn Snapshot>,
    representation: Representation,
    moment: Moment,
}

impl Export {
    async fn begin(
        app: &Application,
        actor: &Actor,
        counsel: AccountId,
    ) -> Result<Self, UseCaseError> {
        let moment = app.moment();
        let mut records = app.storage.read().await?;
        let representation =
            facts::representation(&mut *records, actor, counsel, &moment, &app.terms).await?;
        let export = Self {
            records,
            representation,
            moment,
        };
        export.may(app, actor, CounselWork::SeeCases)?;
        Ok(export)
    }

    fn may(
        &self,
        app: &Application,
        actor: &Actor,
        work: CounselWork<'_>,
    ) -> Result<(), UseCaseError> {
        let action = Action::OfCounsel(&self.representation, work);
        authorize(actor, &action, &self.moment, &app.terms)?;
        Ok(())
    }

    fn may_title(
        &self,
        app: &Application,
        actor: &Actor,
        titles: Titles,
    ) -> Result<(), UseCaseError> {
        match titles {
            Titles::Discreet => Ok(()),
            Titles::Telling => self.may(app, actor, CounselWork::TellInCalendar),
        }
    }

    async fn give(
        mut self,
        app: &Application,
        wanted: &WantedCases,
        each: &mut (dyn FnMut(Case, OffsetDateTime) + Send),
    ) -> Result<Exported, UseCaseError> {
        let mut after = None;
        loop {
            let page = PageRequest {
                after,
                limit: AT_A_TIME,
            };
            let query = wanted.query(app, &self.moment, page);
            let page = self.records.cases().list(&query).await?;
            for case in page.items {
                each(case, self.moment.at);
            }
            after = page.next;
            if after.is_none() {
                return Ok(self.done());
            }
        }
    }

    fn done(self) -> Exported {
        Exported {
            counsel: self.representation.counsel,
            moment: self.moment,
        }
    }
}
