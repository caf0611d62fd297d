//! A document's bytes as they are stored: the envelope of its key, then pieces of 64 KiB, each sealed with AES-256-GCM in the STREAM
//! construction, so that none can be changed, moved, left out or put into another document unseen. Knows nothing of where they are.

use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::aead::Payload;
use aes_gcm::{Aes256Gcm, KeyInit};
use domain::document::DocumentId;
use secrecy::ExposeSecret;

use crate::master::{DocumentKey, ENVELOPE};

/// How many bytes of a document are sealed in one piece.
pub(crate) const PIECE: usize = 64 * 1024;
/// By how much a piece is longer when it is sealed.
const TAG: usize = 16;
/// How long a sealed piece is, but for the last.
pub(crate) const SEALED_PIECE: usize = PIECE + TAG;

/// Stored bytes that are not what was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored bytes were altered")]
pub(crate) struct Altered;

/// Seals or opens the pieces of one document, in any order.
pub(crate) struct Pieces {
    cipher: StreamBE32<Aes256Gcm>,
    about: [u8; 16],
    size: u64,
}

impl Pieces {
    /// Those of that document. Its key seals no other, so that the nonce needs no chance of its own.
    pub(crate) fn of(id: DocumentId, key: &DocumentKey) -> Self {
        let cipher = Aes256Gcm::new(key.key.expose_secret().into());
        Self {
            cipher: StreamBE32::from_aead(cipher, &[0; 7].into()),
            about: *id.uuid().as_bytes(),
            size: key.size,
        }
    }

    /// How many there are; a document without bytes has one.
    pub(crate) const fn count(&self) -> u64 {
        let pieces = self.size.div_ceil(PIECE as u64);
        if pieces == 0 { 1 } else { pieces }
    }

    /// How many bytes are stored, with the envelope.
    pub(crate) const fn stored(&self) -> u64 {
        (ENVELOPE as u64)
            .saturating_add(self.size)
            .saturating_add(self.count().saturating_mul(TAG as u64))
    }

    /// Seals a piece where it is.
    pub(crate) fn seal(&self, number: u64, piece: &mut Vec<u8>) -> Result<(), Altered> {
        let (position, last) = self.at(number)?;
        let sealed = self
            .cipher
            .encrypt_in_place(position, last, &self.about, piece);
        sealed.map_err(|_| Altered)
    }

    /// Opens a piece.
    pub(crate) fn open(&self, number: u64, sealed: &[u8]) -> Result<Vec<u8>, Altered> {
        let (position, last) = self.at(number)?;
        let (msg, aad) = (sealed, &self.about[..]);
        let plain = self.cipher.decrypt(position, last, Payload { msg, aad });
        plain.map_err(|_| Altered)
    }

    /// Where a piece stands, and whether it is the last.
    fn at(&self, number: u64) -> Result<(u32, bool), Altered> {
        let position = u32::try_from(number).map_err(|_| Altered)?;
        Ok((position, number.saturating_add(1) == self.count()))
    }
}
