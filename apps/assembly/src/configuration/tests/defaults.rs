//! Where nobody says anything, the portal is the reference tribunal's.

use domain::document::MediaType;
use domain::terms::Terms;
use domain::tribunal::{Named, Tribunal};

use super::Site;
use crate::configuration::Rules;

fn codes<'a, Of: 'a>(named: impl Iterator<Item = &'a Named<Of>>) -> Vec<&'a str> {
    named
        .map(|named| {
            assert!(!named.name.french.is_empty() && !named.name.english.is_empty());
            named.code.as_str()
        })
        .collect()
}

fn reference() -> Tribunal {
    Rules::from_variables([]).unwrap().tribunal
}

/// CASE-2, DEL-1, DEL-2, DEL-3, PRO-1, REG-2, REG-8, SUB-7: the reference tribunal's time limits and counts.
#[test]
fn the_default_terms_are_those_that_the_rules_name() {
    let site = Site::with("").read().unwrap().rules;
    assert_eq!(site.terms, Terms::default());
    assert_eq!(site, Rules::from_variables([]).unwrap());
}

/// SUB-7: the codes of the documents that go to the tribunal and come from it.
#[test]
fn the_default_document_types_have_the_codes_that_others_rely_on() {
    let tribunal = reference();
    assert_eq!(
        codes(tribunal.document_types.iter().map(|kind| &kind.named)),
        [
            "basis-of-claim",
            "form",
            "application",
            "disclosure",
            "written-submissions",
            "response",
            "change-of-address",
            "appeal-record",
            "notice-of-appeal",
            "other",
        ]
    );
    assert_eq!(
        codes(tribunal.tribunal_document_types.iter()),
        [
            "notice-to-appear",
            "decision",
            "letter",
            "disclosure",
            "other"
        ]
    );
}

/// CASE-3, REG-1, SUB-1, SUB-6: divisions, regions with their zones, orders, and the types of file.
#[test]
fn the_default_tribunal_is_the_immigration_and_refugee_board() {
    let tribunal = reference();
    assert_eq!(
        tribunal.name.english,
        "Immigration and Refugee Board of Canada"
    );
    assert_eq!(tribunal.short_name.french, "CISR");
    assert_eq!(tribunal.help_desk.as_str(), "+18337772433");
    assert_eq!(
        codes(tribunal.divisions.iter()),
        ["RPD", "RAD", "ID", "IAD"]
    );
    let zones: Vec<_> = tribunal
        .regions
        .iter()
        .map(|office| office.zone.as_str())
        .collect();
    assert_eq!(
        codes(tribunal.regions.iter().map(|office| &office.named)),
        ["eastern", "central", "western"]
    );
    assert_eq!(
        zones,
        ["America/Toronto", "America/Toronto", "America/Vancouver"]
    );
    assert_eq!(tribunal.zone.as_str(), "America/Toronto");
    assert_eq!(
        codes(tribunal.orders.iter().map(|order| &order.named)),
        [
            "barreau-du-quebec",
            "law-society-of-ontario",
            "law-society-of-british-columbia",
            "law-society-of-alberta",
            "chambre-des-notaires-du-quebec",
            "cicc",
        ]
    );
    assert!(tribunal.orders.iter().all(|order| order.issues_numbers));
    assert_eq!(tribunal.accepted, MediaType::ALL.into());
    assert_eq!(tribunal.delegation_terms_version, "2026-11");
    assert_eq!(tribunal.privacy_statement_version, "2026-11");
}

/// A mail server gets no notice in clear unless somebody says so.
#[test]
fn connections_are_protected_by_default() {
    let site = Site::with("").read().unwrap();
    assert!(site.server.https);
    assert_eq!(site.email.smtp.encryption, email::Encryption::StartTls);
    assert_eq!(site.database.settings, storage::Settings::default());
}
