//! What operators watch, as `OpenMetrics`: counts, durations and levels. No label is about anybody: routes are patterns, and everything else
//! is a name of the program's own.

mod levels;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use application::Application;
use application::ports::tally::Tally;
use domain::policy::Job;
use listener::{Limits, Listener, Places};
use poem::endpoint::make;
use poem::http::{Method, StatusCode, header};
use poem::{EndpointExt, IntoResponse, Request, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use storage::SqlStorage;
use web::{Answered, Watch};

use crate::server::ServeError;

/// What the answer is.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whoever asks for metrics is one machine, and quick.
const LIMITS: Limits = Limits {
    connections: 32,
    connections_per_address: 16,
    head: Duration::from_secs(5),
    idle: Duration::from_secs(90),
    pause: Duration::from_secs(10),
    slowest: 500,
    drain: Duration::from_secs(1),
};

/// Seconds, for pages and for uploads.
const SECONDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRoute {
    route: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfJob {
    job: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfOutcome {
    outcome: &'static str,
}

type Durations = Family<OfRoute, Histogram, fn() -> Histogram>;

/// Everything that is counted while the process runs.
pub struct Metrics {
    counted: Mutex<Registry>,
    requests: Durations,
    files: Family<OfOutcome, Counter>,
    file_bytes: Counter,
    submissions: Counter,
    job_seconds: Family<OfJob, Gauge<f64, std::sync::atomic::AtomicU64>>,
    job_failures: Family<OfJob, Counter>,
    storage: SqlStorage,
    places: OnceLock<Arc<Places>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new(storage: SqlStorage) -> Self {
        let mut registry = Registry::with_prefix("mondossier");
        let requests = Durations::new_with_constructor(durations);
        registry.register_with_unit(
            "http_request_duration",
            "Requests by route, method and class of status, from head to last byte",
            Unit::Seconds,
            requests.clone(),
        );
        let files = Family::<OfOutcome, Counter>::default();
        registry.register("files", "Files that came in", files.clone());
        let file_bytes = Counter::default();
        registry.register_with_unit(
            "file_size",
            "Bytes of files that came in and were taken",
            Unit::Bytes,
            file_bytes.clone(),
        );
        let submissions = Counter::default();
        registry.register(
            "submissions",
            "Submissions that were received",
            submissions.clone(),
        );
        let job_seconds = Family::default();
        registry.register_with_unit(
            "job_last_duration",
            "How long this process's last run of a job took",
            Unit::Seconds,
            Family::clone(&job_seconds),
        );
        let job_failures = Family::<OfJob, Counter>::default();
        registry.register(
            "job_failures",
            "Runs of jobs that failed in this process",
            job_failures.clone(),
        );
        Self {
            counted: Mutex::new(registry),
            requests,
            files,
            file_bytes,
            submissions,
            job_seconds,
            job_failures,
            storage,
            places: OnceLock::new(),
        }
    }

    /// Watches a listener's connections, once.
    pub(crate) fn watch(&self, places: Arc<Places>) {
        let _ = self.places.set(places);
    }

    /// A job ran.
    pub(crate) fn job_ran(&self, job: Job, took: Duration, worked: bool) {
        let of = OfJob { job: job.name() };
        self.job_seconds.get_or_create(&of).set(took.as_secs_f64());
        let failures = self.job_failures.get_or_create(&of);
        if !worked {
            failures.inc();
        }
    }

    /// Everything as text, the levels as they are now.
    async fn text(&self, app: &Application) -> Result<String, fmt::Error> {
        let levels = levels::levels(app, &self.storage, self.places.get()).await;
        let mut text = String::new();
        encode_registry(&mut text, &levels)?;
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        encode_registry(&mut text, &counted)?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    /// Serves them until dropped.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub async fn serve(
        self: Arc<Self>,
        app: Application,
        listen: SocketAddr,
        ready: impl FnOnce(SocketAddr),
    ) -> Result<(), ServeError> {
        let taken = |error| ServeError::Listen(listen, error);
        let listener = Listener::bind(listen, LIMITS, Arc::new(|_| false), None).await;
        let listener = listener.map_err(taken)?;
        ready(listener.address().map_err(taken)?);
        let endpoint = make(move |request: Request| {
            let (metrics, app) = (self.clone(), app.clone());
            async move { Ok::<_, poem::Error>(metrics.answer(&request, &app).await) }
        });
        listener
            .serve(endpoint.boxed(), std::future::pending::<()>())
            .await;
        Ok(())
    }

    /// Serves them on that address, where there is one; and in any case for good, for somebody who does something else beside it.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub async fn beside(
        self: Arc<Self>,
        app: Application,
        listen: Option<SocketAddr>,
    ) -> Result<(), ServeError> {
        match listen {
            Some(listen) => {
                let ready = |bound| tracing::info!(%bound, "metrics");
                self.serve(app, listen, ready).await
            }
            None => std::future::pending().await,
        }
    }

    async fn answer(&self, request: &Request, app: &Application) -> Response {
        if request.uri().path() != "/metrics" {
            return StatusCode::NOT_FOUND.into_response();
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return StatusCode::METHOD_NOT_ALLOWED
                .with_header(header::ALLOW, "GET, HEAD")
                .into_response();
        }
        match self.text(app).await {
            Ok(text) => text.with_content_type(CONTENT_TYPE).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl Watch for Metrics {
    fn answered(&self, answered: &Answered<'_>) {
        let status = match answered.status.map(|status| status.as_u16() / 100) {
            Some(1) => "1xx",
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(_) => "5xx",
            None => "gone",
        };
        let of = OfRoute {
            route: answered.route.to_owned(),
            method: answered.method,
            status,
        };
        self.requests
            .get_or_create(&of)
            .observe(answered.took.as_secs_f64());
    }
}

impl Tally for Metrics {
    fn file_taken(&self, bytes: u64) {
        let taken = OfOutcome { outcome: "taken" };
        self.files.get_or_create(&taken).inc();
        self.file_bytes.inc_by(bytes);
    }

    fn file_refused(&self) {
        let refused = OfOutcome { outcome: "refused" };
        self.files.get_or_create(&refused).inc();
    }

    fn file_failed(&self) {
        let failed = OfOutcome { outcome: "failed" };
        self.files.get_or_create(&failed).inc();
    }

    fn submission_received(&self) {
        self.submissions.inc();
    }
}
