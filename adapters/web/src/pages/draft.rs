//! Submit a document, second step: look at everything, change it, send it (SUB-1). Sent twice, it is received once (SUB-2).

use std::collections::BTreeSet;

use application::draft::{
    ChangeError, DraftChange, DraftId, SeenDraft, change_draft, discard_draft, may_add, see_draft,
    send_draft,
};
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::ports::records::PageRequest;
use application::receive_document::discard;
use application::submit_documents::SubmitError;
use askama::Template;
use domain::account::AccountId;
use domain::document::DocumentId;
use domain::id::Id;
use domain::submission::SubmissionRefused;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::submit::{Details, in_words, status_of, uploader};
use super::{page_again, see_other};
use crate::parts::Parts;
use crate::problem::Problem;
use crate::upload::{self, Fields, OnRefusal};

/// Cases of a group that are offered; others can be typed.
const GROUP_AT_MOST: u32 = 50;

struct Line {
    id: String,
    name: String,
    title: String,
    size: String,
    pages: Option<u32>,
}

/// Another case of the same group, on which the documents can be submitted too.
struct Joined {
    number: String,
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
    problems: Vec<String>,
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
    let also_on = seen.draft.also_on.iter();
    let fields = Fields {
        also_on: also_on.map(ToString::to_string).collect(),
        ..Fields::of(&seen.draft.wish)
    };
    show(&here, &seen, fields, &[], added).await
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
    show(here, &seen, fields, problems, false).await
}

async fn show(
    here: &Here,
    seen: &SeenDraft,
    fields: Fields,
    problems: &[Problem],
    added: bool,
) -> Result<Response, Problem> {
    let frame = here.frame_for(&seen.counsel).await?;
    let (draft, counsel) = (&seen.draft, seen.counsel.id);
    let group = group(here, seen, &fields).await?;
    let typed = fields.also_on.iter();
    let typed = typed.filter(|number| group.iter().all(|case| case.number != **number));
    let also_on = typed.cloned().collect::<Vec<_>>().join(" ");
    let lines = draft.files.iter().map(|file| Line {
        id: file.document.to_string(),
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
    let review = Review {
        cases: frame.to.cases(counsel),
        case: frame.to.case(counsel, seen.case.id),
        here: frame.to.draft(counsel, draft.id),
        file_number: seen.case.file_number.to_string(),
        on_behalf_of: seen.counsel.name.to_string(),
        lines: lines.collect(),
        group,
        also_on,
        until: frame
            .show
            .instant(draft.begun_at + here.web.app.terms.draft),
        added,
        problems: in_words(problems, &frame),
        details: Details::new(here, &frame, (counsel, seen.case.id), fields),
        frame,
    };
    page_again(&review, status_of(problems))
}

/// The other cases of the same group, of which families often send the same documents.
async fn group(here: &Here, seen: &SeenDraft, fields: &Fields) -> Result<Vec<Joined>, Problem> {
    let case = &seen.case;
    let principal = case.principal_file_number.as_ref();
    let principal = principal.unwrap_or(&case.file_number);
    let wish = ListCases {
        wanted: WantedCases {
            text: principal.to_string(),
            ..WantedCases::of(seen.counsel.id)
        },
        page: PageRequest {
            after: None,
            limit: GROUP_AT_MOST,
        },
    };
    let found = list_cases(&here.web.app, here.signed_in()?, &wish).await?;
    let of_group = found.page.items.into_iter().filter(|other| {
        other.id != case.id
            && (other.principal_file_number.as_ref() == Some(principal)
                || other.file_number == *principal)
    });
    let joined = |other: domain::case::Case| {
        let number = other.file_number.to_string();
        let names: Vec<&str> = other
            .parties
            .iter()
            .map(|party| party.name.as_str())
            .collect();
        Joined {
            parties: names.join(", "),
            chosen: fields.also_on.contains(&number),
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
    Discard,
}

impl Act {
    fn of(text: &str) -> Self {
        let removed = text.strip_prefix("remove-").map(Uuid::parse_str);
        match (text, removed) {
            ("send", _) => Self::Send,
            ("discard", _) => Self::Discard,
            (_, Some(Ok(document))) => Self::Remove(Id::new(document)),
            _ => Self::Keep,
        }
    }
}

/// Changes, sends or discards it.
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
    } = upload::receive(app, &intake, parts, held, OnRefusal::GoOn).await?;
    let who = uploader(actor, counsel, seen.case.id);
    let upload::Gathered {
        files,
        refused: of_uploads,
        again,
    } = upload::gather(app, &who, &enclosed, Some(draft)).await?;
    refused.extend(of_uploads);
    let act = Act::of(&fields.act);
    if matches!(act, Act::Discard) {
        discard(app, &files).await;
        discard_draft(app, actor, counsel, draft).await?;
        return Ok(see_other(&here.to().case(counsel, seen.case.id)));
    }
    let entered = fields.wish().and_then(|wish| Ok((wish, fields.others()?)));
    let changed = match entered {
        Ok((wish, also_on)) => {
            let change = DraftChange {
                wish,
                also_on,
                titles: fields.titles.clone(),
                remove: match act {
                    Act::Remove(document) => BTreeSet::from([document]),
                    _ => BTreeSet::new(),
                },
                add: files.clone(),
            };
            change_draft(app, actor, counsel, draft, &change)
                .await
                .map(|_| ())
        }
        Err(problem) => {
            discard(app, &files).await;
            return show_again(&here, counsel, draft, fields, &[problem]).await;
        }
    };
    match changed {
        Ok(()) if !refused.is_empty() => {
            return show_again(&here, counsel, draft, fields, &refused).await;
        }
        Ok(()) => {}
        Err(error) => {
            discard(app, &files).await;
            return match error {
                ChangeError::Refused(_) | ChangeError::NoSuchCase(_) => {
                    show_again(&here, counsel, draft, fields, &[error.into()]).await
                }
                // Its page leads on to what was sent.
                ChangeError::SentAlready => Ok(see_other(&here.to().draft(counsel, draft))),
                ChangeError::UseCase(error) => Err(error.into()),
            };
        }
    }
    // Files that came with the very click on "send" have not been looked at in the list yet.
    if again || !files.is_empty() {
        let address = here.to().draft(counsel, draft);
        return Ok(see_other(&format!("{address}?added=true")));
    }
    if !matches!(act, Act::Send) {
        return Ok(see_other(&here.to().draft(counsel, draft)));
    }
    send(&here, &seen, fields).await
}

async fn send(here: &Here, seen: &SeenDraft, fields: Fields) -> Result<Response, Problem> {
    let (counsel, draft) = (seen.counsel.id, seen.draft.id);
    match send_draft(&here.web.app, here.signed_in()?, counsel, draft).await {
        Ok(submitted) => {
            let to = here.to();
            let entry = to.submission(counsel, submitted.case.id, submitted.submission.id);
            Ok(see_other(&format!("{entry}?sent=true")))
        }
        Err(SubmitError::Refused(why @ SubmissionRefused::NoFile)) => {
            show_again(here, counsel, draft, fields, &[why.into()]).await
        }
        Err(error) => Err(error.into()),
    }
}
