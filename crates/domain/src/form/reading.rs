//! Reads the fields of a form one after the other and remembers what is wrong, so that a person is told everything at once.

use super::{Fault, Field, Fields, Rules, Why};
use crate::address::{Address, Country, PostalCode, Province};
use crate::case::FileNumber;
use crate::person::{EmailAddress, Language, PersonName, Telephone, is_unseen};
use crate::submission::CASES_AT_MOST;

/// What has been read so far.
pub(super) struct Reading<'a> {
    pub(super) fields: &'a Fields,
    pub(super) rules: &'a Rules<'a>,
    faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub(super) const fn of(fields: &'a Fields, rules: &'a Rules<'a>) -> Self {
        Self {
            fields,
            rules,
            faults: Vec::new(),
        }
    }

    /// Remembers a fault. The value that could not be read is `None`.
    pub(super) fn fault<T>(&mut self, field: Field, why: Why) -> Option<T> {
        self.faults.push(Fault { field, why });
        None
    }

    /// What was made of the fields, if nothing was wrong with any.
    pub(super) fn done<T>(self, made: Option<T>) -> Result<T, Vec<Fault>> {
        match made {
            Some(made) if self.faults.is_empty() => Ok(made),
            _ => Err(self.faults),
        }
    }

    /// A field that may be left empty. `None` also if something is wrong with it, which is remembered.
    pub(super) fn optional<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, Why>,
    ) -> Option<T> {
        let text = self.fields.get(field);
        if text.is_empty() {
            return None;
        }
        let unusable = |c: char| c.is_control() && !(field.has_lines() && c == '\n');
        if text.chars().count() > field.longest() {
            return self.fault(field, Why::TooLong(field.longest()));
        }
        if text.chars().any(unusable) {
            return self.fault(field, Why::Unusable);
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(why) => self.fault(field, why),
        }
    }

    /// A field that must be filled in.
    pub(super) fn needed<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, Why>,
    ) -> Option<T> {
        if self.fields.get(field).is_empty() {
            return self.fault(field, Why::Missing);
        }
        self.optional(field, parse)
    }

    pub(super) fn name(&mut self) -> Option<PersonName> {
        let seen = |part: &str| {
            if is_unseen(part) {
                return Err(Why::Missing);
            }
            text(part)
        };
        let given = self.needed(Field::GivenName, seen);
        let family = self.needed(Field::FamilyName, seen);
        let (given, family) = (given?, family?);
        match PersonName::new(&given, &family) {
            Ok(name) => Some(name),
            Err(_) => self.fault(Field::FamilyName, Why::Unusable),
        }
    }

    pub(super) fn address(&mut self) -> Option<Address> {
        let street = self.needed(Field::Street, text);
        let unit = self.optional(Field::Unit, text);
        let city = self.needed(Field::City, text);
        let country = self.country();
        Some(Address {
            street: street?,
            unit,
            city: city?,
            country: country?,
        })
    }

    fn country(&mut self) -> Option<Country> {
        if Country::is_canada(self.fields.get(Field::Country)) {
            let province = |text: &str| Province::from_code(text).ok_or(Why::NotAProvince);
            let postal_code = |text: &str| PostalCode::parse(text).ok_or(Why::NotAPostalCode);
            let province = self.needed(Field::Province, province);
            let postal_code = self.needed(Field::PostalCode, postal_code);
            return Some(Country::Canada {
                province: province?,
                postal_code: postal_code?,
            });
        }
        self.optional::<()>(Field::Province, |_| Err(Why::OnlyInCanada));
        let postal_code = self.optional(Field::PostalCode, text);
        Some(Country::Other {
            name: self.needed(Field::Country, text)?,
            postal_code,
        })
    }

    /// What parses a telephone number that can exist.
    pub(super) fn dialled(&self) -> impl Fn(&str) -> Result<Telephone, Why> + use<'a> {
        let plans = self.rules.plans;
        move |text| {
            Telephone::parse(text)
                .ok()
                .filter(|number| plans.allow(number))
                .ok_or(Why::NotATelephoneNumber)
        }
    }

    /// The files that the form is for, each once.
    pub(super) fn file_numbers(&mut self) -> Option<Vec<FileNumber>> {
        let mut numbers = Vec::new();
        let faults = self.faults.len();
        for text in self.fields.numbers() {
            match FileNumber::typed(text) {
                Ok(number) if numbers.contains(&number) => {}
                Ok(number) => numbers.push(number),
                Err(_) => {
                    let shown = text.chars().take(40).collect();
                    self.fault::<()>(Field::FileNumbers, Why::NotAFileNumber(shown));
                }
            }
        }
        if self.faults.len() > faults {
            return None;
        }
        if numbers.is_empty() {
            return self.fault(Field::FileNumbers, Why::Missing);
        }
        if numbers.len() > CASES_AT_MOST {
            return self.fault(Field::FileNumbers, Why::TooManyCases(CASES_AT_MOST));
        }
        Some(numbers)
    }
}

/// A text as it is.
#[expect(
    clippy::unnecessary_wraps,
    reason = "stands where others parse and may refuse"
)]
pub(super) fn text(text: &str) -> Result<String, Why> {
    Ok(text.to_owned())
}

/// An e-mail address.
pub(super) fn email(text: &str) -> Result<EmailAddress, Why> {
    EmailAddress::parse(text).map_err(|_| Why::NotAnEmailAddress)
}

/// One of the two official languages.
pub(super) fn language(text: &str) -> Result<Language, Why> {
    Language::from_code(text).ok_or(Why::NotALanguage)
}
