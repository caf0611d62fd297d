//! Whatever stands in a letterhead or an address, a message stays one text to one person (MAIL-1). Read back with a mail program's
//! parser, not with ours.

use std::collections::BTreeSet;

use contract::mailers::every_notice;
use domain::person::{EmailAddress, Telephone};
use domain::tribunal::Bilingual;
use domain::tribunal_time::ZoneName;
use mail_parser::{Header, MessageParser, MimeHeaders};
use proptest::prelude::*;
use time_zones::TzDatabase;

use super::*;

/// Every header that a notice has, once each, and nothing else.
const HEADERS: [&str; 11] = [
    "Auto-Submitted",
    "Content-Language",
    "Content-Transfer-Encoding",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
    "X-Auto-Response-Suppress",
];

/// Any text, often with what breaks out of a header, ends a message or begins another part.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nBcc: everybody@example.test\r\n".to_owned()),
        Just("\nTo: b@example.test\n".to_owned()),
        Just("\r\rSubject: other".to_owned()),
        Just("\r\n\r\nContent-Type: text/html\r\n\r\n<a href=x>".to_owned()),
        Just("\r\n.\r\nMAIL FROM:<b@example.test>\r\n".to_owned()),
        Just("=?utf-8?q?=0D=0ABcc:_b=40example.test?=".to_owned()),
        Just("\u{202e}gnp.exe \u{2066}".to_owned()),
        Just("🇨🇦👩🏽‍⚖️".to_owned()),
        Just("مجلس الهجرة ועדת ההגירה".to_owned()),
        Just("é".repeat(2000)),
        Just("<>\"\\,;:()@[]".to_owned()),
        Just("\u{0}\u{7f}\u{85}\u{2028}".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A configured sender. Its parser refuses most that are hostile, so that half are not: the rest is tried in vain otherwise.
fn sender() -> impl Strategy<Value = String> {
    let address = "<a@tribunal.example>";
    prop_oneof![
        Just(format!("Mon dossier / My Case {address}")),
        hostile().prop_map(move |name| format!("\"{name}\" {address}")),
        hostile().prop_map(move |name| format!("{name} {address}")),
        Just("a@tribunal.example".to_owned()),
    ]
}

/// Addresses that the domain lets in, some of them strange.
fn address() -> impl Strategy<Value = EmailAddress> {
    let strange = prop_oneof![
        "[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9]{1,63}\\.[a-z]{2,10}",
        "[a-zé中אب0-9]{1,20}@[a-zé中אب]{1,20}\\.(ca|québec)",
        hostile(),
        hostile().prop_map(|text| format!("a@b.ca{text}")),
        hostile().prop_map(|text| format!("{text}@example.test")),
    ];
    strange.prop_filter_map("no address to the domain", |text| {
        EmailAddress::parse(&text).ok()
    })
}

fn letterhead(from: String, name: Bilingual) -> Letterhead {
    let zones = TzDatabase::new();
    let tribunal = Tribunal {
        short_name: name.clone(),
        name,
        help_desk: Telephone::parse("1 833 777 2433").unwrap(),
        zone: ZoneName::parse("America/Toronto", &zones).unwrap(),
        divisions: Vec::new(),
        regions: Vec::new(),
        document_types: Vec::new(),
        tribunal_document_types: Vec::new(),
        orders: Vec::new(),
        accepted: BTreeSet::new(),
        delegation_terms_version: "1".into(),
        privacy_statement_version: "1".into(),
    };
    Letterhead {
        from,
        tribunal: Arc::new(tribunal),
        zones: Arc::new(zones),
        profile_change: Duration::hours(48),
    }
}

/// Checks one message.
fn is_one_text_to_one_person(letterhead: &Letterhead, notice: &Notice, message: &Message) {
    let raw = message.formatted();
    let read = MessageParser::default().parse(&raw).unwrap();
    let mut names: Vec<&str> = read.headers().iter().map(Header::name).collect();
    names.sort_unstable();
    assert_eq!(names, HEADERS);
    assert_eq!((read.parts.len(), read.attachment_count()), (1, 0));
    let kind = read.content_type().unwrap();
    assert_eq!((kind.ctype(), kind.subtype()), ("text", Some("plain")));
    assert_eq!(read.subject(), Some(subject_of(notice).as_str()));
    let to: Vec<_> = read.to().unwrap().iter().collect();
    assert_eq!(to.len(), 1);
    let envelope: Vec<&str> = message.envelope().to().iter().map(AsRef::as_ref).collect();
    assert_eq!(envelope, [to[0].address().unwrap()]);
    let (user, _) = notice.to.email.as_str().rsplit_once('@').unwrap();
    assert!(envelope[0].starts_with(&format!("{user}@")));
    assert_eq!(read.from().unwrap().iter().count(), 1);
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    assert_eq!(
        lines(&read.body_text(0).unwrap()).trim_end(),
        lines(&letterhead.text(notice)).trim_end()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// MAIL-1: nothing that stands in the sender's name, the tribunal's names or the recipient's address adds a header, a recipient or a
    /// part, for any notice in either order of languages.
    #[test]
    fn nothing_breaks_out_of_its_place(
        from in sender(),
        french in hostile(),
        english in hostile(),
        email in address(),
        seconds in 0_i64..200_000_000_000,
    ) {
        let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let letterhead = letterhead(from, Bilingual { french, english });
        for language in Language::ALL {
            for mut notice in every_notice(1, language) {
                notice.to.email = email.clone();
                match letterhead.message(&notice, now) {
                    Ok(message) => is_one_text_to_one_person(&letterhead, &notice, &message),
                    // Operators hear of a sender that is none when the portal starts.
                    Err(MessageError::Sender(_)) => prop_assert!(letterhead.sender().is_err()),
                    // Some domains beyond ASCII are none, such as one in two scripts that run against each other.
                    Err(MessageError::Recipient(_)) => {
                        let (_, domain) = email.as_str().rsplit_once('@').unwrap();
                        prop_assert!(idna::domain_to_ascii(domain).is_err(), "{}", email.as_str());
                    }
                    Err(other) => prop_assert!(false, "{email:?}: {other:?}"),
                }
            }
        }
    }
}
