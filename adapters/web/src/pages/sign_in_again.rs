//! A new sign-in beside a form that takes a recent one (REG-8): it opens in a tab of its own, and the form stays with everything that was
//! typed into it. Nothing typed is put into an address, or kept anywhere.

use super::demonstration::{Face, faces};
use super::frame::{Frame, Here};
use super::home::{Service, services};
use crate::problem::{Kind, Problem};

/// How one signs in again.
pub(super) struct Again {
    pub(super) services: Vec<Service>,
    pub(super) people: Vec<Face>,
    /// The page of the new tab; it says to go back to the form.
    pub(super) come_back: String,
}

impl Again {
    /// `None` where nothing is wrong, or something else.
    pub(super) fn needed<'a>(
        here: &Here,
        frame: &Frame,
        problems: impl IntoIterator<Item = &'a Problem>,
        come_back: &str,
    ) -> Option<Self> {
        let mut problems = problems.into_iter();
        let too_old = problems.any(|problem| problem.kind() == Kind::SignInNotRecent);
        too_old.then(|| Self {
            services: services(here, frame, come_back),
            people: faces(&here.web, frame),
            come_back: come_back.to_owned(),
        })
    }
}

/// What else must be put right: that the sign-in is too old is said with the ways to sign in.
pub(super) fn others<'a>(
    problems: impl IntoIterator<Item = &'a Problem>,
) -> impl Iterator<Item = &'a Problem> {
    let problems = problems.into_iter();
    problems.filter(|problem| problem.kind() != Kind::SignInNotRecent)
}

/// A refusal that the form is shown again with; any other ends the request. What ends no request is put into the audit trail here.
///
/// # Errors
/// The problem itself, where it is not that the sign-in is too old.
pub(super) async fn not_recent(here: &Here, problem: Problem) -> Result<Problem, Problem> {
    if problem.kind() == Kind::SignInNotRecent {
        problem.record(&here.web.app).await;
        Ok(problem)
    } else {
        Err(problem)
    }
}
