//! A disk that is full.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::Value;

#[path = "../stories/portal.rs"]
#[expect(dead_code, reason = "the stories use the rest of it")]
pub mod portal;

use portal::{Demonstration, pdf};

/// A small disk; gone when dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    /// `None` where this user may not mount.
    fn of(folder: std::path::PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]);
        let mounted = mount.arg(&folder).output().ok()?.status.success();
        mounted.then_some(Self(folder))
    }

    fn grow(&self, size: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={size}")]);
        assert!(mount.arg(&self.0).status().unwrap().success());
    }

    /// Bytes in all files.
    fn used(&self) -> u64 {
        let mut left = vec![self.0.clone()];
        let mut used = 0;
        while let Some(folder) = left.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let about = entry.metadata().unwrap();
                if about.is_dir() {
                    left.push(entry.path());
                } else {
                    used += about.len();
                }
            }
        }
        used
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// SUB-2: whoever sends to a full disk is told to come back, nothing half received stays, and it works again once there is room.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_keeps_no_half_of_anything() {
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("documents");
    let Some(disk) = Disk::of(documents, "2m") else {
        eprintln!("skipped: this user may not mount a small disk");
        return;
    };
    let demonstration = Demonstration::start_in(folder);
    let before = disk.used();
    let history = demonstration.history().await.len();
    let large = [("a.pdf", pdf(4_000_000))];
    let answer = demonstration
        .submit("counsel-a", &large, Some("again"))
        .await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["type"], "urn:mondossier:problem:try-again");
    assert_eq!(disk.used(), before, "half a file stays");
    assert_eq!(demonstration.history().await.len(), history);
    let small = [("b.pdf", pdf(10))];
    let taken = demonstration.submit("counsel-a", &small, None).await;
    assert_eq!(
        taken.status(),
        StatusCode::CREATED,
        "there is room for a small one"
    );

    disk.grow("50m");
    let taken = demonstration
        .submit("counsel-a", &large, Some("again"))
        .await;
    assert_eq!(taken.status(), StatusCode::CREATED);
    drop(demonstration);
}
