//! What a mail server may do to a notice, and what becomes of it (MAIL-3).

use std::error::Error;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use application::ports::mailer::{MailError, Mailer};
use contract::mailers::every_notice;
use contract::samples::NOW;
use domain::notice::Notice;
use domain::person::{EmailAddress, Language};
use email::SmtpSettings;
use futures_util::future::join_all;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::letterhead::letterhead;
use crate::server::{Server, Taken, mailer};

/// The shortest time that the settings allow, for servers that never answer.
const IMPATIENT: NonZeroU64 = NonZeroU64::MIN;

/// What a mail server that fails does.
const FAULTS: [&str; 5] = ["answer-4", "answer-5", "drop", "stall", "trickle"];

fn notice() -> Notice {
    every_notice(1, Language::French).remove(0)
}

fn failing(at: &str, fault: &str) -> Value {
    match fault {
        "answer-4" => json!({ "at": at, "answer": "451 4.3.0 Come back later" }),
        "answer-5" => json!({ "at": at, "answer": "554 5.0.0 Never" }),
        other => json!({ "at": at, other: true }),
    }
}

fn is_silence(fault: &str) -> bool {
    matches!(fault, "stall" | "trickle")
}

fn waiting_for(fault: &str, settings: SmtpSettings) -> SmtpSettings {
    if is_silence(fault) {
        SmtpSettings {
            timeout_seconds: IMPATIENT,
            ..settings
        }
    } else {
        settings
    }
}

/// What came of handing a notice over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Delivered,
    TryLater,
    RefusedForGood,
}

fn outcome(result: &Result<(), MailError>) -> Outcome {
    match result {
        Ok(()) => Outcome::Delivered,
        Err(MailError::TryLater(_)) => Outcome::TryLater,
        Err(MailError::RefusedForGood(_)) => Outcome::RefusedForGood,
    }
}

/// Tries every fault at every one of these steps, all at once, and gives what came of each and how long it took.
async fn tried(steps: &[&'static str]) -> Vec<(&'static str, &'static str, Outcome, Duration)> {
    let cases: Vec<(&str, &str)> = steps
        .iter()
        .flat_map(|step| FAULTS.map(|fault| (*step, fault)))
        .collect();
    let doors: Vec<Value> = cases
        .iter()
        .map(|(step, fault)| failing(step, fault))
        .collect();
    let server = Server::open(&doors);
    let all = cases.iter().enumerate().map(|(door, (step, fault))| {
        let mailer = mailer(&waiting_for(fault, server.settings(door)), letterhead());
        async move {
            let begun = Instant::now();
            let result = mailer.send(&notice(), NOW).await;
            (*step, *fault, outcome(&result), begun.elapsed())
        }
    });
    let tried = join_all(all).await;
    server.close();
    tried
}

/// MAIL-3: only what the server refuses about this notice, its recipient or its text, is refused for good. Whatever else goes wrong
/// may go right later, such as the operators' own mistakes, and costs no notice.
#[tokio::test]
async fn only_what_is_wrong_with_the_notice_is_refused_for_good() {
    for (step, fault, outcome, _) in
        tried(&["greeting", "ehlo", "mail", "rcpt", "data", "message"]).await
    {
        let expected = match (step, fault) {
            ("rcpt" | "message", "answer-5") => Outcome::RefusedForGood,
            _ => Outcome::TryLater,
        };
        assert_eq!(outcome, expected, "{fault} at {step}");
    }
}

/// MAIL-3: what the server has taken is delivered, however badly it takes its leave.
#[tokio::test]
async fn what_the_server_has_taken_is_delivered() {
    for (_, fault, outcome, _) in tried(&["quit"]).await {
        assert_eq!(outcome, Outcome::Delivered, "{fault} at quit");
    }
}

/// MAIL-3: every try ends in the time that the settings give it, wherever the server falls silent.
#[tokio::test]
async fn every_try_ends_in_time() {
    for (step, fault, _, took) in tried(&[
        "greeting", "ehlo", "mail", "rcpt", "data", "message", "quit",
    ])
    .await
    {
        // What the machine itself needs comes on top.
        assert!(
            took < Duration::from_secs(IMPATIENT.get() + 5),
            "{fault} at {step}: {took:?}"
        );
    }
}

/// MAIL-3: where no server listens, and where something listens that is none.
#[tokio::test]
async fn no_mail_server_is_a_delay() {
    let server = Server::open(&[json!({ "at": "greeting", "answer": "HTTP/1.1 400 Bad Request" })]);
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = elsewhere.local_addr().unwrap().port();
    drop(elsewhere);
    let absent = SmtpSettings {
        port: nobody,
        ..server.settings(0)
    };
    for settings in [absent, server.settings(0)] {
        let result = mailer(&settings, letterhead()).send(&notice(), NOW).await;
        assert_eq!(outcome(&result), Outcome::TryLater);
    }
}

/// MAIL-3: a recipient whom the server knows not to exist is refused for good, one whose box is full for now is not.
#[tokio::test]
async fn the_servers_answer_about_the_recipient_decides() {
    let answers = [
        ("550 5.1.1 No such user", Outcome::RefusedForGood),
        ("553 5.1.3 Not an address", Outcome::RefusedForGood),
        ("556 5.1.10 Takes no mail", Outcome::RefusedForGood),
        ("450 4.2.1 Box busy", Outcome::TryLater),
        ("452 4.2.2 Box full", Outcome::TryLater),
        ("421 4.3.2 Shutting down", Outcome::TryLater),
        ("530 5.7.0 Authentication required", Outcome::TryLater),
        ("503 5.5.1 Bad sequence of commands", Outcome::TryLater),
    ];
    let server =
        Server::open(&answers.map(|(answer, _)| json!({ "at": "rcpt", "answer": answer })));
    for (door, (answer, expected)) in answers.into_iter().enumerate() {
        let result = server.mailer(door).send(&notice(), NOW).await;
        assert_eq!(outcome(&result), expected, "{answer}");
    }
    let heard = server.close();
    for door in 0..answers.len() {
        assert_eq!(heard.taken(door), []);
    }
}

/// MAIL-3: when the connection breaks after the final dot, nobody knows whether the server has the notice: it is tried again, and the
/// second one bears the Message-ID of the first, as does every other try.
#[tokio::test]
async fn a_repeat_bears_the_same_message_id() {
    let drops = json!({ "at": "message", "drop": true });
    let server = Server::open(&[drops, json!({}), json!({})]);
    let notice = notice();
    let mut outcomes = Vec::new();
    for door in 0..3 {
        let now = NOW + time::Duration::hours(i64::try_from(door).unwrap());
        outcomes.push(outcome(&server.mailer(door).send(&notice, now).await));
    }
    let (later, delivered) = (Outcome::TryLater, Outcome::Delivered);
    assert_eq!(outcomes, [later, delivered, delivered]);
    let heard = server.close();
    let taken: Vec<Taken> = (0..3).flat_map(|door| heard.taken(door)).collect();
    let ids: Vec<String> = taken
        .iter()
        .map(|message| {
            let message = MessageParser::default().parse(&message.content).unwrap();
            message.message_id().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids, vec![format!("{}@tribunal.example", notice.id); 3]);
}

/// PRIV-1: mail servers like to repeat the address in their refusals; the reason that is logged has none.
#[tokio::test]
async fn the_reason_of_a_failure_names_nobody() {
    let notice = notice();
    let answers = |at: &str, code: &str| json!({ "at": at, "answer": format!("{code} <{}>: person-1 unknown", notice.to.email.as_str()) });
    let doors = [
        answers("rcpt", "550 5.1.1"),
        answers("rcpt", "450 4.2.1"),
        answers("message", "554"),
        answers("rcpt", "what"),
        answers("greeting", "554"),
        answers("ehlo", "55x"),
    ];
    let server = Server::open(&doors);
    for door in 0..doors.len() {
        let error = server.mailer(door).send(&notice, NOW).await.unwrap_err();
        let mut told = format!("{error:?}");
        let mut next: Option<&dyn Error> = Some(&error);
        while let Some(one) = next {
            told.extend([" ".to_owned(), one.to_string()]);
            next = one.source();
        }
        assert!(
            !told.contains("person-") && !told.contains("example.test"),
            "{told}"
        );
    }
}

/// An address in a domain beyond ASCII reaches its server under the name that every server knows; one that is beyond ASCII before the
/// `@` needs a server that takes such, and where there is none, will never get through.
#[tokio::test]
async fn addresses_beyond_ascii_go_where_they_can() {
    let server = Server::open(&[json!({}), json!({ "smtputf8": true })]);
    let to = |address: &str| {
        let mut notice = notice();
        notice.to.email = EmailAddress::parse(address).unwrap();
        notice
    };
    let (domain, person) = (to("marie@cabinet-montréal.example"), to("zoé@example.test"));
    for (door, notice, expected) in [
        (0, &domain, Outcome::Delivered),
        (0, &person, Outcome::RefusedForGood),
        (1, &domain, Outcome::Delivered),
        (1, &person, Outcome::Delivered),
    ] {
        let result = server.mailer(door).send(notice, NOW).await;
        assert_eq!(outcome(&result), expected, "{door}: {result:?}");
    }
    let heard = server.close();
    let reached: Vec<String> = (0..2)
        .flat_map(|door| heard.taken(door))
        .flat_map(|message| message.to)
        .collect();
    let domain = "marie@xn--cabinet-montral-nnb.example";
    assert_eq!(reached, [domain, domain, "zoé@example.test"]);
}
