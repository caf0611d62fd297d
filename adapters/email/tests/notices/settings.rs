//! What operators set for the mail server: what cannot work is refused before a notice pays for it.

use std::error::Error;

use email::{Encryption, Letterhead, SmtpMailer, SmtpSettings};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::letterhead::letterhead;

fn settings(change: impl FnOnce(&mut Value)) -> Result<SmtpSettings, serde_json::Error> {
    let mut settings =
        json!({ "host": "localhost", "port": 25, "encryption": "none", "timeout_seconds": 30 });
    change(&mut settings);
    serde_json::from_value(settings)
}

fn refusal(settings: &SmtpSettings, letterhead: Letterhead) -> String {
    let error = SmtpMailer::new(settings, letterhead).err().unwrap();
    error.source().unwrap().to_string()
}

/// The names of keys and values are the operators' handbook's.
#[test]
fn settings_are_read_as_operators_write_them() {
    let read = settings(|settings| {
        settings["encryption"] = json!("start-tls");
        settings["authority"] = json!("/etc/ssl/tribunal.pem");
        settings["user"] = json!("portal");
        settings["password"] = json!("secret");
    })
    .unwrap();
    assert_eq!(read.encryption, Encryption::StartTls);
    assert_eq!(
        read.authority.as_deref(),
        Some("/etc/ssl/tribunal.pem".as_ref())
    );
    assert_eq!(read.password.as_ref().unwrap().expose_secret(), "secret");
    assert_eq!(read.timeout_seconds.get(), 30);
    assert!(!format!("{read:?}").contains("secret"));
    let least = settings(|_| {}).unwrap();
    assert!(SmtpMailer::new(&least, letterhead()).is_ok());
}

/// No time at all, a key that is none, a way to encrypt that is none.
#[test]
fn settings_that_make_no_sense_are_not_read() {
    assert!(settings(|settings| settings["timeout_seconds"] = json!(0)).is_err());
    assert!(settings(|settings| settings["timeout"] = json!(30)).is_err());
    assert!(settings(|settings| settings["encryption"] = json!("ssl")).is_err());
}

/// MAIL-3: a sender that is no address would make every notice fail.
#[test]
fn a_sender_that_is_no_address_is_refused_at_the_start() {
    let settings = settings(|_| {}).unwrap();
    for from in [
        "",
        "nobody",
        "Mon dossier",
        "a@b@c",
        "Mon dossier <nobody>",
        "a@tribunal.example\r\nBcc: b@example.test",
    ] {
        let letterhead = Letterhead {
            from: from.into(),
            ..letterhead()
        };
        assert_eq!(
            refusal(&settings, letterhead),
            "the sender's address cannot be used",
            "{from}"
        );
    }
}

/// A user without a password would go in as nobody.
#[test]
fn a_user_has_a_password() {
    for half in ["user", "password"] {
        let settings = settings(|settings| settings[half] = json!("portal")).unwrap();
        assert!(refusal(&settings, letterhead()).contains("needs a password"));
    }
}

/// A file that is not there is named; a file that is no certificate is refused.
#[test]
fn an_authority_that_cannot_be_read_is_refused_at_the_start() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("authority.pem");
    let settings = settings(|settings| {
        settings["encryption"] = json!("tls");
        settings["authority"] = json!(file);
    })
    .unwrap();
    assert!(refusal(&settings, letterhead()).contains("authority.pem"));
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (content, reason) in [
        ("", "there is no certificate in the file"),
        (
            "-----BEGIN PRIVATE KEY-----",
            "there is no certificate in the file",
        ),
        (no_certificate, "TLS with the mail server cannot be set up"),
    ] {
        std::fs::write(&file, content).unwrap();
        let refusal = refusal(&settings, letterhead());
        assert!(refusal.starts_with(reason), "{refusal}");
    }
}
