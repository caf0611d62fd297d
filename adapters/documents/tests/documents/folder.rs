//! What is true of the local folder beyond the port's promises.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use application::ports::documents::{ByteStream, Documents, DocumentsError};
use bytes::Bytes;
use documents::SealedDocuments;
use domain::document::DocumentId;
use futures_util::{StreamExt, stream};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::support::{Counting, keys, open};

const ID: DocumentId = DocumentId::new(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));

async fn folder() -> (TempDir, SealedDocuments) {
    let folder = tempfile::tempdir().unwrap();
    let documents = open(folder.path().to_owned(), None, keys(1, &[])).await;
    (folder, documents)
}

fn once(bytes: &'static [u8]) -> ByteStream<'static> {
    Box::pin(stream::iter([Ok(Bytes::from_static(bytes))]))
}

/// Every file under a folder, by its path from there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn date(path: &Path, at: OffsetDateTime) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::from(at)).unwrap();
}

/// Ids of one year begin alike; folders are told apart by their end.
#[tokio::test]
async fn kept_documents_are_spread_by_the_end_of_their_id() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    documents.keep(ID).await.unwrap();
    let place = format!("kept/ab/{ID}");
    assert_eq!(files(folder.path()), [PathBuf::from(place)]);
}

/// Other users of the machine have no business with evidence.
#[tokio::test]
async fn only_the_programs_user_may_read() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    documents.keep(ID).await.unwrap();
    for path in ["quarantine", "kept", "kept/ab", &format!("kept/ab/{ID}")] {
        let mode = fs::metadata(folder.path().join(path)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o077, 0, "{path}");
    }
}

/// SUB-2: a `keep` that was cut off before quarantine was emptied, or in the middle of writing, is finished by the next one.
#[tokio::test]
async fn a_keep_that_was_cut_off_is_finished_by_the_next() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    let quarantined = documents.quarantined(ID).await.unwrap();
    documents.keep(ID).await.unwrap();
    fs::write(&quarantined, b"x").unwrap();
    fs::write(folder.path().join(format!("arriving/{ID}.abc")), b"hal").unwrap();
    documents.keep(ID).await.unwrap();
    assert!(!quarantined.exists());
    assert!(documents.open(ID).await.is_ok());
    documents.discard(ID).await.unwrap();
    assert!(files(folder.path()).is_empty());
}

/// what was sealed of a document and never kept is gone soon after nobody holds it any more, though nobody discards it.
#[tokio::test]
async fn what_was_prepared_goes_with_whoever_prepared_it() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    let prepared = documents.prepare(ID).await.unwrap();
    assert_eq!(files(folder.path()).len(), 2);
    drop(prepared);
    for patience in 0_u64..50 {
        let patience = Duration::from_micros(patience * 20);
        // One that is dropped while it is sealed.
        drop(tokio::time::timeout(patience, documents.prepare(ID)).await);
    }
    let quarantined = [PathBuf::from(format!("quarantine/{ID}"))];
    for _ in 0..100_000 {
        if files(folder.path()) == quarantined {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(files(folder.path()), quarantined);
}

/// However many are looked into at once, a few are sealed before that is done, and the others after it; all of them are kept.
#[tokio::test]
async fn only_a_few_are_sealed_before_they_are_found_good() {
    let (folder, documents) = folder().await;
    let mut prepared = Vec::new();
    for n in 1..=20 {
        let id = DocumentId::new(Uuid::from_u128(n));
        let waiting = documents.receive(id, once(b"x"), 10).await.unwrap();
        prepared.push((waiting, documents.prepare(id).await.unwrap()));
    }
    let arriving = || files(&folder.path().join("arriving")).len();
    assert_eq!(arriving(), 8);
    for (_waiting, one) in prepared {
        let kept = one.keep().await.unwrap();
        assert!(documents.open(kept.id).await.is_ok());
    }
    assert_eq!(arriving(), 0);
}

/// What a crash left half is not there under its id, but is found by its age and can be discarded.
#[tokio::test]
async fn what_a_crash_left_half_is_only_found_by_its_age() {
    let (folder, documents) = folder().await;
    for half in ["quarantine/ID.part", "arriving/ID.Xy12"] {
        let half = half.replace("ID", &ID.to_string());
        fs::write(folder.path().join(half), b"half of wh").unwrap();
    }
    assert!(matches!(
        documents.quarantined(ID).await,
        Err(DocumentsError::Missing)
    ));
    assert!(matches!(
        documents.keep(ID).await,
        Err(DocumentsError::Missing)
    ));
    let old = documents.written_before(
        datetime!(9000-01-01 0:00 UTC),
        domain::id::Id::new(uuid::Uuid::nil()),
        9,
    );
    assert_eq!(old.await.unwrap(), [ID]);
    documents.discard(ID).await.unwrap();
    assert!(files(folder.path()).is_empty());
}

/// What whoever died left in quarantine is swept from there by its age, whole or half; what is younger, what is kept, and what is none of ours
/// stays.
#[tokio::test]
async fn what_lies_in_quarantine_for_too_long_is_swept() {
    let (folder, documents) = folder().await;
    let young = DocumentId::new(Uuid::from_u128(2));
    let kept = DocumentId::new(Uuid::from_u128(3));
    let _young = documents.receive(young, once(b"x"), 10).await.unwrap();
    let _kept = documents.receive(kept, once(b"x"), 10).await.unwrap();
    documents.keep(kept).await.unwrap();
    let quarantine = folder.path().join("quarantine");
    let others = quarantine.join("notes.txt");
    for old in [
        &quarantine.join(ID.to_string()),
        &quarantine.join(format!("{kept}.part")),
        &others,
        &folder.path().join(format!("kept/03/{kept}")),
    ] {
        if !old.exists() {
            fs::write(old, b"x").unwrap();
        }
        date(old, datetime!(2026-01-01 0:00 UTC));
    }
    let age = time::Duration::HOUR;
    assert_eq!(documents.sweep(age).await.unwrap(), 2);
    assert_eq!(documents.sweep(age).await.unwrap(), 0);
    assert!(documents.quarantined(young).await.is_ok());
    assert!(documents.open(kept).await.is_ok());
    assert!(others.exists());
    let nothing = time::Duration::ZERO;
    assert_eq!(documents.sweep(nothing).await.unwrap(), 1);
    assert!(documents.quarantined(young).await.is_err());
}

/// The age is that of the bytes, and the border belongs to the young.
#[tokio::test]
async fn documents_are_old_by_when_their_bytes_were_written() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    let written = datetime!(2026-11-23 12:00:00.5 UTC);
    documents.keep(ID).await.unwrap();
    date(&folder.path().join(format!("kept/ab/{ID}")), written);
    for (at, found) in [(written, 0), (written + time::Duration::MILLISECOND, 1)] {
        assert_eq!(
            documents
                .written_before(at, domain::id::Id::new(uuid::Uuid::nil()), 9)
                .await
                .unwrap()
                .len(),
            found
        );
    }
}

/// Files that others put there are neither found nor in the way.
#[tokio::test]
async fn files_of_others_are_none_of_ours() {
    let (folder, documents) = folder().await;
    for stray in ["quarantine/notes.txt", "quarantine/.DS_Store", "kept/x"] {
        let stray = folder.path().join(stray);
        if stray.ends_with("x") {
            fs::create_dir(stray).unwrap();
        } else {
            fs::write(stray, b"").unwrap();
        }
    }
    let old = documents.written_before(
        datetime!(9000-01-01 0:00 UTC),
        domain::id::Id::new(uuid::Uuid::nil()),
        9,
    );
    assert!(old.await.unwrap().is_empty());
}

/// What was kept, and what waits, is never overwritten.
#[tokio::test]
async fn an_id_that_is_taken_gets_no_other_bytes() {
    let (folder, documents) = folder().await;
    let _waiting = documents.receive(ID, once(b"first"), 10).await.unwrap();
    for _ in 0..2 {
        let second = documents.receive(ID, once(b"second"), 10).await;
        assert!(matches!(second, Err(DocumentsError::Unavailable(_))));
        documents.keep(ID).await.unwrap();
    }
    let mut kept = documents.open(ID).await.unwrap();
    assert_eq!(kept.next().await.unwrap().unwrap(), b"first"[..]);
    assert_eq!(files(folder.path()).len(), 1);
}

/// A large document is taken and given in small pieces.
#[tokio::test]
async fn a_large_document_is_given_out_in_small_pieces() {
    let (_folder, documents) = folder().await;
    let piece = Bytes::from(vec![42; 300_000]);
    let pieces = stream::iter((0..40).map(|_| Ok(piece.clone())));
    let received = documents.receive(ID, Box::pin(pieces), 1 << 30);
    let (received, _waiting) = received.await.unwrap();
    assert_eq!(received.size, 12_000_000);
    documents.keep(ID).await.unwrap();
    let mut given = documents.open(ID).await.unwrap();
    let mut size = 0;
    while let Some(piece) = given.next().await {
        let piece = piece.unwrap();
        assert!(piece.len() <= 64 * 1024);
        size += piece.len();
    }
    assert_eq!(size, 12_000_000);
}

/// a store that is gone is not a document that is missing.
#[tokio::test]
async fn a_folder_that_is_gone_is_an_outage() {
    let (folder, documents) = folder().await;
    fs::remove_dir_all(folder.path()).unwrap();
    let outage = |error| matches!(error, DocumentsError::Unavailable(_));
    let received = documents.receive(ID, once(b"x"), 10).await;
    assert!(outage(received.err().unwrap()));
    assert!(outage(documents.quarantined(ID).await.unwrap_err()));
    assert!(outage(documents.keep(ID).await.unwrap_err()));
    assert!(outage(documents.open(ID).await.err().unwrap()));
    let old = documents.written_before(
        datetime!(9000-01-01 0:00 UTC),
        domain::id::Id::new(uuid::Uuid::nil()),
        9,
    );
    assert!(outage(old.await.unwrap_err()));
}

/// A folder that cannot be made is said at the start.
#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_outage() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let settings = documents::Settings {
        folder: file.path().join("documents"),
        bucket: None,
        keys: keys(1, &[]),
    };
    let opened = SealedDocuments::open(settings, Arc::<Counting>::default()).await;
    assert!(matches!(opened, Err(DocumentsError::Unavailable(_))));
}

/// a full disk is an outage, and nothing is left on it. `SMALL_DISK` names a folder on a disk of less than 16 MB.
#[tokio::test]
#[ignore = "needs a small disk: mount -t tmpfs -o size=4m tmpfs DIR; SMALL_DISK=DIR"]
async fn a_full_disk_is_an_outage_and_leaves_nothing() {
    let folder = PathBuf::from(std::env::var_os("SMALL_DISK").unwrap());
    let documents = open(folder.clone(), None, keys(1, &[])).await;
    let piece = Bytes::from(vec![42; 1 << 20]);
    let pieces = stream::iter((0..16).map(|_| Ok::<_, io::Error>(piece.clone())));
    let received = documents.receive(ID, Box::pin(pieces), 1 << 30).await;
    assert!(matches!(received, Err(DocumentsError::Unavailable(_))));
    assert!(files(&folder).is_empty());
    let _waiting = documents.receive(ID, once(b"x"), 10).await.unwrap();
    documents.keep(ID).await.unwrap();
}

/// A request that is dropped while the disk is at work leaves nothing behind, wherever that was.
#[tokio::test]
async fn a_request_that_is_dropped_leaves_nothing() {
    let (folder, documents) = folder().await;
    for n in 0..60 {
        let piece = Bytes::from(vec![42; 70_000]);
        let pieces = stream::iter((0..5).map(|_| Ok(piece.clone())));
        let receiving = documents.receive(ID, Box::pin(pieces), 1 << 30);
        let patience = Duration::from_micros(n * 20);
        // Whether it came whole or not, nobody holds it any more.
        drop(tokio::time::timeout(patience, receiving).await);
        for _ in 0..100_000 {
            if files(folder.path()).is_empty() {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert!(files(folder.path()).is_empty(), "after {patience:?}");
    }
}
