//! Jobs by hand, as of another instant.

use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Site, sqlite};

const LATER: &str = "2199-01-01T00:00:00Z";

/// PRIV-1: on a real installation nothing goes before its time because somebody mistyped a year; looking ahead is free.
#[test]
fn what_is_removed_for_good_is_not_removed_before_its_time() {
    let folder = TempDir::new().unwrap();
    let site = Site::new(sqlite(folder.path()), folder);
    for job in ["purge", "tidy-documents", "all"] {
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
