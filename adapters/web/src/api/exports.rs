//! My Cases whole: a table, and calendars (CASE-4).
#![expect(
    clippy::too_many_arguments,
    reason = "each is a parameter of the address"
)]

use application::Application;
use application::export_cases::Titles;
use domain::id::Id;
use domain::person::Language;
use domain::policy::Actor;
use poem::Response;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};
use time::Date;
use uuid::Uuid;

use super::Group;
use super::cases::{Filters, Sort};
use crate::caller::SignedIn;
use crate::exports::Export;
use crate::problem::{Kind, Problem};

pub(super) struct Exports;

macro_rules! text_file {
    ($(#[$meaning:meta])* $name:ident, $media_type:literal, $description:literal) => {
        $(#[$meaning])*
        pub(super) struct $name(pub(super) Response);

        impl poem::IntoResponse for $name {
            fn into_response(self) -> Response {
                self.0
            }
        }

        impl ApiResponse for $name {
            fn meta() -> MetaResponses {
                let content = MetaMediaType {
                    content_type: $media_type,
                    schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
                };
                MetaResponses {
                    responses: vec![MetaResponse {
                        description: $description,
                        status: Some(200),
                        status_range: None,
                        content: vec![content],
                        headers: Vec::new(),
                    }],
                }
            }

            fn register(_: &mut Registry) {}
        }
    };
}

text_file!(
    /// A table.
    Table,
    "text/csv; charset=utf-8",
    "Everything that the list has, one per row, in UTF-8; cells that look like formulas begin with an apostrophe"
);
text_file!(
    /// A calendar.
    Calendar,
    "text/calendar; charset=utf-8",
    "Coming events, and those cancelled before their time; an event keeps its `UID` when it is moved or cancelled"
);

/// In which language: as asked for, else the account's own.
pub(super) fn language(actor: &Actor, asked: Option<String>) -> Result<Language, Problem> {
    match asked {
        Some(code) => Language::from_code(&code).ok_or_else(|| Kind::LanguageUnusable.into()),
        None => Ok(actor
            .caller()
            .map_or(Language::English, |caller| caller.account.language)),
    }
}

fn titles(details: Option<bool>) -> Titles {
    if details.unwrap_or_default() {
        Titles::Telling
    } else {
        Titles::Discreet
    }
}

#[OpenApi]
impl Exports {
    /// My Cases as CSV: the whole list, all its pages
    #[oai(
        path = "/counsels/:counsel/cases.csv",
        method = "get",
        operation_id = "exportCases",
        tag = "Group::Cases"
    )]
    async fn cases(
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
        /// `fr` or `en`; the account's own if left out
        language: Query<Option<String>>,
    ) -> Result<Table, Problem> {
        let filters = Filters {
            q: q.0,
            division: division.0,
            status: status.0,
            hearing_from: hearing_from.0,
            hearing_to: hearing_to.0,
            sort: sort.0,
        };
        let export = Export {
            app: &app,
            actor: &who.0,
            language: self::language(&who.0, language.0)?,
        };
        let wanted = filters.of(Id::new(counsel.0))?;
        Ok(Table(export.sheet(&wanted).await?))
    }

    /// The hearings of My Cases as iCalendar
    ///
    /// Titles carry no party and no file number, unless the counsel in person asks for them with `details`.
    #[oai(
        path = "/counsels/:counsel/hearings.ics",
        method = "get",
        operation_id = "exportHearings",
        tag = "Group::Cases"
    )]
    async fn hearings(
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
        /// Whether titles carry parties and file number; for the counsel alone
        details: Query<Option<bool>>,
        /// `fr` or `en`; the account's own if left out
        language: Query<Option<String>>,
    ) -> Result<Calendar, Problem> {
        let filters = Filters {
            q: q.0,
            division: division.0,
            status: status.0,
            hearing_from: hearing_from.0,
            hearing_to: hearing_to.0,
            sort: Some(Sort::HearingDate),
        };
        let export = Export {
            app: &app,
            actor: &who.0,
            language: self::language(&who.0, language.0)?,
        };
        let wanted = filters.of(Id::new(counsel.0))?;
        Ok(Calendar(export.hearings(&wanted, titles(details.0)).await?))
    }

    /// The hearings of one case as iCalendar
    #[oai(
        path = "/counsels/:counsel/cases/:case/hearings.ics",
        method = "get",
        operation_id = "exportHearingsOfCase",
        tag = "Group::Cases"
    )]
    async fn hearings_of_case(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// Whether titles carry parties and file number; for the counsel alone
        details: Query<Option<bool>>,
        /// `fr` or `en`; the account's own if left out
        language: Query<Option<String>>,
    ) -> Result<Calendar, Problem> {
        let export = Export {
            app: &app,
            actor: &who.0,
            language: self::language(&who.0, language.0)?,
        };
        let (counsel, case) = (Id::new(counsel.0), Id::new(case.0));
        let file = export.hearings_of(counsel, case, titles(details.0)).await?;
        Ok(Calendar(file))
    }
}
