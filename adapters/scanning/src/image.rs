//! Whether images have their end. Images are not decoded: only the lengths that they carry are followed, a bounded number of times.

use domain::document::FileProblem;

use crate::GlanceError;
use crate::places::{Places, find};

/// How many parts of an image are followed. More is taken for damage.
const PARTS: u32 = 100_000;

/// How much is looked through at a time.
const STEP: u16 = 32 * 1024;

/// Refuses a PNG that was cut off: its parts must lead to the one called `IEND`.
pub(crate) fn png_is_whole(places: &mut Places) -> Result<(), GlanceError> {
    let mut at = 8;
    for _ in 0..PARTS {
        let Some([a, b, c, d, name @ ..]) = places.exactly::<8>(at)? else {
            return Err(FileProblem::Truncated.into());
        };
        at += u64::from(u32::from_be_bytes([a, b, c, d])) + 12;
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(FileProblem::Damaged.into());
        }
        if at > places.size() {
            return Err(FileProblem::Truncated.into());
        }
        if &name == b"IEND" {
            return Ok(());
        }
    }
    Err(FileProblem::Damaged.into())
}

/// Refuses a JPEG that was cut off: its parts must lead to the picture, and the picture to its end. Small pictures inside the parts
/// before have ends of their own, which do not count.
pub(crate) fn jpeg_is_whole(places: &mut Places) -> Result<(), GlanceError> {
    let mut at = 2;
    for _ in 0..PARTS {
        let Some([mark, kind]) = places.exactly::<2>(at)? else {
            return Err(FileProblem::Truncated.into());
        };
        match (mark, kind) {
            // Padding.
            (0xff, 0xff) => at += 1,
            // The picture itself begins.
            (0xff, 0xda) => return jpeg_ends_after(places, at),
            (0xff, 0x01 | 0xd0..=0xd7) => at += 2,
            (0xff, _) => {
                let Some(length) = places.exactly::<2>(at + 2)? else {
                    return Err(FileProblem::Truncated.into());
                };
                at += 2 + u64::from(u16::from_be_bytes(length));
            }
            _ => return Err(FileProblem::Damaged.into()),
        }
    }
    Err(FileProblem::Damaged.into())
}

fn jpeg_ends_after(places: &mut Places, mut at: u64) -> Result<(), GlanceError> {
    while at < places.size() {
        if find(&places.at(at, STEP)?, &[0xff, 0xd9]).is_some() {
            return Ok(());
        }
        // One byte less, so that a mark on the border is seen.
        at += u64::from(STEP) - 1;
    }
    Err(FileProblem::Truncated.into())
}

/// How many pages a TIFF has; refuses one that was cut off. Each page's directory says where the next one is.
pub(crate) fn tiff_pages(places: &mut Places) -> Result<u32, GlanceError> {
    let little = matches!(places.exactly::<2>(0)?, Some([b'I', b'I']));
    let mut next = word(places, 4, little)?;
    let mut pages = 0;
    while next != 0 {
        // A directory that leads back to an earlier one never ends.
        if pages == PARTS {
            return Err(FileProblem::Damaged.into());
        }
        let Some(count) = places.exactly::<2>(next.into())? else {
            return Err(FileProblem::Truncated.into());
        };
        let count = if little {
            u16::from_le_bytes(count)
        } else {
            u16::from_be_bytes(count)
        };
        next = word(places, u64::from(next) + 2 + 12 * u64::from(count), little)?;
        pages += 1;
    }
    if pages == 0 {
        return Err(FileProblem::Damaged.into());
    }
    Ok(pages)
}

fn word(places: &mut Places, at: u64, little: bool) -> Result<u32, GlanceError> {
    let Some(bytes) = places.exactly::<4>(at)? else {
        return Err(FileProblem::Truncated.into());
    };
    Ok(if little {
        u32::from_le_bytes(bytes)
    } else {
        u32::from_be_bytes(bytes)
    })
}
