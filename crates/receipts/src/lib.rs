//! What the tribunal signs, and the public log of it: statements under an Ed25519 key, notes, checkpoints, Merkle trees in tiles and
//! proofs. Pure: no clock, no chance, no files. Whoever verifies a receipt on another machine needs nothing else.
//!
//! Formats are C2SP's where there is one: signed-note, tlog-checkpoint, tlog-tiles, tlog-proof. Trees and proofs are RFC 6962's.

mod checkpoint;
mod file;
mod key;
mod note;
mod proof;
mod statement;
mod tile;
mod tree;

pub mod receipt;
pub mod service_record;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use file::{FileMalformed, LogPlace, NotInLog, ReceiptFile, Said, SignatureError};
pub use key::{BadKeyName, BadVerifierKey, KeyName, SigningKey, VerifierKey};
pub use note::NoteError;
pub use proof::{
    LogProof, MissingTile, ProofMalformed, consistency_proof, inclusion_proof,
    needed_for_inclusion, verify_consistency, verify_inclusion,
};
pub use statement::{Kind, SignedStatement, StoredMalformed, seal_entry};
pub use tile::{BadTilePath, TILE_WIDTH, TileAt, TilePath, Tiles, entry_bundle};
pub use tree::{Hash, empty_root, leaf_hash, node_hash};
