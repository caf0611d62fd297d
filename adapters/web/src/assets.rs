//! The stylesheet and the icon, inside the program: the portal asks no other host for anything. Their address changes with their content,
//! so a browser may keep them for good.

use std::sync::LazyLock;

use poem::http::header;
use poem::{IntoResponse, Response, Route, handler};
use sha2::{Digest, Sha256};

use crate::method::get;

const STYLESHEET: &str = include_str!("../assets/portal.css");
const ICON: &str = include_str!("../assets/icon.svg");

static STYLESHEET_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLESHEET.as_bytes());
    let start = digest.first_chunk().copied().map_or(0, u64::from_be_bytes);
    format!("/assets/portal-{start:016x}.css")
});

/// The stylesheet's address.
pub(crate) fn stylesheet() -> &'static str {
    &STYLESHEET_ADDRESS
}

/// Under `/assets`.
pub(crate) fn routes() -> Route {
    Route::new()
        .at(stylesheet().trim_start_matches("/assets"), get(style))
        .at("/icon.svg", get(icon))
}

#[handler]
fn style() -> Response {
    STYLESHEET
        .with_content_type("text/css; charset=utf-8")
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .into_response()
}

#[handler]
fn icon() -> Response {
    ICON.with_content_type("image/svg+xml")
        .with_header(header::CACHE_CONTROL, "public, max-age=86400")
        .into_response()
}
