//! The reference tribunal, Canada's Immigration and Refugee Board: its names, divisions, regions, document types and orders.

use std::collections::BTreeSet;

use domain::code::Code;
use domain::document::MediaType;
use domain::membership::Order;
use domain::person::Telephone;
use domain::submission::DocumentType;
use domain::tribunal::{Bilingual, ListedOrder, Named, RegionalOffice, SubmittableType, Tribunal};
use domain::tribunal_time::{ZoneName, Zones};

/// The reference data itself is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the reference tribunal's data is wrong: {0}")]
pub struct ReferenceError(String);

/// Code, French, English.
type Row = (&'static str, &'static str, &'static str);

const DIVISIONS: &[Row] = &[
    (
        "RPD",
        "Section de la protection des réfugiés (SPR)",
        "Refugee Protection Division (RPD)",
    ),
    (
        "RAD",
        "Section d’appel des réfugiés (SAR)",
        "Refugee Appeal Division (RAD)",
    ),
    (
        "ID",
        "Section de l’immigration (SI)",
        "Immigration Division (ID)",
    ),
    (
        "IAD",
        "Section d’appel de l’immigration (SAI)",
        "Immigration Appeal Division (IAD)",
    ),
];

const REGIONS: &[(Row, &str)] = &[
    (("eastern", "Est", "Eastern"), "America/Toronto"),
    (("central", "Centre", "Central"), "America/Toronto"),
    (("western", "Ouest", "Western"), "America/Vancouver"),
];

/// The last says whether a statement of service is asked for.
const DOCUMENT_TYPES: &[(Row, bool)] = &[
    (
        (
            "basis-of-claim",
            "Fondement de la demande d’asile, ou modification",
            "Basis of Claim form, or changes to it",
        ),
        false,
    ),
    (("form", "Formulaire", "Form"), false),
    (("application", "Demande", "Application"), false),
    (
        (
            "disclosure",
            "Communication d’éléments de preuve",
            "Disclosure of documentary evidence",
        ),
        false,
    ),
    (
        (
            "written-submissions",
            "Observations écrites",
            "Written submissions",
        ),
        false,
    ),
    (
        ("response", "Réponse à une demande", "Response to a request"),
        false,
    ),
    (
        (
            "change-of-address",
            "Changement d’adresse",
            "Change of address",
        ),
        false,
    ),
    (("appeal-record", "Dossier d’appel", "Appeal record"), false),
    (
        ("notice-of-appeal", "Avis d’appel", "Notice of appeal"),
        false,
    ),
    (("other", "Autre", "Other"), false),
];

const FROM_TRIBUNAL: &[Row] = &[
    (
        "notice-to-appear",
        "Avis de convocation",
        "Notice to appear",
    ),
    ("decision", "Décision", "Decision"),
    ("letter", "Lettre", "Letter"),
    (
        "disclosure",
        "Communication d’éléments de preuve",
        "Disclosure",
    ),
    ("other", "Autre", "Other"),
];

/// The last says whether the order gives its members a number.
const ORDERS: &[(Row, bool)] = &[
    (
        (
            "barreau-du-quebec",
            "Barreau du Québec",
            "Barreau du Québec",
        ),
        true,
    ),
    (
        (
            "law-society-of-ontario",
            "Barreau de l’Ontario",
            "Law Society of Ontario",
        ),
        true,
    ),
    (
        (
            "law-society-of-british-columbia",
            "Barreau de la Colombie-Britannique",
            "Law Society of British Columbia",
        ),
        true,
    ),
    (
        (
            "law-society-of-alberta",
            "Barreau de l’Alberta",
            "Law Society of Alberta",
        ),
        true,
    ),
    (
        (
            "chambre-des-notaires-du-quebec",
            "Chambre des notaires du Québec",
            "Chambre des notaires du Québec",
        ),
        true,
    ),
    (
        (
            "cicc",
            "Collège des consultants en immigration et en citoyenneté",
            "College of Immigration and Citizenship Consultants",
        ),
        true,
    ),
];

fn named<Of>(row: &Row) -> Result<Named<Of>, ReferenceError> {
    let (code, french, english) = row;
    let code = Code::parse(code).map_err(|_| ReferenceError((*code).to_owned()))?;
    Ok(Named {
        code,
        name: bilingual(french, english),
    })
}

fn bilingual(french: &str, english: &str) -> Bilingual {
    Bilingual {
        french: french.to_owned(),
        english: english.to_owned(),
    }
}

/// The reference tribunal.
///
/// # Errors
/// [`ReferenceError`], which a test shows never to happen.
pub fn tribunal(zones: &dyn Zones) -> Result<Tribunal, ReferenceError> {
    let zone = |name: &str| {
        ZoneName::parse(name, zones).map_err(|error| ReferenceError(error.to_string()))
    };
    let region = |(row, of): &(Row, &str)| {
        Ok::<_, ReferenceError>(RegionalOffice {
            named: named(row)?,
            zone: zone(of)?,
        })
    };
    let document = |(row, asks_for_service): &(Row, bool)| {
        Ok::<SubmittableType, ReferenceError>(SubmittableType {
            named: named::<DocumentType>(row)?,
            asks_for_service: *asks_for_service,
        })
    };
    let order = |(row, issues_numbers): &(Row, bool)| {
        Ok::<ListedOrder, ReferenceError>(ListedOrder {
            named: named::<Order>(row)?,
            issues_numbers: *issues_numbers,
        })
    };
    Ok(Tribunal {
        name: bilingual(
            "Commission de l’immigration et du statut de réfugié du Canada",
            "Immigration and Refugee Board of Canada",
        ),
        short_name: bilingual("CISR", "IRB"),
        help_desk: Telephone::parse("1 833 777 2433")
            .map_err(|error| ReferenceError(error.to_string()))?,
        zone: zone("America/Toronto")?,
        divisions: DIVISIONS.iter().map(named).collect::<Result<_, _>>()?,
        regions: REGIONS.iter().map(region).collect::<Result<_, _>>()?,
        document_types: DOCUMENT_TYPES
            .iter()
            .map(document)
            .collect::<Result<_, _>>()?,
        tribunal_document_types: FROM_TRIBUNAL.iter().map(named).collect::<Result<_, _>>()?,
        orders: ORDERS.iter().map(order).collect::<Result<_, _>>()?,
        accepted: BTreeSet::from(MediaType::ALL),
        delegation_terms_version: "2026-11".to_owned(),
        privacy_statement_version: "2026-11".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use time_zones::TzDatabase;

    /// SUB-7: the reference tribunal's document types are there, by the codes that others rely on.
    #[test]
    fn the_reference_tribunal_is_whole() {
        let tribunal = super::tribunal(&TzDatabase::new()).unwrap();
        assert_eq!(tribunal.document_types.len(), 10);
        let western = domain::code::Code::parse("western").unwrap();
        assert_eq!(tribunal.office_zone(&western).as_str(), "America/Vancouver");
    }
}
