//! How things stand at the moment of asking: what waits, what is late, what is held. What cannot be found out is not told, rather than told
//! as it was.

use std::sync::Arc;
use std::time::Duration;

use application::Application;
use application::audit_trail::oldest_unsealed;
use application::ports::storage::StorageError;
use application::undelivered::KEEPS_FAILING_AFTER;
use listener::Places;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use storage::SqlStorage;
use time::OffsetDateTime;
use tokio::time::timeout;

/// Whoever asks does not wait for a database that is away.
const LONGEST: Duration = Duration::from_secs(3);

/// All levels.
pub(super) async fn levels(
    app: &Application,
    storage: &SqlStorage,
    places: Option<&Arc<Places>>,
) -> Registry {
    let mut registry = Registry::with_prefix("mondossier");
    if let Some(places) = places {
        connections(&mut registry, places);
    }
    let pool = storage.pool();
    let held = [
        ("open", u64::from(pool.open)),
        ("idle", pool.idle as u64),
        ("most", u64::from(pool.most)),
    ];
    named(
        &mut registry,
        ("database_connections", "name"),
        "Connections to the database: open, idle of these, and the most that there may be",
        held.map(|(name, count)| (name.to_owned(), float(count))),
    );
    if let Some(bytes) = resident_memory() {
        level(
            &mut registry,
            ("resident_memory", Unit::Bytes),
            "Memory of this process",
            float(bytes),
        );
    }
    let told = timeout(LONGEST, records(app, &mut registry)).await;
    let is_up = matches!(told, Ok(Ok(())));
    registry.register(
        "database_up",
        "Whether the database answers",
        ConstGauge::new(i64::from(is_up)),
    );
    registry
}

fn connections(registry: &mut Registry, places: &Places) {
    let open = i64::try_from(places.open()).unwrap_or(i64::MAX);
    registry.register(
        "connections",
        "Connections that are open",
        ConstGauge::new(open),
    );
    registry.register(
        "connections_accepted",
        "Connections that were taken",
        ConstCounter::new(places.accepted()),
    );
    registry.register(
        "connections_refused",
        "Connections that were closed at once, as there were too many from their address",
        ConstCounter::new(places.refused()),
    );
}

/// What the database knows.
async fn records(app: &Application, registry: &mut Registry) -> Result<(), StorageError> {
    let now = app.clock.now();
    let since =
        |at: Option<OffsetDateTime>| at.map_or(0.0, |at| (now - at).as_seconds_f64().max(0.0));
    let waiting = app.outbox.waiting(KEEPS_FAILING_AFTER).await?;
    let notices = [("all", waiting.all), ("keep_failing", waiting.stuck)];
    named(
        registry,
        ("notices_waiting", "name"),
        "Notices that are not delivered, and those of them that keep failing",
        notices.map(|(name, count)| (name.to_owned(), float(count))),
    );
    level(
        registry,
        ("notices_waiting_oldest", Unit::Seconds),
        "For how long the oldest notice has been waiting",
        since(waiting.oldest),
    );
    level(
        registry,
        ("audit_seal_lag", Unit::Seconds),
        "For how long the oldest entry of the audit trail that has no seal has been waiting",
        since(oldest_unsealed(app).await?),
    );
    if let Some(records_clock) = &app.records_clock {
        let ahead = app.clock.now() - records_clock.now().await?;
        level(
            registry,
            ("clock_ahead_of_database", Unit::Seconds),
            "How far this machine's clock is ahead of the database's; beyond a minute nothing is removed",
            ahead.as_seconds_f64(),
        );
    }
    let jobs = app.job_runs.last().await?;
    let jobs = jobs.into_iter().map(|(job, at)| {
        let seconds = (at - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
        (job, seconds)
    });
    named(
        registry,
        ("job_last_success_timestamp_seconds", "job"),
        "When each job last ran to its end, in any process",
        jobs,
    );
    Ok(())
}

fn level(registry: &mut Registry, (name, unit): (&str, Unit), help: &str, value: f64) {
    registry.register_with_unit(name, help, unit, ConstGauge::new(value));
}

/// Several levels of one kind, each with what its label says.
fn named(
    registry: &mut Registry,
    (kind, label): (&str, &str),
    help: &str,
    values: impl IntoIterator<Item = (String, f64)>,
) {
    type Named = Vec<(String, String)>;
    let family = Family::<Named, Gauge<f64, std::sync::atomic::AtomicU64>>::default();
    for (name, value) in values {
        family
            .get_or_create(&vec![(label.to_owned(), name)])
            .set(value);
    }
    registry.register(kind, help, family);
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whoever draws a curve of it sees no difference"
)]
const fn float(number: u64) -> f64 {
    number as f64
}

/// What the kernel says of this process.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
