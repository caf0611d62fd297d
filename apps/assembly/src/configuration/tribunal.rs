//! `[tribunal]` becomes the domain's tribunal.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::Code;
use domain::document::MediaType;
use domain::tribunal::{Bilingual, ListedOrder, Named, RegionalOffice, SubmittableType, Tribunal};

use super::findings::Findings;
use super::problem::At;
use super::text::{FileType, Line};
use super::written::{self, Listed};

/// The tribunal, if its parts can be used; everything that is wrong with them is told to `findings`.
pub(super) fn tribunal(
    written: &written::Tribunal,
    findings: &mut Findings<'_>,
) -> Option<Tribunal> {
    let accepted = accepted(&written.accepted_file_types, findings);
    let mut lists = Lists(findings);
    let divisions = lists.filled("divisions", &written.divisions, |_, named| named);
    // A tribunal with one office has no regions: its own zone is the office's.
    let regions = lists.list("regions", &written.regions, |one, named| RegionalOffice {
        named,
        zone: one.zone.0.clone(),
    });
    let document_types = lists.filled("document_types", &written.document_types, |one, named| {
        SubmittableType {
            named,
            asks_for_service: one.asks_for_service,
        }
    });
    let tribunal_document_types = lists.filled(
        "tribunal_document_types",
        &written.tribunal_document_types,
        |_, named| named,
    );
    let orders = lists.filled("orders", &written.orders, |one, named| ListedOrder {
        named,
        issues_numbers: one.issues_numbers,
    });
    Some(Tribunal {
        name: bilingual([&written.name.french, &written.name.english]),
        short_name: bilingual([&written.short_name.french, &written.short_name.english]),
        help_desk: written.help_desk.0.clone(),
        zone: written.zone.0.clone(),
        divisions: divisions?,
        regions: regions?,
        document_types: document_types?,
        tribunal_document_types: tribunal_document_types?,
        orders: orders?,
        accepted: accepted?,
        delegation_terms_version: written.delegation_terms_version.as_str().to_owned(),
        privacy_statement_version: written.privacy_statement_version.as_str().to_owned(),
    })
}

fn at(key: &str) -> At {
    At::key("tribunal").then([key])
}

fn bilingual([french, english]: [&Line; 2]) -> Bilingual {
    Bilingual {
        french: french.as_str().to_owned(),
        english: english.as_str().to_owned(),
    }
}

fn accepted(written: &[FileType], findings: &mut Findings<'_>) -> Option<BTreeSet<MediaType>> {
    let key = at("accepted_file_types");
    let mut accepted = BTreeSet::new();
    for FileType(kind) in written {
        if !accepted.insert(*kind) {
            findings.tell(&key, format!("names {} more than once", kind.ending()));
        }
    }
    if accepted.is_empty() {
        findings.tell(&key, "must name at least one type of file");
        return None;
    }
    Some(accepted)
}

/// Reads lists of what has a code and a name.
struct Lists<'a, 'b>(&'a mut Findings<'b>);

impl Lists<'_, '_> {
    /// A list that must have an entry.
    fn filled<Entry: Listed, Of, Item>(
        &mut self,
        key: &str,
        entries: &[Entry],
        item: impl Fn(&Entry, Named<Of>) -> Item,
    ) -> Option<Vec<Item>> {
        if entries.is_empty() {
            self.0.tell(&at(key), "must have at least one entry");
        }
        self.list(key, entries, item)
    }

    /// A list whose entries each have a code of their own. All entries are looked at, also after one that cannot be used.
    fn list<Entry: Listed, Of, Item>(
        &mut self,
        key: &str,
        entries: &[Entry],
        item: impl Fn(&Entry, Named<Of>) -> Item,
    ) -> Option<Vec<Item>> {
        let mut first = BTreeMap::new();
        let mut items = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            let here = at(key).entry(number).then(["code"]);
            let code = entry.code().as_str();
            let earlier = *first.entry(code).or_insert(number);
            if earlier != number {
                let earlier = earlier + 1;
                let what = format!("{code} is the code of entry {earlier} already");
                self.0.tell(&here, what);
            }
            if let Some(code) = self.0.take(&here, Code::parse(code)) {
                let name = bilingual(entry.names());
                items.push(item(entry, Named { code, name }));
            }
        }
        (items.len() == entries.len()).then_some(items)
    }
}
