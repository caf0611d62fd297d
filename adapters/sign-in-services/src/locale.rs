//! The two languages as services write them (BCP 47): what they are asked for, and what they say back (REG-7).

use domain::person::Language;
use openidconnect::LanguageTag;

/// `ui_locales`, the exact tongue first: some services know one form, some the other.
pub(crate) fn asked(language: Language) -> [LanguageTag; 2] {
    let code = language.code();
    [format!("{code}-CA"), code.to_owned()].map(LanguageTag::new)
}

/// The language of a `locale`, if it is one of the two. Some services write `fr_CA`.
pub(crate) fn heard(locale: &str) -> Option<Language> {
    let primary = locale.split(['-', '_']).next()?;
    Language::from_code(&primary.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_understood_by_its_first_part() {
        for (locale, language) in [
            ("fr", Some(Language::French)),
            ("FR-ca", Some(Language::French)),
            ("en_US", Some(Language::English)),
            ("iu-CA", None),
            ("french", None),
            ("", None),
        ] {
            assert_eq!(heard(locale), language, "{locale}");
        }
    }
}
