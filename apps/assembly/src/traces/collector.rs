//! Telling the collector: OTLP by HTTP, by the client that everything else here asks with. The log begins before the configuration is read, so
//! spans go to whoever tells once there is somebody.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{
    SpanBuilder, SpanKind, Status, TraceContextExt, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, SdkTracer, SdkTracerProvider, Span as OtelSpan, SpanData, SpanProcessor,
};
use poem::http::Uri;
use reqwest::Client;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls_platform_verifier::BuilderVerifierExt;
use storage::Asked;
use tokio::runtime::Handle;
use tracing::{Span, Subscriber, field};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::registry::LookupSpan;
use web::{Answered, Watch};

use super::{TARGET, TracesError};

/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the program waits at its end for what has not been told.
const AT_THE_END: Duration = Duration::from_secs(5);

/// Whoever tells, once somebody does.
static TELLING: OnceLock<BatchSpanProcessor> = OnceLock::new();

/// Where spans begin and end, whether or not somebody tells them.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

fn tracer() -> SdkTracer {
    let provider = PROVIDER.get_or_init(|| {
        SdkTracerProvider::builder()
            .with_resource(Resource::builder_empty().build())
            .with_span_processor(WhoeverTells)
            .build()
    });
    provider.tracer("mondossier")
}

pub(super) fn layer<S: Subscriber + for<'span> LookupSpan<'span>>()
-> OpenTelemetryLayer<S, SdkTracer> {
    tracing_opentelemetry::layer()
        .with_tracer(tracer())
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
}

/// Passes spans on to [`TELLING`].
#[derive(Debug)]
struct WhoeverTells;

impl SpanProcessor for WhoeverTells {
    fn on_start(&self, _: &mut OtelSpan, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if let Some(telling) = TELLING.get() {
            telling.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        TELLING.get().map_or(Ok(()), SpanProcessor::force_flush)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        let telling = TELLING.get();
        telling.map_or(Ok(()), |telling| telling.shutdown_with_timeout(timeout))
    }
}

/// The collector is told.
#[derive(Debug)]
pub(super) struct Telling(());

impl Telling {
    pub(super) fn begin(program: &'static str, endpoint: &Uri) -> Result<Self, TracesError> {
        let place = endpoint.to_string();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(OurClient::new()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", place.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| TracesError::Client(error.into()))?;
        let mut telling = BatchSpanProcessor::builder(exporter).build();
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder_empty()
            .with_service_name(program)
            .with_attribute(version)
            .build();
        telling.set_resource(&resource);
        // A process tells one collector; whoever begins again goes on with the first.
        let _ = TELLING.set(telling);
        Ok(Self(()))
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        if let Some(telling) = TELLING.get()
            && let Err(error) = telling.shutdown_with_timeout(AT_THE_END)
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the last traces were not told"
            );
        }
    }
}

/// The client of everything else, for the thread that tells.
struct OurClient {
    client: Client,
    runtime: Handle,
}

impl OurClient {
    fn new() -> Result<Self, TracesError> {
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| TracesError::Tls(error.into()))?
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| TracesError::Client(error.into()))?;
        let runtime = Handle::try_current().map_err(|error| TracesError::Client(error.into()))?;
        Ok(Self { client, runtime })
    }
}

impl fmt::Debug for OurClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OurClient")
    }
}

#[async_trait]
impl HttpClient for OurClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), reqwest::Request::try_from(request)?);
        // The thread that tells has no runtime of its own.
        let asked = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            // What it says beyond that is of no use here, and could be long.
            Ok::<_, reqwest::Error>(answer.status())
        });
        let status = asked.await??;
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}

/// Whoever counts requests, with a span around each.
pub(super) struct Followed {
    counting: Arc<dyn Watch>,
    by: TraceContextPropagator,
}

impl Followed {
    pub(super) fn new(counting: Arc<dyn Watch>) -> Self {
        Self {
            counting,
            by: TraceContextPropagator::new(),
        }
    }
}

/// The one header that is read.
struct PartOf<'a>(&'a str);

impl opentelemetry::propagation::Extractor for PartOf<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

impl Watch for Followed {
    fn answered(&self, answered: &Answered<'_>) {
        self.counting.answered(answered);
        let span = answered.followed;
        // The route is known now; what is in a span once it has begun does not change its name.
        let name = format!("{} {}", answered.method, answered.route);
        span.context().span().update_name(name);
        span.record("http.request.method", answered.method);
        span.record("http.route", answered.route);
        if let Some(status) = answered.status {
            span.record("http.response.status_code", status.as_u16());
            if status.is_server_error() {
                span.set_status(Status::error(""));
            }
        }
    }

    fn followed(&self, number: &str, part_of: Option<&str>) -> Span {
        let span = tracing::info_span!(
            target: TARGET,
            "request",
            otel.kind = "server",
            http.request.method = field::Empty,
            http.route = field::Empty,
            http.response.status_code = field::Empty,
            request_id = number,
        );
        if let Some(part_of) = part_of {
            let way = self
                .by
                .extract_with_context(&Context::new(), &PartOf(part_of));
            // The span is new, and ours: it has no parent yet.
            let _ = span.set_parent(way);
        }
        span
    }
}

/// Tells of a statement, once it is answered, within whatever asked it.
#[expect(
    clippy::disallowed_methods,
    reason = "a span says by the machine's clock when it was; nothing is decided by it"
)]
pub(super) fn tell_statement(asked: &Asked<'_>) {
    if TELLING.get().is_none() {
        return;
    }
    let end = SystemTime::now();
    let name = asked.sql.split_whitespace().next().unwrap_or("statement");
    let system = if asked.of_sqlite {
        "sqlite"
    } else {
        "postgresql"
    };
    let statement = SpanBuilder {
        span_kind: Some(SpanKind::Client),
        name: name.to_owned().into(),
        start_time: end.checked_sub(asked.took),
        attributes: Some(vec![
            KeyValue::new("db.system.name", system),
            KeyValue::new("db.query.text", asked.sql.to_owned()),
        ]),
        ..SpanBuilder::default()
    };
    let mut span = tracer().build_with_context(statement, &Span::current().context());
    if asked.failed {
        opentelemetry::trace::Span::set_status(&mut span, Status::error(""));
    }
    opentelemetry::trace::Span::end_with_timestamp(&mut span, end);
}
