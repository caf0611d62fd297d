//! The demonstration's own routes: sign in as somebody, see what would have been sent, move the clock. None of them exists in production.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the framework hands handlers their extractors by value"
)]

use std::sync::Arc;

use application::ports::demonstration::{CaughtMessages, MovableClock};
use application::sign_in::sign_in;
use poem::http::{StatusCode, header};
use poem::web::{Data, Form, Json};
use poem::{EndpointExt, IntoResponse, Request, Response, Route, get, handler, post};
use serde::{Deserialize, Serialize};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::problem::Problem;
use crate::{Demonstration, Web, caller};

pub(crate) fn routes(demonstration: Demonstration) -> Route {
    Route::new()
        .at("/sign-in", post(sign_in_as))
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
        .ok_or_else(Problem::not_found)?;
    let before = caller::presented(request, web.secure);
    let secret = sign_in(&web.app, &person.identity, before.as_ref()).await?;
    let response = StatusCode::SEE_OTHER.into_response();
    Ok(response
        .with_header(header::LOCATION, "/")
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

async fn caught(messages: &dyn CaughtMessages) -> Result<Json<Vec<Caught>>, Problem> {
    let caught = messages.all().await?.into_iter().map(|message| Caught {
        to: message.to,
        subject: message.subject,
        body: message.body,
        sent_at: message.sent_at.format(&Rfc3339).unwrap_or_default(),
    });
    Ok(Json(caught.collect()))
}

#[handler]
async fn mailbox(demonstration: Data<&Arc<Demonstration>>) -> Result<Json<Vec<Caught>>, Problem> {
    caught(&*demonstration.emails).await
}

#[handler]
async fn text_messages(
    demonstration: Data<&Arc<Demonstration>>,
) -> Result<Json<Vec<Caught>>, Problem> {
    caught(&*demonstration.text_messages).await
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
fn see_clock(demonstration: Data<&Arc<Demonstration>>) -> Json<Present> {
    present(&*demonstration.clock)
}

#[derive(Deserialize)]
struct Move {
    advance: String,
}

#[handler]
async fn move_clock(
    demonstration: Data<&Arc<Demonstration>>,
    Json(by): Json<Move>,
) -> Result<Json<Present>, Problem> {
    let by = duration(&by.advance).ok_or_else(|| {
        Problem::bad_request("Say how far: 50d, 3h, 10m or 30s, at most 3660 days.")
    })?;
    demonstration.clock.advance(by);
    (demonstration.run_jobs)().await;
    Ok(present(&*demonstration.clock))
}

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
    (by <= Duration::days(3_660)).then_some(by)
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
