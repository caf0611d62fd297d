//! What the forms and their fields are called in one language, how what is written in them reads, and what is wrong with it in words
//! (FORM-1). The pages, the API and the written form all take it from here.

use domain::address::Province;
use domain::case::ClientId;
use domain::code::Code;
use domain::form::{Fault, Field, FormKind};
use domain::person::{Language, Telephone};
use domain::tribunal::Tribunal;

use crate::texts::{Texts, in_language};

/// The words in one language.
#[derive(Clone, Copy)]
pub(crate) struct FormWords<'a> {
    language: Language,
    words: &'static Texts,
    tribunal: &'a Tribunal,
}

impl<'a> FormWords<'a> {
    pub(crate) fn new(language: Language, tribunal: &'a Tribunal) -> Self {
        Self {
            language,
            words: in_language(language),
            tribunal,
        }
    }

    pub(crate) fn form(&self, kind: FormKind) -> String {
        self.by_id("form-called-", kind.code())
    }

    pub(crate) fn field(&self, field: Field) -> String {
        self.by_id("field-", field.code())
    }

    /// What helps to fill it in, where something does.
    pub(crate) fn hint(&self, field: Field) -> Option<&'static str> {
        let id = format!("hint-{}", field.code().replace('_', "-"));
        self.words.by_id(&id)
    }

    pub(crate) fn province(&self, province: Province) -> String {
        self.by_id("province-", &province.code().to_lowercase())
    }

    /// What is written in a field, as a person reads it; as it was typed where it means nothing.
    pub(crate) fn value(&self, field: Field, text: &str) -> String {
        let read = match field {
            Field::Order => Code::parse(text)
                .ok()
                .and_then(|code| self.tribunal.order(&code))
                .map(|order| order.named.name.text(self.language).to_owned()),
            Field::Language => Language::from_code(text).map(|language| match language {
                Language::French => "Français".to_owned(),
                Language::English => "English".to_owned(),
            }),
            Field::Province => Province::from_code(text).map(|province| self.province(province)),
            Field::Telephone | Field::Fax => {
                Telephone::parse(text).ok().map(|number| number.grouped())
            }
            Field::ClientId => ClientId::parse(text).ok().map(|id| id.grouped()),
            Field::FileNumbers => {
                let numbers: Vec<&str> = text.split_whitespace().collect();
                Some(numbers.join(", "))
            }
            Field::GivenName
            | Field::FamilyName
            | Field::MembershipNumber
            | Field::Firm
            | Field::Street
            | Field::Unit
            | Field::City
            | Field::PostalCode
            | Field::Country
            | Field::Email
            | Field::RetainerLimits => None,
        };
        read.unwrap_or_else(|| text.to_owned())
    }

    /// What is wrong with a field and what to do; of several numbers in it, with which.
    pub(crate) fn fault(&self, fault: &Fault) -> String {
        let (why, field) = (fault.why.code(), fault.field.code());
        // Some fields are not filled in but chosen.
        let of_field = format!("form-fault-{why}-{}", field.replace('_', "-"));
        let words = match self.words.by_id(&of_field) {
            Some(words) => words.to_owned(),
            None => self.by_id("form-fault-", why),
        };
        match fault.why.number() {
            Some(number) => self.words.form_problem(number, words),
            None => words,
        }
    }

    fn by_id(&self, family: &str, code: &str) -> String {
        let id = format!("{family}{}", code.replace('_', "-"));
        self.words.by_id(&id).unwrap_or(code).to_owned()
    }
}
