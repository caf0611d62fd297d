//! The Merkle log's arithmetic: against RFC 6962's own definitions written down naively, against the vectors of Certificate
//! Transparency, and against another implementation.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

use proptest::prelude::*;
use receipts::{
    Hash, TileAt, TilePath, Tiles, consistency_proof, empty_root, entry_bundle, inclusion_proof,
    leaf_hash, needed_for_inclusion, node_hash, verify_consistency, verify_inclusion,
};

fn entry(number: u64) -> [u8; 32] {
    let mut entry = [7; 32];
    entry[..8].copy_from_slice(&number.to_be_bytes());
    entry
}

/// Every tile of a tree of so many entries.
fn tiles_of(size: u64) -> Tiles {
    let mut tiles = Tiles::default();
    for number in 0..size {
        tiles.append(number, &entry(number)).unwrap();
    }
    tiles
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|number| leaf_hash(&entry(number))).collect()
}

/// MTH of RFC 6962, 2.1, as it is written there.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH of RFC 6962, 2.1.1.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, beside) = if index < k {
        (naive_path(index, left), right)
    } else {
        (naive_path(index - k, right), left)
    };
    path.push(naive_root(beside));
    path
}

/// SUBPROOF of RFC 6962, 2.1.2.
fn naive_consistency(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![naive_root(leaves)]
        };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, beside) = if old <= k {
        (naive_consistency(old, left, whole), right)
    } else {
        (naive_consistency(old - k, right, false), left)
    };
    path.push(naive_root(beside));
    path
}

fn split(length: usize) -> usize {
    1 << (length - 1).ilog2()
}

/// roots are those that Certificate Transparency's tests give for these eight entries.
#[test]
fn roots_are_those_of_the_known_vectors() {
    let entries: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tiles = Tiles::default();
    for (size, root) in (0..).zip(roots) {
        let got = tiles.root(size).unwrap();
        let wanted: Vec<u8> = root
            .as_bytes()
            .chunks(2)
            .map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap())
            .collect();
        assert_eq!(got.0.as_slice(), wanted, "{size} entries");
        if let Some(entry) = entries.get(usize::try_from(size).unwrap()) {
            tiles.append(size, entry).unwrap();
        }
    }
}

/// every tree of up to 70 entries has the root, the proofs of inclusion and the proofs of consistency of RFC 6962, and they verify.
#[test]
fn small_trees_are_those_of_the_rfc() {
    for size in 0..=70_u64 {
        let (tiles, leaves) = (tiles_of(size), leaves(size));
        let root = tiles.root(size).unwrap();
        assert_eq!(root, naive_root(&leaves));
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = inclusion_proof(index, size, &tiles).unwrap().unwrap();
            assert_eq!(proof, naive_path(at, &leaves));
            assert!(verify_inclusion(leaves[at], index, size, &proof, root));
            for other in (0..size).filter(|other| *other != index) {
                assert!(!verify_inclusion(leaves[at], other, size, &proof, root));
            }
        }
        assert_eq!(inclusion_proof(size, size, &tiles).unwrap(), None);
        for old in 1..=size {
            let at = usize::try_from(old).unwrap();
            let proof = consistency_proof(old, size, &tiles).unwrap().unwrap();
            assert_eq!(proof, naive_consistency(at, &leaves, true));
            let old_root = naive_root(&leaves[..at]);
            assert!(verify_consistency(old, old_root, size, root, &proof));
            if old != size {
                assert!(!verify_consistency(old, root, size, root, &proof));
                assert!(!verify_consistency(old, old_root, size, old_root, &proof));
            }
        }
    }
}

/// What another implementation keeps of a tree.
struct Theirs(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).unwrap()])
            .collect())
    }
}

impl Theirs {
    fn of(size: u64) -> Self {
        let mut theirs = Self(Vec::new());
        for number in 0..size {
            let more = tlog_tiles::stored_hashes(number, &entry(number), &theirs).unwrap();
            theirs.0.extend(more);
        }
        theirs
    }
}

/// trees that need several tiles and levels have the roots, proofs and tiles that another implementation of tlog-tiles has.
#[test]
fn another_implementation_agrees_on_trees_proofs_and_tiles() {
    for size in [1_u64, 255, 256, 257, 511, 512, 700, 66_000] {
        let (ours, theirs) = (tiles_of(size), Theirs::of(size));
        let root = ours.root(size).unwrap();
        assert_eq!(root.0, tlog_tiles::tree_hash(size, &theirs).unwrap().0);
        for index in [0, 1, 254, 255, 256, 300, 65_535, 65_536, size - 1] {
            if index >= size {
                continue;
            }
            let proof = inclusion_proof(index, size, &ours).unwrap().unwrap();
            let other = tlog_tiles::prove_record(size, index, &theirs).unwrap();
            let same: Vec<_> = other.iter().map(|hash| Hash(hash.0)).collect();
            assert_eq!(proof, same, "{index} of {size}");
            let needed = needed_for_inclusion(index, size);
            let mut few = Tiles::default();
            for (at, hashes) in ours.iter().filter(|(at, _)| needed.contains(at)) {
                few.put(at, hashes.to_vec(), size);
            }
            assert_eq!(inclusion_proof(index, size, &few).unwrap(), Some(proof));
            let consistency = consistency_proof(index + 1, size, &ours).unwrap().unwrap();
            let other = tlog_tiles::prove_tree(size, index + 1, &theirs).unwrap();
            let same: Vec<_> = other.iter().map(|hash| Hash(hash.0)).collect();
            assert_eq!(consistency, same, "{} to {size}", index + 1);
        }
        let mut count = 0;
        for (at, hashes) in ours.iter() {
            let width = at.width(size);
            assert_eq!(hashes.len(), usize::from(width), "{at:?}");
            if width == 0 {
                continue;
            }
            let tile = tlog_tiles::Tile::new(8, at.level, at.number, u32::from(width), false);
            let theirs: Vec<u8> = tile.read_data(&theirs).unwrap();
            let ours: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(ours, theirs, "{at:?}");
            count += 1;
        }
        assert!(count > 0);
    }
}

/// the specification's own example: a tree of 70,000 entries.
#[test]
fn tiles_are_as_wide_as_the_specification_says() {
    let width = |level, number| TileAt { level, number }.width(70_000);
    assert_eq!((width(0, 272), width(0, 273), width(0, 274)), (256, 112, 0));
    assert_eq!((width(1, 0), width(1, 1)), (256, 17));
    assert_eq!((width(2, 0), width(3, 0)), (1, 0));
    let at = |level| TileAt { level, number: 0 };
    assert_eq!((at(0).width(256), at(1).width(256)), (256, 1));
    assert_eq!(TileAt::edge(256), [at(1)]);
}

/// an address of a tile has one spelling, the specification's.
#[test]
fn addresses_of_tiles_have_one_spelling() {
    for (path, is) in [
        (
            "0/x001/x234/067",
            TilePath::Hashes(
                TileAt {
                    level: 0,
                    number: 1_234_067,
                },
                256,
            ),
        ),
        (
            "1/000.p/17",
            TilePath::Hashes(
                TileAt {
                    level: 1,
                    number: 0,
                },
                17,
            ),
        ),
        ("entries/x001/000.p/1", TilePath::Entries(1_000, 1)),
    ] {
        assert_eq!(path.parse(), Ok(is));
        assert_eq!(is.to_string(), path);
    }
    for wrong in [
        "",
        "0",
        "0/",
        "0/1",
        "0/0001",
        "00/001",
        "64/001",
        "-1/001",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "0/001.p/",
        "0/x000/001",
        "0/x001/001/",
        "0/001/002",
        "0/x001",
        "0/../001",
        "data/001",
        "entries/",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(wrong.parse::<TilePath>().is_err(), "{wrong}");
    }
}

/// a bundle has each entry after its length.
#[test]
fn a_bundle_has_each_entry_after_its_length() {
    let bundle = entry_bundle([b"ab".as_slice(), b"", &[1; 300]]).unwrap();
    assert_eq!(&bundle[..8], b"\0\x02ab\0\0\x01\x2c");
    assert_eq!(bundle.len(), 6 + 2 + 300);
    assert_eq!(entry_bundle([vec![0; 65_536].as_slice()]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// whatever the size, a tree that grew in pieces from the tiles at its edge alone is the naive one; its proofs are the naive ones,
    /// and one that was changed in any place proves nothing.
    #[test]
    fn a_tree_that_grows_from_its_edge_is_the_naive_one(
        pieces in prop::collection::vec(1_u64..300, 1..6),
        at in any::<prop::sample::Index>(),
        earlier in any::<prop::sample::Index>(),
        bit in 0_usize..256,
    ) {
        let (mut all, mut size) = (Tiles::default(), 0);
        for piece in &pieces {
            let mut edge = Tiles::default();
            for tile in TileAt::edge(size) {
                let (_, hashes) = all.iter().find(|(kept, _)| *kept == tile).unwrap();
                edge.put(tile, hashes.to_vec(), size);
            }
            for _ in 0..*piece {
                edge.append(size, &entry(size)).unwrap();
                size += 1;
            }
            for (tile, hashes) in edge.iter() {
                all.put(tile, hashes.to_vec(), size);
            }
        }
        let leaves = leaves(size);
        let root = all.root(size).unwrap();
        prop_assert_eq!(root, naive_root(&leaves));
        let index = at.index(leaves.len());
        let proof = inclusion_proof(index as u64, size, &all).unwrap().unwrap();
        prop_assert_eq!(&proof, &naive_path(index, &leaves));
        prop_assert!(verify_inclusion(leaves[index], index as u64, size, &proof, root));
        for changed in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[changed].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify_inclusion(leaves[index], index as u64, size, &wrong, root));
            let mut short = proof.clone();
            short.remove(changed);
            prop_assert!(!verify_inclusion(leaves[index], index as u64, size, &short, root));
        }
        let mut long = proof.clone();
        long.push(root);
        prop_assert!(!verify_inclusion(leaves[index], index as u64, size, &long, root));
        prop_assert!(!verify_inclusion(leaf_hash(b"other"), index as u64, size, &proof, root));
        let old = earlier.index(leaves.len()) + 1;
        let old_root = naive_root(&leaves[..old]);
        let proof = consistency_proof(old as u64, size, &all).unwrap().unwrap();
        prop_assert_eq!(&proof, &naive_consistency(old, &leaves, true));
        prop_assert!(verify_consistency(old as u64, old_root, size, root, &proof));
        for changed in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[changed].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify_consistency(old as u64, old_root, size, root, &wrong));
        }
    }

    /// no proof and no size makes the verifiers fall over.
    #[test]
    fn whatever_is_verified_nothing_panics(
        index in any::<u64>(),
        size in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        path in "\\PC{0,40}|[0-9x/.p]{0,40}",
    ) {
        let proof: Vec<Hash> = proof.into_iter().map(Hash).collect();
        let hash = leaf_hash(b"");
        prop_assert!(!verify_inclusion(hash, index, size, &proof, empty_root()));
        verify_consistency(index, hash, size, empty_root(), &proof);
        if let Ok(path_of) = path.parse::<TilePath>() {
            prop_assert_eq!(path_of.to_string(), path);
        }
    }
}
