//! A change of My Profile: the form as the profile is, sent to the tribunal, which decides (PRO-1).

use application::profile::{
    ChangeProfileError, Profile, change_profile, profile_to_change, see_profile,
    withdraw_profile_change,
};
use askama::Template;
use domain::account::Account;
use domain::id::Id;
use domain::person::{EmailAddress, Language, Telephone};
use domain::profile_change::{Changes, Outcome, ProfileChange, State};
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::{Faults, OF_CELL, OF_EMAIL, OF_LANGUAGE, Place};
use super::form_key;
use super::frame::{Frame, Here};
use super::own_form::OwnForm;
use super::sign_in_again::{Again, not_recent, others};
use super::{account, page_again, see_other};
use crate::entered::name;
use crate::problem::{Kind, Problem, noted};

/// A thing that is to change: what it is called, how it is now, how it shall be.
pub(super) struct Difference {
    pub(super) name: &'static str,
    pub(super) now: String,
    pub(super) new: String,
}

/// What a change would make different, in words.
pub(super) fn differences(changes: &Changes, account: &Account, frame: &Frame) -> Vec<Difference> {
    let t = frame.t;
    let difference = |name: &'static str, now: String, new: Option<String>| {
        new.map(|new| Difference { name, now, new })
    };
    let language = |language: Language| match language {
        Language::French => "Français".to_owned(),
        Language::English => "English".to_owned(),
    };
    [
        difference(
            t.account_name(),
            account.name.to_string(),
            changes.name.as_ref().map(ToString::to_string),
        ),
        difference(
            t.account_email(),
            account.email.as_str().to_owned(),
            changes
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
        ),
        difference(
            t.registration_cell(),
            account
                .cell
                .as_ref()
                .map(Telephone::grouped)
                .unwrap_or_default(),
            changes.cell.as_ref().map(Telephone::grouped),
        ),
        difference(
            t.registration_language(),
            language(account.language),
            changes.language.map(language),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A change as its person sees it.
pub(super) struct ChangeLine {
    pub(super) id: String,
    pub(super) submitted: String,
    pub(super) state: String,
    pub(super) waits: bool,
    /// Whether the tribunal should have decided by now.
    pub(super) overdue: bool,
    pub(super) due: String,
    pub(super) decided: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) what: Vec<Difference>,
}

impl ChangeLine {
    pub(super) fn new(
        change: &ProfileChange,
        account: &Account,
        here: &Here,
        frame: &Frame,
    ) -> Self {
        let app = &here.web.app;
        let state = change.state(frame.now, &app.terms);
        let decided = change.decided.as_ref();
        Self {
            id: change.id.to_string(),
            submitted: frame.show.instant(change.submitted_at),
            state: frame.show.word("change", state.code()),
            waits: matches!(state, State::Pending | State::Overdue),
            overdue: state == State::Overdue,
            due: frame.show.instant(change.due_at(&app.terms)),
            decided: decided.map(|decided| frame.show.instant(decided.at)),
            reason: decided.and_then(|decided| match &decided.outcome {
                Outcome::Applied | Outcome::Withdrawn => None,
                Outcome::Refused { reason } => Some(reason.clone()),
            }),
            what: differences(&change.changes, account, frame),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    given_name: String,
    family_name: String,
    email: String,
    cell: String,
    language: String,
    key: String,
}

impl Fields {
    fn of(account: &Account) -> Self {
        Self {
            given_name: account.name.given().to_owned(),
            family_name: account.name.family().to_owned(),
            email: account.email.as_str().to_owned(),
            cell: account
                .cell
                .as_ref()
                .map(Telephone::grouped)
                .unwrap_or_default(),
            language: account.language.code().to_owned(),
            key: String::new(),
        }
    }

    /// What they amount to, or everything that is wrong with them. A number that was never there may stay away.
    fn wanted(&self) -> Result<Changes, Vec<Problem>> {
        let mut problems: Vec<Problem> = Vec::new();
        let name = name(&self.given_name, &self.family_name, &mut problems);
        let email = noted(EmailAddress::parse(&self.email), &mut problems);
        let cell = match self.cell.trim() {
            "" => None,
            cell => noted(Telephone::parse(cell), &mut problems),
        };
        let language = Language::from_code(&self.language);
        if language.is_none() {
            problems.push(Kind::LanguageUnusable.into());
        }
        if problems.is_empty() {
            Ok(Changes {
                name,
                email,
                cell,
                language,
            })
        } else {
            Err(problems)
        }
    }
}

#[derive(Template)]
#[template(path = "change_profile.html")]
struct ChangePage {
    frame: Frame,
    fields: Fields,
    /// What is asked for already and waits.
    waiting: Option<ChangeLine>,
    /// Whether the form is there: while a change waits, another can only be refused, but nothing that was typed is lost.
    asks: bool,
    /// Hours in which the tribunal promises to decide.
    hours: i64,
    again: Option<Again>,
    faults: Faults,
}

/// The fields, in the order of the page.
const PLACES: &[Place] = &[
    ("given_name", &[]),
    ("family_name", &[]),
    OF_EMAIL,
    OF_CELL,
    OF_LANGUAGE,
];

fn show(
    here: &Here,
    profile: &Profile,
    fields: Fields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let frame = here.frame();
    let waiting = profile
        .changes
        .iter()
        .map(|change| ChangeLine::new(change, &profile.account, here, &frame))
        .find(|line| line.waits);
    let form = ChangePage {
        fields,
        asks: waiting.is_none() || !problems.is_empty(),
        waiting,
        hours: here.web.app.terms.profile_change.whole_hours(),
        again: Again::needed(
            here,
            &frame,
            problems,
            &format!("{}?done=signed-in", frame.to.account()),
        ),
        faults: Faults::new(others(problems), PLACES, &frame),
        frame,
    };
    let status = problems
        .first()
        .map_or(StatusCode::OK, ResponseError::status);
    page_again(&form, status)
}

/// The form, as the profile is.
#[handler]
pub(super) async fn ask_form(here: Here) -> Result<Response, Problem> {
    let profile = profile_to_change(&here.web.app, here.signed_in()?).await?;
    let fields = Fields::of(&profile.account);
    show(&here, &profile, fields, &[])
}

/// Sends it.
#[handler]
pub(super) async fn submit(
    here: Here,
    OwnForm(fields): OwnForm<Fields>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let profile = see_profile(app, actor).await?;
    let wanted = match fields.wanted() {
        Ok(wanted) => wanted,
        Err(problems) => return show(&here, &profile, fields, &problems),
    };
    let key = form_key::of_act(&fields.key, "change");
    match change_profile(app, actor, &wanted, key.as_deref()).await {
        Ok(_) => Ok(see_other(&format!("{}?done=asked", here.to().account()))),
        Err(ChangeProfileError::UseCase(error)) => {
            let problem = not_recent(&here, error.into()).await?;
            show(&here, &profile, fields, &[problem])
        }
        Err(error) => show(&here, &profile, fields, &[form_key::on_page(error.into())]),
    }
}

#[derive(Deserialize)]
pub(super) struct ToWithdraw {
    /// A change that waits.
    withdraw: Uuid,
    #[serde(default)]
    key: String,
}

/// Takes a change back.
#[handler]
pub(super) async fn withdraw(
    here: Here,
    OwnForm(wish): OwnForm<ToWithdraw>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (change, key) = (
        Id::new(wish.withdraw),
        form_key::of_act(&wish.key, "withdraw"),
    );
    let problem = match withdraw_profile_change(app, actor, change, key.as_deref()).await {
        Ok(_) => {
            return Ok(see_other(&format!(
                "{}?done=withdrawn",
                here.to().account()
            )));
        }
        Err(ChangeProfileError::UseCase(error)) => not_recent(&here, error.into()).await?,
        Err(error) => form_key::on_page(error.into()),
    };
    account::show(&here, String::new(), None, Some(&problem)).await
}
