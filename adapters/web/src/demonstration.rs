//! The demonstration's own routes: sign in as somebody, see what would have been sent, move the clock. None of them exists in production.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the framework hands handlers their extractors by value"
)]

use std::sync::Arc;

use application::ports::demonstration::{CaughtMessage, MovableClock};
use application::sign_in::{Vouched, sign_in};
use poem::http::{StatusCode, header};
use poem::web::{Data, Form, Json};
use poem::{
    EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, Route, handler,
};
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::method::get;
use crate::pages::{Here, clock_page, mailbox_page, own_page, people_page, texts_page};
use crate::problem::{Kind, Problem, wants_json};
use crate::{Demonstration, Web, caller};

pub(crate) fn routes(demonstration: Demonstration) -> Route {
    Route::new()
        .at("/sign-in", get(choose).post(sign_in_as))
        .at("/mailbox", get(mailbox))
        .at("/text-messages", get(text_messages))
        .at("/clock", get(see_clock).post(move_clock))
        .at("/people", get(people))
        .data_for(demonstration)
}

/// Gives every route the demonstration's parts.
trait DataFor {
    fn data_for(self, demonstration: Demonstration) -> Route;
}

impl DataFor for Route {
    fn data_for(self, demonstration: Demonstration) -> Route {
        Route::new().nest("/", self.data(Arc::new(demonstration)))
    }
}

#[derive(Deserialize)]
struct Chosen {
    person: String,
    /// The page to come back to.
    #[serde(default)]
    come_back: String,
}

#[handler]
fn choose(here: Here) -> Result<Response, Problem> {
    people_page(&here)
}

#[handler]
async fn sign_in_as(
    request: &Request,
    web: Data<&Arc<Web>>,
    demonstration: Data<&Arc<Demonstration>>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let person = demonstration
        .people
        .iter()
        .find(|person| person.key == chosen.person)
        .ok_or_else(|| Problem::from(Kind::NotFound))?;
    let before = caller::presented(request, web.secure);
    let vouched = Vouched {
        identity: person.identity.clone(),
        email: Some(person.email.clone()),
        authenticated_at: Some(web.app.clock.now()),
        service_session: None,
    };
    let secret = sign_in(&web.app, &vouched, before.as_ref(), caller::from(request)).await?;
    let response = StatusCode::SEE_OTHER.into_response();
    Ok(response
        .with_header(header::LOCATION, own_page(&chosen.come_back).unwrap_or("/"))
        .with_header(header::SET_COOKIE, caller::cookie(web.secure, &secret))
        .into_response())
}

#[derive(Serialize)]
struct Somebody {
    key: String,
    name: String,
    role: String,
}

#[handler]
fn people(demonstration: Data<&Arc<Demonstration>>) -> Json<Vec<Somebody>> {
    let somebody = |person: &application::ports::demonstration::Person| Somebody {
        key: person.key.clone(),
        name: person.name.clone(),
        role: person.role.clone(),
    };
    Json(demonstration.people.iter().map(somebody).collect())
}

#[derive(Serialize)]
struct Caught {
    to: String,
    subject: String,
    body: String,
    sent_at: String,
}

fn as_json(caught: Vec<CaughtMessage>) -> Response {
    let caught = caught.into_iter().map(|message| Caught {
        to: message.to,
        subject: message.subject,
        body: message.body,
        sent_at: message.sent_at.format(&Rfc3339).unwrap_or_default(),
    });
    Json(caught.collect::<Vec<_>>()).into_response()
}

#[handler]
async fn mailbox(
    here: Here,
    request: &Request,
    demonstration: Data<&Arc<Demonstration>>,
) -> Result<Response, Problem> {
    let caught = demonstration.emails.all().await?;
    if wants_json(request) {
        return Ok(as_json(caught));
    }
    mailbox_page(&here, caught)
}

#[handler]
async fn text_messages(
    here: Here,
    request: &Request,
    demonstration: Data<&Arc<Demonstration>>,
) -> Result<Response, Problem> {
    let caught = demonstration.text_messages.all().await?;
    if wants_json(request) {
        return Ok(as_json(caught));
    }
    texts_page(&here, caught)
}

#[derive(Serialize)]
struct Present {
    now: String,
}

fn present(clock: &dyn MovableClock) -> Json<Present> {
    Json(Present {
        now: clock.now().format(&Rfc3339).unwrap_or_default(),
    })
}

#[handler]
async fn see_clock(
    here: Here,
    request: &Request,
    demonstration: Data<&Arc<Demonstration>>,
) -> Result<Response, Problem> {
    if wants_json(request) {
        return Ok(present(&*demonstration.clock).into_response());
    }
    clock_page(&here, &demonstration, None).await
}

#[derive(Deserialize)]
struct Move {
    advance: String,
}

/// By how much the clock is to be moved, or where to: a program says it in JSON, a page in a form. What begins as JSON is JSON, since command
/// lines call everything a form.
struct Asked(String);

impl<'a> FromRequest<'a> for Asked {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        let by = if bytes.trim_ascii_start().starts_with(b"{") {
            serde_json::from_slice::<Move>(&bytes).ok()
        } else {
            let mut form = RequestBody::new(bytes.into());
            let form = Form::<Move>::from_request(request, &mut form).await;
            form.ok().map(|Form(by)| by)
        };
        by.map(|by| Self(by.advance))
            .ok_or_else(|| Problem::from(Kind::MoveUnusable).into())
    }
}

#[handler]
async fn move_clock(
    here: Here,
    request: &Request,
    demonstration: Data<&Arc<Demonstration>>,
    Asked(advance): Asked,
) -> Result<Response, Problem> {
    let for_program = wants_json(request);
    let clock = &*demonstration.clock;
    let by = match advance.trim() {
        "next" => {
            let next = demonstration.coming.next().await?;
            next.first().map(|(at, _, _)| until(*at, clock))
        }
        text => match OffsetDateTime::parse(text, &Rfc3339) {
            Ok(at) => Some(until(at, clock)).filter(|by| by.is_positive() && *by <= FARTHEST),
            Err(_) => duration(text),
        },
    };
    let Some(by) = by else {
        let problem = Problem::from(Kind::MoveUnusable);
        if for_program {
            return Err(problem);
        }
        return clock_page(&here, &demonstration, Some(&problem)).await;
    };
    clock.advance(by).await?;
    (demonstration.run_jobs)().await;
    if for_program {
        return Ok(present(clock).into_response());
    }
    let back = StatusCode::SEE_OTHER.with_header(header::LOCATION, "/demo/clock");
    Ok(back.into_response())
}

/// How far it is from the present to `at`, in whole seconds and not less: the clock keeps no fractions.
fn until(at: OffsetDateTime, clock: &dyn MovableClock) -> Duration {
    let exactly = at - clock.now();
    let whole = Duration::seconds(exactly.whole_seconds());
    if whole < exactly {
        whole + Duration::SECOND
    } else {
        whole
    }
}

/// Nobody moves it further at once.
const FARTHEST: Duration = Duration::days(3_660);

/// `50d`, `3h`, `10m`, `30s`.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number
        .parse()
        .ok()
        .filter(|number| (0..=316_224_000).contains(number))?;
    let by = match unit {
        "d" => Duration::seconds(number.checked_mul(86_400)?),
        "h" => Duration::seconds(number.checked_mul(3_600)?),
        "m" => Duration::seconds(number.checked_mul(60)?),
        "s" => Duration::seconds(number),
        _ => return None,
    };
    (by <= FARTHEST).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// the clock moves by days, hours and minutes, and by nothing else.
    #[test]
    fn a_move_is_a_number_and_a_unit() {
        assert_eq!(duration("50d"), Some(Duration::days(50)));
        assert_eq!(duration("3h"), Some(Duration::hours(3)));
        assert_eq!(duration("10m"), Some(Duration::minutes(10)));
        for wrong in ["", "d", "-1d", "1w", "99999999999d", "3660d1", "é"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
