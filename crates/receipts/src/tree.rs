//! Merkle trees of RFC 6962, section 2.1: hashes, and where in a tree the hashes of a range of entries stand.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// A SHA-256 hash in a tree; in text, base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// No hash: not the base64 of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes in base64")]
pub struct BadHash;

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = BadHash;

    fn from_str(text: &str) -> Result<Self, BadHash> {
        let bytes = STANDARD.decode(text).map_err(|_| BadHash)?;
        bytes.try_into().map(Self).map_err(|_| BadHash)
    }
}

/// The hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut digest = Sha256::new();
    digest.update([0]);
    digest.update(entry);
    Hash(digest.finalize().into())
}

/// The hash of two that stand side by side.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update([1]);
    digest.update(left.0);
    digest.update(right.0);
    Hash(digest.finalize().into())
}

/// The root of a tree without entries.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// The root of a complete tree over those hashes, of which there are a power of two.
pub(crate) fn complete_root(hashes: &[Hash]) -> Option<Hash> {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                _ => None,
            })
            .collect::<Option<_>>()?;
    }
    row.first().copied()
}

/// A complete subtree: `2^height` entries from `index * 2^height` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) height: u32,
    pub(crate) index: u64,
}

/// Entries from `from`, before `until`, whose hash a proof needs. Such a range begins where a tree of its size may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) until: u64,
}

impl Span {
    const fn length(self) -> u64 {
        self.until - self.from
    }

    /// The largest power of two that is smaller than the range, where RFC 6962 splits it. For ranges of two or more.
    const fn split(self) -> u64 {
        self.from + (1 << (self.length() - 1).ilog2())
    }

    /// The complete subtrees that it consists of, from left to right.
    pub(crate) fn nodes(self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut from = self.from;
        while from < self.until {
            let height = (self.until - from).ilog2();
            nodes.push(Node {
                height,
                index: from >> height,
            });
            from += 1 << height;
        }
        nodes
    }

    /// The ranges whose hashes prove that the entry at `index` is in this one, from the leaf's sibling up (RFC 6962, 2.1.1).
    pub(crate) fn path_to(mut self, index: u64) -> Vec<Self> {
        let mut path = Vec::new();
        while self.length() > 1 {
            let middle = self.split();
            let (left, right) = self.at(middle);
            let (into, beside) = if index < middle {
                (left, right)
            } else {
                (right, left)
            };
            path.push(beside);
            self = into;
        }
        path.reverse();
        path
    }

    /// The ranges whose hashes prove that this tree began as the one of `old` entries, of which there is at least one (RFC 6962, 2.1.2).
    pub(crate) fn path_from(mut self, old: u64) -> Vec<Self> {
        let mut path = Vec::new();
        let mut whole = true;
        while old < self.until {
            let middle = self.split();
            let (left, right) = self.at(middle);
            if old <= middle {
                path.push(right);
                self = left;
            } else {
                path.push(left);
                self = right;
                whole = false;
            }
        }
        if !whole {
            path.push(self);
        }
        path.reverse();
        path
    }

    const fn at(self, middle: u64) -> (Self, Self) {
        let left = Self {
            from: self.from,
            until: middle,
        };
        let right = Self {
            from: middle,
            until: self.until,
        };
        (left, right)
    }
}
