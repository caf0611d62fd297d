//! What commands say on standard output. Whoever reads it may stop before its end, as `head` does: that is no failure, and the rest goes
//! nowhere.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Prints text as it stands.
///
/// # Errors
/// What kept standard output from being written; not that nobody reads it any more.
pub fn text(text: Arguments<'_>) -> io::Result<()> {
    write(io::stdout().lock(), text)
}

/// Prints a line.
///
/// # Errors
/// As for [`text`].
pub fn line(line: Arguments<'_>) -> io::Result<()> {
    text(format_args!("{line}\n"))
}

fn write(mut output: impl Write, text: Arguments<'_>) -> io::Result<()> {
    let written = output.write_fmt(text).and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let what = format!("standard output cannot be written: {error}");
            Err(io::Error::new(error.kind(), what))
        }
        Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that takes nothing.
    struct Closed(ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn only_a_reader_who_left_is_no_failure() {
        let told = |kind| write(Closed(kind), format_args!("a word"));
        assert!(told(ErrorKind::BrokenPipe).is_ok());
        let full = told(ErrorKind::StorageFull).unwrap_err();
        assert_eq!(full.kind(), ErrorKind::StorageFull);
        assert!(full.to_string().starts_with("standard output"), "{full}");
    }
}
