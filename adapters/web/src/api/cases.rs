//! My Cases (CASE-1 … CASE-4).
#![expect(
    clippy::too_many_arguments,
    reason = "each is a parameter of the address"
)]

use application::Application;
use application::list_cases::{ListCases, list_cases};
use application::ports::records::CaseOrder;
use application::see_case::see_case;
use domain::code::Code;
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::{Case, CasePage};
use crate::caller::SignedIn;
use crate::problem::{Kind, Problem};

pub(super) struct Cases;

/// By what cases are put in order.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum Sort {
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
        /// In which order
        sort: Query<Option<Sort>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<CasePage>, Problem> {
        let wish = ListCases {
            counsel: Id::new(counsel.0),
            text: q.0.unwrap_or_default(),
            division: filter(division.0)?,
            status: filter(status.0)?,
            order: sort.0.map(Into::into).unwrap_or_default(),
            page: page(cursor.0, limit.0)?,
        };
        let found = list_cases(&app, &who.0, &wish).await?.page;
        let items = found
            .items
            .into_iter()
            .map(|case| Case::new(case, &app))
            .collect();
        Ok(Json(CasePage {
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
