//! The fields of the forms, what was written in them, and what is wrong with it. Every fault of a form is told at once.

use std::collections::BTreeMap;

use crate::case::FileNumber;

/// A field. In the order in which a form has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// The client's UCI.
    ClientId,
    /// The counsel's professional order.
    Order,
    /// The number that the order gave.
    MembershipNumber,
    /// The counsel's firm.
    Firm,
    /// Number and street.
    Street,
    /// Unit, floor, in care of whom.
    Unit,
    /// City.
    City,
    /// Province or territory, in Canada.
    Province,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// Telephone.
    Telephone,
    /// Fax.
    Fax,
    /// E-mail address.
    Email,
    /// `fr` or `en`.
    Language,
    /// Limits of the counsel's retainer.
    RetainerLimits,
    /// The files that the form is for, separated by spaces.
    FileNumbers,
}

impl Field {
    /// Every field of any form.
    pub const ALL: [Self; 18] = [
        Self::GivenName,
        Self::FamilyName,
        Self::ClientId,
        Self::Order,
        Self::MembershipNumber,
        Self::Firm,
        Self::Street,
        Self::Unit,
        Self::City,
        Self::Province,
        Self::PostalCode,
        Self::Country,
        Self::Telephone,
        Self::Fax,
        Self::Email,
        Self::Language,
        Self::RetainerLimits,
        Self::FileNumbers,
    ];

    /// As on wires and in records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::ClientId => "client_id",
            Self::Order => "order",
            Self::MembershipNumber => "membership_number",
            Self::Firm => "firm",
            Self::Street => "street",
            Self::Unit => "unit",
            Self::City => "city",
            Self::Province => "province",
            Self::PostalCode => "postal_code",
            Self::Country => "country",
            Self::Telephone => "telephone",
            Self::Fax => "fax",
            Self::Email => "email",
            Self::Language => "language",
            Self::RetainerLimits => "retainer_limits",
            Self::FileNumbers => "file_numbers",
        }
    }

    /// The field of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// The most characters that it takes.
    pub const fn longest(self) -> usize {
        match self {
            Self::ClientId
            | Self::Order
            | Self::MembershipNumber
            | Self::Province
            | Self::PostalCode
            | Self::Telephone
            | Self::Fax
            | Self::Language => 40,
            Self::GivenName
            | Self::FamilyName
            | Self::Street
            | Self::Unit
            | Self::City
            | Self::Country => 100,
            Self::Firm => 200,
            Self::Email => 254,
            Self::RetainerLimits => 1_000,
            Self::FileNumbers => 2_000,
        }
    }

    /// Whether it may have several lines.
    pub const fn has_lines(self) -> bool {
        matches!(self, Self::RetainerLimits)
    }
}

/// What is written in the fields of a form, as it was typed or as a form that was sent has it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Fields(BTreeMap<Field, String>);

impl Fields {
    /// What is written there, without white space around it; empty where nothing is.
    pub fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", |text| text.trim())
    }

    /// Writes something there.
    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.0.insert(field, text.into());
    }

    /// The fields in which something is written, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        let written = self.0.iter().map(|(field, text)| (*field, text.trim()));
        written.filter(|(_, text)| !text.is_empty())
    }

    /// The file numbers that are written there, as they were typed: spaces, commas and semicolons separate them.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.get(Field::FileNumbers)
            .split(|c: char| c.is_whitespace() || ",;".contains(c))
            .filter(|number| !number.is_empty())
    }
}

/// Only which fields are filled in: what is in them must not reach a log.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nothing is written there.
    #[error("something must be written here")]
    Missing,
    /// Too much is written there.
    #[error("at most {0} characters")]
    TooLong(usize),
    /// Control characters, or several lines where there is one.
    #[error("characters that cannot be used")]
    Unusable,
    /// No UCI.
    #[error("a client ID (UCI) has 8 or 10 digits")]
    NotAClientId,
    /// Not an order whose members may be counsel.
    #[error("this order is not listed")]
    UnknownOrder,
    /// None of the thirteen.
    #[error("no province or territory of Canada")]
    NotAProvince,
    /// A province in another country.
    #[error("only for addresses in Canada")]
    OnlyInCanada,
    /// No Canadian postal code.
    #[error("no Canadian postal code")]
    NotAPostalCode,
    /// Not a telephone number, or none that can exist.
    #[error("no telephone number")]
    NotATelephoneNumber,
    /// Not an e-mail address.
    #[error("no e-mail address")]
    NotAnEmailAddress,
    /// Neither of the two.
    #[error("neither French nor English")]
    NotALanguage,
    /// Something that is no file number.
    #[error("{0} is no file number")]
    NotAFileNumber(String),
    /// Not a case of this counsel's.
    #[error("there is no case {0} among this counsel's")]
    NoSuchCase(FileNumber),
    /// More cases than one form can be for.
    #[error("at most {0} cases")]
    TooManyCases(usize),
}

impl Why {
    /// As on wires and in the names of texts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong(_) => "too-long",
            Self::Unusable => "control-characters",
            Self::NotAClientId => "client-id",
            Self::UnknownOrder => "unknown-order",
            Self::NotAProvince => "province",
            Self::OnlyInCanada => "only-in-canada",
            Self::NotAPostalCode => "postal-code",
            Self::NotATelephoneNumber => "telephone",
            Self::NotAnEmailAddress => "email",
            Self::NotALanguage => "language",
            Self::NotAFileNumber(_) => "file-number",
            Self::NoSuchCase(_) => "no-such-case",
            Self::TooManyCases(_) => "too-many",
        }
    }

    /// The limit that was passed, where that is what is wrong.
    pub const fn limit(&self) -> Option<usize> {
        match self {
            Self::TooLong(limit) | Self::TooManyCases(limit) => Some(*limit),
            _ => None,
        }
    }

    /// The number that is meant, where several stand in one field.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::NotAFileNumber(text) => Some(text),
            Self::NoSuchCase(number) => Some(number.as_str()),
            _ => None,
        }
    }
}

/// A field that must be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub field: Field,
    /// What is wrong.
    pub why: Why,
}
