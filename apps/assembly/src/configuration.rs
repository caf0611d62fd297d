//! Configuration: one TOML file, each key overridable as `MONDOSSIER__SECTION__KEY`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use domain::terms::{Terms, TermsRefused};
use email::SmtpSettings;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use text_messages::GatewaySettings;

/// Everything that an operator sets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Where the portal listens.
    pub server: Server,
    /// Where records are kept.
    pub database: Database,
    /// Where documents are kept.
    pub documents: Documents,
    /// How notices are sent.
    pub email: Email,
    /// The tribunal's secret key.
    pub secrets: Secrets,
    /// How text messages are sent.
    pub text_messages: GatewaySettings,
    /// Where the orders' rolls are.
    pub rolls: Rolls,
    /// Limits of submissions.
    #[serde(default)]
    pub submissions: Submissions,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port, such as `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Whether browsers come by https, through a proxy that ends TLS. Default: true.
    #[serde(default = "yes")]
    pub https: bool,
}

const fn yes() -> bool {
    true
}

/// `[database]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…` or `sqlite://FILE?mode=rwc`. May hold a password.
    pub url: secrecy::SecretString,
    /// Connections to hold. Default: 8.
    #[serde(default = "eight")]
    pub connections: u32,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

const fn eight() -> u32 {
    8
}

/// `[documents]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// A folder on durable storage.
    pub folder: PathBuf,
}

/// `[email]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The sender, whom nobody can reply to: `Mon dossier <no-reply@tribunal.example>`.
    pub from: String,
    /// The mail server.
    pub smtp: SmtpSettings,
}

/// `[secrets]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// 64 hexadecimal digits that nobody else knows: `openssl rand -hex 32`. Access codes and the audit trail depend on it.
    pub key: secrecy::SecretString,
}

/// `[rolls]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolls {
    /// A folder with a CSV file per order, named by the order's code.
    pub folder: PathBuf,
}

/// `[submissions]`: what is not said is as in the reference tribunal.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    /// Files in one submission. Default: 20.
    pub files_at_most: Option<usize>,
    /// Bytes in one file. Default: 100000000.
    pub file_bytes_at_most: Option<u64>,
}

/// Why configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// A key is missing, unknown or of the wrong kind; it says which, and where it came from.
    #[error("the configuration cannot be used: {0}")]
    Unusable(Box<figment::Error>),
    /// A limit cannot be worked with.
    #[error("the configuration cannot be used: {0}")]
    Terms(#[from] TermsRefused),
}

impl From<figment::Error> for ConfigurationError {
    fn from(error: figment::Error) -> Self {
        Self::Unusable(Box::new(error))
    }
}

fn overrides() -> Env {
    Env::prefixed("MONDOSSIER__").split("__")
}

impl Configuration {
    /// Reads a file, and what the environment says above it.
    ///
    /// # Errors
    /// [`ConfigurationError`] with the key and where it came from.
    pub fn read(file: &Path) -> Result<Self, ConfigurationError> {
        Ok(Figment::from(Toml::file_exact(file))
            .merge(overrides())
            .extract()?)
    }
}

impl Submissions {
    /// What the environment alone says; for the demonstration, which has no file.
    ///
    /// # Errors
    /// [`ConfigurationError`] for a value that is no number.
    pub fn from_environment() -> Result<Self, ConfigurationError> {
        #[derive(Default, Deserialize)]
        struct Only {
            #[serde(default)]
            submissions: Submissions,
        }
        Ok(Figment::from(overrides()).extract::<Only>()?.submissions)
    }

    /// The terms with these limits.
    ///
    /// # Errors
    /// [`ConfigurationError::Terms`].
    pub fn terms(self) -> Result<Terms, ConfigurationError> {
        let usual = Terms::default();
        let terms = Terms {
            files_at_most: self.files_at_most.unwrap_or(usual.files_at_most),
            file_bytes_at_most: self.file_bytes_at_most.unwrap_or(usual.file_bytes_at_most),
            ..usual
        };
        Ok(terms.checked()?)
    }
}
