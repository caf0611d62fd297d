//! A document that is coming in: written and digested piece by piece, and gone again unless it comes whole. Everything here may block.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use application::ports::documents::{DocumentsError, Received};
use bytes::Bytes;
use domain::document::{DocumentId, Sha256};
use sha2::Digest;

use crate::quarantine::Quarantine;
use crate::unavailable;

/// A document of which not everything has come. Dropping it takes back what came.
pub(crate) struct Arrival {
    id: DocumentId,
    file: File,
    in_place: InPlace,
    place: PathBuf,
    size: u64,
    digest: sha2::Sha256,
}

impl Arrival {
    /// Makes room for a document under an id that nothing is kept under.
    pub(crate) fn begin(quarantine: &Quarantine, id: DocumentId) -> Result<Self, DocumentsError> {
        let coming_in = quarantine.coming_in(id);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&coming_in)
            .map_err(unavailable)?;
        let in_place = InPlace(coming_in);
        let place = quarantine.place(id);
        if place.try_exists().map_err(unavailable)? {
            return Err(unavailable(io::Error::from(io::ErrorKind::AlreadyExists)));
        }
        Ok(Self {
            id,
            file,
            in_place,
            place,
            size: 0,
            digest: sha2::Sha256::new(),
        })
    }

    /// Takes the next pieces.
    pub(crate) fn write(mut self, pieces: &[Bytes]) -> Result<Self, DocumentsError> {
        for piece in pieces {
            self.file.write_all(piece).map_err(unavailable)?;
            self.digest.update(piece);
            self.size = self.size.saturating_add(piece.len() as u64);
        }
        Ok(self)
    }

    /// Everything came: gives the bytes their name in quarantine, where they are for as long as what is returned with them. They need not
    /// outlast a crash, for nobody was told of them.
    pub(crate) fn finish(mut self) -> Result<(Received, InPlace), DocumentsError> {
        self.in_place.move_to(&self.place).map_err(unavailable)?;
        let received = Received {
            id: self.id,
            size: self.size,
            sha256: Sha256::new(self.digest.finalize().into()),
        };
        Ok((received, self.in_place))
    }
}

/// A file that is removed again when this is dropped, if it is still there.
pub(crate) struct InPlace(PathBuf);

impl InPlace {
    fn move_to(&mut self, place: &Path) -> io::Result<()> {
        fs::rename(&self.0, place)?;
        place.clone_into(&mut self.0);
        Ok(())
    }
}

impl Drop for InPlace {
    fn drop(&mut self) {
        // If this fails, the next clean-up finds the file by its age.
        drop(fs::remove_file(&self.0));
    }
}
