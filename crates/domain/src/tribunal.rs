//! What one tribunal calls things and accepts: configuration with the reference tribunal's values as defaults (mission.md's "Anyone
//! who runs a tribunal should be able to run this portal").

use std::collections::BTreeSet;

use crate::case::{Division, Region};
use crate::code::Code;
use crate::document::MediaType;
use crate::membership::Order;
use crate::person::{Language, Telephone};
use crate::submission::DocumentType;
use crate::tribunal_time::ZoneName;

/// One text in both official languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    /// Français.
    pub french: String,
    /// English.
    pub english: String,
}

impl Bilingual {
    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::French => &self.french,
            Language::English => &self.english,
        }
    }
}

/// What a code is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<Of> {
    /// The code, as on wires and in records.
    pub code: Code<Of>,
    /// The name people see.
    pub name: Bilingual,
}

/// A region of the tribunal and the zone of its office, by which timeliness is judged (SUB-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalOffice {
    /// Code and name.
    pub named: Named<Region>,
    /// The office's zone.
    pub zone: ZoneName,
}

/// A type of document that counsel may submit (SUB-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittableType {
    /// Code and name.
    pub named: Named<DocumentType>,
    /// Whether the sender must say how and when the other party was given a copy.
    pub asks_for_service: bool,
}

/// A professional order whose members may be counsel (REG-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedOrder {
    /// Code and name.
    pub named: Named<Order>,
    /// Whether the order gives its members a number.
    pub issues_numbers: bool,
}

/// The tribunal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tribunal {
    /// Its full name.
    pub name: Bilingual,
    /// The name for short: CISR, IRB.
    pub short_name: Bilingual,
    /// Whom technical questions go to.
    pub help_desk: Telephone,
    /// The zone of the tribunal's own clock (CASE-2, SUB-6).
    pub zone: ZoneName,
    /// Its divisions.
    pub divisions: Vec<Named<Division>>,
    /// Its regions with their offices' zones.
    pub regions: Vec<RegionalOffice>,
    /// What counsel may submit.
    pub document_types: Vec<SubmittableType>,
    /// What the tribunal sends.
    pub tribunal_document_types: Vec<Named<DocumentType>>,
    /// Whose members may be counsel.
    pub orders: Vec<ListedOrder>,
    /// File types that may be submitted.
    pub accepted: BTreeSet<MediaType>,
    /// The version of the terms that counsel accepts when delegating (DEL-2).
    pub delegation_terms_version: String,
    /// The version of the privacy statement that registration shows (PRIV-1).
    pub privacy_statement_version: String,
}

impl Tribunal {
    /// The zone of the office that holds files of `region`; the tribunal's own where the region is not configured.
    pub fn office_zone(&self, region: &Code<Region>) -> &ZoneName {
        self.regions
            .iter()
            .find(|office| office.named.code == *region)
            .map_or(&self.zone, |office| &office.zone)
    }

    /// Whether it has a division of that code.
    pub fn has_division(&self, code: &Code<Division>) -> bool {
        self.divisions.iter().any(|division| division.code == *code)
    }

    /// Whether it has a region of that code. A tribunal with one office has no regions, and whatever it calls that office will do.
    pub fn has_region(&self, code: &Code<Region>) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|office| office.named.code == *code)
    }

    /// The type that counsel may submit under that code.
    pub fn submittable(&self, code: &Code<DocumentType>) -> Option<&SubmittableType> {
        self.document_types
            .iter()
            .find(|kind| kind.named.code == *code)
    }

    /// The type that the tribunal sends under that code.
    pub fn sendable(&self, code: &Code<DocumentType>) -> Option<&Named<DocumentType>> {
        self.tribunal_document_types
            .iter()
            .find(|kind| kind.code == *code)
    }

    /// The order of that code.
    pub fn order(&self, code: &Code<Order>) -> Option<&ListedOrder> {
        self.orders.iter().find(|order| order.named.code == *code)
    }
}
