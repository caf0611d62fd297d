//! The demonstration's own pages: who one can be, what would have been sent, the clock.

use application::ports::demonstration::{CaughtMessage, Coming};
use askama::Template;
use poem::Response;

use super::frame::{Frame, Here};
use super::page;
use super::shown::Shown;
use crate::problem::Problem;
use crate::{Demonstration, Web};

/// Somebody to sign in as.
#[derive(Clone)]
pub(crate) struct Face {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) role: String,
}

/// Everybody, if this is the demonstration.
pub(super) fn faces(web: &Web, frame: &Frame) -> Vec<Face> {
    let people = web.demonstration.iter().flat_map(|demo| &demo.people);
    let face = |person: &application::ports::demonstration::Person| Face {
        key: person.key.clone(),
        name: person.name.clone(),
        role: frame.show.word("role", &person.role),
    };
    people.map(face).collect()
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Face>,
    come_back: String,
}

/// `/demo/sign-in`.
pub(crate) fn people_page(here: &Here) -> Result<Response, Problem> {
    let frame = here.frame();
    page(&PeoplePage {
        people: faces(&here.web, &frame),
        come_back: String::new(),
        frame,
    })
}

struct Message {
    to: String,
    subject: String,
    body: String,
    machine: String,
    at: String,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct Caught {
    frame: Frame,
    heading: &'static str,
    none: &'static str,
    messages: Vec<Message>,
    /// Whether older ones are left out.
    newest: bool,
}

/// So many of the newest are on the page; a program is given all.
const SHOWN: usize = 20;

fn messages(
    here: &Here,
    caught: Vec<CaughtMessage>,
    heading: &'static str,
    none: &'static str,
) -> Result<Response, Problem> {
    let frame = here.frame();
    let message = |caught: CaughtMessage| Message {
        to: caught.to,
        subject: caught.subject,
        body: caught.body,
        machine: Shown::machine(caught.sent_at),
        at: frame.show.instant(caught.sent_at),
    };
    let newest = caught.len() > SHOWN;
    let messages = caught.into_iter().take(SHOWN).map(message).collect();
    page(&Caught {
        frame,
        heading,
        none,
        messages,
        newest,
    })
}

/// `/demo/mailbox`.
pub(crate) fn mailbox_page(here: &Here, caught: Vec<CaughtMessage>) -> Result<Response, Problem> {
    let words = here.words();
    let (heading, none) = (words.demo_mailbox_heading(), words.demo_mailbox_none());
    messages(here, caught, heading, none)
}

/// `/demo/text-messages`.
pub(crate) fn texts_page(here: &Here, caught: Vec<CaughtMessage>) -> Result<Response, Problem> {
    let words = here.words();
    let (heading, none) = (words.demo_texts_heading(), words.demo_texts_none());
    messages(here, caught, heading, none)
}

#[derive(Template)]
#[template(path = "clock.html")]
struct ClockPage {
    frame: Frame,
    now: String,
    coming: Vec<Next>,
    problem: Option<&'static str>,
}

/// What will happen by itself, to move the clock there.
struct Next {
    machine: String,
    at: String,
    what: String,
}

/// `/demo/clock`; with a problem, if it was told something it does not understand.
pub(crate) async fn clock_page(
    here: &Here,
    demonstration: &Demonstration,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let frame = here.frame();
    let next = |(at, coming, whom): (time::OffsetDateTime, Coming, String)| {
        let what = frame.show.word("demo-coming", coming.code());
        Next {
            machine: Shown::machine(at),
            at: frame.show.instant(at),
            what: frame.t.demo_clock_coming(what, whom),
        }
    };
    let coming = demonstration.coming.next().await?;
    let mut response = page(&ClockPage {
        now: frame.show.instant(demonstration.clock.now()),
        coming: coming.into_iter().map(next).collect(),
        problem: problem.map(|problem| problem.words(frame.t)),
        frame,
    })?;
    if let Some(problem) = problem {
        problem.mark(&mut response);
    }
    Ok(response)
}
