//! A peer that is no good scanner: whatever it does, nothing passes, and nothing waits without end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use application::ports::virus_scanner::{NotWorking, ScanError, VirusScanner};
use scanning::{Clamd, ClamdAddress, ClamdSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

const FOUND: &[u8] = b"stream: Eicar FOUND\0";

/// What the peer does with one connection.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// Hears everything and says that.
    Says(&'static [u8]),
    /// Says that without having heard the end, and closes.
    SaysAtOnce(&'static [u8]),
    /// Hears everything, says that, and keeps the connection open.
    SaysAndStays(&'static [u8]),
    /// Closes before it has heard the command.
    ClosesAtOnce,
    /// Hears everything and closes without a word.
    ClosesAtTheEnd,
    /// Hears everything and never says anything.
    Hangs,
    /// Never reads.
    Deaf,
}

/// Examined well (harmless, virus, virus too deep, virus in a large archive), then that with the file, and that with everything later.
fn peer(folder: &Path, file: Does, later: Does) {
    let listener = UnixListener::bind(folder.join("clamd.sock")).unwrap();
    tokio::spawn(async move {
        let good = [
            Does::Says(b"stream: OK\0"),
            Does::Says(FOUND),
            Does::Says(FOUND),
            Does::Says(FOUND),
            file,
        ];
        for does in good.into_iter().chain(std::iter::repeat(later)) {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, does));
        }
    });
}

async fn serve(mut stream: UnixStream, does: Does) {
    match does {
        Does::Says(answer) => {
            hear(&mut stream).await;
            let _ = stream.write_all(answer).await;
        }
        Does::SaysAtOnce(answer) => {
            let mut command = [0; 10];
            let _ = stream.read_exact(&mut command).await;
            let _ = stream.write_all(answer).await;
            // Closing would take the answer away with what was not heard.
            let stream = stream.into_std().unwrap();
            stream.shutdown(std::net::Shutdown::Both).unwrap();
            std::future::pending::<()>().await;
        }
        Does::SaysAndStays(answer) => {
            hear(&mut stream).await;
            let _ = stream.write_all(answer).await;
            std::future::pending::<()>().await;
        }
        Does::ClosesAtOnce => {}
        Does::ClosesAtTheEnd => hear(&mut stream).await,
        Does::Hangs => {
            hear(&mut stream).await;
            std::future::pending::<()>().await;
        }
        Does::Deaf => std::future::pending::<()>().await,
    }
}

/// Reads a command and its pieces to the empty one.
async fn hear(stream: &mut UnixStream) {
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        command.push(stream.read_u8().await.unwrap());
    }
    assert_eq!(command, b"zINSTREAM\0");
    loop {
        let length = stream.read_u32().await.unwrap();
        if length == 0 {
            return;
        }
        let mut piece = vec![0; length as usize];
        stream.read_exact(&mut piece).await.unwrap();
    }
}

/// What comes of a file with which a peer does that, and which is good otherwise.
async fn scanned_by(does: Does) -> Result<(), ScanError> {
    scanned(does, Does::Says(FOUND)).await
}

async fn scanned(file: Does, later: Does) -> Result<(), ScanError> {
    let folder = tempfile::tempdir().unwrap();
    peer(folder.path(), file, later);
    let clamd = Clamd::new(ClamdSettings {
        address: ClamdAddress::Unix(folder.path().join("clamd.sock")),
        timeout: Duration::from_secs(1),
        patience: Duration::ZERO,
        largest: 100_000,
    });
    let file = folder.path().join("document");
    // More than a socket holds by itself.
    std::fs::write(&file, vec![0; 2_000_000]).unwrap();
    clamd.scan(&file).await
}

/// SUB-1: anything but the exact words for "nothing found" is not clean.
#[tokio::test]
async fn no_other_answer_lets_a_file_pass() {
    for said in [
        b"stream: OK".as_slice(),
        b"stream: OK\n",
        b"stream: OK \0",
        b"stream: OK\0 and more",
        b"stream: OK\0stream: OK\0",
        b"OK\0",
        b"stream: ok\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\x00\xff\xfe garbage",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let answer = scanned_by(Does::Says(said)).await;
        assert!(
            matches!(
                answer,
                Err(ScanError::NotWorking(NotWorking::NotReliable(_)))
            ),
            "{said:?}: {answer:?}"
        );
    }
    let found = scanned_by(Does::Says(FOUND)).await;
    assert!(
        matches!(found, Err(ScanError::Infected { .. })),
        "{found:?}"
    );
}

/// What a scanner says before it has heard the end is no verdict on the file.
#[tokio::test]
async fn no_answer_before_the_end_lets_a_file_pass() {
    for said in [
        b"stream: OK\0".as_slice(),
        b"INSTREAM size limit exceeded. ERROR\0",
        b"",
    ] {
        let answer = scanned_by(Does::SaysAtOnce(said)).await;
        assert!(
            matches!(answer, Err(ScanError::NotWorking(_))),
            "{said:?}: {answer:?}"
        );
    }
}

/// A scanner that breaks off, hangs or does not hang up does not hold a file for ever.
#[tokio::test]
async fn a_scanner_that_breaks_off_or_hangs_is_away() {
    for does in [
        Does::ClosesAtOnce,
        Does::ClosesAtTheEnd,
        Does::Hangs,
        Does::Deaf,
        Does::SaysAndStays(b"stream: OK\0"),
    ] {
        let answer = scanned_by(does).await;
        assert!(
            matches!(answer, Err(ScanError::NotWorking(NotWorking::Away(_)))),
            "{does:?}: {answer:?}"
        );
    }
}

/// A peer that says `OK` to everything, also to the test virus after the file, has not found anything out.
#[tokio::test]
async fn an_ok_from_a_scanner_that_no_longer_finds_the_test_virus_does_not_let_a_file_pass() {
    let clean = Does::Says(b"stream: OK\0");
    scanned(clean, Does::Says(FOUND)).await.unwrap();
    let answer = scanned(clean, clean).await;
    assert!(
        matches!(
            answer,
            Err(ScanError::NotWorking(NotWorking::NotReliable(_)))
        ),
        "{answer:?}"
    );
}

/// A scanner that alarms at everything is of no use either: no virus is laid at anybody's door.
#[tokio::test]
async fn a_scanner_that_finds_something_in_everything_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("clamd.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Does::Says(FOUND)));
        }
    });
    let clamd = Clamd::new(ClamdSettings {
        address: ClamdAddress::Unix(socket),
        timeout: Duration::from_secs(1),
        patience: Duration::ZERO,
        largest: 100_000,
    });
    assert!(matches!(
        clamd.ready().await,
        Err(NotWorking::NotReliable(_))
    ));
}

/// A scanner that failed its examination is not sent the large archive again at every question.
#[tokio::test]
async fn a_scanner_that_failed_is_left_alone_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("clamd.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let heard = Arc::new(AtomicUsize::new(0));
    let counter = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, Does::Says(b"stream: OK\0")));
        }
    });
    let clamd = Clamd::new(ClamdSettings {
        address: ClamdAddress::Unix(socket),
        timeout: Duration::from_secs(1),
        patience: Duration::ZERO,
        largest: 100_000,
    });
    for _ in 0..5 {
        assert!(matches!(
            clamd.ready().await,
            Err(NotWorking::NotReliable(_))
        ));
    }
    assert_eq!(heard.load(Ordering::SeqCst), 2, "harmless and virus, once");
}
