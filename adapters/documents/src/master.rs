//! The tribunal's master keys, and the envelope in which each document's own key lies under one of them. Knows AES-256-GCM, and
//! nothing of where bytes are.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use domain::document::DocumentId;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

/// What an envelope of this shape begins with.
const VERSION: u8 = 1;
const NONCE: usize = 12;
const KEY: usize = 32;
const SIZE: usize = 8;
const TAG: usize = 16;
const SEALED: usize = KEY + SIZE + TAG;

/// How long an envelope is, in bytes.
pub(crate) const ENVELOPE: usize = 1 + KeyId::LENGTH + NONCE + SEALED;

/// The name of a master key: it follows from the key, tells nothing about it, and says in each envelope which key opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; Self::LENGTH]);

impl KeyId {
    const LENGTH: usize = 8;

    fn of(key: &[u8; KEY]) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"mon-dossier master key of documents\0");
        digest.update(key);
        Self(first(&digest.finalize()))
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A key under which documents' own keys are kept.
pub struct MasterKey {
    id: KeyId,
    cipher: Aes256Gcm,
}

impl MasterKey {
    /// From 32 bytes that nobody can guess.
    pub fn new(key: &SecretBox<[u8; KEY]>) -> Self {
        Self {
            id: KeyId::of(key.expose_secret()),
            cipher: Aes256Gcm::new(key.expose_secret().into()),
        }
    }

    /// Its name.
    pub const fn id(&self) -> KeyId {
        self.id
    }
}

/// Every master key that is still needed.
pub struct MasterKeys {
    newest: MasterKey,
    former: Vec<MasterKey>,
}

/// Why an envelope does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvelopeError {
    /// It is none, it is another document's, or it was changed.
    #[error("the envelope of the document's key was altered")]
    Altered,
    /// It lies under a key that is not among ours.
    #[error("the document's key lies under master key {0}, which is not configured")]
    KeyUnknown(KeyId),
}

/// A document's own key, and how many bytes the document has.
pub(crate) struct DocumentKey {
    pub(crate) key: SecretBox<[u8; KEY]>,
    pub(crate) size: u64,
}

impl MasterKeys {
    /// New documents lie under `newest`; the former ones open what lies under them until keys were rotated.
    pub const fn new(newest: MasterKey, former: Vec<MasterKey>) -> Self {
        Self { newest, former }
    }

    /// Puts a document's key into an envelope under the newest master key. `chance` must be new random bytes.
    pub(crate) fn wrap(
        &self,
        id: DocumentId,
        key: &DocumentKey,
        chance: [u8; 32],
    ) -> Result<Vec<u8>, EnvelopeError> {
        let nonce: [u8; NONCE] = first(&chance);
        let plain = SecretBox::new(Box::new({
            let mut plain = [0; KEY + SIZE];
            let parts = key.key.expose_secret().iter().copied();
            for (to, from) in plain.iter_mut().zip(parts.chain(key.size.to_be_bytes())) {
                *to = from;
            }
            plain
        }));
        let payload = Payload {
            msg: plain.expose_secret(),
            aad: &about(id, self.newest.id),
        };
        let sealed = self.newest.cipher.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| EnvelopeError::Altered)?;
        Ok([&[VERSION][..], &self.newest.id.0, &nonce, &sealed].concat())
    }

    /// Opens the envelope of a document.
    pub(crate) fn unwrap(
        &self,
        id: DocumentId,
        envelope: &[u8],
    ) -> Result<DocumentKey, EnvelopeError> {
        let under = master_of(envelope)?;
        let rest = envelope.get(1 + KeyId::LENGTH..).unwrap_or_default();
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(EnvelopeError::Altered)?;
        let master = std::iter::once(&self.newest)
            .chain(&self.former)
            .find(|master| master.id == under)
            .ok_or(EnvelopeError::KeyUnknown(under))?;
        let payload = Payload {
            msg: sealed,
            aad: &about(id, under),
        };
        let plain = master.cipher.decrypt(&Nonce::from(*nonce), payload);
        let plain = SecretBox::new(Box::new(plain.map_err(|_| EnvelopeError::Altered)?));
        let (key, size) = plain
            .expose_secret()
            .split_first_chunk::<KEY>()
            .ok_or(EnvelopeError::Altered)?;
        let size = size.try_into().map_err(|_| EnvelopeError::Altered)?;
        Ok(DocumentKey {
            key: SecretBox::new(Box::new(*key)),
            size: u64::from_be_bytes(size),
        })
    }

    /// Whether an envelope lies under the newest key.
    pub(crate) fn is_newest(&self, envelope: &[u8]) -> bool {
        master_of(envelope) == Ok(self.newest.id)
    }
}

/// The master key that an envelope names.
fn master_of(envelope: &[u8]) -> Result<KeyId, EnvelopeError> {
    match envelope.split_first() {
        Some((&VERSION, rest)) if envelope.len() == ENVELOPE => Ok(KeyId(first(rest))),
        _ => Err(EnvelopeError::Altered),
    }
}

/// What an envelope is bound to: it opens for no other document.
fn about(id: DocumentId, master: KeyId) -> Vec<u8> {
    [&[VERSION][..], id.uuid().as_bytes(), &master.0].concat()
}

/// The first bytes of more.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}
