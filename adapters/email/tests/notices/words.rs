//! Every notice in both orders of languages, word for word (MAIL-1, MAIL-2): to be read by people, and not to change unnoticed.

use application::ports::mailer::Mailer;
use contract::mailers::every_notice;
use contract::samples::NOW;
use domain::code::Code;
use domain::notice::{About, Notice};
use domain::person::Language;
use tempfile::TempDir;
use time::macros::datetime;

use crate::mailbox::mailbox;

/// Subject and text of a notice.
pub async fn said(notice: &Notice) -> (String, String) {
    let folder = TempDir::new().unwrap();
    let mailbox = mailbox(folder.path()).await;
    mailbox.send(notice, NOW).await.unwrap();
    let caught = mailbox.all().await.unwrap().remove(0);
    (caught.subject, caught.body)
}

/// MAIL-1, MAIL-2: the words of every notice.
#[tokio::test]
async fn every_notice_says_what_was_read_and_found_good() {
    for language in Language::ALL {
        for notice in every_notice(1, language) {
            let (subject, body) = said(&notice).await;
            let name = format!("{}.{}", notice.about.kind(), language.code());
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, format!("{subject}\n\n{body}"));
            });
        }
    }
}

/// What the French half, or the English one, says.
fn half(body: &str, language: Language) -> &str {
    let mut halves = body.split("* * *");
    let greeting = match language {
        Language::French => "Bonjour,",
        Language::English => "Hello,",
    };
    halves.find(|half| half.contains(greeting)).unwrap()
}

/// French is set as in print: apostrophes are curved, and no line ends between a word and the mark that belongs to it.
#[tokio::test]
async fn french_is_set_as_in_print() {
    for notice in every_notice(1, Language::French) {
        let (subject, body) = said(&notice).await;
        let (french, _) = subject.split_once(" / ").unwrap();
        let french = format!("{french}\n{}", half(&body, Language::French));
        for wrong in [
            "'", "\"", "“", "”", " :", " ;", " !", " ?", "« ", " »", "...", "  ",
        ] {
            assert!(!french.contains(wrong), "{wrong} in {french}");
        }
        let mut characters = french.chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            if character == '«' || next == Some('»') {
                let space = if character == '«' {
                    next
                } else {
                    Some(character)
                };
                assert_eq!(space, Some('\u{a0}'), "{french}");
            }
        }
    }
}

/// English has its own marks, and not those of French.
#[tokio::test]
async fn english_is_set_as_in_print() {
    for notice in every_notice(1, Language::French) {
        let (subject, body) = said(&notice).await;
        let (_, english) = subject.split_once(" / ").unwrap();
        let english = format!("{english}\n{}", half(&body, Language::English));
        for wrong in ["'", "\"", "«", "»", " :", "\u{a0}:", " ;", "...", "  "] {
            assert!(!english.contains(wrong), "{wrong} in {english}");
        }
    }
}

/// No text is lost on its way: nothing of Fluent's is left, and every line can be read.
#[tokio::test]
async fn nothing_is_left_of_how_the_text_was_made() {
    for notice in every_notice(1, Language::French) {
        let (subject, body) = said(&notice).await;
        assert!(!subject.contains(char::is_control));
        let text = format!("{subject}\n{body}");
        for mark in [
            "{", "}", "$", "\u{2068}", "\u{2069}", "\u{fffd}", "\r", "\t",
        ] {
            assert!(!text.contains(mark), "{mark} in {text}");
        }
        assert!(subject.chars().count() < 120, "{subject}");
    }
}

/// SUB-3, SUB-6: the sender's confirmation says the number and the time of receipt, in the tribunal's zone and in both languages.
#[tokio::test]
async fn the_confirmation_says_number_and_time() {
    let notice = every_notice(1, Language::French).remove(0);
    let About::DocumentsReceived {
        confirmation_number,
        ..
    } = &notice.about
    else {
        panic!("the first kind")
    };
    let (_, body) = said(&notice).await;
    for language in Language::ALL {
        assert!(half(&body, language).contains(confirmation_number.as_str()));
    }
    for (at, french, english) in [
        (
            datetime!(2026-11-23 12:00 UTC),
            "le 23 novembre 2026 à 7 h 00 (HNE)",
            "on November 23, 2026, at 07:00 (EST)",
        ),
        (
            datetime!(2026-07-01 04:05 UTC),
            "le 1er juillet 2026 à 0 h 05 (HAE)",
            "on July 1, 2026, at 00:05 (EDT)",
        ),
        (
            datetime!(2027-01-01 04:59:59.999 UTC),
            "le 31 décembre 2026 à 23 h 59 (HNE)",
            "on December 31, 2026, at 23:59 (EST)",
        ),
    ] {
        let received = Notice {
            about: About::DocumentsReceived {
                confirmation_number: confirmation_number.clone(),
                received_at: at,
                region: None,
            },
            ..notice.clone()
        };
        let (_, body) = said(&received).await;
        let body = body.replace('\u{a0}', " ");
        assert!(half(&body, Language::French).contains(french), "{body}");
        assert!(half(&body, Language::English).contains(english), "{body}");
    }
}

/// SUB-6: what came in at one in the morning of the second, Eastern, came in on the first at the office in Vancouver, which decides: the
/// confirmation says both. PRO-1: within what time a change is applied is the tribunal's choice.
#[tokio::test]
async fn the_confirmation_says_the_time_that_decides() {
    let notices = every_notice(1, Language::French);
    let received = |region: Option<&str>| {
        let mut notice = notices[0].clone();
        if let About::DocumentsReceived {
            received_at,
            region: of,
            ..
        } = &mut notice.about
        {
            *received_at = datetime!(2021-04-02 05:00 UTC);
            *of = region.map(|code| Code::parse(code).unwrap());
        }
        notice
    };
    for (region, french, english) in [
        (
            Some("western"),
            [
                "le 2 avril 2021 à 1 h 00 (HAE)",
                "c’était le 1er avril 2021 à 22 h 00 (HAP)",
            ],
            [
                "on April 2, 2021, at 01:00 (EDT)",
                "it was April 1, 2021, at 22:00 (PDT)",
            ],
        ),
        (
            None,
            [
                "le 2 avril 2021 à 1 h 00 (HAE)",
                "Le reçu, dans Mon dossier, donne l’heure",
            ],
            [
                "on April 2, 2021, at 01:00 (EDT)",
                "The receipt, in My Case, has the time",
            ],
        ),
    ] {
        let (_, body) = said(&received(region)).await;
        let body = body.replace('\u{a0}', " ");
        for said in french {
            assert!(
                half(&body, Language::French).contains(said),
                "{said} in {body}"
            );
        }
        for said in english {
            assert!(
                half(&body, Language::English).contains(said),
                "{said} in {body}"
            );
        }
    }
    let asked = notices
        .iter()
        .find(|one| one.about == About::ProfileChangeAsked);
    let (_, body) = said(asked.unwrap()).await;
    assert!(
        body.contains("36\u{a0}heures") && body.contains("36\u{a0}hours"),
        "{body}"
    );
}
