//! The demonstration's mailbox, which catches notices instead of sending them.

use std::path::Path;
use std::sync::Arc;

use application::ports::demonstration::{CaughtMessage, CaughtMessages};
use application::ports::mailer::{MailError, Mailer};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use caught::CaughtInFolder;
use contract::mailers::every_notice;
use contract::samples::NOW;
use domain::notice::Notice;
use domain::person::Language;
use email::Mailbox;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

use crate::letterhead::letterhead;

/// A mailbox whose box can be looked into.
pub struct Watched {
    mailbox: Mailbox,
    caught: Arc<CaughtInFolder>,
}

impl Watched {
    pub async fn all(&self) -> Result<Vec<CaughtMessage>, StorageError> {
        self.caught.all().await
    }
}

#[async_trait]
impl Mailer for Watched {
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError> {
        self.mailbox.send(notice, now).await
    }
}

/// The mailbox in that folder.
pub async fn mailbox(folder: &Path) -> Watched {
    let caught = Arc::new(CaughtInFolder::open(folder.to_owned()).await.unwrap());
    Watched {
        mailbox: Mailbox::new(caught.clone(), letterhead()),
        caught,
    }
}

async fn caught_in(folder: &Path) -> Vec<CaughtMessage> {
    mailbox(folder).await.all().await.unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What was caught is there after a restart, the newest first, dated to the microsecond by the demonstration's clock.
#[tokio::test]
async fn caught_notices_survive_a_restart() {
    let folder = TempDir::new().unwrap();
    let notices = every_notice(1, Language::English);
    let before = mailbox(folder.path()).await;
    let tries: Vec<_> = notices
        .iter()
        .zip((0..).map(|minutes| NOW + Duration::minutes(minutes)))
        .collect();
    for (notice, now) in &tries {
        before.send(notice, *now).await.unwrap();
    }
    let seen = before.all().await.unwrap();
    drop(before);
    let after = caught_in(folder.path()).await;
    assert_eq!(after, seen);
    let expected: Vec<_> = tries
        .iter()
        .rev()
        .map(|(notice, now)| (notice.to.email.as_str(), *now))
        .collect();
    let found: Vec<_> = after
        .iter()
        .map(|message| (message.to.as_str(), message.sent_at))
        .collect();
    assert_eq!(found, expected);
}

/// MAIL-3: a notice that is tried twice is there once, as it was tried last.
#[tokio::test]
async fn a_notice_that_is_tried_twice_is_there_once() {
    let folder = TempDir::new().unwrap();
    let notice = every_notice(1, Language::French).remove(0);
    for now in [NOW, NOW + Duration::hours(1)] {
        mailbox(folder.path())
            .await
            .send(&notice, now)
            .await
            .unwrap();
    }
    let caught = caught_in(folder.path()).await;
    assert_eq!(caught.len(), 1);
    assert_eq!(caught[0].sent_at, NOW + Duration::hours(1));
    assert_eq!(names_in(folder.path()), [format!("{}.json", notice.id)]);
}

/// A file of the mailbox is for people to read too: four fields, the date in microseconds since 1970.
#[tokio::test]
async fn a_caught_notice_is_a_file_with_four_fields() {
    let folder = TempDir::new().unwrap();
    let notice = every_notice(1, Language::French).remove(0);
    mailbox(folder.path())
        .await
        .send(&notice, NOW)
        .await
        .unwrap();
    let file = folder.path().join(format!("{}.json", notice.id));
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let caught = caught_in(folder.path()).await.remove(0);
    let expected = serde_json::json!({
        "to": notice.to.email.as_str(),
        "subject": caught.subject,
        "body": caught.body,
        "sent_at": NOW.unix_timestamp_nanos() / 1_000,
    });
    assert_eq!(kept, expected);
}

/// What else lies in the folder (half a notice from a crash, an editor's copy, a folder, a link to nowhere) is skipped, and loses
/// none of the rest.
#[tokio::test]
async fn what_is_no_notice_is_skipped() {
    let folder = TempDir::new().unwrap();
    let notice = every_notice(1, Language::French).remove(0);
    let mailbox = mailbox(folder.path()).await;
    mailbox.send(&notice, NOW).await.unwrap();
    let put =
        |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    let whole = std::fs::read(folder.path().join(format!("{}.json", notice.id))).unwrap();
    put("empty.json", b"");
    put("half.json", &whole[..whole.len() / 2]);
    put("other.json", br#"{"to": "nobody"}"#);
    put("bytes.json", &[0xff, 0xfe, 0x00]);
    put("notes.txt", b"not a notice");
    put("00000000-0000-0000-0000-000000000009.half", &whole);
    std::fs::create_dir(folder.path().join("folder.json")).unwrap();
    std::os::unix::fs::symlink("/nowhere", folder.path().join("nowhere.json")).unwrap();
    let caught = mailbox.all().await.unwrap();
    assert_eq!(caught.len(), 1, "{caught:?}");
}

/// Where the folder cannot be written to, the notice waits.
#[tokio::test]
async fn a_folder_that_is_gone_is_a_delay() {
    let folder = TempDir::new().unwrap();
    let mailbox = mailbox(folder.path()).await;
    drop(folder);
    let notice = every_notice(1, Language::French).remove(0);
    let tried = mailbox.send(&notice, NOW).await;
    assert!(matches!(tried, Err(MailError::TryLater(_))), "{tried:?}");
}
