//! The forms of a counsel: which there are, and filling one in (FORM-1). What is typed is kept before anything is said of it, so that
//! nothing is lost: every page after the first is that of a begun form.

use application::form_draft::{
    FormDraft, FormDraftId, KeepFormError, SeenFormDraft, begin_form, check_form_draft,
    discard_form, keep_form, see_form_draft, see_forms,
};
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::ports::records::PageRequest;
use application::see_case::see_case;
use application::send_form::SendFormError;
use askama::Template;
use domain::account::{Account, AccountId};
use domain::case::Case;
use domain::form::{Fault, Field, Fields, FormKind};
use domain::id::Id;
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;

use super::form_fields::FormFields;
use super::frame::{Frame, Here};
use super::{page_again, see_other};
use crate::form_words::FormWords;
use crate::problem::{Kind, Problem};

/// Cases that are offered to choose from; others can be typed.
const CASES_OFFERED: u32 = 100;

struct Offered {
    name: String,
    what: &'static str,
    address: String,
}

struct Begun {
    /// The form, of whom it is and on which files, as far as that was typed: several of one kind can be told apart.
    called: String,
    address: String,
    until: String,
}

#[derive(Template)]
#[template(path = "forms.html")]
struct FormsPage {
    frame: Frame,
    counsel: String,
    offered: Vec<Offered>,
    begun: Vec<Begun>,
    /// Whether a begun form was just discarded.
    discarded: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// The case for which a form is filled in, where one came from it.
    case: Option<Uuid>,
    /// Set by the redirect after a begun form was discarded.
    done: String,
}

/// Which forms there are, and those that were begun.
#[handler]
pub(super) async fn list(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(Wanted { case, done }): Query<Wanted>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let seen = see_forms(app, here.signed_in()?, Id::new(counsel)).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let words = FormWords::new(here.language, &app.tribunal);
    let offered = FormKind::ALL.map(|kind| {
        let address = frame.to.form(seen.counsel.id, kind);
        let id = format!("form-what-{}", kind.code());
        Offered {
            name: words.form(kind),
            what: frame.t.by_id(&id).unwrap_or_default(),
            address: match case {
                Some(case) => format!("{address}?case={case}"),
                None => address,
            },
        }
    });
    let begun = seen.begun.iter().map(|draft| Begun {
        called: called(words.form(draft.kind), &draft.fields),
        address: frame.to.form_draft(seen.counsel.id, draft.id),
        until: until(&here, &frame, draft),
    });
    super::page(&FormsPage {
        counsel: seen.counsel.name.to_string(),
        offered: offered.into(),
        begun: begun.collect(),
        discarded: done == "discarded",
        frame,
    })
}

fn called(form: String, fields: &Fields) -> String {
    let name = [Field::GivenName, Field::FamilyName].map(|field| fields.get(field).trim());
    let name = name.join(" ");
    let parts = [&form, name.trim(), fields.get(Field::FileNumbers).trim()];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// Until when what was typed is kept.
fn until(here: &Here, frame: &Frame, draft: &FormDraft) -> String {
    frame
        .show
        .instant(draft.begun_at + here.web.app.terms.draft)
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    forms: String,
    here: String,
    title: String,
    on_behalf_of: String,
    form: FormFields,
    /// Said after what was typed was kept.
    kept: Option<String>,
    begun: bool,
    /// Whether it is asked if the form is to be discarded.
    discarding: bool,
    /// Said where what was typed did not go where it was sent.
    refused: Option<String>,
}

/// What is shown of a form.
struct Filled<'a> {
    kind: FormKind,
    fields: &'a Fields,
    faults: &'a [Fault],
    /// The begun form; none before anything was typed.
    draft: Option<&'a FormDraft>,
    says: Says,
    refused: Option<Refused>,
}

/// What the page says first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    /// That what was typed is kept.
    Kept,
    /// Asks whether the form is to be discarded.
    Sure,
}

/// Why what was typed did not go where it was sent.
enum Refused {
    /// The form was sent before, under these numbers, as far as the asker still sees them.
    Late(Vec<String>),
    /// It is not kept anywhere but on the page.
    NotKept(Problem),
}

async fn show(here: &Here, counsel: &Account, filled: &Filled<'_>) -> Result<Response, Problem> {
    let frame = here.frame_for(counsel).await?;
    let tribunal = &here.web.app.tribunal;
    let cases = cases(here, counsel.id).await?;
    let written = (filled.fields, filled.faults);
    let until = filled.draft.map(|draft| until(here, &frame, draft));
    let (status, refused) = match &filled.refused {
        Some(Refused::Late(numbers)) if numbers.is_empty() => (
            StatusCode::CONFLICT,
            Some(frame.t.form_sent_on_lost_case().to_owned()),
        ),
        Some(Refused::Late(numbers)) => (
            StatusCode::CONFLICT,
            Some(frame.t.form_sent_already(numbers.join(", "))),
        ),
        Some(Refused::NotKept(problem)) => {
            (problem.status(), Some(problem.words(frame.t).to_owned()))
        }
        None => (StatusCode::OK, None),
    };
    let form = FormPage {
        forms: frame.to.forms(counsel.id),
        here: match filled.draft {
            Some(draft) => frame.to.form_draft(counsel.id, draft.id),
            None => frame.to.form(counsel.id, filled.kind),
        },
        title: FormWords::new(here.language, tribunal).form(filled.kind),
        on_behalf_of: counsel.name.to_string(),
        form: FormFields::new(&frame, tribunal, filled.kind, written, &cases),
        kept: until.filter(|_| filled.says == Says::Kept),
        discarding: filled.says == Says::Sure,
        begun: filled.draft.is_some(),
        refused,
        frame,
    };
    page_again(&form, status)
}

/// The cases to choose from.
async fn cases(here: &Here, counsel: AccountId) -> Result<Vec<Case>, Problem> {
    let wish = ListCases {
        wanted: WantedCases::of(counsel),
        page: PageRequest {
            after: None,
            limit: CASES_OFFERED,
        },
    };
    let found = list_cases(&here.web.app, here.signed_in()?, &wish).await?;
    Ok(found.page.items)
}

fn kind(code: &str) -> Result<FormKind, Problem> {
    FormKind::from_code(code).ok_or_else(|| Kind::NotFound.into())
}

/// A form with what the portal can fill in itself.
#[handler]
pub(super) async fn ask(
    here: Here,
    Path((counsel, form)): Path<(Uuid, String)>,
    Query(Wanted { case, .. }): Query<Wanted>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let seen = see_forms(app, actor, Id::new(counsel)).await?;
    let kind = kind(&form)?;
    let mut fields = kind.begun_for(&seen.counsel);
    if let Some(case) = case {
        let of_case = see_case(app, actor, Id::new(counsel), Id::new(case)).await?;
        fields.set(Field::FileNumbers, of_case.case.file_number.to_string());
    }
    let filled = Filled {
        kind,
        fields: &fields,
        faults: &[],
        draft: None,
        says: Says::Nothing,
        refused: None,
    };
    show(&here, &seen.counsel, &filled).await
}

/// What was typed, and which button was pressed.
fn typed(sent: Vec<(String, String)>) -> (Fields, String) {
    let mut fields = Fields::default();
    let mut act = String::new();
    let mut numbers: Vec<String> = Vec::new();
    for (name, value) in sent {
        // A browser ends the lines of a text area with CR LF.
        let value = value.replace("\r\n", "\n");
        match (name.as_str(), Field::from_code(&name)) {
            ("act", _) => act = value,
            (_, Some(Field::FileNumbers)) => numbers.push(value),
            (_, Some(field)) => fields.set(field, value),
            (_, None) => {}
        }
    }
    fields.set(Field::FileNumbers, numbers.join(" "));
    (fields, act)
}

/// Whether any field came: whoever emptied them sends them empty.
fn has_fields(sent: &[(String, String)]) -> bool {
    sent.iter()
        .any(|(name, _)| Field::from_code(name).is_some())
}

/// Begins a form with what was typed, and goes on.
#[handler]
pub(super) async fn begin(
    here: Here,
    Path((counsel, form)): Path<(Uuid, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (counsel, kind) = (Id::new(counsel), kind(&form)?);
    let (fields, act) = typed(sent);
    if act == "discard" {
        return Ok(see_other(&here.to().forms(counsel)));
    }
    let (app, actor) = (&here.web.app, here.signed_in()?);
    match begin_form(app, actor, (counsel, kind), &fields).await {
        Ok(draft) => go_on(&here, &draft, &act).await,
        Err(error) => {
            let counsel = see_forms(app, actor, counsel).await?.counsel;
            not_kept(&here, (&counsel, kind), None, (&fields, error)).await
        }
    }
}

/// What was typed, on the page on which it was, with why it is not kept.
async fn not_kept(
    here: &Here,
    (counsel, kind): (&Account, FormKind),
    draft: Option<&FormDraft>,
    (fields, error): (&Fields, KeepFormError),
) -> Result<Response, Problem> {
    match error {
        KeepFormError::TooMany(_) | KeepFormError::TooLong => {
            let filled = Filled {
                kind,
                fields,
                faults: &[],
                draft,
                says: Says::Nothing,
                refused: Some(Refused::NotKept(error.into())),
            };
            show(here, counsel, &filled).await
        }
        KeepFormError::UseCase(_) | KeepFormError::SentAlready { .. } => Err(error.into()),
    }
}

/// After what was typed was kept: to the review if nothing is wrong, else back to what must be put right.
async fn go_on(here: &Here, draft: &FormDraft, act: &str) -> Result<Response, Problem> {
    let address = here.to().form_draft(draft.counsel, draft.id);
    if act == "keep" {
        return Ok(see_other(&format!("{address}?kept=true")));
    }
    match check_form_draft(&here.web.app, here.signed_in()?, draft).await {
        Ok(_) => Ok(see_other(&here.to().form_review(draft.counsel, draft.id))),
        Err(SendFormError::Faulty(_)) => Ok(see_other(&to_be_put_right(here, draft))),
        Err(error) => Err(error.into()),
    }
}

/// The page of a begun form that says what is wrong.
pub(super) fn to_be_put_right(here: &Here, draft: &FormDraft) -> String {
    let address = here.to().form_draft(draft.counsel, draft.id);
    format!("{address}?checked=true#errors")
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// Set after the form was looked over: what is wrong is said.
    checked: bool,
    /// Set after what was typed was kept.
    kept: bool,
}

/// A begun form.
#[handler]
pub(super) async fn look(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
    Query(asked): Query<Seen>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (counsel, draft) = (Id::new(counsel), Id::new(draft));
    let SeenFormDraft {
        draft,
        counsel,
        is_sent,
        ..
    } = see_form_draft(app, actor, counsel, draft).await?;
    if is_sent {
        return Ok(see_other(&here.to().form_sent(counsel.id, draft.id)));
    }
    let faults = if asked.checked {
        match check_form_draft(app, actor, &draft).await {
            Ok(_) => Vec::new(),
            Err(SendFormError::Faulty(faults)) => faults,
            Err(error) => return Err(error.into()),
        }
    } else {
        Vec::new()
    };
    let filled = Filled {
        kind: draft.kind,
        fields: &draft.fields,
        faults: &faults,
        draft: Some(&draft),
        says: if asked.kept {
            Says::Kept
        } else {
            Says::Nothing
        },
        refused: None,
    };
    show(&here, &counsel, &filled).await
}

/// The form, as it was typed if it was, and whether it is to be discarded.
async fn ask_to_discard(
    here: &Here,
    SeenFormDraft { draft, counsel, .. }: &SeenFormDraft,
    typed: Option<&Fields>,
) -> Result<Response, Problem> {
    let filled = Filled {
        kind: draft.kind,
        fields: typed.unwrap_or(&draft.fields),
        faults: &[],
        draft: Some(draft),
        says: Says::Sure,
        refused: None,
    };
    show(here, counsel, &filled).await
}

/// Keeps what was typed in a begun form, and goes on; or discards it once that is confirmed.
#[handler]
pub(super) async fn change(
    here: Here,
    Path((counsel, draft)): Path<(Uuid, Uuid)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let (counsel, draft) = (Id::new(counsel), Id::new(draft));
    let is_whole = has_fields(&sent);
    let (fields, act) = typed(sent);
    if act == "discard" {
        let seen = see_form_draft(app, actor, counsel, draft).await?;
        if !seen.is_sent {
            return ask_to_discard(&here, &seen, is_whole.then_some(&fields)).await;
        }
    }
    if matches!(act.as_str(), "discard" | "discarded") {
        return match discard_form(app, actor, counsel, draft).await {
            Ok(()) => {
                let address = here.to().forms(counsel);
                Ok(see_other(&format!("{address}?done=discarded")))
            }
            Err(KeepFormError::SentAlready { .. }) => {
                Ok(see_other(&here.to().form_sent(counsel, draft)))
            }
            Err(error) => Err(error.into()),
        };
    }
    if !is_whole {
        return Err(Kind::FormUnreadable.into());
    }
    match keep_form(app, actor, counsel, draft, &fields).await {
        Ok(draft) => go_on(&here, &draft, &act).await,
        // Of a double click: the page of what was sent.
        Err(KeepFormError::SentAlready { as_it_is: true }) => {
            Ok(see_other(&here.to().form_sent(counsel, draft)))
        }
        Err(KeepFormError::SentAlready { as_it_is: false }) => {
            too_late(&here, counsel, draft, &fields).await
        }
        Err(error) => {
            let SeenFormDraft { draft, counsel, .. } =
                see_form_draft(app, actor, counsel, draft).await?;
            not_kept(
                &here,
                (&counsel, draft.kind),
                Some(&draft),
                (&fields, error),
            )
            .await
        }
    }
}

/// What was typed after the form was sent is no part of what was sent: that is said, and it is kept in another form that is begun of it.
async fn too_late(
    here: &Here,
    counsel: AccountId,
    draft: FormDraftId,
    fields: &Fields,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let before = see_form_draft(app, actor, counsel, draft).await?;
    let numbers = before.sent.iter();
    let numbers = numbers.map(|filed| filed.submission.confirmation_number.to_string());
    let (counsel, kind) = (&before.counsel, before.draft.kind);
    let draft = match begin_form(app, actor, (counsel.id, kind), fields).await {
        Ok(draft) => draft,
        Err(error) => return not_kept(here, (counsel, kind), None, (fields, error)).await,
    };
    let filled = Filled {
        kind: draft.kind,
        fields: &draft.fields,
        faults: &[],
        draft: Some(&draft),
        says: Says::Nothing,
        refused: Some(Refused::Late(numbers.collect())),
    };
    show(here, counsel, &filled).await
}
