//! Invitations to be a delegate, as the invited person sees and answers them (DEL-2, REG-4).

use application::UseCaseError;
use application::invitations::{
    Accept, AcceptError, Invited, accept_invitation, find_invitation, list_invitations,
    see_invitation,
};
use askama::Template;
use domain::delegation::DelegationId;
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use poem::http::header;
use poem::web::Query;
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::address::To;
use super::faults::said;
use super::form_key;
use super::frame::{Frame, Here, LanguageForm};
use super::own_form::OwnForm;
use super::{page_again, see_other, status_of};
use crate::caller;
use crate::entered::invitation_number;
use crate::problem::{Kind, Problem};

/// A question, and what was typed as its answer.
struct Asked {
    question: String,
    answer: String,
}

struct Line {
    id: String,
    /// The form in which it is answered.
    form: String,
    counsel: String,
    lapses: String,
    questions: Vec<Asked>,
    /// Whether the privacy statement was ticked.
    accepts: bool,
}

impl Line {
    fn new(invited: &Invited, entered: &Entered, here: &Here, frame: &Frame) -> Self {
        let lapses = invited.delegation.lapses_at(&here.web.app.terms);
        let questions = invited.delegation.questions.iter();
        let id = invited.delegation.id;
        let typed = entered.invitation == Some(id);
        let answers = entered.answers.iter().filter(|_| typed);
        let answers = answers.map(String::as_str).chain(std::iter::repeat(""));
        Self {
            id: id.to_string(),
            form: format!("invitation-{id}"),
            counsel: invited.counsel.name.to_string(),
            lapses: frame.show.instant(lapses),
            questions: questions
                .zip(answers)
                .map(|(asked, answer)| Asked {
                    question: asked.question.clone(),
                    answer: answer.to_owned(),
                })
                .collect(),
            accepts: typed && entered.accepts,
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
    /// The invitation that was found by it.
    found: Option<DelegationId>,
    problems: Vec<String>,
}

/// An invitation looked for by its number; `None` where nothing was typed. Whoever found it before has it once more, and no try is counted.
async fn found(here: &Here, entered: &Entered) -> Result<Option<Invited>, Problem> {
    if entered.number.trim().is_empty() {
        return Ok(None);
    }
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let number = invitation_number(&entered.number)?;
    let found = match entered.found {
        Some(before) => see_invitation(app, actor, before, Some(&number)).await,
        None => find_invitation(app, actor, &number).await,
    };
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AcceptError::UseCase(UseCaseError::NotFound)) => Err(Kind::NoSuchInvitation.into()),
        Err(error) => Err(error.into()),
    }
}

async fn show(
    here: &Here,
    entered: Entered,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let mut invited = list_invitations(app, here.signed_in()?).await?;
    let missed;
    let mut by_number = None;
    let problem = match (problem, found(here, &entered).await) {
        (problem, Ok(found)) => {
            by_number = found.as_ref().map(|found| found.delegation.id);
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
    let mut frame = here.frame_about_oneself().await?;
    let problems = problem.map(|one| said(one, &frame)).into_iter().collect();
    let lines: Vec<Line> = invited
        .iter()
        .map(|one| Line::new(one, &entered, here, &frame))
        .collect();
    // Of several, what is typed into one goes along to the other language.
    let answered = entered.invitation.or(by_number);
    let answered = invited
        .iter()
        .position(|one| Some(one.delegation.id) == answered);
    if let Some(line) = lines.get(answered.unwrap_or(0)) {
        let form = LanguageForm {
            id: line.form.clone(),
            act: "accept",
        };
        let address = To::in_language(here.language.other()).invitations();
        frame.change_language_with(form, address);
    }
    let page = InvitationsPage {
        tribunal: frame.tribunal(&here.web),
        statement_version: app.tribunal.privacy_statement_version.clone(),
        kept_for: frame.show.kept_for(&app.terms.retention),
        lines,
        registers: here.is_stranger(),
        days: app.terms.delegation.whole_days(),
        problems,
        number: entered.number,
        found: by_number,
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
    let looked = Entered {
        number,
        ..Entered::default()
    };
    show(&here, looked, None).await
}

/// An address of before that has a number in it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Looked {
    number: String,
}

/// Answers one; or looks for one by its number, which is in no address, or shows in this language what was before somebody in the other.
#[handler]
pub(super) async fn accept(
    here: Here,
    request: &Request,
    OwnForm(sent): OwnForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let entered = Entered::of(sent);
    if matches!(entered.act.as_str(), "find" | "language") {
        return show(&here, entered, None).await;
    }
    let wish = entered.wish()?;
    let session = caller::presented(request, here.web.secure);
    let actor = here.signed_in()?;
    match accept_invitation(&here.web.app, actor, session.as_ref(), &wish).await {
        Ok(accepted) => {
            let onward = see_other(&format!("{}?done=accepted", here.to().counsels()));
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
            | AcceptError::PrivacyStatementNotAccepted
            | AcceptError::Key(_)),
        ) => show(&here, entered, Some(&form_key::on_page(error.into()))).await,
        Err(error) => Err(error.into()),
    }
}

/// What was typed. A form names the answers several times under one name, in the order of the questions.
#[derive(Default)]
struct Entered {
    /// Which button was pressed.
    act: String,
    invitation: Option<DelegationId>,
    number: String,
    found: Option<DelegationId>,
    answers: Vec<String>,
    accepts: bool,
    /// The page's.
    key: String,
}

impl Entered {
    fn of(sent: Vec<(String, String)>) -> Self {
        let mut entered = Self::default();
        let id = |value: &str| value.parse::<Uuid>().ok().map(Id::new);
        for (name, value) in sent {
            match name.as_str() {
                "act" => entered.act = value,
                "invitation" => entered.invitation = id(&value),
                "number" => entered.number = value,
                "found" => entered.found = id(&value),
                "answer" => entered.answers.push(value),
                "key" => entered.key = value,
                "privacy_statement" => entered.accepts = value == "accepted",
                _ => {}
            }
        }
        entered
    }

    fn wish(&self) -> Result<Accept, Problem> {
        let answers = self.answers.iter();
        Ok(Accept {
            invitation: self.invitation.ok_or(Kind::BadRequest)?,
            number: InvitationNumber::parse(&self.number).ok(),
            answers: answers.map(|answer| answer.clone().into()).collect(),
            accepts_privacy_statement: self.accepts,
            idempotency_key: form_key::of_act(&self.key, "accept"),
        })
    }
}
