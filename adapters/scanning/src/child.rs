//! The child process: opens PDFs under limits, one after another, and says in one line what it found in each. The first that is not good is
//! its last. Knows no settings but its limits; a program calls [`main`] before it starts anything else, because the limits hold for the
//! whole process.

use std::env::VarError;
use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStringExt;
use std::panic::catch_unwind;
use std::process::ExitCode;

use lopdf::{Document, LoadOptions, Object, ObjectId};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use crate::blank;

/// Environment variable with the limit of address space, in bytes.
pub const MEMORY_BYTES: &str = "INSPECT_MEMORY_BYTES";

/// Environment variable with the limit of processor time for one file, in seconds.
pub const CPU_SECONDS: &str = "INSPECT_CPU_SECONDS";

/// What ends a path, on standard input.
pub(crate) const END_OF_PATH: u8 = 0;

/// How many files a child opens before another takes its place, so that nothing of them gathers.
pub(crate) const FILES_AT_MOST: u32 = 50;

/// How many bytes one packed part may become while it is opened.
const UNPACKED_BYTES: usize = 64 * 1024 * 1024;

/// What the child says: `{"pages":3}` or `{"problem":"encrypted"}`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    /// It can be opened and has that many pages.
    Pages(u32),
    /// It cannot be taken.
    Problem(Wrong),
}

/// What only opening shows.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wrong {
    /// A password is needed, or rights are withheld.
    Encrypted,
    /// It cannot be opened, or not all of its pages.
    Damaged,
    /// None of its pages shows anything.
    Blank,
}

/// Opens each PDF whose path comes in, and prints what was found. Ends at the end of the paths, after a file that is not good, and without an
/// answer when the limits could not be set or a file not be read.
pub fn main() -> ExitCode {
    match limit_this_process().and_then(|limits| open_each(&limits)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn open_each(limits: &Limits) -> io::Result<()> {
    let mut paths = io::stdin().lock();
    loop {
        let mut path = Vec::new();
        if paths.read_until(END_OF_PATH, &mut path)? == 0 {
            return Ok(());
        }
        path.pop();
        limits.begin_a_file()?;
        let answer = opened(&std::fs::read(OsString::from_vec(path))?);
        say(&answer)?;
        if matches!(answer, Answer::Problem(_)) {
            return Ok(());
        }
    }
}

fn say(answer: &Answer) -> io::Result<()> {
    let line = serde_json::to_vec(answer)?;
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// What is set anew for each file.
struct Limits {
    cpu_seconds: Option<u64>,
}

impl Limits {
    /// Gives the next file its processor time, beside what the others took. The kernel says first that it is up (`SIGXCPU`).
    fn begin_a_file(&self) -> io::Result<()> {
        let Some(seconds) = self.cpu_seconds else {
            return Ok(());
        };
        let taken = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let until = u64::try_from(taken)
            .unwrap_or_default()
            .saturating_add(seconds);
        let now = getrlimit(Resource::Cpu);
        Ok(setrlimit(
            Resource::Cpu,
            Rlimit {
                current: Some(until),
                maximum: now.maximum,
            },
        )?)
    }
}

fn limit_this_process() -> io::Result<Limits> {
    let memory = from_environment(MEMORY_BYTES)?;
    let cpu_seconds = from_environment(CPU_SECONDS)?;
    let both = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    if let Some(memory) = memory {
        setrlimit(Resource::As, both(memory))?;
    }
    if let Some(seconds) = cpu_seconds {
        // All files together; the kernel kills at this one without a first word.
        let most = seconds
            .saturating_mul(u64::from(FILES_AT_MOST))
            .saturating_add(1);
        let time = Rlimit {
            current: Some(seconds),
            maximum: Some(most),
        };
        setrlimit(Resource::Cpu, time)?;
    }
    // Nothing of a document is left lying about, and nothing is written.
    setrlimit(Resource::Core, both(0))?;
    setrlimit(Resource::Fsize, both(0))?;
    setrlimit(Resource::Nofile, both(8))?;
    Ok(Limits { cpu_seconds })
}

fn from_environment(name: &str) -> io::Result<Option<u64>> {
    match std::env::var(name) {
        Ok(text) => text.parse().map(Some).map_err(io::Error::other),
        Err(VarError::NotPresent) => Ok(None),
        Err(other) => Err(io::Error::other(other)),
    }
}

/// Opens with the parser. One that panics has been given a damaged file.
fn opened(bytes: &[u8]) -> Answer {
    match catch_unwind(|| pages(bytes)) {
        Ok(Ok(pages)) => Answer::Pages(pages),
        Ok(Err(wrong)) => Answer::Problem(wrong),
        Err(_) => Answer::Problem(Wrong::Damaged),
    }
}

/// Whether a PDF can be opened.
#[cfg(feature = "fuzzing")]
pub(crate) fn opens(bytes: &[u8]) -> bool {
    matches!(opened(bytes), Answer::Pages(_))
}

fn pages(bytes: &[u8]) -> Result<u32, Wrong> {
    let promised = match Document::load_metadata_mem(bytes) {
        // Also when it opens with an empty password: its sender meant to withhold something, and the tribunal could not work with it.
        Ok(about) if about.encrypted => return Err(Wrong::Encrypted),
        Ok(about) => about.page_count,
        Err(error) if needs_password(&error) => return Err(Wrong::Encrypted),
        Err(_) => return Err(Wrong::Damaged),
    };
    // Other readers of PDFs look for lost pages too, before they give up.
    let found = match found(bytes, promised, false)? {
        Some(pages) => Some(pages),
        None => found(bytes, promised, true)?,
    };
    found.ok_or(Wrong::Damaged)
}

/// How many pages there are, if there are any and as many as were promised, and each can be reached; some page must show something. With
/// `rebuild`, objects are looked for in the whole file and not where its table says they are.
fn found(bytes: &[u8], promised: u32, rebuild: bool) -> Result<Option<u32>, Wrong> {
    let options = LoadOptions {
        filter: Some(without_what_is_drawn),
        max_decompressed_size: Some(UNPACKED_BYTES),
        force_reconstruct: rebuild,
        ..LoadOptions::default()
    };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(error) if needs_password(&error) => return Err(Wrong::Encrypted),
        Err(_) => return Err(Wrong::Damaged),
    };
    if document.was_encrypted() || document.is_encrypted() {
        return Err(Wrong::Encrypted);
    }
    let mut pages = 0;
    // The parser gives a page that cannot be read as if it were there.
    for page in document.page_iter() {
        if document.get_dictionary(page).is_err() {
            return Ok(None);
        }
        pages += 1;
    }
    if pages == 0 || pages < promised {
        return Ok(None);
    }
    if blank::is_blank(&document) {
        return Err(Wrong::Blank);
    }
    Ok(Some(pages))
}

/// Pages are counted without what is drawn on them: pictures are most of a large file, and need not be in memory twice. Streams of
/// objects hold pages, and stay; so does the little that a blank page may have.
fn without_what_is_drawn(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && !stream.dict.has_type(b"ObjStm")
        && !blank::may_be_of_a_blank_page(stream)
    {
        return None;
    }
    Some((id, object.clone()))
}

fn needs_password(error: &lopdf::Error) -> bool {
    matches!(
        error,
        lopdf::Error::InvalidPassword
            | lopdf::Error::Decryption(_)
            | lopdf::Error::UnsupportedSecurityHandler(_)
            | lopdf::Error::AlreadyEncrypted
    )
}
