//! Files of cases: JSON Lines, one case object per line, read from beginning to end without ever holding more than a few lines of them
//! (CASE-1). A byte order mark, carriage returns and empty lines are forgiven.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use application::ports::case_lines::{CaseLines, LineFault, SentLine, Unreadable};
use async_trait::async_trait;
use case_object::{BYTES_AT_MOST, NotAnObject, read};

/// Bytes in the lines of one part; the line that passes it is the part's last.
const PART_BYTES: usize = 4 * BYTES_AT_MOST;

/// A file of cases.
pub struct CaseFile {
    /// Elsewhere while a part of it is read.
    lines: Option<Lines<Box<dyn BufRead + Send>>>,
}

impl CaseFile {
    /// Opens the file.
    ///
    /// # Errors
    /// The system's own.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self::of(BufReader::with_capacity(256 * 1024, file)))
    }

    /// What comes from that reader.
    pub fn of(reader: impl BufRead + Send + 'static) -> Self {
        Self {
            lines: Some(Lines::new(Box::new(reader))),
        }
    }
}

#[async_trait]
impl CaseLines for CaseFile {
    async fn next(&mut self, limit: usize) -> Result<Vec<SentLine>, Unreadable> {
        let Some(mut lines) = self.lines.take() else {
            return Ok(Vec::new());
        };
        // Parsing a thousand objects would hold up other work.
        let read = tokio::task::spawn_blocking(move || {
            let part = lines.part(limit);
            (lines, part)
        });
        let (lines, part) = read.await.map_err(|error| Unreadable(error.into()))?;
        self.lines = Some(lines);
        part.map_err(Unreadable)
    }
}

/// Lines, counted.
struct Lines<R> {
    reader: R,
    number: u64,
    buffer: Vec<u8>,
}

/// How a line was.
enum Taken {
    /// It is in the buffer.
    Whole,
    /// Its bytes were passed over.
    TooLong,
    /// There is no further one.
    End,
}

impl<R: BufRead> Lines<R> {
    const fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            buffer: Vec::new(),
        }
    }

    fn part(&mut self, limit: usize) -> io::Result<Vec<SentLine>> {
        let (mut part, mut bytes) = (Vec::new(), 0);
        while part.len() < limit && bytes < PART_BYTES {
            let sent = match self.take()? {
                Taken::End => break,
                Taken::TooLong => Err(LineFault::TooLong(BYTES_AT_MOST)),
                Taken::Whole => {
                    let line = self.line();
                    if line.is_empty() {
                        continue;
                    }
                    bytes += line.len();
                    read(line).map_err(|why| match why {
                        NotAnObject::BrokenOff => LineFault::BrokenOff,
                        NotAnObject::Otherwise => LineFault::NotAnObject,
                    })
                }
            };
            let line = self.number;
            part.push(SentLine { line, sent });
        }
        Ok(part)
    }

    /// What is in the buffer, without what surrounds the object.
    fn line(&self) -> &[u8] {
        let line = self.buffer.as_slice();
        let line = if self.number == 1 {
            line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line)
        } else {
            line
        };
        line.trim_ascii()
    }

    /// Takes the next line into the buffer, up to its end or the end of the file. Of one that is too long, nothing is kept.
    fn take(&mut self) -> io::Result<Taken> {
        self.buffer.clear();
        let mut begun = false;
        let mut too_long = false;
        loop {
            let bytes = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if bytes.is_empty() && !begun {
                return Ok(Taken::End);
            }
            if !begun {
                begun = true;
                self.number += 1;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(bytes.len());
            let more = bytes.get(..taken).unwrap_or_default();
            if self.buffer.len() + more.len() > BYTES_AT_MOST {
                too_long = true;
                self.buffer.clear();
            }
            if !too_long {
                self.buffer.extend_from_slice(more);
            }
            let is_last = end.is_some() || bytes.is_empty();
            let consumed = taken + usize::from(end.is_some());
            self.reader.consume(consumed);
            if is_last {
                return Ok(if too_long {
                    Taken::TooLong
                } else {
                    Taken::Whole
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of the file's lines, each with the file number that it says or why it does not.
    fn read_all(
        mut lines: Lines<impl BufRead>,
        limit: usize,
    ) -> Vec<(u64, Result<String, LineFault>)> {
        let mut all = Vec::new();
        loop {
            let part = lines.part(limit).unwrap();
            if part.is_empty() {
                return all;
            }
            assert!(part.len() <= limit);
            for SentLine { line, sent } in part {
                all.push((line, sent.map(|sent| sent.file_number.unwrap_or_default())));
            }
        }
    }

    fn lines(bytes: &[u8]) -> Vec<(u64, Result<String, LineFault>)> {
        read_all(Lines::new(bytes), 2)
    }

    #[expect(clippy::unnecessary_wraps, reason = "lines are read or not")]
    fn said(number: &str) -> Result<String, LineFault> {
        Ok(number.to_owned())
    }

    /// CASE-1: a byte order mark, carriage returns, empty lines and a missing end of line change nothing, and lines are counted as editors do.
    #[test]
    fn files_of_every_kind_are_read() {
        let file = "\u{feff}{\"file_number\":\"A\"}\r\n\r\n  \n{\"file_number\":\"B\"}\n {\"file_number\":\"C\"} ";
        assert_eq!(
            lines(file.as_bytes()),
            [(1, said("A")), (4, said("B")), (5, said("C"))]
        );
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n\n"), []);
        assert_eq!(lines("\u{feff}".as_bytes()), []);
    }

    /// CASE-1: a line that is no case, or breaks off, is told, and those around it are read.
    #[test]
    fn a_bad_line_spoils_no_other() {
        let file = b"{\"file_number\":\"A\"}\nnonsense\n{\"file_number\":\"\xff\"}\n{\"file_number\":\"B\"}\n{\"file_number\":\"C\",\"part";
        assert_eq!(
            lines(file),
            [
                (1, said("A")),
                (2, Err(LineFault::NotAnObject)),
                (3, Err(LineFault::NotAnObject)),
                (4, said("B")),
                (5, Err(LineFault::BrokenOff)),
            ]
        );
    }

    /// A line without end is passed over without being held, wherever it stands; one that is as long as may be is read.
    #[test]
    fn a_line_without_end_is_passed_over() {
        let object = "{\"file_number\":\"A\"}";
        let longest = format!("{object}{}", " ".repeat(BYTES_AT_MOST - object.len()));
        let too_long = format!("{longest} ");
        let file = format!("{too_long}\n{longest}\n{too_long}\n{object}\n{too_long}");
        let too_long = || Err(LineFault::TooLong(BYTES_AT_MOST));
        let reader = BufReader::with_capacity(7, file.as_bytes());
        let mut lines = Lines::new(reader);
        let read = lines.part(10).unwrap();
        assert_eq!(read.len(), 5);
        assert!(lines.buffer.capacity() <= 2 * BYTES_AT_MOST);
        let reader = BufReader::with_capacity(100_000, file.as_bytes());
        assert_eq!(
            read_all(Lines::new(reader), 10),
            [
                (1, too_long()),
                (2, said("A")),
                (3, too_long()),
                (4, said("A")),
                (5, too_long()),
            ]
        );
    }

    /// However many lines are asked for, a part holds a few of the largest at most.
    #[test]
    fn a_part_of_large_lines_is_short() {
        let large = format!("{}\n", " ".repeat(BYTES_AT_MOST));
        let object = format!("{{\"x\":\"{}\"}}\n", "y".repeat(BYTES_AT_MOST - 10));
        let file = format!("{}{}", large.repeat(9), object.repeat(12));
        let mut lines = Lines::new(file.as_bytes());
        let mut parts = [(); 4].map(|()| lines.part(1_000).unwrap().len());
        assert_eq!(parts.iter().sum::<usize>(), 12);
        parts.sort_unstable();
        assert_eq!(parts, [0, 2, 5, 5]);
    }

    /// A file is read part by part to its end.
    #[tokio::test]
    async fn a_file_is_read_to_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "{\"file_number\":\"A\"}\n".repeat(5)).unwrap();
        let mut cases = CaseFile::open(file.path()).unwrap();
        for expected in [2, 2, 1, 0, 0] {
            assert_eq!(cases.next(2).await.unwrap().len(), expected);
        }
        assert!(CaseFile::open(Path::new("/nowhere")).is_err());
    }
}
