//! Submit documents, and the history of what was submitted (SUB-1 … SUB-7).

use application::Application;
use application::list_submissions::list_submissions;
use application::receive_document::{discard, may_submit};
use application::see_submission::see_submission;
use application::submit_documents::{SubmitDocuments, submit_documents};
use domain::id::Id;
use poem::web::{Data, Multipart};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::{Received, Submission, SubmissionPage};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::upload::{self, OnRefusal};

pub(super) struct Submissions;

/// `multipart/form-data` whose parts are taken as they come. The framework's own type would put every file aside, whole and without
/// limit, before a handler runs.
struct Parts(Multipart);

impl Payload for Parts {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn schema_ref() -> MetaSchemaRef {
        let text = |description| {
            MetaSchemaRef::Inline(Box::new(MetaSchema {
                description: Some(description),
                ..MetaSchema::new("string")
            }))
        };
        let binary =
            MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let files = MetaSchema {
            items: Some(Box::new(binary)),
            description: Some("One part per file, each with its name"),
            ..MetaSchema::new("array")
        };
        let properties = vec![
            (
                "document_type",
                text("One of the tribunal's types of document, such as `disclosure`"),
            ),
            ("note", text("A note to the registry")),
            ("service_how", text("How the other party was given a copy")),
            ("service_on", text("When, YYYY-MM-DD")),
            (
                "title",
                text("The title, in the list of documents, of the file that follows"),
            ),
            ("file", MetaSchemaRef::Inline(Box::new(files))),
        ];
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            properties,
            required: vec!["document_type", "file"],
            ..MetaSchema::new("object")
        }))
    }
}

impl ParsePayload for Parts {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(
            <Multipart as FromRequest>::from_request(request, body).await?,
        ))
    }
}

impl<'a> ApiExtractor<'a> for Parts {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType {
            content_type: Self::CONTENT_TYPE,
            schema: Self::schema_ref(),
        }];
        Some(MetaRequest {
            description: None,
            content,
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        <Self as ParsePayload>::from_request(request, body).await
    }
}

/// A submission that the tribunal holds.
#[derive(ApiResponse)]
enum Done {
    /// Received
    #[oai(status = 201)]
    Created(Json<Received>),
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

    /// Submit documents
    ///
    /// Files are taken as they come and checked by content. The answer comes once every byte and the record of it are on durable storage.
    /// The same `Idempotency-Key` with the same content gives the same confirmation number and stores nothing twice.
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
        parts: Parts,
    ) -> Result<Done, Problem> {
        let (counsel, case) = (Id::new(counsel.0), Id::new(case.0));
        may_submit(&app, &who.0, counsel, case).await?;
        let upload::Received { fields, files, .. } =
            upload::receive(&app, parts.0, 0, OnRefusal::Stop).await?;
        let wish = match fields.wish() {
            Ok(wish) => wish,
            Err(problem) => {
                discard(&app, &files).await;
                return Err(problem);
            }
        };
        let wish = SubmitDocuments {
            counsel,
            case,
            wish,
            files,
            idempotency_key: idempotency_key.0,
        };
        let submitted = submit_documents(&app, &who.0, &wish).await?;
        Ok(Done::Created(Json(Received::new(&submitted, &app))))
    }
}
