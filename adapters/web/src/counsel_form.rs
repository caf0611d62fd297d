//! Counsel's registration form as it is typed, in the API or on a page, and what it amounts to (REG-1).

use domain::code::Code;
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::registration::CounselForm;
use serde::Deserialize;

use crate::problem::{Kind, Problem};

/// The fields, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CounselFields {
    pub(crate) order: String,
    pub(crate) membership_number: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    pub(crate) cell: String,
    pub(crate) language: String,
    pub(crate) identity_document: String,
}

impl CounselFields {
    /// What they amount to; the first that is not right is the problem.
    pub(crate) fn form(&self) -> Result<CounselForm, Problem> {
        Ok(CounselForm {
            order: Code::parse(self.order.trim()).map_err(|_| Kind::UnknownOrder)?,
            membership_number: Some(self.membership_number.trim().to_owned())
                .filter(|number| !number.is_empty()),
            name: PersonName::new(&self.given_name, &self.family_name)?,
            email: EmailAddress::parse(&self.email)?,
            cell: Telephone::parse(&self.cell)?,
            language: Language::from_code(&self.language).ok_or(Kind::LanguageUnusable)?,
        })
    }
}
