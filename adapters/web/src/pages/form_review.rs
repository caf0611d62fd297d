//! Looking a form over, sending it, and what its sender keeps: the numbers and what was sent (FORM-1, SUB-2).

use application::form_draft::{
    FormDraftId, SeenFormDraft, check_form_draft, see_form_draft, send_form_draft,
};
use application::ports::records::Filed;
use application::send_form::SendFormError;
use application::submit_documents::SubmitError;
use askama::Template;
use domain::account::AccountId;
use domain::form::{Fields, FormKind};
use domain::id::Id;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::faults::said;
use super::forms::to_be_put_right;
use super::frame::{Frame, Here};
use super::shown::Shown;
use super::submissions::received_at_office;
use super::{page, page_again, see_other, status_of};
use crate::form_words::FormWords;
use crate::problem::{Kind, Problem};

/// A field with what is written in it.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) value: String,
}

/// What is written in a form, as it is read.
fn lines(words: &FormWords<'_>, fields: &Fields) -> Vec<Line> {
    let line = |(field, text): (_, &str)| Line {
        name: words.field(field),
        value: words.value(field, text),
    };
    fields.iter().map(line).collect()
}

#[derive(Template)]
#[template(path = "form_review.html")]
struct ReviewPage {
    frame: Frame,
    forms: String,
    here: String,
    edit: String,
    edition: String,
    title: String,
    on_behalf_of: String,
    lines: Vec<Line>,
    problems: Vec<String>,
}

/// What there is to send.
#[handler]
pub(super) async fn review(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    show(&here, Id::new(counsel), Id::new(draft), &[]).await
}

async fn show(
    here: &Here,
    counsel: AccountId,
    draft: FormDraftId,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let seen = see_form_draft(app, actor, counsel, draft).await?;
    let draft = &seen.draft;
    if seen.is_sent {
        return Ok(see_other(&here.to().form_sent(draft.counsel, draft.id)));
    }
    let checked = match check_form_draft(app, actor, draft).await {
        Ok(checked) => checked,
        Err(SendFormError::Faulty(_)) => return Ok(see_other(&to_be_put_right(here, draft))),
        Err(error) => return Err(error.into()),
    };
    let frame = here.frame_for(&seen.counsel).await?;
    let words = FormWords::new(here.language, &app.tribunal);
    let shown = ReviewPage {
        forms: frame.to.forms(draft.counsel),
        here: frame.to.form_review(draft.counsel, draft.id),
        edit: frame.to.form_draft(draft.counsel, draft.id),
        edition: draft.edition(),
        title: words.form(draft.kind),
        on_behalf_of: seen.counsel.name.to_string(),
        lines: lines(&words, &checked.form.fields()),
        problems: problems.iter().map(|one| said(one, &frame)).collect(),
        frame,
    };
    page_again(&shown, status_of(problems))
}

/// As what the form stood on the page from which it is sent.
#[derive(Deserialize)]
pub(super) struct LookedAt {
    #[serde(default)]
    edition: String,
}

/// Sends what its sender looked at; sent twice, it is received once.
#[handler]
pub(super) async fn send(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
    Form(LookedAt { edition }): Form<LookedAt>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (counsel, draft) = (Id::new(counsel), Id::new(draft));
    match send_form_draft(app, actor, counsel, draft, &edition).await {
        Ok(_) => Ok(see_other(&here.to().form_sent(counsel, draft))),
        // Its page says what must be put right.
        Err(SendFormError::Faulty(_)) => Ok(see_other(&here.to().form_review(counsel, draft))),
        // Another window changed it since it was looked at: it is looked at once more.
        Err(SendFormError::Submit(error @ SubmitError::Changed)) => {
            show(&here, counsel, draft, &[error.into()]).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The form on one case.
struct Received {
    file_number: String,
    number: String,
    address: String,
    machine: String,
    at_office: String,
    at_tribunal: String,
}

#[derive(Template)]
#[template(path = "form_sent.html")]
struct SentPage {
    frame: Frame,
    forms: String,
    title: String,
    on_behalf_of: String,
    received: Vec<Received>,
    lines: Vec<Line>,
}

/// The confirmation numbers, and what was sent, to be printed.
#[handler]
pub(super) async fn sent(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let SeenFormDraft {
        counsel,
        sent,
        form,
        ..
    } = see_form_draft(app, actor, Id::new(counsel), Id::new(draft)).await?;
    let Some(form) = form else {
        return Err(Kind::NotFound.into());
    };
    let frame = here.frame_for(&counsel).await?;
    let words = FormWords::new(here.language, &app.tribunal);
    let received = |filed: &Filed| {
        let submission = &filed.submission;
        Received {
            file_number: filed.file_number.to_string(),
            number: submission.confirmation_number.to_string(),
            address: frame
                .to
                .submission(counsel.id, submission.case, submission.id),
            machine: Shown::machine(submission.received_at),
            at_office: received_at_office(submission, &here, &frame),
            at_tribunal: frame.show.instant(submission.received_at),
        }
    };
    let kind: FormKind = form.kind;
    page(&SentPage {
        forms: frame.to.forms(counsel.id),
        title: words.form(kind),
        on_behalf_of: counsel.name.to_string(),
        received: sent.iter().map(received).collect(),
        lines: lines(&words, &form.fields),
        frame,
    })
}
