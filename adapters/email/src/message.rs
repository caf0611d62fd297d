//! A notice as an e-mail: one plain text with both languages, the recipient's first; no link, no attachment (MAIL-1).

use std::sync::Arc;

use domain::case::Region;
use domain::code::Code;
use domain::notice::{About, Notice};
use domain::person::Language;
use domain::tribunal::Tribunal;
use domain::tribunal_time::{ZoneName, Zones};
use lettre::address::AddressError;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::{Address, Message};
use time::{Duration, OffsetDateTime};

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
    /// Within what time the tribunal applies a change of a profile (PRO-1).
    pub profile_change: Duration,
}

/// Why a notice cannot be put into a message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MessageError {
    /// The configured sender is no address that mail can come from.
    #[error("the sender is no address")]
    Sender(#[source] AddressError),
    /// The recipient's address is none that mail can go to.
    #[error("the recipient's address is none that mail can go to")]
    Recipient(#[source] AddressError),
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
            self.in_language(first, notice),
            self.in_language(first.other(), notice)
        )
    }

    fn in_language(&self, language: Language, notice: &Notice) -> String {
        let words = words(language)();
        [
            words.greeting().to_owned(),
            self.body(language, &notice.about),
            words.what_to_do().to_owned(),
            words.true_notices(self.tribunal.help_desk.grouped()),
            // By which a notice that comes back is found again, also where whoever returned it left the Message-ID out.
            words.reference(notice.id.to_string()),
            words.signature(self.tribunal.name.text(language)),
        ]
        .join("\n\n")
    }

    fn body(&self, language: Language, about: &About) -> String {
        let words = words(language)();
        let moment = |at| self.moment(language, at, &self.tribunal.zone);
        match about {
            About::DocumentsReceived {
                confirmation_number,
                received_at,
                region,
            } => [
                words.body_documents_received(moment(*received_at)),
                self.at_office(language, *received_at, region.as_ref()),
                words.body_documents_number(confirmation_number.as_str()),
            ]
            .join("\n\n"),
            About::FormReceived {
                confirmation_number,
                received_at,
                region,
            } => [
                words.body_form_received(moment(*received_at)),
                self.at_office(language, *received_at, region.as_ref()),
                words.body_form_number(confirmation_number.as_str()),
            ]
            .join("\n\n"),
            About::ProfileChangeAsked => {
                words.body_profile_change_asked(self.profile_change.whole_hours())
            }
            About::ProfileChangeApplied => words.body_profile_change_applied().to_owned(),
            About::ProfileChangeRefused => words.body_profile_change_refused().to_owned(),
            About::ProfileChangeWithdrawn => words.body_profile_change_withdrawn().to_owned(),
            About::EmailAddressChanged => words.body_email_address_changed().to_owned(),
            About::SignInBound => words.body_sign_in_bound().to_owned(),
            About::SignInReset => words.body_sign_in_reset().to_owned(),
            About::CellRecorded => words.body_cell_recorded().to_owned(),
            About::AccountBlocked => words.body_account_blocked().to_owned(),
            About::AccountUnblocked => words.body_account_unblocked().to_owned(),
            About::DocumentFromTribunal => words.body_document_from_tribunal().to_owned(),
            About::RenewalDue { ends_at } => words.body_renewal_due(moment(*ends_at)),
            About::DelegateInvited { number, lapses_at } => {
                words.body_delegate_invited(moment(*lapses_at), number.as_str())
            }
            About::DelegationRenewed { ends_at } => words.body_delegation_renewed(moment(*ends_at)),
            About::DelegationExpired { renewable_until } => {
                words.body_delegation_expired(moment(*renewable_until))
            }
            About::InvitationWithdrawn => words.body_invitation_withdrawn().to_owned(),
            About::InvitationClosed => words.body_invitation_closed().to_owned(),
            About::DelegationEnded => words.body_delegation_ended().to_owned(),
            About::DelegateAccountChanged => words.body_delegate_account_changed().to_owned(),
        }
    }

    /// When something was received by the clock of the office that holds the file, which decides whether it came in time (SUB-6).
    fn at_office(
        &self,
        language: Language,
        at: OffsetDateTime,
        region: Option<&Code<Region>>,
    ) -> String {
        let words = words(language)();
        match region {
            Some(region) => {
                let zone = self.tribunal.office_zone(region);
                words.body_received_at_office(self.moment(language, at, zone))
            }
            None => words.body_received_elsewhere().to_owned(),
        }
    }

    /// An instant in words, in a zone. Both languages count 24 hours; in English, a leading zero shows it.
    fn moment(&self, language: Language, at: OffsetDateTime, zone: &ZoneName) -> String {
        let words = words(language)();
        let local = self.zones.local(zone, at);
        let (date, time) = (local.at.date(), local.at.time());
        let named = |family: &str, plain: String| {
            let id = format!("{family}-{}", plain.to_lowercase());
            words.by_id(&id).map_or(plain, str::to_owned)
        };
        // As on the pages: by the place where people there do not know it by that abbreviation.
        let there = format!("{}-{}", zone.code(), local.abbreviation.to_lowercase());
        let place = words.by_id(&format!("zone-{there}"));
        words.moment(
            named("day", date.day().to_string()),
            match language {
                Language::French => time.hour().to_string(),
                Language::English => format!("{:02}", time.hour()),
            },
            format!("{:02}", time.minute()),
            named("month", u8::from(date.month()).to_string()),
            date.year().to_string(),
            place.map_or_else(|| named("zone", local.abbreviation), str::to_owned),
        )
    }

    /// The sender.
    pub(crate) fn sender(&self) -> Result<Mailbox, MessageError> {
        let sender: Mailbox = self.from.parse().map_err(MessageError::Sender)?;
        let email = in_ascii(sender.email.user(), sender.email.domain());
        Ok(Mailbox {
            email: email.map_err(MessageError::Sender)?,
            ..sender
        })
    }

    /// The whole message. Every try of one notice has the same Message-ID.
    pub(crate) fn message(
        &self,
        notice: &Notice,
        now: OffsetDateTime,
    ) -> Result<Message, MessageError> {
        let from = self.sender()?;
        let to = recipient(notice).map_err(MessageError::Recipient)?;
        let domain = from.email.domain().to_owned();
        let part = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::QuotedPrintable)
            .body(self.text(notice));
        let builder = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
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

fn recipient(notice: &Notice) -> Result<Address, AddressError> {
    let (user, domain) = notice
        .to
        .email
        .as_str()
        .rsplit_once('@')
        .ok_or(AddressError::MissingParts)?;
    in_ascii(user, domain)
}

/// An address whose domain is written as every mail server knows it: `xn--…` for `montréal.example`.
fn in_ascii(user: &str, domain: &str) -> Result<Address, AddressError> {
    let domain = idna::domain_to_ascii(domain).map_err(|_| AddressError::InvalidDomain)?;
    Address::new(user, domain)
}

fn subject(words: &'static Texts, about: &About) -> &'static str {
    match about {
        About::DocumentsReceived { .. } => words.subject_documents_received(),
        About::FormReceived { .. } => words.subject_form_received(),
        About::ProfileChangeAsked => words.subject_profile_change_asked(),
        About::ProfileChangeApplied => words.subject_profile_change_applied(),
        About::ProfileChangeRefused => words.subject_profile_change_refused(),
        About::ProfileChangeWithdrawn => words.subject_profile_change_withdrawn(),
        About::EmailAddressChanged => words.subject_email_address_changed(),
        About::SignInBound => words.subject_sign_in_bound(),
        About::SignInReset => words.subject_sign_in_reset(),
        About::CellRecorded => words.subject_cell_recorded(),
        About::AccountBlocked => words.subject_account_blocked(),
        About::AccountUnblocked => words.subject_account_unblocked(),
        About::DocumentFromTribunal => words.subject_document_from_tribunal(),
        About::RenewalDue { .. } => words.subject_renewal_due(),
        About::DelegateInvited { .. } => words.subject_delegate_invited(),
        About::DelegationRenewed { .. } => words.subject_delegation_renewed(),
        About::DelegationExpired { .. } => words.subject_delegation_expired(),
        About::InvitationWithdrawn => words.subject_invitation_withdrawn(),
        About::InvitationClosed => words.subject_invitation_closed(),
        About::DelegationEnded => words.subject_delegation_ended(),
        About::DelegateAccountChanged => words.subject_delegate_account_changed(),
    }
}

#[cfg(test)]
mod tests;
