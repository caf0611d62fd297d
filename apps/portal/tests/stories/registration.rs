//! Registration, access codes, blocks, the help desk, tokens, rolls and the audit trail (REG-1 … REG-7, SEC-1, SEC-2, DEL-8, X-2).

mod blocks;
mod codes;
mod counsel_and_delegate;
mod resets;
mod rolls;
mod tokens;
mod trail;

use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

/// The access code in the newest text message.
pub async fn code(demonstration: &Demonstration) -> String {
    let newest = &demonstration.caught("text-messages").await[0];
    let body = newest["body"].as_str().unwrap();
    let words = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let looks_like_a_code = |word: &&str| word.len() == 9 && word.as_bytes()[4] == b'-';
    words
        .into_iter()
        .find(looks_like_a_code)
        .unwrap()
        .to_owned()
}

async fn enter(
    demonstration: &Demonstration,
    cookie: &str,
    code: &str,
) -> (StatusCode, Value, Option<String>) {
    let entry = object!({ "access_code": code });
    let answer = demonstration
        .by_cookie(Method::POST, "/registration", cookie, Some(entry))
        .await;
    let renewed = answer.headers().get("set-cookie").map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    });
    (answer.status(), json(answer).await, renewed)
}

fn kind(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .unwrap()
        .trim_start_matches("urn:mondossier:problem:")
}

async fn me(demonstration: &Demonstration, cookie: &str) -> StatusCode {
    demonstration
        .by_cookie(Method::GET, "/me", cookie, None)
        .await
        .status()
}

impl Demonstration {
    /// Somebody's mails, once the jobs have run.
    async fn mailbox_of(&self, key: &str) -> Vec<Value> {
        self.advance("1s").await;
        let to = format!("{key}@demonstration.example");
        let mut mails = self.mailbox().await;
        mails.retain(|mail| mail["to"] == to.as_str());
        mails
    }

    /// What somebody with the database's file could do: the error's words if the database refuses.
    pub async fn sql(&self, statements: &str) -> String {
        let database = self.database().await;
        match database.execute_unprepared(statements).await {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    /// The first column of what a query finds.
    pub async fn rows(&self, query: &str) -> Vec<Option<String>> {
        column(&self.records(), query).await
    }

    fn records(&self) -> PathBuf {
        self.folder.path().join("records.sqlite")
    }

    async fn database(&self) -> DatabaseConnection {
        open(&self.records()).await
    }

    /// What the job that looks through the audit trail finds.
    fn verified(&self) -> Value {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let run = Command::new(&jobs)
            .args(["run", "verify-audit", "--demonstration"])
            .arg(self.folder.path())
            .output()
            .expect("the jobs' program is built beside the portal's: cargo build -p jobs");
        let printed: Value = serde_json::from_slice(&run.stdout).unwrap();
        printed["done"]["findings"].clone()
    }
}

async fn open(records: &Path) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}", records.display()))
        .await
        .unwrap()
}

/// The first column of what a query finds in the records of that file.
pub async fn column(records: &Path, query: &str) -> Vec<Option<String>> {
    let statement = Statement::from_string(DbBackend::Sqlite, query);
    let rows = open(records).await.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}
