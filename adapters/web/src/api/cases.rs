//! My Cases (CASE-1 … CASE-4).
#![expect(
    clippy::too_many_arguments,
    reason = "each is a parameter of the address"
)]

use application::Application;
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::ports::records::CaseOrder;
use application::see_case::see_case;
use domain::account::AccountId;
use domain::code::Code;
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};
use time::Date;
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::{Case, CasePage};
use super::written::Written;
use crate::caller::SignedIn;
use crate::problem::{Kind, Problem};

pub(super) struct Cases;

/// By what cases are put in order.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
pub(super) enum Sort {
    FileNumber,
    Name,
    Division,
    HearingDate,
}

impl From<Sort> for CaseOrder {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::FileNumber => Self::FileNumber,
            Sort::Name => Self::Name,
            Sort::Division => Self::Division,
            Sort::HearingDate => Self::NextEvent,
        }
    }
}

/// Which cases, as asked for.
pub(super) struct Filters {
    pub(super) q: Option<String>,
    pub(super) division: Option<String>,
    pub(super) status: Option<String>,
    pub(super) hearing_from: Option<Date>,
    pub(super) hearing_to: Option<Date>,
    pub(super) sort: Option<Sort>,
}

impl Filters {
    /// The same of a counsel.
    pub(super) fn of(self, counsel: AccountId) -> Result<WantedCases, Problem> {
        let wanted = WantedCases {
            counsel,
            text: self.q.unwrap_or_default(),
            division: filter(self.division)?,
            status: filter(self.status)?,
            hearing_from: self.hearing_from,
            hearing_to: self.hearing_to,
            order: self.sort.map(Into::into).unwrap_or_default(),
        };
        if wanted.ends_before_it_begins() {
            return Err(Kind::DaysTurned.into());
        }
        Ok(wanted)
    }
}

/// A filter; empty is none.
fn filter<Of>(text: Option<String>) -> Result<Option<Code<Of>>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| Code::parse(&text))
        .transpose()
        .map_err(|_| Kind::FilterUnusable.into())
}

#[OpenApi]
impl Cases {
    /// My Cases
    #[oai(
        path = "/counsels/:counsel/cases",
        method = "get",
        operation_id = "listCases",
        tag = "Group::Cases"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// Part of a name or number
        q: Query<Option<String>>,
        /// Only this division
        division: Query<Option<String>>,
        /// Only this status
        status: Query<Option<String>>,
        /// Only cases with an event on this day or later, by the tribunal's clock
        hearing_from: Query<Option<Date>>,
        /// Only cases with an event on this day or earlier
        hearing_to: Query<Option<Date>>,
        /// In which order
        sort: Query<Option<Sort>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Written<CasePage>, Problem> {
        let filters = Filters {
            q: q.0,
            division: division.0,
            status: status.0,
            hearing_from: hearing_from.0,
            hearing_to: hearing_to.0,
            sort: sort.0,
        };
        let wish = ListCases {
            wanted: filters.of(Id::new(counsel.0))?,
            page: page(cursor.0, limit.0)?,
        };
        let found = list_cases(&app, &who.0, &wish).await?.page;
        let items = found
            .items
            .into_iter()
            .map(|case| Case::new(case, &app))
            .collect();
        Ok(Written(CasePage {
            items,
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// One case
    #[oai(
        path = "/counsels/:counsel/cases/:case",
        method = "get",
        operation_id = "seeCase",
        tag = "Group::Cases"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
    ) -> Result<Json<Case>, Problem> {
        let seen = see_case(&app, &who.0, Id::new(counsel.0), Id::new(case.0)).await?;
        Ok(Json(Case::new(seen.case, &app)))
    }
}
