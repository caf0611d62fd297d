//! Jobs beside each other: what one does to the others, and how they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use application::Application;
use application::ports::mailer::Mailer;
use assembly::jobs::run;
use assembly::metrics::Metrics;
use assembly::schedule::schedule;
use contract::samples::{audit, notice};
use domain::notice::About;
use domain::policy::Job;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::faults::{Gate, Panics};
use crate::site::Site;

/// Longer than anything here takes on a machine that does much else.
const LONG: Duration = Duration::from_mins(1);

async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(50)).await;
    }
}

impl Site {
    async fn queue(&self, notices: u128) {
        let mut tx = self.begin().await;
        for number in 1..=notices {
            let notice = notice(number, About::SignInBound);
            tx.notices_mut().queue(&notice).await.unwrap();
        }
        tx.commit(audit()).await.unwrap();
    }

    async fn waiting(&self) -> u64 {
        self.app.outbox.waiting(0).await.unwrap().all
    }

    async fn ran(&self, job: Job) -> bool {
        let last = self.app.job_runs.last().await.unwrap();
        last.contains_key(job.name())
    }
}

fn with_mailer(site: &Site, mailer: Arc<dyn Mailer>) -> Application {
    Application {
        mailer,
        ..site.app.clone()
    }
}

/// The jobs, and what tells them to stop.
fn scheduled(app: Application, metrics: Arc<Metrics>) -> (JoinHandle<()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel();
    let told = async { stopped.await.unwrap_or_default() };
    (tokio::spawn(schedule(app, metrics, told)), stop)
}

/// One that stands still holds up no other.
#[tokio::test]
async fn a_job_that_stands_still_holds_up_no_other() {
    let site = Site::new().await;
    site.queue(1).await;
    let gate = Arc::new(Gate::new(0));
    let (jobs, _stop) = scheduled(with_mailer(&site, gate.clone()), site.metrics.clone());
    until("nothing is sent", async || gate.came() == 1).await;
    for job in [Job::PublishLog, Job::TidyDocuments] {
        until(job.name(), async || site.ran(job).await).await;
    }
    assert!(!site.ran(Job::DeliverNotices).await);
    jobs.abort();
}

/// What is under way when they are told to stop comes to its end, and nothing new is begun: of eleven notices, the first ten were claimed.
#[tokio::test]
async fn what_is_under_way_ends_and_nothing_else_begins() {
    let site = Site::new().await;
    site.queue(11).await;
    let gate = Arc::new(Gate::new(0));
    let (jobs, stop) = scheduled(with_mailer(&site, gate.clone()), site.metrics.clone());
    until("nothing is sent", async || gate.came() == 1).await;
    stop.send(()).unwrap();
    sleep(Duration::from_millis(300)).await;
    assert!(!jobs.is_finished(), "a notice is under way");
    gate.open(11);
    timeout(LONG, jobs).await.unwrap().unwrap();
    assert_eq!(gate.came(), 10);
    assert_eq!(site.waiting().await, 1);
}

/// A panic ends neither the other jobs nor the job itself, and is counted among the failures.
#[tokio::test]
async fn a_job_that_panics_ends_nothing_and_is_told() {
    let site = Site::new().await;
    site.queue(1).await;
    let panics = Arc::new(Panics(AtomicU64::new(0)));
    let (metrics, told) = (site.metrics.clone(), site.app.clone());
    let (bound, address) = oneshot::channel();
    let serving = metrics
        .clone()
        .serve(told, ([127, 0, 0, 1], 0).into(), |at| {
            bound.send(at).unwrap_or_default();
        });
    let serving = tokio::spawn(serving);
    let address = address.await.unwrap();
    let (jobs, _stop) = scheduled(with_mailer(&site, panics.clone()), metrics);
    until("it panics", async || panics.0.load(Ordering::SeqCst) == 1).await;
    until("the others go on", async || site.ran(Job::PublishLog).await).await;
    // The notice that it held is held until its lease is over; without one the job has nothing to do, and does it.
    until("it comes again", async || {
        site.ran(Job::DeliverNotices).await
    })
    .await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    let ask = b"GET /metrics HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
    connection.write_all(ask).await.unwrap();
    let mut text = String::new();
    connection.read_to_string(&mut text).await.unwrap();
    let failed = "mondossier_job_failures_total{job=\"deliver-notices\"} 1";
    assert!(text.contains(failed), "{text}");
    jobs.abort();
    serving.abort();
}

/// A pass that was called to a halt may have left something, and counts as none: the next process does not wait until it is due again.
#[tokio::test]
async fn a_pass_that_was_halted_counts_as_none() {
    let site = Site::new().await;
    run(&site.app, Job::Purge).await.unwrap();
    assert!(site.ran(Job::Purge).await);
    site.app.halt.call();
    run(&site.app, Job::TidyDocuments).await.unwrap();
    assert!(!site.ran(Job::TidyDocuments).await);
}

/// A database that a version to come has migrated lacks nothing: `portal migrate`, which runs before each start, has nothing to do there.
#[tokio::test]
async fn a_schema_to_come_is_up_to_date() {
    let site = Site::new().await;
    site.execute("INSERT INTO seaql_migrations VALUES ('m20990101_000999_to_come', 0)")
        .await;
    migrations::migrate(&site.url()).await.unwrap();
    assert!(migrations::missing(&site.url()).await.unwrap().is_empty());
}
