//! Encryption and signing in: nothing is said in clear that should not be, and a server that does not let the portal in costs no notice
//! (MAIL-3).

use application::ports::mailer::{MailError, Mailer};
use contract::mailers::every_notice;
use contract::samples::NOW;
use domain::person::Language;
use email::{Encryption, SmtpSettings};
use serde_json::json;

use crate::letterhead::letterhead;
use crate::server::{Server, Taken, mailer};

async fn sent(settings: &SmtpSettings) -> Result<(), MailError> {
    let notice = every_notice(1, Language::French).remove(0);
    mailer(settings, letterhead()).send(&notice, NOW).await
}

async fn sent_later(settings: &SmtpSettings) {
    let result = sent(settings).await;
    assert!(matches!(result, Err(MailError::TryLater(_))), "{result:?}");
}

fn signed_in(settings: SmtpSettings, password: &str) -> SmtpSettings {
    SmtpSettings {
        user: Some("portal".into()),
        password: Some(password.to_owned().into()),
        ..settings
    }
}

fn only(mut taken: Vec<Taken>) -> Taken {
    assert_eq!(taken.len(), 1);
    taken.remove(0)
}

/// A server that wants STARTTLS, and one that speaks TLS alone, get what they want.
#[tokio::test]
async fn a_notice_goes_encrypted_where_that_is_set() {
    let server = Server::open(&[json!({ "tls": "demanded" }), json!({ "tls": "at-once" })]);
    for (door, encryption) in [(0, Encryption::StartTls), (1, Encryption::Tls)] {
        let settings = server.settings_encrypted(door, encryption);
        sent(&settings).await.unwrap();
    }
    let heard = server.close();
    for door in 0..2 {
        assert!(only(heard.taken(door)).encrypted);
    }
}

/// MAIL-3: a server that demands STARTTLS of a portal which is set to go without is a mistake of the operators, and only a delay.
#[tokio::test]
async fn a_server_that_demands_encryption_in_vain_is_a_delay() {
    let server = Server::open(&[json!({ "tls": "demanded" })]);
    sent_later(&server.settings(0)).await;
    let heard = server.close();
    assert_eq!(heard.taken(0), []);
}

/// Where encryption is set and cannot be had, or nobody vouches for the server, neither password nor notice is said.
#[tokio::test]
async fn nothing_is_said_to_a_server_that_cannot_be_trusted() {
    let with_password = |more: serde_json::Value| {
        let mut door = json!({ "user": "portal", "password": "right" });
        door.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        door
    };
    let server = Server::open(&[
        with_password(json!({})),
        with_password(json!({ "tls": "offered" })),
        with_password(json!({ "tls": "at-once" })),
        with_password(json!({ "tls": "offered" })),
    ]);
    let unknown = |settings: SmtpSettings| SmtpSettings {
        authority: None,
        ..settings
    };
    let other_name = |settings: SmtpSettings| SmtpSettings {
        host: "127.0.0.1".into(),
        ..settings
    };
    let start_tls = |door| server.settings_encrypted(door, Encryption::StartTls);
    for settings in [
        start_tls(0),
        unknown(start_tls(1)),
        unknown(server.settings_encrypted(2, Encryption::Tls)),
        other_name(start_tls(3)),
    ] {
        sent_later(&signed_in(settings, "right")).await;
    }
    let heard = server.close();
    for door in 0..4 {
        let commands = heard.commands(door);
        let harmless = ["EHLO", "STARTTLS", "QUIT"];
        let said = commands
            .iter()
            .find(|said| !harmless.contains(&said.as_str()));
        assert_eq!(said, None, "{door}");
        assert_eq!(heard.taken(door), []);
    }
}

/// MAIL-3: the portal signs in where it is told to; a wrong password, or none where one is wanted, is only a delay.
#[tokio::test]
async fn a_password_that_is_refused_is_a_delay() {
    let door = || json!({ "tls": "demanded", "user": "portal", "password": "right" });
    let server = Server::open(&[door(), door(), door(), json!({})]);
    let at = |door| server.settings_encrypted(door, Encryption::StartTls);
    sent(&signed_in(at(0), "right")).await.unwrap();
    sent_later(&signed_in(at(1), "wrong")).await;
    sent_later(&at(2)).await;
    sent_later(&signed_in(
        server.settings(3),
        "for a server that knows no users",
    ))
    .await;
    let heard = server.close();
    assert_eq!(only(heard.taken(0)).user.as_deref(), Some("portal"));
    for door in 1..4 {
        assert_eq!(heard.taken(door), [], "{door}");
    }
}
