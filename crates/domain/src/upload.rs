//! An upload: a file that comes in piece by piece, so that a bad connection or a closed laptop costs nothing of what came. It is on
//! a case, of the person who began it, and waits there until it is submitted or has been kept too long.

use time::OffsetDateTime;

use crate::account::AccountId;
use crate::case::CaseId;
use crate::document::FileName;
use crate::id::Id;
use crate::submission::SubmittedFile;
use crate::terms::Terms;

/// The identifier of an [`Upload`].
pub type UploadId = Id<Upload>;

/// A file that is coming in, or came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Identifier.
    pub id: UploadId,
    /// Who began it; nobody else can go on with it.
    pub account: AccountId,
    /// For which counsel.
    pub counsel: AccountId,
    /// On which case.
    pub case: CaseId,
    /// What the sender calls the file.
    pub name: FileName,
    /// How many bytes it has.
    pub length: u64,
    /// How many of them are on durable storage.
    pub offset: u64,
    /// When it was begun.
    pub begun_at: OffsetDateTime,
    /// The file, once it is whole and was found good.
    pub file: Option<SubmittedFile>,
}

/// Why an upload is not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefused {
    /// A file without a byte.
    #[error("the file is empty")]
    Empty,
    /// More bytes than a file may have (SUB-1).
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
}

/// Why bytes are not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendRefused {
    /// They do not begin where the others end.
    #[error("the next byte is number {expected}")]
    Elsewhere {
        /// Where they end.
        expected: u64,
    },
    /// More than the file was said to have.
    #[error("the file has {0} bytes")]
    TooMany(u64),
}

impl Upload {
    /// An upload that begins.
    ///
    /// # Errors
    /// [`UploadRefused`].
    pub fn checked(self, terms: &Terms) -> Result<Self, UploadRefused> {
        if self.length == 0 {
            Err(UploadRefused::Empty)
        } else if self.length > terms.file_bytes_at_most {
            Err(UploadRefused::TooLarge(terms.file_bytes_at_most))
        } else {
            Ok(self)
        }
    }

    /// How many bytes are still to come, for somebody who sends from `offset` on, `announced` of them if they say how many.
    ///
    /// # Errors
    /// [`AppendRefused`].
    pub const fn room(&self, offset: u64, announced: Option<u64>) -> Result<u64, AppendRefused> {
        if offset != self.offset {
            return Err(AppendRefused::Elsewhere {
                expected: self.offset,
            });
        }
        let room = self.length.saturating_sub(self.offset);
        match announced {
            Some(bytes) if bytes > room => Err(AppendRefused::TooMany(self.length)),
            _ => Ok(room),
        }
    }

    /// Whether every byte came.
    pub const fn is_whole(&self) -> bool {
        self.offset == self.length
    }

    /// From when it can no longer be gone on with.
    pub fn expires_at(&self, terms: &Terms) -> OffsetDateTime {
        self.begun_at + terms.upload
    }

    /// Whether it has been kept too long.
    pub fn is_over(&self, at: OffsetDateTime, terms: &Terms) -> bool {
        at >= self.expires_at(terms)
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn upload(length: u64, offset: u64) -> Upload {
        let id = Uuid::nil();
        Upload {
            id: Id::new(id),
            account: Id::new(id),
            counsel: Id::new(id),
            case: Id::new(id),
            name: FileName::from_sender("Pièce 1.pdf"),
            length,
            offset,
            begun_at: datetime!(2026-11-23 12:00 UTC),
            file: None,
        }
    }

    /// SUB-1: what can be known to be too much, or nothing, is refused before a byte comes.
    #[test]
    fn a_length_that_cannot_be_is_refused_at_once() {
        let terms = Terms::default();
        let most = terms.file_bytes_at_most;
        let refused = |length| upload(length, 0).checked(&terms).err();
        assert_eq!(refused(0), Some(UploadRefused::Empty));
        assert_eq!(refused(1), None);
        assert_eq!(refused(most), None);
        assert_eq!(refused(most + 1), Some(UploadRefused::TooLarge(most)));
    }

    /// bytes are added where the others end, and never more than were announced.
    #[test]
    fn bytes_are_added_where_the_others_end() {
        let upload = upload(10, 4);
        assert_eq!(upload.room(4, None), Ok(6));
        assert_eq!(upload.room(4, Some(6)), Ok(6));
        assert_eq!(upload.room(4, Some(7)), Err(AppendRefused::TooMany(10)));
        for elsewhere in [0, 3, 5, 10, u64::MAX] {
            let expected = Err(AppendRefused::Elsewhere { expected: 4 });
            assert_eq!(upload.room(elsewhere, Some(1)), expected);
        }
    }

    /// it is over exactly when its time is.
    #[test]
    fn it_is_over_when_its_time_is() {
        let terms = Terms::default();
        let upload = upload(10, 10);
        let end = upload.begun_at + terms.upload;
        assert!(upload.is_whole());
        assert!(!upload.is_over(end - Duration::SECOND, &terms));
        assert!(upload.is_over(end, &terms));
    }
}
