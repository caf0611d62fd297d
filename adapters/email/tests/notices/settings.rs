//! What operators set for the mail server: what cannot work is refused before a notice pays for it.

use std::error::Error;
use std::num::NonZeroU64;

use email::{Encryption, Letterhead, SmtpMailer, SmtpSettings};

use crate::letterhead::letterhead;

fn settings() -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        port: 25,
        encryption: Encryption::None,
        authority: None,
        user: None,
        password: None,
        timeout_seconds: NonZeroU64::MIN,
    }
}

fn refusal(settings: &SmtpSettings, letterhead: Letterhead) -> String {
    let error = SmtpMailer::new(settings, letterhead).err().unwrap();
    error.source().unwrap().to_string()
}

/// A password is never shown.
#[test]
fn settings_keep_their_password() {
    let settings = SmtpSettings {
        password: Some("secret".to_owned().into()),
        ..settings()
    };
    assert!(!format!("{settings:?}").contains("secret"));
}

/// MAIL-3: a sender that is no address would make every notice fail.
#[test]
fn a_sender_that_is_no_address_is_refused_at_the_start() {
    let settings = settings();
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
    let no_password = SmtpSettings {
        user: Some("portal".to_owned()),
        ..settings()
    };
    let no_user = SmtpSettings {
        password: Some("portal".to_owned().into()),
        ..settings()
    };
    for half in [no_password, no_user] {
        assert!(refusal(&half, letterhead()).contains("needs a password"));
    }
}

/// A file that is not there is named; a file that is no certificate is refused.
#[test]
fn an_authority_that_cannot_be_read_is_refused_at_the_start() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("authority.pem");
    let settings = SmtpSettings {
        encryption: Encryption::Tls,
        authority: Some(file.clone()),
        ..settings()
    };
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
