//! Whether the process lives, and whether it can work. A virus scanner that is down, and a store of documents that takes none, are told and
//! make nobody turn away: people still read what the tribunal sent them, and what they send is refused with a word.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::Application;
use application::ports::virus_scanner::NotWorking;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Route, handler};

use crate::Web;
use crate::method::get;

/// Whether the portal is about to stop: it still answers, and whoever sends it requests had better send them elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Leaving(Arc<AtomicBool>);

impl Leaving {
    /// It is, from now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) fn routes() -> Route {
    Route::new().at("/live", get(live)).at("/ready", get(ready))
}

#[handler]
fn live() -> &'static str {
    "live\n"
}

#[handler]
async fn ready(app: Data<&Application>, web: Data<&Arc<Web>>) -> (StatusCode, &'static str) {
    if web.leaving.has_begun() {
        return (StatusCode::SERVICE_UNAVAILABLE, "about to stop\n");
    }
    if let Err(error) = app.storage.read().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "storage does not answer\n");
    }
    if let Err(error) = app.documents.takes().await {
        tracing::error!(error = &error as &dyn std::error::Error, "no file is taken");
        let told = "ready, but no file is taken: the store of documents cannot be written\n";
        return (StatusCode::OK, told);
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
