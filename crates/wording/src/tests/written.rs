//! What a language writes can be read, named and said.

use super::Given;

#[test]
fn an_id_said_twice_in_a_language_is_refused() {
    let given = Given {
        english: "sign-in = Sign in\nsign-in = Log in\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/en/page.ftl:2: sign-in: already said at texts/en/page.ftl:1: remove one, or give it another id"
        ]
    );
}

#[test]
fn every_part_that_is_not_fluent_is_refused() {
    let given = Given {
        french: "sign-in = Ouvrir une session\n\nsign out = Fermer la session\nends-on = Fin le { $date\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:3: this is not Fluent, starting at `sign out = Fermer la session`: Expected a token \
             starting with \"=\"",
            "texts/fr/page.ftl:4: this is not Fluent, starting at `ends-on = Fin le { $date`: Expected a token \
             starting with \"}\"",
        ]
    );
}

#[test]
fn attributes_are_refused() {
    let given = Given {
        french: "-tribunal = le Tribunal\n    .gender = masculine\nsign-in = Ouvrir une session\n",
        english: "-tribunal = the Tribunal\nsign-in = Sign in\n    .title = With your account\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: -tribunal: attribute `.gender`: make it a text of its own",
            "texts/en/page.ftl:2: sign-in: attribute `.title`: make it a text of its own",
        ]
    );
}

#[test]
fn a_reference_to_nothing_is_refused() {
    let given = Given {
        french: "sign-in = Ouvrir une session { -tribunal } { help }\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: sign-in: refers to `-tribunal`, which this language does not have: write it, or \
             correct the name",
            "texts/fr/page.ftl:1: sign-in: refers to `help`, which this language does not have: write it, or correct \
             the name",
        ]
    );
}

#[test]
fn a_text_within_itself_is_refused() {
    let given = Given {
        french: "sign-in = Ouvrir { help }\nhelp = Aide { sign-in }\n",
        english: "sign-in = Sign in\nhelp = Help\n",
        source: "t.sign_in() t.help()",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:2: help: refers back to itself: break the circle",
            "texts/fr/page.ftl:1: sign-in: refers back to itself: break the circle",
        ]
    );
}

#[test]
fn functions_other_than_number_are_refused() {
    let given = Given {
        french: "ends-on = Fin le { DATETIME($date) }\n",
        english: "ends-on = Ends on { $date }\n",
        source: "t.ends_on(date)",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes()[0],
        "texts/fr/page.ftl:1: ends-on: `DATETIME(…)` is not known here: only NUMBER($argument) is; write dates and \
         other values before you pass them"
    );
}

#[test]
fn arguments_of_terms_are_refused() {
    let given = Given {
        french: "-tribunal = le Tribunal { $name }\nsign-in = Ouvrir une session\n",
        english: "-tribunal = the Tribunal\nsign-in = Sign in to { -tribunal(name: \"x\") }\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: -tribunal: `-tribunal` has an argument: a term takes none; write a message, or one \
             term per wording",
            "texts/en/page.ftl:2: sign-in: `-tribunal` has an argument: a term takes none; write a message, or one \
             term per wording",
        ]
    );
}

#[test]
fn names_rust_cannot_have_are_refused() {
    for (id, function) in [
        ("type", "type"),
        ("by-id", "by_id"),
        ("signIn", "signIn"),
        ("sign_in", "sign_in"),
    ] {
        let text = format!("{id} = a\n");
        let given = Given {
            french: &text,
            english: &text,
            source: &format!("t.{function}()"),
            ..Given::default()
        };
        let mistakes = given.mistakes();
        assert_eq!(mistakes.len(), 2, "one per language: {mistakes:?}");
        assert!(mistakes[0].starts_with(&format!("texts/fr/page.ftl:1: {id}: `{id}` cannot name")));
    }
    let given = Given {
        french: "ends-on = { $userName }\n",
        english: "ends-on = { $userName }\n",
        source: "t.ends_on(name)",
        ..Given::default()
    };
    assert!(
        given.mistakes()[0].starts_with("texts/fr/page.ftl:1: ends-on: `userName` cannot name")
    );
}
