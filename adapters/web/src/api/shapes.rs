//! What goes over the wire. These shapes are the API's own and promised to others; the domain has no wire format.

use application::Application;
use application::ports::records::Filed;
use domain::account::Account as DomainAccount;
use domain::case::Case as DomainCase;
use domain::submission::{Named as DomainNamed, Submission as DomainSubmission};
use domain::tribunal_time::ZoneName;
use poem_openapi::Object;
use receipts::ReceiptFile;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

// As the framework writes a day.
time::serde::format_description!(day, Date, "[year]-[month]-[day]");

/// Who I am.
#[derive(Object)]
pub(super) struct Me {
    /// My account.
    pub(super) account_id: Uuid,
    pub(super) name: String,
    /// The first of my roles.
    pub(super) role: String,
    /// What my account may be used for: `counsel`, `delegate`, `registry`, `help-desk`, `cms`.
    pub(super) roles: Vec<String>,
    /// `fr` or `en`.
    pub(super) language: String,
}

impl From<&DomainAccount> for Me {
    fn from(account: &DomainAccount) -> Self {
        let roles: Vec<String> = account
            .roles
            .iter()
            .map(|role| role.code().to_owned())
            .collect();
        Self {
            account_id: account.id.uuid(),
            name: account.name.to_string(),
            role: roles.first().cloned().unwrap_or_default(),
            roles,
            language: account.language.code().to_owned(),
        }
    }
}

/// A counsel for whom I can act.
#[derive(Object)]
pub(super) struct Counsel {
    /// The counsel's account.
    pub(super) account_id: Uuid,
    pub(super) name: String,
    /// `counsel` for oneself, `delegate` by a delegation.
    pub(super) capacity: String,
    /// From when on the delegation no longer gives access.
    #[oai(skip_serializing_if_is_none)]
    pub(super) access_ends_at: Option<String>,
}

/// Somebody in a proceeding.
#[derive(Object, Serialize)]
pub(super) struct Party {
    name: String,
    role: String,
}

/// Something that will happen in a proceeding.
#[derive(Object, Serialize)]
pub(super) struct Event {
    kind: String,
    /// UTC.
    starts_at: String,
    place: String,
}

/// A decision.
#[derive(Object, Serialize)]
pub(super) struct Decision {
    kind: String,
    #[serde(with = "day")]
    made_on: Date,
}

/// A case.
#[derive(Object, Serialize)]
pub(super) struct Case {
    id: Uuid,
    file_number: String,
    division: String,
    region: String,
    status: String,
    /// The principal file of its group.
    principal_file_number: Option<String>,
    /// UCI: 8 or 10 digits, one per person.
    client_ids: Vec<String>,
    parties: Vec<Party>,
    /// Limits of the counsel's retainer.
    retainer_limits: Option<String>,
    events: Vec<Event>,
    decisions: Vec<Decision>,
    #[serde(with = "day::option")]
    final_decision_on: Option<Date>,
    /// The first day on which the case is no longer here.
    #[serde(with = "day::option")]
    leaves_on: Option<Date>,
    /// The counsel's account.
    counsel_of_record: Option<Uuid>,
}

impl Case {
    pub(super) fn new(case: DomainCase, app: &Application) -> Self {
        Self {
            leaves_on: case.leaves_on(&app.terms).map(|day| day.0),
            id: case.id.uuid(),
            file_number: case.file_number.to_string(),
            division: case.division.to_string(),
            region: case.region.to_string(),
            status: case.status.to_string(),
            principal_file_number: case.principal_file_number.map(|number| number.to_string()),
            client_ids: case
                .client_ids
                .iter()
                .map(|id| id.as_str().to_owned())
                .collect(),
            parties: case
                .parties
                .into_iter()
                .map(|party| Party {
                    role: party.role.to_string(),
                    name: party.name,
                })
                .collect(),
            retainer_limits: case.retainer_limits,
            events: case
                .events
                .into_iter()
                .map(|event| Event {
                    kind: event.kind.to_string(),
                    starts_at: rfc3339(event.starts_at),
                    place: event.place,
                })
                .collect(),
            decisions: case
                .decisions
                .iter()
                .map(|decision| Decision {
                    kind: decision.kind.to_string(),
                    made_on: decision.made_on,
                })
                .collect(),
            final_decision_on: case.final_decision_on,
            counsel_of_record: case.counsel_of_record.map(domain::id::Id::uuid),
        }
    }
}

/// Cases.
#[derive(Object, Serialize)]
pub(super) struct CasePage {
    pub(super) items: Vec<Case>,
    /// Where the list goes on; null at its end.
    pub(super) next_cursor: Option<String>,
}

/// A person of a submission, as named then.
#[derive(Object, Clone)]
pub(super) struct Named {
    account_id: Uuid,
    name: String,
}

impl From<&DomainNamed> for Named {
    fn from(named: &DomainNamed) -> Self {
        Self {
            account_id: named.account.uuid(),
            name: named.name.clone(),
        }
    }
}

/// A file of a submission.
#[derive(Object, Clone)]
pub(super) struct File {
    name: String,
    title: Option<String>,
    media_type: String,
    /// Bytes.
    size: u64,
    pages: Option<u32>,
    /// Hexadecimal.
    sha256: String,
}

/// How and when the other party was given a copy.
#[derive(Object)]
pub(super) struct Service {
    how: String,
    on: Date,
}

/// A submission.
#[derive(Object)]
pub(super) struct Submission {
    id: Uuid,
    case_id: Uuid,
    confirmation_number: String,
    /// The tribunal's clock at durable storage, UTC.
    received_at: String,
    /// The same instant where the office that holds the file is, by which timeliness is judged.
    received_local: String,
    /// The same instant in the tribunal's own zone.
    received_tribunal: String,
    document_type: String,
    note: String,
    service: Option<Service>,
    submitted_by: Named,
    on_behalf_of: Named,
    files: Vec<File>,
    /// The file that the case bears; for the registry.
    #[oai(skip_serializing_if_is_none)]
    file_number: Option<String>,
    /// When the registry took it over.
    acknowledged_at: Option<String>,
}

impl Submission {
    pub(super) fn new(submission: &DomainSubmission, app: &Application) -> Self {
        let office = submission
            .judged_in(&*app.zones)
            .unwrap_or_else(|| app.tribunal.zone.clone());
        Self {
            id: submission.id.uuid(),
            case_id: submission.case.uuid(),
            confirmation_number: submission.confirmation_number.to_string(),
            received_at: rfc3339(submission.received_at),
            received_local: local(submission.received_at, &office, app),
            received_tribunal: local(submission.received_at, &app.tribunal.zone, app),
            document_type: submission.document_type.to_string(),
            note: submission.note.clone(),
            service: submission.service.as_ref().map(|service| Service {
                how: service.how.clone(),
                on: service.on,
            }),
            submitted_by: (&submission.submitted_by).into(),
            on_behalf_of: (&submission.on_behalf_of).into(),
            files: files(submission),
            file_number: None,
            acknowledged_at: submission.acknowledgement.map(|done| rfc3339(done.at)),
        }
    }

    pub(super) fn filed(filed: &Filed, app: &Application) -> Self {
        Self {
            file_number: Some(filed.file_number.to_string()),
            ..Self::new(&filed.submission, app)
        }
    }
}

fn files(submission: &DomainSubmission) -> Vec<File> {
    let file = |file: &domain::submission::SubmittedFile| File {
        name: file.name.as_str().to_owned(),
        title: file.title.clone(),
        media_type: file.media_type.mime().to_owned(),
        size: file.size,
        pages: file.pages,
        sha256: file.sha256.to_string(),
    };
    submission.files.iter().map(file).collect()
}

/// Submissions.
#[derive(Object)]
pub(super) struct SubmissionPage {
    pub(super) items: Vec<Submission>,
    /// Where the list goes on; null at its end.
    pub(super) next_cursor: Option<String>,
}

/// A signed receipt: what a sender keeps as proof. Saved as it is, it is the file that `portal verify-receipt` verifies offline.
#[derive(Object)]
pub(super) struct Receipt {
    /// What was signed: its kind.
    r#type: String,
    /// What was signed: JSON, as text. It verifies as long as not one character of it changes. It has `confirmation_number`,
    /// `file_number`, `document_type`, `submitted_by`, `on_behalf_of`, `received_at` (UTC), `received_tribunal` and `received_office`
    /// (each `zone` and `time`), `files` (each `name`, `size`, `pages`, `sha256`) and `salt`.
    statement: String,
    /// The name and the id of the key that signed.
    key: String,
    /// Ed25519 over the DSSE encoding of type and statement, in base64.
    signature: String,
    /// The proof that it is in the public log (c2sp.org/tlog-proof); once it is.
    #[oai(skip_serializing_if_is_none)]
    log_proof: Option<String>,
}

impl From<ReceiptFile> for Receipt {
    fn from(file: ReceiptFile) -> Self {
        Self {
            r#type: file.signed.kind().name().to_owned(),
            statement: file.signed.text().to_owned(),
            key: file.signed.key().to_owned(),
            signature: file.signature(),
            log_proof: file.log_proof,
        }
    }
}

/// A signed record of service: the file that `portal verify-receipt` verifies.
#[derive(Object)]
pub(super) struct ServiceRecord {
    /// What was signed: its kind.
    r#type: String,
    /// What was signed: JSON, as text. It verifies as long as not one character of it changes. It has `item`, `file_number`,
    /// `document_type`, `title`, `document` (`name`, `size`, `sha256`), `counsel` (`account`, `name`), `made_available_at` (UTC),
    /// `made_available_tribunal` and `made_available_office` (each `zone` and `time`), `readings` (each `account`, `name`, `capacity`:
    /// `counsel` or `delegate`, `first_read_at`), `deleted_from_general_inbox_at` and `as_of`.
    statement: String,
    /// The name and the id of the key that signed.
    key: String,
    /// Ed25519 over the DSSE encoding of type and statement, in base64.
    signature: String,
}

impl From<ReceiptFile> for ServiceRecord {
    fn from(file: ReceiptFile) -> Self {
        Self {
            r#type: file.signed.kind().name().to_owned(),
            statement: file.signed.text().to_owned(),
            key: file.signed.key().to_owned(),
            signature: file.signature(),
        }
    }
}

/// A submission that was just received.
#[derive(Object)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are promised to others"
)]
pub(super) struct Received {
    id: Uuid,
    confirmation_number: String,
    received_at: String,
    received_local: String,
    /// None for a submission of before receipts were signed.
    receipt: Option<Receipt>,
    files: Vec<File>,
    /// The same documents on the other cases, each with its own number.
    also: Vec<Submission>,
}

impl Received {
    pub(super) fn new(
        submitted: &application::submit_documents::Submitted,
        app: &Application,
    ) -> Self {
        let shown = Submission::new(&submitted.submission, app);
        Self {
            id: shown.id,
            confirmation_number: shown.confirmation_number,
            received_at: shown.received_at,
            received_local: shown.received_local,
            files: shown.files,
            also: submitted
                .also
                .iter()
                .map(|filed| Submission::filed(filed, app))
                .collect(),
            receipt: submitted.receipt.clone().map(|signed| {
                ReceiptFile {
                    signed,
                    log_proof: None,
                }
                .into()
            }),
        }
    }
}

/// An instant on the wire.
pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// An instant as a wall clock shows it, to the second.
fn local(at: OffsetDateTime, zone: &ZoneName, app: &Application) -> String {
    let at = app.zones.local(zone, at).at;
    rfc3339(at.replace_nanosecond(0).unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ToJSON;
    use time::macros::date;

    use super::*;

    fn case(filled: bool) -> Case {
        let text = |text: &str| text.to_owned();
        Case {
            id: Uuid::from_u128(1),
            file_number: text("TC0-000001"),
            division: text("rpd"),
            region: text("central"),
            status: text("open"),
            principal_file_number: filled.then(|| text("TC0-000002")),
            client_ids: vec![text("12345678")],
            parties: vec![Party {
                name: text("Zoé \"Z\" Ångström"),
                role: text("claimant"),
            }],
            retainer_limits: filled.then(|| text("hearing only")),
            events: vec![Event {
                kind: text("hearing"),
                starts_at: text("2026-03-01T14:00:00Z"),
                place: text("Room 1"),
            }],
            decisions: vec![Decision {
                kind: text("final"),
                made_on: date!(2026 - 04 - 05),
            }],
            final_decision_on: filled.then_some(date!(2026 - 04 - 05)),
            leaves_on: filled.then_some(date!(2026 - 10 - 02)),
            counsel_of_record: filled.then(|| Uuid::from_u128(2)),
        }
    }

    /// What is written without a tree of values is what the document of the API says.
    #[test]
    fn a_page_of_cases_is_written_as_it_is_described() {
        let page = CasePage {
            items: vec![case(true), case(false)],
            next_cursor: None,
        };
        let written = serde_json::to_value(&page).unwrap();
        assert_eq!(Some(written), page.to_json());
    }
}
