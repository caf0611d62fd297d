//! What clients were told, and whether it is true: every number in the history with its bytes, nothing there twice, nothing altered.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use application::ports::storage::Storage;
use domain::document::DocumentId;
use domain::id::Id;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use storage::SqlStorage;
use time::OffsetDateTime;

use crate::files::sha256;
use crate::installation::Installation;

/// What a client was told.
pub struct Told {
    pub id: String,
    pub number: String,
    pub sha256: String,
}

impl Told {
    /// That a file of that digest was received.
    pub fn of(answer: &Value, sha256: String) -> Self {
        Self {
            id: text(&answer["id"]),
            number: text(&answer["confirmation_number"]),
            sha256,
        }
    }

    /// What is wrong with the bytes that the registry downloads.
    pub async fn download(&self, installation: &Installation, registry: &str) -> Option<String> {
        let path = format!("/registry/submissions/{}/files/1", self.id);
        let call = installation.call(Method::GET, &path, registry);
        let answer = call.send().await.unwrap();
        let status = answer.status();
        let digest = sha256(&answer.bytes().await.unwrap());
        let good = status == StatusCode::OK && digest == self.sha256;
        (!good).then(|| format!("{} does not have its bytes: {status}", self.number))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Ids and numbers of submissions, by the digest of their file.
#[derive(Default)]
pub struct History(pub BTreeMap<String, Vec<(String, String)>>);

impl History {
    /// Adds a case's submission history, as its counsel sees it.
    pub async fn add(&mut self, installation: &Installation, path: &str, token: &str) {
        for entry in installation.list(path, token).await {
            let one = (text(&entry["id"]), text(&entry["confirmation_number"]));
            let sha256 = text(&entry["files"][0]["sha256"]);
            self.0.entry(sha256).or_default().push(one);
        }
    }

    pub fn has(&self, told: &Told) -> bool {
        let one = (told.id.clone(), told.number.clone());
        let there = self.0.get(&told.sha256);
        there.is_some_and(|entries| entries.contains(&one))
    }

    pub fn numbers(&self) -> BTreeSet<&String> {
        self.0
            .values()
            .flatten()
            .map(|(_, number)| number)
            .collect()
    }

    /// What is there twice, and whether there are as many as were asked for.
    pub fn faults(&self, asked: u64) -> Vec<String> {
        let mut faults = Vec::new();
        let mut numbers = BTreeSet::new();
        for (sha256, entries) in &self.0 {
            if entries.len() > 1 {
                faults.push(format!("{sha256} was received twice"));
            }
            for (_, number) in entries {
                if !numbers.insert(number) {
                    faults.push(format!("{number} was given twice"));
                }
            }
        }
        let there = numbers.len();
        if there as u64 != asked {
            faults.push(format!(
                "{asked} submissions were asked for, {there} are there"
            ));
        }
        faults
    }
}

/// SEC-2, X-1, X-6: what is not whole of trail, log and documents.
pub fn altered(installation: &Installation) -> Vec<String> {
    let now = OffsetDateTime::now_utc();
    installation.job("seal-audit", now);
    installation.job("publish-log", now);
    let verified = ["verify-audit", "verify-log", "verify-documents"]
        .map(|job| (job, installation.job(job, now)));
    let wrong = verified
        .iter()
        .filter(|(_, done)| done["findings"] != json!([]));
    wrong.map(|(job, done)| format!("{job}: {done}")).collect()
}

/// The document that a file is.
pub fn document(path: &Path) -> DocumentId {
    let name = path.file_stem().and_then(OsStr::to_str).unwrap();
    Id::new(name.parse().unwrap())
}

/// Those of some documents that no submission names.
pub async fn unnamed(storage: &SqlStorage, documents: &[DocumentId]) -> Vec<DocumentId> {
    let mut records = storage.read().await.unwrap();
    let mut unnamed = Vec::new();
    for some in documents.chunks(500) {
        let named = records.submissions().naming(some).await.unwrap();
        unnamed.extend(some.iter().filter(|one| !named.contains(one)));
    }
    unnamed
}
