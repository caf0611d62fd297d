//! What operators are told of jobs that could not do all their work: they watch for lines of the log that are errors.

use std::io::Write;
use std::sync::{Arc, Mutex};

use assembly::jobs::{run, run_all};
use contract::samples::{NOW, audit, id, profile_change};
use domain::policy::Job;
use domain::profile_change::{Decided, Outcome, ProfileChange};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing_subscriber::fmt::MakeWriter;

use crate::site::Site;

/// The log, as far as it is of errors.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<u8>>>);

impl Errors {
    fn listen(&self) -> DefaultGuard {
        let log = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::ERROR)
            .with_ansi(false)
            .with_writer(self.clone());
        set_default(log.finish())
    }

    fn told(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Errors {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Errors {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// PRIV-1: a record that makes no sense is told with its identifier, and counted in what the job says that it did.
#[tokio::test]
async fn a_record_that_makes_no_sense_is_told_by_its_identifier() {
    let site = Site::new().await;
    let decided = ProfileChange {
        decided: Some(Decided {
            outcome: Outcome::Applied,
            by: id(9),
            at: NOW,
        }),
        ..profile_change(0xfeed)
    };
    let mut tx = site.begin().await;
    tx.profile_changes_mut().insert(&decided).await.unwrap();
    tx.profile_changes_mut().decide(&decided).await.unwrap();
    tx.commit(audit()).await.unwrap();
    site.execute("UPDATE profile_change SET language = 'klingon'")
        .await;
    let errors = Errors::default();
    let listening = errors.listen();
    let done = run(&site.app, Job::Purge).await.unwrap().unwrap();
    drop(listening);
    assert_eq!(done["unreadable"], 1, "{done}");
    let told = errors.told();
    let which = decided.id.to_string();
    assert!(told.contains("ERROR") && told.contains(&which), "{told}");
}

/// A job that fails is told as an error, and the others do their work.
#[tokio::test]
async fn a_job_that_fails_is_an_error() {
    let site = Site::new().await;
    site.execute("ALTER TABLE form_draft RENAME TO elsewhere")
        .await;
    let errors = Errors::default();
    let listening = errors.listen();
    run_all(&site.app).await;
    drop(listening);
    let told = errors.told();
    let tidying = Job::TidyDocuments.name();
    assert!(told.contains("ERROR") && told.contains(tidying), "{told}");
    let ran = site.app.job_runs.last().await.unwrap();
    assert!(!ran.contains_key(tidying), "{ran:?}");
    for other in [Job::SealAudit, Job::DeliverNotices, Job::TidySessions] {
        assert!(
            ran.contains_key(other.name()),
            "{} in {ran:?}",
            other.name()
        );
    }
}
