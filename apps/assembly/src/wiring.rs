//! Configuration becomes adapters, adapters become the application.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::Application;
use application::by::By;
use application::create_token::{CreateTokenError, create_token};
use application::halt::Halt;
use application::import_rolls::import_rolls;
use application::ports::clock::{Clock, Random, RecordsClock};
use application::ports::demonstration::Person;
use application::ports::mailer::Mailer;
use application::ports::sign_in_services::SignInServices;
use application::ports::storage::StorageError;
use application::ports::text_messages::TextMessages;
use application::ports::virus_scanner::{NotWorking, VirusScanner};
use application::uploads::Verdicts;
use caught::CaughtInFolder;
use documents::SealedDocuments;
use domain::account::Role;
use domain::policy::Actor;
use domain::terms::Terms;
use domain::token::{Scope, TokenWish};
use domain::tribunal::Tribunal;
use email::{Letterhead, Mailbox, SmtpMailer};
use listener::Limits;
use numbering_plans::BuiltInPlans;
use rolls::RollFolder;
use scanning::Clamd;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sign_in_services::SettingsError;
use storage::{SqlStorage, Unreached};
use text_messages::{Gateway, GatewayError, Phone};
use time::{Duration, OffsetDateTime};
use time_zones::TzDatabase;
use web::{Demonstration, FormPages, Leaving, Proxies, Web, Work};

use crate::answers::SlowAnswers;
use crate::chance::OsRandom;
use crate::clock::{ShiftedClock, StoppedClock, SystemClock};
use crate::configuration::{
    Configuration, ConfigurationError, Documents, Rules, Scanning, limits_from_environment,
    relying_party,
};
use crate::demonstration::{
    Accounts, LoadError, OfDemonstration, SHARED_SECRET, SOMEBODIES, Somebody, email, identity,
    load, rolls,
};
use crate::keys::{NotAKey, TribunalKey};
use crate::metrics::Metrics;
use crate::no_services::NoServices;
use crate::server::examine_scanner;
use crate::signer::{SignerError, TribunalSigner};
use crate::{inspection, jobs, traces};

/// Why the parts do not come together.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// Configuration.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The database cannot be reached.
    #[error("the database cannot be used")]
    Storage(#[from] StorageError),
    /// Nobody gets into the database.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// The schema cannot be brought up to date.
    #[error("the database cannot be migrated: {0}")]
    Migration(String),
    /// The schema is of a version before: so many migrations are missing, that one first.
    #[error("the database lacks {0} migrations of this version, {1} first: run `portal migrate`")]
    Behind(usize, String),
    /// Nobody can say how old the schema is.
    #[error("the database does not say which migrations it has had")]
    Schema(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store of documents cannot be opened.
    #[error("the store of documents cannot be opened")]
    Documents(#[from] application::ports::documents::DocumentsError),
    /// The mail server cannot be used.
    #[error("the mail server cannot be used")]
    Mail(#[from] application::ports::mailer::MailError),
    /// The text message gateway cannot be used.
    #[error(transparent)]
    TextMessages(#[from] GatewayError),
    /// The sign-in services cannot be used.
    #[error(transparent)]
    SignIn(#[from] SettingsError),
    /// The virus scanner answers, and is not to be believed.
    #[error(transparent)]
    Scanner(#[from] NotWorking),
    /// The key is none.
    #[error(transparent)]
    Key(#[from] NotAKey),
    /// The key that signs receipts cannot be used.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// A file or folder of the demonstration's.
    #[error("{} cannot be used", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// This program does not know where it is.
    #[error("this program cannot find itself")]
    Program(#[source] std::io::Error),
    /// No demonstration ever ran in that folder.
    #[error(
        "there is no demonstration in {}: {} is not there; `portal demo --data-dir` makes one", .0.display(), .0.join(RECORDS).display()
    )]
    NoDemonstration(PathBuf),
    /// The demonstration cannot be loaded.
    #[error(transparent)]
    Demonstration(#[from] LoadError),
    /// The demonstration's rolls.
    #[error("the demonstration cannot be made ready")]
    Ready(#[from] application::UseCaseError),
    /// The demonstration's tokens.
    #[error("the demonstration's tokens cannot be made")]
    Tokens(#[from] CreateTokenError),
    /// The demonstration is for one's own machine.
    #[error("the demonstration listens on a loopback address alone; {0} is none")]
    NotLoopback(SocketAddr),
}

struct Parts {
    storage: SqlStorage,
    documents: SealedDocuments,
    scanning: Scanning,
    mailer: Arc<dyn Mailer>,
    text_messages: Arc<dyn TextMessages>,
    sign_in_services: Arc<dyn SignInServices>,
    key: TribunalKey,
    signer: TribunalSigner,
    rolls: RollFolder,
    clock: Arc<dyn Clock>,
    records_clock: Option<Arc<dyn RecordsClock>>,
    terms: Terms,
    tribunal: Arc<Tribunal>,
    zones: Arc<TzDatabase>,
}

/// The application, and what counts what passes through it.
pub struct Assembled {
    /// The application.
    pub app: Application,
    /// What counts.
    pub metrics: Arc<Metrics>,
}

fn application(parts: Parts) -> Result<Assembled, WiringError> {
    let metrics = Arc::new(Metrics::new(parts.storage.clone()));
    let storage = Arc::new(parts.storage);
    let largest = parts.terms.file_bytes_at_most;
    let clamd = parts.scanning.clamd_settings(largest).map(Clamd::new);
    let random = Arc::new(OsRandom);
    let app = Application {
        storage: storage.clone(),
        sessions: storage.clone(),
        departures: storage.clone(),
        token_uses: storage.clone(),
        given_up: storage.clone(),
        uploads: storage.clone(),
        job_runs: storage.clone(),
        sign_in_services: parts.sign_in_services,
        outbox: storage.clone(),
        documents: Arc::new(parts.documents),
        inspector: Arc::new(inspection::inspector().map_err(WiringError::Program)?),
        virus_scanner: clamd.map(|clamd| Arc::new(clamd) as Arc<dyn VirusScanner>),
        form_writer: Arc::new(FormPages::new(parts.tribunal.clone())),
        numbering_plans: Arc::new(BuiltInPlans),
        mailer: parts.mailer,
        text_messages: parts.text_messages,
        keys: Arc::new(parts.key),
        answers: Arc::new(SlowAnswers::new(random.clone())),
        throttle: storage.clone(),
        audit_seals: storage.clone(),
        signer: Arc::new(parts.signer),
        log: storage,
        roll_files: Arc::new(parts.rolls),
        halt: Halt::default(),
        verdicts: Verdicts::default(),
        tally: metrics.clone(),
        clock: parts.clock,
        records_clock: parts.records_clock,
        random,
        zones: parts.zones,
        terms: Arc::new(parts.terms),
        tribunal: parts.tribunal,
    };
    Ok(Assembled { app, metrics })
}

/// The application as `serve` and `jobs` run it. The schema must be up to date: `portal migrate`. One of a version to come is well: an upgrade
/// migrates before it puts the new program in the place of this.
///
/// # Errors
/// [`WiringError`]; [`WiringError::Behind`] for a schema of before.
pub async fn serve_with(configuration: &Configuration) -> Result<Assembled, WiringError> {
    let zones = Arc::new(TzDatabase::new());
    let Rules { terms, tribunal } = configuration.rules.clone();
    let tribunal = Arc::new(tribunal);
    let letterhead = Letterhead {
        from: configuration.email.from.clone(),
        tribunal: tribunal.clone(),
        zones: zones.clone(),
        profile_change: terms.profile_change,
    };
    let database = &configuration.database;
    storage::reach(database.url.expose_secret(), database.settings.wait).await?;
    must_be_migrated(database.url.expose_secret()).await?;
    let storage = SqlStorage::connect(database.url.expose_secret(), database.settings).await?;
    application(Parts {
        records_clock: Some(Arc::new(storage.clone())),
        storage: traces::of_statements(storage),
        documents: open(configuration.documents.settings()?).await?,
        scanning: configuration.scanning.clone(),
        mailer: Arc::new(SmtpMailer::new(&configuration.email.smtp, letterhead)?),
        text_messages: Arc::new(Gateway::new(configuration.text_messages.clone())?),
        sign_in_services: Arc::new(relying_party(&configuration.sign_in)?),
        key: configuration.secrets.tribunal_key()?,
        signer: configuration.receipts.signer()?,
        rolls: RollFolder::new(configuration.rolls.folder.clone()),
        clock: Arc::new(SystemClock),
        terms,
        tribunal,
        zones,
    })
}

/// A program on a schema of before would fail at what it finds missing, request by request.
async fn must_be_migrated(url: &str) -> Result<(), WiringError> {
    let missing = migrations::missing(url).await;
    let missing = missing.map_err(|error| WiringError::Schema(Box::new(error)))?;
    match missing.first() {
        Some(first) => Err(WiringError::Behind(missing.len(), first.clone())),
        None => Ok(()),
    }
}

/// The store of documents.
async fn open(settings: documents::Settings) -> Result<SealedDocuments, WiringError> {
    Ok(SealedDocuments::open(settings, Arc::new(OsRandom)).await?)
}

/// The demonstration, ready to serve.
pub struct Demonstrated {
    /// Its routes' parts.
    pub web: Web,
    /// What counts.
    pub metrics: Arc<Metrics>,
    /// How much is taken from whom.
    pub limits: Limits,
    accounts: Accounts,
    tokens: BTreeMap<&'static str, String>,
}

/// Builds the demonstration in `folder`: migrates an embedded database, loads people and cases once, and makes a token for each person.
///
/// # Errors
/// [`WiringError`].
pub async fn demonstrate(folder: &Path, listen: SocketAddr) -> Result<Demonstrated, WiringError> {
    if !listen.ip().is_loopback() {
        return Err(WiringError::NotLoopback(listen));
    }
    let (limits, rate) = limits_from_environment()?;
    let Stage {
        assembled: Assembled { app, metrics },
        emails,
        texts,
        clock,
    } = stage(folder).await?;
    examine_scanner(&app).await?;
    let accounts = load(&app).await?;
    import_rolls(&app, By::Hand).await?;
    let tokens = tokens(&app, &accounts).await?;
    let for_jobs = app.clone();
    let run_jobs = move || -> Work {
        let app = for_jobs.clone();
        Box::pin(async move { jobs::run_all(&app).await })
    };
    let demonstration = Demonstration {
        people: SOMEBODIES.iter().filter_map(person).collect(),
        emails,
        text_messages: texts,
        clock,
        coming: Arc::new(OfDemonstration(app.clone())),
        run_jobs: Arc::new(run_jobs),
    };
    Ok(Demonstrated {
        web: Web {
            app,
            demonstration: Some(demonstration),
            secure: false,
            public_url: None,
            proxies: Proxies::default(),
            rate,
            leaving: Leaving::default(),
            watch: metrics.clone(),
        },
        metrics,
        limits,
        accounts,
        tokens,
    })
}

/// The application of a demonstration that was loaded before, for a command or a job run by hand.
///
/// # Errors
/// [`WiringError`]; [`WiringError::NoDemonstration`] for any other folder, which stays as it is.
pub async fn demonstration_in(folder: &Path) -> Result<Assembled, WiringError> {
    let records = folder.join(RECORDS);
    let there = tokio::fs::try_exists(&records).await;
    if !there.map_err(at(&records))? {
        return Err(WiringError::NoDemonstration(folder.to_owned()));
    }
    Ok(stage(folder).await?.assembled)
}

/// The same application, for which it is always that instant. It removes nothing that is over only later than the records' machine says.
pub fn at_instant(app: Application, at: OffsetDateTime) -> Application {
    Application {
        clock: Arc::new(StoppedClock(at)),
        ..app
    }
}

/// The same application, which asks no other machine how late it is: for one that is to remove what is over only later.
pub fn believing_itself(app: Application) -> Application {
    Application {
        records_clock: None,
        ..app
    }
}

/// The demonstration's own parts.
struct Stage {
    assembled: Assembled,
    emails: Arc<CaughtInFolder>,
    texts: Arc<CaughtInFolder>,
    clock: Arc<ShiftedClock>,
}

async fn stage(folder: &Path) -> Result<Stage, WiringError> {
    // Before anything is made: a folder of a demonstration that cannot start is of no use.
    let Rules { terms, tribunal } = Rules::from_environment()?;
    let scanning = Scanning::from_environment()?;
    let made = tokio::fs::create_dir_all(folder).await;
    made.map_err(at(folder))?;
    let url = format!("sqlite://{}?mode=rwc", folder.join(RECORDS).display());
    migrations::migrate(&url)
        .await
        .map_err(|error| WiringError::Migration(error.to_string()))?;
    let zones = Arc::new(TzDatabase::new());
    let tribunal = Arc::new(tribunal);
    let letterhead = Letterhead {
        from: "Mon dossier / My Case <ne-pas-repondre@demonstration.example>".to_owned(),
        tribunal: tribunal.clone(),
        zones: zones.clone(),
        profile_change: terms.profile_change,
    };
    let emails = demonstration_box(folder.join("mailbox")).await?;
    let texts = demonstration_box(folder.join("text-messages")).await?;
    let documents = Documents {
        folder: folder.join("documents"),
        key: demonstration_key(&folder.join("documents-key")).await?,
        former_keys: Vec::new(),
        bucket: None,
    };
    let kept_in = folder.join("clock");
    let clock = ShiftedClock::open(kept_in.clone()).await;
    let clock = Arc::new(clock.map_err(at(&kept_in))?);
    let assembled = application(Parts {
        storage: SqlStorage::connect(&url, storage::Settings::default()).await?,
        documents: open(documents.settings()?).await?,
        scanning,
        mailer: Arc::new(Mailbox::new(emails.clone(), letterhead)),
        text_messages: Arc::new(Phone {
            caught: texts.clone(),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
        }),
        sign_in_services: Arc::new(NoServices),
        key: TribunalKey::parse(&demonstration_key(&folder.join("key")).await?)?,
        signer: TribunalSigner::new(
            DEMONSTRATION_LOG,
            &demonstration_key(&folder.join("receipt-key")).await?,
            &[],
        )?,
        rolls: demonstration_rolls(folder.join("rolls")).await?,
        clock: clock.clone(),
        // Which is moved, and the machine's is not.
        records_clock: None,
        // Its clock is moved by years; its tokens outlast that.
        terms: Terms {
            token_longest: Duration::days(3_650),
            ..terms
        },
        tribunal,
        zones,
    })?;
    Ok(Stage {
        assembled,
        emails,
        texts,
        clock,
    })
}

/// The demonstration's database in its folder.
const RECORDS: &str = "records.sqlite";

/// The demonstration cannot use what is there.
fn at(path: &Path) -> impl FnOnce(std::io::Error) -> WiringError {
    move |error| WiringError::File(path.to_owned(), error)
}

/// A box that catches what would be sent.
async fn demonstration_box(folder: PathBuf) -> Result<Arc<CaughtInFolder>, WiringError> {
    let opened = CaughtInFolder::open(folder.clone()).await;
    Ok(Arc::new(opened.map_err(at(&folder))?))
}

/// What the demonstration's log is called.
const DEMONSTRATION_LOG: &str = "mon-dossier.demonstration.example/log";

/// One of the demonstration's own keys, drawn when it first runs and kept beside its records.
async fn demonstration_key(file: &Path) -> Result<SecretString, WiringError> {
    let text = match tokio::fs::read_to_string(file).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let drawn: String = OsRandom
                .bytes()
                .iter()
                .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            let written = tokio::fs::write(file, &drawn).await;
            written.map_err(at(file))?;
            drawn
        }
        Err(error) => return Err(at(file)(error)),
    };
    Ok(text.into())
}

/// The rolls on which the demonstration's members are; a file that somebody has changed stays as it is.
async fn demonstration_rolls(folder: PathBuf) -> Result<RollFolder, WiringError> {
    let made = tokio::fs::create_dir_all(&folder).await;
    made.map_err(at(&folder))?;
    for (order, roll) in rolls() {
        let file = folder.join(format!("{order}.csv"));
        if !tokio::fs::try_exists(&file).await.map_err(at(&file))? {
            let written = tokio::fs::write(&file, roll).await;
            written.map_err(at(&file))?;
        }
    }
    Ok(RollFolder::new(folder))
}

fn role(of: &Somebody) -> &'static str {
    of.role.map_or("none", Role::code)
}

fn person(of: &Somebody) -> Option<Person> {
    Some(Person {
        email: email(of.key).ok()?,
        key: of.key.to_owned(),
        name: format!("{} {}", of.given, of.family),
        role: role(of).to_owned(),
        identity: identity(of.key),
    })
}

/// One token per person who is registered: from the first, or since.
async fn tokens(
    app: &Application,
    accounts: &Accounts,
) -> Result<BTreeMap<&'static str, String>, WiringError> {
    let mut tokens = BTreeMap::new();
    for (key, id) in accounts {
        let account = app.storage.read().await?.accounts().by_id(*id).await?;
        let account = account.filter(|account| account.registered_at.is_some());
        let Some(role) = account.and_then(|account| account.roles.first().copied()) else {
            continue;
        };
        let scopes: &[Scope] = match role {
            Role::Counsel => &[Scope::Read, Scope::Submit, Scope::Delegate],
            Role::Delegate => &[Scope::Read, Scope::Submit],
            Role::RegistryOfficer => &[Scope::Registry],
            Role::HelpDeskAgent => &[Scope::HelpDesk],
            Role::CaseManagementSystem => &[Scope::Cms],
        };
        let wish = TokenWish {
            label: "demonstration".to_owned(),
            scopes: scopes.iter().copied().collect::<BTreeSet<_>>(),
            valid_for: app.terms.token_longest,
        };
        let (_, secret) = create_token(app, &Actor::operator(), *id, &wish, None).await?;
        tokens.insert(*key, secret.reveal().to_owned());
    }
    Ok(tokens)
}

impl Demonstrated {
    /// The addresses and the people, for a program.
    pub fn as_json(&self, listen: SocketAddr) -> Value {
        let somebody = |of: &Somebody| {
            let person = json!({
                "name": format!("{} {}", of.given, of.family),
                "role": role(of),
                "language": of.language.code(),
                "account_id": self.accounts.get(of.key).map(ToString::to_string),
                "token": self.tokens.get(of.key),
            });
            (of.key.to_owned(), person)
        };
        let people: serde_json::Map<String, Value> = SOMEBODIES.iter().map(somebody).collect();
        let (question, answer) = SHARED_SECRET;
        let secrets = json!({ "new-delegate": [{ "question": question, "answer": answer }] });
        json!({ "portal": format!("http://{listen}"), "api": format!("http://{listen}/api/v1"), "people": people, "secrets": secrets })
    }

    /// The same for a person.
    pub fn as_text(&self, listen: SocketAddr) -> String {
        let mut lines = vec![
            "Mon dossier / My Case: the demonstration".to_owned(),
            String::new(),
            format!("  the portal         http://{listen}/"),
            format!("  API, to browse     http://{listen}/api/v1/docs"),
            format!("  caught e-mails     http://{listen}/demo/mailbox"),
            format!("  text messages      http://{listen}/demo/text-messages"),
            format!("  the clock          http://{listen}/demo/clock"),
            String::new(),
            "People: on the portal's first page, each has a button to sign in. For programs, an API token:".to_owned(),
        ];
        for of in SOMEBODIES {
            lines.push(format!(
                "\n  {:<12} {} {} ({})",
                of.key,
                of.given,
                of.family,
                role(of)
            ));
            if let Some(account) = self.accounts.get(of.key) {
                lines.push(format!("    account {account}"));
            }
            if let Some(token) = self.tokens.get(of.key) {
                lines.push(format!("    token   {token}"));
            }
        }
        let (question, answer) = SHARED_SECRET;
        lines.push(format!(
            "\nnew-counsel registers with the access code that is among the text messages.\n\
             new-delegate was invited by counsel-b and is asked: {question} – {answer}"
        ));
        lines.join("\n")
    }
}
