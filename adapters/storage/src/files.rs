//! The files of submissions and of begun submissions: the same columns, in a table of each.

use application::ports::storage::StorageError;
use domain::document::{DocumentId, FileName, MediaType};
use domain::id::Id;
use domain::submission::SubmittedFile;
use sea_orm::entity::prelude::*;

use crate::error::corrupt;
use crate::value::{count, sha256};

/// A file's columns, in neither table.
pub(crate) struct FileColumns {
    pub(crate) document: Uuid,
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) media_type: String,
    pub(crate) size: i64,
    pub(crate) pages: Option<i64>,
    pub(crate) sha256: Vec<u8>,
}

impl From<&SubmittedFile> for FileColumns {
    fn from(file: &SubmittedFile) -> Self {
        Self {
            document: file.document.uuid(),
            name: file.name.as_str().to_owned(),
            title: file.title.clone(),
            media_type: file.media_type.mime().to_owned(),
            size: count(file.size),
            pages: file.pages.map(i64::from),
            sha256: file.sha256.bytes().to_vec(),
        }
    }
}

impl FileColumns {
    pub(crate) fn into_file(self, record: &'static str) -> Result<SubmittedFile, StorageError> {
        Ok(SubmittedFile {
            document: Id::new(self.document),
            name: FileName::from_sender(&self.name),
            title: self.title,
            media_type: MediaType::from_mime(&self.media_type)
                .ok_or_else(|| corrupt(record, "unknown type of file"))?,
            size: u64::try_from(self.size).map_err(|error| corrupt(record, error))?,
            pages: self
                .pages
                .map(u32::try_from)
                .transpose()
                .map_err(|error| corrupt(record, error))?,
            sha256: sha256(record, &self.sha256)?,
        })
    }
}

/// Identifiers for the database.
pub(crate) fn uuids(documents: &[DocumentId]) -> Vec<Uuid> {
    documents.iter().map(|document| document.uuid()).collect()
}

/// How many identifiers one statement may name; SQLite takes 32,766.
pub(crate) const AT_ONCE: usize = 1_000;
