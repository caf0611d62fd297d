//! The registry's list of notices that do not arrive, with what else reaches the person.

use application::ports::records::{Cursor, PageRequest};
use application::undelivered::{
    Remedy, RemedyError, ToReach, list_undelivered, remedy_notice, report_bounce,
};
use askama::Template;
use domain::account::Account;
use domain::id::Id;
use domain::person::Telephone;
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::faults::Faults;
use super::form_key;
use super::frame::{Frame, Here};
use super::{page_again, see_other, status_of};
use crate::entered::notice_of;
use crate::problem::{Kind, Problem};

/// Notices on one page of the list.
const AT_A_TIME: u32 = 50;

struct Line {
    id: String,
    name: String,
    /// The counsel who invited, with what reaches them.
    invited_by: Option<(String, String)>,
    email: String,
    /// The address that the person has now, where it is another.
    current_email: Option<String>,
    cell: String,
    about: String,
    why: String,
    at: String,
    settled: Option<String>,
    can_be_sent_again: bool,
}

/// What reaches somebody, in one line.
fn channels(account: &Account) -> String {
    let cell = account.cell.as_ref().map(Telephone::grouped);
    let email = account.email.as_str().to_owned();
    [Some(email), cell]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

impl Line {
    fn new(to_reach: &ToReach, frame: &Frame) -> Self {
        let (one, account) = (&to_reach.undelivered, to_reach.account.as_ref());
        let email = &one.notice.to.email;
        Self {
            id: one.notice.id.to_string(),
            name: account.map_or_else(
                || frame.t.undelivered_invited().to_owned(),
                |account| account.name.to_string(),
            ),
            invited_by: to_reach
                .invited_by
                .as_ref()
                .map(|counsel| (counsel.name.to_string(), channels(counsel))),
            email: email.as_str().to_owned(),
            current_email: account
                .filter(|account| account.email != *email)
                .map(|account| account.email.as_str().to_owned()),
            cell: account
                .and_then(|account| account.cell.as_ref())
                .map(Telephone::grouped)
                .unwrap_or_default(),
            about: frame.show.word("notice", one.notice.about.kind()),
            why: frame.show.word("undelivered-why", one.why.code()),
            at: frame.show.instant(one.notice.written_at),
            settled: one.settled.map(|(_, at)| frame.show.instant(at)),
            can_be_sent_again: to_reach.can_be_sent_again,
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `settled`, or what is to be done.
    show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    /// Set by the redirect after a notice was said to have come back, was settled or was sent again.
    #[serde(skip_serializing_if = "String::is_empty")]
    done: String,
}

#[derive(Template)]
#[template(path = "undelivered.html")]
struct Undelivered {
    frame: Frame,
    here: String,
    wanted: Wanted,
    /// What was entered as the reference of a notice that came back.
    reference: String,
    faults: Faults,
    lines: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

/// The list.
#[handler]
pub(super) async fn work_list(
    here: Here,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    show(&here, wanted, String::new(), &[]).await
}

async fn show(
    here: &Here,
    wanted: Wanted,
    reference: String,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let part = PageRequest {
        after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
        limit: AT_A_TIME,
    };
    let settled = wanted.show == "settled";
    let found = list_undelivered(&here.web.app, here.signed_in()?, settled, &part).await?;
    let frame = here.frame();
    let path = frame.to.undelivered();
    let address = |cursor: String| {
        let wanted = Wanted {
            cursor,
            done: String::new(),
            ..wanted.clone()
        };
        let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
        format!("{path}?{query}")
    };
    let shown = Undelivered {
        reference,
        faults: Faults::new(problems, &[("reference", &[Kind::NoSuchNotice])], &frame),
        lines: found
            .items
            .iter()
            .map(|one| Line::new(one, &frame))
            .collect(),
        first: part.after.is_some().then(|| address(String::new())),
        next: found.next.map(|cursor| address(cursor.0)),
        here: path.clone(),
        wanted,
        frame,
    };
    page_again(&shown, status_of(problems))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Act {
    settle: Option<Uuid>,
    again: Option<Uuid>,
    /// The reference of a notice that came back.
    reference: Option<String>,
    /// The page's.
    key: String,
}

/// Says that one came back, by the reference in its text; a person who reads returned mail may do so as a machine does.
async fn report(here: &Here, reference: String) -> Result<Response, Problem> {
    let reported = match notice_of(&reference) {
        Ok(notice) => report_bounce(&here.web.app, here.signed_in()?, notice)
            .await
            .map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match reported {
        Ok(_) => Ok(see_other(&format!(
            "{}?done=reported",
            here.to().undelivered()
        ))),
        Err(problem) if problem.kind() == Kind::NotFound => {
            let unknown = [Problem::from(Kind::NoSuchNotice)];
            show(here, Wanted::default(), reference, &unknown).await
        }
        Err(problem) => Err(problem),
    }
}

/// Settles one, or sends it again; or says that one came back.
#[handler]
pub(super) async fn remedy(here: Here, Form(act): Form<Act>) -> Result<Response, Problem> {
    if let Some(reference) = act.reference {
        return report(&here, reference).await;
    }
    let (notice, remedy) = match (act.settle, act.again) {
        (Some(notice), None) => (notice, Remedy::Settled),
        (None, Some(notice)) => (notice, Remedy::SentAgain),
        _ => return Err(Kind::BadRequest.into()),
    };
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let key = form_key::of_act(&act.key, &format!("{} {notice}", remedy.code()));
    match remedy_notice(app, actor, Id::new(notice), remedy, key.as_deref()).await {
        Ok(()) => {
            let address = here.to().undelivered();
            let done = match remedy {
                Remedy::Settled => "settled",
                Remedy::SentAgain => "again",
            };
            Ok(see_other(&format!("{address}?done={done}")))
        }
        Err(RemedyError::UseCase(error)) => Err(error.into()),
        Err(refused) => {
            let problem = [form_key::on_page(refused.into())];
            show(&here, Wanted::default(), String::new(), &problem).await
        }
    }
}
