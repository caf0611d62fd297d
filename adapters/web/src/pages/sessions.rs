//! One's sessions: a part of My Profile, and a page of its own for whoever has no profile to open: the blocked, and people without account
//! (OWASP ASVS 5.0, 7.5.2).

use application::own_sessions::{end_other_sessions, end_session, list_sessions};
use application::see_account::see_account;
use askama::Template;
use domain::id::Id;
use poem::web::Query;
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::account::{forgotten, show};
use super::done::Seen;
use super::frame::{Frame, Here};
use super::own_form::OwnForm;
use super::{in_words, page_again, see_other, status_of};
use crate::problem::{Kind, Problem};

/// A session, for the list.
pub(super) struct SessionLine {
    pub(super) id: String,
    pub(super) since: String,
    pub(super) last_used: String,
    pub(super) service: String,
    pub(super) is_this_one: bool,
}

/// The list, as the pages have it. Nobody who asks by a token has one.
pub(super) async fn lines(here: &Here, frame: &Frame) -> Result<Vec<SessionLine>, Problem> {
    let by = here.session_id();
    if by.is_none() {
        return Ok(Vec::new());
    }
    let sessions = list_sessions(&here.web.app, here.signed_in()?, by).await?;
    let lines = sessions.into_iter().map(|session| SessionLine {
        id: session.id.to_string(),
        since: frame.show.instant(session.begun_at),
        last_used: frame.show.instant(session.last_used_at),
        service: session.service.map_or_else(
            || frame.t.sessions_service_unknown().to_owned(),
            |name| frame.show.name(&name),
        ),
        is_this_one: session.is_this_one,
    });
    Ok(lines.collect())
}

#[derive(Template)]
#[template(path = "own_sessions.html")]
struct SessionsPage {
    frame: Frame,
    sessions: Vec<SessionLine>,
    done: String,
    problems: Vec<&'static str>,
}

/// My sessions, by themselves.
#[handler]
pub(super) async fn my_sessions(
    here: Here,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    show_alone(&here, done, None).await
}

async fn show_alone(
    here: &Here,
    done: String,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let frame = here.frame();
    here.signed_in()?;
    let sessions_page = SessionsPage {
        sessions: lines(here, &frame).await?,
        done,
        problems: in_words(problem, &frame),
        frame,
    };
    page_again(&sessions_page, status_of(problem))
}

#[derive(Deserialize)]
pub(super) struct ToEnd {
    /// The id of a session, or `others`.
    end: String,
}

/// Ends one, or all others. Whoever ends the one by which they ask has signed out.
#[handler]
pub(super) async fn end(here: Here, OwnForm(wish): OwnForm<ToEnd>) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let by = here.session_id();
    let has_profile = see_account(app, actor).is_ok();
    let ended = if wish.end == "others" {
        let ended = end_other_sessions(app, actor, by).await;
        ended.map(|_| "others-ended").map_err(Problem::from)
    } else {
        let session = wish.end.parse::<Uuid>().map(Id::new);
        match session {
            Ok(session) => {
                let ended = end_session(app, actor, session).await;
                if ended.is_ok() && by == Some(session) {
                    return Ok(forgotten(&here, see_other(&here.to().home())));
                }
                ended.map(|()| "session-ended").map_err(Problem::from)
            }
            Err(_) => Err(Kind::NoSuchSession.into()),
        }
    };
    match ended {
        Ok(done) => {
            let to = here.to();
            let place = if has_profile {
                to.account()
            } else {
                to.sessions()
            };
            Ok(see_other(&format!("{place}?done={done}")))
        }
        Err(problem) if problem.kind() != Kind::NoSuchSession => Err(problem),
        Err(problem) if has_profile => show(&here, String::new(), None, Some(&problem)).await,
        Err(problem) => show_alone(&here, String::new(), Some(&problem)).await,
    }
}
