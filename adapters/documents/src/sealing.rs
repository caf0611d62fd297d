//! A document on its way from quarantine to where it is kept: sealed piece by piece as it is read. Everything here may block.

use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;

use crate::sealed::{PIECE, Pieces, SEALED_PIECE};

/// What is stored of a document, from its beginning to its end.
pub(crate) struct Sealing {
    plain: File,
    pieces: Pieces,
    envelope: Option<Vec<u8>>,
    next: u64,
}

impl Sealing {
    /// The whole of `plain`, which MUST be as long as `pieces` says.
    pub(crate) const fn new(plain: File, pieces: Pieces, envelope: Vec<u8>) -> Self {
        Self {
            plain,
            pieces,
            envelope: Some(envelope),
            next: 0,
        }
    }

    /// How many bytes will have come.
    pub(crate) const fn length(&self) -> u64 {
        self.pieces.stored()
    }

    /// The next bytes; none after the last.
    pub(crate) fn next(&mut self) -> io::Result<Option<Bytes>> {
        if let Some(envelope) = self.envelope.take() {
            return Ok(Some(envelope.into()));
        }
        if self.next >= self.pieces.count() {
            return Ok(None);
        }
        let mut piece = Vec::with_capacity(SEALED_PIECE);
        (&mut self.plain)
            .take(PIECE as u64)
            .read_to_end(&mut piece)?;
        let sealed = self.pieces.seal(self.next, &mut piece);
        self.next += 1;
        sealed.map_err(io::Error::other)?;
        Ok(Some(piece.into()))
    }

    /// The next bytes, about as many as asked for; none after the last.
    pub(crate) fn next_many(&mut self, about: usize) -> io::Result<Vec<Bytes>> {
        let (mut many, mut length) = (Vec::new(), 0);
        while length < about {
            let Some(next) = self.next()? else { break };
            length += next.len();
            many.push(next);
        }
        Ok(many)
    }
}
