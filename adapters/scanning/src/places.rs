//! Reading a file in places: never more at a time than was asked for, however large it is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A file that is looked at in places.
pub(crate) struct Places {
    file: File,
    size: u64,
}

impl Places {
    /// Of an open file.
    pub(crate) fn of(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }

    /// Bytes in the whole file.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Up to `length` bytes from `at` on; fewer where the file ends.
    pub(crate) fn at(&mut self, at: u64, length: u16) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::from(length));
        self.file.seek(SeekFrom::Start(at))?;
        (&mut self.file)
            .take(u64::from(length))
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// `N` bytes from `at` on, or nothing where the file ends before.
    pub(crate) fn exactly<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        let length = u16::try_from(N).map_err(io::Error::other)?;
        Ok(<[u8; N]>::try_from(self.at(at, length)?).ok())
    }

    /// Up to `length` bytes before the file's end.
    pub(crate) fn end(&mut self, length: u16) -> io::Result<Vec<u8>> {
        self.at(self.size.saturating_sub(u64::from(length)), length)
    }
}

/// Where `needle` begins first in `hay`.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|bytes| bytes == needle)
}

/// Where `needle` begins last in `hay`.
pub(crate) fn find_last(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).rposition(|bytes| bytes == needle)
}
