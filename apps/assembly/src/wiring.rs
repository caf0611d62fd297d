//! Configuration becomes adapters, adapters become the application.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use application::Application;
use application::create_token::{CreateToken, create_token};
use application::ports::clock::Clock;
use application::ports::demonstration::{CaughtMessage, CaughtMessages, Person};
use application::ports::mailer::Mailer;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use documents::LocalDocuments;
use domain::account::Role;
use domain::policy::Actor;
use domain::terms::Terms;
use domain::token::Scope;
use domain::tribunal::Tribunal;
use email::{Letterhead, Mailbox, SmtpMailer};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use storage::SqlStorage;
use time::Duration;
use time_zones::TzDatabase;
use web::{Demonstration, Web, Work};

use crate::chance::OsRandom;
use crate::clock::{ShiftedClock, SystemClock};
use crate::configuration::{Configuration, ConfigurationError, Submissions};
use crate::demonstration::{LoadError, SOMEBODIES, Somebody, identity, load};
use crate::reference::ReferenceError;
use crate::{inspection, jobs, reference};

/// Why the parts do not come together.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// Configuration.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The tribunal's own data.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The database cannot be reached.
    #[error("the database cannot be used")]
    Storage(#[from] StorageError),
    /// The schema cannot be brought up to date.
    #[error("the database cannot be migrated: {0}")]
    Migration(String),
    /// The store of documents cannot be opened.
    #[error("the store of documents cannot be opened")]
    Documents(#[from] application::ports::documents::DocumentsError),
    /// The mail server cannot be used.
    #[error("the mail server cannot be used")]
    Mail(#[from] application::ports::mailer::MailError),
    /// A folder or this program itself cannot be found.
    #[error("a file or folder cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// The demonstration cannot be loaded.
    #[error(transparent)]
    Demonstration(#[from] LoadError),
    /// A token for the demonstration cannot be made.
    #[error("a token cannot be made: {0}")]
    Token(#[from] application::UseCaseError),
    /// The demonstration is for one's own machine.
    #[error("the demonstration listens on a loopback address alone; {0} is none")]
    NotLoopback(SocketAddr),
}

struct Parts {
    storage: SqlStorage,
    documents: LocalDocuments,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    terms: Terms,
    tribunal: Arc<Tribunal>,
    zones: Arc<TzDatabase>,
}

fn application(parts: Parts) -> Result<Application, WiringError> {
    let storage = Arc::new(parts.storage);
    Ok(Application {
        storage: storage.clone(),
        sessions: storage.clone(),
        outbox: storage,
        documents: Arc::new(parts.documents),
        inspector: Arc::new(inspection::inspector()?),
        mailer: parts.mailer,
        clock: parts.clock,
        random: Arc::new(OsRandom),
        zones: parts.zones,
        terms: Arc::new(parts.terms),
        tribunal: parts.tribunal,
    })
}

/// The application as `serve` and `jobs` run it. The schema must be up to date: `portal migrate`.
///
/// # Errors
/// [`WiringError`].
pub async fn serve_with(configuration: &Configuration) -> Result<Application, WiringError> {
    let zones = Arc::new(TzDatabase::new());
    let tribunal = Arc::new(reference::tribunal(&*zones)?);
    let letterhead = Letterhead {
        from: configuration.email.from.clone(),
        tribunal: tribunal.clone(),
        zones: zones.clone(),
    };
    let settings = storage::Settings {
        connections: configuration.database.connections,
        ..storage::Settings::default()
    };
    application(Parts {
        storage: SqlStorage::connect(configuration.database.url.expose_secret(), settings).await?,
        documents: LocalDocuments::open(configuration.documents.folder.clone()).await?,
        mailer: Arc::new(SmtpMailer::new(&configuration.email.smtp, letterhead)?),
        clock: Arc::new(SystemClock),
        terms: configuration.submissions.terms()?,
        tribunal,
        zones,
    })
}

/// The demonstration, ready to serve.
pub struct Demonstrated {
    /// Its routes' parts.
    pub web: Web,
    tokens: BTreeMap<&'static str, (String, String)>,
}

/// No text message is sent yet.
struct NoTextMessages;

#[async_trait]
impl CaughtMessages for NoTextMessages {
    async fn all(&self) -> Result<Vec<CaughtMessage>, StorageError> {
        Ok(Vec::new())
    }
}

/// Builds the demonstration in `folder`: migrates an embedded database, loads people and cases once, and makes a token for each person.
///
/// # Errors
/// [`WiringError`].
pub async fn demonstrate(folder: &Path, listen: SocketAddr) -> Result<Demonstrated, WiringError> {
    if !listen.ip().is_loopback() {
        return Err(WiringError::NotLoopback(listen));
    }
    tokio::fs::create_dir_all(folder).await?;
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.join("records.sqlite").display()
    );
    migrations::migrate(&url)
        .await
        .map_err(|error| WiringError::Migration(error.to_string()))?;
    let zones = Arc::new(TzDatabase::new());
    let tribunal = Arc::new(reference::tribunal(&*zones)?);
    let letterhead = Letterhead {
        from: "Mon dossier / My Case <ne-pas-repondre@demonstration.example>".to_owned(),
        tribunal: tribunal.clone(),
        zones: zones.clone(),
    };
    let mailbox = Arc::new(Mailbox::open(folder.join("mailbox"), letterhead).await?);
    let clock = Arc::new(ShiftedClock::open(folder.join("clock")).await?);
    let app = application(Parts {
        storage: SqlStorage::connect(&url, storage::Settings::default()).await?,
        documents: LocalDocuments::open(folder.join("documents")).await?,
        mailer: mailbox.clone(),
        clock: clock.clone(),
        terms: Submissions::from_environment()?.terms()?,
        tribunal,
        zones,
    })?;
    load(&app).await?;
    let tokens = tokens(&app).await?;
    let for_jobs = app.clone();
    let run_jobs = move || -> Work {
        let app = for_jobs.clone();
        Box::pin(async move { jobs::run_all(&app).await })
    };
    let demonstration = Demonstration {
        people: SOMEBODIES.iter().map(person).collect(),
        emails: mailbox,
        text_messages: Arc::new(NoTextMessages),
        clock,
        run_jobs: Arc::new(run_jobs),
    };
    Ok(Demonstrated {
        web: Web {
            app,
            demonstration: Some(demonstration),
            secure: false,
        },
        tokens,
    })
}

fn role(of: &Somebody) -> &'static str {
    of.role.map_or("none", Role::code)
}

fn person(of: &Somebody) -> Person {
    Person {
        key: of.key.to_owned(),
        name: format!("{} {}", of.given, of.family),
        role: role(of).to_owned(),
        identity: identity(of.key),
    }
}

/// One token per person with an account: its id and its secret.
async fn tokens(
    app: &Application,
) -> Result<BTreeMap<&'static str, (String, String)>, WiringError> {
    let mut tokens = BTreeMap::new();
    for somebody in SOMEBODIES {
        let sign_in = app
            .storage
            .read()
            .await?
            .sign_ins()
            .by_identity(&identity(somebody.key))
            .await?;
        let (Some(account), Some(role)) =
            (sign_in.and_then(|sign_in| sign_in.account()), somebody.role)
        else {
            continue;
        };
        let scopes: &[Scope] = match role {
            Role::Counsel => &[Scope::Read, Scope::Submit, Scope::Delegate],
            Role::Delegate => &[Scope::Read, Scope::Submit],
            Role::RegistryOfficer => &[Scope::Registry],
            Role::HelpDeskAgent => &[Scope::HelpDesk],
            Role::CaseManagementSystem => &[Scope::Cms],
        };
        let wish = CreateToken {
            account,
            label: "demonstration".to_owned(),
            scopes: scopes.iter().copied().collect::<BTreeSet<_>>(),
            valid_for: Duration::days(3_650),
        };
        let (_, secret) = create_token(app, &Actor::operator(), &wish).await?;
        tokens.insert(
            somebody.key,
            (account.to_string(), secret.reveal().to_owned()),
        );
    }
    Ok(tokens)
}

impl Demonstrated {
    /// The addresses and the people, for a program.
    pub fn as_json(&self, listen: SocketAddr) -> Value {
        let somebody = |of: &Somebody| {
            let (account, token) = self.tokens.get(of.key).cloned().unzip();
            let person = json!({
                "name": format!("{} {}", of.given, of.family),
                "role": role(of),
                "language": of.language.code(),
                "account_id": account,
                "token": token,
            });
            (of.key.to_owned(), person)
        };
        let people: serde_json::Map<String, Value> = SOMEBODIES.iter().map(somebody).collect();
        json!({ "portal": format!("http://{listen}"), "api": format!("http://{listen}/api/v1"), "people": people, "secrets": {} })
    }

    /// The same for a person.
    pub fn as_text(&self, listen: SocketAddr) -> String {
        let mut lines = vec![
            "Mon dossier / My Case: the demonstration".to_owned(),
            String::new(),
            format!("  API, to browse     http://{listen}/api/v1/docs"),
            format!("  caught e-mails     http://{listen}/demo/mailbox"),
            format!("  the clock          http://{listen}/demo/clock"),
            String::new(),
            "People, and an API token for each:".to_owned(),
        ];
        for of in SOMEBODIES {
            let (account, token) = self.tokens.get(of.key).cloned().unwrap_or_default();
            lines.push(format!(
                "\n  {:<12} {} {} ({})",
                of.key,
                of.given,
                of.family,
                role(of)
            ));
            if !token.is_empty() {
                lines.push(format!("    account {account}\n    token   {token}"));
            }
        }
        lines.push(format!(
            "\nSign in as somebody:  curl -i -d person=counsel-a http://{listen}/demo/sign-in"
        ));
        lines.join("\n")
    }
}
