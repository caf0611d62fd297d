//! A document's bytes as an answer, documented.

use domain::document::MediaType;
use poem::Response;
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};

/// A document, whole (200) or a part of it (206).
pub(super) struct File(pub(super) Response);

impl poem::IntoResponse for File {
    fn into_response(self) -> Response {
        self.0
    }
}

/// Whatever type the document is of.
fn every_type() -> impl Iterator<Item = MetaMediaType> {
    let types = MediaType::ALL.into_iter().chain([MediaType::Html]);
    types.map(|kind| MetaMediaType {
        content_type: kind.mime(),
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary"))),
    })
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let one = |description, status| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: every_type().collect(),
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![
                one("The document, under its own name and type", 200),
                one("The part that `Range` asks for", 206),
            ],
        }
    }

    fn register(_: &mut Registry) {}
}
