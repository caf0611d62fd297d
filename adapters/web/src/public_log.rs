//! `/log`: the public log of receipts in the addresses of c2sp.org/tlog-tiles, and the keys by which it and receipts are verified. For anybody;
//! nothing here is about anybody.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the framework hands handlers their extractors by value"
)]

use application::Application;
use application::public_log::{checkpoint, tile};
use application::receipt::verifier_keys;
use poem::http::header;
use poem::web::{Data, Path};
use poem::{IntoResponse, Response, Route, handler};
use receipts::TilePath;

use crate::method::get;
use crate::problem::{Kind, Problem};

const TEXT: &str = "text/plain; charset=utf-8";

/// What never changes under its address.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// Under `/log`.
pub(crate) fn routes() -> Route {
    Route::new()
        .at("/checkpoint", get(give_checkpoint))
        .at("/tile/*path", get(give_tile))
        .at("/keys", get(give_keys))
}

#[handler]
async fn give_checkpoint(app: Data<&Application>) -> Result<Response, Problem> {
    let note = checkpoint(&app).await?;
    let note = note.ok_or_else(|| Problem::from(Kind::NotFound))?;
    Ok(note.with_content_type(TEXT).into_response())
}

#[handler]
async fn give_tile(app: Data<&Application>, path: Path<String>) -> Result<Response, Problem> {
    let nothing = || Problem::from(Kind::NotFound);
    let wanted: TilePath = path.parse().map_err(|_| nothing())?;
    let bytes = tile(&app, wanted).await?.ok_or_else(nothing)?;
    Ok(bytes
        .with_content_type("application/octet-stream")
        .with_header(header::CACHE_CONTROL, FOR_GOOD)
        .into_response())
}

/// A key in each line, the present one first: what `portal verify-receipt --key` takes.
#[handler]
fn give_keys(app: Data<&Application>) -> Response {
    let mut lines = String::new();
    for key in verifier_keys(&app) {
        lines.push_str(&key.to_string());
        lines.push('\n');
    }
    lines.with_content_type(TEXT).into_response()
}
