//! Whether the process lives, and whether it can work. A virus scanner that is down is told and makes nobody turn away: people still
//! read what the tribunal sent them, and what they send is refused with a word.

use application::Application;
use application::ports::virus_scanner::NotWorking;
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
    if let Err(error) = app.storage.read().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "storage does not answer\n");
    }
    let Some(scanner) = &app.virus_scanner else {
        return (StatusCode::OK, "ready\n");
    };
    match scanner.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "no file is taken");
            let told = match error {
                NotWorking::Away(_) => {
                    "ready, but no file is taken: the virus scanner does not answer\n"
                }
                NotWorking::NotReliable(_) => {
                    "ready, but no file is taken: the virus scanner cannot be relied upon\n"
                }
            };
            (StatusCode::OK, told)
        }
    }
}
