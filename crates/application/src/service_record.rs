//! The record of service of a document from the tribunal: when it was made available, and when each person first read it. Whoever may
//! see it reads it as things stand now, or has it signed as they stand; each signing is in the audit trail. Delegates see neither, as others'
//! readings are not theirs to see (BOX-2).

use std::error::Error;

use domain::account::{Account, AccountId};
use domain::case::{Case, FileNumber};
use domain::inbox::{InboxItem, InboxItemId, Reading};
use domain::policy::{Action, Actor, CounselWork, Permit, RegistryWork, authorize};
use domain::tribunal_time::Moment;
use receipts::service_record::{Capacity, FirstReading, Person, ServedDocument, ServiceRecord};
use receipts::{Kind, ReceiptFile};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ports::storage::{Snapshot, StorageError};
use crate::receipt::local;
use crate::{Application, UseCaseError, facts};

/// Where somebody looks for a document: counsel in their inbox, the registry on the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookedForIn<'a> {
    /// The inbox of that counsel.
    InboxOf(AccountId),
    /// What was sent on the case of that number, to whomever.
    Case(&'a FileNumber),
}

/// A record of service.
#[derive(Debug, Clone)]
pub struct SeenServiceRecord {
    /// The counsel to whom the document was made available.
    pub counsel: Account,
    /// On which case.
    pub case: Case,
    /// What the record says.
    pub says: ServiceRecord,
}

/// A record of service with the tribunal's signature.
#[derive(Debug, Clone)]
pub struct SignedServiceRecord {
    /// The record.
    pub seen: SeenServiceRecord,
    /// The file that is downloaded.
    pub file: ReceiptFile,
}

/// Shows the record as it is now, unsigned.
///
/// # Errors
/// [`UseCaseError::NotFound`] for what is not there, or not theirs; [`UseCaseError::Forbidden`] without access, and for delegates.
pub async fn see_service_record(
    app: &Application,
    actor: &Actor,
    place: LookedForIn<'_>,
    id: InboxItemId,
) -> Result<SeenServiceRecord, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (_, seen) = look(app, &mut *records, actor, place, id, &moment).await?;
    Ok(seen)
}

/// Signs the record as it is now. That it was given out, to whom and when, is in the audit trail before it is.
///
/// # Errors
/// As [`see_service_record`].
pub async fn sign_service_record(
    app: &Application,
    actor: &Actor,
    place: LookedForIn<'_>,
    id: InboxItemId,
) -> Result<SignedServiceRecord, UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let (permit, seen) = look(app, &mut *tx, actor, place, id, &moment).await?;
        let text = seen
            .says
            .to_text()
            .map_err(|error| corrupt(Box::new(error)))?;
        let file = ReceiptFile {
            signed: app.signer.sign(Kind::ServiceRecord, text),
            log_proof: None,
        };
        tx.commit(permit.into_audit_entry()).await?;
        Ok(SignedServiceRecord { seen, file })
    })
    .await
}

fn corrupt(source: Box<dyn Error + Send + Sync>) -> StorageError {
    StorageError::Corrupt {
        record: "inbox item",
        source,
    }
}

/// The record, for whoever may see it at `moment`.
async fn look(
    app: &Application,
    records: &mut dyn Snapshot,
    actor: &Actor,
    place: LookedForIn<'_>,
    id: InboxItemId,
    moment: &Moment,
) -> Result<(Permit, SeenServiceRecord), UseCaseError> {
    let (permit, item, case) = match place {
        LookedForIn::InboxOf(counsel) => {
            let representation =
                facts::representation(records, actor, counsel, moment, &app.terms).await?;
            // Whether they may see this counsel's inbox at all comes first: otherwise the answer would tell which items exist.
            let may = Action::OfCounsel(&representation, CounselWork::SeeInbox);
            authorize(actor, &may, moment, &app.terms)?;
            let (item, case) = item(records, id).await?;
            // One of another counsel is as good as none, also for who may not see such a record.
            if item.counsel != counsel {
                return Err(UseCaseError::NotFound);
            }
            let work = CounselWork::SeeServiceRecord(&item, &case);
            let action = Action::OfCounsel(&representation, work);
            (authorize(actor, &action, moment, &app.terms)?, item, case)
        }
        LookedForIn::Case(number) => {
            let may = Action::OfRegistry(RegistryWork::SeeCase);
            authorize(actor, &may, moment, &app.terms)?;
            let (item, case) = item(records, id).await?;
            if case.file_number != *number {
                return Err(UseCaseError::NotFound);
            }
            let action = Action::OfRegistry(RegistryWork::SeeServiceRecord(&item, &case));
            (authorize(actor, &action, moment, &app.terms)?, item, case)
        }
    };
    let counsel = records.accounts().by_id(item.counsel).await?;
    let counsel = counsel.ok_or(UseCaseError::NotFound)?;
    let says = said(app, &item, &case, &counsel, moment.at);
    let says = says.map_err(|error| corrupt(Box::new(error)))?;
    let seen = SeenServiceRecord {
        counsel,
        case,
        says,
    };
    Ok((permit, seen))
}

async fn item(
    records: &mut dyn Snapshot,
    id: InboxItemId,
) -> Result<(InboxItem, Case), UseCaseError> {
    let filed = records.inbox().by_id(id).await?;
    let item = filed.ok_or(UseCaseError::NotFound)?.item;
    let case = facts::case(records, item.case).await?;
    Ok((item, case))
}

/// What the record says. Times are the tribunal's and the office's, as on receipts (SUB-6).
fn said(
    app: &Application,
    item: &InboxItem,
    case: &Case,
    counsel: &Account,
    as_of: OffsetDateTime,
) -> Result<ServiceRecord, time::error::Format> {
    let at = item.made_available_at;
    let reading = |reading: &Reading| {
        Ok::<_, time::error::Format>(FirstReading {
            account: reading.by.account.to_string(),
            name: reading.by.name.clone(),
            capacity: if reading.by.account == item.counsel {
                Capacity::Counsel
            } else {
                Capacity::Delegate
            },
            first_read_at: reading.at.format(&Rfc3339)?,
        })
    };
    let deleted = item.deleted_at.map(|at| at.format(&Rfc3339));
    Ok(ServiceRecord {
        item: item.id.to_string(),
        file_number: case.file_number.to_string(),
        document_type: item.sent.document_type.to_string(),
        title: item.sent.title.clone(),
        document: ServedDocument {
            name: item.sent.name.as_str().to_owned(),
            size: item.sent.size,
            sha256: item.sent.sha256.to_string(),
        },
        counsel: Person {
            account: counsel.id.to_string(),
            name: counsel.name.to_string(),
        },
        made_available_at: at.format(&Rfc3339)?,
        made_available_tribunal: local(app, &app.tribunal.zone, at)?,
        made_available_office: local(app, &item.office_zone(case, &app.tribunal, &*app.zones), at)?,
        readings: item
            .readings
            .iter()
            .map(reading)
            .collect::<Result<_, _>>()?,
        deleted_from_general_inbox_at: deleted.transpose()?,
        as_of: as_of.format(&Rfc3339)?,
    })
}
