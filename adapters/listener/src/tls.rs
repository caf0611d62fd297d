//! TLS by rustls: one certificate, read anew when its files change, so that renewing it needs no restart.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep_until};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How HTTP/2 is called in a handshake.
pub(crate) const H2: &[u8] = b"h2";

/// How often the files are looked at; SIGHUP has them looked at at once.
const LOOK: Duration = Duration::from_mins(1);

/// Where certificate and key are, both in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, and those that vouch for it after it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why a certificate cannot be used. No word of it is from the files.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The certificate's file.
    #[error("the certificate cannot be read")]
    Certificate(#[source] rustls::pki_types::pem::Error),
    /// The file has no certificate in it.
    #[error("there is no certificate in the certificate's file")]
    None,
    /// The key's file.
    #[error("the key cannot be read")]
    Key(#[source] rustls::pki_types::pem::Error),
    /// They do not go together, or are of a kind that is not known.
    #[error("certificate and key cannot be used")]
    Unusable(#[from] rustls::Error),
}

/// A certificate in use.
pub struct Certificate {
    files: CertificateFiles,
    current: RwLock<Current>,
}

struct Current {
    acceptor: TlsAcceptor,
    written: [Option<SystemTime>; 2],
}

impl Certificate {
    /// Reads it.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn read(files: CertificateFiles) -> Result<Self, CertificateError> {
        Ok(Self {
            current: RwLock::new(read(&files)?),
            files,
        })
    }

    /// Reads it again if its files are not those that were read. One that cannot be used changes nothing.
    ///
    /// # Errors
    /// [`CertificateError`].
    fn refresh(&self) -> Result<bool, CertificateError> {
        let known = self.current(|current| current.written);
        if known == written(&self.files) {
            return Ok(false);
        }
        let fresh = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }

    fn current<T>(&self, of: impl FnOnce(&Current) -> T) -> T {
        of(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shakes hands.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = self.current(|current| current.acceptor.clone());
        acceptor.accept(stream).await
    }
}

/// When the files were last written, as far as can be told.
fn written(files: &CertificateFiles) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|file| std::fs::metadata(file).ok()?.modified().ok())
}

fn read(files: &CertificateFiles) -> Result<Current, CertificateError> {
    // Before the files: one that is written in between is read again.
    let written = written(files);
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(CertificateError::Certificate)?;
    if chain.is_empty() {
        return Err(CertificateError::None);
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(CertificateError::Key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    Ok(Current {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        written,
    })
}

/// Looks after the certificate until what is returned is dropped.
pub(crate) fn keep_fresh(certificate: Arc<Certificate>) -> DropGuard {
    let over = CancellationToken::new();
    let until = over.clone();
    tokio::spawn(async move {
        let mut told = signal(SignalKind::hangup()).ok();
        loop {
            let hangup = async {
                match &mut told {
                    Some(told) => told.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = until.cancelled() => return,
                _ = hangup => {}
                () = sleep_until(Instant::now() + LOOK) => {}
            }
            match certificate.refresh() {
                Ok(true) => tracing::info!("a new certificate is in use"),
                Ok(false) => {}
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the new certificate cannot be used; the one before stays"
                ),
            }
        }
    });
    over.drop_guard()
}
