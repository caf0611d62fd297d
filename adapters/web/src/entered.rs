//! Numbers and references as somebody types them, read in the same way for the pages and the API.

use domain::case::FileNumber;
use domain::confirmation_number::ConfirmationNumber;
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::NoticeId;
use domain::person::PersonName;
use uuid::Uuid;

use crate::problem::{Kind, Problem, noted};

/// A person's name in its two parts; what is wrong with each is put beside what is wrong with others.
pub(crate) fn name(given: &str, family: &str, wrong: &mut Vec<Problem>) -> Option<PersonName> {
    for (field, part) in [("given_name", given), ("family_name", family)] {
        let part = PersonName::part(part);
        noted(part.map_err(|why| Problem::from(why).at(field)), wrong);
    }
    PersonName::new(given, family).ok()
}

/// The number on a file.
///
/// # Errors
/// [`Kind::FileNumberUnusable`], with what was typed.
pub(crate) fn file_number(text: &str) -> Result<FileNumber, Problem> {
    FileNumber::typed(text)
        .map_err(|_| Problem::from(Kind::FileNumberUnusable).with("file_number", text))
}

/// The number that confirms a submission, in any case, with or without its hyphens.
///
/// # Errors
/// [`Kind::ConfirmationNumberUnusable`]: too long or too short, or a character is not the one that it was.
pub(crate) fn confirmation_number(text: &str) -> Result<ConfirmationNumber, Problem> {
    ConfirmationNumber::parse(text).map_err(|_| Kind::ConfirmationNumberUnusable.into())
}

/// The number in an invitation's e-mail.
///
/// # Errors
/// [`Kind::InvitationNumberUnusable`].
pub(crate) fn invitation_number(text: &str) -> Result<InvitationNumber, Problem> {
    InvitationNumber::parse(text).map_err(|_| Kind::InvitationNumberUnusable.into())
}

/// The notice of a Message-ID, whose identifier is before the `@`, or of the reference in its text, which is that identifier.
///
/// # Errors
/// [`Kind::NotFound`].
pub(crate) fn notice_of(message_id: &str) -> Result<NoticeId, Problem> {
    let inner = message_id.trim().trim_start_matches('<');
    let id = inner.split('@').next().unwrap_or_default();
    Uuid::try_parse(id)
        .map(Id::new)
        .map_err(|_| Kind::NotFound.into())
}
