//! Checkpoints (c2sp.org/tlog-checkpoint): how long the log is and what its root is, as a signed note.

use crate::key::{KeyName, SigningKey, VerifierKey};
use crate::note::{self, NoteError};
use crate::tree::Hash;

/// A head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: KeyName,
    /// How many entries it has.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Its note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is no checkpoint.
    #[error("this is no checkpoint")]
    Malformed,
    /// It is signed by a trusted key, but of another log.
    #[error("the checkpoint is another log's than the key's")]
    OtherLog,
}

impl Checkpoint {
    /// The note that is published.
    pub fn signed(&self, key: &SigningKey) -> String {
        note::sign(&self.text(), key)
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// A published note, believed if one of the log's own keys signed it.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let (text, signed_by) = note::open(note, keys)?;
        let checkpoint = Self::parse(text).ok_or(CheckpointError::Malformed)?;
        if signed_by.iter().any(|key| *key.name() == checkpoint.origin) {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::OtherLog)
        }
    }

    /// Which log a note says it is of, whoever signed it. Only good for not using a name again.
    pub fn claimed_origin(note: &str) -> Option<KeyName> {
        note.lines().next()?.parse().ok()
    }

    /// The text of a checkpoint. Lines after the third mean nothing to us, but must not be empty.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let checkpoint = Self {
            origin: lines.next()?.parse().ok()?,
            size: decimal(lines.next()?)?,
            root: lines.next()?.parse().ok()?,
        };
        lines.all(|line| !line.is_empty()).then_some(checkpoint)
    }
}

/// A number in ASCII digits without zeros before it.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|digit| digit.is_ascii_digit());
    let plain = text == "0" || !text.starts_with('0');
    (digits && plain).then(|| text.parse().ok()).flatten()
}
