//! The tree in tiles (c2sp.org/tlog-tiles): eight levels at a time, 256 hashes in a full tile; and the entries in bundles beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::checkpoint::decimal;
use crate::proof::MissingTile;
use crate::tree::{Hash, Node, Span, complete_root, empty_root, leaf_hash};

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;

/// The highest level of a tile: a tree of 2^64 entries ends far below, but the specification allows it in an address.
const HIGHEST: u8 = 63;

/// Levels of the tree that a tile spans.
const HEIGHT: u32 = 8;

/// Where a tile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileAt {
    /// Its level: at level 0 are the entries' hashes.
    pub level: u8,
    /// Its place within the level.
    pub number: u64,
}

impl TileAt {
    /// How many hashes it has in a tree of `size` entries.
    pub fn width(self, size: u64) -> u16 {
        let there = size
            .checked_shr(HEIGHT * u32::from(self.level))
            .unwrap_or_default();
        let begins = self.number.saturating_mul(u64::from(TILE_WIDTH));
        let width = there.saturating_sub(begins).min(u64::from(TILE_WIDTH));
        u16::try_from(width).unwrap_or(TILE_WIDTH)
    }

    /// The tiles on the right edge of a tree of `size` entries that are not full: what is needed to let it grow, and for its root.
    pub fn edge(size: u64) -> Vec<Self> {
        let levels = (0..=HIGHEST).map_while(|level| {
            let there = size.checked_shr(HEIGHT * u32::from(level))?;
            (there > 0).then_some((level, there))
        });
        levels
            .filter(|(_, there)| there % u64::from(TILE_WIDTH) != 0)
            .map(|(level, there)| Self {
                level,
                number: there / u64::from(TILE_WIDTH),
            })
            .collect()
    }

    /// The tile that has a node's hash, or the hashes from which it is made: from which, and how many.
    fn of(node: Node) -> (Self, usize, usize) {
        let (level, above) = (node.height / HEIGHT, node.height % HEIGHT);
        let first = node.index << above;
        let at = Self {
            level: u8::try_from(level).unwrap_or(HIGHEST),
            number: first / u64::from(TILE_WIDTH),
        };
        let offset = usize::try_from(first % u64::from(TILE_WIDTH)).unwrap_or_default();
        (at, offset, 1 << above)
    }
}

/// Tiles at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiles(BTreeMap<TileAt, Vec<Hash>>);

impl Tiles {
    /// Adds a tile as it is in a tree of `size` entries; one that has grown since is cut to that.
    pub fn put(&mut self, at: TileAt, mut hashes: Vec<Hash>, size: u64) {
        hashes.truncate(usize::from(at.width(size)));
        self.0.insert(at, hashes);
    }

    /// Every tile, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TileAt, &[Hash])> {
        self.0.iter().map(|(at, hashes)| (*at, hashes.as_slice()))
    }

    /// Forgets the full tiles: a tree grows from the others.
    pub fn drop_full(&mut self) {
        self.0
            .retain(|_, hashes| hashes.len() < usize::from(TILE_WIDTH));
    }

    /// Lets a tree of `size` entries grow by one, whose tiles at the edge are at hand.
    ///
    /// # Errors
    /// [`MissingTile`].
    pub fn append(&mut self, size: u64, entry: &[u8]) -> Result<(), MissingTile> {
        let (mut hash, mut index, mut level) = (leaf_hash(entry), size, 0);
        loop {
            let at = TileAt {
                level,
                number: index / u64::from(TILE_WIDTH),
            };
            let tile = self.0.entry(at).or_default();
            if tile.len() as u64 != index % u64::from(TILE_WIDTH) {
                return Err(MissingTile(at));
            }
            tile.push(hash);
            if tile.len() < usize::from(TILE_WIDTH) {
                return Ok(());
            }
            hash = complete_root(tile).ok_or(MissingTile(at))?;
            index /= u64::from(TILE_WIDTH);
            level += 1;
        }
    }

    /// The root of the tree of `size` entries; the tiles at its edge are enough.
    ///
    /// # Errors
    /// [`MissingTile`].
    pub fn root(&self, size: u64) -> Result<Hash, MissingTile> {
        if size == 0 {
            return Ok(empty_root());
        }
        self.span(Span {
            from: 0,
            until: size,
        })
    }

    /// The hash of a range.
    pub(crate) fn span(&self, span: Span) -> Result<Hash, MissingTile> {
        let mut nodes = span.nodes().into_iter().rev();
        let Some(last) = nodes.next() else {
            return Ok(empty_root());
        };
        nodes.try_fold(self.node(last)?, |right, left| {
            Ok(crate::tree::node_hash(&self.node(left)?, &right))
        })
    }

    fn node(&self, node: Node) -> Result<Hash, MissingTile> {
        let (at, offset, count) = TileAt::of(node);
        let hashes = self
            .0
            .get(&at)
            .and_then(|tile| tile.get(offset..offset + count));
        hashes.and_then(complete_root).ok_or(MissingTile(at))
    }
}

/// The tiles in which the hashes of those ranges are.
pub(crate) fn needed(spans: &[Span]) -> BTreeSet<TileAt> {
    spans
        .iter()
        .flat_map(|span| span.nodes())
        .map(|node| TileAt::of(node).0)
        .collect()
}

/// Entries as a bundle carries them: each after its length in two bytes. `None` for an entry that is too long for that.
pub fn entry_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bundle = Vec::new();
    for entry in entries {
        bundle.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bundle.extend(entry);
    }
    Some(bundle)
}

/// What stands behind `/tile/` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// Hashes: `<L>/<N>[.p/<W>]`.
    Hashes(TileAt, u16),
    /// Entries: `entries/<N>[.p/<W>]`; the bundle's number and width.
    Entries(u64, u16),
}

/// No tile is at such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no tile is at such an address")]
pub struct BadTilePath;

impl FromStr for TilePath {
    type Err = BadTilePath;

    fn from_str(path: &str) -> Result<Self, BadTilePath> {
        read(path).ok_or(BadTilePath)
    }
}

fn read(path: &str) -> Option<TilePath> {
    let (level, rest) = path.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, u16::try_from(decimal(width)?).ok()?),
        None => (rest, TILE_WIDTH),
    };
    let partial = rest.contains(".p/");
    if partial && !(1..TILE_WIDTH).contains(&width) {
        return None;
    }
    let number = tile_number(number)?;
    if level == "entries" {
        return Some(TilePath::Entries(number, width));
    }
    let level = u8::try_from(decimal(level)?).ok()?;
    (level <= HIGHEST).then_some(TilePath::Hashes(TileAt { level, number }, width))
}

/// `x001/x234/067` is 1234067. A number has one spelling.
fn tile_number(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    let mut parts = text.split('/').peekable();
    while let Some(part) = parts.next() {
        let digits = match parts.peek() {
            Some(_) => part.strip_prefix('x')?,
            None => part,
        };
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        number = number
            .checked_mul(1_000)?
            .checked_add(digits.parse().ok()?)?;
    }
    (spelled(number) == text).then_some(number)
}

fn spelled(mut number: u64) -> String {
    let mut text = format!("{:03}", number % 1_000);
    while number >= 1_000 {
        number /= 1_000;
        text = format!("x{:03}/{text}", number % 1_000);
    }
    text
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, width) = match self {
            Self::Hashes(at, width) => {
                write!(f, "{}/", at.level)?;
                (at.number, *width)
            }
            Self::Entries(number, width) => {
                f.write_str("entries/")?;
                (*number, *width)
            }
        };
        f.write_str(&spelled(number))?;
        if width < TILE_WIDTH {
            write!(f, ".p/{width}")?;
        }
        Ok(())
    }
}
