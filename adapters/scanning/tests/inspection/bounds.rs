//! Whatever a file holds: the answer comes in bounded time and memory, and the portal lives.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use application::ports::inspector::{InspectError, Inspector};
use domain::document::{FileName, FileProblem};
use proptest::prelude::*;
use scanning::child::{CPU_SECONDS, MEMORY_BYTES};
use scanning::{Inspection, Settings};

use crate::{all, good, inspect_with, made, problem, settings};

/// A small file that unpacks to more than the limit.
#[tokio::test]
async fn a_pdf_that_unpacks_without_end_is_refused() {
    let bomb = made::bomb(80 << 20);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(problem(&bomb, "a.pdf").await, FileProblem::Damaged);
}

/// Nested deeper than any stack.
#[tokio::test]
async fn a_pdf_that_is_nested_without_end_is_refused() {
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let dictionaries = [
        b"<</A ".repeat(100_000),
        b"0".to_vec(),
        b">>".repeat(100_000),
    ]
    .concat();
    for inside in [deep, dictionaries] {
        let catalog = [&b"<< /Type /Catalog /Pages 2 0 R /X "[..], &inside, b">>"].concat();
        assert_eq!(
            problem(&made::handmade_pdf(&[&catalog]), "a.pdf").await,
            FileProblem::Damaged
        );
    }
}

/// Trees of pages that never end, or that show the same page a billion times.
#[tokio::test]
async fn trees_of_pages_that_never_end_are_refused() {
    let catalog = b"<< /Type /Catalog /Pages 2 0 R >>";
    let round = made::handmade_pdf(&[catalog, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]);
    assert_eq!(problem(&round, "a.pdf").await, FileProblem::Damaged);

    let mut levels: Vec<Vec<u8>> = vec![catalog.to_vec()];
    for n in 3..40 {
        let mut kids = String::new();
        for _ in 0..8 {
            write!(kids, "{n} 0 R ").unwrap();
        }
        levels.push(format!("<< /Type /Pages /Kids [{kids}] >>").into_bytes());
    }
    levels.push(b"<< /Type /Page >>".to_vec());
    let levels: Vec<&[u8]> = levels.iter().map(Vec::as_slice).collect();
    let mut settings = settings();
    settings.cpu_seconds = 2;
    let refused = inspect_with(settings, &made::handmade_pdf(&levels), "a.pdf", &all()).await;
    assert!(refused.is_err() || refused.is_ok_and(|found| found.pages < Some(1_000_000)));
}

/// A program in the child's place that does as the shell is told.
fn instead(script: &str) -> Settings {
    let words: [OsString; 3] = ["/bin/sh".into(), "-c".into(), script.into()];
    Settings::new(words.into())
}

async fn answer_of(settings: Settings) -> Result<Option<u32>, InspectError> {
    let answer = inspect_with(settings, &made::pdf(1), "a.pdf", &all()).await;
    answer.map(|found| found.pages)
}

/// The limits fit what the tribunal takes: 200 MB.
#[tokio::test]
async fn a_large_pdf_passes_with_the_usual_limits() {
    assert_eq!(good(&made::large_pdf(200 << 20), "a.pdf").await.1, Some(3));
}

/// And it is gone afterwards: a hundred hostile files do not leave a hundred processes.
#[tokio::test]
async fn a_child_that_never_answers_is_stopped() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut settings = instead(&format!(
        "echo $$ > {}; exec sleep 1000",
        file.path().display()
    ));
    settings.timeout = Duration::from_millis(500);
    let begun = Instant::now();
    let answer = answer_of(settings).await;
    assert!(matches!(answer, Err(InspectError::Unavailable(_))));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let child = std::fs::read_to_string(file.path()).unwrap();
    let status = format!("/proc/{}/stat", child.trim());
    let gone = || std::fs::read_to_string(&status).map_or(true, |status| status.contains(") Z"));
    until(gone);
}

/// Waits until something comes true that nobody tells of.
fn until(so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "never");
        std::thread::yield_now();
    }
}

/// The limits are set before the first byte is read: here the file is a pipe into which nobody writes.
#[test]
fn the_child_limits_itself_before_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect-document"))
        .env(MEMORY_BYTES, "123456789")
        .env(CPU_SECONDS, "7")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut paths = child.stdin.take().unwrap();
    paths.write_all(pipe.as_os_str().as_bytes()).unwrap();
    paths.write_all(&[0]).unwrap();
    let limits = || {
        let text = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    until(|| {
        let limits = limits();
        [
            "Max address space 123456789 123456789",
            "Max cpu time 7 351",
            "Max core file size 0 0",
            "Max file size 0 0",
            "Max open files 8 8",
        ]
        .iter()
        .all(|limit| limits.contains(limit))
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Limits that make no sense are no limits: the child does not begin.
#[test]
fn the_child_does_not_begin_without_sense_in_its_limits() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), made::pdf(1)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_inspect-document"))
        .env(MEMORY_BYTES, "plenty")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut paths = child.stdin.take().unwrap();
    // It may have ended before.
    let _ = paths.write_all(file.path().as_os_str().as_bytes());
    drop(paths);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
}

/// One child opens many files, each with the whole of its time, until one is not good: that one is another child's, and so is the next.
#[tokio::test]
async fn a_child_is_kept_for_as_long_as_its_files_are_good() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    // The true child, which tells that it was started.
    let script = format!(
        "echo x >> {}; exec {}",
        started.display(),
        env!("CARGO_BIN_EXE_inspect-document")
    );
    let inspection = Inspection::new(instead(&script));
    let look = async |bytes: Vec<u8>| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let name = FileName::from_sender("a.pdf");
        let found = inspection.inspect(file.path(), &name, &all()).await;
        found.map(|found| found.pages)
    };
    let started = || std::fs::read_to_string(&started).unwrap().lines().count();
    for pages in 1..=5 {
        assert_eq!(look(made::pdf(pages)).await.unwrap(), Some(pages));
    }
    assert_eq!(started(), 1);
    // The older child finds it damaged, and a new one says so.
    let damaged = made::handmade_pdf(&[b"<< /Type /Catalog /Pages 2 0 R >>"]);
    let refused = look(damaged).await;
    assert!(matches!(
        refused,
        Err(InspectError::Problem(FileProblem::Damaged))
    ));
    assert_eq!(started(), 2);
    assert_eq!(look(made::pdf(2)).await.unwrap(), Some(2));
    assert_eq!(started(), 3);
    // After fifty, another takes its place.
    for _ in 0..50 {
        assert_eq!(look(made::pdf(1)).await.unwrap(), Some(1));
    }
    assert_eq!(started(), 4);
}

/// A child that ended while nobody asked it is nobody's fault.
#[tokio::test]
async fn a_child_that_ended_while_it_waited_is_replaced() {
    let inspection = Inspection::new(instead("echo '{\"pages\":1}'"));
    for _ in 0..3 {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), made::pdf(1)).unwrap();
        let name = FileName::from_sender("a.pdf");
        let found = inspection.inspect(file.path(), &name, &all()).await;
        assert_eq!(found.unwrap().pages, Some(1));
    }
}

#[tokio::test]
async fn a_child_that_never_stops_talking_is_not_listened_to() {
    let answer = answer_of(instead("exec cat /dev/zero")).await;
    assert!(matches!(answer, Err(InspectError::Unavailable(_))));
}

/// How the child ended says whether the file is to blame. Being killed from outside says nothing about it.
#[tokio::test]
async fn a_child_brought_down_by_the_file_is_told_apart_from_one_that_does_not_work() {
    for signal in ["ABRT", "SEGV", "XCPU"] {
        let answer = answer_of(instead(&format!("ulimit -c 0; kill -{signal} $$"))).await;
        let damaged = matches!(answer, Err(InspectError::Problem(FileProblem::Damaged)));
        assert!(damaged, "{signal}: {answer:?}");
    }
    for script in [
        "kill -KILL $$",
        "exit 2",
        "exit 0",
        "echo nonsense",
        "echo '{\"pages\":-1}'",
        "echo '{\"problem\":\"damaged\"}'; exit 1",
    ] {
        let answer = answer_of(instead(script)).await;
        assert!(
            matches!(answer, Err(InspectError::Unavailable(_))),
            "{script}: {answer:?}"
        );
    }
    let none = Settings::new(Vec::new());
    assert!(matches!(
        answer_of(none).await,
        Err(InspectError::Unavailable(_))
    ));
    let missing = Settings::new(vec!["/nowhere/inspect".into()]);
    assert!(matches!(
        answer_of(missing).await,
        Err(InspectError::Unavailable(_))
    ));
}

/// The limits are the child's own, and really set: what does not fit brings it down, and only it.
#[tokio::test]
async fn the_child_is_brought_down_by_its_limits() {
    let mut little = settings();
    little.memory_bytes = 64 << 20;
    let large = inspect_with(little, &made::large_pdf(80 << 20), "a.pdf", &all()).await;
    assert!(large.is_err());
}

/// Secrets of the portal's environment are none of the child's business.
#[tokio::test]
async fn the_child_gets_nothing_of_the_environment_but_what_it_is_told() {
    let script =
        "test \"$(env | grep -vc -e ^PWD= -e ^_= -e ^SHLVL=)\" = 3 && echo '{\"pages\":4}'";
    assert_eq!(answer_of(instead(script)).await.unwrap(), Some(4));
}

/// Two at a time; a third waits for its turn, but not for ever.
#[tokio::test]
async fn only_a_few_are_opened_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().display();
    // Says how many were open at its time, itself included.
    let script = format!(
        "mkdir {open}/$$; sleep 0.1; set -- {open}/*; rmdir {open}/$$; echo \"{{\\\"pages\\\":$#}}\""
    );
    let inspection = Arc::new(Inspection::new(instead(&script)));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let inspection = inspection.clone();
            tokio::spawn(async move {
                let file = tempfile::NamedTempFile::new().unwrap();
                std::fs::write(file.path(), made::pdf(1)).unwrap();
                let name = FileName::from_sender("a.pdf");
                inspection.inspect(file.path(), &name, &all()).await
            })
        })
        .collect();
    let mut most = 0;
    for task in tasks {
        most = most.max(task.await.unwrap().unwrap().pages.unwrap());
    }
    assert_eq!(most, 2);

    let mut none = settings();
    none.at_once = 0;
    none.waiting = Duration::from_millis(50);
    assert!(matches!(
        answer_of(none).await,
        Err(InspectError::Unavailable(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes changed, lost and doubled anywhere: an answer, in time.
    #[test]
    fn a_pdf_changed_at_random_gets_an_answer(
        modern in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..20),
    ) {
        let mut bytes = if modern { made::modern_pdf(5) } else { made::pdf(5) };
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 | 1 => bytes[at] = byte,
                2 => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        let mut settings = settings();
        settings.timeout = Duration::from_secs(20);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        match runtime.block_on(inspect_with(settings, &bytes, "a.pdf", &all())) {
            Ok(found) => prop_assert!(found.pages.is_some_and(|pages| pages > 0)),
            Err(InspectError::Problem(_)) => {}
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
