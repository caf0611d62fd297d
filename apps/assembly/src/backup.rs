//! A backup of one machine's SQLite and folder, taken while the portal runs. Documents are copied before and after the records: one that a
//! record names was there before, or came since, or both; one that a purge removes meanwhile was copied first.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use application::ports::storage::StorageError;
use secrecy::ExposeSecret;
use storage::SqlStorage;

use crate::configuration::Configuration;

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Records or documents are elsewhere.
    #[error("this copies SQLite and a folder; {0} has means of its own: see docs/operations.md")]
    Elsewhere(&'static str),
    /// Two backups in one folder would be neither.
    #[error("{} is there already; a backup goes into a new folder", .0.display())]
    Exists(PathBuf),
    /// Records cannot be read or written.
    #[error(transparent)]
    Records(#[from] StorageError),
    /// A file cannot be read or written.
    #[error("{}", .0.display())]
    File(PathBuf, #[source] io::Error),
}

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    /// Files of documents.
    pub files: u64,
}

/// Copies records and documents into the new folder `into`. When this returns, they are durable there.
///
/// # Errors
/// [`BackupError`].
pub async fn back_up(configuration: &Configuration, into: &Path) -> Result<BackedUp, BackupError> {
    let url = configuration.database.url.expose_secret();
    if !url.starts_with("sqlite:") {
        return Err(BackupError::Elsewhere("PostgreSQL"));
    }
    if configuration.documents.bucket.is_some() {
        return Err(BackupError::Elsewhere("a bucket"));
    }
    if into.exists() {
        return Err(BackupError::Exists(into.to_owned()));
    }
    let from = configuration.documents.folder.join("kept");
    let documents = into.join("documents").join("kept");
    let before = copied(&from, &documents).await?;
    let records = into.join("records.sqlite");
    SqlStorage::connect(url, configuration.database.settings)
        .await?
        .copy_into(&records)
        .await?;
    let after = copied(&from, &documents).await?;
    for written in [records.as_path(), into] {
        sync(written).map_err(|error| BackupError::File(written.to_owned(), error))?;
    }
    Ok(BackedUp {
        files: before + after,
    })
}

async fn copied(from: &Path, to: &Path) -> Result<u64, BackupError> {
    let (from, to) = (from.to_owned(), to.to_owned());
    let copied = tokio::task::spawn_blocking(move || copy_new(&from, &to)).await;
    copied.map_err(|error| BackupError::File(PathBuf::new(), io::Error::other(error)))?
}

/// Copies the files that are not there yet, and says how many. A document never changes; one that goes meanwhile is left out.
fn copy_new(from: &Path, to: &Path) -> Result<u64, BackupError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| BackupError::File(path, error)
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(to)
        .map_err(failed(to))?;
    let mut copied = 0;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let entry = entry.map_err(failed(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(failed(&source))?.is_dir() {
            copied += copy_new(&source, &target)?;
        } else if !target.exists() {
            match fs::copy(&source, &target) {
                Ok(_) => {
                    sync(&target).map_err(failed(&target))?;
                    copied += 1;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(BackupError::File(source, error)),
            }
        }
    }
    sync(to).map_err(failed(to))?;
    Ok(copied)
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
