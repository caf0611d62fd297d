//! Invitations to be a delegate, as the invited person sees and answers them (DEL-2, REG-4).

use application::UseCaseError;
use application::invitations::{
    Accept, AcceptError, Invited, accept_invitation, find_invitation, list_invitations,
};
use askama::Template;
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use poem::http::header;
use poem::web::{Form, Query};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::{page_again, see_other, status_of};
use crate::caller;
use crate::entered::invitation_number;
use crate::problem::{Kind, Problem};

struct Line {
    id: String,
    counsel: String,
    lapses: String,
    questions: Vec<String>,
}

impl Line {
    fn new(invited: &Invited, here: &Here, frame: &Frame) -> Self {
        let lapses = invited.delegation.lapses_at(&here.web.app.terms);
        let questions = invited.delegation.questions.iter();
        Self {
            id: invited.delegation.id.to_string(),
            counsel: invited.counsel.name.to_string(),
            lapses: frame.show.instant(lapses),
            questions: questions.map(|asked| asked.question.clone()).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "invitations.html")]
struct InvitationsPage {
    frame: Frame,
    tribunal: String,
    statement_version: String,
    kept_for: String,
    lines: Vec<Line>,
    /// Whether accepting registers, and the privacy statement is to be accepted with it.
    registers: bool,
    days: i64,
    /// The number by which an invitation was looked for, as it was typed.
    number: String,
    problems: Vec<String>,
}

/// An invitation looked for by its number; `None` where nothing was typed.
async fn found(here: &Here, number: &str) -> Result<Option<Invited>, Problem> {
    if number.trim().is_empty() {
        return Ok(None);
    }
    let number = invitation_number(number)?;
    match find_invitation(&here.web.app, here.signed_in()?, &number).await {
        Ok(found) => Ok(Some(found)),
        Err(AcceptError::UseCase(UseCaseError::NotFound)) => Err(Kind::NoSuchInvitation.into()),
        Err(error) => Err(error.into()),
    }
}

async fn show(here: &Here, number: String, problem: Option<&Problem>) -> Result<Response, Problem> {
    let app = &here.web.app;
    let mut invited = list_invitations(app, here.signed_in()?).await?;
    let missed;
    let problem = match (problem, found(here, &number).await) {
        (problem, Ok(found)) => {
            let found = found.filter(|found| {
                let mut others = invited.iter();
                others.all(|one| one.delegation.id != found.delegation.id)
            });
            invited.extend(found);
            problem
        }
        (Some(problem), Err(_)) => Some(problem),
        (None, Err(error)) => {
            missed = error;
            Some(&missed)
        }
    };
    let frame = here.frame();
    let in_words = |problem: &Problem| match problem.detail("tries_left") {
        Some(left) => frame.t.invitations_wrong(left.parse().unwrap_or(0_u32)),
        None => problem.words(frame.t).to_owned(),
    };
    let page = InvitationsPage {
        tribunal: frame.tribunal(&here.web),
        statement_version: app.tribunal.privacy_statement_version.clone(),
        kept_for: frame.show.kept_for(&app.terms.retention),
        lines: invited
            .iter()
            .map(|one| Line::new(one, here, &frame))
            .collect(),
        registers: here.is_stranger(),
        days: app.terms.delegation.whole_days(),
        problems: problem.map(in_words).into_iter().collect(),
        number,
        frame,
    };
    page_again(&page, status_of(problem))
}

/// How many are open to somebody who has an account, in words; `None` where there is none.
pub(super) async fn waiting(here: &Here, frame: &Frame) -> Result<Option<String>, Problem> {
    let open = list_invitations(&here.web.app, here.signed_in()?).await?;
    Ok((!open.is_empty()).then(|| frame.t.invitations_waiting(open.len())))
}

/// The invitations that are open.
#[handler]
pub(super) async fn list(
    here: Here,
    Query(Looked { number }): Query<Looked>,
) -> Result<Response, Problem> {
    show(&here, number, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Looked {
    number: String,
}

/// Answers one.
#[handler]
pub(super) async fn accept(
    here: Here,
    request: &Request,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let wish = entered(sent)?;
    let session = caller::presented(request, here.web.secure);
    let actor = here.signed_in()?;
    match accept_invitation(&here.web.app, actor, session.as_ref(), &wish).await {
        Ok(accepted) => {
            let onward = see_other(&here.to().counsels());
            Ok(match accepted.secret {
                Some(secret) => onward
                    .with_header(header::SET_COOKIE, caller::cookie(here.web.secure, &secret))
                    .into_response(),
                None => onward,
            })
        }
        Err(
            error @ (AcceptError::Refused(_)
            | AcceptError::Wrong { .. }
            | AcceptError::PrivacyStatementNotAccepted),
        ) => {
            let number = wish.number.map(|number| number.to_string());
            show(&here, number.unwrap_or_default(), Some(&error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A form names the answers several times under one name, in the order of the questions.
fn entered(sent: Vec<(String, String)>) -> Result<Accept, Problem> {
    let (mut invitation, mut number) = (None, None);
    let (mut answers, mut accepts_privacy_statement) = (Vec::new(), false);
    for (name, value) in sent {
        match name.as_str() {
            "invitation" => invitation = value.parse::<Uuid>().ok(),
            "number" => number = InvitationNumber::parse(&value).ok(),
            "answer" => answers.push(value.into()),
            "privacy_statement" => accepts_privacy_statement = value == "accepted",
            _ => {}
        }
    }
    Ok(Accept {
        invitation: Id::new(invitation.ok_or(Kind::BadRequest)?),
        number,
        answers,
        accepts_privacy_statement,
        idempotency_key: None,
    })
}
