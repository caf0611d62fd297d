//! The log as anybody may read it (X-1; c2sp.org/tlog-tiles): its newest head, tiles of hashes, bundles of entries. Nothing here says whose
//! an entry is.

use receipts::{TILE_WIDTH, TileAt, TilePath, entry_bundle};

use crate::Application;
use crate::ports::receipt_log::Which;
use crate::ports::storage::StorageError;
use crate::receipt::corrupt_log;

/// The newest head, as a signed note; `None` before the first was published.
///
/// # Errors
/// [`StorageError`].
pub async fn checkpoint(app: &Application) -> Result<Option<String>, StorageError> {
    Ok(app.log.head().await?.map(|head| head.note))
}

/// A tile or a bundle of entries; `None` where the published log has none that is so wide.
///
/// # Errors
/// [`StorageError`].
pub async fn tile(app: &Application, path: TilePath) -> Result<Option<Vec<u8>>, StorageError> {
    let Some(head) = app.log.head().await? else {
        return Ok(None);
    };
    let (at, width) = match path {
        TilePath::Hashes(at, width) => (at, width),
        TilePath::Entries(number, width) => (TileAt { level: 0, number }, width),
    };
    if width == 0 || at.width(head.size) < width {
        return Ok(None);
    }
    match path {
        TilePath::Hashes(..) => {
            let tiles = app.log.tiles(Which::Newest, &[at]).await?;
            let hashes = tiles.into_iter().next().map(|(_, hashes)| hashes);
            let hashes = hashes
                .filter(|hashes| hashes.len() >= usize::from(width))
                .ok_or_else(|| corrupt_log(receipts::MissingTile(at)))?;
            let hashes = hashes.iter().take(usize::from(width));
            Ok(Some(hashes.flat_map(|hash| hash.0).collect()))
        }
        TilePath::Entries(number, _) => {
            let from = number.saturating_mul(u64::from(TILE_WIDTH));
            let leaves = app
                .log
                .leaves(Which::Newest, from, u32::from(width))
                .await?;
            Ok(entry_bundle(
                leaves.iter().map(|leaf| leaf.entry.as_slice()),
            ))
        }
    }
}
