//! A postal address. Within Canada its province and its postal code are checked; elsewhere people write it as it is written there
//! (FORM-1).

use std::fmt;

use crate::case::folded;

/// A province or a territory of Canada.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Province {
    /// Alberta.
    Alberta,
    /// British Columbia.
    BritishColumbia,
    /// Manitoba.
    Manitoba,
    /// New Brunswick.
    NewBrunswick,
    /// Newfoundland and Labrador.
    NewfoundlandAndLabrador,
    /// Northwest Territories.
    NorthwestTerritories,
    /// Nova Scotia.
    NovaScotia,
    /// Nunavut.
    Nunavut,
    /// Ontario.
    Ontario,
    /// Prince Edward Island.
    PrinceEdwardIsland,
    /// Quebec.
    Quebec,
    /// Saskatchewan.
    Saskatchewan,
    /// Yukon.
    Yukon,
}

impl Province {
    /// Every one, in the order of the English alphabet.
    pub const ALL: [Self; 13] = [
        Self::Alberta,
        Self::BritishColumbia,
        Self::Manitoba,
        Self::NewBrunswick,
        Self::NewfoundlandAndLabrador,
        Self::NorthwestTerritories,
        Self::NovaScotia,
        Self::Nunavut,
        Self::Ontario,
        Self::PrinceEdwardIsland,
        Self::Quebec,
        Self::Saskatchewan,
        Self::Yukon,
    ];

    /// The two letters that mail bears.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Alberta => "AB",
            Self::BritishColumbia => "BC",
            Self::Manitoba => "MB",
            Self::NewBrunswick => "NB",
            Self::NewfoundlandAndLabrador => "NL",
            Self::NorthwestTerritories => "NT",
            Self::NovaScotia => "NS",
            Self::Nunavut => "NU",
            Self::Ontario => "ON",
            Self::PrinceEdwardIsland => "PE",
            Self::Quebec => "QC",
            Self::Saskatchewan => "SK",
            Self::Yukon => "YT",
        }
    }

    /// The one of those two letters, small or capital.
    pub fn from_code(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|province| province.code().eq_ignore_ascii_case(text))
    }
}

/// A Canadian postal code: letter, digit, letter, digit, letter, digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostalCode(String);

/// Letters that no postal code has, because a sorting machine takes them for digits or for each other.
const NEVER: &str = "DFIOQU";
/// Letters that none begins with.
const NEVER_FIRST: &str = "WZ";

impl PostalCode {
    /// Reads a code as people write it: small letters, and a space, a hyphen or nothing in the middle, are forgiven.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: Vec<char> = text
            .trim()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = |(at, c): (usize, &char)| {
            if at % 2 == 0 {
                c.is_ascii_uppercase()
                    && !NEVER.contains(*c)
                    && (at > 0 || !NEVER_FIRST.contains(*c))
            } else {
                c.is_ascii_digit()
            }
        };
        if plain.len() != 6 || !plain.iter().enumerate().all(fits) {
            return None;
        }
        let (area, unit) = plain.split_at_checked(3)?;
        let (area, unit): (String, String) = (area.iter().collect(), unit.iter().collect());
        Some(Self(format!("{area} {unit}")))
    }

    /// As mail bears it: `K1A 0B1`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first half alone: the rest names a handful of doors.
impl fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.0.get(..3).unwrap_or_default())
    }
}

/// In which country, and what mail needs to find it there.
#[derive(Clone, PartialEq, Eq)]
pub enum Country {
    /// Canada.
    Canada {
        /// The province or territory.
        province: Province,
        /// The postal code.
        postal_code: PostalCode,
    },
    /// Another country.
    Other {
        /// Its name, as the sender writes it.
        name: String,
        /// What is written there in the place of a postal code; countries without one have none.
        postal_code: Option<String>,
    },
}

impl Country {
    /// Whether somebody who writes this means Canada: also who names no country.
    pub fn is_canada(text: &str) -> bool {
        matches!(folded(text.trim()).as_str(), "" | "canada" | "ca" | "can")
    }
}

/// A postal address.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Number and street, or post office box.
    pub street: String,
    /// Unit, floor, in care of whom.
    pub unit: Option<String>,
    /// City, town or village.
    pub city: String,
    /// The rest.
    pub country: Country,
}

/// Never the address: it must not reach a log.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// As [`Address`].
impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Country(…)")
    }
}
