//! A submission: documents sent to the tribunal on a case, and the entry of it that stays in the history (SUB-1 … SUB-7).

use time::{Date, OffsetDateTime};

use crate::account::{Account, AccountId};
use crate::case::{Case, CaseId};
use crate::code::Code;
use crate::confirmation_number::ConfirmationNumber;
use crate::document::{DocumentId, FileName, MediaType, Sha256};
use crate::form::FormKind;
use crate::id::Id;
use crate::policy::{Permit, Representation};
use crate::terms::Terms;
use crate::tribunal::Tribunal;
use crate::tribunal_time::{TribunalDay, ZoneName};

/// The identifier of a [`Submission`].
pub type SubmissionId = Id<Submission>;

/// The most cases on which documents or a form are sent at once, by counsel or to counsel.
pub const CASES_AT_MOST: usize = 50;

/// A type of document: `disclosure`, `notice-of-appeal` … (SUB-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentType {}

impl DocumentType {
    /// What stands where none was chosen yet: no type that can be submitted.
    pub fn undecided() -> Code<Self> {
        Code::known("undecided")
    }
}

/// One file of a submission, held by the tribunal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedFile {
    /// Under which its bytes are kept.
    pub document: DocumentId,
    /// Its name.
    pub name: FileName,
    /// What the sender calls it in the list of documents; the name speaks for itself where there is none (SUB-7).
    pub title: Option<String>,
    /// Its type by content.
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// Pages, where they can be counted.
    pub pages: Option<u32>,
    /// Its digest (SUB-4).
    pub sha256: Sha256,
}

/// How and when the other party was given a copy (SUB-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatement {
    /// By courier, by e-mail, in person …, in the sender's words.
    pub how: String,
    /// The day.
    pub on: Date,
}

/// A person of a submission, named as they were named then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The account.
    pub account: AccountId,
    /// The name at that time.
    pub name: String,
}

impl Named {
    /// The account as it is named now.
    pub fn of(account: &Account) -> Self {
        Self {
            account: account.id,
            name: account.name.to_string(),
        }
    }
}

/// That the registry has taken a submission over (SUB-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: OffsetDateTime,
}

/// What a person wants to submit, beside the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The type of document.
    pub document_type: Code<DocumentType>,
    /// A note to the registry; empty when there is none.
    pub note: String,
    /// How and when the other party was given a copy.
    pub service: Option<ServiceStatement>,
}

/// A submission that the tribunal holds. Never changed but for its acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Identifier.
    pub id: SubmissionId,
    /// The proof (SUB-2).
    pub confirmation_number: ConfirmationNumber,
    /// On which case.
    pub case: CaseId,
    /// Who sent it, counsel or delegate.
    pub submitted_by: Named,
    /// For which counsel.
    pub on_behalf_of: Named,
    /// The tribunal's clock at durable storage (SUB-6).
    pub received_at: OffsetDateTime,
    /// The zone of the office that held the file then, by which timeliness is judged (SUB-6).
    pub office_zone: String,
    /// The type of document.
    pub document_type: Code<DocumentType>,
    /// The sender's note; empty when there is none.
    pub note: String,
    /// How and when the other party was given a copy.
    pub service: Option<ServiceStatement>,
    /// The files, in the sender's order.
    pub files: Vec<SubmittedFile>,
    /// Set once the registry has taken it over.
    pub acknowledgement: Option<Acknowledgement>,
}

/// Why a submission is refused as a whole; what is wrong with one file is [`crate::document::FileProblem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionRefused {
    /// Nothing to submit.
    #[error("a submission needs at least one file")]
    NoFile,
    /// More files than the tribunal takes at once.
    #[error("a submission has at most {limit} files")]
    TooManyFiles {
        /// How many it takes.
        limit: usize,
        /// How many are beyond that.
        surplus: usize,
    },
    /// More cases than documents are submitted on at once.
    #[error("documents are submitted on at most {0} cases at once")]
    TooManyCases(usize),
    /// Not a type that counsel submits.
    #[error("this type of document is not known")]
    UnknownDocumentType,
    /// The note is too long.
    #[error("the note has at most {0} characters")]
    NoteTooLong(usize),
    /// The type asks how and when the other party was given a copy.
    #[error("this type of document needs a statement of service")]
    ServiceStatementMissing,
    /// One of the two is there without the other.
    #[error("a statement of service says both how and when")]
    ServiceStatementPartial,
    /// No day on which a copy can have been given.
    #[error("a copy was given between {FIRST_SERVICE_YEAR} and today")]
    ServiceDateOutside,
    /// A title in the list of documents is too long.
    #[error("a title has at most {LONGEST_TITLE} characters")]
    TitleTooLong,
}

/// The longest title or statement, in characters.
pub const LONGEST_TITLE: usize = 200;

/// The first year in which a copy can have been given; a slip of the keys is likelier before.
const FIRST_SERVICE_YEAR: i32 = 1900;

impl Wish {
    /// Whether this may be submitted with so many files on that day, before any byte is kept.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(
        &self,
        files: usize,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> Result<(), SubmissionRefused> {
        self.check_entered(tribunal, terms, today)?;
        check_files(files, terms)
    }

    /// Whether what was entered beside the files may be submitted on that day.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check_entered(
        &self,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> Result<(), SubmissionRefused> {
        let faults = self.faults(tribunal, terms, today);
        faults.into_iter().next().map_or(Ok(()), Err)
    }

    /// Every rule that what was entered beside the files breaks on that day, in the order in which it is entered.
    pub fn faults(
        &self,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> Vec<SubmissionRefused> {
        let kind = tribunal.submittable(&self.document_type);
        let unknown = kind
            .is_none()
            .then_some(SubmissionRefused::UnknownDocumentType);
        let longest = terms.note_characters_at_most;
        let too_long = (self.note.chars().count() > longest)
            .then_some(SubmissionRefused::NoteTooLong(longest));
        let service = match &self.service {
            Some(service) => service.faults(today),
            None if kind.is_some_and(|kind| kind.asks_for_service) => {
                vec![SubmissionRefused::ServiceStatementMissing]
            }
            None => Vec::new(),
        };
        let before = unknown.into_iter().chain(too_long);
        before.chain(service).collect()
    }
}

/// Whether a title is short enough for the list of documents (SUB-7).
///
/// # Errors
/// [`SubmissionRefused::TitleTooLong`].
pub fn check_title(title: &str) -> Result<(), SubmissionRefused> {
    if title.trim().chars().count() > LONGEST_TITLE {
        return Err(SubmissionRefused::TitleTooLong);
    }
    Ok(())
}

/// Whether a submission may have so many files.
///
/// # Errors
/// [`SubmissionRefused::NoFile`] or [`SubmissionRefused::TooManyFiles`].
pub const fn check_files(files: usize, terms: &Terms) -> Result<(), SubmissionRefused> {
    if files == 0 {
        return Err(SubmissionRefused::NoFile);
    }
    let limit = terms.files_at_most;
    if files > limit {
        let surplus = files - limit;
        return Err(SubmissionRefused::TooManyFiles { limit, surplus });
    }
    Ok(())
}

impl ServiceStatement {
    /// Why nobody can have done so by that day (SUB-7); nothing where somebody can.
    fn faults(&self, today: TribunalDay) -> Vec<SubmissionRefused> {
        let how = match self.how.chars().count() {
            _ if self.how.trim().is_empty() => Some(SubmissionRefused::ServiceStatementPartial),
            characters if characters > LONGEST_TITLE => Some(SubmissionRefused::TitleTooLong),
            _ => None,
        };
        let outside = self.on > today.0 || self.on.year() < FIRST_SERVICE_YEAR;
        let on = outside.then_some(SubmissionRefused::ServiceDateOutside);
        how.into_iter().chain(on).collect()
    }
}

/// What a new submission is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Its identifier.
    pub id: SubmissionId,
    /// Its confirmation number.
    pub confirmation_number: ConfirmationNumber,
}

impl Submission {
    /// Receives `files`, which are on durable storage already, at the permit's instant (SUB-2, SUB-6).
    ///
    /// # Errors
    /// [`SubmissionRefused`], when the wish cannot be met.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a different fact of the one act, and all are needed at once"
    )]
    pub fn receive(
        permit: &Permit,
        numbers: Numbers,
        wish: Wish,
        files: Vec<SubmittedFile>,
        sender: &Account,
        representation: &Representation,
        case: &Case,
        tribunal: &Tribunal,
        terms: &Terms,
        today: TribunalDay,
    ) -> Result<Self, SubmissionRefused> {
        wish.check(files.len(), tribunal, terms, today)?;
        for title in files.iter().filter_map(|file| file.title.as_ref()) {
            check_title(title)?;
        }
        let parties = (sender, representation);
        Ok(Self::held(
            permit, numbers, wish, files, parties, case, tribunal,
        ))
    }

    /// Receives a form, whose readable document is on durable storage already (FORM-1).
    pub fn receive_form(
        permit: &Permit,
        numbers: Numbers,
        kind: FormKind,
        documents: Vec<SubmittedFile>,
        parties: (&Account, &Representation),
        case: &Case,
        tribunal: &Tribunal,
    ) -> Self {
        let wish = Wish {
            document_type: kind.document_type(),
            note: String::new(),
            service: None,
        };
        Self::held(permit, numbers, wish, documents, parties, case, tribunal)
    }

    fn held(
        permit: &Permit,
        numbers: Numbers,
        wish: Wish,
        files: Vec<SubmittedFile>,
        (sender, representation): (&Account, &Representation),
        case: &Case,
        tribunal: &Tribunal,
    ) -> Self {
        Self {
            id: numbers.id,
            confirmation_number: numbers.confirmation_number,
            case: case.id,
            submitted_by: Named::of(sender),
            on_behalf_of: Named::of(&representation.counsel),
            received_at: permit.at(),
            office_zone: tribunal.office_zone(&case.region).as_str().to_owned(),
            document_type: wish.document_type,
            note: wish.note,
            service: wish.service,
            files,
            acknowledgement: None,
        }
    }

    /// The zone by which timeliness is judged, if the tz database still knows it.
    pub fn judged_in(&self, zones: &dyn crate::tribunal_time::Zones) -> Option<ZoneName> {
        ZoneName::parse(&self.office_zone, zones).ok()
    }

    /// Taken over by the registry; a second acknowledgement changes nothing (SUB-5).
    #[must_use]
    pub fn acknowledged(&self, permit: &Permit, by: AccountId) -> Self {
        Self {
            acknowledgement: self.acknowledgement.or(Some(Acknowledgement {
                by,
                at: permit.at(),
            })),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    /// SUB-7: a copy was given today or before, and somebody can say how.
    #[test]
    fn a_copy_was_given_by_today() {
        let today = TribunalDay(date!(2026 - 11 - 30));
        let checked = |how: &str, on| {
            let how = how.to_owned();
            ServiceStatement { how, on }.faults(today)
        };
        assert_eq!(checked("post", date!(2026 - 11 - 30)), []);
        assert_eq!(checked("post", date!(1900 - 01 - 01)), []);
        let outside = SubmissionRefused::ServiceDateOutside;
        assert_eq!(checked("post", date!(2026 - 12 - 01)), [outside]);
        assert_eq!(checked("post", date!(1899 - 12 - 31)), [outside]);
        let partial = SubmissionRefused::ServiceStatementPartial;
        assert_eq!(checked(" ", date!(2026 - 11 - 30)), [partial]);
        assert_eq!(checked(" ", date!(2026 - 12 - 01)), [partial, outside]);
        let long = "a".repeat(LONGEST_TITLE + 1);
        let too_long = SubmissionRefused::TitleTooLong;
        assert_eq!(checked(&long, date!(2026 - 11 - 30)), [too_long]);
    }
}
