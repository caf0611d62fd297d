//! The case management system's side of cases: create or change one (CASE-1).

use application::Application;
use application::feed_cases::{Fed, feed_case, may_feed};
use case_object::{BYTES_AT_MOST, read};
use poem::web::Data;
use poem::{Body, Request, RequestBody};
use poem_openapi::param::Path;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, Object, OpenApi,
};

use super::Group;
use super::shapes::Case;
use crate::caller::SignedIn;
use crate::problem::{Kind, Problem};

pub(super) struct CaseFeed;

/// Somebody in a proceeding.
#[derive(Object)]
struct SentParty {
    /// As on the file.
    name: String,
    /// A code, such as `claimant`.
    role: String,
}

/// Something that will happen in a proceeding. One that was sent before and is not sent again before its time counts as cancelled.
#[derive(Object)]
struct SentEvent {
    /// A code, such as `hearing`.
    kind: String,
    /// RFC 3339, with its offset.
    starts_at: String,
    place: Option<String>,
}

/// A decision.
#[derive(Object)]
struct SentDecision {
    /// A code, such as `final`.
    kind: String,
    /// YYYY-MM-DD
    made_on: String,
}

/// All that is to be on record of a case. What is left out, or null, is taken off the record. A case as this API answers it can be sent back:
/// `id` and `leaves_on` are passed over.
#[derive(Object)]
struct SentCase {
    /// The same as in the address, or left out.
    file_number: Option<String>,
    /// A code of a division of this tribunal.
    division: String,
    /// A code of a region of this tribunal.
    region: String,
    /// A code, such as `active` or `decided`.
    status: String,
    /// The principal file of its group.
    principal_file_number: Option<String>,
    /// UCI: 8 or 10 digits, one per person.
    client_ids: Option<Vec<String>>,
    parties: Option<Vec<SentParty>>,
    /// Limits of the counsel's retainer.
    retainer_limits: Option<String>,
    events: Option<Vec<SentEvent>>,
    decisions: Option<Vec<SentDecision>>,
    /// YYYY-MM-DD; 45 days after it the case leaves the portal.
    final_decision_on: Option<String>,
    /// The counsel's account; null takes everybody's access away.
    counsel_of_record: Option<String>,
}

/// The object as it comes, not read before it is known who sends it. The framework's own type would tell one mistake of several.
struct Sent(Body);

impl Payload for Sent {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        SentCase::schema_ref()
    }

    fn register(registry: &mut Registry) {
        SentCase::register(registry);
    }
}

impl<'a> ApiExtractor<'a> for Sent {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

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
        let kind = request.content_type();
        if !kind.is_some_and(Json::<SentCase>::check_content_type) {
            return Err(Problem::from(Kind::ContentTypeUnusable).into());
        }
        Ok(Self(body.take()?))
    }
}

/// The case is on record.
#[derive(ApiResponse)]
enum OnRecord {
    /// As it was, or changed
    #[oai(status = 200)]
    Held(Json<Case>),
    /// Created
    #[oai(status = 201)]
    Created(Json<Case>),
}

#[OpenApi]
impl CaseFeed {
    /// Create or change a case
    ///
    /// The same object again changes nothing. 422 names every field that cannot be used, in `errors`.
    #[oai(
        path = "/registry/cases/:file_number",
        method = "put",
        operation_id = "feedCase",
        tag = "Group::Registry"
    )]
    async fn feed(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The number on the file
        file_number: Path<String>,
        body: Sent,
    ) -> Result<OnRecord, Problem> {
        may_feed(&app, &who.0)?;
        let bytes = body.0.into_bytes_limit(BYTES_AT_MOST).await;
        let bytes = bytes.map_err(|error| Problem::of(error.into()))?;
        let sent =
            read(&bytes).map_err(|error| Problem::from(Kind::CaseUnreadable).because(error))?;
        Ok(match feed_case(&app, &who.0, &file_number, sent).await? {
            Fed::Created(case) => OnRecord::Created(Json(Case::new(case, &app))),
            Fed::Changed(case) | Fed::Unchanged(case) => {
                OnRecord::Held(Json(Case::new(case, &app)))
            }
        })
    }
}
