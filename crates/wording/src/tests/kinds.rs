//! An argument is a number or a text, by the way it is used.

use super::Given;

#[test]
fn an_argument_that_chooses_a_plural_in_one_language_is_a_number_in_both() {
    let given = Given {
        french: "places = { $count ->\n    [one] une place\n   *[other] { $count } places\n}\n",
        english: "places = Places: { $count }\n",
        source: "t.places(2)",
        ..Given::default()
    };
    let source = given.generated().expect("no mistake");
    assert!(
        source.contains("pub fn places(&self, count: impl Number) -> String"),
        "{source}"
    );
}

#[test]
fn an_argument_of_the_number_function_is_a_number() {
    let given = Given {
        french: "size = { NUMBER($size, maximumFractionDigits: 1) } ko\n",
        english: "size = { $size } kB\n",
        source: "t.size(2)",
        ..Given::default()
    };
    let source = given.generated().expect("no mistake");
    assert!(
        source.contains("pub fn size(&self, size: impl Number) -> String"),
        "{source}"
    );
}

#[test]
fn an_argument_that_chooses_a_word_is_a_text() {
    let given = Given {
        french: "state = { $state ->\n    [ended] terminée\n   *[other] en cours\n}\n",
        english: "state = { $state ->\n    [ended] ended\n   *[other] under way\n}\n",
        source: "t.state(state)",
        ..Given::default()
    };
    let source = given.generated().expect("no mistake");
    assert!(
        source.contains("pub fn state(&self, state: impl AsRef<str>) -> String"),
        "{source}"
    );
}

#[test]
fn an_argument_cannot_choose_a_plural_and_a_word() {
    let given = Given {
        french: "places = { $count ->\n    [one] une place\n   *[other] des places\n}\n",
        english: "places = { $count ->\n    [several] places\n   *[other] place\n}\n",
        source: "t.places(2)",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: places: `$count` is used as a number (a plural, a number, NUMBER) and also chosen by \
             word: use two arguments"
        ]
    );
}

#[test]
fn one_choice_cannot_mix_plurals_and_words() {
    let mixed = "places = { $count ->\n    [one] a\n    [several] b\n   *[other] c\n}\n";
    let given = Given {
        french: mixed,
        english: mixed,
        source: "t.places(2)",
        ..Given::default()
    };
    assert!(
        given.mistakes()[0].contains("`$count` is used as a number"),
        "{:?}",
        given.mistakes()
    );
}

#[test]
fn a_choice_of_the_last_resort_alone_is_a_plural() {
    let places = "places = { $count ->\n   *[other] { $count } places\n}\n";
    let given = Given {
        french: places,
        english: places,
        source: "t.places(2)",
        ..Given::default()
    };
    let source = given.generated().expect("no mistake");
    assert!(source.contains("count: impl Number"), "{source}");
}
