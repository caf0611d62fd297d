//! Where a list goes on: the order it was made for, the last item's key in that order, and its id. Hexadecimal, so that nobody is
//! tempted to read or make one.

use std::fmt::Write;

use application::ports::records::Cursor;
use application::ports::storage::StorageError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The place after which a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Which list.
    pub(crate) list: String,
    /// The last item's key.
    pub(crate) key: String,
    /// The last item's id.
    pub(crate) id: Uuid,
}

impl Place {
    /// What the caller is given.
    pub(crate) fn into_cursor(self) -> Cursor {
        let bytes = serde_json::to_vec(&self).unwrap_or_default();
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Cursor(text)
    }

    /// What the caller brings back, if it belongs to `list`.
    pub(crate) fn of(cursor: &Cursor, list: &str) -> Result<Self, StorageError> {
        let text = &cursor.0;
        let byte = |at: usize| {
            text.get(at..at + 2)
                .and_then(|two| u8::from_str_radix(two, 16).ok())
        };
        let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
        let place = bytes.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        place
            // No text of ours has a NUL, and PostgreSQL takes none.
            .filter(|place| place.list == list && !place.key.contains('\0'))
            .ok_or(StorageError::CursorUnusable)
    }
}

/// The page, from one row more than was asked for: whether there is more is known without a second question.
pub(crate) fn page_of<T>(
    mut items: Vec<T>,
    limit: u32,
    place: impl Fn(&T) -> Place,
) -> application::ports::records::Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more {
        items.last().map(|last| place(last).into_cursor())
    } else {
        None
    };
    application::ports::records::Page { items, next }
}
