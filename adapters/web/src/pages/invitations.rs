//! Invitations to be a delegate, as the invited person sees and answers them (DEL-2, REG-4).

use application::invitations::{Accept, AcceptError, Invited, accept_invitation, list_invitations};
use askama::Template;
use domain::id::Id;
use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::web::Form;
use poem::{IntoResponse, Request, Response, handler};
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::{page_again, see_other};
use crate::caller;
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
    lines: Vec<Line>,
    /// Whether accepting registers, and the privacy statement is to be accepted with it.
    registers: bool,
    days: i64,
    problems: Vec<String>,
}

async fn show(here: &Here, problem: Option<&Problem>) -> Result<Response, Problem> {
    let app = &here.web.app;
    let invited = list_invitations(app, here.signed_in()?).await?;
    let frame = here.frame();
    let in_words = |problem: &Problem| match problem.detail("tries_left") {
        Some(left) => frame.t.invitations_wrong(left.parse().unwrap_or(0_u32)),
        None => problem.words(frame.t),
    };
    let page = InvitationsPage {
        tribunal: frame.tribunal(&here.web),
        statement_version: app.tribunal.privacy_statement_version.clone(),
        lines: invited
            .iter()
            .map(|one| Line::new(one, here, &frame))
            .collect(),
        registers: here.is_stranger(),
        days: app.terms.delegation.whole_days(),
        problems: problem.map(in_words).into_iter().collect(),
        frame,
    };
    page_again(&page, problem.map_or(StatusCode::OK, ResponseError::status))
}

/// The invitations that are open.
#[handler]
pub(super) async fn list(here: Here) -> Result<Response, Problem> {
    show(&here, None).await
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
        ) => show(&here, Some(&error.into())).await,
        Err(error) => Err(error.into()),
    }
}

/// A form names the answers several times under one name, in the order of the questions.
fn entered(sent: Vec<(String, String)>) -> Result<Accept, Problem> {
    let mut invitation = None;
    let (mut answers, mut accepts_privacy_statement) = (Vec::new(), false);
    for (name, value) in sent {
        match name.as_str() {
            "invitation" => invitation = value.parse::<Uuid>().ok(),
            "answer" => answers.push(value.into()),
            "privacy_statement" => accepts_privacy_statement = value == "accepted",
            _ => {}
        }
    }
    Ok(Accept {
        invitation: Id::new(invitation.ok_or(Kind::BadRequest)?),
        answers,
        accepts_privacy_statement,
    })
}
