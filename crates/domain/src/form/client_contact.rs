//! *Notification of Client Contact Information* (Avis de communication des coordonnées du client): where somebody whom counsel represents
//! lives and is reached (FORM-1).

use super::reading::{Reading, email, language};
use super::{Fault, Field, Fields, Rules, Why, written};
use crate::address::Address;
use crate::case::{ClientId, FileNumber};
use crate::person::{EmailAddress, Language, PersonName, Telephone};

/// The form, filled in. Somebody who lives in a shelter or is detained may have neither telephone nor e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientContact {
    /// The client.
    pub name: PersonName,
    /// The client's UCI, where it is known.
    pub client_id: Option<ClientId>,
    /// Where the client lives.
    pub address: Address,
    /// Telephone.
    pub telephone: Option<Telephone>,
    /// Fax.
    pub fax: Option<Telephone>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// The language in which the client is written to.
    pub language: Language,
    /// The files that it is for.
    pub file_numbers: Vec<FileNumber>,
}

impl ClientContact {
    /// The fields of this form.
    pub const FIELDS: [Field; 14] = [
        Field::GivenName,
        Field::FamilyName,
        Field::ClientId,
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
        Field::FileNumbers,
    ];

    /// Reads what was written.
    ///
    /// # Errors
    /// Every field that must be put right.
    pub fn read(fields: &Fields, rules: &Rules<'_>) -> Result<Self, Vec<Fault>> {
        let mut reading = Reading::of(fields, rules);
        let name = reading.name();
        let client_id = reading.optional(Field::ClientId, |text| {
            ClientId::parse(text).map_err(|_| Why::NotAClientId)
        });
        let address = reading.address();
        let dialled = reading.dialled();
        let telephone = reading.optional(Field::Telephone, &dialled);
        let fax = reading.optional(Field::Fax, &dialled);
        let email = reading.optional(Field::Email, email);
        let language = reading.needed(Field::Language, language);
        let file_numbers = reading.file_numbers();
        let made = || {
            Some(Self {
                name: name?,
                client_id,
                address: address?,
                telephone,
                fax,
                email,
                language: language?,
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
        let client_id = self.client_id.as_ref().map(ClientId::as_str);
        written::maybe(&mut fields, Field::ClientId, client_id);
        written::address(&mut fields, &self.address);
        let telephone = self.telephone.as_ref().map(Telephone::as_str);
        written::maybe(&mut fields, Field::Telephone, telephone);
        let fax = self.fax.as_ref().map(Telephone::as_str);
        written::maybe(&mut fields, Field::Fax, fax);
        let email = self.email.as_ref().map(EmailAddress::as_str);
        written::maybe(&mut fields, Field::Email, email);
        fields.set(Field::Language, self.language.code());
        written::file_numbers(&mut fields, &self.file_numbers);
        fields
    }
}
