//! *Counsel Contact Information* (Coordonnées du conseil): who represents somebody, how they are reached, and how far their retainer goes
//! (FORM-1).

use super::reading::{Reading, email, language, text};
use super::{Fault, Field, Fields, Rules, Why, written};
use crate::address::Address;
use crate::case::FileNumber;
use crate::code::Code;
use crate::membership::{MembershipNumber, Order};
use crate::person::{EmailAddress, Language, PersonName, Telephone};

/// The form, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounselContact {
    /// The counsel.
    pub name: PersonName,
    /// The professional order.
    pub order: Code<Order>,
    /// The number that the order gave, where it gives one.
    pub membership_number: Option<MembershipNumber>,
    /// The firm.
    pub firm: Option<String>,
    /// Where mail goes.
    pub address: Address,
    /// Telephone.
    pub telephone: Telephone,
    /// Fax.
    pub fax: Option<Telephone>,
    /// E-mail address.
    pub email: EmailAddress,
    /// The language in which the counsel is written to.
    pub language: Language,
    /// Limits of the retainer, if there are any.
    pub retainer_limits: Option<String>,
    /// The files that it is for.
    pub file_numbers: Vec<FileNumber>,
}

impl CounselContact {
    /// The fields of this form.
    pub const FIELDS: [Field; 17] = [
        Field::GivenName,
        Field::FamilyName,
        Field::Order,
        Field::MembershipNumber,
        Field::Firm,
        Field::Street,
        Field::Unit,
        Field::City,
        Field::Province,
        Field::PostalCode,
        Field::Country,
        Field::Telephone,
        Field::Fax,
        Field::Email,
        Field::Language,
        Field::RetainerLimits,
        Field::FileNumbers,
    ];

    /// Reads what was written.
    ///
    /// # Errors
    /// Every field that must be put right.
    pub fn read(fields: &Fields, rules: &Rules<'_>) -> Result<Self, Vec<Fault>> {
        let mut reading = Reading::of(fields, rules);
        let name = reading.name();
        let membership = membership(&mut reading);
        let firm = reading.optional(Field::Firm, text);
        let address = reading.address();
        let dialled = reading.dialled();
        let telephone = reading.needed(Field::Telephone, &dialled);
        let fax = reading.optional(Field::Fax, &dialled);
        let email = reading.needed(Field::Email, email);
        let language = reading.needed(Field::Language, language);
        let retainer_limits = reading.optional(Field::RetainerLimits, text);
        let file_numbers = reading.file_numbers();
        let made = || {
            let (order, membership_number) = membership?;
            Some(Self {
                name: name?,
                order,
                membership_number,
                firm,
                address: address?,
                telephone: telephone?,
                fax,
                email: email?,
                language: language?,
                retainer_limits,
                file_numbers: file_numbers?,
            })
        };
        let made = made();
        reading.done(made)
    }

    /// What is written in its fields, in one way of writing.
    pub(super) fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        written::name(&mut fields, &self.name);
        fields.set(Field::Order, self.order.as_str());
        let number = self.membership_number.as_ref();
        let number = number.map(MembershipNumber::as_str);
        written::maybe(&mut fields, Field::MembershipNumber, number);
        written::maybe(&mut fields, Field::Firm, self.firm.as_deref());
        written::address(&mut fields, &self.address);
        fields.set(Field::Telephone, self.telephone.as_str());
        let fax = self.fax.as_ref().map(Telephone::as_str);
        written::maybe(&mut fields, Field::Fax, fax);
        fields.set(Field::Email, self.email.as_str());
        fields.set(Field::Language, self.language.code());
        let limits = self.retainer_limits.as_deref();
        written::maybe(&mut fields, Field::RetainerLimits, limits);
        written::file_numbers(&mut fields, &self.file_numbers);
        fields
    }
}

/// A listed order, with the number that it gave where it gives one.
fn membership(reading: &mut Reading<'_>) -> Option<(Code<Order>, Option<MembershipNumber>)> {
    let tribunal = reading.rules.tribunal;
    let listed = |text: &str| {
        let code = Code::parse(text).map_err(|_| Why::UnknownOrder)?;
        tribunal.order(&code).ok_or(Why::UnknownOrder)
    };
    let order = reading.needed(Field::Order, listed);
    let given = |text: &str| MembershipNumber::parse(text).map_err(|_| Why::Missing);
    let number = match order {
        Some(order) if order.issues_numbers => reading.needed(Field::MembershipNumber, given),
        _ => reading.optional(Field::MembershipNumber, given),
    };
    Some((order?.named.code.clone(), number))
}
