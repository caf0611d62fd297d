//! Submit a document, first step: choose type and files (SUB-1). What is good is kept in a draft, also when something else is not.

use application::draft::{BeginError, DraftId, begin_draft, draft_with};
use application::receive_document::{discard, may_submit};
use application::see_case::SeenCase;
use application::submit_documents::Enclosed;
use application::uploads::Uploader;
use askama::Template;
use domain::account::AccountId;
use domain::case::CaseId;
use domain::id::Id;
use domain::policy::Actor;
use domain::submission::SubmissionRefused;
use domain::upload::UploadId;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::address::To;
use super::draft::Open;
use super::faults::{Faults, OF_FILES, Place};
use super::frame::{Frame, Here};
use super::{draft, page_again, see_other, status_of};
use crate::parts::Parts;
use crate::problem::{Kind, Problem};
use crate::upload::{self, Fields, OnRefusal};

/// A type of document that one can choose.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// The fields that both steps have, ready to be shown.
pub(super) struct Details {
    pub(super) choices: Vec<Choice>,
    pub(super) fields: Fields,
    /// The types that need a statement of service, in words; with any other it may be made.
    pub(super) types_with_service: Option<String>,
    pub(super) note_at_most: usize,
    pub(super) files_hint: String,
    pub(super) accept: String,
    /// Where files are sent piece by piece.
    pub(super) uploads: String,
    pub(super) file_bytes_at_most: u64,
    pub(super) files_at_most: usize,
    /// How many files there is room for beside those that are kept already.
    pub(super) room: usize,
}

impl Details {
    pub(super) fn new(
        here: &Here,
        frame: &Frame,
        (counsel, case): (AccountId, CaseId),
        fields: Fields,
    ) -> Self {
        let (terms, tribunal) = (&here.web.app.terms, &here.web.app.tribunal);
        let types = tribunal.document_types.iter();
        let asking: Vec<String> = types
            .clone()
            .filter(|kind| kind.asks_for_service)
            .map(|kind| frame.show.name(&kind.named.name))
            .collect();
        let choices = types.map(|kind| Choice {
            code: kind.named.code.to_string(),
            name: frame.show.name(&kind.named.name),
            chosen: kind.named.code.as_str() == fields.document_type,
        });
        Self {
            choices: choices.collect(),
            types_with_service: (!asking.is_empty()).then(|| asking.join(", ")),
            note_at_most: terms.note_characters_at_most,
            files_hint: frame.t.submit_files_hint(
                terms.files_at_most,
                frame.show.size(terms.file_bytes_at_most),
                frame.show.accepted(),
            ),
            accept: frame.show.accept_attribute(),
            uploads: To::uploads(counsel, case),
            file_bytes_at_most: terms.file_bytes_at_most,
            files_at_most: terms.files_at_most,
            room: terms.files_at_most,
            fields,
        }
    }
}

/// What can be wrong with what both steps ask for beside the files.
pub(super) const OF_TYPE: Place = ("document_type", &[Kind::UnknownDocumentType]);
pub(super) const OF_NOTE: Place = ("note", &[Kind::NoteTooLong]);
pub(super) const OF_SERVICE_HOW: Place = (
    "service_how",
    &[
        Kind::ServiceStatementMissing,
        Kind::ServiceStatementPartial,
        Kind::TitleTooLong,
    ],
);
pub(super) const OF_SERVICE_ON: Place = (
    "service_on",
    &[Kind::ServiceDateUnusable, Kind::ServiceDateOutside],
);

/// The fields, in the order of the page.
const PLACES: &[Place] = &[
    OF_TYPE,
    ("file", OF_FILES),
    OF_NOTE,
    OF_SERVICE_HOW,
    OF_SERVICE_ON,
];

#[derive(Template)]
#[template(path = "submit.html")]
struct Form {
    frame: Frame,
    cases: String,
    case: String,
    here: String,
    file_number: String,
    details: Details,
    /// Submissions that the person began on this case before; where they are too many, on every case.
    open: Vec<Open>,
    faults: Faults,
}

/// The form, with what must be put right.
pub(super) async fn show(
    here: &Here,
    seen: &SeenCase,
    fields: Fields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let frame = here.frame_for(&seen.counsel).await?;
    let (counsel, case) = (seen.counsel.id, &seen.case);
    let form = Form {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, case.id),
        here: frame.to.submit(counsel, case.id),
        file_number: case.file_number.to_string(),
        details: Details::new(here, &frame, (counsel, case.id), fields),
        open: if problems
            .iter()
            .any(|problem| problem.kind() == Kind::TooManyDrafts)
        {
            draft::open_for(here, &frame, counsel).await?
        } else {
            draft::open_on(here, &frame, counsel, case.id).await?
        },
        faults: Faults::new(problems, PLACES, &frame),
        frame,
    };
    page_again(&form, status_of(problems))
}

/// The empty form.
#[handler]
pub(super) async fn ask(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (seen, _) = may_submit(
        &here.web.app,
        here.signed_in()?,
        Id::new(counsel),
        Id::new(case),
    )
    .await?;
    show(&here, &seen, Fields::default(), &[]).await
}

/// Whoever is signed in, as one who uploads.
pub(super) fn uploader(actor: &Actor, counsel: AccountId, case: CaseId) -> Uploader {
    Uploader {
        actor: actor.clone(),
        counsel,
        case,
        finishing: None,
    }
}

/// The draft that the same form began before: of a double click, the second goes where the first went (SUB-2).
async fn begun_before(
    here: &Here,
    who: &Uploader,
    enclosed: &[Enclosed],
) -> Result<Option<DraftId>, Problem> {
    let uploads: Option<Vec<UploadId>> = enclosed.iter().map(Enclosed::upload).collect();
    let Some(uploads) = uploads else {
        return Ok(None);
    };
    let on = (who.counsel, who.case);
    Ok(draft_with(&here.web.app, &who.actor, on, &uploads).await?)
}

/// Takes type and files, and goes on to the review.
#[handler]
pub(super) async fn begin(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
    parts: Parts,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let actor = here.signed_in()?;
    let (counsel, case) = (Id::new(counsel), Id::new(case));
    let (seen, intake) = may_submit(app, actor, counsel, case).await?;
    let upload::Received {
        fields,
        enclosed,
        mut refused,
        behind,
    } = upload::receive(app, &intake, parts, 0, OnRefusal::GoOn).await?;
    let who = uploader(actor, counsel, case);
    let upload::Gathered {
        files,
        refused: of_uploads,
        ..
    } = upload::gather(app, &who, &enclosed, None).await?;
    if files.is_empty()
        && let Some(draft) = begun_before(&here, &who, &enclosed).await?
    {
        return Ok(see_other(&here.to().draft(counsel, draft)));
    }
    refused.extend(of_uploads);
    let mut problems = fields.faults(app, app.moment().today);
    if files.is_empty() && refused.is_empty() {
        refused.push(SubmissionRefused::NoFile.into());
    }
    problems.extend(refused);
    if files.is_empty() {
        return show(&here, &seen, fields, &problems).await;
    }
    let begun = begin_draft(app, actor, (counsel, case), &fields.so_far(), &files).await;
    if begun.is_ok() {
        behind.are_settled();
    }
    match begun {
        Ok(draft) if problems.is_empty() => Ok(see_other(&here.to().draft(counsel, draft.id))),
        Ok(draft) => draft::show_again(&here, counsel, draft.id, fields, &problems).await,
        Err(error @ BeginError::UseCase(_)) => {
            discard(app, &files).await;
            match begun_before(&here, &who, &enclosed).await? {
                Some(draft) => Ok(see_other(&here.to().draft(counsel, draft))),
                None => Err(error.into()),
            }
        }
        Err(error @ (BeginError::Refused(_) | BeginError::TooMany(_))) => {
            discard(app, &files).await;
            problems.insert(0, error.into());
            show(&here, &seen, fields, &problems).await
        }
    }
}
