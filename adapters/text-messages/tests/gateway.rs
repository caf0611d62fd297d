//! REG-2: the access code reaches the gateway as GC Notify expects it, and its answers are told apart.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

use std::sync::{Arc, Mutex};

use application::ports::text_messages::{TextMessage, TextMessageError, TextMessages};
use domain::access_code::AccessCode;
use domain::person::{Language, Telephone};
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::Data;
use poem::{EndpointExt, Request, Route, Server, handler, post};
use text_messages::{Gateway, GatewayError, GatewaySettings};

type Seen = Arc<Mutex<Vec<(String, String)>>>;

#[handler]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the framework hands handlers their extractors by value"
)]
fn take(request: &Request, body: String, seen: Data<&Seen>) -> StatusCode {
    let key = request
        .header("authorization")
        .unwrap_or_default()
        .to_owned();
    seen.lock().unwrap().push((key, body.clone()));
    match body {
        body if body.contains("+15145550500") => StatusCode::INTERNAL_SERVER_ERROR,
        body if body.contains("+15145550429") => StatusCode::TOO_MANY_REQUESTS,
        body if body.contains("+15145550400") => StatusCode::BAD_REQUEST,
        _ => StatusCode::CREATED,
    }
}

async fn gateway() -> (Gateway, Seen) {
    let seen = Seen::default();
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .unwrap();
    let address = *acceptor.local_addr()[0].as_socket_addr().unwrap();
    let routes = Route::new()
        .at("/v2/notifications/sms", post(take))
        .data(seen.clone());
    tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
    let settings = settings(&format!("http://{address}"));
    (Gateway::new(settings).unwrap(), seen)
}

fn settings(url: &str) -> GatewaySettings {
    GatewaySettings {
        url: url.to_owned(),
        api_key: "a-key".to_owned().into(),
        access_code_template_fr: "modele".to_owned(),
        access_code_template_en: "template".to_owned(),
        timeout_seconds: 5,
    }
}

fn message() -> TextMessage {
    TextMessage::AccessCode {
        code: AccessCode::typed("ABCD-EFGH"),
        hours: 24,
    }
}

fn number(text: &str) -> Telephone {
    Telephone::parse(text).unwrap()
}

#[tokio::test]
async fn a_code_is_handed_over_with_key_and_template() {
    let (gateway, seen) = gateway().await;
    gateway
        .send(&number("514 555 0123"), Language::French, &message())
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    let (key, body) = &seen[0];
    assert_eq!(key, "ApiKey-v1 a-key");
    assert!(body.contains("\"phone_number\":\"+15145550123\""));
    assert!(body.contains("\"template_id\":\"modele\""));
    assert!(body.contains("\"hours\":\"24\""));
}

#[tokio::test]
async fn what_passes_and_what_does_not_are_told_apart() {
    let (gateway, _) = gateway().await;
    for (to, refused) in [
        ("5145550500", false),
        ("5145550429", false),
        ("5145550400", true),
    ] {
        let answer = gateway
            .send(&number(to), Language::English, &message())
            .await;
        let is_refused = matches!(answer, Err(TextMessageError::Refused(_)));
        assert!(answer.is_err());
        assert_eq!(is_refused, refused, "{to}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_away_is_told_as_such() {
    let gateway = Gateway::new(settings("http://127.0.0.1:9")).unwrap();
    let answer = gateway
        .send(&number("5145550123"), Language::English, &message())
        .await;
    assert!(matches!(answer, Err(TextMessageError::Unavailable(_))));
}

#[test]
fn codes_never_travel_in_clear() {
    let refused = Gateway::new(settings("http://gateway.example"));
    assert!(matches!(refused, Err(GatewayError::Address)));
}
