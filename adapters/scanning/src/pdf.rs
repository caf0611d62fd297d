//! Whether a PDF has its end. What lies between beginning and end is for the parser, in a process of its own.

use domain::document::FileProblem;

use crate::GlanceError;
use crate::places::{Places, find, find_last};

/// How far from the end the end's mark may be; readers of PDFs look no further either.
const MARK_WITHIN: usize = 1024;

/// Zeros and blanks that scanners and mail programs add after the end are looked past, up to here.
const END: u16 = 32 * 1024;

/// Refuses a PDF that was cut off.
pub(crate) fn is_whole(places: &mut Places) -> Result<(), GlanceError> {
    let beginning = places.at(0, 1024)?;
    if declared_length(&beginning).is_some_and(|length| length > places.size()) {
        return Err(FileProblem::Truncated.into());
    }
    let end = places.end(END)?;
    let end = trimmed(&end);
    let last = end
        .get(end.len().saturating_sub(MARK_WITHIN)..)
        .unwrap_or_default();
    if find_last(last, b"%%EOF").is_none() {
        return Err(FileProblem::Truncated.into());
    }
    let table = find_last(end, b"startxref")
        .and_then(|at| end.get(at + b"startxref".len()..))
        .and_then(number);
    if table.is_some_and(|table| table >= places.size()) {
        return Err(FileProblem::Truncated.into());
    }
    Ok(())
}

/// The length that a PDF made for the web says it has (`/L` beside `/Linearized`). Later changes only make it longer.
fn declared_length(beginning: &[u8]) -> Option<u64> {
    let dictionary = beginning.get(find(beginning, b"/Linearized")?..)?;
    let dictionary = dictionary.get(..find(dictionary, b">>")?)?;
    number(dictionary.get(find(dictionary, b"/L ")? + 2..)?)
}

/// The number that comes next, after blanks.
fn number(bytes: &[u8]) -> Option<u64> {
    let digits: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// Without zeros and blanks at the end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|&byte| byte != 0 && !byte.is_ascii_whitespace())
        .map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}
