//! A document from the tribunal in the inboxes of a counsel: the general one and the case's (BOX-1 … BOX-4).

use time::OffsetDateTime;

use crate::account::{Account, AccountId};
use crate::case::{Case, CaseId, Region};
use crate::code::Code;
use crate::document::{DocumentId, FileName, MediaType, Sha256};
use crate::id::Id;
use crate::policy::Permit;
use crate::submission::{DocumentType, LONGEST_TITLE, Named};
use crate::terms::Terms;
use crate::tribunal::Tribunal;
use crate::tribunal_time::{Moment, ZoneName, Zones};

/// The identifier of an [`InboxItem`].
pub type InboxItemId = Id<InboxItem>;

/// What the tribunal sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Under which the bytes are kept.
    pub document: DocumentId,
    /// The name that it was sent under; people see the other, [`Self::given_name`].
    pub name: FileName,
    /// Its type by content.
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// Digest.
    pub sha256: Sha256,
    /// What it is.
    pub document_type: Code<DocumentType>,
    /// What the registry calls it.
    pub title: String,
}

/// That a person opened the document, for the first time (BOX-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who, and for which name then.
    pub by: Named,
    /// When.
    pub at: OffsetDateTime,
}

/// A document from the tribunal, in a counsel's inboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxItem {
    /// Identifier.
    pub id: InboxItemId,
    /// On which case.
    pub case: CaseId,
    /// To which counsel.
    pub counsel: AccountId,
    /// What was sent.
    pub sent: Sent,
    /// Who sent it.
    pub sent_by: AccountId,
    /// Since when it can be read.
    pub made_available_at: OffsetDateTime,
    /// The zone of the office that held the file then (SUB-6); none for what was sent before that was kept.
    pub office_zone: Option<String>,
    /// Since when it is gone from the general inbox (BOX-3).
    pub deleted_at: Option<OffsetDateTime>,
    /// First readings, one per person, in order of time (BOX-2).
    pub readings: Vec<Reading>,
}

/// The two places in which an item is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inbox {
    /// All cases together; the counsel deletes from it.
    General,
    /// One case's; nothing is ever deleted from it.
    OfCase,
}

/// Why a document cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendRefused {
    /// The case is in the portal no more, so nobody would see the document (CASE-2).
    #[error("the case has left the portal")]
    CaseLeft,
    /// Nobody represents the person.
    #[error("the case has no counsel of record")]
    NoCounselOfRecord,
    /// The counsel of record never registered, or is in good standing no more (REG-1, DEL-8).
    #[error("the counsel of record cannot get into the portal")]
    CounselCannotReach,
    /// Not a type that the tribunal sends.
    #[error("this is no type of document that the tribunal sends")]
    UnknownDocumentType,
    /// Counsel would not know what it is.
    #[error("a document that is sent has a title")]
    TitleMissing,
    /// The title is too long.
    #[error("a title has at most {LONGEST_TITLE} characters")]
    TitleTooLong,
}

impl Sent {
    /// The name under which it is listed and given out: one of its type (BOX-4).
    pub fn given_name(&self) -> FileName {
        self.name.of_type(self.media_type)
    }

    /// Whether the tribunal sends such a thing at all.
    ///
    /// # Errors
    /// The first of [`send_faults`].
    pub fn check(&self, tribunal: &Tribunal) -> Result<(), SendRefused> {
        let faults = send_faults(&self.document_type, &self.title, tribunal);
        faults.into_iter().next().map_or(Ok(()), Err)
    }
}

/// Every rule that stands against sending a document of that type under that title, whatever is in it.
pub fn send_faults(
    document_type: &Code<DocumentType>,
    title: &str,
    tribunal: &Tribunal,
) -> Vec<SendRefused> {
    let unknown = tribunal
        .sendable(document_type)
        .is_none()
        .then_some(SendRefused::UnknownDocumentType);
    let title = match title.chars().count() {
        _ if title.trim().is_empty() => Some(SendRefused::TitleMissing),
        characters if characters > LONGEST_TITLE => Some(SendRefused::TitleTooLong),
        _ => None,
    };
    unknown.into_iter().chain(title).collect()
}

/// To whom a document on a case goes, who gets to read it there: a record of service that says "made available" must be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    case: CaseId,
    region: Code<Region>,
    counsel: AccountId,
}

impl Addressee {
    /// The counsel of record of `case`, whose account is among `counsels`. A block does not stand in the way: it passes.
    ///
    /// # Errors
    /// [`SendRefused`], the first reason why a document would reach nobody.
    pub fn of(
        case: &Case,
        counsels: &[Account],
        moment: &Moment,
        terms: &Terms,
    ) -> Result<Self, SendRefused> {
        if !case.in_portal_on(moment.today, terms) {
            return Err(SendRefused::CaseLeft);
        }
        let counsel = case
            .counsel_of_record
            .ok_or(SendRefused::NoCounselOfRecord)?;
        let account = counsels.iter().find(|account| account.id == counsel);
        if !account.is_some_and(|account| account.is_reached_as_counsel(moment.at)) {
            return Err(SendRefused::CounselCannotReach);
        }
        Ok(Self {
            case: case.id,
            region: case.region.clone(),
            counsel,
        })
    }
}

impl InboxItem {
    /// Sends a document to the counsel of record of a case (BOX-1).
    ///
    /// # Errors
    /// [`SendRefused`], the first reason why not.
    pub fn send(
        permit: &Permit,
        id: InboxItemId,
        to: &Addressee,
        sent: Sent,
        sent_by: AccountId,
        tribunal: &Tribunal,
    ) -> Result<Self, SendRefused> {
        sent.check(tribunal)?;
        Ok(Self {
            id,
            case: to.case,
            counsel: to.counsel,
            sent,
            sent_by,
            made_available_at: permit.at(),
            office_zone: Some(tribunal.office_zone(&to.region).as_str().to_owned()),
            deleted_at: None,
            readings: Vec::new(),
        })
    }

    /// The zone in which it was made available at the office: the one of then, if it was kept and the tz database still knows it, or the one of
    /// `case` now.
    pub fn office_zone(&self, case: &Case, tribunal: &Tribunal, zones: &dyn Zones) -> ZoneName {
        let then = self.office_zone.as_deref();
        then.and_then(|name| ZoneName::parse(name, zones).ok())
            .unwrap_or_else(|| tribunal.office_zone(&case.region).clone())
    }

    /// Whether the item is listed in `inbox`; the same for counsel and delegates (BOX-3).
    pub fn listed_in(&self, inbox: Inbox) -> bool {
        match inbox {
            Inbox::General => self.deleted_at.is_none(),
            Inbox::OfCase => true,
        }
    }

    /// Deleted from the general inbox by the counsel; the case's inbox keeps it (BOX-3). A second deletion changes nothing.
    #[must_use]
    pub fn deleted(&self, permit: &Permit) -> Self {
        Self {
            deleted_at: self.deleted_at.or(Some(permit.at())),
            ..self.clone()
        }
    }

    /// Read by `reader`: the first reading counts, later ones change nothing (BOX-2).
    #[must_use]
    pub fn read_by(&self, permit: &Permit, reader: &Account) -> Self {
        let mut read = self.clone();
        if !self.has_been_read_by(reader.id) {
            read.readings.push(Reading {
                by: Named::of(reader),
                at: permit.at(),
            });
        }
        read
    }

    /// Whether that person has read it.
    pub fn has_been_read_by(&self, reader: AccountId) -> bool {
        self.readings
            .iter()
            .any(|reading| reading.by.account == reader)
    }
}
