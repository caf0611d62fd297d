//! What the portal holds of a person: name, e-mail address, telephone, language. Each can only be built from something usable.

use std::fmt;

/// One of the two official languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Français.
    French,
    /// English.
    English,
}

impl Language {
    /// Both, French first.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// `fr` or `en`, as in addresses and on wires.
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language of that code, if it is one of the two.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::French => Self::English,
            Self::English => Self::French,
        }
    }
}

/// Why a person's particulars cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParticularsRefused {
    /// A name is missing.
    #[error("a given name and a family name are needed")]
    NameMissing,
    /// A name is longer than any register keeps, or holds control characters.
    #[error("a name has at most 100 characters, none of them a control character")]
    NameUnusable,
    /// Not an address that mail can be sent to.
    #[error("this is not an e-mail address")]
    NotAnEmailAddress,
    /// Not a number that can be dialled from Canada.
    #[error("this is not a telephone number")]
    NotATelephoneNumber,
}

/// A person's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonName {
    given: String,
    family: String,
}

/// The longest part of a name, in characters.
const LONGEST_NAME: usize = 100;

impl PersonName {
    /// A name from its two parts; white space at the ends is dropped.
    ///
    /// # Errors
    /// [`ParticularsRefused::NameMissing`] or [`ParticularsRefused::NameUnusable`].
    pub fn new(given: &str, family: &str) -> Result<Self, ParticularsRefused> {
        Ok(Self {
            given: Self::part(given)?,
            family: Self::part(family)?,
        })
    }

    /// One of the two parts, as a name has it.
    ///
    /// # Errors
    /// [`ParticularsRefused::NameMissing`] or [`ParticularsRefused::NameUnusable`].
    pub fn part(text: &str) -> Result<String, ParticularsRefused> {
        let text = text.trim();
        // Of a name that nobody sees, nobody can say whose it is.
        if is_unseen(text) {
            return Err(ParticularsRefused::NameMissing);
        }
        if text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
            return Err(ParticularsRefused::NameUnusable);
        }
        Ok(text.to_owned())
    }

    /// The given name.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The family name.
    pub fn family(&self) -> &str {
        &self.family
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.given, self.family)
    }
}

/// Whether nobody sees anything of a text.
pub(crate) fn is_unseen(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// White space, and what Unicode means to be ignored where it is shown.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// An e-mail address, its domain in small letters. Whether two that differ before the `@` reach one person, [`EmailAddress::same_box`]
/// says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address: one `@`, a dotted domain, nothing that could break out of a mail header.
    ///
    /// # Errors
    /// [`ParticularsRefused::NotAnEmailAddress`].
    pub fn parse(text: &str) -> Result<Self, ParticularsRefused> {
        let text = text.trim();
        let refused = Err(ParticularsRefused::NotAnEmailAddress);
        let Some((local, domain)) = text.rsplit_once('@') else {
            return refused;
        };
        let domain = domain.to_lowercase();
        let local_fits = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local
                .chars()
                .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let label_fits = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if local.len() + 1 + domain.len() <= 254
            && local_fits
            && domain.contains('.')
            && domain.split('.').all(label_fits)
        {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            refused
        }
    }

    /// The address as it is written on mail.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether mail to both is taken to reach the same box: capitals among the letters from A to Z make no difference. Others are compared as
    /// they are, which every database does alike; of domains, no capitals are kept.
    pub fn same_box(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// Hides all but the first letter, so that an address never reaches a log.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…@…", self.0.chars().next().unwrap_or('?'))
    }
}

/// A telephone number: `+` and 10 to 15 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Telephone(String);

impl Telephone {
    /// Reads a number as people write it; ten digits are taken as North American, where no area code begins with 0 or 1, so that
    /// a foreign number without its `+` is asked for again and not dialled wrongly.
    ///
    /// # Errors
    /// [`ParticularsRefused::NotATelephoneNumber`].
    pub fn parse(text: &str) -> Result<Self, ParticularsRefused> {
        let refused = ParticularsRefused::NotATelephoneNumber;
        let text = text.trim();
        let (international, rest) = text
            .strip_prefix('+')
            .map_or((false, text), |rest| (true, rest));
        if rest
            .chars()
            .any(|c| !c.is_ascii_digit() && !c.is_whitespace() && !"-.()".contains(c))
        {
            return Err(refused);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let national = digits.strip_prefix('1').unwrap_or(&digits);
        if international && (10..=15).contains(&digits.len()) && !digits.starts_with('0') {
            Ok(Self(format!("+{digits}")))
        } else if !international && national.len() == 10 && !national.starts_with(['0', '1']) {
            Ok(Self(format!("+1{national}")))
        } else {
            Err(refused)
        }
    }

    /// `+15145550123`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: `1 514 555 0123`, which is what they search a page for; numbers from elsewhere as they are dialled.
    pub fn grouped(&self) -> String {
        let national = self.0.strip_prefix("+1").unwrap_or_default();
        match (national.get(..3), national.get(3..6), national.get(6..)) {
            (Some(area), Some(exchange), Some(line)) if line.len() == 4 => {
                format!("1 {area} {exchange} {line}")
            }
            _ => self.0.clone(),
        }
    }
}

/// Shows the last two digits alone, so that a number never reaches a log.
impl fmt::Debug for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail: String = self
            .0
            .chars()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        write!(f, "…{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::{ParticularsRefused, PersonName, Telephone};

    /// FORM-1, REG-1: a name that nobody sees is missing; one that people have stays, whatever their script.
    #[test]
    fn a_name_can_be_seen() {
        for unseen in [
            "",
            " ",
            "\u{200b}",
            "\u{200f}\u{2060} \u{feff}",
            "\u{3164}",
            "\u{2800}",
            "\u{ad}",
        ] {
            let refused = PersonName::new("Amina", unseen).unwrap_err();
            assert_eq!(refused, ParticularsRefused::NameMissing, "{unseen:?}");
        }
        for seen in ["Đặng", "ນາງ", "可", "-", "می\u{200c}خواهم", "O’"] {
            assert!(PersonName::new(seen, seen).is_ok(), "{seen}");
        }
    }

    /// A number is shown as people read it aloud, and as it is dialled where its country is not ours.
    #[test]
    fn a_number_is_grouped_as_people_write_it() {
        let grouped = |text| Telephone::parse(text).unwrap().grouped();
        assert_eq!(grouped("18337772433"), "1 833 777 2433");
        assert_eq!(grouped("+33 1 44 55 66 77"), "+33144556677");
    }
}
