//! Tables for spreadsheets: CSV in UTF-8 with the mark by which they know it, in which no cell is ever a formula (CASE-4, X-7).

use crate::problem::Problem;

/// A table in the making.
pub(crate) struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    /// The first thing that went wrong.
    failed: Option<csv::Error>,
}

impl Sheet {
    /// A table whose columns have these names.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".into());
        let mut sheet = Self {
            writer,
            failed: None,
        };
        sheet.add(columns);
        sheet
    }

    /// One more row.
    pub(crate) fn add(&mut self, cells: &[impl AsRef<str>]) {
        let written = self
            .writer
            .write_record(cells.iter().map(|cell| harmless(cell.as_ref())));
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }

    /// The file's bytes.
    pub(crate) fn finish(self) -> Result<Vec<u8>, Problem> {
        if let Some(error) = self.failed {
            return Err(Problem::internal(error));
        }
        self.writer
            .into_inner()
            .map_err(|error| Problem::internal(error.to_string()))
    }
}

/// A cell that a spreadsheet takes for text. What begins like a formula gets an apostrophe, by which spreadsheets know that it is none; so
/// does what begins so after white space, or in the wide forms that some of them take for the same.
fn harmless(cell: &str) -> String {
    let begins = cell.starts_with(['\t', '\r', '\n']);
    let formula = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins || formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(sheet: Sheet) -> Vec<Vec<String>> {
        let bytes = sheet.finish().unwrap();
        let text = std::str::from_utf8(&bytes).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| row.iter().map(str::to_owned).collect())
            .collect()
    }

    /// CASE-4: what somebody called themselves never runs in a counsel's spreadsheet, and nothing else is changed.
    #[test]
    fn no_cell_is_a_formula() {
        let formulas = [
            "=HYPERLINK(\"http://a.example\",\"Open\")",
            "+1",
            "-1+2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "＝1",
        ];
        let plain = [
            "Nguyễn Thị Lan",
            "O'Neil, \"Zoé\"",
            "a=b",
            "line\nbreak",
            "",
            "11-1002-0001",
        ];
        let mut sheet = Sheet::new(&["Name"]);
        for cell in formulas.iter().chain(&plain) {
            sheet.add(&[cell]);
        }
        let read = cells(sheet);
        let expected = formulas.iter().map(|cell| format!("'{cell}"));
        let expected = expected.chain(plain.iter().map(|cell| (*cell).to_owned()));
        let expected: Vec<_> = std::iter::once("Name".to_owned()).chain(expected).collect();
        assert_eq!(read.into_iter().flatten().collect::<Vec<_>>(), expected);
    }
}
