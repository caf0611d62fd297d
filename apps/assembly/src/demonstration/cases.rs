//! The cases of the demonstration: counsel-a has twelve active ones, one decided 44 days ago and one decided 46 days ago; counsel-b has
//! five. Names and numbers are invented.

use domain::account::AccountId;
use domain::case::{Case, CaseEvent, CaseId, ClientId, Decision, FileNumber, Party};
use domain::code::Code;
use domain::id::Id;
use domain::tribunal_time::Moment;
use time::{Date, Duration};

/// File number, division, region, principal file number, parties with client IDs, days until the next hearing.
struct Sketch {
    number: &'static str,
    division: &'static str,
    region: &'static str,
    principal: Option<&'static str>,
    parties: &'static [(&'static str, &'static str)],
    hearing_in_days: Option<i64>,
    decided_days_ago: Option<i64>,
    limits: Option<&'static str>,
}

const fn sketch(
    number: &'static str,
    division: &'static str,
    region: &'static str,
    parties: &'static [(&'static str, &'static str)],
) -> Sketch {
    Sketch {
        number,
        division,
        region,
        principal: None,
        parties,
        hearing_in_days: None,
        decided_days_ago: None,
        limits: None,
    }
}

impl Sketch {
    const fn hearing(self, days: i64) -> Self {
        Self {
            hearing_in_days: Some(days),
            ..self
        }
    }
    const fn with(self, principal: &'static str) -> Self {
        Self {
            principal: Some(principal),
            ..self
        }
    }
    const fn decided(self, days: i64) -> Self {
        Self {
            decided_days_ago: Some(days),
            ..self
        }
    }
    const fn limited(self, limits: &'static str) -> Self {
        Self {
            limits: Some(limits),
            ..self
        }
    }
}

const COUNSEL_A: &[Sketch] = &[
    sketch(
        "MC4-01001",
        "RPD",
        "eastern",
        &[("Amara Diallo", "1110020001")],
    )
    .hearing(3),
    sketch(
        "MC4-01002",
        "RPD",
        "eastern",
        &[("Ibrahim Diallo", "1110020002")],
    )
    .with("MC4-01001")
    .hearing(3),
    sketch(
        "MC4-01003",
        "RPD",
        "eastern",
        &[("Mariama Diallo", "1110020003")],
    )
    .with("MC4-01001")
    .hearing(3),
    sketch(
        "MC4-01120",
        "RPD",
        "eastern",
        &[("Luis Ángel Hernández", "1110020044")],
    )
    .hearing(12),
    sketch(
        "MC4-01188",
        "RPD",
        "eastern",
        &[("Éléonore Mbeki", "11100255")],
    ),
    sketch(
        "TC4-02210",
        "RPD",
        "central",
        &[("Olena Kovalenko", "1110031210")],
    )
    .hearing(27),
    sketch(
        "VC4-00917",
        "RPD",
        "western",
        &[("Nguyễn Thị Lan", "1110048812")],
    )
    .hearing(41),
    sketch(
        "MC4-05501",
        "RAD",
        "eastern",
        &[("Farid Rahimi", "1110051177")],
    ),
    sketch(
        "TC4-05530",
        "RAD",
        "central",
        &[("Zeynep Yıldız", "1110051390")],
    )
    .limited("Mémoire d’appel seulement"),
    sketch(
        "MC4-07042",
        "ID",
        "eastern",
        &[("Jean-Baptiste Pierre", "1110067005")],
    )
    .hearing(1),
    sketch(
        "MC4-08811",
        "IAD",
        "eastern",
        &[
            ("Chantal Okonkwo", "1110078123"),
            ("David Okonkwo", "1110078124"),
        ],
    )
    .hearing(60),
    sketch(
        "VC4-08840",
        "IAD",
        "western",
        &[("Wei Zhang", "1110078301")],
    ),
    sketch(
        "MC3-09944",
        "RPD",
        "eastern",
        &[("Sara Haddad", "1110010944")],
    )
    .decided(44),
    sketch(
        "MC3-09946",
        "RPD",
        "eastern",
        &[("Tomás Silva", "1110010946")],
    )
    .decided(46),
];

const COUNSEL_B: &[Sketch] = &[
    sketch(
        "TC4-03001",
        "RPD",
        "central",
        &[("Adaeze Eze", "1120030001")],
    )
    .hearing(6),
    sketch(
        "TC4-03002",
        "RPD",
        "central",
        &[("Chidi Eze", "1120030002")],
    )
    .with("TC4-03001")
    .hearing(6),
    sketch(
        "TC4-03077",
        "IAD",
        "central",
        &[("Maria Santos", "1120030077")],
    )
    .hearing(19),
    sketch(
        "VC4-03101",
        "RAD",
        "western",
        &[("Hamid Karimi", "1120030101")],
    ),
    sketch("VC4-03150", "ID", "western", &[("Pavel Novak", "11200315")]).hearing(2),
];

/// The cases of the counsel of that key.
pub(super) fn of(
    key: &str,
    counsel: AccountId,
    moment: &Moment,
    ids: impl Iterator<Item = CaseId>,
) -> Result<Vec<Case>, String> {
    let sketches = if key == "counsel-a" {
        COUNSEL_A
    } else {
        COUNSEL_B
    };
    sketches
        .iter()
        .zip(ids)
        .map(|(sketch, id)| {
            case(sketch, id, counsel, moment).ok_or_else(|| sketch.number.to_owned())
        })
        .collect()
}

/// `None` if the sketch itself is wrong.
fn case(sketch: &Sketch, id: CaseId, counsel: AccountId, moment: &Moment) -> Option<Case> {
    let file_number = FileNumber::parse(sketch.number).ok()?;
    let principal = sketch
        .principal
        .map_or(Some(file_number.clone()), |number| {
            FileNumber::parse(number).ok()
        })?;
    let appellant = matches!(sketch.division, "RAD" | "IAD");
    let role = if appellant {
        "appellant"
    } else if sketch.division == "ID" {
        "person-concerned"
    } else {
        "claimant"
    };
    let decided_on: Option<Date> = match sketch.decided_days_ago {
        Some(days) => Some(moment.today.0.checked_sub(Duration::days(days))?),
        None => None,
    };
    let events = match sketch.hearing_in_days {
        Some(days) => vec![CaseEvent {
            // One event a case: the case's own identifier tells it from all others.
            id: Id::new(id.uuid()),
            revision: 0,
            kind: Code::parse("hearing").ok()?,
            starts_at: (moment.at + Duration::days(days)).replace_time(morning(sketch.region)),
            place: place(sketch.region).to_owned(),
        }],
        None => Vec::new(),
    };
    let decisions = match decided_on {
        Some(made_on) => vec![Decision {
            kind: Code::parse("final").ok()?,
            made_on,
        }],
        None => Vec::new(),
    };
    Some(Case {
        id,
        file_number,
        division: Code::parse(sketch.division).ok()?,
        region: Code::parse(sketch.region).ok()?,
        status: Code::parse(if decided_on.is_some() {
            "decided"
        } else {
            "active"
        })
        .ok()?,
        principal_file_number: Some(principal),
        client_ids: sketch
            .parties
            .iter()
            .map(|(_, uci)| ClientId::parse(uci).ok())
            .collect::<Option<_>>()?,
        parties: sketch
            .parties
            .iter()
            .map(|(name, _)| {
                Some(Party {
                    name: (*name).to_owned(),
                    role: Code::parse(role).ok()?,
                })
            })
            .collect::<Option<_>>()?,
        retainer_limits: sketch.limits.map(str::to_owned),
        events,
        cancelled_events: Vec::new(),
        decisions,
        final_decision_on: decided_on,
        counsel_of_record: Some(counsel),
        updated_at: moment.at,
    })
}

/// An hour that looks like a hearing's where the office is.
fn morning(region: &str) -> time::Time {
    match region {
        "western" => time::macros::time!(17:00),
        _ => time::macros::time!(14:00),
    }
}

fn place(region: &str) -> &'static str {
    match region {
        "western" => "300, rue Georgia Ouest, Vancouver",
        "central" => "74, rue Victoria, Toronto",
        _ => "200, boulevard René-Lévesque Ouest, Montréal",
    }
}
