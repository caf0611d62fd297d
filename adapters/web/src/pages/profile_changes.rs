//! The registry's 48-hour queue of changes of profiles: what is overdue stands out and on top; apply, or refuse with a reason (PRO-1).

use application::ports::records::{Cursor, PageRequest, ProfileChangeQuery};
use application::profile::{
    Asked, ChangeProfileError, decide_profile_change, list_profile_changes, see_profile_change,
};
use askama::Template;
use domain::id::Id;
use domain::profile_change::{Outcome, State};
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::done::Seen;
use super::faults::{Faults, Place};
use super::form_key;
use super::frame::{Frame, Here};
use super::profile::ChangeLine;
use super::{page, page_again, see_other, status_of};
use crate::problem::{Kind, Problem};

/// Changes on one page of the queue.
const AT_A_TIME: u32 = 50;

/// Where the reason is wrong.
const OF_REASON: Place = ("reason", &[Kind::ReasonMissing, Kind::ReasonTooLong]);

struct Line {
    address: String,
    name: String,
    overdue: bool,
    /// Whether nothing can be applied to the account now.
    blocked: bool,
    change: ChangeLine,
}

impl Line {
    fn new(asked: &Asked, here: &Here, frame: &Frame) -> Self {
        let state = asked.change.state(frame.now, &here.web.app.terms);
        Self {
            address: frame.to.profile_change(asked.change.id),
            name: asked.account.name.to_string(),
            overdue: state == State::Overdue,
            blocked: asked.account.lock.block.is_some(),
            change: ChangeLine::new(&asked.change, &asked.account, here, frame),
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `done`, or those that wait.
    show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
}

#[derive(Template)]
#[template(path = "profile_changes.html")]
struct Queue {
    frame: Frame,
    here: String,
    wanted: Wanted,
    /// What was done just before.
    done: String,
    lines: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

/// What waits, the oldest first.
#[handler]
pub(super) async fn queue(
    here: Here,
    Query(wanted): Query<Wanted>,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    let query = ProfileChangeQuery {
        decided: Some(wanted.show == "done"),
        page: PageRequest {
            after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
            limit: AT_A_TIME,
        },
    };
    let found = list_profile_changes(&here.web.app, here.signed_in()?, &query).await?;
    let frame = here.frame();
    let path = frame.to.profile_changes();
    let address = |cursor: String| {
        let wanted = Wanted {
            cursor,
            ..wanted.clone()
        };
        let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
        format!("{path}?{query}")
    };
    page(&Queue {
        lines: found
            .items
            .iter()
            .map(|asked| Line::new(asked, &here, &frame))
            .collect(),
        first: (!wanted.cursor.is_empty()).then(|| address(String::new())),
        next: found.next.map(|cursor| address(cursor.0)),
        here: path.clone(),
        done,
        wanted,
        frame,
    })
}

#[derive(Template)]
#[template(path = "profile_change.html")]
struct Decide {
    frame: Frame,
    line: Line,
    reason: String,
    faults: Faults,
}

async fn show(
    here: &Here,
    id: Uuid,
    reason: String,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let asked = see_profile_change(&here.web.app, here.signed_in()?, Id::new(id)).await?;
    let frame = here.frame();
    let form = Decide {
        line: Line::new(&asked, here, &frame),
        reason,
        faults: Faults::new(problem, &[OF_REASON], &frame),
        frame,
    };
    page_again(&form, status_of(problem))
}

/// One change: how it is, how it shall be.
#[handler]
pub(super) async fn see(here: Here, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    show(&here, id, String::new(), None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Verdict {
    decision: String,
    reason: String,
    /// The page's.
    key: String,
}

/// Applies or refuses.
#[handler]
pub(super) async fn decide(
    here: Here,
    Path(id): Path<Uuid>,
    Form(verdict): Form<Verdict>,
) -> Result<Response, Problem> {
    let outcome = match verdict.decision.as_str() {
        "apply" => Outcome::Applied,
        "refuse" => Outcome::Refused {
            reason: verdict.reason.trim().to_owned(),
        },
        _ => return Err(Kind::BadRequest.into()),
    };
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let key = form_key::of_act(&verdict.key, "decide");
    match decide_profile_change(app, actor, Id::new(id), &outcome, key.as_deref()).await {
        Ok(_) => {
            let done = match outcome {
                Outcome::Applied => "applied",
                _ => "refused",
            };
            let address = here.to().profile_changes();
            Ok(see_other(&format!("{address}?done={done}")))
        }
        Err(ChangeProfileError::UseCase(error)) => Err(error.into()),
        Err(error) => {
            let problem = form_key::on_page(error.into());
            show(&here, id, verdict.reason, Some(&problem)).await
        }
    }
}
