//! A look inside files that strangers sent: whether a virus is in them, what they are by content, whether they can be opened, how many
//! pages they have (SUB-1), and whether those show anything. Viruses are looked for by [`Clamd`], the rest by [`Inspection`].
//!
//! The inspection has two steps. The first reads a few places of the file here and needs no parser. The second, for a PDF, opens it with one, in a process
//! of its own with limits on memory and time: whatever a file does to the parser, it does not do it to the portal.

pub mod child;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;

mod archive;
mod blank;
mod clamd;
mod content;
mod image;
mod opening;
mod pdf;
mod places;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use application::ports::inspector::{InspectError, Inspector};
use async_trait::async_trait;
use domain::document::{FileName, FileProblem, Inspected, MediaType};

pub use crate::clamd::{Clamd, ClamdAddress, ClamdSettings, NoAddress};
use crate::opening::Opening;
use crate::places::Places;

/// How PDFs are opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program that calls [`child::main`], and its arguments. Its environment has its limits, how its memory comes, and nothing else.
    pub command: Vec<OsString>,
    /// How long one file may take by the clock on the wall.
    pub timeout: Duration,
    /// How long a file waits for its turn.
    pub waiting: Duration,
    /// How much processor time one file may take, in seconds.
    pub cpu_seconds: u64,
    /// How much address space one file may take, in bytes. The file itself and what is found in it both need room.
    pub memory_bytes: u64,
    /// How many files are opened at a time.
    pub at_once: usize,
}

impl Settings {
    /// The usual limits, with which a good PDF of 200 MB passes.
    pub fn new(command: Vec<OsString>) -> Self {
        Self {
            command,
            timeout: Duration::from_mins(1),
            waiting: Duration::from_mins(1),
            cpu_seconds: 30,
            memory_bytes: 1024 * 1024 * 1024,
            at_once: 2,
        }
    }
}

/// The look inside, as a port's implementation.
#[derive(Debug)]
pub struct Inspection {
    opening: Opening,
}

impl Inspection {
    /// A look inside with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            opening: Opening::new(settings),
        }
    }
}

#[async_trait]
impl Inspector for Inspection {
    async fn inspect(
        &self,
        file: &Path,
        name: &FileName,
        accepted: &BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError> {
        let (path, name, accepted) = (file.to_owned(), name.clone(), accepted.clone());
        let seen = tokio::task::spawn_blocking(move || glance(&path, &name, &accepted))
            .await
            .map_err(|failed| InspectError::Unavailable(Box::new(failed)))??;
        let pages = match seen.media_type {
            MediaType::Pdf => Some(self.opening.pages(file).await?),
            MediaType::Docx
            | MediaType::Jpeg
            | MediaType::Png
            | MediaType::Tiff
            | MediaType::Html => seen.pages,
        };
        Ok(Inspected { pages, ..seen })
    }
}

/// What was found wrong, or why nothing could be found.
#[derive(Debug, thiserror::Error)]
enum GlanceError {
    #[error(transparent)]
    Problem(#[from] FileProblem),
    #[error("the file could not be read")]
    Unreadable(#[from] std::io::Error),
}

impl From<GlanceError> for InspectError {
    fn from(error: GlanceError) -> Self {
        match error {
            GlanceError::Problem(problem) => Self::Problem(problem),
            GlanceError::Unreadable(failed) => Self::Unavailable(Box::new(failed)),
        }
    }
}

/// The first step. Reads a bounded part of the file, and blocks while it does.
fn glance(
    path: &Path,
    name: &FileName,
    accepted: &BTreeSet<MediaType>,
) -> Result<Inspected, GlanceError> {
    let mut places = Places::of(File::open(path)?)?;
    if places.size() == 0 {
        return Err(FileProblem::Empty.into());
    }
    let found = content::media_type(&mut places, accepted)?;
    if found != Some(MediaType::Pdf) && is_called_pdf(name) {
        return Err(FileProblem::NotAPdf.into());
    }
    let media_type = found
        .filter(|found| accepted.contains(found))
        .ok_or(FileProblem::NotAccepted)?;
    let pages = match media_type {
        MediaType::Pdf => {
            pdf::is_whole(&mut places)?;
            None
        }
        MediaType::Docx => {
            archive::is_whole(&mut places)?;
            None
        }
        MediaType::Jpeg => {
            image::jpeg_is_whole(&mut places)?;
            None
        }
        MediaType::Png => {
            image::png_is_whole(&mut places)?;
            None
        }
        MediaType::Tiff => Some(image::tiff_pages(&mut places)?),
        // The portal writes pages itself and takes none.
        MediaType::Html => return Err(FileProblem::NotAccepted.into()),
    };
    Ok(Inspected { media_type, pages })
}

/// Whether the sender meant a PDF.
fn is_called_pdf(name: &FileName) -> bool {
    Path::new(name.as_str())
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
}
