//! Configuration: the reference tribunal's values, one TOML file above them if there is one, and the environment above that, each key as
//! `MONDOSSIER__SECTION__KEY`. What comes out has been checked as a whole, in the types that the program works with.

mod connections;
mod findings;
mod key;
mod layers;
mod page;
mod problem;
mod quantity;
mod reach;
mod secret;
mod shape;
mod terms;
#[cfg(test)]
mod tests;
mod text;
mod tribunal;
mod written;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use application::ports::signer::Signer;
use documents::{BucketSettings, MasterKey, MasterKeys};
use domain::terms::Terms;
use domain::tribunal::Tribunal;
use email::SmtpSettings;
use listener::{CertificateFiles, Limits};
use poem::http::Uri;
use receipts::VerifierKey;
use scanning::{ClamdAddress, ClamdSettings};
use secrecy::{SecretBox, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sign_in_services::{ServiceSettings, TransportSettings};
use text_messages::GatewaySettings;
use web::{Proxies, Rate};

use self::findings::Findings;
use self::key::{Key, Kind, Setting};
use self::layers::Layers;
use self::written::Written;

use crate::keys::{NotAKey, TribunalKey, drawn_bytes};
use crate::signer::{SignerError, TribunalSigner};

pub(crate) use self::connections::relying_party;
pub use self::page::page;
pub use self::problem::{ConfigurationError, Problem};
pub use self::text::WhenDown;

/// What the name of a variable begins with that stands above a key.
const PREFIX: &str = "MONDOSSIER__";

/// The variable that names the file where no argument does.
const FILE: &str = "MONDOSSIER_CONFIG";

/// Everything that an operator sets.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Where the portal listens.
    pub server: Server,
    /// Where metrics are.
    pub metrics: Metrics,
    /// Who is told where requests and jobs go.
    pub traces: Traces,
    /// Where records are kept.
    pub database: Database,
    /// Where documents are kept.
    pub documents: Documents,
    /// How files are looked through for viruses.
    pub scanning: Scanning,
    /// How notices go out.
    pub email: Email,
    /// How text messages are sent.
    pub text_messages: GatewaySettings,
    /// Where the orders' rolls are.
    pub rolls: Rolls,
    /// What only the portal knows.
    pub secrets: Secrets,
    /// How receipts are signed.
    pub receipts: Receipts,
    /// The services with which people sign in.
    pub sign_in: SignIn,
    /// Names, time limits and counts.
    pub rules: Rules,
}

/// Where the portal listens.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// Whether browsers come by https, here or to a proxy.
    pub https: bool,
    /// Where browsers find the portal.
    pub public_url: String,
    /// The tribunal's own proxies.
    pub proxies: Proxies,
    /// How long it still answers once it was told to stop.
    pub notice: Duration,
    /// How much it takes, and how long anything may take.
    pub limits: Limits,
    /// How many requests it takes from whom.
    pub rate: Rate,
    /// Its certificate, if it speaks TLS itself.
    pub certificate: Option<CertificateFiles>,
}

/// Where metrics are.
#[derive(Debug, Clone, Copy)]
pub struct Metrics {
    /// Of the portal.
    pub listen: Option<SocketAddr>,
    /// Of the jobs.
    pub listen_jobs: Option<SocketAddr>,
}

/// Who is told where requests and jobs go.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// The collector, if there is one.
    pub endpoint: Option<Uri>,
}

/// The services with which people sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Where browsers find the portal.
    pub public_url: String,
    /// The services, in the order in which they are offered.
    pub services: Vec<ServiceSettings>,
    /// How they are reached.
    pub transport: TransportSettings,
}

/// Where records are kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its URL, which may hold a password.
    pub url: SecretString,
    /// Connections, and how long to wait for one.
    pub settings: storage::Settings,
}

/// Where documents are kept, and under which keys.
#[derive(Debug, Clone)]
pub struct Documents {
    /// The folder.
    pub folder: PathBuf,
    /// The master key.
    pub key: SecretString,
    /// Master keys before it.
    pub former_keys: Vec<SecretString>,
    /// The bucket, if they are not kept in the folder.
    pub bucket: Option<BucketSettings>,
}

impl Documents {
    /// How the store of documents is opened.
    ///
    /// # Errors
    /// [`NotAKey`]; one that was read from a file is a key.
    pub fn settings(&self) -> Result<documents::Settings, NotAKey> {
        let former = self.former_keys.iter().map(master_key);
        Ok(documents::Settings {
            folder: self.folder.clone(),
            bucket: self.bucket.clone(),
            keys: MasterKeys::new(master_key(&self.key)?, former.collect::<Result<_, _>>()?),
        })
    }
}

fn master_key(text: &SecretString) -> Result<MasterKey, NotAKey> {
    let key = SecretBox::new(Box::new(drawn_bytes(text)?));
    Ok(MasterKey::new(&key))
}

/// How files are looked through for viruses.
#[derive(Debug, Clone)]
pub struct Scanning {
    /// Where clamd listens, if there is one.
    pub clamd: Option<ClamdAddress>,
    /// What becomes of a file while clamd is away.
    pub when_down: WhenDown,
    /// How long a file waits for clamd to come back, if it waits.
    pub wait: Duration,
    /// How long clamd may take over one file.
    pub timeout: Duration,
}

/// How notices go out.
#[derive(Debug, Clone)]
pub struct Email {
    /// The sender; mail can be sent from it.
    pub from: String,
    /// The mail server.
    pub smtp: SmtpSettings,
}

/// Where the orders' rolls are.
#[derive(Debug, Clone)]
pub struct Rolls {
    /// The folder, with a CSV file for each order.
    pub folder: PathBuf,
}

/// What only the portal knows.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The tribunal's key: 64 hexadecimal digits.
    pub key: SecretString,
    /// Those that it took the place of, the newest first.
    pub former_keys: Vec<SecretString>,
}

impl Secrets {
    /// The key, with those before it.
    ///
    /// # Errors
    /// [`NotAKey`].
    pub fn tribunal_key(&self) -> Result<TribunalKey, NotAKey> {
        TribunalKey::parse(&self.key)?.after(&self.former_keys)
    }
}

/// How receipts are signed.
#[derive(Debug, Clone)]
pub struct Receipts {
    /// The name of the log and of its keys.
    pub origin: String,
    /// The seed of the key: 64 hexadecimal digits.
    pub key: SecretString,
    /// Former keys, public halves, as `portal receipt-key` printed them.
    pub former_keys: Vec<String>,
}

impl Receipts {
    /// The signature.
    ///
    /// # Errors
    /// [`SignerError`].
    pub(crate) fn signer(&self) -> Result<TribunalSigner, SignerError> {
        TribunalSigner::new(&self.origin, &self.key, &self.former_keys)
    }

    /// The keys by which anybody verifies, the present one first.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn verifier_keys(&self) -> Result<Vec<VerifierKey>, SignerError> {
        Ok(self.signer()?.keys().to_vec())
    }
}

/// What the rules of the portal take from configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Time limits and counts.
    pub terms: Terms,
    /// Names and types.
    pub tribunal: Tribunal,
}

/// The sections that the rules are in.
#[derive(Deserialize)]
struct RuleSections {
    tribunal: written::Tribunal,
    terms: written::Terms,
    submissions: written::Submissions,
    retention: written::Retention,
}

impl Configuration {
    /// Reads the file that was named, or that the environment names, and what the environment says above it. Where there is no file, the
    /// environment alone must say what has no default.
    ///
    /// # Errors
    /// [`ConfigurationError`] with everything that is wrong.
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigurationError> {
        Self::from_layers(&layers(named)?)
    }

    /// Everything that is wrong with it, and whether what it names is there: the database, the folder of documents. Changes nothing.
    pub async fn problems(named: Option<&Path>) -> Vec<Problem> {
        match layers(named) {
            Ok(layers) => reach::problems(&layers).await,
            Err(problem) => vec![problem],
        }
    }

    /// What can be used, and had better not be left so. Nothing of a file that cannot be read.
    pub async fn warnings(named: Option<&Path>) -> Vec<Problem> {
        match layers(named) {
            Ok(layers) => reach::warnings(&layers).await,
            Err(_) => Vec::new(),
        }
    }

    fn from_layers(layers: &Layers) -> Result<Self, ConfigurationError> {
        let written = written(layers)?;
        let mut findings = Findings::new(layers);
        let configuration = Self::from_written(&written, &mut findings);
        finished(configuration, findings)
    }

    fn from_written(written: &Written, findings: &mut Findings<'_>) -> Option<Self> {
        let server = connections::server(&written.server, findings);
        let database = connections::database(&written.database, findings);
        let documents = connections::documents(&written.documents, findings);
        let email = connections::email(&written.email, findings);
        let text_messages = connections::text_messages(&written.text_messages, findings);
        let secrets = connections::secrets(&written.secrets, findings);
        let receipts = connections::receipts(&written.receipts, findings);
        let keys = [
            documents.as_ref().map(|one| &one.key),
            secrets.as_ref().map(|one| &one.key),
            receipts.as_ref().map(|one| &one.key),
        ];
        connections::keys_differ(written, keys, findings);
        connections::listeners_differ(written, findings);
        let sign_in = connections::sign_in(written, findings);
        let rules = Rules::from_written(
            &written.tribunal,
            &written.terms,
            &written.submissions,
            &written.retention,
            findings,
        );
        Some(Self {
            server: server?,
            metrics: Metrics {
                listen: written.metrics.listen,
                listen_jobs: written.metrics.listen_jobs,
            },
            traces: Traces {
                endpoint: written.traces.endpoint.clone().map(|collector| collector.0),
            },
            database: database?,
            documents: documents?,
            scanning: Scanning::from_written(&written.scanning),
            email: email?,
            text_messages: text_messages?,
            rolls: connections::rolls(&written.rolls),
            secrets: secrets?,
            receipts: receipts?,
            sign_in: sign_in?,
            rules: rules?,
        })
    }
}

impl Rules {
    /// The reference tribunal's, and what the environment says above them; for the demonstration, which has no file.
    ///
    /// # Errors
    /// [`ConfigurationError`] with everything that is wrong.
    pub fn from_environment() -> Result<Self, ConfigurationError> {
        Self::from_variables(environment())
    }

    fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigurationError> {
        let (layers, sections) = without_file(variables)?;
        let RuleSections {
            tribunal,
            terms,
            submissions,
            retention,
        } = sections;
        let mut findings = Findings::new(&layers);
        let rules = Self::from_written(&tribunal, &terms, &submissions, &retention, &mut findings);
        finished(rules, findings)
    }

    fn from_written(
        tribunal: &written::Tribunal,
        terms: &written::Terms,
        submissions: &written::Submissions,
        retention: &written::Retention,
        findings: &mut Findings<'_>,
    ) -> Option<Self> {
        let tribunal = tribunal::tribunal(tribunal, findings);
        let terms = terms::terms(terms, submissions, retention, findings);
        Some(Self {
            terms: terms?,
            tribunal: tribunal?,
        })
    }
}

impl Scanning {
    /// What the environment says; for the demonstration, which has no file.
    ///
    /// # Errors
    /// [`ConfigurationError`] with everything that is wrong.
    pub fn from_environment() -> Result<Self, ConfigurationError> {
        #[derive(Deserialize)]
        struct Sections {
            scanning: written::Scanning,
        }
        let (_, sections) = without_file::<Sections>(environment())?;
        Ok(Self::from_written(&sections.scanning))
    }

    fn from_written(written: &written::Scanning) -> Self {
        Self {
            clamd: written.clamd.clone(),
            when_down: written.when_down,
            wait: written.wait.unsigned(),
            timeout: written.timeout.unsigned(),
        }
    }

    /// How clamd is asked about files of at most `largest` bytes, if there is one.
    pub fn clamd_settings(&self, largest: u64) -> Option<ClamdSettings> {
        Some(ClamdSettings {
            address: self.clamd.clone()?,
            timeout: self.timeout,
            patience: match self.when_down {
                WhenDown::Refuse => Duration::ZERO,
                WhenDown::Wait => self.wait,
            },
            largest,
        })
    }
}

/// How much is taken from whom, as the environment says; for the demonstration, which has no file.
///
/// # Errors
/// [`ConfigurationError`] with everything that is wrong.
pub fn limits_from_environment() -> Result<(Limits, Rate), ConfigurationError> {
    limits_from_variables(environment())
}

fn limits_from_variables(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(Limits, Rate), ConfigurationError> {
    #[derive(Deserialize)]
    struct Sections {
        server: Bounds,
    }
    #[derive(Deserialize)]
    struct Bounds {
        limits: written::Limits,
        drain: quantity::Span<3_600>,
    }
    let (_, Sections { server }) = without_file(variables)?;
    let limits = connections::limits(&server.limits, server.drain);
    Ok((limits, connections::rate(&server.limits)))
}

/// Some sections, as the reference tribunal has them and as variables say above that.
fn without_file<Sections: DeserializeOwned>(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(Layers, Sections), ConfigurationError> {
    let keys = keys();
    let layers = Layers::defaults()?.variables(variables, &keys);
    ConfigurationError::unless_none(shape::wrong(&keys, &layers))?;
    let sections = layers.read()?;
    Ok((layers, sections))
}

/// All layers: the defaults, the file that was named or that the environment names, and the environment's keys.
fn layers(named: Option<&Path>) -> Result<Layers, Problem> {
    let defaults = Layers::defaults()?;
    let layers = match named.map(Path::to_owned).or_else(file_in_environment) {
        Some(file) => defaults.file(&file)?,
        None => defaults,
    };
    Ok(layers.variables(environment(), &keys()))
}

/// The file that the environment names. An empty name is none.
fn file_in_environment() -> Option<PathBuf> {
    let name = std::env::var_os(FILE)?;
    (!name.is_empty()).then(|| name.into())
}

/// Whether the environment says anything of a configuration: where its file is, or a key.
pub fn is_in_environment() -> bool {
    file_in_environment().is_some() || environment().any(|(name, _)| name.starts_with(PREFIX))
}

/// The variables of the environment; what is no text in them cannot be meant for us.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
}

/// Every section, as a key of the file.
fn keys() -> Vec<Key> {
    match Written::kind() {
        Kind::Section(section) | Kind::Entries(section) => section.keys,
        Kind::Value(_) => Vec::new(),
    }
}

/// Everything as it is written, if it has the right shape.
fn written(layers: &Layers) -> Result<Written, ConfigurationError> {
    let keys = keys();
    let mut problems = shape::wrong(&keys, layers);
    let missing = shape::missing(&keys, layers);
    if !missing.is_empty() && !layers.have_file() {
        problems.push(Problem::without_file());
    }
    problems.extend(missing);
    ConfigurationError::unless_none(problems)?;
    Ok(layers.read()?)
}

/// What was read, unless something is wrong with it.
fn finished<T>(read: Option<T>, findings: Findings<'_>) -> Result<T, ConfigurationError> {
    let problems = findings.all();
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => Err(ConfigurationError { problems }),
    }
}
