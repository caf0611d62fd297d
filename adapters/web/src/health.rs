//! Whether the process lives, and whether it can work.

use application::Application;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Route, get, handler};

pub(crate) fn routes() -> Route {
    Route::new().at("/live", get(live)).at("/ready", get(ready))
}

#[handler]
fn live() -> &'static str {
    "live\n"
}

#[handler]
async fn ready(app: Data<&Application>) -> (StatusCode, &'static str) {
    match app.storage.read().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "storage does not answer\n")
        }
    }
}
