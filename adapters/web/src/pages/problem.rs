//! A problem as a page: what it is, what to do, and the lock code for the help desk where there is one (SEC-1).

use askama::Template;
use poem::Response;
use poem::error::ResponseError;
use poem::http::StatusCode;

use super::demonstration::{Face, faces};
use super::frame::{Frame, Here};
use super::home::{Service, services};
use super::page;
use crate::problem::{Kind, Problem};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    heading: &'static str,
    words: &'static str,
    lock_code: Option<String>,
    request_id: Option<String>,
    offer_sign_in: bool,
    /// Whether it opens in a tab of its own: reloaded afterwards, this page sends once more what was typed.
    beside: bool,
    services: Vec<Service>,
    people: Vec<Face>,
    come_back: String,
    /// The way to one's sessions, for whoever has no profile to open.
    sessions: Option<String>,
}

/// What stands above it: the kind's own heading where it has one, else its status's.
fn heading(problem: &Problem, words: &'static Texts) -> &'static str {
    let of = |what: &str| words.by_id(&format!("problem-heading-{what}"));
    of(problem.kind().name())
        .or_else(|| of(problem.status().as_str()))
        .unwrap_or_else(|| words.problem_heading_other())
}

/// What a person reads, where the API's words are about requests and tokens.
fn words_on_page(problem: &Problem, words: &'static Texts) -> &'static str {
    words
        .by_id(&format!("problem-page-{}", problem.kind().name()))
        .unwrap_or_else(|| problem.words(words))
}

/// What the help desk finds the request by, where nothing else tells them what is wrong: whoever is blocked reads them the lock code, and who must
/// sign in or followed a wrong link needs nobody.
fn request_id(problem: &Problem) -> Option<String> {
    let says_enough = matches!(
        problem.status(),
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::LOCKED
    );
    problem.detail("request_id").filter(|_| !says_enough)
}

/// The problem's page, in the language of the page where it arose.
pub(crate) fn as_page(problem: &Problem, here: &Here) -> Response {
    let frame = here.frame();
    let offer_sign_in =
        problem.status() == StatusCode::UNAUTHORIZED || problem.kind() == Kind::SignInNotRecent;
    let without_profile = matches!(problem.kind(), Kind::Blocked | Kind::NoAccount);
    let come_back = here.come_back();
    let beside = problem.status() == StatusCode::UNAUTHORIZED && !here.is_get();
    let words = if beside {
        frame.t.problem_form_not_sent()
    } else {
        words_on_page(problem, frame.t)
    };
    let shown = page(&ProblemPage {
        heading: heading(problem, frame.t),
        words,
        lock_code: problem.detail("lock_code"),
        request_id: request_id(problem),
        offer_sign_in,
        beside,
        services: services(here, &frame, &come_back),
        people: faces(&here.web, &frame),
        come_back,
        sessions: (without_profile && here.session_id().is_some()).then(|| here.to().sessions()),
        frame,
    });
    let mut response = match shown {
        Ok(response) => response,
        Err(unshown) => {
            unshown.log();
            return unshown.as_json(here.words());
        }
    };
    problem.mark(&mut response);
    response
}
