//! Counsel's registration form as it is typed, in the API or on a page, and what it amounts to (REG-1).

use domain::code::Code;
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::registration::CounselForm;
use serde::Deserialize;

use crate::problem::{Kind, Problem, noted};

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
        let first = |wrong: Vec<Problem>| wrong.into_iter().next();
        self.checked()
            .map_err(|wrong| first(wrong).unwrap_or_else(|| Kind::BadRequest.into()))
    }

    /// What they amount to, or all that must be put right.
    pub(crate) fn checked(&self) -> Result<CounselForm, Vec<Problem>> {
        let mut wrong = Vec::new();
        let order = Code::parse(self.order.trim()).map_err(|_| Kind::UnknownOrder);
        let order = noted(order, &mut wrong);
        let name = PersonName::new(&self.given_name, &self.family_name);
        let name = noted(name, &mut wrong);
        let email = noted(EmailAddress::parse(&self.email), &mut wrong);
        let cell = noted(Telephone::parse(&self.cell), &mut wrong);
        let language = Language::from_code(&self.language).ok_or(Kind::LanguageUnusable);
        let language = noted(language, &mut wrong);
        let all = (order, name, email, cell, language);
        let (Some(order), Some(name), Some(email), Some(cell), Some(language)) = all else {
            return Err(wrong);
        };
        Ok(CounselForm {
            order,
            membership_number: Some(self.membership_number.trim().to_owned())
                .filter(|number| !number.is_empty()),
            name,
            email,
            cell,
            language,
        })
    }
}
