//! A way in for fuzz targets: what reads the cursors that callers bring back. Not in the portal.

use application::ports::records::Cursor;

use crate::cursor::Place;

/// Reads a cursor as one of that list: the cursor that it would be written as, if it is one.
pub fn read_cursor(text: &str, list: &str) -> Option<String> {
    let place = Place::of(&Cursor(text.to_owned()), list).ok()?;
    Some(place.into_cursor().0)
}
