//! Word documents: archives whose list of contents says what they are. Only the list is read, nothing is unpacked.

use domain::document::{FileProblem, MediaType};

use crate::GlanceError;
use crate::places::{Places, find, find_last};

/// The mark of the list's end, and how much of the file's end may hold it (a comment may follow).
const LIST_END: &[u8] = b"PK\x05\x06";
const LIST_END_WITHIN: u16 = u16::MAX;

/// How many entries are read. A Word document has some dozens, and one for every picture.
const ENTRIES: u16 = 20_000;

/// The fixed part of an entry of the list.
const ENTRY: usize = 46;

/// Whether a file begins as an archive does.
pub(crate) fn begins(beginning: &[u8]) -> bool {
    beginning.starts_with(b"PK\x03\x04")
}

/// The type of an archive: a Word document, or none of the known ones. An archive without a list was cut off; whether it was a Word
/// document, its `beginning` must say.
pub(crate) fn is_word(
    places: &mut Places,
    beginning: &[u8],
) -> Result<Option<MediaType>, GlanceError> {
    let word = match list(places) {
        Ok(list) => list.word,
        Err(GlanceError::Problem(_)) => find(beginning, b"word/").is_some(),
        Err(unreadable) => return Err(unreadable),
    };
    Ok(word.then_some(MediaType::Docx))
}

/// Refuses a Word document that was cut off, is protected or is damaged.
pub(crate) fn is_whole(places: &mut Places) -> Result<(), GlanceError> {
    if list(places)?.protected {
        return Err(FileProblem::Encrypted.into());
    }
    Ok(())
}

/// What the list of contents says.
struct List {
    /// It is a Word document, and one without programs inside.
    word: bool,
    /// Something in it needs a password.
    protected: bool,
}

fn list(places: &mut Places) -> Result<List, GlanceError> {
    let end = places.end(LIST_END_WITHIN)?;
    let end = find_last(&end, LIST_END)
        .and_then(|at| end.get(at..)?.first_chunk::<22>())
        .ok_or(FileProblem::Truncated)?;
    let &[
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        n0,
        n1,
        _,
        _,
        _,
        _,
        a0,
        a1,
        a2,
        a3,
        ..,
    ] = end;
    let entries = u16::from_le_bytes([n0, n1]);
    let begin = u64::from(u32::from_le_bytes([a0, a1, a2, a3]));
    if entries > ENTRIES || begin >= places.size() {
        return Err(FileProblem::Damaged.into());
    }
    let (mut types, mut body, mut programs, mut protected) = (false, false, false, false);
    let mut at = begin;
    for _ in 0..entries {
        let entry = places
            .exactly::<ENTRY>(at)?
            .filter(|entry| entry.starts_with(b"PK\x01\x02"))
            .ok_or(FileProblem::Damaged)?;
        let number = |at: usize| match entry.get(at..at + 2) {
            Some(&[low, high]) => u16::from_le_bytes([low, high]),
            _ => 0,
        };
        let (flags, name, extra, comment) = (number(8), number(28), number(30), number(32));
        let begins = u64::from(number(42)) | u64::from(number(44)) << 16;
        if begins >= begin {
            return Err(FileProblem::Damaged.into());
        }
        let called = places.at(at + ENTRY as u64, name)?;
        types |= called == b"[Content_Types].xml";
        body |= called.starts_with(b"word/document") && called.ends_with(b".xml");
        programs |= called == b"word/vbaProject.bin";
        protected |= flags & 1 == 1;
        at += ENTRY as u64 + u64::from(name) + u64::from(extra) + u64::from(comment);
    }
    Ok(List {
        word: types && body && !programs,
        protected,
    })
}

/// Whether a file is the shell that Office puts around a document with a password.
pub(crate) fn hides_office(places: &mut Places) -> Result<bool, GlanceError> {
    let Some(head) = places.exactly::<52>(0)? else {
        return Ok(false);
    };
    if !head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(false);
    }
    let &[.., s0, s1, s2, s3] = &head;
    let sector = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    let size: u64 = match head.get(30) {
        Some(9) => 512,
        Some(12) => 4096,
        _ => return Ok(false),
    };
    let names = places.at((sector + 1) * size, 4096)?;
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    Ok(find(&names, &name).is_some())
}
