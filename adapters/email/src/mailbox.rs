//! The demonstration's mailbox: catches notices instead of sending them, one file per notice, so that they survive a restart.

use std::ffi::OsStr;
use std::path::PathBuf;

use application::ports::demonstration::{CaughtMessage, CaughtMessages};
use application::ports::mailer::{MailError, Mailer};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::notice::Notice;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::message::{Letterhead, subject_of};

/// How the file of a notice ends.
const WHOLE: &str = "json";

/// A folder of caught notices.
pub struct Mailbox {
    folder: PathBuf,
    letterhead: Letterhead,
}

#[derive(Serialize, Deserialize)]
struct Caught {
    to: String,
    subject: String,
    body: String,
    sent_at: i64,
}

impl Mailbox {
    /// Catches into that folder, which is made if it is not there.
    ///
    /// # Errors
    /// The file system's own.
    pub async fn open(folder: PathBuf, letterhead: Letterhead) -> std::io::Result<Self> {
        tokio::fs::create_dir_all(&folder).await?;
        Ok(Self { folder, letterhead })
    }

    async fn read(&self) -> std::io::Result<Vec<CaughtMessage>> {
        let mut caught = Vec::new();
        let mut folder = tokio::fs::read_dir(&self.folder).await?;
        while let Some(entry) = folder.next_entry().await? {
            // Half a notice, or whatever else lies there, is none, and hides none of the others.
            let path = entry.path();
            if path.extension() != Some(OsStr::new(WHOLE)) {
                continue;
            }
            let Ok(bytes) = tokio::fs::read(path).await else {
                continue;
            };
            let Ok(one) = serde_json::from_slice::<Caught>(&bytes) else {
                continue;
            };
            let sent_at =
                OffsetDateTime::from_unix_timestamp_nanos(i128::from(one.sent_at) * 1_000)
                    .unwrap_or(OffsetDateTime::UNIX_EPOCH);
            caught.push(CaughtMessage {
                to: one.to,
                subject: one.subject,
                body: one.body,
                sent_at,
            });
        }
        caught.sort_by_key(|message| std::cmp::Reverse(message.sent_at));
        Ok(caught)
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError> {
        let caught = Caught {
            to: notice.to.email.as_str().to_owned(),
            subject: subject_of(notice),
            body: self.letterhead.text(notice),
            sent_at: i64::try_from(now.unix_timestamp_nanos() / 1_000).unwrap_or_default(),
        };
        let later = |error: std::io::Error| MailError::TryLater(Box::new(error));
        let text = serde_json::to_vec(&caught).map_err(|error| later(error.into()))?;
        // The same notice has the same name: sent twice, it is there once. A half-written file is never under that name.
        let half = self.folder.join(format!("{}.half", notice.id));
        tokio::fs::write(&half, text).await.map_err(later)?;
        let whole = self.folder.join(format!("{}.{WHOLE}", notice.id));
        tokio::fs::rename(&half, whole).await.map_err(later)
    }
}

#[async_trait]
impl CaughtMessages for Mailbox {
    async fn all(&self) -> Result<Vec<CaughtMessage>, StorageError> {
        self.read()
            .await
            .map_err(|error| StorageError::Unavailable(Box::new(error)))
    }
}
