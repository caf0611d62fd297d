//! SUB-1: every kind of file, and what its sender is told. The parser runs in its own process, as it does in the portal.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may fail"
)]

mod blank;
mod bounds;
mod made;
mod pdfs;
mod types;

use std::collections::BTreeSet;

use application::ports::inspector::{InspectError, Inspector};
use domain::document::{FileName, FileProblem, Inspected, MediaType};
use scanning::{Inspection, Settings};

fn settings() -> Settings {
    Settings::new(vec![env!("CARGO_BIN_EXE_inspect-document").into()])
}

fn all() -> BTreeSet<MediaType> {
    MediaType::ALL.into()
}

async fn inspect_with(
    settings: Settings,
    bytes: &[u8],
    name: &str,
    accepted: &BTreeSet<MediaType>,
) -> Result<Inspected, InspectError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    Inspection::new(settings)
        .inspect(file.path(), &FileName::from_sender(name), accepted)
        .await
}

async fn inspect(bytes: &[u8], name: &str) -> Result<Inspected, InspectError> {
    inspect_with(settings(), bytes, name, &all()).await
}

async fn problem(bytes: &[u8], name: &str) -> FileProblem {
    match inspect(bytes, name).await {
        Err(InspectError::Problem(problem)) => problem,
        other => panic!("{name}: {other:?}"),
    }
}

async fn good(bytes: &[u8], name: &str) -> (MediaType, Option<u32>) {
    let Inspected { media_type, pages } = inspect(bytes, name).await.unwrap();
    (media_type, pages)
}
