//! Rules of the requirements that must each be named by a test. It shows that nobody forgot one; whether the test is a good one,
//! only people can tell.

use std::path::Path;

use crate::tidy::TextFile;

/// The rules that are due, by their numbers in the requirements. A rule joins the list with the work that brings it; it does not
/// leave again. A test names a rule in its comment or text (`SUB-2`), or in its own name (`fn sub_2_…`).
const DUE: &[&str] = &[
    "CASE-1", "CASE-2", "CASE-3", "CASE-4", "SUB-1", "SUB-2", "SUB-4", "SUB-6", "DEL-1", "DEL-2",
    "DEL-3", "DEL-4", "DEL-5", "DEL-8", "REG-1", "REG-2", "REG-3", "REG-6", "REG-8", "SEC-1",
    "SEC-2", "BOX-1", "BOX-2", "BOX-3", "PRO-1", "MAIL-1", "MAIL-3",
];

/// The rules that a person lives at a browser: each must stand in the name of a story there, since a test of the API says nothing about
/// what people can find and press.
const LIVED: &[&str] = &[
    "REG-1", "REG-2", "REG-3", "REG-4", "REG-5", "REG-6", "REG-7", "REG-8", "SEC-1", "CASE-1",
    "CASE-2", "CASE-3", "CASE-4", "SUB-1", "SUB-2", "SUB-3", "SUB-4", "SUB-5", "SUB-6", "SUB-7",
    "FORM-1", "BOX-1", "BOX-2", "BOX-3", "BOX-4", "PRO-1", "DEL-1", "DEL-2", "DEL-3", "DEL-4",
    "DEL-5", "DEL-6", "DEL-7", "DEL-8", "MAIL-1", "MAIL-2", "HELP-1", "HELP-2", "PRIV-1", "X-1",
    "X-2", "X-3", "X-4", "X-5", "X-7", "X-9", "X-10",
];

/// The rules that people live and that no story in a browser has in its name.
pub fn without_story(files: &[TextFile]) -> Vec<&'static str> {
    let stories: Vec<&str> = files
        .iter()
        .filter(|file| file.path.starts_with("browser/") && file.path.ends_with(".test.js"))
        .flat_map(|file| file.text.lines())
        .filter(|line| line.trim_start().starts_with("test("))
        .collect();
    LIVED
        .iter()
        .copied()
        .filter(|rule| !stories.iter().any(|story| names(story, rule)))
        .collect()
}

/// The rules that are due and that no test names.
pub fn without_test(files: &[TextFile]) -> Vec<&'static str> {
    let tests = test_code(files);
    DUE.iter()
        .copied()
        .filter(|rule| !tests.iter().any(|test| names(test, rule)))
        .collect()
}

/// All code that tests the product: files of tests, the ports' promises, and modules for tests beside what they test.
fn test_code(files: &[TextFile]) -> Vec<String> {
    // These commands' own tests know rules only as examples.
    let files: Vec<&TextFile> = files
        .iter()
        .filter(|file| !file.path.starts_with("xtask/"))
        .collect();
    let mut code = Vec::new();
    let mut modules = Vec::new();
    for file in &files {
        if is_test_file(&file.path) {
            code.push(file.text.clone());
        } else if is_rust(&file.path) {
            let found = test_modules(&file.text);
            code.extend(found.inline);
            modules.extend(
                found
                    .elsewhere
                    .iter()
                    .map(|name| format!("{}/{name}", children_of(&file.path))),
            );
        }
    }
    for file in files.iter().filter(|file| is_rust(&file.path)) {
        if modules.iter().any(|module| is_part_of(&file.path, module)) {
            code.push(file.text.clone());
        }
    }
    code
}

fn is_rust(path: &str) -> bool {
    has_extension(path, &["rs"])
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let extension = Path::new(path).extension().unwrap_or_default();
    extensions.iter().any(|wanted| extension == *wanted)
}

fn is_test_file(path: &str) -> bool {
    let tests = is_rust(path) && path.contains("/tests/");
    let in_browser = path.starts_with("browser/") && has_extension(path, &["js", "mjs", "ts"]);
    tests || in_browser || path.starts_with("crates/contract/src/")
}

/// The folder where the modules of a source file have their own files.
fn children_of(path: &str) -> &str {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    ["/lib", "/main", "/mod"]
        .iter()
        .find_map(|name| path.strip_suffix(name))
        .unwrap_or(path)
}

fn is_part_of(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// Modules of one file that are compiled for tests alone.
#[derive(Default)]
struct TestModules {
    /// The text of those that stand in the file.
    inline: Vec<String>,
    /// The names of those in files of their own.
    elsewhere: Vec<String>,
}

/// Finds test modules by their form, which rustfmt keeps the same everywhere: the closing brace stands under the `mod`.
fn test_modules(source: &str) -> TestModules {
    let mut found = TestModules::default();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            continue;
        }
        let Some(head) = lines.find(|line| !line.trim_start().starts_with("#[")) else {
            break;
        };
        let Some(name) = head
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ")
            .strip_prefix("mod ")
        else {
            continue;
        };
        if let Some(name) = name.strip_suffix(';') {
            found.elsewhere.push(name.to_owned());
        } else {
            let indent = head.len() - head.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            found.inline.push(body.join("\n"));
        }
    }
    found
}

/// Whether the text names the rule: as it is written in the requirements, or as a part of a function's name.
fn names(text: &str, rule: &str) -> bool {
    let as_name = rule.to_ascii_lowercase().replace('-', "_");
    text.lines().any(|line| {
        let function = line
            .trim_start()
            .split_once("fn ")
            .and_then(|(_, rest)| rest.split(['(', '<']).next());
        stands_alone(line, rule, |c| c.is_alphanumeric() || c == '-')
            || function.is_some_and(|name| stands_alone(name, &as_name, char::is_alphanumeric))
    })
}

/// Whether `word` occurs in `text` where no character beside it makes it part of a longer one (`SUB-1` in `SUB-10`).
fn stands_alone(text: &str, word: &str, lengthens: impl Fn(char) -> bool) -> bool {
    text.match_indices(word).any(|(start, _)| {
        let before = text
            .get(..start)
            .and_then(|before| before.chars().next_back());
        let after = text
            .get(start + word.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(&lengthens) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn named_in(files: &[TextFile]) -> bool {
        test_code(files).iter().any(|code| names(code, "ABC-1"))
    }

    #[test]
    fn a_story_counts_by_its_name_alone() {
        let story = |text: &str| without_story(&[file("browser/cases.test.js", text)]);
        assert!(
            !story("  test(\"CASE-1, X-10: counsel finds a case\", async () => {\n")
                .contains(&"CASE-1")
        );
        assert!(story("// CASE-1\n").contains(&"CASE-1"));
        assert!(story("test(\"CASE-10\")\n").contains(&"CASE-1"));
        let elsewhere = [file("browser/look.js", "test(\"CASE-1\")\n")];
        assert!(without_story(&elsewhere).contains(&"CASE-1"));
    }

    #[test]
    fn a_rule_is_named_as_written_or_in_a_functions_name() {
        for text in [
            "/// ABC-1: it holds.",
            "(ABC-1, ABC-2)",
            "test('ABC-1 holds', …)",
            "async fn abc_1_holds() {",
            "fn so_abc_1() {",
        ] {
            assert!(names(text, "ABC-1"), "{text}");
        }
    }

    #[test]
    fn a_longer_number_or_a_variable_is_not_the_rule() {
        for text in [
            "ABC-10",
            "DABC-1",
            "X-ABC-1",
            "let abc_1 = 2;",
            "fn abc_10() {",
            "fn holds(abc_1: u8) {",
        ] {
            assert!(!names(text, "ABC-1"), "{text}");
        }
    }

    #[test]
    fn code_that_is_not_a_test_does_not_count() {
        assert!(!named_in(&[file(
            "crates/domain/src/case.rs",
            "/// ABC-1\nfn rule() {}\n"
        )]));
        assert!(!named_in(&[file("docs/abc.md", "ABC-1\n")]));
        assert!(!named_in(&[file("xtask/tests/rules.rs", "ABC-1\n")]));
    }

    #[test]
    fn tests_count_wherever_they_are_kept() {
        for path in [
            "adapters/web/tests/cases.rs",
            "apps/portal/tests/stories/one.rs",
            "browser/cases.test.js",
            "crates/contract/src/storage.rs",
        ] {
            assert!(named_in(&[file(path, "// ABC-1\n")]), "{path}");
        }
    }

    #[test]
    fn a_module_for_tests_counts_up_to_its_closing_brace() {
        let module = "#[cfg(test)]\nmod tests {\n    fn abc_1() {\n    }\n}\n";
        assert!(named_in(&[file("crates/domain/src/case.rs", module)]));
        let after = "#[cfg(test)]\nmod tests {\n}\n\n/// ABC-1\nfn rule() {}\n";
        assert!(!named_in(&[file("crates/domain/src/case.rs", after)]));
        let not_a_module = "#[cfg(test)]\nuse std::fs;\n/// ABC-1\nfn rule() {}\n";
        assert!(!named_in(&[file(
            "crates/domain/src/case.rs",
            not_a_module
        )]));
    }

    #[test]
    fn a_module_for_tests_in_files_of_its_own_counts_with_its_children() {
        for (parent, child) in [
            (
                "crates/domain/src/case.rs",
                "crates/domain/src/case/model.rs",
            ),
            (
                "crates/domain/src/lib.rs",
                "crates/domain/src/model/moves.rs",
            ),
        ] {
            let child = || file(child, "// ABC-1\n");
            assert!(named_in(&[
                file(parent, "#[cfg(test)]\n#[rustfmt::skip]\nmod model;\n"),
                child()
            ]));
            assert!(!named_in(&[file(parent, "mod model;\n"), child()]));
        }
    }
}
