//! Proofs that an entry is in the log, and that the log only grew (RFC 6962, 2.1.1 and 2.1.2), verified as RFC 9162 says in 2.1.3.2 and
//! 2.1.4.2; and the text in which a proof travels (c2sp.org/tlog-proof).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::checkpoint::decimal;
use crate::tile::{TileAt, Tiles, needed};
use crate::tree::{Hash, Span, node_hash};

/// A tile without which a hash cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tile {} of level {} is missing, or shorter than it should be", .0.number, .0.level)]
pub struct MissingTile(pub TileAt);

/// A tree has fewer than 2^63 entries, and so no proof has more hashes.
const LONGEST: usize = 63;

fn whole(size: u64) -> Span {
    Span {
        from: 0,
        until: size,
    }
}

/// The tiles that the proof of the entry at `index` in a tree of `size` needs. None where the entry is not in the tree.
pub fn needed_for_inclusion(index: u64, size: u64) -> BTreeSet<TileAt> {
    if index < size {
        needed(&whole(size).path_to(index))
    } else {
        BTreeSet::new()
    }
}

/// The hashes that prove that the entry at `index` is in the tree of `size` entries; `None` where it is not in it.
///
/// # Errors
/// [`MissingTile`].
pub fn inclusion_proof(
    index: u64,
    size: u64,
    tiles: &Tiles,
) -> Result<Option<Vec<Hash>>, MissingTile> {
    if index >= size {
        return Ok(None);
    }
    let path = whole(size).path_to(index).into_iter();
    path.map(|span| tiles.span(span))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// The hashes that prove that the tree of `size` entries began as the one of `old` entries; `None` where it is not so long.
///
/// # Errors
/// [`MissingTile`].
pub fn consistency_proof(
    old: u64,
    size: u64,
    tiles: &Tiles,
) -> Result<Option<Vec<Hash>>, MissingTile> {
    if old > size {
        return Ok(None);
    }
    if old == 0 || old == size {
        return Ok(Some(Vec::new()));
    }
    let path = whole(size).path_from(old).into_iter();
    path.map(|span| tiles.span(span))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Whether the entry of that hash is at `index` in the tree of that size and root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(beside, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether the tree of `size` entries and `root` began as the one of `old` entries and `old_root`.
pub fn verify_consistency(old: u64, old_root: Hash, size: u64, root: Hash, proof: &[Hash]) -> bool {
    if old > size {
        return false;
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    if old == 0 {
        return proof.is_empty() && old_root == crate::tree::empty_root();
    }
    let mut proof = proof.iter();
    let first = if old.is_power_of_two() {
        Some(&old_root)
    } else {
        proof.next()
    };
    let Some(first) = first else {
        return false;
    };
    let (mut at, mut last) = (old - 1, size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            of_old = node_hash(beside, &of_old);
            of_new = node_hash(beside, &of_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(&of_new, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == old_root && of_new == root
}

/// That an entry is in the log, so that it can be verified without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// Where in the log.
    pub index: u64,
    /// The hashes beside the way from the entry to the root.
    pub hashes: Vec<Hash>,
    /// The head of the log, as it was published.
    pub checkpoint: String,
}

/// The text is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no proof of being in a log")]
pub struct ProofMalformed;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}\nindex {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for LogProof {
    type Err = ProofMalformed;

    fn from_str(text: &str) -> Result<Self, ProofMalformed> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofMalformed)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(ProofMalformed);
        }
        // A line of extra data may come first in the format; ours has none, and nothing that is not verified is let in.
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal)
            .ok_or(ProofMalformed)?;
        let hashes: Vec<Hash> = lines
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| ProofMalformed)?;
        if hashes.len() > LONGEST {
            return Err(ProofMalformed);
        }
        Ok(Self {
            index,
            hashes,
            checkpoint: checkpoint.to_owned(),
        })
    }
}
