//! The two languages say the same things with the same arguments.

use super::Given;

#[test]
fn an_id_of_one_language_only_is_refused() {
    let given = Given {
        french: "sign-in = Ouvrir une session\n\nsign-out = Fermer la session\n",
        english: "sign-in = Sign in\nhelp = Help\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:3: sign-out: not in texts/en: write it there too",
            "texts/en/page.ftl:2: help: not in texts/fr: write it there too",
        ]
    );
}

#[test]
fn a_term_of_one_language_only_is_refused() {
    let given = Given {
        french: "-tribunal = le Tribunal\nsign-in = Ouvrir une session\n",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        ["texts/fr/page.ftl:1: -tribunal: not in texts/en: write it there too"]
    );
}

#[test]
fn an_argument_of_one_language_only_is_refused() {
    let given = Given {
        french: "ends-on = Fin le { $date } à { $time }\n",
        english: "ends-on = Ends on { $date }\n",
        source: "t.ends_on(date, time)",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: ends-on: `$time` is not used at texts/en/page.ftl:1: use the same arguments in both \
             languages"
        ]
    );
}

#[test]
fn an_argument_within_a_variant_or_another_text_counts() {
    let given = Given {
        french: "ends-on = { $places ->\n    [one] { $date }\n   *[other] -\n}\nnotice = { ends-on }\n",
        english: "ends-on = Ends with { $places ->\n   *[other] places\n}\nnotice = Over\n",
        source: "t.notice(date, places)",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: ends-on: `$date` is not used at texts/en/page.ftl:1: use the same arguments in both \
             languages",
            "texts/fr/page.ftl:5: notice: `$date` is not used at texts/en/page.ftl:4: use the same arguments in both \
             languages",
            "texts/fr/page.ftl:5: notice: `$places` is not used at texts/en/page.ftl:4: use the same arguments in both \
             languages",
        ]
    );
}

#[test]
fn an_argument_with_two_names_is_refused() {
    let given = Given {
        french: "ends-on = Fin le { $jour }\n",
        english: "ends-on = Ends on { $date }\n",
        source: "t.ends_on(date)",
        ..Given::default()
    };
    assert_eq!(
        given.mistakes(),
        [
            "texts/fr/page.ftl:1: ends-on: `$jour` is called `$date` at texts/en/page.ftl:1: use one name"
        ]
    );
}
