//! Turns an adapter's Fluent files into Rust functions while the adapter is built: a text that is missing, or misses an
//! argument, in one of the two languages cannot compile. It knows Fluent and Rust's names, and nothing of the tribunal.
//!
//! # To add a text
//!
//! 1. Write it in the adapter's `texts/fr/*.ftl` and, under the same id and with the same arguments, in `texts/en/*.ftl`:
//!    ```text
//!    delegation-ends-on = La délégation prend fin le { $date }.
//!    places-left = { $places ->
//!        [one] Il reste { $places } place.
//!       *[other] Il reste { $places } places.
//!    }
//!    ```
//! 2. Use it: `t.delegation_ends_on(date)` and `t.places_left(2)`, where `t` is `texts::french()` or `texts::english()`.
//!    In an askama template: `{{ t.delegation_ends_on(date) }}`.
//!
//! Ids and arguments are lower-case words joined by hyphens. A function takes its arguments in the order of the alphabet,
//! so that a new word order in a text swaps nothing; a text without any is only lent (`&'static str`), any other is made. An argument that chooses a plural (`[one]`, `[2]`) or goes through
//! `NUMBER($places)` is a whole number; every other one is a text, so dates and sizes arrive already written in the
//! reader's language. A `-term` takes no arguments, nothing has attributes, and nothing is changed on its way: a no-break
//! space in a file is a no-break space on the page.
//!
//! A text that no source calls, and that stands in no other text, is a mistake too. Texts found by an id that is only
//! known when the portal runs, such as those of problems, are a family named with [`Build::used_by_name`] and found with
//! `t.by_id("problem-…")`.
//!
//! # To give an adapter texts
//!
//! It has `fluent-bundle` and `unic-langid` as dependencies, `wording` as a build-dependency, and in its `build.rs`
//! (which opens with a `//!` line, as every file does):
//!
//! ```no_run
//! wording::build("texts").used_by_name("problem-").generate();
//! ```
//!
//! and where it wants the texts:
//!
//! ```text
//! //! What the adapter says, in French and in English.
//! include!(concat!(env!("OUT_DIR"), "/texts.rs"));
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

mod catalogue;
mod code;
mod file;
mod mentions;
mod mistake;
mod package;
mod text;
mod usage;

#[cfg(test)]
mod tests;

pub use file::Place;
pub use mistake::Mistake;

use package::Package;

/// Starts from the folder, inside the package being built, that holds `fr/*.ftl` and `en/*.ftl`.
pub fn build(folder: impl Into<PathBuf>) -> Build {
    Build {
        folder: folder.into(),
        families: Vec::new(),
    }
}

/// What to make functions of.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `generate`"]
pub struct Build {
    folder: PathBuf,
    families: Vec<String>,
}

impl Build {
    /// Names a family: texts without arguments whose ids start with `prefix` and are looked up with `by_id`, so that no
    /// source needs to call them one by one.
    ///
    /// The first family also brings the generated `Texts::by_id` and `IDS`, the sorted ids of all families.
    pub fn used_by_name(mut self, prefix: impl Into<String>) -> Self {
        self.families.push(prefix.into());
        self
    }

    /// Writes `texts.rs` into Cargo's `OUT_DIR`; for a build script.
    ///
    /// On a mistake the build fails, with a list of all of them, each with its place and what to do.
    #[expect(
        clippy::print_stdout,
        reason = "Cargo reads a build script's standard output"
    )]
    pub fn generate(self) {
        for watched in [
            self.folder.as_path(),
            Path::new("src"),
            Path::new("templates"),
        ] {
            // A path that does not exist would make Cargo run the script on every build.
            if watched.exists() {
                println!("cargo::rerun-if-changed={}", watched.display());
            }
        }
        // One such line is enough for Cargo to fail the build. An exit code would do so too, but then Cargo prints all
        // the script said a second time.
        for mistake in self.write().err().into_iter().flatten() {
            println!("cargo::error={mistake}");
        }
    }

    /// The Rust source for the package at `root`, as [`generate`](Self::generate) writes it.
    ///
    /// # Errors
    /// Every mistake found in the texts and in their use.
    pub fn source(&self, root: &Path) -> Result<String, Vec<Mistake>> {
        let package = Package::read(root, &self.folder)?;
        package.source(&self.families)
    }

    fn write(&self) -> Result<(), Vec<Mistake>> {
        let root = told_by_cargo("CARGO_MANIFEST_DIR")?;
        let path = told_by_cargo("OUT_DIR")?.join("texts.rs");
        let source = self.source(&root)?;
        fs::write(&path, source).map_err(|source| vec![Mistake::Storage { path, source }])
    }
}

fn told_by_cargo(variable: &'static str) -> Result<PathBuf, Vec<Mistake>> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| vec![Mistake::OutsideCargo { variable }])
}
