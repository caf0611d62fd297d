//! Where requests and jobs go, for a collector of OpenTelemetry: a span around each, and one for each statement within. The spans are there in
//! every program and cost nothing where nobody asks; telling them takes the feature `traces` and `[traces]` in the configuration. No span is
//! about anybody.

#[cfg(feature = "traces")]
mod collector;

use std::sync::Arc;

use domain::policy::Job;
use poem::http::Uri;
use storage::SqlStorage;
use tracing::{Metadata, Span, Subscriber};
use tracing_subscriber::filter::{FilterFn, filter_fn};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;
use web::Watch;

/// Whether this program can tell a collector.
pub const BUILT_IN: bool = cfg!(feature = "traces");

/// What these spans are called among all others.
const TARGET: &str = "traces";

/// Why a collector cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The system offers no certificates to check it by.
    #[error("TLS cannot be set up for the collector of traces")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The client.
    #[error("the collector of traces cannot be told")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Whoever tells a collector, for as long as it is there. What has not been told is told when it goes.
#[derive(Debug)]
#[must_use = "nothing is told once it is gone"]
pub struct Traces {
    #[cfg(feature = "traces")]
    telling: Option<collector::Telling>,
}

impl Traces {
    /// Begins to tell the collector of that address, if there is one, of what the program of that name does.
    ///
    /// # Errors
    /// [`TracesError`].
    #[cfg(feature = "traces")]
    pub fn begin(program: &'static str, endpoint: Option<&Uri>) -> Result<Self, TracesError> {
        let telling = endpoint.map(|endpoint| collector::Telling::begin(program, endpoint));
        Ok(Self {
            telling: telling.transpose()?,
        })
    }

    /// Begins nothing: this program was built without.
    ///
    /// # Errors
    /// None.
    #[cfg(not(feature = "traces"))]
    pub fn begin(_: &'static str, endpoint: Option<&Uri>) -> Result<Self, TracesError> {
        if endpoint.is_some() {
            tracing::warn!("traces.endpoint is set, and this program was built without traces");
        }
        Ok(Self {})
    }

    /// Whoever counts requests, with a span around each if somebody is told.
    pub fn around(&self, counting: Arc<dyn Watch>) -> Arc<dyn Watch> {
        #[cfg(feature = "traces")]
        if self.telling.is_some() {
            return Arc::new(collector::Followed::new(counting));
        }
        counting
    }
}

/// The same records, with a span for each statement where somebody could be told.
#[cfg(feature = "traces")]
pub(crate) fn of_statements(storage: SqlStorage) -> SqlStorage {
    storage.watched(collector::tell_statement)
}

/// The same records.
#[cfg(not(feature = "traces"))]
pub(crate) const fn of_statements(storage: SqlStorage) -> SqlStorage {
    storage
}

/// The span around a pass of a job.
pub(crate) fn of_job(job: Job) -> Span {
    tracing::info_span!(target: TARGET, "job", otel.name = job.name())
}

fn is_one(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET
}

/// Keeps these spans out of the log, whatever it shows.
pub(crate) fn are_left_out() -> FilterFn {
    filter_fn(|metadata| !is_one(metadata))
}

/// What hands these spans, and no line of the log, to whoever tells them.
#[cfg(feature = "traces")]
pub(crate) fn layer<S: Subscriber + for<'span> LookupSpan<'span>>() -> impl Layer<S> {
    collector::layer().with_filter(filter_fn(|metadata| metadata.is_span() && is_one(metadata)))
}

/// Nobody is told.
#[cfg(not(feature = "traces"))]
pub(crate) fn layer<S: Subscriber + for<'span> LookupSpan<'span>>() -> impl Layer<S> {
    tracing_subscriber::layer::Identity::new()
}
