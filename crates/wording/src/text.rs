//! A text: what both languages agree on, which is all a function needs.

use std::collections::BTreeMap;

use crate::catalogue::{Catalogue, Said};
use crate::file::Place;
use crate::mentions::Uses;
use crate::mistake::Mistake;

/// Names that would not compile, or that `Texts` has taken.
const TAKEN: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "by-id", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether an id or an argument makes a good Rust name, and one that no other id makes.
pub(crate) fn is_good_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    name.split('-').all(is_word) && !TAKEN.contains(&name)
}

/// The Rust name of an id or an argument.
pub(crate) fn rust_name(name: &str) -> String {
    name.replace('-', "_")
}

/// What is passed for an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
}

/// A message of both languages.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) arguments: BTreeMap<String, Kind>,
    /// The entry in English.
    pub(crate) english: String,
    /// Where it is in French.
    pub(crate) place: Place,
}

impl Text {
    /// The name of its function.
    pub(crate) fn function(&self) -> String {
        rust_name(&self.id)
    }
}

/// A language's catalogue and the folder it was read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a, 'f> {
    pub(crate) folder: &'a str,
    pub(crate) catalogue: &'a Catalogue<'f>,
}

/// The messages both languages have, by id; what they disagree on is a mistake.
pub(crate) fn common_texts(
    french: Side<'_, '_>,
    english: Side<'_, '_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Text> {
    report_missing(french, english, mistakes);
    report_missing(english, french, mistakes);
    let mut texts = Vec::new();
    for (id, said) in french
        .catalogue
        .iter()
        .filter(|(id, _)| !id.starts_with('-'))
    {
        if let Some(in_english) = english.catalogue.get(id) {
            texts.push(Text {
                id: id.to_owned(),
                arguments: common_arguments(
                    id,
                    (said, &french.catalogue.arguments(id)),
                    (in_english, &english.catalogue.arguments(id)),
                    mistakes,
                ),
                english: in_english.as_written.clone(),
                place: said.place.clone(),
            });
        }
    }
    texts
}

fn report_missing(from: Side<'_, '_>, to: Side<'_, '_>, mistakes: &mut Vec<Mistake>) {
    for (id, said) in from.catalogue.iter() {
        if to.catalogue.get(id).is_none() {
            mistakes.push(Mistake::OneLanguage {
                place: said.place.clone(),
                id: id.to_owned(),
                missing: to.folder.to_owned(),
            });
        }
    }
}

type Arguments<'f> = BTreeMap<&'f str, Uses>;

fn common_arguments(
    id: &str,
    (french, in_french): (&Said<'_>, &Arguments<'_>),
    (english, in_english): (&Said<'_>, &Arguments<'_>),
    mistakes: &mut Vec<Mistake>,
) -> BTreeMap<String, Kind> {
    let only_french = only_in(in_french, in_english);
    let only_english = only_in(in_english, in_french);
    if let ([argument], [other_argument]) = (only_french.as_slice(), only_english.as_slice()) {
        mistakes.push(Mistake::ArgumentRenamed {
            place: french.place.clone(),
            id: id.to_owned(),
            argument: (*argument).to_owned(),
            other: english.place.clone(),
            other_argument: (*other_argument).to_owned(),
        });
    } else {
        let in_one_language =
            |place: &Place, other: &Place, argument: &str| Mistake::ArgumentOfOneLanguage {
                place: place.clone(),
                id: id.to_owned(),
                argument: argument.to_owned(),
                other: other.clone(),
            };
        let (there, here) = (&english.place, &french.place);
        mistakes.extend(
            only_french
                .iter()
                .map(|argument| in_one_language(here, there, argument)),
        );
        mistakes.extend(
            only_english
                .iter()
                .map(|argument| in_one_language(there, here, argument)),
        );
    }

    let mut uses: Arguments<'_> = in_french.clone();
    for (argument, more) in in_english {
        uses.entry(argument).or_default().add(*more);
    }
    let mut kinds = BTreeMap::new();
    for (argument, uses) in uses {
        if uses.as_number && uses.by_word {
            mistakes.push(Mistake::NumberAndWord {
                place: french.place.clone(),
                id: id.to_owned(),
                argument: argument.to_owned(),
            });
        }
        let kind = if uses.as_number {
            Kind::Number
        } else {
            Kind::Text
        };
        kinds.insert(argument.to_owned(), kind);
    }
    kinds
}

fn only_in<'f>(here: &Arguments<'f>, there: &Arguments<'_>) -> Vec<&'f str> {
    here.keys()
        .copied()
        .filter(|argument| !there.contains_key(argument))
        .collect()
}
