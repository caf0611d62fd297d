//! Each mistake, as the author of a text reads it.

use crate::file::File;
use crate::package::{Language, Package};

mod agreement;
mod kinds;
mod used;
mod written;

/// A package with one file per language, and one source.
struct Given<'g> {
    french: &'g str,
    english: &'g str,
    source: &'g str,
    families: &'g [&'g str],
}

impl Default for Given<'_> {
    fn default() -> Self {
        Self {
            french: "sign-in = Ouvrir une session\n",
            english: "sign-in = Sign in\n",
            source: "{{ t.sign_in() }}",
            families: &[],
        }
    }
}

impl Given<'_> {
    fn generated(&self) -> Result<String, Vec<String>> {
        let families: Vec<_> = self
            .families
            .iter()
            .map(|prefix| (*prefix).to_owned())
            .collect();
        let package = Package {
            french: language("texts/fr", self.french),
            english: language("texts/en", self.english),
            sources: vec![self.source.to_owned()],
        };
        let said =
            |mistakes: Vec<crate::Mistake>| mistakes.iter().map(ToString::to_string).collect();
        package.source(&families).map_err(said)
    }

    fn mistakes(&self) -> Vec<String> {
        self.generated().expect_err("there should be a mistake")
    }
}

fn language(folder: &str, content: &str) -> Language {
    Language {
        folder: folder.to_owned(),
        files: vec![File {
            path: format!("{folder}/page.ftl"),
            content: content.to_owned(),
        }],
    }
}

#[test]
fn a_pair_without_mistakes_is_generated() {
    let source = Given::default().generated().expect("no mistake");
    assert!(
        source.contains("pub fn sign_in(&'static self) -> &'static str"),
        "{source}"
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let given = Given {
        french: "sign-in = Ouvrir une session\nends-on = Fin le { $jour }\n",
        english: "ends-on = Ends on { $date }\nends-on = Ends\n",
        ..Given::default()
    };
    assert_eq!(given.mistakes().len(), 4, "{:#?}", given.mistakes());
}
