//! Pages that are printed by the program itself, so that they cannot say something else than it does. They are kept in the
//! repository to be read there; this module writes them, and tells when they have fallen behind.

use std::fs;
use std::process::Command;

use crate::failure::Failure;
use crate::tool;
use crate::workspace::Workspace;

/// A page, and the portal's command that prints it.
const PAGES: &[(&str, &str)] = &[
    ("docs/openapi.json", "openapi"),
    ("docs/configuration.md", "configuration"),
];

/// Whether the repository keeps any of the pages.
pub fn any(workspace: &Workspace) -> bool {
    PAGES
        .iter()
        .any(|(page, _)| workspace.root.join(page).exists())
}

/// Writes every page as the portal prints it that was built last.
pub fn write(workspace: &Workspace) -> Result<(), Failure> {
    for (page, command) in PAGES {
        let file = workspace.root.join(page);
        let printed = printed(workspace, command)?;
        if fs::read_to_string(&file).is_ok_and(|kept| kept == printed) {
            tool::say(&format!("{page}: as it was"));
            continue;
        }
        let written = file
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&file, printed));
        written.map_err(|error| Failure::new(format!("{page} could not be written: {error}")))?;
        tool::say(&format!("{page}: written"));
    }
    Ok(())
}

/// Fails where a page is missing or differs from what the portal prints that was built last.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    let mut faults = Vec::new();
    for (page, command) in PAGES {
        match fs::read_to_string(workspace.root.join(page)) {
            Ok(kept) => faults.extend(
                difference(&kept, &printed(workspace, command)?)
                    .map(|difference| format!("{page}, {difference}")),
            ),
            Err(error) => faults.push(format!("{page}: {error}")),
        }
    }
    Failure::unless_empty(&faults, "`cargo xtask docs` writes these pages anew.")
}

fn printed(workspace: &Workspace, command: &str) -> Result<String, Failure> {
    let portal = workspace.target.join("debug/portal");
    let text = tool::read(Command::new(portal).arg(command))?;
    Ok(format!("{}\n", text.trim_end()))
}

/// The first line in which the two differ.
fn difference(kept: &str, printed: &str) -> Option<String> {
    if kept == printed {
        return None;
    }
    let (mut kept, mut printed) = (kept.split('\n'), printed.split('\n'));
    let mut number = 1;
    loop {
        match (kept.next(), printed.next()) {
            (Some(kept), Some(printed)) if kept == printed => number += 1,
            (kept, printed) => {
                let line = |line: Option<&str>| {
                    line.map_or_else(|| "nothing".to_owned(), |line| format!("`{line}`"))
                };
                return Some(format!(
                    "line {number}: the page has {}, the portal prints {}",
                    line(kept),
                    line(printed)
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn equal_pages_do_not_differ() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn the_first_difference_is_told() {
        let told = |kept, printed| difference(kept, printed).unwrap();
        assert_eq!(
            told("a\nb\n", "a\nc\n"),
            "line 2: the page has `b`, the portal prints `c`"
        );
        assert_eq!(
            told("a\n", "a\nb\n"),
            "line 2: the page has ``, the portal prints `b`"
        );
        assert_eq!(
            told("a", "a\nb"),
            "line 2: the page has nothing, the portal prints `b`"
        );
    }
}
