//! A counsel's delegates: who has access and until when, invite, renew, end, which is asked twice (DEL-1 … DEL-4).

use application::delegations::{
    DelegationError, HeldPlaces, InviteDelegate, Listed, end_delegation, invite_delegate,
    list_delegations, place_for_one_more, renew_delegation,
};
use application::see_account::see_account;
use askama::Template;
use domain::account::{Account, AccountId};
use domain::delegation::{
    Invitee, QUESTIONS_AT_MOST, State, normalised_answer, unusable_questions,
};
use domain::id::Id;
use domain::person::{EmailAddress, Language};
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::address::To;
use super::done::Seen;
use super::faults::{Faults, Place};
use super::form_key;
use super::frame::{Frame, Here, LanguageForm};
use super::sign_in_again::{Again, not_recent, others};
use super::{in_words, page_again, see_other, status_of};
use crate::entered::name;
use crate::problem::{Kind, Problem, noted};

/// Questions on the form; the API takes more.
const QUESTIONS: usize = 3;
const _: () = assert!(QUESTIONS <= QUESTIONS_AT_MOST);

/// The fields of both steps, in their order.
const PLACES: &[Place] = &[
    ("given_name", &[]),
    ("family_name", &[]),
    (
        "email",
        &[
            Kind::EmailUnusable,
            Kind::AlreadyDelegate,
            Kind::DelegateOneself,
        ],
    ),
    ("language-fr", &[Kind::LanguageUnusable]),
    ("question-1", &[Kind::NoQuestion, Kind::QuestionUnusable]),
    ("answer-1", &[]),
    ("question-2", &[]),
    ("answer-2", &[]),
    ("question-3", &[]),
    ("answer-3", &[]),
    ("terms", &[Kind::TermsNotAccepted]),
];

/// Whether a delegate gets in now.
#[derive(PartialEq, Eq)]
enum Access {
    None,
    Given,
    /// Whatever the state of the delegation, they cannot.
    Blocked,
}

/// A delegation as counsel sees it.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) state: String,
    pub(super) until: String,
    access: Access,
    pub(super) renewable: bool,
    /// An invitation that nobody has taken up yet.
    pub(super) waits: bool,
}

impl Line {
    pub(super) fn has_access(&self) -> bool {
        self.access == Access::Given
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.access == Access::Blocked
    }

    fn new(listed: &Listed, now: OffsetDateTime, here: &Here, frame: &Frame) -> Self {
        let delegation = &listed.delegated.delegation;
        let terms = &here.web.app.terms;
        let state = delegation.state(now, terms);
        let at =
            |at: Option<OffsetDateTime>| at.map(|at| frame.show.instant(at)).unwrap_or_default();
        let until = match state {
            State::Invited => frame
                .t
                .delegates_invited_until(frame.show.instant(delegation.lapses_at(terms))),
            State::Expired => frame.t.delegates_expired_until(
                at(delegation.ends_at(terms)),
                at(delegation.renewable_until(terms)),
            ),
            _ => {
                let left = delegation.ends_at(terms).map(|ends_at| ends_at - now);
                let days = left.map_or(0, |left| (left.whole_seconds() + 86_399) / 86_400);
                frame
                    .t
                    .delegates_access_until(at(delegation.ends_at(terms)), days)
            }
        };
        Self {
            id: delegation.id.to_string(),
            name: listed.delegated.name().to_string(),
            email: listed.delegated.email().as_str().to_owned(),
            state: frame.show.word("delegation", state.code()),
            until,
            access: if listed.delegated.is_blocked() {
                Access::Blocked
            } else if state.gives_access() {
                Access::Given
            } else {
                Access::None
            },
            renewable: listed.renewable,
            waits: state == State::Invited,
        }
    }
}

/// The list, each as it is at the instant at which all of them hold a place.
pub(super) fn lines(held: &HeldPlaces, here: &Here, frame: &Frame) -> Vec<Line> {
    let line = |one| Line::new(one, held.at, here, frame);
    held.listed.iter().map(line).collect()
}

#[derive(Template)]
#[template(path = "delegates.html")]
struct DelegatesPage {
    frame: Frame,
    here: String,
    invite: String,
    lines: Vec<Line>,
    places: usize,
    places_left: usize,
    /// Whose end is to be confirmed.
    ending: Option<Line>,
    done: String,
    problems: Vec<&'static str>,
}

async fn show(
    here: &Here,
    counsel: AccountId,
    ending: Option<Uuid>,
    done: String,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let held = list_delegations(app, here.signed_in()?, counsel).await?;
    let frame = here.frame();
    let ending = held
        .listed
        .iter()
        .find(|one| Some(one.delegated.delegation.id.uuid()) == ending)
        .map(|one| Line::new(one, held.at, here, &frame));
    let page = DelegatesPage {
        here: frame.to.delegates(counsel),
        invite: frame.to.invite(counsel),
        lines: lines(&held, here, &frame),
        places: app.terms.delegates_at_most,
        places_left: app
            .terms
            .delegates_at_most
            .saturating_sub(held.listed.len()),
        ending,
        done,
        problems: in_words(problem, &frame),
        frame,
    };
    page_again(&page, status_of(problem))
}

/// The list: who has access to the files now, and until when.
#[handler]
pub(super) async fn list(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    show(&here, Id::new(counsel), None, done, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Act {
    renew: Option<Uuid>,
    end: Option<Uuid>,
    /// The second time of asking.
    confirmed: Option<Uuid>,
    /// The page's.
    key: String,
}

/// Renews, or ends after asking twice.
#[handler]
pub(super) async fn change(
    here: Here,
    Path(counsel): Path<Uuid>,
    Form(act): Form<Act>,
) -> Result<Response, Problem> {
    let (app, actor, counsel) = (&here.web.app, here.signed_in()?, Id::new(counsel));
    if let Some(end) = act.end {
        return show(&here, counsel, Some(end), String::new(), None).await;
    }
    let (changed, done) = if let Some(id) = act.renew {
        let key = form_key::of_act(&act.key, &format!("renew {id}"));
        let key = key.as_deref();
        let renewed = renew_delegation(app, actor, counsel, Id::new(id), key).await;
        (renewed, "renewed")
    } else if let Some(id) = act.confirmed {
        let key = form_key::of_act(&act.key, &format!("end {id}"));
        let key = key.as_deref();
        let ended = end_delegation(app, actor, counsel, Id::new(id), key).await;
        (ended, "ended")
    } else {
        return Err(Kind::BadRequest.into());
    };
    match changed {
        Ok(changed) => {
            let withdrawn = changed.delegation.running.is_none();
            let done = if withdrawn { "withdrawn" } else { done };
            let address = here.to().delegates(counsel);
            Ok(see_other(&format!("{address}?done={done}")))
        }
        Err(DelegationError::UseCase(error)) => Err(error.into()),
        Err(error) => show(&here, counsel, None, String::new(), Some(&error.into())).await,
    }
}

/// What counsel typed, as it was typed.
#[derive(Debug, Clone, Default)]
struct Fields {
    given_name: String,
    family_name: String,
    email: String,
    language: String,
    questions: [(String, String); QUESTIONS],
    accepts_terms: bool,
    /// Which button was pressed: `review`, `change`, `send`, or `language`, which shows the same step in the other one.
    act: String,
    /// Whether it is the second step.
    reviewed: bool,
    /// That of the page which shows everything once more.
    key: String,
}

impl Fields {
    fn of(sent: Vec<(String, String)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in sent {
            let numbered = |prefix: &str| {
                let number: usize = name.strip_prefix(prefix)?.parse().ok()?;
                number.checked_sub(1)
            };
            match name.as_str() {
                "given_name" => fields.given_name = value,
                "family_name" => fields.family_name = value,
                "email" => fields.email = value,
                "language" => fields.language = value,
                "act" => fields.act = value,
                "step" => fields.reviewed = value == "review",
                "key" => fields.key = value,
                "terms" => fields.accepts_terms = value == "accepted",
                _ => {
                    let (question, answer) = (numbered("question-"), numbered("answer-"));
                    if let Some(one) = question.and_then(|at| fields.questions.get_mut(at)) {
                        one.0 = value;
                    } else if let Some(one) = answer.and_then(|at| fields.questions.get_mut(at)) {
                        one.1 = value;
                    }
                }
            }
        }
        fields
    }

    /// The questions that are asked, with their answers, each by its number.
    fn filled(&self) -> impl Iterator<Item = (usize, &(String, String))> {
        let asked = (1..).zip(&self.questions);
        asked.filter(|(_, (question, answer))| {
            !(question.trim().is_empty() && answer.trim().is_empty())
        })
    }

    /// What is wrong with questions and answers, each at its field (DEL-2).
    fn faults_of_questions(&self) -> Vec<Problem> {
        let asked = self.filled().map(|(_, (question, _))| question.as_str());
        let unusable = unusable_questions(asked);
        let mut wrong = Vec::new();
        for (at, (number, (_, answer))) in self.filled().enumerate() {
            let told = |field: &str| Problem::from(Kind::QuestionUnusable).at(field);
            if unusable.contains(&at) {
                wrong.push(told(&format!("question-{number}")));
            }
            if normalised_answer(answer).is_empty() {
                wrong.push(told(&format!("answer-{number}")));
            }
        }
        if self.filled().next().is_none() {
            wrong.push(Kind::NoQuestion.into());
        }
        wrong
    }

    /// What is asked for, or all that must be put right.
    fn wish(&self) -> Result<InviteDelegate, Vec<Problem>> {
        let mut wrong = Vec::new();
        let name = name(&self.given_name, &self.family_name, &mut wrong);
        let email = noted(EmailAddress::parse(&self.email), &mut wrong);
        let language = Language::from_code(&self.language).ok_or(Kind::LanguageUnusable);
        let language = noted(language, &mut wrong);
        wrong.extend(self.faults_of_questions());
        let (Some(name), Some(email), Some(language), true) =
            (name, email, language, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(InviteDelegate {
            invitee: Invitee {
                name,
                email,
                language,
            },
            questions: self
                .filled()
                .map(|(_, (question, answer))| (question.clone(), answer.clone().into()))
                .collect(),
            accepts_terms: self.accepts_terms,
            idempotency_key: form_key::of_act(&self.key, "invite"),
        })
    }
}

struct Asked {
    number: usize,
    question_field: String,
    answer_field: String,
    text: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    frame: Frame,
    here: String,
    delegates: String,
    fields: Fields,
    questions: Vec<Asked>,
    again: Option<Again>,
    faults: Faults,
}

/// The second step: everything once more, and the terms.
#[derive(Template)]
#[template(path = "invite_review.html")]
struct ReviewPage {
    frame: Frame,
    here: String,
    delegates: String,
    fields: Fields,
    questions: Vec<Asked>,
    days: i64,
    terms_version: String,
    again: Option<Again>,
    faults: Faults,
}

fn show_review(
    here: &Here,
    counsel: AccountId,
    fields: Fields,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let (frame, app) = (frame(here, counsel, "send"), &here.web.app);
    let questions = asked(&fields).filter(|one| !one.text.trim().is_empty());
    let page = ReviewPage {
        here: frame.to.invite(counsel),
        delegates: frame.to.delegates(counsel),
        questions: questions.collect(),
        days: app.terms.delegation.whole_days(),
        terms_version: app.tribunal.delegation_terms_version.clone(),
        again: again(here, counsel, problem, &frame),
        faults: Faults::new(others(problem), PLACES, &frame),
        fields,
        frame,
    };
    page_again(&page, status_of(problem))
}

/// The frame of a step that such an act ends: what was typed goes along to the other language.
fn frame(here: &Here, counsel: AccountId, act: &'static str) -> Frame {
    let mut frame = here.frame();
    let form = LanguageForm {
        id: "invite".to_owned(),
        act,
    };
    let address = To::in_language(here.language.other()).invite(counsel);
    frame.change_language_with(form, address);
    frame
}

/// A new sign-in beside the form, where the one that there is has become too old.
fn again<'a>(
    here: &Here,
    counsel: AccountId,
    problems: impl IntoIterator<Item = &'a Problem>,
    frame: &Frame,
) -> Option<Again> {
    let back = frame.to.delegates(counsel);
    Again::needed(here, frame, problems, &format!("{back}?done=signed-in"))
}

/// The questions with their answers, in order.
fn asked(fields: &Fields) -> impl Iterator<Item = Asked> {
    let questions = (1..).zip(&fields.questions);
    questions.map(|(number, (question, answer))| Asked {
        number,
        question_field: format!("question-{number}"),
        answer_field: format!("answer-{number}"),
        text: question.clone(),
        answer: answer.clone(),
    })
}

fn show_form(
    here: &Here,
    counsel: AccountId,
    fields: Fields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let frame = frame(here, counsel, "review");
    let page = InvitePage {
        here: frame.to.invite(counsel),
        delegates: frame.to.delegates(counsel),
        questions: asked(&fields).collect(),
        again: again(here, counsel, problems, &frame),
        faults: Faults::new(others(problems), PLACES, &frame),
        fields,
        frame,
    };
    page_again(&page, status_of(problems))
}

/// The empty form, for the counsel in person; the list where no place is left, before anything is typed in vain.
#[handler]
pub(super) async fn ask_form(here: Here, Path(counsel): Path<Uuid>) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let account: &Account = see_account(app, actor)?;
    if account.id.uuid() != counsel {
        return Err(Kind::NotForDelegates.into());
    }
    match place_for_one_more(app, actor, account.id).await {
        Ok(()) => show_form(&here, account.id, Fields::default(), &[]),
        Err(DelegationError::UseCase(error)) => Err(error.into()),
        Err(full) => show(&here, account.id, None, String::new(), Some(&full.into())).await,
    }
}

/// Shows what was entered once more with the terms, and invites when that is sent.
#[handler]
pub(super) async fn invite(
    here: Here,
    Path(counsel): Path<Uuid>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let counsel = Id::new(counsel);
    // Whoever is somebody else by now is shown nothing of what was typed, least of all the answers.
    let account: &Account = see_account(&here.web.app, here.signed_in()?)?;
    if account.id != counsel {
        return Err(Kind::NotForDelegates.into());
    }
    let mut fields = Fields::of(sent);
    if fields.act == "language" {
        if !fields.reviewed {
            return show_form(&here, counsel, fields, &[]);
        }
        "review".clone_into(&mut fields.act);
    }
    let wish = match fields.wish() {
        Ok(wish) => wish,
        Err(problems) => return show_form(&here, counsel, fields, &problems),
    };
    match fields.act.as_str() {
        "send" => {}
        "change" => return show_form(&here, counsel, fields, &[]),
        _ => {
            let may = place_for_one_more(&here.web.app, here.signed_in()?, counsel).await;
            return match shown_with(&here, may).await? {
                Ok(()) => show_review(&here, counsel, fields, None),
                Err(problem) => show_form(&here, counsel, fields, &[problem]),
            };
        }
    }
    let invited = invite_delegate(&here.web.app, here.signed_in()?, counsel, &wish).await;
    match shown_with(&here, invited).await? {
        Ok(_) => {
            let address = here.to().delegates(counsel);
            Ok(see_other(&format!("{address}?done=invited")))
        }
        Err(problem)
            if matches!(
                problem.kind(),
                Kind::TermsNotAccepted | Kind::SignInNotRecent
            ) =>
        {
            show_review(&here, counsel, fields, Some(&problem))
        }
        Err(problem) => show_form(&here, counsel, fields, &[problem]),
    }
}

/// What a form can be shown again with; whatever else is wrong ends the request. That the sign-in has become too old meanwhile is among the
/// first: what was typed stays (REG-8).
async fn shown_with<T>(
    here: &Here,
    done: Result<T, DelegationError>,
) -> Result<Result<T, Problem>, Problem> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(DelegationError::UseCase(error)) => Ok(Err(not_recent(here, error.into()).await?)),
        Err(error) => Ok(Err(form_key::on_page(error.into()))),
    }
}
