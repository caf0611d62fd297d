//! Statements: texts that the tribunal signs, each of a kind. The signature is over kind and text, so that what was signed as one kind is
//! worth nothing as another, nor as a checkpoint. The text is kept and verified as it was signed, byte for byte.

use sha2::{Digest, Sha256};

use crate::key::{SigningKey, VerifierKey};

/// What a statement is. A further kind is a further name here; a name is never used for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The receipt of a submission.
    Receipt,
    /// The record of service of a document from the tribunal.
    ServiceRecord,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Receipt, Self::ServiceRecord];

    /// The name that is signed, and the media type of the text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "application/vnd.mon-dossier.receipt.v1+json",
            Self::ServiceRecord => "application/vnd.mon-dossier.service-record.v1+json",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What is signed: the encoding of DSSE (<https://github.com/secure-systems-lab/dsse>), in which type and text cannot run together. A
/// checkpoint begins with a key's name and a new line; no key's name has a space, so no checkpoint begins like this.
fn signed_bytes(kind: &str, text: &str) -> Vec<u8> {
    format!("DSSEv1 {} {kind} {} {text}", kind.len(), text.len()).into_bytes()
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    kind: Kind,
    text: String,
    key: String,
    signature: [u8; 64],
}

/// What was kept is no signed statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no signed statement")]
pub struct StoredMalformed;

impl SignedStatement {
    /// Signs a text.
    pub fn sign(kind: Kind, text: String, key: &SigningKey) -> Self {
        Self {
            signature: key.sign(&signed_bytes(kind.name(), &text)),
            key: key.verifier().reference(),
            kind,
            text,
        }
    }

    /// From its parts, as they were kept or carried. Nothing is verified.
    ///
    /// # Errors
    /// [`StoredMalformed`] for an unknown kind, or what is no signature.
    pub fn from_parts(
        kind: &str,
        text: String,
        key: String,
        signature: &[u8],
    ) -> Result<Self, StoredMalformed> {
        Ok(Self {
            kind: Kind::from_name(kind).ok_or(StoredMalformed)?,
            text,
            key,
            signature: signature.try_into().map_err(|_| StoredMalformed)?,
        })
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The text, as it was signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key that signed it: `name+id`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The signature.
    pub const fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The key among these that it names; `None` where there is none.
    pub fn named<'a>(&self, keys: &'a [VerifierKey]) -> Option<&'a VerifierKey> {
        keys.iter().find(|key| key.reference() == self.key)
    }

    /// Whether that key signed it.
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        let signed = signed_bytes(self.kind.name(), &self.text);
        key.reference() == self.key && key.verifies(&signed, &self.signature)
    }

    /// Its entry in the log: a digest of everything, from which nobody learns anything, as the text has a salt that nobody can guess.
    pub fn entry(&self) -> [u8; 32] {
        let signed = signed_bytes(self.kind.name(), &self.text);
        digest(
            b"mon-dossier log entry of a statement",
            &[&signed, &self.signature],
        )
    }
}

/// The entry of an audit seal in the log: its number and its link, which is a keyed hash and tells nothing.
pub fn seal_entry(number: i64, link: &[u8; 32]) -> [u8; 32] {
    digest(
        b"mon-dossier log entry of an audit seal",
        &[&number.to_be_bytes(), link],
    )
}

/// Each part is preceded by its length, so that parts cannot run together.
fn digest(label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in std::iter::once(&label).chain(parts) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
