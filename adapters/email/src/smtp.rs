//! Hands notices to a mail server by SMTP. A connection per notice: a server that closed an old one cannot make a notice fail.

use std::time::Duration;

use application::ports::mailer::{MailError, Mailer};
use async_trait::async_trait;
use domain::notice::Notice;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use time::OffsetDateTime;

use crate::message::Letterhead;

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
    /// Who we are to the server, if it asks.
    pub user: Option<String>,
    /// The password that goes with it.
    pub password: Option<SecretString>,
    /// After so many seconds a notice is tried later.
    pub timeout_seconds: u64,
}

/// Sends by SMTP.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    letterhead: Letterhead,
    timeout: Duration,
}

/// The mail server took too long.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not answer in time")]
struct TooLong;

impl SmtpMailer {
    /// Sends to that server. Nothing is connected yet.
    ///
    /// # Errors
    /// [`MailError::TryLater`] when TLS cannot be set up for the host's name.
    pub fn new(settings: &SmtpSettings, letterhead: Letterhead) -> Result<Self, MailError> {
        let cannot = |error: lettre::transport::smtp::Error| MailError::TryLater(Box::new(error));
        let builder = match settings.encryption {
            Encryption::None => {
                AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            }
            Encryption::Tls => {
                AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host).map_err(cannot)?
            }
            Encryption::StartTls => {
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host)
                    .map_err(cannot)?
            }
        };
        let timeout = Duration::from_secs(settings.timeout_seconds);
        let mut builder = builder.port(settings.port).timeout(Some(timeout));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            builder = builder.credentials(Credentials::new(
                user.clone(),
                password.expose_secret().to_owned(),
            ));
        }
        Ok(Self {
            transport: builder.build(),
            letterhead,
            timeout,
        })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError> {
        let message = self
            .letterhead
            .message(notice, now)
            .map_err(|error| MailError::RefusedForGood(Box::new(error)))?;
        // The transport's own limit covers connecting alone; a server that stalls later must not hold the worker.
        let sent = tokio::time::timeout(self.timeout, self.transport.send(message)).await;
        match sent.map_err(|_| MailError::TryLater(Box::new(TooLong)))? {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::RefusedForGood(Box::new(error))),
            Err(error) => Err(MailError::TryLater(Box::new(error))),
        }
    }
}
