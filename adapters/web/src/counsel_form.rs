//! Counsel's registration form as it is typed, in the API or on a page, and what it amounts to (REG-1).

use application::registration::OpenError;
use domain::code::Code;
use domain::membership::MembershipNumber;
use domain::person::{EmailAddress, Language, Telephone};
use domain::registration::{CounselForm, open_faults};
use domain::tribunal::Tribunal;
use serde::Deserialize;

use crate::entered::name;
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
    /// The page's; the API has a header for it.
    pub(crate) key: String,
}

impl CounselFields {
    /// What they amount to; the first that is not right is the problem.
    pub(crate) fn form(&self) -> Result<CounselForm, Problem> {
        let mut wrong = Vec::new();
        let first = |wrong: Vec<Problem>| wrong.into_iter().next();
        let form = self.read(&mut wrong);
        form.ok_or_else(|| first(wrong).unwrap_or_else(|| Kind::BadRequest.into()))
    }

    /// What they amount to, or all that must be put right before a roll is asked.
    pub(crate) fn checked(&self, tribunal: &Tribunal) -> Result<CounselForm, Vec<Problem>> {
        let mut wrong = Vec::new();
        let form = self.read(&mut wrong);
        let order = Code::parse(self.order.trim()).ok();
        let number = self.number();
        let (order, number) = (order.as_ref(), number.as_ref());
        for why in open_faults(order, number, &self.identity_document, tribunal) {
            let problem = Problem::from(OpenError::Refused(why));
            // An order that cannot be read is not on the list either, which is one thing to put right.
            if wrong.iter().all(|one| one.kind() != problem.kind()) {
                wrong.push(problem);
            }
        }
        form.filter(|_| wrong.is_empty()).ok_or(wrong)
    }

    /// The membership number, if one was typed.
    fn number(&self) -> Option<MembershipNumber> {
        MembershipNumber::parse(&self.membership_number).ok()
    }

    fn read(&self, wrong: &mut Vec<Problem>) -> Option<CounselForm> {
        let order = Code::parse(self.order.trim()).map_err(|_| Kind::UnknownOrder);
        let order = noted(order, wrong);
        let name = name(&self.given_name, &self.family_name, wrong);
        let email = noted(EmailAddress::parse(&self.email), wrong);
        let cell = noted(Telephone::parse(&self.cell), wrong);
        let language = Language::from_code(&self.language).ok_or(Kind::LanguageUnusable);
        let language = noted(language, wrong);
        Some(CounselForm {
            order: order?,
            membership_number: self.number(),
            name: name?,
            email: email?,
            cell: cell?,
            language: language?,
        })
    }
}
