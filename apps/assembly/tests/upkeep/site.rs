//! The portal without its pages on SQLite and a folder, at an instant long after anything was used.

use std::path::PathBuf;
use std::sync::Arc;

use application::Application;
use application::ports::storage::Transaction;
use assembly::metrics::Metrics;
use assembly::{Assembled, at_instant, demonstration_in};
use contract::samples::{NOW, case, id, inbox_item};
use domain::access_code::{CodeHash, IssuedCode};
use domain::document::DocumentId;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use storage::{Settings, SqlStorage};
use tempfile::TempDir;
use time::Duration;

pub struct Site {
    pub app: Application,
    pub metrics: Arc<Metrics>,
    folder: TempDir,
}

impl Site {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A demonstration that was begun, and has nobody in it.
        std::fs::write(folder.path().join("records.sqlite"), "").unwrap();
        let Assembled { app, metrics } = demonstration_in(folder.path()).await.unwrap();
        let app = at_instant(app, NOW + Duration::days(4 * 365));
        Self {
            app,
            metrics,
            folder,
        }
    }

    /// Records, as some act leaves them.
    pub async fn begin(&self) -> Box<dyn Transaction> {
        self.app.storage.begin().await.unwrap()
    }

    /// The file of a kept document.
    pub fn kept(&self, id: DocumentId) -> PathBuf {
        let name = id.to_string();
        let (_, end) = name.split_at(name.len() - 2);
        self.folder
            .path()
            .join("documents/kept")
            .join(end)
            .join(&name)
    }

    /// The folder of the orders' rolls.
    pub fn rolls(&self) -> PathBuf {
        self.folder.path().join("rolls")
    }

    /// An access code as a version before issued it.
    pub fn code_without_deadline(&self) -> IssuedCode {
        IssuedCode {
            id: id(1),
            account: id(1),
            hash: CodeHash::new([1; 32]),
            issued_at: self.app.clock.now(),
            expires_at: None,
            voided_at: None,
            used_at: None,
        }
    }

    /// Past every rule, as somebody with the database's password might.
    pub async fn execute(&self, statement: &str) {
        let database = self.database().await;
        database.execute_unprepared(statement).await.unwrap();
        database.close().await.unwrap();
    }

    /// The first column of what a query finds.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        let database = self.database().await;
        let statement = Statement::from_string(DbBackend::Sqlite, query);
        let rows = database.query_all_raw(statement).await.unwrap();
        let texts = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
        let texts = texts.collect();
        database.close().await.unwrap();
        texts
    }

    /// The same portal, which says each statement that its records are asked.
    pub async fn watched(&self, asked: impl Fn() + Send + Sync + 'static) -> Application {
        let storage = SqlStorage::connect(&self.url(), Settings::default()).await;
        let storage = storage.unwrap().watched(move |_| asked());
        Application {
            storage: Arc::new(storage),
            ..self.app.clone()
        }
    }

    pub fn url(&self) -> String {
        let file = self.folder.path().join("records.sqlite");
        format!("sqlite://{}", file.display())
    }

    async fn database(&self) -> DatabaseConnection {
        Database::connect(self.url()).await.unwrap()
    }
}

/// Cases 1 and 2, each with a document from the tribunal: documents 51 and 52.
pub async fn put_letters(tx: &mut dyn Transaction) {
    for number in [1, 2] {
        tx.cases_mut().insert(&case(number)).await.unwrap();
        let mut item = inbox_item(number);
        item.case = id(number);
        item.sent.document = id(50 + number);
        tx.inbox_mut().insert(&item).await.unwrap();
    }
}
