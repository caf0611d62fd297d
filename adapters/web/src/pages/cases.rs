//! My Cases, and a case page (CASE-1 … CASE-4).

use application::inbox::{ListInbox, list_inbox};
use application::list_cases::{ListCases, WantedCases, list_and_count_cases};
use application::list_submissions::list_submissions;
use application::ports::records::{CaseOrder, Cursor, InboxOrder, PageRequest};
use application::see_case::see_case;
use askama::Template;
use domain::account::AccountId;
use domain::case::{Case, FileNumber};
use domain::code::Code;
use domain::id::Id;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::activity::day;
use super::done::Seen;
use super::draft::{Open, open_on};
use super::frame::{Frame, Here};
use super::inbox::{Line, lines};
use super::shown::Shown;
use super::submissions::{Entry, entries};
use super::{in_words, page, page_again, status_of};
use crate::problem::{Kind, Problem};

/// Cases on one page of the list.
const AT_A_TIME: u32 = 20;
/// Submissions on the case page; the rest is in the history.
const NEWEST: u32 = 3;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    division: String,
    status: String,
    hearing_from: String,
    hearing_to: String,
    sort: String,
    cursor: String,
}

impl Wanted {
    fn order(&self) -> CaseOrder {
        match self.sort.as_str() {
            "name" => CaseOrder::Name,
            "division" => CaseOrder::Division,
            "hearing_date" => CaseOrder::NextEvent,
            _ => CaseOrder::FileNumber,
        }
    }

    fn is_filtered(&self) -> bool {
        let chosen = [
            &self.division,
            &self.status,
            &self.hearing_from,
            &self.hearing_to,
        ];
        !self.q.trim().is_empty() || chosen.iter().any(|one| !one.is_empty())
    }

    /// Which cases of the counsel, to take along.
    pub(super) fn to_take(&self, counsel: Uuid) -> Result<WantedCases, Problem> {
        let wanted = self.of(counsel)?;
        if wanted.ends_before_it_begins() {
            return Err(Kind::DaysTurned.into());
        }
        Ok(wanted)
    }

    /// Which cases of the counsel, to show: of days that are turned round there are none, and the page says why.
    fn of(&self, counsel: Uuid) -> Result<WantedCases, Problem> {
        Ok(WantedCases {
            counsel: Id::new(counsel),
            text: self.q.clone(),
            division: filter(&self.division)?,
            status: filter(&self.status)?,
            hearing_from: day(&self.hearing_from)?,
            hearing_to: day(&self.hearing_to)?,
            order: self.order(),
        })
    }
}

/// A code that one can choose.
struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

struct Row {
    address: String,
    file_number: String,
    parties: String,
    division: String,
    status: String,
    next_event: Option<(String, String)>,
    leaves: Option<String>,
}

impl Row {
    fn new(
        case: &Case,
        now: OffsetDateTime,
        here: &Here,
        frame: &Frame,
        counsel: AccountId,
    ) -> Self {
        let app = &here.web.app;
        let names: Vec<&str> = case
            .parties
            .iter()
            .map(|party| party.name.as_str())
            .collect();
        Self {
            address: frame.to.case(counsel, case.id),
            file_number: case.file_number.to_string(),
            parties: names.join(", "),
            division: frame.show.listed(&app.tribunal.divisions, &case.division),
            status: frame.show.word("status", case.status.as_str()),
            next_event: case.next_event(now).map(|event| {
                let zone = app.tribunal.office_zone(&case.region);
                (
                    Shown::machine(event.starts_at),
                    frame.show.instant_in(event.starts_at, zone),
                )
            }),
            leaves: last_day(case, here, frame),
        }
    }
}

/// The last day on which a decided case is here (CASE-2).
fn last_day(case: &Case, here: &Here, frame: &Frame) -> Option<String> {
    let leaves = case.leaves_on(&here.web.app.terms)?;
    let last = leaves.0.previous_day().unwrap_or(leaves.0);
    Some(frame.show.date(last))
}

#[derive(Template)]
#[template(path = "cases.html")]
struct MyCases {
    frame: Frame,
    /// What was done just before.
    done: String,
    counsel: String,
    rows: Vec<Row>,
    total: u64,
    wanted: Wanted,
    is_filtered: bool,
    problems: Vec<&'static str>,
    /// How long a case stays after its final decision (CASE-2).
    days: u16,
    divisions: Vec<Choice>,
    statuses: Vec<Choice>,
    sorts: Vec<Choice>,
    here: String,
    /// The whole list as a table.
    table: String,
    calendar: Calendar,
    /// Where the list goes on. Like all that is searched for, it is sent in a form and is in no address: it has a name in it, where the list is
    /// in order of names (PRIV-1).
    next: Option<String>,
}

/// What a calendar can be made of, and whether this person chooses what its titles say (CASE-4).
struct Calendar {
    address: String,
    may_tell: bool,
}

/// My Cases.
#[handler]
pub(super) async fn my_cases(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    list(&here, counsel, wanted, done).await
}

/// My Cases, searched and put in order: what was typed is in no address (PRIV-1).
#[handler]
pub(super) async fn search(
    here: Here,
    Path(counsel): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    list(&here, counsel, wanted, String::new()).await
}

async fn list(
    here: &Here,
    counsel: Uuid,
    wanted: Wanted,
    done: String,
) -> Result<Response, Problem> {
    let wish = ListCases {
        wanted: wanted.of(counsel)?,
        page: PageRequest {
            after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
            limit: AT_A_TIME,
        },
    };
    let turned = wish.wanted.ends_before_it_begins();
    let problem = turned.then(|| Problem::from(Kind::DaysTurned));
    let (found, total) = list_and_count_cases(&here.web.app, here.signed_in()?, &wish).await?;
    let frame = here.frame_for(&found.counsel).await?;
    let path = frame.to.cases(found.counsel.id);
    let rows = found
        .page
        .items
        .iter()
        .map(|case| Row::new(case, found.at, here, &frame, found.counsel.id));
    let shown = MyCases {
        problems: in_words(&problem, &frame),
        counsel: found.counsel.name.to_string(),
        rows: rows.collect(),
        total,
        is_filtered: wanted.is_filtered(),
        days: here.web.app.terms.case_days_after_decision,
        divisions: divisions(here, &frame, &wanted),
        statuses: statuses(&frame, &wanted),
        sorts: sorts(&frame, &wanted),
        next: found.page.next.map(|cursor| cursor.0),
        table: frame.to.cases_table(found.counsel.id),
        calendar: Calendar {
            address: frame.to.hearings(found.counsel.id),
            may_tell: here.is_counsel(found.counsel.id),
        },
        here: path,
        done,
        wanted,
        frame,
    };
    page_again(&shown, status_of(&problem))
}

fn filter<Of>(text: &str) -> Result<Option<Code<Of>>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    Code::parse(text)
        .map(Some)
        .map_err(|_| Kind::FilterUnusable.into())
}

fn divisions(here: &Here, frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let divisions = here.web.app.tribunal.divisions.iter();
    let choice = |named: &domain::tribunal::Named<domain::case::Division>| Choice {
        code: named.code.to_string(),
        name: frame.show.name(&named.name),
        chosen: wanted.division.eq_ignore_ascii_case(named.code.as_str()),
    };
    divisions.map(choice).collect()
}

fn statuses(frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let choice = |code: &str| Choice {
        code: code.to_owned(),
        name: frame.show.word("status", code),
        chosen: wanted.status.eq_ignore_ascii_case(code),
    };
    ["active", "decided"].into_iter().map(choice).collect()
}

fn sorts(frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let choice = |code: &str, name: &str| Choice {
        code: code.to_owned(),
        chosen: code == wanted.sort || (wanted.sort.is_empty() && code == "file_number"),
        name: name.to_owned(),
    };
    vec![
        choice("file_number", frame.t.cases_sort_file_number()),
        choice("name", frame.t.cases_sort_name()),
        choice("division", frame.t.cases_sort_division()),
        choice("hearing_date", frame.t.cases_sort_hearing_date()),
    ]
}

struct EventLine {
    kind: String,
    machine: String,
    at: String,
    place: String,
}

struct PartyLine {
    name: String,
    role: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    file_number: String,
    cases: String,
    submit: String,
    forms: String,
    history: String,
    division: String,
    region: String,
    status: String,
    principal: Option<String>,
    client_ids: Vec<String>,
    parties: Vec<PartyLine>,
    retainer_limits: Option<String>,
    events: Vec<EventLine>,
    calendar: Calendar,
    decisions: Vec<String>,
    decided: Option<(String, String)>,
    inbox: String,
    letters: Vec<Line>,
    entries: Vec<Entry>,
    /// Submissions that the person began here and did not send.
    open: Vec<Open>,
    /// Whether one of them was just discarded.
    discarded: bool,
}

/// A case page.
#[handler]
pub(super) async fn case_page(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    let actor = here.signed_in()?;
    let seen = see_case(app, actor, counsel, case).await?;
    let newest = PageRequest {
        after: None,
        limit: NEWEST,
    };
    let history = list_submissions(app, actor, counsel, case, &newest).await?;
    let wish = ListInbox {
        counsel,
        case: Some(case),
        only_unread: false,
        order: InboxOrder::Newest,
        page: newest,
    };
    let letters = list_inbox(app, actor, &wish).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let case = &seen.case;
    let cases = frame.to.cases(counsel);
    let regions = app.tribunal.regions.iter().map(|office| &office.named);
    page(&CasePage {
        file_number: case.file_number.to_string(),
        submit: frame.to.submit(counsel, case.id),
        forms: format!("{}?case={}", frame.to.forms(counsel), case.id),
        history: frame.to.history(counsel, case.id),
        division: frame.show.listed(&app.tribunal.divisions, &case.division),
        region: frame.show.listed(regions, &case.region),
        status: frame.show.word("status", case.status.as_str()),
        principal: case
            .principal_file_number
            .as_ref()
            .map(FileNumber::to_string),
        client_ids: case
            .client_ids
            .iter()
            .map(domain::case::ClientId::grouped)
            .collect(),
        parties: case
            .parties
            .iter()
            .map(|party| PartyLine {
                name: party.name.clone(),
                role: frame.show.word("party", party.role.as_str()),
            })
            .collect(),
        retainer_limits: case.retainer_limits.clone(),
        events: events(case, &here, &frame),
        calendar: Calendar {
            address: frame.to.case_hearings(counsel, case.id),
            may_tell: here.is_counsel(counsel),
        },
        decisions: decisions(case, &frame),
        decided: case
            .final_decision_on
            .zip(case.leaves_on(&app.terms))
            .map(|(on, leaves)| (frame.show.date(on), frame.show.date(leaves.0))),
        inbox: frame.to.case_inbox(counsel, case.id),
        letters: lines(&letters, &frame),
        entries: entries(&history.page.items, counsel, &here, &frame),
        open: open_on(&here, &frame, counsel, case.id).await?,
        discarded: done == "discarded",
        cases,
        frame,
    })
}

/// What is still to come, the next first, by the clock of the office that holds the file.
fn events(case: &Case, here: &Here, frame: &Frame) -> Vec<EventLine> {
    let zone = here.web.app.tribunal.office_zone(&case.region);
    let mut coming: Vec<_> = case
        .events
        .iter()
        .filter(|event| event.starts_at >= frame.now)
        .collect();
    coming.sort_by_key(|event| event.starts_at);
    let line = |event: &domain::case::CaseEvent| EventLine {
        kind: frame.show.word("event", event.kind.as_str()),
        machine: Shown::machine(event.starts_at),
        at: frame.show.instant_in(event.starts_at, zone),
        place: event.place.clone(),
    };
    coming.into_iter().map(line).collect()
}

fn decisions(case: &Case, frame: &Frame) -> Vec<String> {
    let line = |decision: &domain::case::Decision| {
        frame.t.case_decision_on(
            frame.show.date(decision.made_on),
            frame.show.word("decision", decision.kind.as_str()),
        )
    };
    case.decisions.iter().map(line).collect()
}
