//! Every text is used.

use super::Given;

#[test]
fn an_unused_id_is_refused() {
    let unused = |source| Given {
        source,
        ..Given::default()
    };
    let expected = [
        "texts/fr/page.ftl:1: unused id: sign-in: no source calls `.sign_in(…)`: use it, or remove it from both \
          languages",
    ];
    for source in [
        "",
        "let sign_in = 1;",
        "// sign-in",
        "t.sign_in_again()",
        "Texts::sign_in_again",
        "t.sign_in",
        "please_sign_in()",
    ] {
        assert_eq!(unused(source).mistakes(), expected, "{source}");
    }
    for source in [
        "texts.sign_in()",
        "Some(t).map(Texts::sign_in)",
        "english()\n    .sign_in()",
    ] {
        assert!(unused(source).generated().is_ok(), "{source}");
    }
}

#[test]
fn a_text_within_a_used_text_is_used_and_needs_no_function() {
    let given = Given {
        french: "name = Mon dossier\ntitle = { name }\nheading = { title } – accueil\n",
        english: "name = My Case\ntitle = { name }\nheading = { title } – home\n",
        source: "t.heading()",
        ..Given::default()
    };
    let source = given.generated().expect("no mistake");
    assert!(source.contains("pub fn heading("), "{source}");
    assert!(
        !source.contains("pub fn title("),
        "it would be dead code: {source}"
    );
    let unused = Given {
        source: "",
        ..given
    };
    assert_eq!(unused.mistakes().len(), 3);
}

#[test]
fn a_family_needs_no_caller_unless_it_takes_arguments() {
    let given = Given {
        french: "problem-gone = Parti\nproblem-late = Le délai a pris fin le { $date }\n",
        english: "problem-gone = Gone\nproblem-late = The time ended on { $date }\n",
        source: "t.by_id(kind)",
        families: &["problem-"],
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:2: unused id: problem-late: no source calls `.problem_late(…)`: use it, or remove it \
             from both languages"
        ]
    );
}

#[test]
fn a_family_without_a_text_is_refused() {
    let given = Given {
        families: &["problem-"],
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        ["no text without arguments starts with `problem-`: remove `used_by_name(\"problem-\")`"]
    );
}
