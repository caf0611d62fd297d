//! A portal on a fresh database, wired as in production, and as many records as a measure needs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use application::Application;
use application::create_token::create_token;
use application::ports::clock::Clock;
use assembly::clock::SystemClock;
use assembly::configuration::Configuration;
use assembly::metrics::Metrics;
use assembly::{Assembled, serve_with, server};
use contract::samples;
use domain::account::{Account, AccountId, Role};
use domain::case::{Case, FileNumber};
use domain::id::Id;
use domain::lock::Lock;
use domain::membership::Membership;
use domain::person::EmailAddress;
use domain::policy::Actor;
use domain::token::{Scope, TokenWish};
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::{Endpoint, Request};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::figure::Failed;

/// On which database.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A database of its own on that server.
    Postgres(String),
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Database {
    /// SQLite, and PostgreSQL where there is one.
    pub fn at_hand() -> Vec<Self> {
        let server = std::env::var("MONDOSSIER_TEST_POSTGRES").ok();
        [Self::Sqlite]
            .into_iter()
            .chain(server.map(Self::Postgres))
            .collect()
    }

    /// For a figure's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    async fn url(&self, folder: &Path) -> Result<String, Failed> {
        match self {
            Self::Sqlite => {
                let file = folder.join("records.sqlite");
                Ok(format!("sqlite://{}?mode=rwc", file.display()))
            }
            Self::Postgres(server) => {
                let count = COUNT.fetch_add(1, Ordering::Relaxed);
                let name = format!("bench_{}_{count}", std::process::id());
                let maintenance = sea_orm::Database::connect(format!("{server}postgres")).await?;
                maintenance
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await?;
                Ok(format!("{server}{name}"))
            }
        }
    }
}

/// A portal, and where its things are.
pub struct Ground {
    /// Its use cases.
    pub app: Application,
    read: Configuration,
    metrics: Arc<Metrics>,
    /// Its database.
    pub url: String,
    /// Its configuration's file.
    pub configuration: PathBuf,
    /// Its documents, and whatever else a measure writes.
    pub folder: TempDir,
}

impl Ground {
    /// A fresh one.
    pub async fn on(database: &Database) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let url = database.url(folder.path()).await?;
        let configuration = folder.path().join("portal.toml");
        tokio::fs::create_dir_all(folder.path().join("rolls")).await?;
        tokio::fs::write(&configuration, written(folder.path(), &url)).await?;
        let read = Configuration::read(Some(&configuration))?;
        server::migrate(&read).await?;
        let Assembled { app, metrics } = serve_with(&read).await?;
        Ok(Self {
            app,
            read,
            metrics,
            url,
            configuration,
            folder,
        })
    }

    /// Everything that it answers to.
    pub fn routes(&self) -> BoxEndpoint<'static> {
        self.routes_of(self.app.clone())
    }

    /// The same with other use cases.
    pub fn routes_of(&self, app: Application) -> BoxEndpoint<'static> {
        web::routes(server::web(app, &self.read.server, self.metrics.clone()))
    }

    /// A token of that account.
    pub async fn token(&self, account: AccountId, scopes: &[Scope]) -> Result<String, Failed> {
        let wish = TokenWish {
            label: "bench".to_owned(),
            scopes: scopes.iter().copied().collect(),
            valid_for: self.app.terms.token_longest,
        };
        let (_, secret) = create_token(&self.app, &Actor::operator(), account, &wish, None).await?;
        Ok(secret.reveal().to_owned())
    }

    /// Puts records in, a part at a time, each part in a transaction.
    pub async fn fill(&self, counsels: &[Account], cases: &[Case]) -> Result<(), Failed> {
        for part in counsels.chunks(2_000) {
            let mut tx = self.app.storage.begin().await?;
            for counsel in part {
                tx.accounts_mut().insert(counsel).await?;
            }
            tx.commit(samples::audit()).await?;
        }
        for part in cases.chunks(10_000) {
            let mut tx = self.app.storage.begin().await?;
            tx.cases_mut().insert_all(part).await?;
            tx.commit(samples::audit()).await?;
        }
        Ok(())
    }

    /// Has the database look at what it holds, as its own upkeep would within the hour.
    pub async fn settle(&self) -> Result<(), Failed> {
        let connection = sea_orm::Database::connect(&self.url).await?;
        connection.execute_unprepared("ANALYZE").await?;
        Ok(())
    }
}

fn written(folder: &Path, url: &str) -> String {
    let folder = folder.display();
    let key = |pair: &str| pair.repeat(32);
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1"
[database]
url = "{url}"
[documents]
folder = "{folder}/documents"
key = "{documents}"
[email]
from = "Bench <bench@tribunal.example>"
[email.smtp]
host = "127.0.0.1"
[text_messages]
url = "http://127.0.0.1:9"
api_key = "no-gateway"
access_code_template_fr = "fr"
access_code_template_en = "en"
[rolls]
folder = "{folder}/rolls"
[secrets]
key = "{secrets}"
[receipts]
origin = "bench.example/log"
key = "{receipts}"
[[sign_in.services]]
key = "service"
french = "Service"
english = "Service"
issuer = "http://127.0.0.1:9"
client_id = "bench"
client_secret = "bench-secret-of-nobody"
"#,
        documents = key("1a"),
        secrets = key("2b"),
        receipts = key("3c"),
    )
}

/// The system's clock, as the portal reads it.
pub fn now() -> OffsetDateTime {
    SystemClock.now()
}

/// Counsel in good standing, of that number.
pub fn counsel(number: u128) -> Result<Account, Failed> {
    let sample = samples::account(number);
    Ok(Account {
        email: EmailAddress::parse(&format!("counsel-{number}@bench.example"))?,
        roles: [Role::Counsel].into(),
        membership: sample.membership.map(|membership| Membership {
            lost_standing_at: None,
            ..membership
        }),
        lock: Lock::default(),
        registered_at: Some(now()),
        ..sample
    })
}

/// An undecided case of that number, of one of so many counsels in turn.
pub fn case(number: u128, counsels: u128) -> Result<Case, Failed> {
    let sample = samples::case(number);
    let events = sample
        .events
        .into_iter()
        .map(|event| domain::case::CaseEvent {
            id: Id::new(Uuid::from_u128(number + (1 << 64))),
            starts_at: now() + Duration::days((number % 300) as i64),
            ..event
        });
    Ok(Case {
        file_number: FileNumber::parse(&format!(
            "TC{}-{:06}",
            number / 1_000_000,
            number % 1_000_000
        ))?,
        principal_file_number: None,
        events: events.collect(),
        cancelled_events: Vec::new(),
        final_decision_on: None,
        counsel_of_record: Some(Id::new(Uuid::from_u128(number % counsels + 1))),
        ..sample
    })
}

/// Asks, and fails unless the answer is 200.
pub async fn ask(routes: &BoxEndpoint<'static>, path: &str, token: &str) -> Result<usize, Failed> {
    let request = Request::builder()
        .uri(path.parse()?)
        .header("authorization", format!("Bearer {token}"))
        .finish();
    let response = routes.get_response(request).await;
    if response.status() != StatusCode::OK {
        return Err(format!("{path} answered {}", response.status()).into());
    }
    Ok(response.into_body().into_bytes().await?.len())
}
