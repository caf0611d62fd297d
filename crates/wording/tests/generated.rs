//! A small package: what is written for it is as expected, compiles, and speaks both languages.

use std::fs;
use std::path::Path;

mod texts {
    //! The expected source itself.
    include!("small/texts.rs");
}

#[test]
fn the_source_is_the_expected_one() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let source = wording::build("texts")
        .used_by_name("problem-")
        .source(&package);
    // The expected source is included from this package, not from the small one.
    let source = source
        .expect("no mistake")
        .replace("\"/texts/", "\"/tests/small/texts/");
    let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join("texts.rs");
    fs::write(&written, &source).expect("a file");
    let expected = include_str!("small/texts.rs");
    assert!(
        source == expected,
        "tests/small/texts.rs is not what is written now: {}",
        written.display()
    );
}

#[test]
fn a_missing_folder_is_a_mistake() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small");
    let mistakes = wording::build("words")
        .source(&package)
        .expect_err("no such folder");
    let said: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("words/fr: "), "{said:?}");
}

#[test]
fn a_folder_without_texts_is_a_mistake() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for language in ["fr", "en"] {
        fs::create_dir_all(root.join("empty").join(language)).expect("a folder");
    }
    let mistakes = wording::build("empty").source(root).expect_err("no texts");
    let said: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said[0],
        "empty/fr: no .ftl file here: both languages need the same texts"
    );
    assert_eq!(
        said[1],
        "empty/en: no .ftl file here: both languages need the same texts"
    );
}

#[test]
fn arguments_are_written_without_marks_around_them() {
    assert_eq!(
        texts::english().delegation_ends_on("2 May", "Ann"),
        "The delegation of Ann ends on 2 May."
    );
    let name = String::from("Anne");
    assert_eq!(
        texts::french().delegation_ends_on("2 mai", &name),
        "La délégation de Anne prend fin le 2 mai."
    );
}

#[test]
fn a_no_break_space_stays() {
    assert_eq!(
        texts::french().question(),
        "Mettre fin à la délégation\u{a0}?"
    );
}

#[test]
fn plurals_follow_each_language() {
    let said = |t: &texts::Texts| [0, 1, 2].map(|places| t.places_left(places));
    assert_eq!(
        said(texts::french()),
        [
            "Il ne reste aucune place.",
            "Il reste 1 place.",
            "Il reste 2 places."
        ]
    );
    assert_eq!(
        said(texts::english()),
        [
            "No place is left.",
            "One place is left.",
            "2 places are left."
        ]
    );
}

#[test]
fn counts_and_references_to_them_are_numbers() {
    let t = texts::english();
    let counted = [2_i64].iter().map(|places| t.places_left(places));
    assert_eq!(counted.collect::<String>(), "2 places are left.");
    assert_eq!(t.places_left([1, 2, 3].len()), "3 places are left.");
}

#[test]
fn a_family_is_found_by_id_and_nothing_else_is() {
    let t = texts::french();
    assert_eq!(texts::IDS, ["problem-gone", "problem-no-place-left"]);
    assert_eq!(
        t.by_id("problem-no-place-left"),
        Some("Il ne reste aucune place.")
    );
    assert_eq!(t.by_id("problem-gone"), Some(t.problem_gone()));
    assert_eq!(t.by_id("title"), None);
}

#[test]
fn terms_and_comments_are_no_functions() {
    assert_eq!(texts::french().title(), "Mon dossier – Tribunal");
    assert_eq!(texts::english().new(), "New");
}
