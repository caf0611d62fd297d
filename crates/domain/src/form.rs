//! The forms that counsel and delegates fill in and send within the portal (FORM-1). Each is a type that can only be made of fields in
//! which nothing is wrong, and tells everything that is.

mod client_contact;
mod counsel_contact;
mod field;
mod reading;
mod written;

pub use client_contact::ClientContact;
pub use counsel_contact::CounselContact;
pub use field::{Fault, Field, Fields, Why};

use crate::account::Account;
use crate::case::FileNumber;
use crate::code::Code;
use crate::document::DocumentId;
use crate::membership::MembershipNumber;
use crate::numbering::NumberingPlans;
use crate::person::Telephone;
use crate::submission::DocumentType;
use crate::tribunal::Tribunal;

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormKind {
    /// *Counsel Contact Information* (Coordonnées du conseil).
    CounselContact,
    /// *Notification of Client Contact Information* (Avis de communication des coordonnées du client).
    ClientContact,
}

impl FormKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::CounselContact, Self::ClientContact];

    /// As on wires, in records and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CounselContact => "counsel-contact",
            Self::ClientContact => "client-contact",
        }
    }

    /// The form of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What the submission that it becomes is called in the history: people choose no such type, only sending the form makes it.
    pub fn document_type(self) -> Code<DocumentType> {
        Code::known(self.code())
    }

    /// Its fields, in order.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::CounselContact => &CounselContact::FIELDS,
            Self::ClientContact => &ClientContact::FIELDS,
        }
    }

    /// Whether a field must be filled in wherever one lives; a membership number, a province and a postal code depend on other fields.
    pub const fn needs(self, field: Field) -> bool {
        match field {
            Field::GivenName
            | Field::FamilyName
            | Field::Street
            | Field::City
            | Field::Language
            | Field::FileNumbers => true,
            Field::Order | Field::Telephone | Field::Email => {
                matches!(self, Self::CounselContact)
            }
            Field::ClientId
            | Field::MembershipNumber
            | Field::Firm
            | Field::Unit
            | Field::Province
            | Field::PostalCode
            | Field::Country
            | Field::Fax
            | Field::RetainerLimits => false,
        }
    }

    /// What the portal can fill in itself: of the counsel what it knows of them, of a client nothing.
    pub fn begun_for(self, counsel: &Account) -> Fields {
        let mut fields = Fields::default();
        fields.set(Field::Country, "Canada");
        if matches!(self, Self::ClientContact) {
            return fields;
        }
        written::name(&mut fields, &counsel.name);
        fields.set(Field::Email, counsel.email.as_str());
        fields.set(Field::Language, counsel.language.code());
        let cell = counsel.cell.as_ref().map(Telephone::grouped);
        written::maybe(&mut fields, Field::Telephone, cell.as_deref());
        if let Some(membership) = &counsel.membership {
            fields.set(Field::Order, membership.order.as_str());
            let number = membership.number.as_ref().map(MembershipNumber::as_str);
            written::maybe(&mut fields, Field::MembershipNumber, number);
        }
        fields
    }
}

/// What a form is read by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// Whose orders are listed.
    pub tribunal: &'a Tribunal,
    /// Which telephone numbers can exist.
    pub plans: &'a dyn NumberingPlans,
}

/// A form in which nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// *Counsel Contact Information*.
    CounselContact(CounselContact),
    /// *Notification of Client Contact Information*.
    ClientContact(ClientContact),
}

impl Form {
    /// Reads what was written.
    ///
    /// # Errors
    /// Every field that must be put right.
    pub fn read(kind: FormKind, fields: &Fields, rules: &Rules<'_>) -> Result<Self, Vec<Fault>> {
        match kind {
            FormKind::CounselContact => {
                CounselContact::read(fields, rules).map(Self::CounselContact)
            }
            FormKind::ClientContact => ClientContact::read(fields, rules).map(Self::ClientContact),
        }
    }

    /// Which form it is.
    pub const fn kind(&self) -> FormKind {
        match self {
            Self::CounselContact(_) => FormKind::CounselContact,
            Self::ClientContact(_) => FormKind::ClientContact,
        }
    }

    /// The files that it is for.
    pub fn file_numbers(&self) -> &[FileNumber] {
        match self {
            Self::CounselContact(form) => &form.file_numbers,
            Self::ClientContact(form) => &form.file_numbers,
        }
    }

    /// What is written in its fields, each in one way: telephone numbers as they are dialled, postal codes as mail bears them.
    pub fn fields(&self) -> Fields {
        match self {
            Self::CounselContact(form) => form.fields(),
            Self::ClientContact(form) => form.fields(),
        }
    }
}

/// A form that the tribunal holds, as data. The document that people read is beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentForm {
    /// The document that shows it, a file of the submissions that it became.
    pub document: DocumentId,
    /// Which form.
    pub kind: FormKind,
    /// What is written in it.
    pub fields: Fields,
}
