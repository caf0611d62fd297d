//! The package whose texts these are: what it says, what uses it, and the way from both to Rust.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::code;
use crate::file::File;
use crate::mistake::Mistake;
use crate::text::{Side, common_texts};
use crate::usage::{found_by_id, with_function};

/// One language of the package.
#[derive(Debug)]
pub(crate) struct Language {
    /// Its folder inside the package, with `/` between folders.
    pub(crate) folder: String,
    pub(crate) files: Vec<File>,
}

/// All that is read from disk.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) french: Language,
    pub(crate) english: Language,
    /// The Rust sources and the templates.
    pub(crate) sources: Vec<String>,
}

impl Package {
    /// Reads the package at `root`, whose texts are in `folder` inside it.
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, Vec<Mistake>> {
        let french = read_language(root, &folder.join("fr"));
        let english = read_language(root, &folder.join("en"));
        let sources = read_sources(root);
        match (french, english, sources) {
            (Ok(french), Ok(english), Ok(sources)) => Ok(Self {
                french,
                english,
                sources,
            }),
            (french, english, sources) => {
                let mistakes = [french.err(), english.err(), sources.err()];
                Err(mistakes.into_iter().flatten().flatten().collect())
            }
        }
    }

    /// The generated source, or all mistakes.
    pub(crate) fn source(&self, families: &[String]) -> Result<String, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let french = Catalogue::read(&self.french.files, &mut mistakes);
        let english = Catalogue::read(&self.english.files, &mut mistakes);
        let (french, english) = match (french, english) {
            (Ok(french), Ok(english)) => (french, english),
            (french, english) => {
                let unreadable = [french.err(), english.err()];
                return Err(unreadable.into_iter().flatten().flatten().collect());
            }
        };
        let mut texts = common_texts(
            Side {
                folder: &self.french.folder,
                catalogue: &french,
            },
            Side {
                folder: &self.english.folder,
                catalogue: &english,
            },
            &mut mistakes,
        );
        let needed = with_function(
            &texts,
            families,
            &self.sources,
            [&french, &english],
            &mut mistakes,
        );
        if mistakes.is_empty() {
            texts.retain(|text| needed.contains(&text.id));
            let by_id = found_by_id(&texts, families);
            Ok(code::write(
                &self.french.files,
                &self.english.files,
                &texts,
                &by_id,
            ))
        } else {
            Err(mistakes)
        }
    }
}

fn read_language(root: &Path, folder: &Path) -> Result<Language, Vec<Mistake>> {
    let shown = in_package(folder);
    let mut files = Vec::new();
    for path in entries(&root.join(folder))? {
        if has_extension(&path, "ftl") {
            let content = fs::read_to_string(&path).map_err(storage(&path))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push(File {
                path: format!("{shown}/{name}"),
                content,
            });
        }
    }
    if files.is_empty() {
        return Err(vec![Mistake::NoFile { folder: shown }]);
    }
    Ok(Language {
        folder: shown,
        files,
    })
}

fn read_sources(root: &Path) -> Result<Vec<String>, Vec<Mistake>> {
    let mut sources = Vec::new();
    let is_rust = |path: &Path| has_extension(path, "rs");
    read_below(&root.join("src"), &is_rust, &mut sources)?;
    read_below(&root.join("templates"), &|_| true, &mut sources)?;
    Ok(sources)
}

/// Reads the files below `folder` that `wanted` accepts; no folder, no files.
fn read_below(
    folder: &Path,
    wanted: &dyn Fn(&Path) -> bool,
    into: &mut Vec<String>,
) -> Result<(), Vec<Mistake>> {
    if !folder.exists() {
        return Ok(());
    }
    for path in entries(folder)? {
        if path.is_dir() {
            read_below(&path, wanted, into)?;
        } else if wanted(&path) {
            let content = fs::read(&path).map_err(storage(&path))?;
            into.push(String::from_utf8_lossy(&content).into_owned());
        }
    }
    Ok(())
}

/// What is in `folder`, sorted: the same texts make the same source.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Vec<Mistake>> {
    let entries = fs::read_dir(folder).map_err(storage(folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths
        .collect::<io::Result<Vec<_>>>()
        .map_err(storage(folder))?;
    paths.sort();
    Ok(paths)
}

fn storage(path: &Path) -> impl FnOnce(io::Error) -> Vec<Mistake> {
    let path = path.to_owned();
    |source| vec![Mistake::Storage { path, source }]
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn in_package(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
