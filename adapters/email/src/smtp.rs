//! Hands notices to a mail server by SMTP. A connection per notice: a server that closed an old one cannot make a notice fail.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

use application::ports::mailer::{MailError, Mailer};
use async_trait::async_trait;
use domain::notice::Notice;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::OffsetDateTime;

use crate::conversation::{MailServer, Protection};
use crate::message::{Letterhead, MessageError};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Not at all; for a server on the same machine.
    None,
    /// From the first byte.
    Tls,
    /// After a greeting in clear; refused if the server offers none.
    StartTls,
}

/// Which mail server, and how.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// A PEM file with the certificate of the authority that vouches for the server, where the machine's own list has it not.
    pub authority: Option<PathBuf>,
    /// Who we are to the server, if it asks; then with a password.
    pub user: Option<String>,
    /// The password that goes with it.
    pub password: Option<SecretString>,
    /// After so many seconds a notice is tried later.
    pub timeout_seconds: NonZeroU64,
}

/// Why no notice could ever be sent with these settings. Said at the start, so that no notice pays for it.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    /// The sender's address is none.
    #[error("the sender's address cannot be used")]
    Sender(#[source] MessageError),
    /// One of the two does nothing without the other.
    #[error("a user of the mail server needs a password, and a password a user")]
    HalfSignedIn,
    /// The authority's certificate cannot be read.
    #[error("the file {} cannot be read", file.display())]
    Authority {
        file: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// There is no certificate in that file.
    #[error("there is no certificate in the file {}", file.display())]
    NoCertificate { file: PathBuf },
    /// TLS cannot be set up for the host's name, or with the authority's certificate.
    #[error("TLS with the mail server cannot be set up")]
    Tls(#[from] lettre::transport::smtp::Error),
}

impl SmtpSettings {
    /// Whether TLS with the server can be set up: the authority's certificate is there, and the host has a name. Nothing is connected.
    ///
    /// # Errors
    /// [`MailError::TryLater`], with the reason as its source.
    pub fn can_be_used(&self) -> Result<(), MailError> {
        let usable = match self.encryption {
            Encryption::None => Ok(()),
            Encryption::Tls | Encryption::StartTls => {
                tls(&self.host, self.authority.as_deref()).map(drop)
            }
        };
        usable.map_err(|unusable| MailError::TryLater(Box::new(unusable)))
    }
}

/// Sends by SMTP.
pub struct SmtpMailer {
    server: MailServer,
    letterhead: Letterhead,
}

impl SmtpMailer {
    /// Sends to that server. Nothing is connected yet.
    ///
    /// # Errors
    /// [`MailError::TryLater`] when nothing could ever be sent: the sender's address is none, a user has no password, or TLS cannot be set
    /// up for the host's name.
    pub fn new(settings: &SmtpSettings, letterhead: Letterhead) -> Result<Self, MailError> {
        let server = server(settings, &letterhead);
        Ok(Self {
            server: server.map_err(|unusable| MailError::TryLater(Box::new(unusable)))?,
            letterhead,
        })
    }
}

fn server(settings: &SmtpSettings, letterhead: &Letterhead) -> Result<MailServer, Unusable> {
    letterhead.sender().map_err(Unusable::Sender)?;
    let credentials = match (&settings.user, &settings.password) {
        (Some(user), Some(password)) => {
            let password = password.expose_secret().to_owned();
            Some(Credentials::new(user.clone(), password))
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(Unusable::HalfSignedIn),
    };
    let tls = || tls(&settings.host, settings.authority.as_deref());
    Ok(MailServer {
        host: settings.host.clone(),
        port: settings.port,
        protection: match settings.encryption {
            Encryption::None => Protection::None,
            Encryption::Tls => Protection::Tls(tls()?),
            Encryption::StartTls => Protection::StartTls(tls()?),
        },
        credentials,
        timeout: Duration::from_secs(settings.timeout_seconds.get()),
    })
}

fn tls(host: &str, authority: Option<&Path>) -> Result<TlsParameters, Unusable> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(file) = authority {
        let pem = std::fs::read_to_string(file).map_err(|source| Unusable::Authority {
            file: file.to_owned(),
            source,
        })?;
        // The library takes such a file for an authority that vouches for nobody.
        if !pem.contains("BEGIN CERTIFICATE") {
            let file = file.to_owned();
            return Err(Unusable::NoCertificate { file });
        }
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem.as_bytes())?);
    }
    Ok(parameters.build()?)
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError> {
        let message = match self.letterhead.message(notice, now) {
            Ok(message) => message,
            Err(error @ MessageError::Recipient(_)) => {
                return Err(MailError::RefusedForGood(Box::new(error)));
            }
            Err(error) => return Err(MailError::TryLater(Box::new(error))),
        };
        let taken = self.server.take(&message).await;
        taken.map_err(|error| {
            if error.is_for_good() {
                MailError::RefusedForGood(Box::new(error))
            } else {
                MailError::TryLater(Box::new(error))
            }
        })
    }
}
