//! The demonstration's boxes: a folder with a file per message that was caught instead of sent, so that they survive a restart.

use std::path::PathBuf;

use application::ports::demonstration::{CaughtMessage, CaughtMessages};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// A folder of caught messages.
#[derive(Debug)]
pub struct CaughtInFolder {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    to: String,
    subject: String,
    body: String,
    /// Microseconds since 1970.
    sent_at: i64,
}

impl CaughtInFolder {
    /// Catches into that folder, which is made if it is not there.
    ///
    /// # Errors
    /// The file system's own.
    pub async fn open(folder: PathBuf) -> std::io::Result<Self> {
        tokio::fs::create_dir_all(&folder).await?;
        Ok(Self { folder })
    }

    async fn read(&self) -> std::io::Result<Vec<CaughtMessage>> {
        let mut caught = Vec::new();
        let mut folder = tokio::fs::read_dir(&self.folder).await?;
        while let Some(entry) = folder.next_entry().await? {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            // A folder, a link to nowhere, half a message, or a file that somebody put there: none of it loses the others.
            let Ok(bytes) = tokio::fs::read(path).await else {
                continue;
            };
            let Ok(kept) = serde_json::from_slice::<Kept>(&bytes) else {
                continue;
            };
            let nanoseconds = i128::from(kept.sent_at) * 1_000;
            caught.push(CaughtMessage {
                to: kept.to,
                subject: kept.subject,
                body: kept.body,
                sent_at: OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
                    .unwrap_or(OffsetDateTime::UNIX_EPOCH),
            });
        }
        caught.sort_by_key(|message| std::cmp::Reverse(message.sent_at));
        Ok(caught)
    }

    async fn write(&self, id: Uuid, message: &CaughtMessage) -> std::io::Result<()> {
        let micros = message.sent_at.unix_timestamp_nanos() / 1_000;
        let kept = Kept {
            to: message.to.clone(),
            subject: message.subject.clone(),
            body: message.body.clone(),
            sent_at: i64::try_from(micros).unwrap_or_default(),
        };
        // The same id is the same name, and a half-written file is never under it.
        let half = self.folder.join(format!("{id}.half"));
        tokio::fs::write(&half, serde_json::to_vec(&kept)?).await?;
        tokio::fs::rename(&half, self.folder.join(format!("{id}.json"))).await
    }
}

fn unavailable(error: std::io::Error) -> StorageError {
    StorageError::Unavailable(Box::new(error))
}

#[async_trait]
impl CaughtMessages for CaughtInFolder {
    async fn catch(&self, id: Uuid, message: &CaughtMessage) -> Result<(), StorageError> {
        self.write(id, message).await.map_err(unavailable)
    }

    async fn all(&self) -> Result<Vec<CaughtMessage>, StorageError> {
        self.read().await.map_err(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn message(body: &str) -> CaughtMessage {
        CaughtMessage {
            to: "somebody@demonstration.example".to_owned(),
            subject: String::new(),
            body: body.to_owned(),
            sent_at: datetime!(2026-11-23 12:00 UTC),
        }
    }

    #[tokio::test]
    async fn what_was_caught_twice_is_there_once_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("box");
        let caught = CaughtInFolder::open(path.clone()).await.unwrap();
        for body in ["first try", "second try"] {
            caught.catch(Uuid::nil(), &message(body)).await.unwrap();
        }
        tokio::fs::write(path.join("not-a-message.json"), "{")
            .await
            .unwrap();
        let again = CaughtInFolder::open(path).await.unwrap();
        assert_eq!(again.all().await.unwrap(), [message("second try")]);
    }
}
