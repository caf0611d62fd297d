//! The page says what the code does: each key that there is, and none that there is not.

use std::collections::BTreeSet;

use super::Site;
use crate::configuration::key::{Key, Kind};
use crate::configuration::problem::At;
use crate::configuration::{keys, page};

const KEPT: &str = include_str!("../../../../../docs/configuration.md");

fn variables(keys: &[Key], at: &At, found: &mut BTreeSet<String>) {
    for key in keys {
        let here = at.then([key.name]);
        match &key.kind {
            Kind::Section(section) => variables(&section.keys, &here, found),
            Kind::Entries(_) | Kind::Value(_) => {
                found.insert(here.variable());
            }
        }
    }
}

#[test]
fn the_page_is_kept_up_to_date() {
    assert!(
        KEPT == page().to_string(),
        "docs/configuration.md has fallen behind; `cargo xtask docs` writes it anew"
    );
}

#[test]
fn the_page_lists_every_key_and_no_other() {
    let mut wanted = BTreeSet::new();
    variables(&keys(), &At::default(), &mut wanted);
    let listed: BTreeSet<String> = KEPT
        .lines()
        .filter(|line| line.starts_with('|') || line.starts_with("In the environment"))
        .filter_map(|line| {
            line.split('`')
                .find(|part| part.starts_with("MONDOSSIER__"))
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(listed, wanted);
}

#[test]
fn no_key_goes_without_a_meaning() {
    fn look(keys: &[Key]) {
        for key in keys {
            match &key.kind {
                Kind::Section(section) | Kind::Entries(section) => {
                    assert!(!section.about.is_empty(), "{}", key.name);
                    look(&section.keys);
                }
                Kind::Value(form) => {
                    assert!(!key.meaning.is_empty(), "{}", key.name);
                    for text in [&key.meaning, &form.takes] {
                        assert!(!text.contains('|'), "a table's sign: {text}");
                    }
                }
            }
        }
    }
    look(&keys());
}

/// The file on the page can be used as it stands, once its secrets are where it says, and says nothing else than the defaults.
#[test]
fn the_whole_file_is_the_defaults() {
    let (_, file) = KEPT.split_once("```toml\n").unwrap();
    let file = file.trim_end_matches("```\n");
    let secrets = Site::of("");
    secrets.file("text-messages-api-key", "an-api-key\n");
    secrets.file("tribunal-key", &"0123456789abcdef".repeat(4));
    secrets.file("documents-key", &"23456789abcdef01".repeat(4));
    secrets.file("receipt-key", &"abcdef0123456789".repeat(4));
    let file = file.replace("/run/secrets", secrets.folder.path().to_str().unwrap());
    let whole = Site::of(&file).read().unwrap();
    assert_eq!(whole.rules, Site::with("").read().unwrap().rules);
    // With the keys that are for some, it says each secret twice, and nothing else is wrong with it.
    let uncommented: Vec<_> = file
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.split(' ').nth(1) == Some("=") => key,
            _ => line,
        })
        .collect();
    // The certificate is nobody's.
    let mut faults = Site::of(&uncommented.join("\n")).faults();
    faults.retain(|fault| !fault.starts_with("server.tls.certificate_file"));
    assert_eq!(faults.len(), 7, "{faults:?}");
    assert!(
        faults.iter().all(|fault| fault.contains("only one can be")),
        "{faults:?}"
    );
}
