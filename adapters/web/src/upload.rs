//! Files and what goes with them as `multipart/form-data`, taken part by part, files streamed into quarantine as they come (SUB-1). No
//! file is ever whole in memory. The API stops at the first file that is not good; the pages go on, so that the good ones are not lost.

use std::collections::BTreeMap;
use std::mem;

use application::draft::{DraftId, draft_with};
use application::receive_document::{
    CheckedFile, IncomingFile, Intake, ReceiveError, discard, receive_document,
};
use application::send_document::SendDocument;
use application::submit_documents::Enclosed;
use application::uploads::{UploadError, Uploader, uploaded};
use application::{Application, UseCaseError};
use domain::case::FileNumber;
use domain::code::Code;
use domain::document::{DocumentId, FileName};
use domain::id::Id;
use domain::inbox::send_faults;
use domain::submission::{DocumentType, ServiceStatement, SubmissionRefused, Wish, check_title};
use domain::tribunal_time::TribunalDay;
use domain::upload::UploadId;
use futures_util::StreamExt;
use time::Date;
use time::macros::format_description;
use tokio::runtime::Handle;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use crate::entered::file_number;
use crate::parts::{Part, Parts};
use crate::problem::{Kind, Problem};

/// How many bytes of a file are taken at a time. The store gathers some of these before it writes.
const AT_A_TIME: usize = 64 * 1024;

/// What to do with a file that is not taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OnRefusal {
    /// Take nothing at all; nor where a text is not read, of which its sender would not hear otherwise.
    Stop(Readable),
    /// Take the others. A page's form has fields beside those that count.
    GoOn,
}

/// The parts of text that a program may send, each with what it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Readable {
    /// Of these there is one each.
    pub(crate) once: &'static [(&'static str, &'static str)],
    /// Of these there may be several.
    pub(crate) again: &'static [(&'static str, &'static str)],
}

impl Readable {
    /// Notes that a part has come, unless a text of it would be lost.
    fn note(self, name: &str, came: &mut Vec<&'static str>) -> Result<(), Problem> {
        let among = |parts: &'static [(&'static str, &'static str)]| {
            let mut names = parts.iter().map(|(known, _)| *known);
            names.find(|known| *known == name)
        };
        let refused = match among(self.once) {
            Some(known) if came.contains(&known) => Kind::PartRepeated,
            Some(known) => {
                came.push(known);
                return Ok(());
            }
            None if name == "file" || among(self.again).is_some() => return Ok(()),
            None => Kind::PartUnknown,
        };
        Err(Problem::from(refused).with("part", name))
    }
}

/// What the sender entered beside the files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    pub(crate) document_type: String,
    pub(crate) note: String,
    pub(crate) service_how: String,
    pub(crate) service_on: String,
    /// Titles of files that came in before.
    pub(crate) titles: BTreeMap<DocumentId, String>,
    /// File numbers of other cases.
    pub(crate) also_on: Vec<String>,
    /// What the registry calls a document that it sends.
    pub(crate) title: String,
    /// Which button was pressed.
    pub(crate) act: String,
    /// The same for every try to send the form once.
    pub(crate) key: String,
}

/// What was sent: its good files, which are kept, and its uploads, in the sender's order (SUB-7); each upload once.
pub(crate) struct Received {
    pub(crate) fields: Fields,
    pub(crate) enclosed: Vec<Enclosed>,
    /// Why the other files were not taken.
    pub(crate) refused: Vec<Problem>,
    /// To be held until there is an answer.
    pub(crate) behind: LeftBehind,
}

/// The files that a request brought, for as long as it is under way. However it ends, those that nothing names go: whoever leaves in the middle
/// of their sixth file leaves none of the five before it in the store (decision 0066).
pub(crate) struct LeftBehind {
    app: Application,
    files: Vec<CheckedFile>,
}

impl LeftBehind {
    fn of(app: &Application) -> Self {
        Self {
            app: app.clone(),
            files: Vec::new(),
        }
    }

    /// Something names all of them, or whoever was given them has given them up.
    pub(crate) fn are_settled(mut self) {
        self.files.clear();
    }

    /// Gives them up before there is an answer.
    pub(crate) async fn discard(mut self) {
        discard(&self.app, &self.files).await;
        self.files.clear();
    }
}

impl Drop for LeftBehind {
    fn drop(&mut self) {
        let files = mem::take(&mut self.files);
        // Without a runtime the process is about to end, and the job that tidies documents comes by.
        if let (false, Ok(runtime)) = (files.is_empty(), Handle::try_current()) {
            let app = self.app.clone();
            runtime.spawn(async move { discard(&app, &files).await });
        }
    }
}

/// Takes every part. `held` files are there already. When it fails, nothing is left behind.
pub(crate) async fn receive(
    app: &Application,
    intake: &Intake,
    parts: Parts,
    held: usize,
    on_refusal: OnRefusal,
) -> Result<Received, Problem> {
    let mut received = Received {
        fields: Fields::default(),
        enclosed: Vec::new(),
        refused: Vec::new(),
        behind: LeftBehind::of(app),
    };
    match take_parts(app, intake, parts, held, on_refusal, &mut received).await {
        Ok(()) => Ok(received),
        Err(problem) => {
            received.behind.discard().await;
            Err(problem)
        }
    }
}

/// Takes every part where one file is wanted. When it fails, nothing is left behind.
pub(crate) async fn receive_one(
    app: &Application,
    intake: &Intake,
    parts: Parts,
    on_refusal: OnRefusal,
) -> Result<(Fields, CheckedFile, LeftBehind), Problem> {
    let Received {
        fields,
        enclosed,
        behind,
        ..
    } = receive(app, intake, parts, 0, on_refusal).await?;
    match only_one(enclosed) {
        Ok(file) => Ok((fields, file, behind)),
        Err(problem) => {
            behind.discard().await;
            Err(problem)
        }
    }
}

/// The one file of what was sent.
pub(crate) fn only_one(enclosed: Vec<Enclosed>) -> Result<CheckedFile, Problem> {
    let mut files: Vec<CheckedFile> = Vec::with_capacity(enclosed.len());
    let mut other = false;
    for one in enclosed {
        match one {
            Enclosed::File(file) => files.push(file),
            Enclosed::Upload { .. } => other = true,
        }
    }
    if other {
        return Err(Problem::from(Kind::PartUnknown).with("part", "upload"));
    }
    if files.len() > 1 {
        let too_many = SubmissionRefused::TooManyFiles {
            limit: 1,
            surplus: files.len() - 1,
        };
        return Err(too_many.into());
    }
    files.pop().ok_or_else(|| SubmissionRefused::NoFile.into())
}

async fn take_parts(
    app: &Application,
    intake: &Intake,
    mut parts: Parts,
    held: usize,
    on_refusal: OnRefusal,
    received: &mut Received,
) -> Result<(), Problem> {
    let mut title = None;
    let mut came = Vec::new();
    while let Some(mut part) = parts.next().await? {
        let name = part.name().to_owned();
        if let OnRefusal::Stop(readable) = on_refusal {
            readable.note(&name, &mut came)?;
        }
        let fields = &mut received.fields;
        match name.as_str() {
            // A browser sends an empty part without a name where no file was chosen.
            "file" if part.file_name().is_none() && part.is_empty().await? => {}
            "file" => {
                let came = received.enclosed.iter().filter_map(Enclosed::file);
                let room = held + came.count() < app.terms.files_at_most;
                match take_file(app, intake, part, title.take(), room).await {
                    Ok(file) => {
                        received.behind.files.push(file.clone());
                        received.enclosed.push(Enclosed::File(file));
                    }
                    Err(refused) if refused.goes_on && matches!(on_refusal, OnRefusal::GoOn) => {
                        received.refused.push(refused.problem);
                    }
                    Err(refused) => return Err(refused.problem),
                }
            }
            "document_type" => fields.document_type = parts.text(part).await?,
            "note" => fields.note = parts.text(part).await?,
            "service_how" => fields.service_how = parts.text(part).await?,
            "service_on" => fields.service_on = parts.text(part).await?,
            "also_on" => {
                let numbers = parts.text(part).await?;
                let numbers = numbers.split(|c: char| c.is_whitespace() || ",;".contains(c));
                let numbers = numbers.filter(|number| !number.is_empty());
                fields.also_on.extend(numbers.map(str::to_owned));
            }
            // It would be the title of nothing.
            "title" if title.is_some() && matches!(on_refusal, OnRefusal::Stop(_)) => {
                return Err(Problem::from(Kind::PartRepeated).with("part", name));
            }
            "title" => {
                fields.title = parts.text(part).await?;
                title = Some(fields.title.clone());
            }
            "act" => fields.act = parts.text(part).await?,
            "key" => fields.key = parts.text(part).await?,
            "upload" => {
                let id = Uuid::parse_str(parts.text(part).await?.trim());
                match (id, title.take()) {
                    (Ok(id), title) => received.enclose(Id::new(id), title),
                    // A submission without an exhibit that its sender named must not be received.
                    (Err(_), _) => {
                        let problem = Problem::from(Kind::UploadIdUnusable).with("part", name);
                        match on_refusal {
                            OnRefusal::Stop(_) => return Err(problem),
                            OnRefusal::GoOn => received.refused.push(problem),
                        }
                    }
                }
            }
            other => match other.strip_prefix("title-").map(Uuid::parse_str) {
                Some(Ok(document)) => {
                    let text = parts.text(part).await?;
                    fields.titles.insert(Id::new(document), text);
                }
                // Nobody is told that a file was received which was put under a name that is not read.
                _ if part.is_file().await? => {
                    let problem = Problem::from(Kind::PartUnknown).with("part", name);
                    match on_refusal {
                        OnRefusal::Stop(_) => return Err(problem),
                        OnRefusal::GoOn => received.refused.push(problem),
                    }
                }
                _ => drop(parts.text(part).await?),
            },
        }
    }
    Ok(())
}

impl Received {
    /// Takes an upload, unless it is there already.
    fn enclose(&mut self, upload: UploadId, title: Option<String>) {
        let same =
            |enclosed: &Enclosed| matches!(enclosed, Enclosed::Upload { id, .. } if *id == upload);
        if !self.enclosed.iter().any(same) {
            self.enclosed.push(Enclosed::Upload { id: upload, title });
        }
    }
}

/// A file that was not taken, and whether the next one can be.
struct Refused {
    problem: Problem,
    goes_on: bool,
}

async fn take_file(
    app: &Application,
    intake: &Intake,
    part: Part,
    title: Option<String>,
    room: bool,
) -> Result<CheckedFile, Refused> {
    let name = FileName::from_sender(part.file_name().unwrap_or_default());
    if !room {
        let too_many = SubmissionRefused::TooManyFiles {
            limit: app.terms.files_at_most,
            surplus: 1,
        };
        return Err(Refused {
            problem: Problem::from(too_many).with("file", name.as_str()),
            goes_on: true,
        });
    }
    let bytes = ReaderStream::with_capacity(part.into_reader(), AT_A_TIME).boxed();
    let incoming = IncomingFile { name, title, bytes };
    receive_document(app, intake, incoming)
        .await
        .map_err(|error| Refused {
            goes_on: matches!(error, ReceiveError::Problem { .. }),
            problem: error.into(),
        })
}

/// Files that can be put into a draft.
#[derive(Default)]
pub(crate) struct Gathered {
    /// The good ones, in the sender's order.
    pub(crate) files: Vec<CheckedFile>,
    /// What stands in the way of the uploads that are not among them.
    pub(crate) refused: Vec<Problem>,
    /// Whether the draft that they are for has some of the uploads already: the same form was sent before.
    pub(crate) again: bool,
}

/// The files that were sent, and those of the uploads, each with what stands in its way, for that
/// draft if there is one.
pub(crate) async fn gather(
    app: &Application,
    who: &Uploader,
    enclosed: &[Enclosed],
    draft: Option<DraftId>,
) -> Result<Gathered, Problem> {
    let mut gathered = Gathered::default();
    for one in enclosed {
        let file = match one {
            Enclosed::File(file) => Ok(file.clone()),
            Enclosed::Upload { id, title } => uploaded(app, who, *id, title.as_deref()).await,
        };
        match file {
            Ok(file) => gathered.files.push(file),
            // Kept too long, or taken into a draft before.
            Err(UploadError::Over | UploadError::UseCase(UseCaseError::NotFound)) => {
                let id = one.upload();
                let on = (who.counsel, who.case);
                let taken = draft_with(app, &who.actor, on, id.as_slice()).await?;
                if taken.is_some() && taken == draft {
                    gathered.again = true;
                } else {
                    gathered.refused.push(Kind::UploadOver.into());
                }
            }
            Err(
                error
                @ (UploadError::NotWhole(_) | UploadError::File(ReceiveError::Problem { .. })),
            ) => gathered.refused.push(error.into()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(gathered)
}

impl Fields {
    /// What they amount to.
    pub(crate) fn wish(&self) -> Result<Wish, Problem> {
        let document_type = Code::parse(self.document_type.trim())
            .map_err(|_| SubmissionRefused::UnknownDocumentType)?;
        Ok(Wish {
            document_type,
            note: self.note.trim().to_owned(),
            service: self.service()?,
        })
    }

    /// The file as a document from the tribunal, on that case and the others (BOX-1).
    pub(crate) fn to_send(
        &self,
        on: &FileNumber,
        file: &CheckedFile,
        idempotency_key: Option<String>,
    ) -> Result<SendDocument, Problem> {
        let document_type = Code::parse(self.document_type.trim())
            .map_err(|_| SubmissionRefused::UnknownDocumentType)?;
        let mut all = vec![on.clone()];
        all.extend(self.others()?);
        Ok(SendDocument {
            on: all,
            document_type,
            title: self.title.clone(),
            file: file.clone(),
            idempotency_key,
        })
    }

    fn service(&self) -> Result<Option<ServiceStatement>, Problem> {
        let (how, on) = (self.service_how.trim(), self.service_on.trim());
        if how.is_empty() && on.is_empty() {
            return Ok(None);
        }
        if on.is_empty() {
            return Err(Kind::ServiceStatementPartial.into());
        }
        // A year with a sign is no date that people write.
        let unsigned = on.starts_with(|first: char| first.is_ascii_digit());
        let on = Date::parse(on, format_description!("[year]-[month]-[day]"));
        match on {
            Ok(on) if unsigned => Ok(Some(ServiceStatement {
                how: how.to_owned(),
                on,
            })),
            _ => Err(Kind::ServiceDateUnusable.into()),
        }
    }

    /// What of it can be kept for later; what must be put right, [`Self::faults`] tells.
    pub(crate) fn so_far(&self) -> Wish {
        let document_type = Code::parse(self.document_type.trim());
        Wish {
            document_type: document_type.unwrap_or_else(|_| DocumentType::undecided()),
            note: self.note.trim().to_owned(),
            service: self.service().unwrap_or_default(),
        }
    }

    /// Everything that must be put right on that day in what was entered beside the files, in the order in which it is entered.
    pub(crate) fn faults(&self, app: &Application, today: TribunalDay) -> Vec<Problem> {
        let unusable = self.service().err();
        let broken = self.so_far().faults(&app.tribunal, &app.terms, today);
        // Of a statement whose date cannot be read, nobody says that it is missing.
        let told = |why: &SubmissionRefused| {
            unusable.is_none() || *why != SubmissionRefused::ServiceStatementMissing
        };
        let broken: Vec<Problem> = broken.into_iter().filter(told).map(Into::into).collect();
        broken.into_iter().chain(unusable).collect()
    }

    /// What is wrong with the titles of files that came in before, each with the field in which it was typed; of one that is taken out,
    /// nothing is.
    pub(crate) fn faults_of_titles(&self, out: Option<DocumentId>) -> Vec<Problem> {
        let titles = self.titles.iter();
        let titles = titles.filter(|(document, _)| Some(**document) != out);
        let told = |(document, title): (&DocumentId, &String)| {
            let why = check_title(title).err()?;
            Some(Problem::from(why).at(&format!("title-{document}")))
        };
        titles.filter_map(told).collect()
    }

    /// What is wrong with the numbers of other cases.
    pub(crate) fn faults_of_others(&self) -> Vec<Problem> {
        let numbers = self.also_on.iter();
        numbers.filter_map(|text| file_number(text).err()).collect()
    }

    /// Everything that must be put right in a document from the tribunal, beside its file (BOX-1).
    pub(crate) fn faults_of_sending(&self, app: &Application) -> Vec<Problem> {
        let document_type = self.so_far().document_type;
        let broken = send_faults(&document_type, &self.title, &app.tribunal);
        let broken = broken.into_iter().map(Problem::from);
        broken.chain(self.faults_of_others()).collect()
    }

    /// The other cases, each once.
    pub(crate) fn others(&self) -> Result<Vec<FileNumber>, Problem> {
        let mut others: Vec<FileNumber> = Vec::with_capacity(self.also_on.len());
        for text in &self.also_on {
            let number = file_number(text)?;
            if !others.contains(&number) {
                others.push(number);
            }
        }
        Ok(others)
    }

    /// What a wish was entered as.
    pub(crate) fn of(wish: &Wish) -> Self {
        let service = wish.service.as_ref();
        Self {
            document_type: wish.document_type.to_string(),
            note: wish.note.clone(),
            service_how: service
                .map(|service| service.how.clone())
                .unwrap_or_default(),
            service_on: service
                .map(|service| service.on.to_string())
                .unwrap_or_default(),
            ..Self::default()
        }
    }
}
