//! Submit documents, and the history of what was submitted (SUB-1 … SUB-7).

use application::Application;
use application::list_submissions::list_submissions;
use application::receipt::see_receipt;
use application::receive_document::may_submit;
use application::see_submission::see_submission;
use application::submit_documents::{SubmitDocuments, submit_documents};
use domain::document::FileName;
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::Group;
use super::as_it_comes::AsItComes;
use super::paging::page;
use super::parts::{OfSubmission, Parts};
use super::shapes::{Receipt, Received, Submission, SubmissionPage};
use crate::caller::SignedIn;
use crate::download::attachment;
use crate::problem::Problem;
use crate::upload;

pub(super) struct Submissions;

/// A submission that the tribunal holds.
#[derive(ApiResponse)]
enum Done {
    /// Received
    #[oai(status = 201)]
    Created(Json<Received>),
}

/// What a sender keeps as proof.
#[derive(ApiResponse)]
enum Signed {
    /// The receipt
    #[oai(status = 200)]
    Receipt(
        Json<Receipt>,
        /// Under which name to keep it
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi]
impl Submissions {
    /// Submission history of a case
    #[oai(
        path = "/counsels/:counsel/cases/:case/submissions",
        method = "get",
        operation_id = "listSubmissions",
        tag = "Group::Submissions"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<SubmissionPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        let found = list_submissions(&app, &who.0, Id::new(counsel.0), Id::new(case.0), &page)
            .await?
            .page;
        let items = found
            .items
            .iter()
            .map(|submission| Submission::new(submission, &app))
            .collect();
        Ok(Json(SubmissionPage {
            items,
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// One entry of the submission history
    #[oai(
        path = "/counsels/:counsel/cases/:case/submissions/:submission",
        method = "get",
        operation_id = "seeSubmission",
        tag = "Group::Submissions"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The submission
        submission: Path<Uuid>,
    ) -> Result<Json<Submission>, Problem> {
        let (counsel, case) = (Id::new(counsel.0), Id::new(case.0));
        let seen = see_submission(&app, &who.0, counsel, case, Id::new(submission.0)).await?;
        Ok(Json(Submission::new(&seen.submission, &app)))
    }

    /// The signed receipt of a submission
    ///
    /// Once the receipt is in the public log, it has the proof of that. The answer is the file that `portal verify-receipt` verifies.
    #[oai(
        path = "/counsels/:counsel/cases/:case/submissions/:submission/receipt",
        method = "get",
        operation_id = "downloadReceipt",
        tag = "Group::Submissions"
    )]
    async fn receipt(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The submission
        submission: Path<Uuid>,
    ) -> Result<Signed, Problem> {
        let (counsel, case) = (Id::new(counsel.0), Id::new(case.0));
        let seen = see_receipt(&app, &who.0, counsel, case, Id::new(submission.0)).await?;
        let name = format!("receipt-{}.json", seen.says.confirmation_number);
        let name = attachment(&FileName::from_sender(&name));
        Ok(Signed::Receipt(Json(seen.file.into()), name))
    }

    /// Submit documents
    ///
    /// Files are taken as they come and checked by content. The answer comes once every byte and the record of it are on durable storage.
    /// With `also_on`, the same documents are submitted on other cases of this counsel as well, each with its own confirmation number.
    /// The documents are in the order of the parts `file` and `upload`; a `title` is that of the next of them. An upload that was submitted has
    /// ended. The same `Idempotency-Key` with the same content gives the same confirmation number and stores nothing twice.
    ///
    /// A part that is not read here (`part-unknown`), or of which there is one already (`part-repeated`), is refused with everything beside it.
    #[oai(
        path = "/counsels/:counsel/cases/:case/submissions",
        method = "post",
        operation_id = "submitDocuments",
        tag = "Group::Submissions"
    )]
    async fn submit(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The case
        case: Path<Uuid>,
        /// The same for every try of one submission
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        parts: AsItComes<Parts<OfSubmission>>,
    ) -> Result<Done, Problem> {
        let (counsel, case) = (Id::new(counsel.0), Id::new(case.0));
        let (_, intake) = may_submit(&app, &who.0, counsel, case).await?;
        let upload::Received {
            fields,
            enclosed,
            behind,
            ..
        } = upload::receive(
            &app,
            &intake,
            parts.0.taken,
            0,
            Parts::<OfSubmission>::STRICTLY,
        )
        .await?;
        let entered = fields.wish().and_then(|wish| Ok((wish, fields.others()?)));
        let (wish, also_on) = match entered {
            Ok(entered) => entered,
            Err(problem) => {
                behind.discard().await;
                return Err(problem);
            }
        };
        let wish = SubmitDocuments {
            counsel,
            case,
            also_on,
            wish,
            files: enclosed,
            form: None,
            begun: None,
            idempotency_key: idempotency_key.0,
        };
        let submitted = submit_documents(&app, &who.0, &wish).await?;
        behind.are_settled();
        Ok(Done::Created(Json(Received::new(&submitted, &app))))
    }
}
