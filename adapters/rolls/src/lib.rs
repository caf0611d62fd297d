//! The orders' rolls as CSV files, one per order: `<order>.csv` with the columns `number`, `family_name`, `given_name` and `standing`, which
//! is `good` or anything else (REG-1). One wrong line, and nothing of the file is used.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use application::ports::roll_files::{LineProblem, RollError, RollFiles};
use async_trait::async_trait;
use domain::code::Code;
use domain::membership::{MembershipNumber, Order, RollEntry};

/// More wrong lines than this say nothing new.
const PROBLEMS_AT_MOST: usize = 100;

const NOT_UTF8: &str = "the line is not UTF-8";

/// A folder of rolls.
#[derive(Debug, Clone)]
pub struct RollFolder {
    folder: PathBuf,
}

impl RollFolder {
    /// The rolls in that folder. It need not be there yet.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[async_trait]
impl RollFiles for RollFolder {
    async fn read(&self, order: &Code<Order>) -> Result<Option<Vec<RollEntry>>, RollError> {
        let file = self.folder.join(format!("{order}.csv"));
        let unavailable = |error: std::io::Error| RollError::Unavailable(Box::new(error));
        match tokio::fs::try_exists(&file).await {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(unavailable(error)),
        }
        // Parsing a roll of a hundred thousand lines would hold up other work.
        let read = move || read_roll(File::open(&file).map_err(unavailable)?).map(Some);
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|error| RollError::Unavailable(Box::new(error)))?
    }
}

/// Reads a roll to its end.
///
/// # Errors
/// [`RollError::Lines`] names every line that is wrong; [`RollError::Unavailable`] where the bytes cannot be read.
pub fn read_roll(from: impl Read) -> Result<Vec<RollEntry>, RollError> {
    let unavailable = |error: csv::Error| RollError::Unavailable(Box::new(error));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(from);
    let headers = reader.headers().map_err(|error| {
        if error.is_io_error() {
            unavailable(error)
        } else {
            RollError::Lines(vec![LineProblem {
                line: 1,
                what: NOT_UTF8.to_owned(),
            }])
        }
    })?;
    let columns = Columns::of(headers)?;
    let (mut roll, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let read = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                columns.entry(&record).map_err(|what| (line, what))
            }
            Err(error) if error.is_io_error() => return Err(unavailable(error)),
            Err(error) => Err((
                error.position().map_or(0, csv::Position::line),
                NOT_UTF8.to_owned(),
            )),
        };
        match read {
            Ok(entry) => roll.push(entry),
            Err((line, what)) if problems.len() < PROBLEMS_AT_MOST => {
                problems.push(LineProblem { line, what });
            }
            Err(_) => {}
        }
    }
    if problems.is_empty() && roll.is_empty() {
        // It would strike every member; a file cut off is likelier.
        problems.push(LineProblem {
            line: 2,
            what: "the roll lists nobody".to_owned(),
        });
    }
    if problems.is_empty() {
        Ok(roll)
    } else {
        Err(RollError::Lines(problems))
    }
}

/// Where each column is.
struct Columns {
    number: usize,
    family_name: usize,
    given_name: usize,
    standing: usize,
}

impl Columns {
    fn of(headers: &csv::StringRecord) -> Result<Self, RollError> {
        let find = |name: &str| {
            let mut headers = headers.iter();
            headers
                .position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
                .ok_or_else(|| {
                    RollError::Lines(vec![LineProblem {
                        line: 1,
                        what: format!("the column {name} is missing; the first line names the columns number, family_name, given_name and standing"),
                    }])
                })
        };
        Ok(Self {
            number: find("number")?,
            family_name: find("family_name")?,
            given_name: find("given_name")?,
            standing: find("standing")?,
        })
    }

    fn entry(&self, record: &csv::StringRecord) -> Result<RollEntry, String> {
        let text = |at: usize, name: &str| {
            record
                .get(at)
                .ok_or_else(|| format!("the column {name} is missing"))
        };
        let needed = |at: usize, name: &str| match text(at, name)? {
            "" => Err(format!("{name} is empty")),
            text => Ok(text.to_owned()),
        };
        Ok(RollEntry {
            number: MembershipNumber::parse(text(self.number, "number")?).ok(),
            family_name: needed(self.family_name, "family_name")?,
            given_name: needed(self.given_name, "given_name")?,
            in_good_standing: needed(self.standing, "standing")?.eq_ignore_ascii_case("good"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> Result<Option<Vec<RollEntry>>, RollError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cicc.csv"), text).unwrap();
        let rolls = RollFolder::new(folder.path().to_owned());
        rolls.read(&Code::parse("cicc").unwrap()).await
    }

    fn lines(read: Result<Option<Vec<RollEntry>>, RollError>) -> Vec<u64> {
        match read {
            Err(RollError::Lines(problems)) => problems.iter().map(|one| one.line).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// REG-1: a roll is read whatever the order of its columns, with accents and quotes.
    #[tokio::test]
    async fn a_roll_is_read() {
        let roll = read("\u{feff}standing,number,given_name,family_name\ngood,R1,Zoé,\"Côté, père\"\nSuspended,R2,Al,Li\n")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(roll[0].family_name, "Côté, père");
        assert_eq!(roll[0].number, MembershipNumber::parse("R1").ok());
        assert!(roll[0].in_good_standing);
        assert!(!roll[1].in_good_standing);
    }

    /// REG-1: wrong lines are named, and nothing of the file is used.
    #[tokio::test]
    async fn wrong_lines_are_named() {
        let text = "number,family_name,given_name,standing\nR1,Li,Al,good\nR2,,Al,good\nR3,Li\nR4,Li,Al,\n";
        assert_eq!(lines(read(text).await), [3, 4, 5]);
        assert_eq!(lines(read("number,family_name\nR1,Li\n").await), [1]);
        assert_eq!(
            lines(read("number,family_name,given_name,standing\n").await),
            [2]
        );
    }

    /// REG-1: a roll in another encoding is told by its line, be it the first one.
    #[test]
    fn a_line_that_is_not_utf8_is_named() {
        for (roll, line) in [
            (
                &b"pr\xe9nom,number,family_name,given_name,standing\n"[..],
                1,
            ),
            (
                b"number,family_name,given_name,standing\nR1,Li,Zo\xe9,good\n",
                2,
            ),
        ] {
            match read_roll(roll) {
                Err(RollError::Lines(problems)) => assert_eq!(problems[0].line, line),
                other => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn an_order_without_a_file_has_no_roll() {
        let rolls = RollFolder::new("/nowhere".into());
        let read = rolls.read(&Code::parse("cicc").unwrap()).await;
        assert!(matches!(read, Ok(None)));
    }
}
