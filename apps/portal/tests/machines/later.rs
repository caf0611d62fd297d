//! Jobs as of another instant: one that somebody says by hand, or one that a wrong clock says.

use std::path::Path;
use std::process::Command;

use sea_orm::{ConnectionTrait, Database};
use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Site, sqlite};

const LATER: &str = "2199-01-01T00:00:00Z";

/// The jobs that remove for good what is over.
const REMOVALS: [&str; 3] = ["purge", "tidy-documents", "tidy-sessions"];

/// PRIV-1: on a real installation nothing goes before its time because somebody mistyped a year; looking ahead is free.
#[test]
fn what_is_removed_for_good_is_not_removed_before_its_time() {
    let folder = TempDir::new().unwrap();
    let site = Site::new(sqlite(folder.path()), folder);
    for job in REMOVALS {
        let refused = site.jobs(&["run", job, "--at", LATER]);
        assert_eq!(refused.status.code(), Some(2), "{job}: {refused:?}");
        assert!(refused.stdout.is_empty(), "{job}: {refused:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("--at must not be later than now"), "{said}");
    }
    for words in [
        ["run", "purge", "--at", LATER, "--dry-run"].as_slice(),
        &["run", "purge", "--at", "2026-01-01T00:00:00Z"],
        &["run", "tidy-documents", "--at", LATER, "--really"],
        &["run", "deliver-notices", "--at", LATER],
    ] {
        let done = site.jobs(words);
        assert!(done.status.success(), "{words:?}: {done:?}");
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(told["job"], words[1], "{told}");
    }
}

/// PRIV-1: all jobs together look ahead without those that remove, and say which these are and why.
#[test]
fn all_jobs_look_ahead_but_those_that_remove() {
    let folder = TempDir::new().unwrap();
    let site = Site::new(sqlite(folder.path()), folder);
    let done = site.jobs(&["run", "all", "--at", LATER]);
    assert!(done.status.success(), "{done:?}");
    let (mut ran, mut left_out) = (0, Vec::new());
    for line in String::from_utf8(done.stdout).unwrap().lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        if let Some(why) = told["skipped"].as_str() {
            assert!(why.contains(LATER) && told["done"].is_null(), "{told}");
            left_out.push(told["job"].as_str().unwrap().to_owned());
        } else {
            assert!(told["done"].is_object(), "{told}");
            ran += 1;
        }
    }
    left_out.sort();
    assert_eq!(left_out, REMOVALS);
    assert!(ran > REMOVALS.len(), "{ran}");
}

/// a demonstration is nobody's records, and its jobs may run as of whenever.
#[test]
fn a_demonstration_may_look_ahead() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("records.sqlite"), "").unwrap();
    for job in REMOVALS {
        let done = Command::new(Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs"))
            .args(["run", job, "--at", LATER, "--demonstration"])
            .arg(folder.path())
            .output()
            .expect("cargo build -p jobs");
        assert!(done.status.success(), "{job}: {done:?}");
    }
}

/// a worker whose clock is a day ahead of the database's removes nothing and says why; what removes nothing goes on. The database's
/// own clock is put back for it, which is as far apart.
#[tokio::test]
async fn a_worker_whose_clock_is_ahead_removes_nothing() {
    let database = rehearsal::postgres("ahead").await;
    let site = Site::new(database.clone(), TempDir::new().unwrap());
    let name = database.rsplit('/').next().unwrap();
    let connection = Database::connect(&database).await.unwrap();
    for statement in [
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql \
         AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 day' $$",
        &format!("ALTER DATABASE {name} SET search_path = public, pg_catalog"),
    ] {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
    for job in REMOVALS {
        let refused = site.jobs(&["run", job]);
        assert_eq!(refused.status.code(), Some(1), "{job}: {refused:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("s ahead of the database's"), "{job}: {said}");
    }
    for words in [
        ["run", "purge", "--dry-run"].as_slice(),
        &["run", "deliver-notices"],
        &["run", "seal-audit"],
    ] {
        let done = site.jobs(words);
        assert!(done.status.success(), "{words:?}: {done:?}");
    }
}
