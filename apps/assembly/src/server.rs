//! Serves the routes until it is told to stop, and lets what is under way come to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use application::Application;
use application::ports::virus_scanner::NotWorking;
use application::tidy::sweep_quarantine;
use listener::{Certificate, CertificateError, CertificateFiles, Limits, Listener};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use secrecy::ExposeSecret;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep_until};
use web::{Leaving, Watch, Web};

use crate::WiringError;
use crate::configuration::{Configuration, Server};
use crate::metrics::Metrics;

/// Where the portal listens, and how it stops.
#[derive(Debug, Clone)]
pub struct Door {
    listen: SocketAddr,
    limits: Limits,
    certificate: Option<CertificateFiles>,
    notice: Duration,
}

impl Door {
    /// As the operator set it.
    pub fn of(server: &Server) -> Self {
        Self {
            listen: server.listen,
            limits: server.limits,
            certificate: server.certificate.clone(),
            notice: server.notice,
        }
    }

    /// The demonstration's, which nobody has to be told of before it stops.
    pub const fn of_demonstration(listen: SocketAddr, limits: Limits) -> Self {
        Self {
            listen,
            limits,
            certificate: None,
            notice: Duration::ZERO,
        }
    }
}

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or none of this machine's.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// Binds first, so that `ready` is told the address that is really listened on, then serves until SIGTERM or Ctrl-C. From then on the portal
/// says that it is not ready, for as long as a proxy needs to notice; then it takes no more, and what is under way ends.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    web: Web,
    metrics: &Metrics,
    door: Door,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let room = room_for(door.limits.connections);
    let certificate = door.certificate.map(Certificate::read).transpose()?;
    let limits = Limits {
        connections: room,
        ..door.limits
    };
    let proxies = web.proxies.clone();
    let uncounted = Arc::new(move |address| proxies.are_trusted(address));
    let cannot = |error| ServeError::Listen(door.listen, error);
    let listener = Listener::bind(door.listen, limits, uncounted, certificate)
        .await
        .map_err(cannot)?;
    metrics.watch(listener.places());
    outlive_hangups();
    ready(listener.address().map_err(cannot)?);
    let leaving = web.leaving.clone();
    listener
        .serve(web::routes(web), stop(leaving, door.notice))
        .await;
    Ok(())
}

/// How long it takes until quarantine is looked through again.
const SWEPT_EVERY: Duration = Duration::from_mins(10);

/// Keeps this machine's quarantine free of what processes left that died: as long as the portal serves, first at its start.
pub async fn sweep_again_and_again(app: Application) {
    let mut turns = tokio::time::interval(SWEPT_EVERY);
    loop {
        turns.tick().await;
        if let Err(error) = sweep_quarantine(&app).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "quarantine could not be looked through");
        }
    }
}

/// Files that the process has open beside connections: the database, documents, itself.
const OTHER_FILES: u64 = 256;

/// How many connections there can be, as each is an open file, and may have another one open for its upload: as many as were wished for, if
/// the system lets the process have them.
fn room_for(connections: usize) -> usize {
    let wished = (connections as u64).saturating_mul(2) + OTHER_FILES;
    let now = getrlimit(Resource::Nofile);
    let most = now.maximum.unwrap_or(u64::MAX);
    if now.current.is_some_and(|current| current < wished) {
        let raised = Rlimit {
            current: Some(wished.min(most)),
            maximum: now.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the number of open files cannot be raised"
            );
        }
    }
    let open = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = usize::try_from(open.saturating_sub(OTHER_FILES) / 2).unwrap_or(usize::MAX);
    if room < connections {
        tracing::warn!(
            connections = room,
            "the system lets the portal open too few files for server.limits.connections"
        );
    }
    connections.min(room.max(8))
}

/// Has SIGHUP stop nothing: it asks for a look at the certificate, where there is one (`systemctl reload`).
fn outlive_hangups() {
    tokio::spawn(async {
        // Whoever listens is not killed by it.
        if let Ok(mut hangups) = signal(SignalKind::hangup()) {
            while hangups.recv().await.is_some() {}
        }
    });
}

/// SIGTERM or Ctrl-C, and the notice after it.
async fn stop(leaving: Leaving, notice: Duration) {
    told_to_stop().await;
    leaving.begin();
    if notice.is_zero() {
        return;
    }
    tracing::info!("about to stop");
    // Whoever says it twice means at once.
    tokio::select! {
        () = sleep_until(Instant::now() + notice) => {}
        () = told_to_stop() => {}
    }
}

/// SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

/// Has the virus scanner show that it finds the test virus, where there is a scanner. One that is away may come back: until then no file
/// is taken.
///
/// # Errors
/// [`WiringError::Scanner`] for one that answers and cannot be relied upon.
pub async fn examine_scanner(app: &application::Application) -> Result<(), WiringError> {
    let Some(scanner) = &app.virus_scanner else {
        return Ok(());
    };
    match scanner.ready().await {
        Ok(()) => Ok(()),
        Err(away @ NotWorking::Away(_)) => {
            tracing::warn!(
                error = &away as &dyn std::error::Error,
                "no file is taken before the virus scanner answers"
            );
            Ok(())
        }
        Err(unreliable @ NotWorking::NotReliable(_)) => Err(unreliable.into()),
    }
}

/// The routes' parts in production.
pub fn web(app: application::Application, server: &Server, watch: Arc<dyn Watch>) -> Web {
    Web {
        app,
        demonstration: None,
        secure: server.https,
        public_url: Some(server.public_url.clone()),
        proxies: server.proxies.clone(),
        rate: server.rate.clone(),
        leaving: Leaving::default(),
        watch,
    }
}

/// Brings the database's schema up to date.
///
/// # Errors
/// [`WiringError::Unreached`] or [`WiringError::Migration`].
pub async fn migrate(configuration: &Configuration) -> Result<(), WiringError> {
    let database = &configuration.database;
    let url = database.url.expose_secret();
    storage::reach(url, database.settings.wait).await?;
    migrations::migrate(url)
        .await
        .map_err(|error| WiringError::Migration(error.to_string()))
}

/// The `OpenAPI` document.
pub fn openapi_document() -> String {
    web::openapi_document()
}
