//! Supervision: who read and sent what for a counsel, with filters (DEL-7).

use application::ports::records::{Cursor, PageRequest};
use application::see_activity::{Deed, SeeActivity, see_activity};
use askama::Template;
use domain::id::Id;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::exports::export;
use super::frame::{Frame, Here};
use super::shown::Shown;
use super::{in_words, page_again, status_of};
use crate::exports::activity_subject;
use crate::problem::{Kind, Problem};

/// Lines on one page.
const AT_A_TIME: u32 = 50;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    person: String,
    case: String,
    action: String,
    from: String,
    to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
}

impl Wanted {
    fn address(&self, path: &str, cursor: String) -> String {
        let wanted = Self {
            cursor,
            ..self.clone()
        };
        let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
        format!("{path}?{query}")
    }

    /// What is asked for; days are the tribunal's.
    pub(super) fn wish(
        &self,
        here: &Here,
        counsel: Uuid,
        page: PageRequest,
    ) -> Result<SeeActivity, Problem> {
        let id = |text: &str| match text {
            "" => Ok(None),
            text => Uuid::try_parse(text)
                .map(Some)
                .map_err(|_| Problem::from(Kind::FilterUnusable)),
        };
        let app = &here.web.app;
        let first_of =
            |day: Date| -> OffsetDateTime { app.zones.first_of(&app.tribunal.zone, day) };
        let next = |day: Date| day.next_day().unwrap_or(day);
        Ok(SeeActivity {
            counsel: Id::new(counsel),
            by: id(&self.person)?.map(Id::new),
            case: id(&self.case)?.map(Id::new),
            deed: Deed::from_code(&self.action),
            since: day(&self.from)?.map(first_of),
            until: day(&self.to)?.map(next).map(first_of),
            page,
        })
    }
}

/// A day as a form sends it; empty is none.
pub(super) fn day(text: &str) -> Result<Option<Date>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map(Some)
        .map_err(|_| Kind::DateUnusable.into())
}

/// The same, whole, as a table.
#[handler]
pub(super) async fn activity_table(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let everything = PageRequest {
        after: None,
        limit: AT_A_TIME,
    };
    let wish = wanted.wish(&here, counsel, everything)?;
    if are_turned(&wish) {
        return Err(Kind::DaysTurned.into());
    }
    export(&here)?.activity(&wish).await
}

struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

struct Line {
    machine: String,
    at: String,
    person: String,
    deed: String,
    /// The case's number, its page, and this list narrowed to it.
    case: Option<(String, String, String)>,
    /// Whether that page is not theirs to open any more.
    case_lost: bool,
    subject: String,
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    here: String,
    /// The same list as a table.
    table: String,
    people: Vec<Choice>,
    actions: Vec<Choice>,
    /// The number of the case to which the list is narrowed, and the list without that.
    narrowed: Option<(String, String)>,
    wanted: Wanted,
    problems: Vec<&'static str>,
    lines: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

/// Whether the last day is before the first: of the day before, the end is where the first begins.
fn are_turned(wish: &SeeActivity) -> bool {
    let instants = wish.since.zip(wish.until);
    instants.is_some_and(|(since, until)| until <= since)
}

/// Who read and sent what, the newest first.
#[handler]
pub(super) async fn supervise(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let wanted_page = PageRequest {
        after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
        limit: AT_A_TIME,
    };
    let wish = wanted.wish(&here, counsel, wanted_page)?;
    let problem = are_turned(&wish).then(|| Problem::from(Kind::DaysTurned));
    let seen = see_activity(&here.web.app, here.signed_in()?, &wish).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let path = frame.to.activity(seen.counsel.id);
    let on_case = |case: String| Wanted {
        case,
        ..wanted.clone()
    };
    let line = |one: &application::see_activity::Activity| Line {
        machine: Shown::machine(one.at),
        at: frame.show.instant(one.at),
        person: one.person.name.clone(),
        deed: frame.show.word("activity", one.deed.code()),
        case: one.case.as_ref().map(|(id, number)| {
            let narrowed = on_case(id.to_string()).address(&path, String::new());
            (
                number.to_string(),
                frame.to.case(seen.counsel.id, *id),
                narrowed,
            )
        }),
        case_lost: one.case_lost,
        subject: activity_subject(one, frame.t),
    };
    let lines: Vec<Line> = seen.page.items.iter().map(line).collect();
    let number = lines
        .iter()
        .find_map(|line| line.case.as_ref().map(|(number, _, _)| number.clone()));
    let shown = ActivityPage {
        problems: in_words(&problem, &frame),
        people: seen
            .people
            .iter()
            .map(|person| Choice {
                code: person.account.to_string(),
                name: person.name.clone(),
                chosen: person.account.to_string() == wanted.person,
            })
            .collect(),
        actions: Deed::ALL
            .into_iter()
            .map(|deed| Choice {
                code: deed.code().to_owned(),
                name: frame.show.word("activity", deed.code()),
                chosen: deed.code() == wanted.action,
            })
            .collect(),
        narrowed: wish.case.map(|_| {
            let everywhere = on_case(String::new()).address(&path, String::new());
            (number.unwrap_or_default(), everywhere)
        }),
        lines,
        table: wanted.address(&frame.to.activity_table(seen.counsel.id), String::new()),
        first: (!wanted.cursor.is_empty()).then(|| wanted.address(&path, String::new())),
        next: seen.page.next.map(|cursor| wanted.address(&path, cursor.0)),
        here: path,
        wanted,
        frame,
    };
    page_again(&shown, status_of(&problem))
}
