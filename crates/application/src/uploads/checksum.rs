//! What a sender says that bytes come to, so that what a bad line changed is sent again.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How it is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-1, which every client of the protocol knows; it guards against accidents here, not against people.
    Sha1,
}

impl Algorithm {
    /// Every one, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sha1];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha1 => 20,
        }
    }
}

/// A digest that bytes must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    digest: Vec<u8>,
}

/// A checksum that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the checksum cannot be used")]
pub struct ChecksumUnusable;

impl Checksum {
    /// Of that algorithm.
    ///
    /// # Errors
    /// [`ChecksumUnusable`] for a digest of another length, or an algorithm that is not offered.
    pub fn new(algorithm: &str, digest: Vec<u8>) -> Result<Self, ChecksumUnusable> {
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|known| known.name() == algorithm)
            .filter(|known| known.bytes() == digest.len())
            .ok_or(ChecksumUnusable)?;
        Ok(Self { algorithm, digest })
    }
}

/// A digest in the making.
pub(super) enum Digesting {
    Sha256(Sha256),
    Sha1(Sha1),
}

impl Digesting {
    pub(super) fn of(checksum: &Checksum) -> Self {
        match checksum.algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
        }
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(digest) => digest.update(bytes),
            Self::Sha1(digest) => digest.update(bytes),
        }
    }

    pub(super) fn is(self, expected: &Checksum) -> bool {
        match self {
            Self::Sha256(digest) => digest.finalize().as_slice() == expected.digest,
            Self::Sha1(digest) => digest.finalize().as_slice() == expected.digest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(hex: &str) -> Vec<u8> {
        let digits: Vec<char> = hex.chars().collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
        digits.chunks(2).map(|pair| byte(pair).unwrap()).collect()
    }

    /// the digests of FIPS 180-4's `abc`, in pieces; a bit off is another.
    #[test]
    fn bytes_come_to_their_checksum() {
        let known = [
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
        ];
        for (algorithm, hex) in known {
            let checksum = Checksum::new(algorithm, digest(hex)).unwrap();
            let mut digesting = Digesting::of(&checksum);
            digesting.take(b"a");
            digesting.take(b"bc");
            assert!(digesting.is(&checksum), "{algorithm}");
            let mut digesting = Digesting::of(&checksum);
            digesting.take(b"abd");
            assert!(!digesting.is(&checksum), "{algorithm}");
        }
    }

    /// What is no checksum is told apart from a wrong one.
    #[test]
    fn what_is_none_is_refused() {
        for (algorithm, length) in [("md5", 16), ("sha1", 32), ("sha256", 20), ("", 0)] {
            let refused = Checksum::new(algorithm, vec![0; length]);
            assert_eq!(refused, Err(ChecksumUnusable), "{algorithm} {length}");
        }
    }
}
