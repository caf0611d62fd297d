//! A backup of one machine's SQLite and folder, taken while the portal runs. Documents are copied before and after the records: one that a
//! record names was there before, or came since, or both; one that a purge removes meanwhile was copied first. Records get their own name last
//! of all: a folder that has it has a whole backup. Where PostgreSQL copies the records by its own means, the documents alone are copied here.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use application::ports::storage::StorageError;
use documents::KEPT;
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
    #[error("{} is a whole backup already; another goes into a new folder", .0.display())]
    Whole(PathBuf),
    /// A backup does not go among other things.
    #[error("{} has {}, which is of no backup; a backup goes into a new folder", .0.display(), .1.display())]
    Other(PathBuf, OsString),
    /// Records cannot be read or written.
    #[error("the backup broke off at the records; the same command goes on with it")]
    Records(#[from] StorageError),
    /// A file cannot be read or written.
    #[error("the backup broke off at {}; the same command goes on with it", .0.display())]
    File(PathBuf, #[source] io::Error),
}

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    /// Files of documents that were copied now; those that a try before had copied are not counted again.
    pub files: u64,
    /// Whether one that had broken off was gone on with.
    pub went_on: bool,
}

/// Copies records and documents into the folder `into`, which is new, or has a backup that broke off. When this returns, they are durable
/// there.
///
/// # Errors
/// [`BackupError`].
pub async fn back_up(configuration: &Configuration, into: &Path) -> Result<BackedUp, BackupError> {
    let url = configuration.database.url.expose_secret();
    if !url.starts_with("sqlite:") {
        return Err(BackupError::Elsewhere("PostgreSQL"));
    }
    let backup = Backup::of_documents(configuration, into)?;
    let went_on = backup.off_the_runtime(Backup::begin).await?;
    let before = backup.off_the_runtime(Backup::copy_documents).await?;
    SqlStorage::connect(url, configuration.database.settings)
        .await?
        .copy_into(&partial(&backup.records()))
        .await?;
    let after = backup.off_the_runtime(Backup::copy_documents).await?;
    backup.off_the_runtime(Backup::end).await?;
    Ok(BackedUp {
        files: before + after,
        went_on,
    })
}

/// Copies the documents that the folder `into` has not yet, and says how many files those were. Each has its name only when it is whole and
/// durable: a copy that broke off is gone on with.
///
/// # Errors
/// [`BackupError`].
pub async fn back_up_documents(
    configuration: &Configuration,
    into: &Path,
) -> Result<u64, BackupError> {
    let backup = Backup::of_documents(configuration, into)?;
    backup.off_the_runtime(Backup::make_folders).await?;
    backup.off_the_runtime(Backup::copy_documents).await
}

/// A backup that is being taken. Everything here may block.
#[derive(Debug, Clone)]
struct Backup {
    /// The documents.
    from: PathBuf,
    /// The backup's folder.
    into: PathBuf,
}

impl Backup {
    fn of_documents(configuration: &Configuration, into: &Path) -> Result<Self, BackupError> {
        if configuration.documents.bucket.is_some() {
            return Err(BackupError::Elsewhere("a bucket"));
        }
        Ok(Self {
            from: configuration.documents.folder.join(KEPT),
            into: into.to_owned(),
        })
    }

    fn records(&self) -> PathBuf {
        self.into.join("records.sqlite")
    }

    fn documents(&self) -> PathBuf {
        self.into.join("documents")
    }

    async fn off_the_runtime<T: Send + 'static>(
        &self,
        work: fn(&Self) -> Result<T, BackupError>,
    ) -> Result<T, BackupError> {
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&this)).await;
        done.map_err(|error| BackupError::File(self.into.clone(), io::Error::other(error)))?
    }

    /// Makes the folders, and says whether a backup had broken off in them.
    fn begin(&self) -> Result<bool, BackupError> {
        let went_on = self.has_begun()?;
        self.make_folders()?;
        Ok(went_on)
    }

    /// Each is durable by its name in the one around it.
    fn make_folders(&self) -> Result<(), BackupError> {
        let documents = self.documents();
        make(&documents).map_err(at(&documents))?;
        close(&self.into).map_err(at(&self.into))?;
        sync(&self.into).map_err(at(&self.into))?;
        let around = self.into.parent().filter(|path| *path != Path::new(""));
        let around = around.unwrap_or(Path::new("."));
        sync(around).map_err(at(around))
    }

    /// Whether a backup has begun here; removes what it had of the records, which are of its own moment.
    fn has_begun(&self) -> Result<bool, BackupError> {
        let entries = match fs::read_dir(&self.into) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(BackupError::File(self.into.clone(), error)),
        };
        let records = self.records();
        if records.exists() {
            return Err(BackupError::Whole(self.into.clone()));
        }
        let coming = partial(&records);
        let (mut begun, mut of_records) = (false, Vec::new());
        for entry in entries {
            let path = entry.map_err(at(&self.into))?.path();
            let name = path.file_name().unwrap_or_default();
            let begins = coming.file_name().unwrap_or_default().as_encoded_bytes();
            if name.as_encoded_bytes().starts_with(begins) {
                of_records.push(path);
            } else if path != self.documents() {
                return Err(BackupError::Other(self.into.clone(), name.to_owned()));
            }
            begun = true;
        }
        for path in of_records {
            fs::remove_file(&path).map_err(at(&path))?;
        }
        Ok(begun)
    }

    /// Copies the documents that are not there yet, and says how many.
    fn copy_documents(&self) -> Result<u64, BackupError> {
        let copied = copy_new(&self.from, &self.documents().join(KEPT))?;
        let documents = self.documents();
        sync(&documents).map_err(at(&documents))?;
        Ok(copied)
    }

    /// Gives the records their name: the backup is whole.
    fn end(&self) -> Result<(), BackupError> {
        let records = self.records();
        keep(&partial(&records), &records).map_err(at(&records))?;
        sync(&self.into).map_err(at(&self.into))
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

/// What a file is called while it is being written.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// Makes a folder that nobody else may look into, and those around it.
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Keeps everybody else out of a folder that was there before.
fn close(folder: &Path) -> io::Result<()> {
    let mode = fs::metadata(folder)?.permissions().mode();
    let closed = mode & !0o077;
    if mode == closed {
        return Ok(());
    }
    fs::set_permissions(folder, Permissions::from_mode(closed))
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes what was written durable, and gives it its name.
fn keep(written: &Path, name: &Path) -> io::Result<()> {
    sync(written)?;
    fs::rename(written, name)
}

/// Copies the files that are not there yet, and says how many. A document never changes, and its key's file only by being replaced; one that
/// goes meanwhile is left out.
fn copy_new(from: &Path, to: &Path) -> Result<u64, BackupError> {
    make(to).map_err(at(to))?;
    let mut copied = 0;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(at(&source))?.is_dir() {
            copied += copy_new(&source, &target)?;
        } else if copy(&source, &target).map_err(at(&source))? {
            copied += 1;
        }
    }
    sync(to).map_err(at(to))?;
    Ok(copied)
}

/// Copies a file unless it is there already; says whether it did.
fn copy(source: &Path, target: &Path) -> io::Result<bool> {
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let written = match fs::metadata(source) {
        Err(error) if gone(&error) => return Ok(false),
        written => written?.modified()?,
    };
    match fs::metadata(target) {
        Ok(there) if there.modified()? >= written => return Ok(false),
        Err(error) if !gone(&error) => return Err(error),
        _ => {}
    }
    let coming = partial(target);
    match fs::copy(source, &coming) {
        Err(error) if gone(&error) => return Ok(false),
        copied => copied?,
    };
    keep(&coming, target)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Backup) {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("home/kept");
        fs::create_dir_all(from.join("0a")).unwrap();
        fs::write(from.join("0a/one"), "first").unwrap();
        let into = folder.path().join("backups/today");
        (folder, Backup { from, into })
    }

    /// one that broke off is gone on with: what was whole is not copied again, what was not is, and so are the records.
    #[test]
    fn a_backup_that_broke_off_is_gone_on_with() {
        let (_folder, backup) = site();
        fs::create_dir_all(&backup.into).unwrap();
        assert!(!backup.begin().unwrap());
        let mode = fs::metadata(&backup.into).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "nobody else looks into it");
        assert_eq!(backup.copy_documents().unwrap(), 1);
        let (records, copy) = (backup.records(), backup.documents().join("kept/0a"));
        fs::write(partial(&records), "half").unwrap();
        fs::write(copy.join("two.partial"), "ha").unwrap();
        fs::write(backup.from.join("0a/two"), "half").unwrap();

        assert!(backup.begin().unwrap());
        assert!(!partial(&records).exists(), "of another moment");
        assert_eq!(backup.copy_documents().unwrap(), 1);
        assert_eq!(fs::read_to_string(copy.join("two")).unwrap(), "half");
        assert!(!copy.join("two.partial").exists());
        fs::write(partial(&records), "whole").unwrap();
        backup.end().unwrap();
        assert_eq!(fs::read_to_string(&records).unwrap(), "whole");
        assert!(matches!(backup.begin(), Err(BackupError::Whole(_))));
    }

    /// A key's file that was replaced between two passes is copied again.
    #[test]
    fn what_was_replaced_is_copied_again() {
        let (_folder, backup) = site();
        backup.begin().unwrap();
        assert_eq!(backup.copy_documents().unwrap(), 1);
        assert_eq!(backup.copy_documents().unwrap(), 0);
        let (source, copy) = (
            backup.from.join("0a/one"),
            backup.documents().join("kept/0a/one"),
        );
        fs::write(&source, "second").unwrap();
        let later = fs::metadata(&copy).unwrap().modified().unwrap();
        let later = later + std::time::Duration::from_secs(1);
        File::options()
            .write(true)
            .open(&source)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert_eq!(backup.copy_documents().unwrap(), 1);
        assert_eq!(fs::read_to_string(&copy).unwrap(), "second");
    }

    /// what the disk does not say is durable has no name, and is no backup. The null device and the kernel's own folders cannot say it.
    #[test]
    fn what_is_not_durable_is_no_backup() {
        let (folder, backup) = site();
        let (written, name) = (folder.path().join("written"), folder.path().join("name"));
        std::os::unix::fs::symlink("/dev/null", &written).unwrap();
        assert!(keep(&written, &name).is_err());
        assert!(fs::symlink_metadata(&name).is_err());
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let told = copy_new(&empty, Path::new("/proc/self")).unwrap_err();
        assert!(matches!(told, BackupError::File(..)), "{told}");
        backup.begin().unwrap();
        std::os::unix::fs::symlink("/dev/null", partial(&backup.records())).unwrap();
        assert!(backup.end().is_err());
        assert!(!backup.records().exists());
    }

    /// A backup goes into no folder of something else.
    #[test]
    fn other_things_are_left_alone() {
        let (_folder, backup) = site();
        fs::create_dir_all(&backup.into).unwrap();
        fs::write(backup.into.join("letter.txt"), "").unwrap();
        let told = backup.begin().unwrap_err().to_string();
        assert!(
            told.contains("has letter.txt, which is of no backup"),
            "{told}"
        );
        assert!(!backup.documents().exists());
    }
}
