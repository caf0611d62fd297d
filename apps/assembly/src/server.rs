//! Serves the routes until it is told to stop, and lets what is under way come to its end.

use std::net::SocketAddr;
use std::time::Duration;

use application::ports::virus_scanner::NotWorking;
use poem::Server;
use poem::listener::{Acceptor, Listener, TcpListener};
use secrecy::ExposeSecret;
use web::Web;

use crate::WiringError;
use crate::configuration::Configuration;

/// How long what is under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(30);

/// Binds first, so that `ready` is told the address that is really listened on, then serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// The address is taken, or serving fails.
pub async fn serve(
    web: Web,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let acceptor = TcpListener::bind(listen).into_acceptor().await?;
    let bound = acceptor
        .local_addr()
        .iter()
        .find_map(|address| address.as_socket_addr().copied())
        .unwrap_or(listen);
    ready(bound);
    Server::new_with_acceptor(acceptor)
        .run_with_graceful_shutdown(web::routes(web), stop(), Some(GRACE))
        .await
}

/// SIGTERM or Ctrl-C.
async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
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
pub fn web(app: application::Application, https: bool) -> Web {
    Web {
        app,
        demonstration: None,
        secure: https,
    }
}

/// Brings the database's schema up to date.
///
/// # Errors
/// [`WiringError::Migration`].
pub async fn migrate(configuration: &Configuration) -> Result<(), WiringError> {
    let url = configuration.database.url.expose_secret();
    migrations::migrate(url)
        .await
        .map_err(|error| WiringError::Migration(error.to_string()))
}

/// The `OpenAPI` document.
pub fn openapi_document() -> String {
    web::openapi_document()
}
