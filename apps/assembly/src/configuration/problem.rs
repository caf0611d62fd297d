//! One thing that is wrong with the configuration, in one line for the person who has to put it right: where, and what to do.

use std::fmt;

/// Where in the configuration: `terms.delegation`, or `tribunal.regions.zone, entry 3`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct At(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    /// An entry of a list, the first being 0.
    Entry(usize),
}

impl At {
    /// The key of that dotted name.
    pub(super) fn key(dotted: &str) -> Self {
        Self::default().then(dotted.split('.'))
    }

    /// A key of the table here.
    pub(super) fn then<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut steps = self.0.clone();
        steps.extend(
            names
                .into_iter()
                .map(|name| Step::Name(printable(name).collect())),
        );
        Self(steps)
    }

    /// An entry of the list here, the first being 0.
    pub(super) fn entry(&self, number: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Entry(number));
        Self(steps)
    }

    /// The way from the outermost section.
    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether a list stands between here and the outermost section.
    pub(super) fn is_in_a_list(&self) -> bool {
        self.0.iter().any(|step| matches!(step, Step::Entry(_)))
    }

    /// Without the numbers of entries: `tribunal.regions.zone`.
    pub(super) fn dotted(&self) -> String {
        let names: Vec<_> = self.names().collect();
        names.join(".")
    }

    /// The variable of the environment: `MONDOSSIER__TERMS__DELEGATION`.
    pub(super) fn variable(&self) -> String {
        let names: Vec<_> = self.names().map(str::to_ascii_uppercase).collect();
        format!("{}{}", super::PREFIX, names.join("__"))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Entry(_) => None,
        })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted())?;
        self.0.iter().try_for_each(|step| match step {
            Step::Name(_) => Ok(()),
            Step::Entry(number) => write!(f, ", entry {}", number + 1),
        })
    }
}

/// One thing that is wrong. It never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    at: String,
    source: Option<String>,
    what: String,
}

impl Problem {
    /// Something about a value that came from `source`, if there is one.
    pub(super) fn new(at: &At, source: Option<&str>, what: impl Into<String>) -> Self {
        Self {
            at: at.to_string(),
            source: source.map(str::to_owned),
            what: what.into(),
        }
    }

    /// Something about the whole file.
    pub(super) fn of_file(file: &std::path::Path, what: impl Into<String>) -> Self {
        Self {
            at: file.display().to_string(),
            source: None,
            what: what.into(),
        }
    }

    /// That there is no file; told where something is missing that may be in one.
    pub(super) fn without_file() -> Self {
        let variable = super::FILE;
        Self {
            at: "--config".to_owned(),
            source: None,
            what: format!(
                "names no file, and {variable} none either: what has no default must be in the environment"
            ),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.at)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        f.write_str(": ")?;
        // Other programs' words may run over several lines; a problem is one.
        printable(&self.what).try_for_each(|c| write!(f, "{c}"))
    }
}

/// Text from outside, safe to write in a line.
fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c })
}

/// The configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationError {
    /// What is wrong with it. Values that cannot be read are told before values that do not go together.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used")?;
        let mut problems = self.problems.iter();
        problems.try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigurationError {}

impl From<Problem> for ConfigurationError {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl ConfigurationError {
    /// Nothing, if nothing is wrong.
    pub(super) fn unless_none(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self { problems })
        }
    }
}
