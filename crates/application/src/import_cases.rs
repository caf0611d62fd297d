//! A file of cases comes in (CASE-1): one object per line, a part at a time, each part in a transaction. A line that cannot be used is told
//! with its number and what to do, and the others go in. Running it again, also after it was cut off, changes nothing that is there.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use domain::case::FileNumber;
use domain::case_feed::{Fault, FieldProblem, SaidCase};
use domain::policy::{Action, Actor, Job, authorize};
use futures_util::future::join;

use crate::feed_cases::{Fed, Outcome, feed};
use crate::ports::case_lines::{CaseLines, LineFault, SentLine, Unreadable};
use crate::{Application, UseCaseError};

/// Lines in one transaction.
const AT_A_TIME: usize = 1_000;
/// So many refused lines are told; more say nothing new.
pub const PROBLEMS_AT_MOST: usize = 100;

/// Why a line was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is no case.
    Line(LineFault),
    /// Fields of it cannot be used.
    Fields(Vec<FieldProblem>),
    /// An earlier line is of the same file.
    SaidBefore {
        /// Which.
        line: u64,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(fault) => fault.fmt(f),
            Self::Fields(problems) => {
                for (place, problem) in problems.iter().enumerate() {
                    let between = if place == 0 { "" } else { "; " };
                    write!(f, "{between}{problem}")?;
                }
                Ok(())
            }
            Self::SaidBefore { line } => write!(
                f,
                "line {line} is of the same file number; keep one of the two"
            ),
        }
    }
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// Which, counted from 1.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedCases {
    /// Cases that are new.
    pub inserted: u64,
    /// Cases that are not as they were.
    pub changed: u64,
    /// Cases that were on record already.
    pub unchanged: u64,
    /// Cases that are not on record, and whose retention period is over; they stay out.
    pub over: u64,
    /// Lines that were refused.
    pub refused: u64,
    /// The first of them, at most [`PROBLEMS_AT_MOST`].
    pub problems: Vec<RefusedLine>,
}

/// Why an import stopped. What came before is in; the same file can be imported again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read on.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
}

/// Imports the file.
///
/// # Errors
/// [`ImportError`].
pub async fn import_cases(
    app: &Application,
    lines: &mut dyn CaseLines,
) -> Result<ImportedCases, ImportError> {
    let actor = Actor::job(Job::ImportCases);
    let action = Action::RunJob(Job::ImportCases);
    authorize(&actor, &action, &app.moment(), &app.terms).map_err(UseCaseError::from)?;
    let mut import = Import::default();
    let mut part = lines.next(AT_A_TIME).await?;
    while !part.is_empty() {
        let (numbers, said) = import.sorted(part, app);
        // The next lines are read while these are written.
        let (fed, next) = join(feed(app, &actor, &action, &said), lines.next(AT_A_TIME)).await;
        for (line, outcome) in numbers.into_iter().zip(fed?) {
            import.count(line, outcome);
        }
        part = next?;
    }
    // Lines are refused for their fields before, and for their counsel after, those around them.
    import.done.problems.sort_by_key(|problem| problem.line);
    Ok(import.done)
}

#[derive(Default)]
struct Import {
    done: ImportedCases,
    /// On which line each file was said. By a hash: a hundred thousand numbers would be most of what this job holds.
    said: BTreeMap<u64, u64>,
}

impl Import {
    /// The cases that can be used, with their lines.
    fn sorted(&mut self, part: Vec<SentLine>, app: &Application) -> (Vec<u64>, Vec<SaidCase>) {
        let (mut lines, mut cases) = (Vec::new(), Vec::new());
        for SentLine { line, sent } in part {
            let said = sent.map_err(Why::Line).and_then(|sent| {
                let said = sent.checked(&app.tribunal).map_err(Why::Fields)?;
                self.first_of_file(line, said.file_number())?;
                Ok(said)
            });
            match said {
                Ok(said) => {
                    lines.push(line);
                    cases.push(said);
                }
                Err(why) => self.refuse(line, why),
            }
        }
        (lines, cases)
    }

    /// Which of two lines of the same file is right, nobody here can know; the first stands.
    fn first_of_file(&mut self, line: u64, number: &FileNumber) -> Result<(), Why> {
        let mut hasher = DefaultHasher::new();
        number.as_str().hash(&mut hasher);
        match *self.said.entry(hasher.finish()).or_insert(line) {
            first if first == line => Ok(()),
            first => Err(Why::SaidBefore { line: first }),
        }
    }

    fn count(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Ok(Fed::Created(_)) => self.done.inserted += 1,
            Ok(Fed::Changed(_)) => self.done.changed += 1,
            Ok(Fed::Unchanged(_)) => self.done.unchanged += 1,
            // In an import of everything there are many, and nobody has to put anything right.
            Err(problem) if problem.fault == Fault::PeriodOver => self.done.over += 1,
            Err(problem) => self.refuse(line, Why::Fields(vec![problem])),
        }
    }

    fn refuse(&mut self, line: u64, why: Why) {
        self.done.refused += 1;
        if self.done.problems.len() < PROBLEMS_AT_MOST {
            self.done.problems.push(RefusedLine { line, why });
        }
    }
}
