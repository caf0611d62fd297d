//! What nobody may find in a notice (MAIL-1), whatever people are called and however they are written to.

use application::ports::mailer::Mailer;
use contract::mailers::every_notice;
use contract::samples::{NOW, account, delegation};
use domain::account::Account;
use domain::delegation::Delegation;
use domain::notice::{Notice, Recipient};
use domain::person::{EmailAddress, Language, PersonName};
use domain::tribunal::Bilingual;
use futures_util::future::join_all;
use serde_json::json;

use crate::letterhead::letterhead_of;
use crate::server::{Server, mailer};
use crate::wire::Read;
use crate::words::said;

/// Names that somebody may try to register with.
fn hostile_names() -> Vec<String> {
    vec![
        "Marie\r\nBcc: everybody@example.test".into(),
        "Bcc: everybody@example.test".into(),
        "https://sign-in.example.test".into(),
        "www.example.test".into(),
        "É".repeat(100),
        "🇨🇦👩🏽‍⚖️".into(),
        "\u{202e}eiraM \u{2066}".into(),
        "לאה بنت".into(),
        "TB9-00001".into(),
    ]
}

fn named(name: &str) -> impl Iterator<Item = Recipient> {
    // Control characters do not get past the domain; what is left of them may.
    let name = PersonName::new(name, name).or_else(|_| {
        let kept: String = name.chars().filter(|c| !c.is_control()).collect();
        PersonName::new(&kept, &kept)
    });
    let name = name.unwrap();
    let account = Account {
        name: name.clone(),
        ..account(1)
    };
    let mut delegation: Delegation = delegation(1);
    delegation.invitee.name = name;
    [
        Recipient::owner_of(&account),
        Recipient::invitee_of(&delegation),
    ]
    .into_iter()
}

fn both_orders() -> impl Iterator<Item = Notice> {
    Language::ALL
        .into_iter()
        .flat_map(|language| every_notice(1, language))
}

/// Whether two letters stand on both sides of a full stop, as in `example.ca` or `1.example`: mail programs make a link of it.
fn looks_like_a_domain(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        if character == '.' && before.is_alphanumeric() && after.is_alphabetic() {
            return true;
        }
        before = character;
    }
    false
}

/// MAIL-1: no notice has anything in it that leads elsewhere, or that mail programs would make a link of.
#[tokio::test]
async fn no_notice_has_a_link() {
    assert!(looks_like_a_domain("voir tribunal.ca") && !looks_like_a_domain("Fin. Non"));
    for notice in both_orders() {
        let (subject, body) = said(&notice).await;
        let text = format!("{subject}\n{body}").to_lowercase();
        for never in [
            "http", "www.", "://", "@", "mailto", "tel:", "href", "<", "\\", "+1",
        ] {
            assert!(!text.contains(never), "{never} in {text}");
        }
        assert!(!looks_like_a_domain(&text), "{text}");
    }
}

/// MAIL-1: a notice says the same to everybody whom it tells the same: no name of a person, a party or a case can be in it.
#[tokio::test]
async fn a_notice_says_nothing_about_its_recipient() {
    for notice in both_orders() {
        let expected = said(&notice).await;
        for name in hostile_names() {
            for to in named(&name) {
                let to = Recipient {
                    language: notice.to.language,
                    ..to
                };
                let other = Notice {
                    to,
                    ..notice.clone()
                };
                assert_eq!(said(&other).await, expected, "{name}");
            }
        }
    }
}

/// MAIL-1: a tribunal may be called what it likes, and people may have strange addresses: on the wire it stays one message with one
/// recipient, and its text is the one that was written. The server would notice a second one.
#[tokio::test]
async fn nothing_breaks_out_on_the_wire() {
    let names = [
        "Board\r\n.\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n",
        "Board\n.\nMAIL FROM:<a@example.test>\n",
        "Board\r.\rMAIL FROM:<a@example.test>\r",
        ".\r\n..\r\n.Board",
        "\r\nBcc: everybody@example.test\r\n\r\n--\r\nContent-Type: text/html\r\n\r\n<a>",
        "⚖️ مجلس\u{202e} ועדה",
    ];
    let addresses = [
        "!#$%&'*+-/=?^_`{|}~@example.test",
        "a.very.long.local.part.that.is.just.not.longer.than.it.may.be.64@example.test",
        "x=0d=0abcc@example.test",
    ];
    let addresses: Vec<EmailAddress> = addresses
        .iter()
        .filter_map(|address| EmailAddress::parse(address).ok())
        .collect();
    assert!(addresses.len() > 1);
    let doors = vec![json!({}); names.len()];
    let server = Server::open(&doors);
    let tries = names.into_iter().enumerate().map(|(door, name)| {
        let name = Bilingual {
            french: name.into(),
            english: name.into(),
        };
        let mailer = mailer(&server.settings(door), letterhead_of(name));
        let mut notices: Vec<Notice> = both_orders().step_by(5).collect();
        for (notice, to) in notices.iter_mut().zip(addresses.iter().cycle()) {
            notice.to.email = to.clone();
        }
        async move {
            for notice in &notices {
                mailer.send(notice, NOW).await.unwrap();
            }
            notices
        }
    });
    let sent = join_all(tries).await;
    let heard = server.close();
    for (door, notices) in sent.iter().enumerate() {
        let taken = heard.taken(door);
        assert_eq!(taken.len(), notices.len());
        for (taken, notice) in taken.iter().zip(notices) {
            let read = Read::of(&taken.content);
            assert_eq!(taken.to, [notice.to.email.as_str()]);
            assert_eq!(read.to, taken.to);
            assert_eq!(read.subject, said(notice).await.0);
            assert_eq!(read.body.matches("Bonjour,").count(), 1);
            assert_eq!(read.body.matches("Hello,").count(), 1);
        }
    }
}

/// MAIL-1: what would break out of a header does not even become an address.
#[test]
fn what_is_more_than_one_address_is_none() {
    for address in [
        "a@example.test\r\nBcc: b@example.test",
        "a@example.test\nb@example.test",
        "a@example.test, b@example.test",
        "a@example.test> NOTIFY=NEVER <b@example.test",
        "\"a b\"@example.test",
        "a(b)@example.test",
        "<a@example.test>",
        "a@[127.0.0.1]",
    ] {
        assert!(EmailAddress::parse(address).is_err(), "{address}");
    }
}
