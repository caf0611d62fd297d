//! The inboxes of a counsel, general and per case: what came, what is unread, who read it; deletion is asked twice (BOX-1 … BOX-4).

use application::inbox::{ListInbox, SeenInbox, delete_inbox_item, item_to_delete, list_inbox};
use application::ports::records::{Cursor, FiledItem, InboxOrder, PageRequest};
use askama::Template;
use domain::account::AccountId;
use domain::case::CaseId;
use domain::id::Id;
use domain::inbox::Inbox;
use poem::web::{Form, Path, Query};
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::frame::{Frame, Here};
use super::shown::Shown;
use super::{page, see_other};
use crate::download::read_document;
use crate::problem::{Kind, Problem};

/// Documents on one page of an inbox.
const AT_A_TIME: u32 = 20;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `unread`, or everything.
    show: String,
    sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    cursor: String,
    /// Set by the redirect after a deletion.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
}

impl Wanted {
    fn order(&self) -> InboxOrder {
        match self.sort.as_str() {
            "oldest" => InboxOrder::Oldest,
            "file_number" => InboxOrder::FileNumber,
            "title" => InboxOrder::Title,
            _ => InboxOrder::Newest,
        }
    }

    fn address(&self, path: &str, cursor: String) -> String {
        self.address_of(path, cursor, false)
    }

    /// The part of the list that is shown now.
    fn here(&self, path: &str, deleted: bool) -> String {
        self.address_of(path, self.cursor.clone(), deleted)
    }

    fn address_of(&self, path: &str, cursor: String, deleted: bool) -> String {
        let wanted = Self {
            cursor,
            deleted,
            ..self.clone()
        };
        let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
        format!("{path}?{query}")
    }
}

/// Somebody read it.
pub(super) struct ReadLine {
    pub(super) name: String,
    pub(super) at: String,
}

/// A document as a list shows it.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) address: String,
    pub(super) file: String,
    pub(super) file_number: String,
    pub(super) case: String,
    pub(super) document_type: String,
    pub(super) machine: String,
    pub(super) at: String,
    pub(super) unread: bool,
    /// Who read it: everybody for the counsel, oneself for a delegate.
    pub(super) readings: Vec<ReadLine>,
    /// The record of service, for the counsel alone.
    pub(super) service_record: Option<String>,
}

/// Documents as a list shows them.
pub(super) fn lines(seen: &SeenInbox, frame: &Frame) -> Vec<Line> {
    let counsel = seen.counsel.id;
    let line = |filed: &FiledItem| {
        let (item, sent) = (&filed.item, &filed.item.sent);
        let reading = |reading: &domain::inbox::Reading| ReadLine {
            name: reading.by.name.clone(),
            at: frame.show.instant(reading.at),
        };
        Line {
            id: item.id.to_string(),
            title: sent.title.clone(),
            address: frame.to.document(counsel, item.id),
            file: frame.t.inbox_file(
                sent.media_type.ending().to_uppercase(),
                frame.show.size(sent.size),
            ),
            file_number: filed.file_number.to_string(),
            case: frame.to.case(counsel, item.case),
            document_type: frame.show.tribunal_document_type(&sent.document_type),
            machine: Shown::machine(item.made_available_at),
            at: frame.show.instant(item.made_available_at),
            unread: !item.has_been_read_by(seen.reader),
            readings: item.readings.iter().map(reading).collect(),
            service_record: seen
                .in_person
                .then(|| frame.to.service_record(counsel, item.id)),
        }
    };
    seen.page.items.iter().map(line).collect()
}

/// A document that counsel is about to delete.
struct Deleting {
    id: Uuid,
    title: String,
}

struct Choice {
    code: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    frame: Frame,
    counsel: String,
    cases: String,
    general: String,
    /// The case whose inbox it is, and its page.
    case: Option<(String, String)>,
    /// Whether the asker may delete here.
    deletes: bool,
    lines: Vec<Line>,
    total: u64,
    unread: u64,
    wanted: Wanted,
    sorts: Vec<Choice>,
    here: String,
    /// The same part of the list, in the same order: whoever deletes comes back to it.
    back: String,
    /// What is to be deleted, once that is confirmed.
    deleting: Option<Deleting>,
    first: Option<String>,
    next: Option<String>,
}

fn sorts(frame: &Frame, wanted: &Wanted) -> Vec<Choice> {
    let choice = |code: &'static str, name: &'static str| Choice {
        code,
        chosen: code == wanted.sort,
        name,
    };
    vec![
        choice("newest", frame.t.inbox_sort_newest()),
        choice("oldest", frame.t.inbox_sort_oldest()),
        choice("file_number", frame.t.cases_sort_file_number()),
        choice("title", frame.t.inbox_sort_title()),
    ]
}

async fn show(
    here: &Here,
    counsel: AccountId,
    case: Option<CaseId>,
    wanted: Wanted,
    deleting: Option<Deleting>,
) -> Result<Response, Problem> {
    let wish = ListInbox {
        counsel,
        case,
        only_unread: wanted.show == "unread",
        order: wanted.order(),
        page: PageRequest {
            after: (!wanted.cursor.is_empty()).then(|| Cursor(wanted.cursor.clone())),
            limit: AT_A_TIME,
        },
    };
    let seen = list_inbox(&here.web.app, here.signed_in()?, &wish).await?;
    let frame = here.frame_for(&seen.counsel).await?;
    let path = match case {
        Some(case) => frame.to.case_inbox(counsel, case),
        None => frame.to.inbox(counsel),
    };
    page(&InboxPage {
        counsel: seen.counsel.name.to_string(),
        cases: frame.to.cases(counsel),
        general: frame.to.inbox(counsel),
        case: seen.case.as_ref().map(|case| {
            (
                case.file_number.to_string(),
                frame.to.case(counsel, case.id),
            )
        }),
        deletes: case.is_none() && seen.in_person,
        lines: if deleting.is_some() {
            Vec::new()
        } else {
            lines(&seen, &frame)
        },
        total: seen.total,
        unread: seen.unread,
        sorts: sorts(&frame, &wanted),
        deleting,
        first: (!wanted.cursor.is_empty()).then(|| wanted.address(&path, String::new())),
        next: seen.page.next.map(|cursor| wanted.address(&path, cursor.0)),
        back: wanted.here(&path, false),
        here: path,
        wanted,
        frame,
    })
}

/// The general inbox.
#[handler]
pub(super) async fn general(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    show(&here, Id::new(counsel), None, wanted, None).await
}

/// A case's inbox.
#[handler]
pub(super) async fn of_case(
    here: Here,
    Path((counsel, case)): Path<(Uuid, Uuid)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    show(&here, Id::new(counsel), Some(Id::new(case)), wanted, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Act {
    delete: Option<Uuid>,
    /// The second time of asking.
    confirmed: Option<Uuid>,
}

/// Deletes from the general inbox, after asking twice (BOX-3).
#[handler]
pub(super) async fn delete(
    here: Here,
    Path(counsel): Path<Uuid>,
    Query(wanted): Query<Wanted>,
    Form(act): Form<Act>,
) -> Result<Response, Problem> {
    let (app, actor) = (&here.web.app, here.signed_in()?);
    let counsel = Id::new(counsel);
    let address = here.to().inbox(counsel);
    if let Some(item) = act.delete {
        let filed = item_to_delete(app, actor, counsel, Id::new(item)).await?;
        if !filed.item.listed_in(Inbox::General) {
            return Ok(see_other(&wanted.here(&address, false)));
        }
        let deleting = Deleting {
            id: item,
            title: filed.item.sent.title,
        };
        return show(&here, counsel, None, wanted, Some(deleting)).await;
    }
    let Some(item) = act.confirmed else {
        return Err(Kind::BadRequest.into());
    };
    delete_inbox_item(app, actor, counsel, Id::new(item)).await?;
    Ok(see_other(&wanted.here(&address, true)))
}

/// Gives the document; that it was read is recorded (BOX-2).
#[handler]
pub(super) async fn read(
    here: Here,
    Path((counsel, item)): Path<(Uuid, Uuid)>,
    request: &Request,
) -> Result<Response, Problem> {
    let (counsel, item) = (Id::new(counsel), Id::new(item));
    read_document(&here.web.app, here.signed_in()?, counsel, item, request).await
}
