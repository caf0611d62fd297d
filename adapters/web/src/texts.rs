//! The words of pages and problems, made from `texts/` when the crate is built.

use domain::person::Language;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The words in a language.
pub(crate) fn in_language(language: Language) -> &'static Texts {
    match language {
        Language::French => french(),
        Language::English => english(),
    }
}
