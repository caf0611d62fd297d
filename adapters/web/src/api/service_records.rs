//! What proves that the tribunal made a document available, and when each person first read it: for counsel, and for the registry.

use application::Application;
use application::registry_cases::may_see_cases;
use application::service_record::{LookedForIn, sign_service_record};
use domain::document::FileName;
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::Group;
use super::shapes::ServiceRecord;
use crate::caller::SignedIn;
use crate::download::attachment;
use crate::entered::file_number;
use crate::problem::Problem;

pub(super) struct ServiceRecords;

/// What proves that a document was made available.
#[derive(ApiResponse)]
enum Signed {
    /// The record of service
    #[oai(status = 200)]
    Record(
        Json<ServiceRecord>,
        /// Under which name to keep it
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

async fn signed(
    app: &Application,
    who: &SignedIn,
    place: LookedForIn<'_>,
    item: Uuid,
) -> Result<Signed, Problem> {
    let signed = sign_service_record(app, &who.0, place, Id::new(item)).await?;
    let name = format!("record-of-service-{}.json", signed.seen.says.file_number);
    let name = attachment(&FileName::from_sender(&name));
    Ok(Signed::Record(Json(signed.file.into()), name))
}

#[OpenApi]
impl ServiceRecords {
    /// The signed record of service of a document; for the counsel alone
    ///
    /// When it was made available, and when each person first read it, as things stand now. Each answer is signed anew.
    #[oai(
        path = "/counsels/:counsel/inbox/:item/service-record",
        method = "get",
        operation_id = "downloadServiceRecord",
        tag = "Group::Inbox"
    )]
    async fn of_inbox(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The document in the inbox
        item: Path<Uuid>,
    ) -> Result<Signed, Problem> {
        let place = LookedForIn::InboxOf(Id::new(counsel.0));
        signed(&app, &who, place, item.0).await
    }

    /// The signed record of service of a document that was sent on a case
    ///
    /// When it was made available, and when each person first read it, as things stand now. Each answer is signed anew.
    #[oai(
        path = "/registry/cases/:file_number/documents/:item/service-record",
        method = "get",
        operation_id = "downloadServiceRecordOfCase",
        tag = "Group::Registry"
    )]
    async fn of_case(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The case's file number
        #[oai(name = "file_number")]
        number: Path<String>,
        /// The document, as the list of what was sent names it
        item: Path<Uuid>,
    ) -> Result<Signed, Problem> {
        may_see_cases(&app, &who.0)?;
        let number = file_number(&number.0)?;
        signed(&app, &who, LookedForIn::Case(&number), item.0).await
    }
}
