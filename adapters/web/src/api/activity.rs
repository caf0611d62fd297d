//! Supervision: who read and sent what for a counsel (DEL-7, X-7).
#![expect(
    clippy::too_many_arguments,
    reason = "each is a parameter of the address"
)]

use application::Application;
use application::see_activity::{Activity as DomainActivity, Deed, SeeActivity, see_activity};
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::Group;
use super::exports::Table;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::exports::Export;
use crate::problem::{Kind, Problem};

pub(super) struct Activities;

/// Who did it.
#[derive(Object)]
struct Person {
    account_id: Uuid,
    name: String,
}

/// What somebody did for a counsel.
#[derive(Object)]
struct Activity {
    at: String,
    person: Person,
    /// `sent`, `read` or `deleted`
    action: String,
    case_id: Option<Uuid>,
    file_number: Option<String>,
    /// The confirmation number and the files that were sent, or the title of the document that was read. Of a case that is lost the number
    /// alone.
    subject: String,
    /// Whether the case is another counsel's by now, or nobody's, so that what is in it is not told.
    case_lost: bool,
}

impl From<&DomainActivity> for Activity {
    fn from(activity: &DomainActivity) -> Self {
        let case = activity.case.as_ref();
        Self {
            at: rfc3339(activity.at),
            person: Person {
                account_id: activity.person.account.uuid(),
                name: activity.person.name.clone(),
            },
            action: activity.deed.code().to_owned(),
            case_id: case.map(|(id, _)| id.uuid()),
            file_number: case.map(|(_, number)| number.to_string()),
            subject: activity.subject.clone(),
            case_lost: activity.case_lost,
        }
    }
}

/// What was done for a counsel.
#[derive(Object)]
struct ActivityPage {
    items: Vec<Activity>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// What can be done.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum Act {
    Sent,
    Read,
    Deleted,
}

impl From<Act> for Deed {
    fn from(act: Act) -> Self {
        match act {
            Act::Sent => Self::Sent,
            Act::Read => Self::Read,
            Act::Deleted => Self::Deleted,
        }
    }
}

fn instant(text: Option<String>) -> Result<Option<OffsetDateTime>, Problem> {
    text.map(|text| OffsetDateTime::parse(&text, &Rfc3339))
        .transpose()
        .map_err(|_| Kind::InstantUnusable.into())
}

#[OpenApi]
impl Activities {
    /// The same as CSV, whole
    #[oai(
        path = "/counsels/:counsel/activity.csv",
        method = "get",
        operation_id = "exportActivity",
        tag = "Group::Delegation"
    )]
    async fn export(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// Only what this account did
        person: Query<Option<Uuid>>,
        /// Only on this case
        case: Query<Option<Uuid>>,
        /// Only this
        action: Query<Option<Act>>,
        /// Not before this instant, RFC 3339
        since: Query<Option<String>>,
        /// Before this instant, RFC 3339
        until: Query<Option<String>>,
        /// `fr` or `en`; the account's own if left out
        language: Query<Option<String>>,
    ) -> Result<Table, Problem> {
        let wish = SeeActivity {
            counsel: Id::new(counsel.0),
            by: person.0.map(Id::new),
            case: case.0.map(Id::new),
            deed: action.0.map(Into::into),
            since: instant(since.0)?,
            until: instant(until.0)?,
            page: page(None, None)?,
        };
        if wish.ends_before_it_begins() {
            return Err(Kind::DaysTurned.into());
        }
        let export = Export {
            app: &app,
            actor: &who.0,
            language: super::exports::language(&who.0, language.0)?,
        };
        Ok(Table(export.activity(&wish).await?))
    }

    /// Who read and sent what, the newest first; for the counsel alone
    #[oai(
        path = "/counsels/:counsel/activity",
        method = "get",
        operation_id = "seeActivity",
        tag = "Group::Delegation"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// Only what this account did
        person: Query<Option<Uuid>>,
        /// Only on this case
        case: Query<Option<Uuid>>,
        /// Only this
        action: Query<Option<Act>>,
        /// Not before this instant, RFC 3339
        since: Query<Option<String>>,
        /// Before this instant, RFC 3339
        until: Query<Option<String>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<ActivityPage>, Problem> {
        let wish = SeeActivity {
            counsel: Id::new(counsel.0),
            by: person.0.map(Id::new),
            case: case.0.map(Id::new),
            deed: action.0.map(Into::into),
            since: instant(since.0)?,
            until: instant(until.0)?,
            page: page(cursor.0, limit.0)?,
        };
        if wish.ends_before_it_begins() {
            return Err(Kind::DaysTurned.into());
        }
        let seen = see_activity(&app, &who.0, &wish).await?;
        Ok(Json(ActivityPage {
            items: seen.page.items.iter().map(Into::into).collect(),
            next_cursor: seen.page.next.map(|cursor| cursor.0),
        }))
    }
}
