//! The letterhead of a tribunal, and what a notice looks like on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::code::Code;
use domain::person::Telephone;
use domain::tribunal::{Bilingual, Named, RegionalOffice, Tribunal};
use domain::tribunal_time::ZoneName;
use email::Letterhead;
use time::Duration;
use time_zones::TzDatabase;

/// Where notices come from.
pub const FROM: &str = "ne-pas-repondre@tribunal.example";

/// The tribunal's names.
pub fn names() -> Bilingual {
    Bilingual {
        french: "Commission de l’immigration et du statut de réfugié du Canada".into(),
        english: "Immigration and Refugee Board of Canada".into(),
    }
}

/// A letterhead as the portal's operators would have it.
pub fn letterhead() -> Letterhead {
    letterhead_of(names())
}

/// The letterhead of a tribunal of that name.
pub fn letterhead_of(name: Bilingual) -> Letterhead {
    let zones = TzDatabase::new();
    let tribunal = Tribunal {
        short_name: name.clone(),
        name,
        help_desk: Telephone::parse("1 833 777 2433").unwrap(),
        zone: ZoneName::parse("America/Toronto", &zones).unwrap(),
        divisions: Vec::new(),
        regions: vec![RegionalOffice {
            named: Named {
                code: Code::parse("western").unwrap(),
                name: names(),
            },
            zone: ZoneName::parse("America/Vancouver", &zones).unwrap(),
        }],
        document_types: Vec::new(),
        tribunal_document_types: Vec::new(),
        orders: Vec::new(),
        accepted: BTreeSet::new(),
        delegation_terms_version: "1".into(),
        privacy_statement_version: "1".into(),
    };
    Letterhead {
        from: format!("Mon dossier / My Case <{FROM}>"),
        tribunal: Arc::new(tribunal),
        zones: Arc::new(zones),
        profile_change: Duration::hours(36),
    }
}
