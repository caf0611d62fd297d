//! What holds for every request of the upload protocol, tus: its version, and how a client says what it means.

use std::sync::Arc;

use poem::http::Method;
use poem::http::header::{HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

/// The version that is spoken.
pub(crate) const VERSION: &str = "1.0.0";

/// Whether a request is one of the protocol.
fn is_upload(request: &Request) -> bool {
    let path = request.original_uri().path();
    path.starts_with("/api/v1/") && path.contains("/uploads")
}

/// Names the version in every answer, refusals too.
pub(crate) async fn name_version<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let is_upload = is_upload(&request);
    let mut response = next.call(request).await?.into_response();
    if is_upload {
        for name in ["tus-resumable", "tus-version"] {
            let version = HeaderValue::from_static(VERSION);
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, version);
        }
    }
    Ok(response)
}

/// A client that can send nothing but POST says in a header what it means; the upload protocol asks for that.
pub(crate) async fn method_override<E: Endpoint>(
    next: Arc<E>,
    mut request: Request,
) -> Result<Response> {
    if is_upload(&request) && *request.method() == Method::POST {
        let meant = request.header("x-http-method-override").map(str::to_owned);
        match meant.as_deref() {
            Some("PATCH") => request.set_method(Method::PATCH),
            Some("DELETE") => request.set_method(Method::DELETE),
            _ => {}
        }
    }
    next.call(request).await.map(IntoResponse::into_response)
}
