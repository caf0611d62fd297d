//! What a real clamd finds, what it does not see, and what becomes of files while it is away.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use application::ports::virus_scanner::{NotWorking, ScanError, VirusScanner};
use scanning::{Clamd, ClamdAddress, ClamdSettings};
use tempfile::TempDir;

use crate::daemon::{Daemon, Signatures, eicar};

const LARGEST: u64 = 4_000_000;

fn settings(folder: &Path) -> ClamdSettings {
    ClamdSettings {
        address: ClamdAddress::Unix(folder.join("clamd.sock")),
        timeout: Duration::from_secs(20),
        patience: Duration::ZERO,
        largest: LARGEST,
    }
}

fn file(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("document");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Everything that is behind an error, in one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(because) = cause {
        line = format!("{line}: {because}");
        cause = because.source();
    }
    line
}

#[track_caller]
fn not_reliable(answer: Result<(), NotWorking>, because: &str) {
    match answer {
        Err(error @ NotWorking::NotReliable(_)) => {
            let told = told(&error);
            assert!(told.contains(because), "{told}");
        }
        other => panic!("{other:?}"),
    }
}

/// SUB-1: the virus is found alone and inside, what is harmless passes.
#[tokio::test]
async fn a_virus_is_found_and_what_is_harmless_passes() {
    let folder = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start(folder.path());
    let clamd = Clamd::new(settings(folder.path()));
    clamd.ready().await.unwrap();
    for bytes in [
        eicar(),
        [b"%PDF-1.4\n".as_slice(), &eicar(), b"\n%%EOF"].concat(),
        [vec![b' '; 3_000_000], eicar()].concat(),
    ] {
        match clamd.scan(&file(&folder, &bytes)).await {
            Err(ScanError::Infected { signature }) => {
                assert!(signature.starts_with("Test-Signature"), "{signature}");
            }
            other => panic!("{other:?}"),
        }
    }
    let largest = vec![0; 4_000_000];
    for bytes in [b"".as_slice(), b"%PDF-1.4\n", &largest] {
        clamd.scan(&file(&folder, bytes)).await.unwrap();
    }
}

/// SUB-1: what clamd has not seen whole does not pass, and is not called infected either.
#[tokio::test]
async fn what_cannot_be_seen_whole_is_not_called_clean_and_not_called_infected() {
    let folder = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start_with(folder.path(), Signatures::Anywhere, "MaxFileSize 5M");
    let clamd = Clamd::new(settings(folder.path()));
    let answer = clamd.scan(&file(&folder, &vec![0; 6_000_000])).await;
    assert!(
        matches!(answer, Err(ScanError::NotScannable { .. })),
        "{answer:?}"
    );
}

/// The canary: a scanner without the signature says `OK` to everything, and is not believed.
#[tokio::test]
async fn a_scanner_that_misses_the_test_virus_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start_with(folder.path(), Signatures::Other, "");
    let clamd = Clamd::new(settings(folder.path()));
    not_reliable(clamd.ready().await, "does not find the EICAR test virus:");
    let answer = clamd.scan(&file(&folder, b"harmless")).await;
    assert!(matches!(
        answer,
        Err(ScanError::NotWorking(NotWorking::NotReliable(_)))
    ));
}

/// Clamd says `OK` to what is above its limits. The canary is as large as the largest file, and shows it.
#[tokio::test]
async fn a_scanner_with_limits_below_the_portals_is_not_believed() {
    for limits in ["MaxFileSize 3M", "StreamMaxLength 3M"] {
        let folder = tempfile::tempdir().unwrap();
        let _daemon = Daemon::start_with(folder.path(), Signatures::Alone, limits);
        let clamd = Clamd::new(settings(folder.path()));
        not_reliable(
            clamd.ready().await,
            "at the end of an archive of 4000000 bytes",
        );
        let smaller = Clamd::new(ClamdSettings {
            largest: 1_000_000,
            ..settings(folder.path())
        });
        smaller.ready().await.unwrap();
    }
}

/// Clamd says `OK` to what it gave up on, unless it is told to alarm. The canary shows that too.
#[tokio::test]
async fn a_scanner_that_keeps_silent_about_its_limits_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let _daemon = Daemon::start_with(folder.path(), Signatures::Alone, "AlertExceedsMax no");
    let clamd = Clamd::new(settings(folder.path()));
    not_reliable(clamd.ready().await, "set its AlertExceedsMax to yes");
}

/// While it is away nothing passes; when it is back, files pass again without anything else being started.
#[tokio::test]
async fn nothing_passes_while_the_scanner_is_away_and_files_pass_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let clamd = Clamd::new(settings(folder.path()));
    let harmless = file(&folder, b"harmless");
    for round in 0..2 {
        assert!(
            matches!(clamd.ready().await, Err(NotWorking::Away(_))),
            "{round}"
        );
        let answer = clamd.scan(&harmless).await;
        assert!(matches!(
            answer,
            Err(ScanError::NotWorking(NotWorking::Away(_)))
        ));
        let mut daemon = Daemon::start(folder.path());
        clamd.scan(&harmless).await.unwrap();
        clamd.ready().await.unwrap();
        daemon.stop();
    }
}

/// A scanner that was started again while nobody asked it anything, and has lost its signatures, is found out at the next file.
#[tokio::test]
async fn a_scanner_that_comes_back_without_its_signatures_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let clamd = Clamd::new(settings(folder.path()));
    let harmless = file(&folder, b"harmless");
    let mut daemon = Daemon::start(folder.path());
    clamd.scan(&harmless).await.unwrap();
    daemon.stop();
    let _blind = Daemon::start_with(folder.path(), Signatures::Other, "");
    let answer = clamd.scan(&harmless).await;
    assert!(matches!(
        answer,
        Err(ScanError::NotWorking(NotWorking::NotReliable(_)))
    ));
}

/// `when_down = "wait"`: a file waits until the scanner is back, but no longer than it is told to.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_waits_for_a_scanner_that_is_away_if_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let waiting = |seconds| {
        Clamd::new(ClamdSettings {
            patience: Duration::from_secs(seconds),
            ..settings(folder.path())
        })
    };
    let harmless = file(&folder, b"harmless");
    let began = Instant::now();
    let answer = waiting(1).scan(&harmless).await;
    assert!(matches!(
        answer,
        Err(ScanError::NotWorking(NotWorking::Away(_)))
    ));
    assert!((Duration::from_millis(500)..Duration::from_secs(5)).contains(&began.elapsed()));
    let clamd = waiting(60);
    let scanned = tokio::spawn(async move { clamd.scan(&harmless).await });
    let folder_of_daemon = folder.path().to_owned();
    let _daemon = tokio::task::spawn_blocking(move || Daemon::start(&folder_of_daemon))
        .await
        .unwrap();
    scanned.await.unwrap().unwrap();
}
