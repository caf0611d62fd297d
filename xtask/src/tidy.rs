//! Small promises that no compiler keeps: manifests that repeat nothing, modules that introduce themselves, names that say what
//! a thing is for, clean text, a current lock file for the fuzz targets, and for every rule that is due a test that names it (`rules`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{fuzz_lock, rules, tool};

/// A file of the repository that is text, by its path from the top.
pub struct TextFile {
    /// For instance `crates/domain/src/case.rs`.
    pub path: String,
    /// Everything in it.
    pub text: String,
}

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "shared",
];

/// Folders whose Rust is ours to introduce.
const RUST_FOLDERS: &[&str] = &["crates/", "adapters/", "apps/", "migrations/", "xtask/"];

/// What one machine has and the next has not, in parts so that this line is not itself found.
const MACHINE_FOLDER: [&str; 3] = ["/", "work", "/"];

/// The words of the pages in French.
const FRENCH_PAGES: &str = "adapters/web/texts/fr/";

/// Never the project's own, where git cannot be asked.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "data", "screenshots"];

/// Looks at the whole repository and lists everything that is not tidy.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    let files = text_files(&workspace.root)?;
    let mut faults = Vec::new();
    for package in &workspace.packages {
        let manifest = fs::read_to_string(&package.manifest)
            .map_err(|error| Failure::new(format!("{}: {error}", package.manifest.display())))?;
        let shown = package
            .manifest
            .strip_prefix(&workspace.root)
            .unwrap_or(&package.manifest);
        faults.extend(
            manifest_faults(&manifest)
                .into_iter()
                .map(|fault| format!("{}: {fault}", shown.display())),
        );
    }
    for file in &files {
        faults.extend(
            file_faults(file)
                .into_iter()
                .map(|fault| format!("{}: {fault}", file.path)),
        );
    }
    let untested = rules::without_test(&files);
    faults.extend(
        untested
            .iter()
            .map(|rule| format!("{rule}: no test names this rule")),
    );
    faults.extend(
        rules::without_story(&files)
            .iter()
            .map(|rule| format!("{rule}: no story in browser/ has this rule in its name")),
    );
    faults.extend(fuzz_lock::faults(workspace)?);
    Failure::unless_empty(
        &faults,
        "xtask/src/tidy.rs and xtask/src/rules.rs say what is looked at, and why.",
    )
}

/// Every text file that is in git or will be; where git cannot be asked, every one that is not plainly something else.
fn text_files(root: &Path) -> Result<Vec<TextFile>, Failure> {
    let listed = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let paths = match tool::read(Command::new("git").args(listed).current_dir(root)) {
        Ok(paths) => paths.split_terminator('\0').map(str::to_owned).collect(),
        Err(_) => {
            walk(root).map_err(|error| Failure::new(format!("{}: {error}", root.display())))?
        }
    };
    let read = |path: String| {
        let text = String::from_utf8(fs::read(root.join(&path)).ok()?).ok()?;
        (!text.contains('\0')).then_some(TextFile { path, text })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

fn walk(root: &Path) -> std::io::Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if let Some(path) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) {
                paths.push(path.to_owned());
            }
        }
    }
    Ok(paths)
}

/// The workspace says versions, lints and the like once; a package only takes them from there.
fn manifest_faults(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = match toml::from_str(manifest) {
        Ok(manifest) => manifest,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    let from_workspace = |value: Option<&toml::Value>| {
        value
            .and_then(|value| value.get("workspace"))
            .and_then(toml::Value::as_bool)
            == Some(true)
    };
    if !from_workspace(manifest.get("lints")) {
        faults.push("needs `[lints] workspace = true`".to_owned());
    }
    for field in ["version", "edition", "rust-version", "license", "publish"] {
        if !from_workspace(
            manifest
                .get("package")
                .and_then(|package| package.get(field)),
        ) {
            faults.push(format!("needs `{field}.workspace = true`"));
        }
    }
    let for_targets = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::values);
    for table in for_targets
        .filter_map(toml::Value::as_table)
        .chain([&manifest])
    {
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for (name, value) in table
                .get(section)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten()
            {
                if !from_workspace(Some(value)) {
                    faults.push(format!("{section}: `{name}` needs `workspace = true`, its version stands in the top Cargo.toml"));
                }
            }
        }
    }
    faults
}

fn file_faults(file: &TextFile) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(name) = empty_name(&file.path) {
        faults.push(format!("`{name}` does not say what is inside"));
    }
    if must_introduce_itself(&file.path) && !introduces_itself(&file.text) {
        faults.push("opens without `//!`: what is it for, what may it know?".to_owned());
    }
    let machine_folder = MACHINE_FOLDER.concat();
    for (number, line) in (1..).zip(file.text.split('\n')) {
        if line.contains(&machine_folder) {
            faults.push(format!(
                "line {number} names a folder of one machine, {machine_folder}"
            ));
        }
        if file.path.starts_with(FRENCH_PAGES) && !line.starts_with('#') && breaks_in_french(line) {
            faults.push(format!(
                "line {number} may break before a mark: U+202F goes before ; ? !, and U+00A0 before : and inside « »"
            ));
        }
        if !is_recorded(&file.path) && line.ends_with(char::is_whitespace) {
            faults.push(format!("line {number} ends in white space"));
        }
    }
    if !is_recorded(&file.path) && !file.text.is_empty() && !file.text.ends_with('\n') {
        faults.push("the last line does not end".to_owned());
    }
    faults
}

/// Whether a mark that French sets apart stands without the space that does not break.
fn breaks_in_french(line: &str) -> bool {
    let mut before = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let ends = rest.peek().is_none_or(|next| next.is_whitespace());
        let apart = match c {
            ';' | '?' | '!' if ends => before == Some('\u{202f}'),
            ':' if ends => before == Some('\u{a0}'),
            '»' => before == Some('\u{a0}'),
            '«' => rest.peek() == Some(&'\u{a0}'),
            _ => true,
        };
        if !apart {
            return true;
        }
        before = Some(c);
    }
    false
}

/// The first part of a path that is a name without meaning.
fn empty_name(path: &str) -> Option<&str> {
    let stem = |part: &'_ str| {
        part.split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    path.split('/')
        .find(|part| EMPTY_NAMES.contains(&stem(part).as_str()))
}

/// Our own Rust; not what lies in a folder below `tests` to be read as a sample.
fn must_introduce_itself(path: &str) -> bool {
    let sample = path
        .split_once("/tests/")
        .is_some_and(|(_, below)| below.contains('/') && !below.ends_with("/mod.rs"));
    let rust = Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs");
    rust && !sample && RUST_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

fn introduces_itself(source: &str) -> bool {
    source
        .lines()
        .find(|line| !line.trim().is_empty())
        .is_some_and(|line| line.starts_with("//!"))
}

/// What was recorded is kept to the byte: answers that tests compare with, and files that tests send or begin with.
fn is_recorded(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "snapshots" | "fixtures" | "seeds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "\
        [package]\nname = \"case\"\nversion.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
        license.workspace = true\npublish.workspace = true\n\
        [dependencies]\ntime.workspace = true\n\
        uuid = { workspace = true, features = [\n  \"v7\",\n] }\n";
    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn faults(path: &str, text: &str) -> Vec<String> {
        file_faults(&TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn a_manifest_that_repeats_nothing_is_tidy() {
        assert!(manifest_faults(&format!("{MANIFEST}{LINTS}")).is_empty());
    }

    #[test]
    fn a_manifest_without_the_lints_is_not() {
        assert_eq!(
            manifest_faults(MANIFEST),
            ["needs `[lints] workspace = true`"]
        );
    }

    #[test]
    fn a_version_said_again_is_found_in_every_section() {
        for section in [
            "dev-dependencies",
            "build-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            for value in ["\"1\"", "{ version = \"1\" }", "{ path = \"../toml\" }"] {
                let faults =
                    manifest_faults(&format!("{MANIFEST}{LINTS}[{section}]\ntoml = {value}\n"));
                assert_eq!(faults.len(), 1, "{section}: {value}");
                assert!(faults[0].contains("`toml` needs"), "{faults:?}");
            }
        }
        let edition = MANIFEST.replace("edition.workspace = true", "edition = \"2021\"");
        assert_eq!(
            manifest_faults(&format!("{edition}{LINTS}")),
            ["needs `edition.workspace = true`"]
        );
    }

    #[test]
    fn a_module_introduces_itself() {
        assert!(faults("crates/domain/src/case.rs", "\n//! A case.\n").is_empty());
        assert_eq!(
            faults("crates/domain/src/case.rs", "// A case.\n//! What it is.\n").len(),
            1
        );
        assert_eq!(faults("crates/domain/src/case.rs", "").len(), 1);
        for free in ["docs/example.rs", "crates/wording/tests/small/main.rs"] {
            assert!(faults(free, "fn main() {}\n").is_empty(), "{free}");
        }
    }

    #[test]
    fn names_say_what_is_inside() {
        for path in [
            "docs/misc.md",
            "browser/Helpers.js",
            "crates/domain/tests/common/mod.rs",
            "browser/utils.test.js",
        ] {
            assert!(empty_name(path).is_some(), "{path}");
        }
        assert_eq!(empty_name("crates/domain/src/case_management.rs"), None);
    }

    #[test]
    fn text_is_clean() {
        assert!(faults("docs/a.md", "one\n\ntwo\n").is_empty());
        assert_eq!(
            faults("docs/a.md", "one \ntwo\t\n"),
            ["line 1 ends in white space", "line 2 ends in white space"]
        );
        assert_eq!(
            faults("docs/a.md", "one\r\n"),
            ["line 1 ends in white space"]
        );
        assert_eq!(faults("docs/a.md", "one"), ["the last line does not end"]);
        assert!(faults("adapters/web/tests/snapshots/page.snap", "one \ntwo").is_empty());
    }

    #[test]
    fn french_marks_hold_to_their_words() {
        let file = |text: &str| faults("adapters/web/texts/fr/a.ftl", text);
        for good in [
            "a = Oui\u{202f}? Non\u{202f}; «\u{a0}a\u{a0}»\u{a0}: { $b }\n",
            "# Mots : tous.\n",
            "a = 9:30\n",
        ] {
            assert!(file(good).is_empty(), "{good}");
        }
        for bad in [
            "a = Oui ?\n",
            "a = Oui?\n",
            "a = Un; deux\n",
            "a = Un : deux\n",
            "a = « un »\n",
        ] {
            assert_eq!(file(bad).len(), 1, "{bad}");
        }
        assert!(faults("adapters/web/texts/en/a.ftl", "a = Yes?\n").is_empty());
    }

    #[test]
    fn no_file_names_a_folder_of_one_machine() {
        let text = format!("see {}notes\n", MACHINE_FOLDER.concat());
        assert_eq!(faults("docs/a.md", &text).len(), 1);
        assert!(faults("docs/a.md", "see network/notes\n").is_empty());
    }
}
