//! What operators are told of jobs that could not do all their work: they watch for lines of the log that are errors.

use std::fs;
use std::io::Write;
use std::sync::{Arc, Mutex};

use application::by::By;
use assembly::jobs::{End, run, run_all, run_by};
use contract::samples::{NOW, able, account, audit, delegation, id, notice, profile_change};
use domain::notice::{About, OnceKey};
use domain::policy::Job;
use domain::profile_change::{Decided, Outcome, ProfileChange};
use serde_json::json;
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
    assert_eq!(done.told["unreadable"], 1, "{done:?}");
    let told = errors.told();
    let which = decided.id.to_string();
    assert!(told.contains("ERROR") && told.contains(&which), "{told}");
}

/// MAIL-3, DEL-3: a notice and a delegation that make no sense are told with their identifiers and counted; the others are sent, and told of.
#[tokio::test]
async fn what_makes_no_sense_holds_up_no_other() {
    let site = Site::new().await;
    let now = site.app.clock.now();
    let mut tx = site.begin().await;
    for number in [1, 2] {
        let mut counsel = account(number);
        counsel.membership = None;
        tx.accounts_mut().insert(&counsel).await.unwrap();
        let mut over = delegation(number);
        over.ended_at = None;
        let running = over.running.as_mut().unwrap();
        running.term_began_at = now - over.promised.unwrap().term;
        tx.delegations_mut().insert(&over).await.unwrap();
        let mut told = notice(number, About::SignInBound);
        told.once = Some(OnceKey::stored(format!("number-{number}")));
        tx.notices_mut().queue(&told).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    site.execute("UPDATE delegation SET language = 'klingon' WHERE email LIKE '%1%'")
        .await;
    site.execute("UPDATE notice SET language = 'klingon' WHERE once_key = 'number-1'")
        .await;
    let errors = Errors::default();
    let listening = errors.listen();
    let told = async |job| run(&site.app, job).await.unwrap().unwrap().told;
    assert_eq!(
        told(Job::DelegationCleanup).await,
        json!({ "notices": 2, "unreadable": 1 })
    );
    assert_eq!(
        told(Job::DeliverNotices).await,
        json!({ "delivered": 3, "failed": 0, "unreadable": 1 })
    );
    drop(listening);
    let told = errors.told();
    let which = id::<()>(1).to_string();
    let lines = told
        .lines()
        .filter(|line| line.contains("ERROR") && line.contains(&which));
    assert_eq!(lines.count(), 2, "{told}");
}

/// REG-1: a roll that is refused, cannot be read or is gone is an error that names it, with its lines; the pass counts as none, so that it is
/// tried again soon. An order that never had one is none.
#[tokio::test]
async fn a_roll_that_is_not_taken_is_an_error() {
    let site = Site::new().await;
    let passes = async || {
        let errors = Errors::default();
        let listening = errors.listen();
        let pass = run(&site.app, Job::ImportRolls).await.unwrap().unwrap();
        drop(listening);
        let last = site.app.job_runs.last().await.unwrap();
        (pass.end, errors.told(), last.contains_key("import-rolls"))
    };
    let order = "barreau-du-quebec";
    let roll = site.rolls().join(format!("{order}.csv"));
    let good = fs::read(&roll).unwrap();
    fs::write(
        &roll,
        "number,family_name,given_name,standing\n1,,Ada,good\n",
    )
    .unwrap();
    let (end, told, ran) = passes().await;
    assert_eq!((end, ran), (End::Undone, false));
    assert!(told.contains("ERROR") && told.contains(order), "{told}");
    assert!(told.contains("2: "), "{told}");

    fs::write(&roll, &good).unwrap();
    assert_eq!(passes().await, (End::Well, String::new(), true));

    fs::remove_file(&roll).unwrap();
    fs::create_dir(&roll).unwrap();
    let (end, told, _) = passes().await;
    assert_eq!(end, End::Undone);
    assert!(told.contains("ERROR") && told.contains(order), "{told}");

    fs::remove_dir(&roll).unwrap();
    let (end, told, _) = passes().await;
    assert_eq!(end, End::Undone);
    assert!(told.contains("ERROR") && told.contains(order), "{told}");
    site.execute("DELETE FROM roll_entry").await;
    let (end, told, _) = passes().await;
    assert_eq!((end, told.as_str()), (End::Well, ""));
}

/// REG-1, DEL-8: a roll by which most of an order's counsel are out may be half a roll. No pass takes it, and it is told; who has looked at it does.
#[tokio::test]
async fn half_a_roll_is_not_taken_by_itself() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    for number in 100..112 {
        tx.accounts_mut().insert(&able(number)).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let roll = site.rolls().join("barreau-du-quebec.csv");
    fs::write(
        &roll,
        "number,family_name,given_name,standing\n1,Lovelace,Ada,good\n",
    )
    .unwrap();
    let are_out = "SELECT CAST(count(*) AS text) FROM account WHERE lost_standing_at IS NOT NULL";
    let before = site.texts(are_out).await;
    let errors = Errors::default();
    let listening = errors.listen();
    let pass = run(&site.app, Job::ImportRolls).await.unwrap().unwrap();
    drop(listening);
    assert_eq!(pass.end, End::Undone);
    let told = errors.told();
    assert!(
        told.contains("ERROR") && told.contains("half of one"),
        "{told}"
    );
    assert_eq!(site.texts(are_out).await, before);

    let pass = run_by(&site.app, Job::ImportRolls, By::Hand)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pass.end, End::Well);
    assert_ne!(site.texts(are_out).await, before);
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
