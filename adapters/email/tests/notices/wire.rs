//! A notice on the wire, read as its recipient's mail program reads it (MAIL-1).

use application::ports::mailer::Mailer;
use contract::mailers::every_notice;
use contract::samples::NOW;
use domain::person::Language;
use futures_util::future::join_all;
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders};
use serde_json::json;
use time::OffsetDateTime;

use crate::letterhead::FROM;
use crate::server::{Server, Taken};

/// What a mail program makes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The Message-ID.
    pub id: String,
    /// The recipients' addresses.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The date.
    pub date: OffsetDateTime,
}

impl Read {
    /// Reads a message.
    pub fn of(content: &[u8]) -> Self {
        let message = MessageParser::default().parse(content).unwrap();
        let addresses = message.to().unwrap().iter();
        Self {
            id: message.message_id().unwrap().to_owned(),
            to: addresses
                .map(|one| one.address().unwrap().to_owned())
                .collect(),
            subject: message.subject().unwrap().to_owned(),
            body: message
                .body_text(0)
                .unwrap()
                .replace("\r\n", "\n")
                .trim_end()
                .to_owned(),
            date: OffsetDateTime::from_unix_timestamp(message.date().unwrap().to_timestamp())
                .unwrap(),
        }
    }
}

/// Every kind of notice in both orders of languages, as a mail server took it.
async fn all_taken() -> Vec<Taken> {
    let server = Server::open(&[json!({})]);
    let mailer = server.mailer(0);
    for (from, language) in [(1, Language::French), (1001, Language::English)] {
        let notices = every_notice(from, language);
        let tries = notices.iter().map(|notice| mailer.send(notice, NOW));
        for result in join_all(tries).await {
            result.unwrap();
        }
    }
    server.close().taken(0)
}

fn header(message: &Message<'_>, name: &str) -> Option<String> {
    let value = message.header_raw(HeaderName::parse(name.to_owned()).unwrap())?;
    Some(value.trim().to_owned())
}

/// MAIL-1: one part, which is plain text in UTF-8 under seven-bit clean headers; nothing attached, and nobody else told.
#[tokio::test]
async fn a_notice_is_one_plain_text_to_one_recipient() {
    let all = all_taken().await;
    assert_eq!(all.len(), 42);
    for taken in all {
        assert!(taken.content.is_ascii());
        let lines = taken.content.split(|byte| *byte == b'\n');
        for line in lines {
            assert!(line.len() <= 999, "{}", String::from_utf8_lossy(line));
            assert!(line.is_empty() || line.ends_with(b"\r"), "a bare line feed");
        }
        let message = MessageParser::default().parse(&taken.content).unwrap();
        assert_eq!(message.parts.len(), 1);
        assert_eq!(message.attachment_count(), 0);
        assert_eq!(message.html_body.len(), 1, "the text itself, and no other");
        let part = message.content_type().unwrap();
        assert_eq!((part.ctype(), part.subtype()), ("text", Some("plain")));
        assert_eq!(part.attribute("charset"), Some("utf-8"));
        assert_eq!(taken.from, FROM);
        let reached = Read::of(&taken.content).to;
        assert_eq!((taken.to.len(), &taken.to), (1, &reached));
        for more in ["Cc", "Bcc", "Resent-To"] {
            assert_eq!(header(&message, more), None);
        }
    }
}

/// MAIL-1: it says whom it is from and that a machine wrote it, and offers no address to reply to, nor to read receipts or lists.
#[tokio::test]
async fn a_notice_asks_for_no_reply() {
    for taken in all_taken().await {
        let message = MessageParser::default().parse(&taken.content).unwrap();
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(from.address(), Some(FROM));
        assert_eq!(from.name(), Some("Mon dossier / My Case"));
        assert_eq!(
            header(&message, "Auto-Submitted").as_deref(),
            Some("auto-generated")
        );
        assert_eq!(
            header(&message, "X-Auto-Response-Suppress").as_deref(),
            Some("All")
        );
        assert_eq!(
            header(&message, "Content-Language").as_deref(),
            Some("fr, en")
        );
        for none in [
            "Reply-To",
            "Mail-Reply-To",
            "Mail-Followup-To",
            "Disposition-Notification-To",
            "Return-Receipt-To",
            "List-Unsubscribe",
            "Sender",
        ] {
            assert_eq!(header(&message, none), None, "{none}");
        }
        let once = |name: &str| {
            let named = message.headers().iter();
            named.filter(|header| header.name() == name).count()
        };
        for name in [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Content-Type",
        ] {
            assert_eq!(once(name), 1, "{name}");
        }
    }
}
