//! A file comes in piece by piece. Each piece is kept sealed as a document of its own before the offset moves, so that what was
//! said to be there is there after a crash, for every process. A whole file goes the way of every file:
//! [`receive_document`](crate::receive_document). The policy is asked at each request: who lost access cannot go on.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use domain::account::AccountId;
use domain::audit::{AuditEntry, SubjectKind};
use domain::case::CaseId;
use domain::document::{DocumentId, FileName};
use domain::id::Id;
use domain::policy::{Action, Actor, CounselWork, Permit, authorize};
use domain::submission::SubmittedFile;
use domain::upload::{AppendRefused, Upload, UploadId, UploadRefused};
use futures_util::{StreamExt, TryStreamExt, stream};
use time::OffsetDateTime;

use crate::ports::documents::{ByteStream, DocumentsError};
use crate::ports::storage::StorageError;
use crate::ports::uploads::Part;
use crate::receive_document::{
    CheckedFile, IncomingFile, Intake, ReceiveError, discard_documents, discard_unnamed,
    may_submit, receive_kept, title_of,
};
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError, facts};

mod checksum;
mod verdicts;

use self::checksum::Digesting;
pub use self::checksum::{Algorithm, Checksum, ChecksumUnusable};
pub use self::verdicts::Verdicts;

/// Bytes of one part: what a crash costs at most.
const PART: u64 = 4 * 1024 * 1024;

/// How many parts one upload may have; more are sent only to do harm.
const PARTS_AT_MOST: usize = 5_000;

/// Somebody who uploads.
#[derive(Debug, Clone)]
pub struct Uploader {
    /// Who.
    pub actor: Actor,
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// Set for whoever may only finish what was begun before then (HELP-2).
    pub finishing: Option<OffsetDateTime>,
}

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The door stayed shut, there is no such upload, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// Its time is over.
    #[error("the upload was kept too long")]
    Over,
    /// It cannot be begun.
    #[error("{why}")]
    Refused {
        /// Of which file.
        name: FileName,
        /// Why.
        why: UploadRefused,
    },
    /// This person has as many as one may have.
    #[error("there are {0} uploads already")]
    TooMany(usize),
    /// These bytes cannot be added.
    #[error(transparent)]
    Append(#[from] AppendRefused),
    /// It came in more parts than any connection needs.
    #[error("the upload came in too many parts")]
    TooManyParts,
    /// The bytes are not those that were sent. Nothing of them is kept.
    #[error("the bytes have another checksum")]
    ChecksumWrong,
    /// The sender's bytes broke off; what came is kept.
    #[error("the upload broke off")]
    BrokenOff,
    /// Something is wrong with the file, or it cannot be looked into now.
    #[error(transparent)]
    File(#[from] ReceiveError),
    /// A file that is submitted before every byte came.
    #[error("not every byte of {0} came")]
    NotWhole(FileName),
    /// The store of documents does not work.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
}

with_use_case_errors!(UploadError);

/// Begins an upload of a file of that name and length.
///
/// # Errors
/// [`UploadError`].
pub async fn begin_upload(
    app: &Application,
    who: &Uploader,
    name: FileName,
    length: u64,
) -> Result<Upload, UploadError> {
    let permit = may_prepare(app, who).await?;
    let caller = who.actor.caller().ok_or(UseCaseError::NotFound)?;
    if who.finishing.is_some() {
        return Err(UploadError::Over);
    }
    let now = permit.at();
    let upload = Upload {
        id: Id::new(app.random.uuid(now)),
        account: caller.account.id,
        counsel: who.counsel,
        case: who.case,
        name: name.clone(),
        length,
        offset: 0,
        begun_at: now,
        file: None,
    };
    let upload = upload
        .checked(&app.terms)
        .map_err(|why| UploadError::Refused { name, why })?;
    let (at_most, since) = (app.terms.uploads_at_most, now - app.terms.upload);
    let entry = permit
        .into_audit_entry()
        .about(SubjectKind::Upload, upload.id.uuid());
    let within = async |at_most| {
        let begin = || app.uploads.begin(&upload, at_most, since, &entry);
        app.retrying(begin).await
    };
    let mut begun = within(at_most).await?;
    if !begun {
        let lost = lost(app, who, since).await?;
        begun = lost > 0 && within(at_most.saturating_add(lost)).await?;
    }
    if begun {
        Ok(upload)
    } else {
        Err(UploadError::TooMany(at_most))
    }
}

/// How many uploads somebody began since then on cases that are not theirs any more. They can neither go on with them nor end them, so these
/// hold no place until they are over.
async fn lost(
    app: &Application,
    who: &Uploader,
    since: OffsetDateTime,
) -> Result<usize, UploadError> {
    let caller = who.actor.caller().ok_or(UseCaseError::NotFound)?;
    let mut on: BTreeMap<(AccountId, CaseId), usize> = BTreeMap::new();
    for upload in app.uploads.of(caller.account.id).await? {
        if upload.begun_at > since {
            *on.entry((upload.counsel, upload.case)).or_default() += 1;
        }
    }
    let mut lost = 0;
    for ((counsel, case), uploads) in on {
        let there = Uploader {
            counsel,
            case,
            ..who.clone()
        };
        match may_prepare(app, &there).await {
            Ok(_) => {}
            Err(UseCaseError::Forbidden(_) | UseCaseError::NotFound) => lost += uploads,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(lost)
}

/// Leave to begin or discard an upload: like a draft, it prepares a submission, and nothing is sent by it.
async fn may_prepare(app: &Application, who: &Uploader) -> Result<Permit, UseCaseError> {
    let moment = app.moment();
    let mut records = app.storage.read().await?;
    let (counsel, case) = (who.counsel, who.case);
    let (representation, case) =
        facts::case_of(&mut *records, app, &who.actor, counsel, case, &moment).await?;
    let work = CounselWork::PrepareSubmission(&case);
    let action = Action::OfCounsel(&representation, work);
    Ok(authorize(&who.actor, &action, &moment, &app.terms)?)
}

/// Somebody's own upload on that case, and leave to go on with it.
async fn own_upload(
    app: &Application,
    who: &Uploader,
    id: UploadId,
) -> Result<(Upload, Intake), UploadError> {
    let (_, intake) = may_submit(app, &who.actor, who.counsel, who.case).await?;
    Ok((find_theirs(app, who, id).await?, intake))
}

async fn find_theirs(
    app: &Application,
    who: &Uploader,
    id: UploadId,
) -> Result<Upload, UploadError> {
    let upload = app.uploads.find(id).await?;
    let upload = upload.filter(|upload| is_theirs(upload, who));
    let upload = upload.ok_or(UseCaseError::NotFound)?;
    if upload.is_over(app.clock.now(), &app.terms) {
        return Err(UploadError::Over);
    }
    Ok(upload)
}

fn is_theirs(upload: &Upload, who: &Uploader) -> bool {
    let begun_by_them = who
        .actor
        .caller()
        .is_some_and(|caller| caller.account.id == upload.account);
    let in_time = who.finishing.is_none_or(|until| upload.begun_at < until);
    begun_by_them && in_time && upload.counsel == who.counsel && upload.case == who.case
}

/// Shows an upload to whoever began it.
///
/// # Errors
/// [`UploadError`]: not found for one of somebody else, over for one that was kept too long.
pub async fn see_upload(
    app: &Application,
    who: &Uploader,
    id: UploadId,
) -> Result<Upload, UploadError> {
    Ok(own_upload(app, who, id).await?.0)
}

/// The uploads that somebody has on that case.
///
/// # Errors
/// [`UploadError`].
pub async fn list_uploads(app: &Application, who: &Uploader) -> Result<Vec<Upload>, UploadError> {
    may_submit(app, &who.actor, who.counsel, who.case).await?;
    let caller = who.actor.caller().ok_or(UseCaseError::NotFound)?;
    let now = app.clock.now();
    let mut uploads = app.uploads.of(caller.account.id).await?;
    uploads.retain(|upload| is_theirs(upload, who) && !upload.is_over(now, &app.terms));
    Ok(uploads)
}

/// Bytes as they are sent.
pub struct Sent<'a> {
    /// Where they belong.
    pub offset: u64,
    /// How many, if it is said beforehand.
    pub announced: Option<u64>,
    /// What they must come to; they count only if they do.
    pub checksum: Option<Checksum>,
    /// Themselves.
    pub bytes: ByteStream<'a>,
}

/// Adds bytes, part by part. What came before a connection broke off is kept, unless there is a checksum, which only all of them have.
/// With the last byte, the file is looked into at once: a file that is refused is gone.
///
/// # Errors
/// [`UploadError`].
pub async fn append(
    app: &Application,
    who: &Uploader,
    id: UploadId,
    sent: Sent<'_>,
) -> Result<Upload, UploadError> {
    let (upload, intake) = own_upload(app, who, id).await?;
    let room = upload.room(sent.offset, sent.announced)?;
    let before = app.uploads.parts(id).await?.len();
    let mut arriving = Arriving {
        app,
        id,
        offset: upload.offset,
        room,
        parts: before,
        waiting: VecDeque::new(),
    };
    let taken = arriving.take(sent).await;
    let offset = arriving.offset;
    if let Err(error) = &taken {
        arriving.give_up(error).await;
    }
    taken?;
    judge(app, &intake, Upload { offset, ..upload }).await
}

/// Bytes that are arriving.
struct Arriving<'a> {
    app: &'a Application,
    id: UploadId,
    offset: u64,
    room: u64,
    parts: usize,
    /// Kept, and not yet counted.
    waiting: VecDeque<Part>,
}

impl Arriving<'_> {
    async fn take(&mut self, sent: Sent<'_>) -> Result<(), UploadError> {
        let length = self.offset.saturating_add(self.room);
        let expected = sent.checksum;
        let mut incoming = Incoming::new(sent.bytes, expected.as_ref());
        while incoming.has_more().await {
            if self.room == 0 {
                return Err(AppendRefused::TooMany(length).into());
            }
            if self.parts >= PARTS_AT_MOST {
                return Err(UploadError::TooManyParts);
            }
            let part = self.keep(&mut incoming).await?;
            self.room = self.room.saturating_sub(part.bytes);
            self.parts += 1;
            self.waiting.push_back(part);
            if expected.is_none() {
                self.count().await?;
            }
        }
        if let Some(expected) = expected {
            if incoming.broken {
                return Err(UploadError::BrokenOff);
            }
            if !incoming.matches(&expected) {
                return Err(UploadError::ChecksumWrong);
            }
            self.count().await?;
        }
        if incoming.broken {
            Err(UploadError::BrokenOff)
        } else {
            Ok(())
        }
    }

    /// Keeps the next part, where every process can read it.
    async fn keep(&self, incoming: &mut Incoming<'_>) -> Result<Part, UploadError> {
        let app = self.app;
        let document: DocumentId = Id::new(app.random.uuid(app.clock.now()));
        let at_most = PART.min(self.room);
        let (received, _in_quarantine) = app
            .documents
            .receive(document, incoming.part(at_most), at_most)
            .await?;
        if let Err(error) = app.documents.keep(document).await {
            discard_documents(app, &[document]).await;
            return Err(error.into());
        }
        Ok(Part {
            document,
            bytes: received.size,
        })
    }

    /// Counts what is kept: from then on it is there.
    async fn count(&mut self) -> Result<(), UploadError> {
        let parts = self.waiting.make_contiguous().to_vec();
        let (app, id, offset) = (self.app, self.id, self.offset);
        let counted = app
            .retrying(|| app.uploads.append(id, offset, &parts))
            .await?;
        if !counted {
            // Somebody else added at the same place, or ended it.
            let now = app.uploads.find(id).await?.ok_or(UseCaseError::NotFound)?;
            return Err(AppendRefused::Elsewhere {
                expected: now.offset,
            }
            .into());
        }
        let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
        self.offset = self.offset.saturating_add(bytes);
        self.waiting.clear();
        Ok(())
    }

    /// Removes what was kept and never counted, whose ids nobody else knows. Whether a database that does not answer counted it is not
    /// known: the job that tidies documents asks later.
    async fn give_up(self, error: &UploadError) {
        if let UploadError::UseCase(UseCaseError::Storage(StorageError::Unavailable(_))) = error {
            return;
        }
        let documents: Vec<DocumentId> = self.waiting.iter().map(|part| part.document).collect();
        discard_documents(self.app, &documents).await;
    }
}

/// A sender's bytes, cut into parts.
struct Incoming<'a> {
    bytes: ByteStream<'a>,
    /// Read, and not in a part yet.
    rest: Bytes,
    broken: bool,
    digesting: Option<Digesting>,
}

impl<'a> Incoming<'a> {
    fn new(bytes: ByteStream<'a>, checksum: Option<&Checksum>) -> Self {
        Self {
            bytes,
            rest: Bytes::new(),
            broken: false,
            digesting: checksum.map(Digesting::of),
        }
    }

    /// Whether there are more bytes; waits for them.
    async fn has_more(&mut self) -> bool {
        while self.rest.is_empty() && !self.broken {
            match self.bytes.next().await {
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(_)) => self.broken = true,
                None => return false,
            }
        }
        !self.rest.is_empty()
    }

    /// The next bytes, at most so many. A connection that breaks off ends it.
    fn part(&mut self, at_most: u64) -> ByteStream<'_> {
        let pieces = stream::unfold((self, at_most), |(incoming, left)| async move {
            if left == 0 || !incoming.has_more().await {
                return None;
            }
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            let length = incoming.rest.len().min(most);
            let piece = incoming.rest.split_to(length);
            if let Some(digesting) = &mut incoming.digesting {
                digesting.take(&piece);
            }
            let left = left.saturating_sub(piece.len() as u64);
            Some((Ok(piece), (incoming, left)))
        });
        Box::pin(pieces)
    }

    fn matches(&mut self, expected: &Checksum) -> bool {
        self.digesting
            .take()
            .is_some_and(|digesting| digesting.is(expected))
    }
}

/// What became of a part while it was kept, where no other try will find it whole: the file must be sent anew.
fn damage(error: &ReceiveError) -> Option<&DocumentsError> {
    let ReceiveError::Unavailable(why) = error else {
        return None;
    };
    let why = why.downcast_ref::<std::io::Error>()?.get_ref()?;
    why.downcast_ref()
        .filter(|why| matches!(why, DocumentsError::Altered(_) | DocumentsError::Missing))
}

/// Looks into a file of which every byte came, once: it is kept in the place of its parts, or refused and gone.
async fn judge(app: &Application, intake: &Intake, upload: Upload) -> Result<Upload, UploadError> {
    if !upload.is_whole() || upload.file.is_some() {
        return Ok(upload);
    }
    // Whoever comes meanwhile waits, and takes what came of it: each look takes as much of the disk as the file has bytes.
    let _turn = app.verdicts.turn(upload.id).await;
    let parts = app.uploads.parts(upload.id).await?;
    // Its parts are gone once somebody else has looked into it: what is there after them is asked now.
    let upload = still_there(app, upload.id).await?;
    if upload.file.is_some() {
        return Ok(upload);
    }
    let opened = stream::iter(parts.clone()).then(|part| app.documents.open(part));
    let bytes = opened.map_err(std::io::Error::other).try_flatten();
    let incoming = IncomingFile {
        name: upload.name.clone(),
        title: None,
        bytes: Box::pin(bytes),
    };
    let file = match receive_kept(app, intake, incoming).await {
        Ok(file) => file,
        Err(error) => {
            let now = still_there(app, upload.id).await?;
            if now.file.is_some() {
                return Ok(now);
            }
            if let Some(damage) = damage(&error) {
                tracing::error!(upload = %upload.id, error = damage as &dyn std::error::Error, "a part of an upload is not as it was kept");
                let refused = intake.entry().refused_because("part-damaged");
                let entry = refused.about(SubjectKind::Upload, upload.id.uuid());
                end(app, upload.id, None, &entry).await?;
                return Err(UploadError::Over);
            }
            if !matches!(error, ReceiveError::Problem { .. }) {
                return Err(error.into());
            }
            let refused = intake.entry().refused_because("file-refused");
            let entry = refused.about(SubjectKind::Upload, upload.id.uuid());
            end(app, upload.id, None, &entry).await?;
            return Err(error.into());
        }
    };
    if app
        .retrying(|| app.uploads.became(upload.id, file.facts()))
        .await?
    {
        discard_documents(app, &parts).await;
        return Ok(Upload {
            file: Some(file.facts),
            ..upload
        });
    }
    // Somebody else looked into it too and was first, or ended it.
    discard_documents(app, &[file.facts.document]).await;
    still_there(app, upload.id).await
}

/// The upload as it is now, where it was not ended.
async fn still_there(app: &Application, id: UploadId) -> Result<Upload, UploadError> {
    let now = app.uploads.find(id).await?;
    Ok(now.ok_or(UseCaseError::NotFound)?)
}

/// Ends an upload that its person does not want any more.
///
/// # Errors
/// [`UploadError`].
pub async fn terminate(app: &Application, who: &Uploader, id: UploadId) -> Result<(), UploadError> {
    let permit = may_prepare(app, who).await?;
    let upload = find_theirs(app, who, id).await?;
    let entry = permit.into_audit_entry();
    let entry = entry.about(SubjectKind::DiscardedUpload, id.uuid());
    Ok(end(app, id, document_of(&upload), &entry).await?)
}

fn document_of(upload: &Upload) -> Option<DocumentId> {
    upload.file.as_ref().map(|file| file.document)
}

/// Ends an upload, and removes its bytes unless a draft or a submission has them.
pub(crate) async fn end(
    app: &Application,
    id: UploadId,
    document: Option<DocumentId>,
    entry: &AuditEntry,
) -> Result<(), StorageError> {
    let parts = app.uploads.parts(id).await?;
    app.retrying(|| app.uploads.end(id, Some(entry))).await?;
    discard_documents(app, &parts).await;
    discard_unnamed(app, document.as_slice()).await;
    Ok(())
}

/// The file of a whole upload, to be put into a draft or a submission under that title; it is looked into if nobody did.
///
/// # Errors
/// [`UploadError`].
pub async fn uploaded(
    app: &Application,
    who: &Uploader,
    id: UploadId,
    title: Option<&str>,
) -> Result<CheckedFile, UploadError> {
    let (upload, intake) = own_upload(app, who, id).await?;
    let upload = judge(app, &intake, upload).await?;
    let file = upload.file.ok_or(UploadError::NotWhole(upload.name))?;
    Ok(CheckedFile {
        upload: Some(id),
        ..CheckedFile::of(SubmittedFile {
            title: title_of(title),
            ..file
        })
    })
}

/// Forgets the uploads whose files a draft or a submission has now, whose own entry is in the trail. If that does not work, the job that tidies documents does.
pub(crate) async fn taken(app: &Application, files: &[CheckedFile]) {
    for id in files.iter().filter_map(|file| file.upload) {
        if let Err(error) = app.retrying(|| app.uploads.end(id, None)).await {
            tracing::warn!(upload = %id, error = &error as &dyn std::error::Error, "an upload that was taken is still there");
        }
    }
}
