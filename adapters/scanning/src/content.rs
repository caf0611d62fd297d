//! What a file is by its first bytes. Names say nothing here.

use std::collections::BTreeSet;

use domain::document::{FileProblem, MediaType};

use crate::places::Places;
use crate::{GlanceError, archive};

/// How much of the beginning is enough to tell types apart.
const BEGINNING: u16 = 8 * 1024;

/// The type by content, or none of the known ones. An Office document behind a password hides what it is; where Word documents are
/// accepted the password is what the sender has to hear of.
pub(crate) fn media_type(
    places: &mut Places,
    accepted: &BTreeSet<MediaType>,
) -> Result<Option<MediaType>, GlanceError> {
    let beginning = places.at(0, BEGINNING)?;
    let found = infer::get(&beginning).map(|found| found.mime_type());
    if let Some(known @ (MediaType::Pdf | MediaType::Jpeg | MediaType::Png | MediaType::Tiff)) =
        found.and_then(MediaType::from_mime)
    {
        return Ok(Some(known));
    }
    if archive::begins(&beginning) {
        return archive::is_word(places, &beginning);
    }
    if accepted.contains(&MediaType::Docx) && archive::hides_office(places)? {
        return Err(FileProblem::Encrypted.into());
    }
    Ok(None)
}
