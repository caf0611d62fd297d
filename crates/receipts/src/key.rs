//! Keys as C2SP signed-note names them: a name, a short id, and an Ed25519 public key.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};

/// The byte by which signed-note knows Ed25519.
const ED25519: u8 = 1;

/// The name of a key, which is also the log's origin: a URL without its scheme, such as `mondossier.tribunal.example/log`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

/// A key's name has no white space, no control character and no `+`, and is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key's name is one word without a plus sign")]
pub struct BadKeyName;

impl KeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = BadKeyName;

    fn from_str(name: &str) -> Result<Self, BadKeyName> {
        let wrong = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.contains(wrong) {
            Err(BadKeyName)
        } else {
            Ok(Self(name.to_owned()))
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The public half, by which anybody verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: [u8; 4],
    key: VerifyingKey,
}

/// Why a text is no verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadVerifierKey {
    /// It is not `name+id+key`.
    #[error("a verifier key is a name, an id and a key, with a plus sign between them")]
    Malformed,
    /// Of another kind than Ed25519.
    #[error("the key is not of the kind that signs receipts (Ed25519)")]
    OtherKind,
    /// The id belongs to another name or key: something was copied wrong.
    #[error("name, id and key do not belong together; something was copied wrong")]
    IdDiffers,
}

impl VerifierKey {
    fn new(name: KeyName, key: VerifyingKey) -> Self {
        let mut digest = Sha256::new();
        digest.update(name.as_str());
        digest.update([b'\n', ED25519]);
        digest.update(key.as_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, ..] = digest;
        Self {
            name,
            id: [a, b, c, d],
            key,
        }
    }

    /// The key's name.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key's id, as signature lines begin with it.
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// By what statements name the key that signed them: `name+id`.
    pub fn reference(&self) -> String {
        let [a, b, c, d] = self.id;
        format!("{}+{a:02x}{b:02x}{c:02x}{d:02x}", self.name)
    }

    /// Whether the key signed that message. Strict: of one message and key there is one signature.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        write!(f, "{}+{}", self.reference(), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = BadVerifierKey;

    fn from_str(text: &str) -> Result<Self, BadVerifierKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadVerifierKey::Malformed);
        };
        let name: KeyName = name.parse().map_err(|_| BadVerifierKey::Malformed)?;
        let key = STANDARD
            .decode(key)
            .map_err(|_| BadVerifierKey::Malformed)?;
        let Some((&kind, key)) = key.split_first() else {
            return Err(BadVerifierKey::Malformed);
        };
        if kind != ED25519 {
            return Err(BadVerifierKey::OtherKind);
        }
        let key: &[u8; 32] = key.try_into().map_err(|_| BadVerifierKey::Malformed)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadVerifierKey::Malformed)?;
        let verifier = Self::new(name, key);
        if verifier.reference() == format!("{}+{id}", verifier.name) {
            Ok(verifier)
        } else {
            Err(BadVerifierKey::IdDiffers)
        }
    }
}

/// The secret half. Never shown, and wiped from memory when dropped.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl SigningKey {
    /// The key of that name that grows from a seed, which somebody drew by lot.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, key.verifying_key());
        Self { key, verifier }
    }

    /// The public half.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs. What the message is for is said in the message: see `statement` and `checkpoint`.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}
