//! A file comes in: streamed into quarantine, hashed on the way, scanned for viruses, looked into, and found good or refused (SUB-1).
//! Permission is asked before the first byte is taken.

use domain::account::AccountId;
use domain::audit::{AuditEntry, SubjectKind};
use domain::case::CaseId;
use domain::document::{DocumentId, FileName, FileProblem, Inspected};
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, Permit, authorize};
use domain::submission::SubmittedFile;
use domain::upload::UploadId;
use futures_util::future::join;

use crate::ports::documents::{ByteStream, DocumentsError, Durable};
use crate::ports::inspector::InspectError;
use crate::ports::storage::StorageError;
use crate::ports::virus_scanner::{NotWorking, ScanError};
use crate::see_case::SeenCase;
use crate::{Application, UseCaseError, facts};

/// A file as it comes.
pub struct IncomingFile<'a> {
    /// What the sender calls the file.
    pub name: FileName,
    /// Its title in the list of documents, if the sender gave one.
    pub title: Option<String>,
    /// Its bytes.
    pub bytes: ByteStream<'a>,
}

/// Leave to bring files in, from the policy. It is what the audit trail gets if one of them is refused (SEC-2).
#[derive(Debug, Clone)]
pub struct Intake(AuditEntry);

impl Intake {
    /// Spends a permit for that.
    pub fn of(permit: Permit) -> Self {
        Self(permit.into_audit_entry())
    }

    pub(crate) fn entry(&self) -> AuditEntry {
        self.0.clone()
    }
}

/// A file that came in, was found good, and is kept: outside this crate only [`receive_document`] makes one, and an upload that is whole. It is
/// kept until it is submitted or discarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFile {
    pub(crate) facts: SubmittedFile,
    /// The proof that it is kept, where it came with this very request.
    pub(crate) durable: Option<Durable>,
    /// The upload that it is the file of, until something else has it.
    pub(crate) upload: Option<UploadId>,
}

impl CheckedFile {
    /// One that is no upload's, and came before or was written here.
    pub(crate) const fn of(facts: SubmittedFile) -> Self {
        Self {
            facts,
            durable: None,
            upload: None,
        }
    }

    /// Sees to it that it is kept. To ask the store again for what it has just made durable would have the disk sync once more.
    pub(crate) async fn keep(&self, app: &Application) -> Result<Durable, DocumentsError> {
        match self.durable {
            Some(durable) => Ok(durable),
            None => app.documents.keep(self.facts.document).await,
        }
    }

    /// Its name, type, size and digest.
    pub const fn facts(&self) -> &SubmittedFile {
        &self.facts
    }
}

/// A title as it is kept: none where only spaces were entered.
pub(crate) fn title_of(entered: Option<&str>) -> Option<String> {
    let title = entered.map(str::trim).filter(|title| !title.is_empty());
    title.map(str::to_owned)
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Something is wrong with the file; the sender can mend it.
    #[error("{problem}")]
    Problem {
        /// Which file.
        name: FileName,
        /// What.
        problem: FileProblem,
    },
    /// The sender's bytes broke off.
    #[error("the upload broke off")]
    BrokenOff(#[source] std::io::Error),
    /// The virus scanner does not work, and nothing passes unscanned.
    #[error("files cannot be scanned now")]
    NotScanned(#[source] NotWorking),
    /// The store of documents, or the inspection, does not work.
    #[error("documents cannot be taken now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Asks whether documents may be submitted on a case, before any byte of them is taken; shows on which.
///
/// # Errors
/// [`UseCaseError::NotFound`] or [`UseCaseError::Forbidden`].
pub async fn may_submit(
    app: &Application,
    actor: &Actor,
    counsel: AccountId,
    case: CaseId,
) -> Result<(SeenCase, Intake), UseCaseError> {
    let moment = app.moment();
    let (representation, case) = facts::case_to_look(app, actor, counsel, case, &moment).await?;
    let permit = authorize(
        actor,
        &Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case)),
        &moment,
        &app.terms,
    )?;
    let seen = SeenCase {
        counsel: representation.counsel,
        case,
    };
    Ok((seen, Intake::of(permit)))
}

/// Takes one file. Whatever is wrong with it, nothing of it stays.
///
/// # Errors
/// [`ReceiveError`].
pub async fn receive_document(
    app: &Application,
    intake: &Intake,
    file: IncomingFile<'_>,
) -> Result<CheckedFile, ReceiveError> {
    counted(app, receive(app, intake, file).await)
}

/// Counts what became of a file: what is wrong with it and what did not work here are two things.
fn counted(
    app: &Application,
    received: Result<CheckedFile, ReceiveError>,
) -> Result<CheckedFile, ReceiveError> {
    match &received {
        Ok(checked) => app.tally.file_taken(checked.facts.size),
        Err(ReceiveError::Problem { .. } | ReceiveError::BrokenOff(_)) => app.tally.file_refused(),
        Err(ReceiveError::NotScanned(_) | ReceiveError::Unavailable(_)) => app.tally.file_failed(),
    }
    received
}

/// Takes one file whose bytes are ours already: where they break off, it is our store that does.
///
/// # Errors
/// [`ReceiveError`], never that it broke off.
pub(crate) async fn receive_kept(
    app: &Application,
    intake: &Intake,
    file: IncomingFile<'_>,
) -> Result<CheckedFile, ReceiveError> {
    let received = receive(app, intake, file)
        .await
        .map_err(|error| match error {
            ReceiveError::BrokenOff(why) => ReceiveError::Unavailable(why.into()),
            other => other,
        });
    counted(app, received)
}

async fn receive(
    app: &Application,
    intake: &Intake,
    file: IncomingFile<'_>,
) -> Result<CheckedFile, ReceiveError> {
    let IncomingFile { name, title, bytes } = file;
    let id: DocumentId = Id::new(app.random.uuid(app.clock.now()));
    let limit = app.terms.file_bytes_at_most;
    // Held until there is an answer: whoever leaves before leaves nothing behind.
    let (received, _in_quarantine) =
        app.documents
            .receive(id, bytes, limit)
            .await
            .map_err(|error| match error {
                DocumentsError::TooLarge { limit } => ReceiveError::Problem {
                    name: name.clone(),
                    problem: FileProblem::TooLarge { limit },
                },
                DocumentsError::BrokenOff(why) => ReceiveError::BrokenOff(why),
                other => ReceiveError::Unavailable(Box::new(other)),
            })?;
    match looked_into_and_kept(app, intake, id, &name).await {
        Ok((inspected, durable)) => Ok(CheckedFile {
            durable: Some(durable),
            ..CheckedFile::of(SubmittedFile {
                document: durable.id,
                name,
                title: title_of(title.as_deref()),
                media_type: inspected.media_type,
                size: received.size,
                pages: inspected.pages,
                sha256: received.sha256,
            })
        }),
        Err(error) => {
            discard_documents(app, &[id]).await;
            Err(error)
        }
    }
}

/// Keeps a file if it is found good: from then on it lies sealed, and the next request may come to another machine. To seal it takes as
/// long as to look into it, and is done meanwhile; what was sealed of a file that is not good never had a name.
async fn looked_into_and_kept(
    app: &Application,
    intake: &Intake,
    id: DocumentId,
    name: &FileName,
) -> Result<(Inspected, Durable), ReceiveError> {
    let unavailable = |error| ReceiveError::Unavailable(Box::new(error));
    let looking = look_inside(app, intake, id, name);
    let (looked, prepared) = join(looking, app.documents.prepare(id)).await;
    // What is wrong with the file comes first: that is for its sender to mend.
    let inspected = looked?;
    let prepared = prepared.map_err(unavailable)?;
    let durable = prepared.keep().await.map_err(unavailable)?;
    Ok((inspected, durable))
}

/// Scans first: what is infected comes near no parser.
async fn look_inside(
    app: &Application,
    intake: &Intake,
    id: DocumentId,
    name: &FileName,
) -> Result<Inspected, ReceiveError> {
    let path = app
        .documents
        .quarantined(id)
        .await
        .map_err(|error| ReceiveError::Unavailable(Box::new(error)))?;
    let wrong = |problem| ReceiveError::Problem {
        name: name.clone(),
        problem,
    };
    if let Some(scanner) = &app.virus_scanner {
        match scanner.scan(&path).await {
            Ok(()) => {}
            Err(ScanError::Infected { signature }) => {
                tracing::warn!(document = %id, signature, "an infected file was refused");
                record_infection(app, intake, id).await;
                return Err(wrong(FileProblem::Infected));
            }
            Err(ScanError::NotScannable { limit }) => {
                tracing::warn!(document = %id, limit, "a file that cannot be scanned was refused");
                return Err(wrong(FileProblem::NotScannable));
            }
            Err(ScanError::NotWorking(why)) => return Err(ReceiveError::NotScanned(why)),
        }
    }
    app.inspector
        .inspect(&path, name, &app.tribunal.accepted)
        .await
        .map_err(|error| match error {
            InspectError::Problem(problem) => wrong(problem),
            InspectError::Unavailable(source) => ReceiveError::Unavailable(source),
        })
}

/// Puts an infected file into the audit trail (SEC-2). If that does not work, the file is refused all the same, and the log has it.
async fn record_infection(app: &Application, Intake(entry): &Intake, id: DocumentId) {
    let recorded = app.retrying(|| async {
        let tx = app.storage.begin().await?;
        let entry = entry.clone().refused_because("infected");
        tx.commit(entry.about(SubjectKind::Document, id.uuid()))
            .await?;
        Ok::<_, StorageError>(())
    });
    if let Err(error) = recorded.await {
        tracing::error!(document = %id, error = &error as &dyn std::error::Error, "an infected file is not in the audit trail");
    }
}

/// Removes files that will not be submitted, but for those that something names: one that was uploaded piece by piece waits for the next try,
/// and nobody knows of a change whose answer was lost whether it was written.
pub async fn discard(app: &Application, files: impl IntoIterator<Item = &CheckedFile>) {
    let documents = files.into_iter().map(|file| file.facts.document);
    let documents: Vec<DocumentId> = documents.collect();
    discard_unnamed(app, &documents).await;
}

/// Gives up those of the documents that nothing names, and removes them. Whatever does not work is left to the job that tidies.
pub(crate) async fn discard_unnamed(app: &Application, documents: &[DocumentId]) {
    match app.retrying(|| app.given_up.give_up(documents)).await {
        Ok(given_up) => discard_documents(app, &given_up).await,
        Err(error) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "documents that nothing needs are left to the job that tidies"
        ),
    }
}

/// Removes documents that nobody else can name: they were made by whoever asks, or are given up. What cannot be removed now is removed by
/// the job that tidies documents.
pub(crate) async fn discard_documents(app: &Application, documents: &[DocumentId]) {
    for (id, error) in still_there(app, documents).await {
        tracing::warn!(document = %id, error = &error as &dyn std::error::Error, "a document could not be discarded");
    }
}

/// Removes documents that are given up; says which could not be, and why.
pub(crate) async fn still_there(
    app: &Application,
    documents: &[DocumentId],
) -> Vec<(DocumentId, DocumentsError)> {
    let mut still = Vec::new();
    for id in documents {
        if let Err(error) = app.documents.discard(*id).await {
            still.push((*id, error));
        }
    }
    still
}
