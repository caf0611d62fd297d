//! Submit a document, second step: look at everything, change it, send it (SUB-1). Sent twice, it is received once (SUB-2).

use application::draft::{
    ChangeError, Draft, DraftChange, DraftId, Entered, SeenDraft, begin_draft, change_draft,
    discard_draft, may_add, see_all_drafts, see_draft, see_drafts, send_draft,
};
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::once::KeyRefused;
use application::ports::records::PageRequest;
use application::receive_document::{CheckedFile, discard};
use application::see_case::SeenCase;
use application::see_submission::see_submission;
use application::submit_documents::SubmitError;
use askama::Template;
use domain::account::AccountId;
use domain::case::{CaseId, FileNumber};
use domain::document::DocumentId;
use domain::id::Id;
use domain::submission::SubmissionId;
use domain::tribunal_time::TribunalDay;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::{Faults, OF_FILES, Place};
use super::frame::{Frame, Here};
use super::submit::{self, Details, OF_NOTE, OF_SERVICE_HOW, OF_SERVICE_ON, OF_TYPE, uploader};
use super::{page_again, see_other, status_of};
use crate::parts::Parts;
use crate::problem::{Kind, Problem};
use crate::upload::{self, Fields, OnRefusal};

/// Cases of a group that are offered; others can be typed.
const GROUP_AT_MOST: u32 = 50;

/// The fields, in the order of the page; those of the titles, which say themselves where they are, come before.
const PLACES: &[Place] = &[
    ("file", OF_FILES),
    OF_TYPE,
    OF_NOTE,
    OF_SERVICE_HOW,
    OF_SERVICE_ON,
    (
        "also_on",
        &[
            Kind::FileNumberUnusable,
            Kind::NoSuchCase,
            Kind::TooManyCases,
        ],
    ),
];

struct Line {
    id: String,
    title_field: String,
    name: String,
    title: String,
    size: String,
    pages: Option<u32>,
}

/// Another case of the same group, on which the documents can be submitted too.
struct Joined {
    number: FileNumber,
    parties: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "draft.html")]
struct Review {
    frame: Frame,
    cases: String,
    case: String,
    here: String,
    file_number: String,
    on_behalf_of: String,
    lines: Vec<Line>,
    details: Details,
    group: Vec<Joined>,
    /// Other numbers, as they were typed.
    also_on: String,
    until: String,
    added: bool,
    /// Whether it is asked if all of it is to be discarded.
    discarding: bool,
    faults: Faults,
}

/// What the page says first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    /// That files were added.
    Added,
    /// Asks whether all of it is to be discarded.
    Sure,
}

/// A submission that was begun before, where one can go on with it or discard it.
pub(super) struct Open {
    pub(super) address: String,
    /// Its case, where the list is of several.
    pub(super) file_number: Option<String>,
    pub(super) document_type: String,
    pub(super) files: Vec<String>,
    pub(super) until: String,
}

/// Those that whoever is signed in began on a case, the newest first.
pub(super) async fn open_on(
    here: &Here,
    frame: &Frame,
    counsel: AccountId,
    case: CaseId,
) -> Result<Vec<Open>, Problem> {
    let drafts = see_drafts(&here.web.app, here.signed_in()?, counsel, case).await?;
    let drafts = drafts.iter();
    Ok(drafts.map(|draft| open(here, frame, draft, None)).collect())
}

/// Those that whoever is signed in began for a counsel, on whichever case.
pub(super) async fn open_for(
    here: &Here,
    frame: &Frame,
    counsel: AccountId,
) -> Result<Vec<Open>, Problem> {
    let drafts = see_all_drafts(&here.web.app, here.signed_in()?, counsel).await?;
    let drafts = drafts.iter();
    let open = drafts.map(|(draft, number)| open(here, frame, draft, Some(number)));
    Ok(open.collect())
}

fn open(here: &Here, frame: &Frame, draft: &Draft, number: Option<&FileNumber>) -> Open {
    let known = here.web.app.tribunal.submittable(&draft.wish.document_type);
    let names = draft.files.iter().map(|file| file.name.as_str().to_owned());
    Open {
        address: frame.to.draft(draft.counsel, draft.id),
        file_number: number.map(ToString::to_string),
        document_type: match known {
            Some(kind) => frame.show.name(&kind.named.name),
            None => frame.t.draft_type_undecided().to_owned(),
        },
        files: names.collect(),
        until: until(here, frame, draft),
    }
}

/// Until when a draft is kept.
fn until(here: &Here, frame: &Frame, draft: &Draft) -> String {
    frame
        .show
        .instant(draft.begun_at + here.web.app.terms.draft)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set by the redirect after files were added.
    added: bool,
}

/// What there is to send.
#[handler]
pub(super) async fn look(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
    Query(Seen { added }): Query<Seen>,
) -> Result<Response, Problem> {
    let (counsel, draft) = (Id::new(counsel), Id::new(draft));
    let seen = see_draft(&here.web.app, here.signed_in()?, counsel, draft).await?;
    if let Some(submission) = seen.sent {
        let to = here.to();
        return Ok(see_other(&to.submission(counsel, seen.case.id, submission)));
    }
    let says = if added { Says::Added } else { Says::Nothing };
    show(&here, &seen, as_kept(&seen.draft), &[], says).await
}

/// What was entered and is kept.
fn as_kept(draft: &Draft) -> Fields {
    Fields {
        also_on: draft.also_on.iter().map(ToString::to_string).collect(),
        ..Fields::of(&draft.wish)
    }
}

/// The same page, with what must be put right.
pub(super) async fn show_again(
    here: &Here,
    counsel: AccountId,
    draft: DraftId,
    fields: Fields,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let seen = see_draft(&here.web.app, here.signed_in()?, counsel, draft).await?;
    show(here, &seen, fields, problems, Says::Nothing).await
}

async fn show(
    here: &Here,
    seen: &SeenDraft,
    fields: Fields,
    problems: &[Problem],
    says: Says,
) -> Result<Response, Problem> {
    let frame = here.frame_for(&seen.counsel).await?;
    let (draft, counsel) = (&seen.draft, seen.counsel.id);
    let group = group(here, seen, &fields).await?;
    let typed = fields.also_on.iter();
    let typed = typed.filter(|text| !group.iter().any(|case| case.number.is_meant_by(text)));
    let also_on = typed.cloned().collect::<Vec<_>>().join(" ");
    let lines = draft.files.iter().map(|file| Line {
        id: file.document.to_string(),
        title_field: format!("title-{}", file.document),
        name: file.name.as_str().to_owned(),
        title: fields
            .titles
            .get(&file.document)
            .cloned()
            .or_else(|| file.title.clone())
            .unwrap_or_default(),
        size: frame.show.size(file.size),
        pages: file.pages,
    });
    let room = here.web.app.terms.files_at_most;
    let room = room.saturating_sub(draft.files.len());
    let review = Review {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, seen.case.id),
        here: frame.to.draft(counsel, draft.id),
        file_number: seen.case.file_number.to_string(),
        on_behalf_of: seen.counsel.name.to_string(),
        lines: lines.collect(),
        group,
        also_on,
        until: until(here, &frame, draft),
        added: says == Says::Added,
        discarding: says == Says::Sure,
        faults: Faults::new(problems, PLACES, &frame),
        details: Details {
            room,
            ..Details::new(here, &frame, (counsel, seen.case.id), fields)
        },
        frame,
    };
    page_again(&review, status_of(problems))
}

/// The other cases of the same group, of which families often send the same documents.
async fn group(here: &Here, seen: &SeenDraft, fields: &Fields) -> Result<Vec<Joined>, Problem> {
    let case = &seen.case;
    let wish = ListCases {
        wanted: WantedCases {
            text: case.principal().to_string(),
            ..WantedCases::of(seen.counsel.id)
        },
        page: PageRequest {
            after: None,
            limit: GROUP_AT_MOST,
        },
    };
    let found = list_cases(&here.web.app, here.signed_in()?, &wish).await?;
    let of_group = found.page.items.into_iter();
    let of_group = of_group.filter(|other| case.is_joined_with(other));
    let joined = |other: domain::case::Case| {
        let number = other.file_number;
        let names = other.parties.iter().map(|party| party.name.as_str());
        Joined {
            parties: names.collect::<Vec<_>>().join(", "),
            chosen: fields.also_on.iter().any(|text| number.is_meant_by(text)),
            number,
        }
    };
    Ok(of_group.map(joined).collect())
}

/// Which button was pressed.
enum Act {
    /// Keep what was entered, and stay here.
    Keep,
    /// Take a file out.
    Remove(DocumentId),
    Send,
    /// Ask whether it is to be discarded.
    Discard,
    Discarded,
}

impl Act {
    fn of(text: &str) -> Self {
        let removed = text.strip_prefix("remove-").map(Uuid::parse_str);
        match (text, removed) {
            ("send", _) => Self::Send,
            ("discard", _) => Self::Discard,
            ("discarded", _) => Self::Discarded,
            (_, Some(Ok(document))) => Self::Remove(Id::new(document)),
            _ => Self::Keep,
        }
    }
}

/// What came with the form.
struct Came {
    fields: Fields,
    /// The good files, which are kept.
    files: Vec<CheckedFile>,
    /// Why the other files were not taken.
    refused: Vec<Problem>,
    /// On which day all of it had come.
    today: TribunalDay,
}

impl Came {
    /// Whether nothing of the draft's list came along, which its page always sends: nobody can tell that its sender looked at it. The list has
    /// not changed meanwhile; the form is not whole.
    fn is_without_list(&self, seen: &SeenDraft) -> bool {
        let is_to_be_sent = seen.sent.is_none() && !seen.draft.files.is_empty();
        let nothing_new = self.files.is_empty() && self.refused.is_empty();
        is_to_be_sent && nothing_new && self.fields.titles.is_empty()
    }
}

/// Changes or sends it, or discards it once that is confirmed.
#[handler]
pub(super) async fn change(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
    parts: Parts,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let actor = here.signed_in()?;
    let (counsel, draft) = (Id::new(counsel), Id::new(draft));
    let (seen, intake) = may_add(app, actor, counsel, draft).await?;
    let held = seen.draft.files.len();
    let upload::Received {
        fields,
        enclosed,
        mut refused,
        behind,
    } = upload::receive(app, &intake, parts, held, OnRefusal::GoOn).await?;
    let act = Act::of(&fields.act);
    if matches!(act, Act::Discard) && seen.sent.is_none() {
        // From a list nothing of the page came along.
        let typed = !fields.document_type.is_empty() || !fields.titles.is_empty();
        let fields = if typed { fields } else { as_kept(&seen.draft) };
        return show(&here, &seen, fields, &[], Says::Sure).await;
    }
    let who = uploader(actor, counsel, seen.case.id);
    let upload::Gathered {
        files,
        refused: of_uploads,
        again,
    } = upload::gather(app, &who, &enclosed, Some(draft)).await?;
    refused.extend(of_uploads);
    if matches!(act, Act::Discard | Act::Discarded) {
        discard(app, &files).await;
        return throw_away(&here, &seen).await;
    }
    let came = Came {
        fields,
        files,
        refused,
        today: app.moment().today,
    };
    let out = match act {
        Act::Remove(document) => Some(document),
        _ => None,
    };
    if matches!(act, Act::Send) && !again && came.is_without_list(&seen) {
        let problem = Kind::ListMissing.into();
        return show(
            &here,
            &seen,
            as_kept(&seen.draft),
            &[problem],
            Says::Nothing,
        )
        .await;
    }
    let mut faults = came.fields.faults_of_titles(out);
    faults.extend(came.fields.faults(app, came.today));
    faults.extend(came.fields.faults_of_others());
    if !faults.is_empty() {
        return keep_files(&here, &seen, came, faults).await;
    }
    let change = DraftChange {
        entered: Some(Entered {
            wish: came.fields.wish()?,
            also_on: came.fields.others()?,
        }),
        titles: came.fields.titles.clone(),
        remove: out.into_iter().collect(),
        add: came.files.clone(),
    };
    let changed = match change_draft(app, actor, counsel, draft, &change).await {
        Ok(changed) => {
            behind.are_settled();
            changed
        }
        // Of a double click: its page leads on to what was sent.
        Err(ChangeError::SentAlready { as_it_is: true, .. }) if came.refused.is_empty() => {
            return Ok(see_other(&here.to().draft(counsel, draft)));
        }
        Err(ChangeError::SentAlready { submission, .. }) => {
            return too_late(&here, &seen, submission, came).await;
        }
        Err(error @ (ChangeError::Refused(_) | ChangeError::NoSuchCase(_))) => {
            return keep_files(&here, &seen, came, vec![error.into()]).await;
        }
        Err(ChangeError::UseCase(error)) => {
            discard(app, &came.files).await;
            return Err(error.into());
        }
    };
    if !came.refused.is_empty() {
        return show_again(&here, counsel, draft, came.fields, &came.refused).await;
    }
    // Files that came with the very click on "send" have not been looked at in the list yet.
    if again || !came.files.is_empty() {
        let address = here.to().draft(counsel, draft);
        return Ok(see_other(&format!("{address}?added=true")));
    }
    if !matches!(act, Act::Send) {
        return Ok(see_other(&here.to().draft(counsel, draft)));
    }
    if !changed.as_listed {
        let problem = Kind::ChangedMeanwhile.into();
        return show_again(&here, counsel, draft, came.fields, &[problem]).await;
    }
    send(&here, &seen, &changed.draft, came).await
}

/// The good files go into the list, although something else must be put right (decision 0009).
async fn keep_files(
    here: &Here,
    seen: &SeenDraft,
    came: Came,
    mut problems: Vec<Problem>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (counsel, draft) = (seen.counsel.id, seen.draft.id);
    let adding = DraftChange::adding(came.files.clone());
    let kept = change_draft(app, actor, counsel, draft, &adding).await;
    match kept {
        Ok(_) => {}
        Err(ChangeError::SentAlready { submission, .. }) => {
            return too_late(here, seen, submission, came).await;
        }
        Err(error) => {
            discard(app, &came.files).await;
            match error {
                ChangeError::UseCase(error) => return Err(error.into()),
                error => problems.push(error.into()),
            }
        }
    }
    problems.extend(came.refused);
    show_again(here, counsel, draft, came.fields, &problems).await
}

/// What came after it was sent is no part of what was sent: that is said, and it is kept in another submission that is begun of it.
async fn too_late(
    here: &Here,
    seen: &SeenDraft,
    submission: SubmissionId,
    late: Came,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (counsel, case) = (seen.counsel.id, seen.case.id);
    let Came {
        fields,
        files,
        refused,
        today,
    } = late;
    let sent = see_submission(app, actor, counsel, case, submission).await?;
    let number = sent.submission.confirmation_number.to_string();
    let sent_already = Problem::from(Kind::SentAlready).with("confirmation_number", number);
    let mut problems = vec![sent_already];
    problems.extend(refused);
    if !files.is_empty() {
        match begin_draft(app, actor, (counsel, case), &fields.so_far(), &files).await {
            Ok(draft) => {
                problems.extend(fields.faults(app, today));
                return show_again(here, counsel, draft.id, fields, &problems).await;
            }
            Err(error) => {
                discard(app, &files).await;
                problems.push(error.into());
            }
        }
    }
    let seen = SeenCase {
        counsel: seen.counsel.clone(),
        case: seen.case.clone(),
    };
    submit::show(here, &seen, fields, &problems).await
}

async fn throw_away(here: &Here, seen: &SeenDraft) -> Result<Response, Problem> {
    let (counsel, case) = (seen.counsel.id, seen.case.id);
    let actor = here.signed_in()?;
    match discard_draft(&here.web.app, actor, counsel, seen.draft.id).await {
        Ok(_) => {
            let address = here.to().case(counsel, case);
            Ok(see_other(&format!("{address}?done=discarded")))
        }
        Err(ChangeError::SentAlready { submission, .. }) => {
            let entry = here.to().submission(counsel, case, submission);
            Ok(see_other(&format!("{entry}?sent_before=true")))
        }
        Err(error) => Err(error.into()),
    }
}

async fn send(
    here: &Here,
    seen: &SeenDraft,
    draft: &Draft,
    came: Came,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let counsel = seen.counsel.id;
    match send_draft(app, actor, draft).await {
        Ok(submitted) => {
            let to = here.to();
            let entry = to.submission(counsel, submitted.case.id, submitted.submission.id);
            Ok(see_other(&format!("{entry}?sent=true")))
        }
        Err(
            error @ (SubmitError::Refused(_) | SubmitError::NoSuchCase(_) | SubmitError::Changed),
        ) => show_again(here, counsel, draft.id, came.fields, &[error.into()]).await,
        // Another window sent it, as it was there.
        Err(error @ SubmitError::Key(KeyRefused::Reused)) => {
            let sent = see_draft(app, actor, counsel, draft.id).await?.sent;
            match sent {
                Some(submission) => too_late(here, seen, submission, came).await,
                None => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}
