//! Values written into the fields of a form in one way, so that the same thing is always kept and shown alike.

use super::{Field, Fields};
use crate::address::{Address, Country};
use crate::case::FileNumber;
use crate::person::PersonName;

pub(super) fn maybe(fields: &mut Fields, field: Field, text: Option<&str>) {
    if let Some(text) = text {
        fields.set(field, text);
    }
}

pub(super) fn name(fields: &mut Fields, name: &PersonName) {
    fields.set(Field::GivenName, name.given());
    fields.set(Field::FamilyName, name.family());
}

pub(super) fn address(fields: &mut Fields, address: &Address) {
    fields.set(Field::Street, address.street.as_str());
    maybe(fields, Field::Unit, address.unit.as_deref());
    fields.set(Field::City, address.city.as_str());
    match &address.country {
        Country::Canada {
            province,
            postal_code,
        } => {
            fields.set(Field::Province, province.code());
            fields.set(Field::PostalCode, postal_code.as_str());
            fields.set(Field::Country, "Canada");
        }
        Country::Other { name, postal_code } => {
            maybe(fields, Field::PostalCode, postal_code.as_deref());
            fields.set(Field::Country, name.as_str());
        }
    }
}

pub(super) fn file_numbers(fields: &mut Fields, numbers: &[FileNumber]) {
    let numbers: Vec<&str> = numbers.iter().map(FileNumber::as_str).collect();
    fields.set(Field::FileNumbers, numbers.join(" "));
}
