//! Secrets that a holder presents to be recognised: a session's value in a cookie, an API token. Storage has their hashes alone.

use std::fmt::Write;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::ports::records::SecretHash;

/// A random value of 256 bits, in hexadecimal after an optional prefix. A plain hash suffices: nobody can guess it.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// A new secret.
    pub(crate) fn new(prefix: &str, random: [u8; 32]) -> Self {
        let mut text = prefix.to_owned();
        for byte in random {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text.into())
    }

    /// What somebody presents.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned().into())
    }

    /// In clear, to hand to its holder once.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What storage knows it by.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.expose_secret().as_bytes()).into())
    }
}
