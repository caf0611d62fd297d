//! A notice as an e-mail: one plain text with both languages, the recipient's first; no link, no attachment (MAIL-1).

use std::sync::Arc;

use domain::notice::{About, Notice};
use domain::person::Language;
use domain::tribunal::Tribunal;
use domain::tribunal_time::Zones;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use time::OffsetDateTime;

use crate::texts::{self, Texts};

/// What every notice bears: who sends it, and where questions go.
#[derive(Clone)]
pub struct Letterhead {
    /// The sender's address, which nobody reads.
    pub from: String,
    /// The tribunal.
    pub tribunal: Arc<Tribunal>,
    /// Zones, for times in words.
    pub zones: Arc<dyn Zones>,
}

/// Why a notice cannot be put into a message. It is the configuration that is wrong, or the address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MessageError {
    /// An address that mail cannot be sent to or from.
    #[error("an address cannot be used")]
    Address(#[from] lettre::address::AddressError),
    /// The message cannot be put together.
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
}

/// Whether notices can be sent from `text`: an address, or a name and an address in angle brackets.
pub fn can_send_from(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

const fn words(language: Language) -> fn() -> &'static Texts {
    match language {
        Language::French => texts::french,
        Language::English => texts::english,
    }
}

/// The subject: both languages, the recipient's first.
pub(crate) fn subject_of(notice: &Notice) -> String {
    let first = notice.to.language;
    let in_language = |language| subject(words(language)(), &notice.about);
    format!("{} / {}", in_language(first), in_language(first.other()))
}

impl Letterhead {
    /// The text: both languages, the recipient's first.
    pub(crate) fn text(&self, notice: &Notice) -> String {
        let first = notice.to.language;
        format!(
            "{}\n\n* * *\n\n{}\n",
            self.in_language(first, &notice.about),
            self.in_language(first.other(), &notice.about)
        )
    }

    fn in_language(&self, language: Language, about: &About) -> String {
        let words = words(language)();
        let help_desk = self.tribunal.help_desk.as_str();
        [
            words.greeting(),
            self.body(words, about),
            words.what_to_do(),
            words.true_notices(help_desk),
            words.signature(self.tribunal.name.text(language)),
        ]
        .join("\n\n")
    }

    fn body(&self, words: &Texts, about: &About) -> String {
        match about {
            About::DocumentsReceived {
                confirmation_number,
                received_at,
            } => words.body_documents_received(
                self.moment(words, *received_at),
                confirmation_number.as_str(),
            ),
            About::FormReceived {
                confirmation_number,
                received_at,
            } => words.body_form_received(
                self.moment(words, *received_at),
                confirmation_number.as_str(),
            ),
            About::ProfileChangeAsked => words.body_profile_change_asked(),
            About::ProfileChangeApplied => words.body_profile_change_applied(),
            About::ProfileChangeRefused => words.body_profile_change_refused(),
            About::EmailAddressChanged => words.body_email_address_changed(),
            About::SignInBound => words.body_sign_in_bound(),
            About::SignInReset => words.body_sign_in_reset(),
            About::AccountUnblocked => words.body_account_unblocked(),
            About::DocumentFromTribunal => words.body_document_from_tribunal(),
            About::RenewalDue { ends_at } => words.body_renewal_due(self.moment(words, *ends_at)),
            About::DelegateInvited { lapses_at } => {
                words.body_delegate_invited(self.moment(words, *lapses_at))
            }
            About::DelegationRenewed { ends_at } => {
                words.body_delegation_renewed(self.moment(words, *ends_at))
            }
            About::DelegationEnded => words.body_delegation_ended(),
        }
    }

    /// An instant in words, in the tribunal's zone.
    fn moment(&self, words: &Texts, at: OffsetDateTime) -> String {
        let local = self.zones.local(&self.tribunal.zone, at);
        let month = words
            .by_id(&format!("month-{}", u8::from(local.at.month())))
            .unwrap_or_default();
        let (hour, minute) = (
            local.at.hour().to_string(),
            format!("{:02}", local.at.minute()),
        );
        words.moment(
            local.at.day().to_string(),
            hour,
            minute,
            month,
            local.at.year().to_string(),
            &local.abbreviation,
        )
    }

    /// The whole message. Every try of one notice has the same Message-ID.
    pub(crate) fn message(
        &self,
        notice: &Notice,
        now: OffsetDateTime,
    ) -> Result<Message, MessageError> {
        let from: Mailbox = self.from.parse()?;
        let to = Mailbox::new(None, notice.to.email.as_str().parse()?);
        let domain = from.email.domain().to_owned();
        let part = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::QuotedPrintable)
            .body(self.text(notice));
        let builder = Message::builder()
            .from(from)
            .to(to)
            .subject(subject_of(notice))
            .date(
                std::time::SystemTime::UNIX_EPOCH
                    + std::time::Duration::from_secs(
                        u64::try_from(now.unix_timestamp()).unwrap_or_default(),
                    ),
            )
            .message_id(Some(format!("<{}@{domain}>", notice.id)));
        let mut message = builder.singlepart(part)?;
        let headers = message.headers_mut();
        for (name, value) in [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            ("Content-Language", "fr, en"),
        ] {
            if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
                headers.insert_raw(HeaderValue::new(name, value.to_owned()));
            }
        }
        Ok(message)
    }
}

fn subject(words: &Texts, about: &About) -> String {
    match about {
        About::DocumentsReceived { .. } => words.subject_documents_received(),
        About::FormReceived { .. } => words.subject_form_received(),
        About::ProfileChangeAsked => words.subject_profile_change_asked(),
        About::ProfileChangeApplied => words.subject_profile_change_applied(),
        About::ProfileChangeRefused => words.subject_profile_change_refused(),
        About::EmailAddressChanged => words.subject_email_address_changed(),
        About::SignInBound => words.subject_sign_in_bound(),
        About::SignInReset => words.subject_sign_in_reset(),
        About::AccountUnblocked => words.subject_account_unblocked(),
        About::DocumentFromTribunal => words.subject_document_from_tribunal(),
        About::RenewalDue { .. } => words.subject_renewal_due(),
        About::DelegateInvited { .. } => words.subject_delegate_invited(),
        About::DelegationRenewed { .. } => words.subject_delegation_renewed(),
        About::DelegationEnded => words.subject_delegation_ended(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contract::samples::{NOW, notices};
    use domain::person::Telephone;
    use domain::tribunal::Bilingual;
    use domain::tribunal_time::ZoneName;
    use time_zones::TzDatabase;

    use super::*;

    fn letterhead() -> Letterhead {
        let zones = TzDatabase::new();
        let name = Bilingual {
            french: "Commission".into(),
            english: "Board".into(),
        };
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
            from: "Mon dossier <ne-pas-repondre@tribunal.example>".into(),
            tribunal: Arc::new(tribunal),
            zones: Arc::new(zones),
        }
    }

    /// MAIL-1: every notice, in either order of languages, has no link, no address and nothing that looks like a file number.
    #[test]
    fn no_notice_has_a_link_or_a_case_in_it() {
        for mut notice in notices() {
            for language in Language::ALL {
                notice.to.language = language;
                let text = letterhead().text(&notice) + &subject_of(&notice);
                for never in ["http", "www", "://", "@", "TB9", "Éloïse", "{", "\u{2068}"] {
                    assert!(!text.contains(never), "{never} in {text}");
                }
                assert!(
                    text.contains("Commission") && text.contains("Board"),
                    "both languages: {text}"
                );
            }
        }
    }

    /// MAIL-1: the recipient's language comes first.
    #[test]
    fn the_recipients_language_comes_first() {
        let mut notice = notices().remove(0);
        notice.to.language = Language::English;
        assert!(letterhead().text(&notice).starts_with("Hello"));
        notice.to.language = Language::French;
        assert!(letterhead().text(&notice).starts_with("Bonjour"));
    }

    /// SUB-3, SUB-6: the number and the time of receipt in the tribunal's zone are in the sender's notice.
    #[test]
    fn the_confirmation_says_number_and_time() {
        let notice = notices().remove(0);
        let About::DocumentsReceived {
            confirmation_number,
            ..
        } = &notice.about
        else {
            panic!("the first kind")
        };
        let text = letterhead().text(&notice);
        assert!(text.contains(confirmation_number.as_str()));
        assert!(
            text.contains("23 novembre 2026 à 7\u{a0}h\u{a0}00 (EST)"),
            "{text}"
        );
        assert!(text.contains("November 23, 2026, at 7:00 (EST)"), "{text}");
    }

    /// MAIL-3: every try of one notice has the same Message-ID, and the mail is marked as nobody's letter.
    #[test]
    fn every_try_has_the_same_message_id() {
        let notice = notices().remove(0);
        let id = |now| {
            let message = letterhead().message(&notice, now).unwrap();
            let raw = String::from_utf8(message.formatted()).unwrap();
            assert!(raw.contains("Auto-Submitted: auto-generated"));
            raw.lines()
                .find(|line| line.starts_with("Message-ID"))
                .unwrap()
                .to_owned()
        };
        assert_eq!(id(NOW), id(NOW + time::Duration::days(1)));
    }
}
