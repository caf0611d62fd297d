//! The signed receipt of a submission: made in the transaction that receives it, shown to whoever sees the submission, with the proof
//! that it is in the log once it is.

use std::error::Error;

use domain::account::AccountId;
use domain::case::{CaseId, FileNumber};
use domain::policy::Actor;
use domain::submission::{Submission, SubmissionId};
use domain::tribunal_time::ZoneName;
use receipts::receipt::{LocalTime, Receipt, ReceivedFile};
use receipts::{
    Kind, LogProof, ReceiptFile, SignedStatement, Tiles, VerifierKey, inclusion_proof,
    needed_for_inclusion,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ports::receipt_log::Which;
use crate::ports::storage::StorageError;
use crate::see_submission::{SeenSubmission, see_submission};
use crate::{Application, UseCaseError};

/// What of the log cannot be understood.
pub(crate) fn corrupt_log(source: impl Into<Box<dyn Error + Send + Sync>>) -> StorageError {
    StorageError::Corrupt {
        record: "log",
        source: source.into(),
    }
}

/// Signs the receipt of a submission on that file.
pub(crate) fn issue(
    app: &Application,
    submission: &Submission,
    file_number: &FileNumber,
) -> Result<SignedStatement, StorageError> {
    let corrupt = |source: Box<dyn Error + Send + Sync>| StorageError::Corrupt {
        record: "receipt",
        source,
    };
    let said = said(app, submission, file_number, &app.random.bytes())
        .map_err(|error| corrupt(Box::new(error)))?;
    let text = said.to_text().map_err(|error| corrupt(Box::new(error)))?;
    Ok(app.signer.sign(Kind::Receipt, text))
}

/// What the receipt says. Times are the tribunal's and the office's (SUB-6).
fn said(
    app: &Application,
    submission: &Submission,
    file_number: &FileNumber,
    salt: &[u8; 32],
) -> Result<Receipt, time::error::Format> {
    let at = submission.received_at;
    let office = submission
        .judged_in(&*app.zones)
        .unwrap_or_else(|| app.tribunal.zone.clone());
    let files = submission.files.iter().map(|file| ReceivedFile {
        name: file.name.as_str().to_owned(),
        size: file.size,
        pages: file.pages,
        sha256: file.sha256.to_string(),
    });
    Ok(Receipt {
        confirmation_number: submission.confirmation_number.to_string(),
        file_number: file_number.to_string(),
        document_type: submission.document_type.to_string(),
        submitted_by: submission.submitted_by.name.clone(),
        on_behalf_of: submission.on_behalf_of.name.clone(),
        received_at: at.format(&Rfc3339)?,
        received_tribunal: local(app, &app.tribunal.zone, at)?,
        received_office: local(app, &office, at)?,
        files: files.collect(),
        salt: domain::document::Sha256::new(*salt).to_string(),
    })
}

/// As the clocks of a zone show it, to the second.
pub(crate) fn local(
    app: &Application,
    zone: &ZoneName,
    at: OffsetDateTime,
) -> Result<LocalTime, time::error::Format> {
    let local = app.zones.local(zone, at).at;
    let to_the_second = local.replace_nanosecond(0).unwrap_or(local);
    Ok(LocalTime {
        zone: zone.as_str().to_owned(),
        time: to_the_second.format(&Rfc3339)?,
    })
}

/// Whether a receipt says of a submission what its record says. What may change without anybody's fault is not compared: the number that the
/// case's file bears, and what clocks show.
pub(crate) fn agree(receipt: &Receipt, submission: &Submission) -> bool {
    let received_at = submission.received_at.format(&Rfc3339).unwrap_or_default();
    let same_files = receipt.files.len() == submission.files.len()
        && receipt
            .files
            .iter()
            .zip(&submission.files)
            .all(|(said, file)| {
                said.name == file.name.as_str()
                    && said.size == file.size
                    && said.pages == file.pages
                    && said.sha256 == file.sha256.to_string()
            });
    same_files
        && receipt.confirmation_number == submission.confirmation_number.to_string()
        && receipt.document_type == submission.document_type.to_string()
        && receipt.submitted_by == submission.submitted_by.name
        && receipt.on_behalf_of == submission.on_behalf_of.name
        && receipt.received_at == received_at
}

/// A receipt, for whoever sees its submission.
#[derive(Debug, Clone)]
pub struct SeenReceipt {
    /// The submission.
    pub of: SeenSubmission,
    /// What the receipt says.
    pub says: Receipt,
    /// The file that is downloaded.
    pub file: ReceiptFile,
    /// Its place in the log, and how many entries the log had when that was looked up.
    pub place: Option<(u64, u64)>,
}

/// Why no receipt is shown.
#[derive(Debug, thiserror::Error)]
pub enum SeeReceiptError {
    /// The submission is not shown either.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// The submission is from before receipts were signed.
    #[error("this submission is from before receipts were signed")]
    NeverSigned,
}

impl From<StorageError> for SeeReceiptError {
    fn from(error: StorageError) -> Self {
        Self::UseCase(error.into())
    }
}

/// Shows a submission's receipt.
///
/// # Errors
/// As [`see_submission`]; [`SeeReceiptError::NeverSigned`].
pub async fn see_receipt(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
    id: SubmissionId,
) -> Result<SeenReceipt, SeeReceiptError> {
    let of = see_submission(app, actor, counsel, case, id).await?;
    let signed = app.storage.read().await?.receipts().of(id).await?;
    let signed = signed.ok_or(SeeReceiptError::NeverSigned)?;
    let says = Receipt::from_text(signed.text()).map_err(|error| StorageError::Corrupt {
        record: "receipt",
        source: Box::new(error),
    })?;
    let proof = proof_of(app, id).await?;
    Ok(SeenReceipt {
        of,
        says,
        place: proof.as_ref().map(|(proof, size)| (proof.index, *size)),
        file: ReceiptFile {
            signed,
            log_proof: proof.map(|(proof, _)| proof.to_string()),
        },
    })
}

/// That a receipt is in the log's newest head, and how many entries that has.
async fn proof_of(
    app: &Application,
    id: SubmissionId,
) -> Result<Option<(LogProof, u64)>, StorageError> {
    let Some(index) = app.log.place_of(id).await? else {
        return Ok(None);
    };
    let Some(head) = app.log.head().await? else {
        return Ok(None);
    };
    let needed: Vec<_> = needed_for_inclusion(index, head.size).into_iter().collect();
    let mut tiles = Tiles::default();
    for (at, hashes) in app.log.tiles(Which::Newest, &needed).await? {
        tiles.put(at, hashes, head.size);
    }
    let hashes = inclusion_proof(index, head.size, &tiles).map_err(corrupt_log)?;
    Ok(hashes.map(|hashes| {
        let proof = LogProof {
            index,
            hashes,
            checkpoint: head.note,
        };
        (proof, head.size)
    }))
}

/// The keys by which anybody verifies: the present one first, then former ones.
pub fn verifier_keys(app: &Application) -> Vec<VerifierKey> {
    app.signer.keys().to_vec()
}
