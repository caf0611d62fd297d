//! Notices that do not arrive: the registry's work list, and what is done about them.

use application::Application;
use application::undelivered::{
    Remedy, ToReach, list_undelivered, may_report_bounces, remedy_notice, report_bounce,
};
use domain::account::Account;
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::entered::notice_of;
use crate::problem::Problem;

pub(super) struct UndeliveredNotices;

/// The counsel who invited somebody, with what reaches them.
#[derive(Object)]
struct InvitedBy {
    account_id: Uuid,
    name: String,
    email: String,
    cell: Option<String>,
}

impl From<&Account> for InvitedBy {
    fn from(counsel: &Account) -> Self {
        Self {
            account_id: counsel.id.uuid(),
            name: counsel.name.to_string(),
            email: counsel.email.as_str().to_owned(),
            cell: counsel.cell.as_ref().map(|cell| cell.as_str().to_owned()),
        }
    }
}

/// A notice that does not arrive.
#[derive(Object)]
struct UndeliveredNotice {
    id: Uuid,
    /// What it tells, such as `document-from-tribunal`.
    kind: String,
    written_at: String,
    /// The address that does not take it.
    email: String,
    /// `bounced`, `refused-for-good` or `keeps-failing`
    why: String,
    /// How often it was tried.
    attempts: u32,
    /// Whom it is for; null for somebody who is invited and has no account yet.
    account_id: Option<Uuid>,
    name: Option<String>,
    /// Another channel: the person's cell number.
    cell: Option<String>,
    /// The address that the person has now.
    current_email: Option<String>,
    /// Of an invitation: the counsel who invited, and who alone can put the address right.
    invited_by: Option<InvitedBy>,
    /// Not an invitation that was accepted or withdrawn, or that lapsed.
    can_be_sent_again: bool,
    /// When somebody said that the person was reached otherwise.
    settled_at: Option<String>,
}

impl From<&ToReach> for UndeliveredNotice {
    fn from(to_reach: &ToReach) -> Self {
        let (one, account) = (&to_reach.undelivered, to_reach.account.as_ref());
        Self {
            id: one.notice.id.uuid(),
            kind: one.notice.about.kind().to_owned(),
            written_at: rfc3339(one.notice.written_at),
            email: one.notice.to.email.as_str().to_owned(),
            why: one.why.code().to_owned(),
            attempts: one.attempts,
            account_id: account.map(|account| account.id.uuid()),
            name: account.map(|account| account.name.to_string()),
            cell: account
                .and_then(|account| account.cell.as_ref())
                .map(|cell| cell.as_str().to_owned()),
            current_email: account.map(|account| account.email.as_str().to_owned()),
            invited_by: to_reach.invited_by.as_ref().map(Into::into),
            can_be_sent_again: to_reach.can_be_sent_again,
            settled_at: one.settled.map(|(_, at)| rfc3339(at)),
        }
    }
}

/// Notices that do not arrive.
#[derive(Object)]
struct UndeliveredPage {
    items: Vec<UndeliveredNotice>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// Mail that came back.
#[derive(Object)]
struct Bounce {
    /// The `Message-ID` of the notice, with or without its angle brackets; or the reference in its text.
    message_id: String,
}

/// Done.
#[derive(ApiResponse)]
enum Done {
    /// Done
    #[oai(status = 204)]
    Done,
}

#[OpenApi]
impl UndeliveredNotices {
    /// Notices that do not arrive, the oldest first, with the person's other channels
    #[oai(
        path = "/registry/undelivered",
        method = "get",
        operation_id = "listUndelivered",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Those that were settled instead
        settled: Query<Option<bool>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<UndeliveredPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        let settled = settled.0.unwrap_or_default();
        let found = list_undelivered(&app, &who.0, settled, &page).await?;
        Ok(Json(UndeliveredPage {
            items: found.items.iter().map(Into::into).collect(),
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// The person was reached otherwise; the notice is not sent any more
    #[oai(
        path = "/registry/undelivered/:notice/settlement",
        method = "post",
        operation_id = "settleNotice",
        tag = "Group::Registry"
    )]
    async fn settle(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The notice
        notice: Path<Uuid>,
    ) -> Result<Done, Problem> {
        remedy_notice(&app, &who.0, Id::new(notice.0), Remedy::Settled, None).await?;
        Ok(Done::Done)
    }

    /// Send the notice again, to the address that the person has now
    #[oai(
        path = "/registry/undelivered/:notice/sending",
        method = "post",
        operation_id = "sendNoticeAgain",
        tag = "Group::Registry"
    )]
    async fn send_again(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The notice
        notice: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Done, Problem> {
        let (notice, key) = (Id::new(notice.0), idempotency_key.0.as_deref());
        remedy_notice(&app, &who.0, notice, Remedy::SentAgain, key).await?;
        Ok(Done::Done)
    }

    /// Say that a notice came back, by whoever reads returned mail
    #[oai(
        path = "/registry/bounces",
        method = "post",
        operation_id = "reportBounce",
        tag = "Group::Registry"
    )]
    async fn bounce(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        bounce: Json<Bounce>,
    ) -> Result<Done, Problem> {
        may_report_bounces(&app, &who.0)?;
        report_bounce(&app, &who.0, notice_of(&bounce.0.message_id)?).await?;
        Ok(Done::Done)
    }
}
