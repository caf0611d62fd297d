//! A backup that was taken under load has every submission that was confirmed before it, with its bytes, and what it has verifies.

use std::process::Command;

use rehearsal::postgres;
use serde_json::json;

use crate::load::{Confirmed, Load, all_are_there};
use crate::site::{People, Site, sqlite};

/// Submits, has `back_up` take a backup in the middle of it, and goes on; gives what was confirmed before the backup began.
async fn under_load(site: &Site, people: &People, back_up: impl FnOnce()) -> Confirmed {
    let portal = site.portal(None).await;
    let load = Load::begin(&site.client, &portal.api(), people);
    load.until(12).await;
    let before = load.so_far();
    tokio::task::block_in_place(back_up);
    load.until(before.len() + 6).await;
    load.end().await;
    before
}

/// The restored site serves, has what was confirmed, and everything in it verifies.
async fn restored(site: &Site, people: &People, confirmed: &Confirmed) {
    site.run(&["migrate"]);
    for job in ["verify-documents", "verify-audit", "verify-log"] {
        let told = site.job(job);
        assert_eq!(told["findings"], json!([]), "{job}: {told}");
    }
    let portal = site.portal(None).await;
    all_are_there(site, &portal, people, confirmed).await;
}

/// Q-9 on SQLite: `portal backup`, and a copy back.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_sqlite_under_load_has_all_that_was_confirmed_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(sqlite(folder.path()), folder);
    let people = site.people().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = elsewhere.path().join("backup");
    let confirmed = under_load(&site, &people, || {
        let said = site.run(&["backup", "--to", backup.to_str().unwrap()]);
        assert!(said.contains("records and"), "{said}");
    })
    .await;
    drop(site);

    let folder = tempfile::tempdir().unwrap();
    run(
        "cp",
        &[
            "-a",
            &format!("{}/.", backup.display()),
            folder.path().to_str().unwrap(),
        ],
    );
    let site = Site::existing(sqlite(folder.path()), folder);
    restored(&site, &people, &confirmed).await;
}

/// Q-9 on PostgreSQL, by the commands of docs/operations.md: the documents, `pg_dump` in a serializable and deferrable transaction, and the documents that came meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_postgresql_under_load_has_all_that_was_confirmed_before_it() {
    let site = Site::new(
        postgres("machines_live").await,
        tempfile::tempdir().unwrap(),
    );
    let people = site.people().await;
    let backup = tempfile::tempdir().unwrap();
    let at = |name: &str| backup.path().join(name).display().to_string();
    let confirmed = under_load(&site, &people, || {
        let to = backup.path().display().to_string();
        let documents = ["backup", "--documents-only", "--to", &to];
        site.run(&documents);
        let dump = [
            "--serializable-deferrable",
            "--format=custom",
            "--file",
            &at("records.dump"),
            &site.database,
        ];
        run("pg_dump", &dump);
        site.run(&documents);
    })
    .await;
    drop(site);

    let (database, folder) = (
        postgres("machines_restored").await,
        tempfile::tempdir().unwrap(),
    );
    let target = folder.path().display().to_string();
    run("cp", &["-a", &at("documents"), &target]);
    run(
        "pg_restore",
        &[
            "--exit-on-error",
            "--no-owner",
            "--dbname",
            &database,
            &at("records.dump"),
        ],
    );
    let site = Site::existing(database, folder);
    restored(&site, &people, &confirmed).await;
}

fn run(program: &str, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {said}");
}
