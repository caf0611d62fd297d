//! The stylesheet, the scripts and the icon, inside the program: the portal asks no other host for anything. Their address changes with their content,
//! so a browser may keep them for good.

use std::sync::LazyLock;

use poem::http::header;
use poem::{IntoResponse, Response, Route, handler};
use sha2::{Digest, Sha256};

use crate::method::get;

const STYLESHEET: &str = include_str!("../assets/portal.css");
const ICON: &str = include_str!("../assets/icon.svg");

/// Uploads piece by piece.
const UPLOAD: &str = include_str!("../assets/upload.js");
/// Warns before a session ends.
const SESSION: &str = include_str!("../assets/session.js");

/// Where something is that a browser may keep for good: the address changes with the content.
fn address(name: &str, content: &str, ending: &str) -> String {
    let digest = Sha256::digest(content.as_bytes());
    let start = digest.first_chunk().copied().map_or(0, u64::from_be_bytes);
    format!("/assets/{name}-{start:016x}.{ending}")
}

static STYLESHEET_ADDRESS: LazyLock<String> =
    LazyLock::new(|| address("portal", STYLESHEET, "css"));
static UPLOAD_ADDRESS: LazyLock<String> = LazyLock::new(|| address("upload", UPLOAD, "js"));
static SESSION_ADDRESS: LazyLock<String> = LazyLock::new(|| address("session", SESSION, "js"));

/// The stylesheet's address.
pub(crate) fn stylesheet() -> &'static str {
    &STYLESHEET_ADDRESS
}

/// The scripts' addresses.
#[derive(Clone, Copy)]
pub(crate) struct Scripts {
    pub(crate) upload: &'static str,
    pub(crate) session: &'static str,
}

/// The scripts.
pub(crate) fn scripts() -> Scripts {
    Scripts {
        upload: &UPLOAD_ADDRESS,
        session: &SESSION_ADDRESS,
    }
}

/// Under `/assets`.
pub(crate) fn routes() -> Route {
    Route::new()
        .at(stylesheet().trim_start_matches("/assets"), get(style))
        .at(scripts().upload.trim_start_matches("/assets"), get(upload))
        .at(
            scripts().session.trim_start_matches("/assets"),
            get(session),
        )
        .at("/icon.svg", get(icon))
}

/// Something that a browser may keep for good.
fn for_good(content: &'static str, content_type: &'static str) -> Response {
    content
        .with_content_type(content_type)
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .into_response()
}

#[handler]
fn style() -> Response {
    for_good(STYLESHEET, "text/css; charset=utf-8")
}

#[handler]
fn upload() -> Response {
    for_good(UPLOAD, "text/javascript; charset=utf-8")
}

#[handler]
fn session() -> Response {
    for_good(SESSION, "text/javascript; charset=utf-8")
}

#[handler]
fn icon() -> Response {
    ICON.with_content_type("image/svg+xml")
        .with_header(header::CACHE_CONTROL, "public, max-age=86400")
        .into_response()
}
