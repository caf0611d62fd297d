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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the policy can be asked for, as it is written there.
    const ACTIONS: &str = include_str!("../../../crates/domain/src/policy/action.rs");

    /// SEC-2: the help desk reads of every act in words.
    #[test]
    fn every_act_has_words() {
        let (_, names) = ACTIONS
            .split_once("pub const fn name(&self)")
            .expect("the names of actions");
        let (names, _) = names.split_once("\n    }\n").expect("their end");
        let names: Vec<&str> = names.split('"').skip(1).step_by(2).collect();
        assert!(names.len() > 50, "{names:?}");
        for language in [Language::French, Language::English] {
            for name in &names {
                let words = in_language(language).by_id(&format!("act-{name}"));
                assert!(words.is_some(), "no words for {name}");
            }
        }
    }
}
