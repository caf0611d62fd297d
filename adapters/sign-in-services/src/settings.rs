//! What an operator says about each sign-in service, and what is wrong with it if it cannot be used.

use std::collections::BTreeSet;
use std::path::PathBuf;

use openidconnect::url::Url;
use secrecy::SecretString;
use serde::Deserialize;

use crate::algorithm::Algorithm;
use crate::provider::is_private;

/// One sign-in service (REG-5). The home page offers them in the order in which they are configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceSettings {
    /// By which addresses and configuration know it: lower-case letters, digits and hyphens. It is part of the callback address that
    /// the service has registered, `{portal}/sign-in/{key}/callback`, so it stays what it is.
    pub key: String,
    /// How people know it.
    pub name: NameSettings,
    /// Its issuer, exactly as it writes it itself. Its metadata is at `{issuer}/.well-known/openid-configuration`.
    pub issuer: String,
    /// The portal's name there.
    pub client_id: String,
    /// How the portal proves there that it is the portal.
    pub authentication: AuthenticationSettings,
    /// The values of `acr` that are strong enough, the preferred one first. The service is asked for them, and a sign-in that has none
    /// of them is refused. Default: none asked for, any accepted.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The algorithms by which its tokens may be signed. Default: `RS256`, `PS256`, `ES256`, which are all there are.
    #[serde(default = "all_algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// The scopes to ask for. Default: `openid`, which is always among them.
    #[serde(default)]
    pub scopes: Vec<String>,
}

fn all_algorithms() -> Vec<Algorithm> {
    Algorithm::ALL.to_vec()
}

/// A service's name in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameSettings {
    /// Français.
    pub french: String,
    /// English.
    pub english: String,
}

/// How the portal proves that it is the portal: one of these.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "AuthenticationWritten")]
pub enum AuthenticationSettings {
    /// `client_secret`: by a secret that it shares with the service.
    ClientSecret(SecretString),
    /// `client_secret_file`: by such a secret, read from a file when the portal starts. A line end after it is not a part of it.
    ClientSecretFile(PathBuf),
    /// `private_key`: by a signature of its own, `private_key_jwt`.
    PrivateKey(PrivateKeySettings),
}

/// The same as it is written, where there may be none of them or several. (Read as an enum, the first would be taken in silence.)
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthenticationWritten {
    client_secret: Option<SecretString>,
    client_secret_file: Option<PathBuf>,
    private_key: Option<PrivateKeySettings>,
}

impl TryFrom<AuthenticationWritten> for AuthenticationSettings {
    type Error = &'static str;

    fn try_from(written: AuthenticationWritten) -> Result<Self, Self::Error> {
        match (
            written.client_secret,
            written.client_secret_file,
            written.private_key,
        ) {
            (Some(secret), None, None) => Ok(Self::ClientSecret(secret)),
            (None, Some(file), None) => Ok(Self::ClientSecretFile(file)),
            (None, None, Some(key)) => Ok(Self::PrivateKey(key)),
            _ => Err("one of client_secret, client_secret_file and private_key, and only one"),
        }
    }
}

/// The portal's own key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateKeySettings {
    /// A file with the key in PEM (PKCS #8, `BEGIN PRIVATE KEY`), read when the portal starts. A key of its own for each service.
    pub file: PathBuf,
    /// The name under which the service knows the public half (`kid`). Default: none is sent.
    pub id: Option<String>,
    /// How to sign; it goes with the key. Default: `RS256`.
    #[serde(default = "rs256")]
    pub algorithm: Algorithm,
    /// Whom the signed statement names as its reader. Default: `issuer`.
    #[serde(default)]
    pub audience: AssertionAudience,
}

const fn rs256() -> Algorithm {
    Algorithm::RS256
}

/// Whom the portal's signed statement names as its reader (`aud`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The issuer, as the newer specifications have it.
    #[default]
    Issuer,
    /// The token endpoint, for services that know only the older rule.
    TokenEndpoint,
}

/// How the services are reached. Proxies are taken from `HTTPS_PROXY` and `NO_PROXY`, certificates from the system.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransportSettings {
    /// After so many seconds a service counts as not answering, whatever the portal asks it in one go. Default: 10.
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

const fn ten() -> u64 {
    10
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            timeout_seconds: ten(),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The portal's own address.
    #[error(
        "`{0}` cannot be the portal's own address: it takes an https address without path, query or fragment"
    )]
    OwnAddress(String),
    /// The time to wait.
    #[error("the sign-in services cannot be given no time at all to answer")]
    NoTime,
    /// A service alone.
    #[error("sign-in service `{key}`: {fault}")]
    Service {
        /// Which.
        key: String,
        /// What is wrong with it.
        fault: ServiceFault,
    },
    /// The system offers no certificates to check services by.
    #[error("TLS cannot be set up for the sign-in services")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is wrong with one service's settings.
#[derive(Debug, thiserror::Error)]
pub enum ServiceFault {
    /// The key is not made of what keys are made of.
    #[error("a key has lower-case letters, digits and hyphens, 1 to 40 of them")]
    Key,
    /// The key is another service's too.
    #[error("there are two of that key")]
    KeyTwice,
    /// A name is missing.
    #[error("people need its name in both languages")]
    Name,
    /// The issuer is no address that could be trusted.
    #[error("`{0}` cannot be an issuer: it takes an https address without query or fragment")]
    Issuer(String),
    /// The issuer knows the portal by two names.
    #[error(
        "another service of the same issuer has another client_id; on signing out nobody could tell which to use"
    )]
    TwoClients,
    /// The portal has no name there.
    #[error("client_id is empty")]
    ClientId,
    /// No algorithm is allowed.
    #[error("algorithms is empty: no token could ever be believed")]
    NoAlgorithm,
    /// A value that would be taken for two.
    #[error("`{0}` is empty or has white space in it, so it cannot be a scope or an acr value")]
    NotOneWord(String),
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The secret is no secret.
    #[error("the client secret is empty")]
    EmptySecret,
    /// The key cannot sign.
    #[error("{path} is no PKCS #8 private key in PEM for {algorithm:?}")]
    PrivateKey {
        /// The file.
        path: PathBuf,
        /// What it was to sign by.
        algorithm: Algorithm,
    },
}

/// The portal's own address, without the `/` at its end.
pub(crate) fn own_address(address: &str) -> Result<String, SettingsError> {
    match Url::parse(address) {
        // The pages are at the root: nothing would answer at the addresses to which services send people back.
        Ok(url) if is_plain(&url) && url.path() == "/" => {
            Ok(url.as_str().trim_end_matches('/').to_owned())
        }
        _ => Err(SettingsError::OwnAddress(address.to_owned())),
    }
}

/// What can be said of each service without opening a file.
pub(crate) fn check(services: &[ServiceSettings]) -> Result<(), SettingsError> {
    let mut keys = BTreeSet::new();
    for service in services {
        let others = services
            .iter()
            .filter(|other| other.issuer == service.issuer);
        let fault = if !keys.insert(&service.key) {
            Some(ServiceFault::KeyTwice)
        } else if others
            .clone()
            .any(|other| other.client_id != service.client_id)
        {
            Some(ServiceFault::TwoClients)
        } else {
            fault(service)
        };
        if let Some(fault) = fault {
            let key = service.key.clone();
            return Err(SettingsError::Service { key, fault });
        }
    }
    Ok(())
}

fn fault(service: &ServiceSettings) -> Option<ServiceFault> {
    let in_keys = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(1..=40).contains(&service.key.len()) || !service.key.chars().all(in_keys) {
        return Some(ServiceFault::Key);
    }
    let names = [&service.name.french, &service.name.english];
    if names.iter().any(|name| name.trim().is_empty()) {
        return Some(ServiceFault::Name);
    }
    if !Url::parse(&service.issuer).is_ok_and(|url| is_plain(&url)) {
        return Some(ServiceFault::Issuer(service.issuer.clone()));
    }
    if service.client_id.is_empty() {
        return Some(ServiceFault::ClientId);
    }
    if service.algorithms.is_empty() {
        return Some(ServiceFault::NoAlgorithm);
    }
    let mut words = service.acr_values.iter().chain(&service.scopes);
    words
        .find(|word| word.is_empty() || word.contains(char::is_whitespace))
        .map(|word| ServiceFault::NotOneWord(word.clone()))
}

/// An address under which others can stand, read by nobody on the way.
fn is_plain(url: &Url) -> bool {
    let bare = url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    is_private(url) && bare && nobody
}
