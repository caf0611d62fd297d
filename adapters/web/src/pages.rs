//! The pages, in French under `/fr` and in English under `/en`: server-rendered, of use without a script. They call the use cases that the API
//! calls, and decide nothing.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the framework hands handlers their extractors by value"
)]

mod account;
mod activity;
mod address;
mod cases;
mod counsels;
mod delegates;
mod demonstration;
mod done;
mod draft;
mod exports;
mod faults;
mod form_fields;
mod form_key;
mod form_review;
mod forms;
mod frame;
mod help;
mod help_desk;
mod home;
mod inbox;
mod invitations;
mod own_form;
mod problem;
mod profile;
mod profile_changes;
mod receipt;
mod register;
mod registrations;
mod registry_cases;
mod registry_submissions;
mod service_record;
mod sessions;
mod shown;
mod sign_in_again;
mod submissions;
mod submit;
mod today;
mod undelivered;

use askama::Template;
use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::{EndpointExt, IntoResponse, Response, Route};

pub(crate) use self::address::own_page;
use self::address::route;
pub(crate) use self::demonstration::{clock_page, mailbox_page, people_page, texts_page};
pub(crate) use self::frame::{Here, wished};
pub(crate) use self::problem::as_page;
pub(crate) use self::shown::Shown;
use crate::method::{get, post};
use crate::problem::Problem;

/// The pages of one language.
pub(crate) fn routes() -> Route {
    of_registry(ones_own(Route::new()))
        .at(route::HOME, get(home::home))
        .at(
            route::REGISTER,
            get(register::ask_code).post(register::enter_code),
        )
        .at(route::HELP, get(help::read_help))
        .at(route::PRIVACY, get(help::read_privacy))
        .at(
            route::HELP_DESK,
            get(help_desk::console).post(help_desk::find),
        )
        .at(route::FOUND, get(help_desk::see).post(help_desk::change))
        .at(
            route::DELEGATES,
            get(delegates::list).post(delegates::change),
        )
        .at(
            route::INVITE,
            get(delegates::ask_form).post(delegates::invite),
        )
        .at(
            route::INVITATIONS,
            get(invitations::list).post(invitations::accept),
        )
        .at(route::COUNSELS, get(counsels::my_counsels))
        .at(route::CASES, get(cases::my_cases).post(cases::search))
        .at(
            route::CASES_TABLE,
            get(exports::cases_table).post(exports::take_table),
        )
        .at(
            route::HEARINGS,
            get(exports::hearings_calendar).post(exports::take_hearings),
        )
        .at(route::CASE_HEARINGS, get(exports::calendar_of_case))
        .at(route::CASE, get(cases::case_page))
        .at(route::INBOX, get(inbox::general).post(inbox::delete))
        .at(route::CASE_INBOX, get(inbox::of_case))
        .at(route::DOCUMENT, get(inbox::read))
        .at(route::SERVICE_RECORD, get(service_record::of_counsel))
        .at(
            route::SERVICE_RECORD_FILE,
            get(service_record::file_of_counsel),
        )
        .at(route::ACTIVITY, get(activity::supervise))
        .at(route::ACTIVITY_TABLE, get(activity::activity_table))
        .at(route::HISTORY, get(submissions::see_history))
        .at(route::SUBMISSION, get(submissions::see_entry))
        .at(route::RECEIPT, get(receipt::read_receipt))
        .at(route::RECEIPT_FILE, get(receipt::download_receipt))
        .at(route::VERIFYING, get(receipt::explain_verifying))
        .at(route::SUBMIT, get(submit::ask).post(submit::begin))
        .at(route::DRAFT, get(draft::look).post(draft::change))
        .at(route::FORMS, get(forms::list))
        .at(route::FORM, get(forms::ask).post(forms::begin))
        .at(route::FORM_DRAFT, get(forms::look).post(forms::change))
        .at(
            route::FORM_REVIEW,
            get(form_review::review).post(form_review::send),
        )
        .at(route::FORM_SENT, get(form_review::sent))
}

/// The registry's own.
fn of_registry(pages: Route) -> Route {
    pages
        .at(
            route::UNDELIVERED,
            get(undelivered::work_list).post(undelivered::remedy),
        )
        .at(route::PROFILE_CHANGES, get(profile_changes::queue))
        .at(
            route::PROFILE_CHANGE,
            get(profile_changes::see).post(profile_changes::decide),
        )
        .at(
            route::REGISTRATIONS,
            get(registrations::list).post(registrations::find),
        )
        .at(
            route::OPEN_REGISTRATION,
            get(registrations::ask_form).post(registrations::open),
        )
        .at(
            route::REGISTRATION,
            get(registrations::see).post(registrations::change_code),
        )
        .at(
            route::REGISTRY_SERVICE_RECORD,
            get(service_record::of_registry),
        )
        .at(
            route::REGISTRY_SERVICE_RECORD_FILE,
            get(service_record::file_of_registry),
        )
        .at(
            route::REGISTRY_CASES,
            get(registry_cases::ask).post(registry_cases::find),
        )
        .at(
            route::REGISTRY_CASE,
            get(registry_cases::see).post(registry_cases::send),
        )
        .at(route::REGISTRY_HOLD, post(registry_cases::hold))
        .at(
            route::REGISTRY_SUBMISSIONS,
            get(registry_submissions::list).post(registry_submissions::find),
        )
        .at(
            route::REGISTRY_SUBMISSION,
            get(registry_submissions::see).post(registry_submissions::acknowledge),
        )
        .at(route::REGISTRY_FILE, get(registry_submissions::download))
}

/// One's profile, sessions and tokens.
fn ones_own(pages: Route) -> Route {
    pages
        .at(
            route::ACCOUNT,
            get(account::my_account).post(profile::withdraw),
        )
        .at(
            route::CHANGE_PROFILE,
            get(profile::ask_form).post(profile::submit),
        )
        .at(route::SIGN_OUT, post(account::leave))
        .at(route::SESSION, post(account::stay))
        .at(route::SIGN_OUT_EVERYWHERE, post(account::leave_everywhere))
        .at(
            route::SESSIONS,
            get(sessions::my_sessions).post(sessions::end),
        )
        .at(route::TOKENS, post(account::change_tokens))
}

/// `/`: the home page in the language that the browser wishes for, or where a signed-in person works.
pub(crate) fn entrance() -> impl poem::Endpoint<Output = Response> {
    get(home::entrance).map_to_response()
}

/// A page.
fn page(template: &impl Template) -> Result<Response, Problem> {
    let body = template
        .render()
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(body
        .with_content_type("text/html; charset=utf-8")
        .into_response())
}

/// A form that comes back because something in it must be put right.
fn page_again(template: &impl Template, status: StatusCode) -> Result<Response, Problem> {
    Ok(page(template)?.with_status(status).into_response())
}

/// Of several problems the status of the first; the form is shown again all the same.
fn status_of<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> StatusCode {
    let mut problems = problems.into_iter();
    problems
        .next()
        .map_or(StatusCode::OK, ResponseError::status)
}

/// What must be put right, in words.
fn in_words<'a>(
    problems: impl IntoIterator<Item = &'a Problem>,
    frame: &frame::Frame,
) -> Vec<&'static str> {
    let problems = problems.into_iter();
    problems.map(|problem| problem.words(frame.t)).collect()
}

/// After something was done: go there, with a GET.
fn see_other(place: &str) -> Response {
    StatusCode::SEE_OTHER
        .with_header(header::LOCATION, place)
        .into_response()
}
