//! The tribunal's secret key, and the hashes under it: HMAC-SHA-256, with a key of its own for each purpose, derived as HKDF's expansion
//! does.

use application::ports::keys::{KeyedHash, Purpose};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

/// Why a text is no key.
#[derive(Debug, thiserror::Error)]
#[error("secrets.key must be 64 hexadecimal digits; `openssl rand -hex 32` makes one")]
pub struct NotAKey;

/// The key, and those that it took the place of. Never shown, and wiped from memory when dropped.
pub struct TribunalKey {
    present: SecretBox<[u8; 32]>,
    /// The newest first.
    former: Vec<SecretBox<[u8; 32]>>,
}

impl TribunalKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`NotAKey`], also for a key of one digit alone, which nobody drew by lot.
    pub fn parse(text: &SecretString) -> Result<Self, NotAKey> {
        drawn_bytes(text).map(Self::from_bytes)
    }

    /// From drawn bytes.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self {
            present: SecretBox::new(Box::new(key)),
            former: Vec::new(),
        }
    }

    /// The same key, which took the place of those, the newest first: what was hashed under them is still known.
    ///
    /// # Errors
    /// [`NotAKey`], if one of them is none.
    pub fn after(self, former: &[SecretString]) -> Result<Self, NotAKey> {
        let former = former.iter().map(drawn_bytes);
        let former = former.map(|key| key.map(|key| SecretBox::new(Box::new(key))));
        Ok(Self {
            former: former.collect::<Result<_, _>>()?,
            ..self
        })
    }
}

/// The hash under one of them.
fn hash_under(key: &SecretBox<[u8; 32]>, purpose: Purpose, message: &[u8]) -> [u8; 32] {
    let key = hmac(key.expose_secret(), &[label(purpose), &[1]]);
    hmac(&key, &[message])
}

/// The 32 bytes of 64 hexadecimal digits.
///
/// # Errors
/// [`NotAKey`], also for one digit alone, which nobody drew by lot.
pub(crate) fn drawn_bytes(text: &SecretString) -> Result<[u8; 32], NotAKey> {
    let digits = text.expose_secret().trim().as_bytes();
    let hexadecimal = digits.iter().all(u8::is_ascii_hexdigit);
    let drawn = digits.iter().any(|digit| Some(digit) != digits.first());
    if digits.len() != 64 || !hexadecimal || !drawn {
        return Err(NotAKey);
    }
    let mut key = [0; 32];
    for (byte, two) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let two = std::str::from_utf8(two).map_err(|_| NotAKey)?;
        *byte = u8::from_str_radix(two, 16).map_err(|_| NotAKey)?;
    }
    Ok(key)
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A shorter key is one that is filled up with zeros (RFC 2104, section 2).
    let mut block = [0; 64];
    for (filled, byte) in block.iter_mut().zip(key) {
        *filled = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

const fn label(purpose: Purpose) -> &'static [u8] {
    match purpose {
        Purpose::AccessCode => b"mon-dossier access code",
        Purpose::AuditTrail => b"mon-dossier audit trail",
        Purpose::Throttle => b"mon-dossier throttle",
        Purpose::Request => b"mon-dossier request",
    }
}

impl KeyedHash for TribunalKey {
    fn hash(&self, purpose: Purpose, message: &[u8]) -> [u8; 32] {
        hash_under(&self.present, purpose, message)
    }

    fn former_hashes(&self, purpose: Purpose, message: &[u8]) -> Vec<[u8; 32]> {
        let former = self.former.iter();
        former
            .map(|key| hash_under(key, purpose, message))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REG-2: the hash depends on key, purpose and message, and on nothing else.
    #[test]
    fn a_hash_is_of_its_key_purpose_and_message() {
        let key = |byte| TribunalKey::from_bytes([byte; 32]);
        let hash = key(1).hash(Purpose::AccessCode, b"code");
        assert_eq!(hash, key(1).hash(Purpose::AccessCode, b"code"));
        assert_ne!(hash, key(2).hash(Purpose::AccessCode, b"code"));
        assert_ne!(hash, key(1).hash(Purpose::AuditTrail, b"code"));
        assert_ne!(hash, key(1).hash(Purpose::AccessCode, b"cod"));
    }

    #[test]
    fn what_nobody_drew_by_lot_is_no_key() {
        let parse = |text: String| TribunalKey::parse(&text.into()).is_ok();
        assert!(parse("0123456789abcdef".repeat(4)));
        assert!(!parse("0".repeat(64)));
        assert!(!parse("0123456789abcdef".repeat(3)));
        assert!(!parse("g123456789abcdef".repeat(4)));
        assert!(!parse("+123456789abcdef".repeat(4)));
    }
}
