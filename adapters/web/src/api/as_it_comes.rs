//! A request's body that its handler takes as it comes, and what the document of the API says of it. The framework's own types read a body to
//! its end before a handler runs.

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

/// Such a body.
pub(super) trait Coming: Send + Sized {
    /// As what it is sent.
    const CONTENT_TYPE: &'static str;

    /// What it is.
    fn schema() -> MetaSchemaRef;

    /// Begins to take it.
    fn begin(
        request: &Request,
        body: &mut RequestBody,
    ) -> impl Future<Output = poem::Result<Self>> + Send;
}

/// The body of a request, not taken yet.
pub(super) struct AsItComes<Body>(pub(super) Body);

impl<'a, Body: Coming> ApiExtractor<'a> for AsItComes<Body> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType {
            content_type: Body::CONTENT_TYPE,
            schema: Body::schema(),
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
        Body::begin(request, body).await.map(Self)
    }
}
