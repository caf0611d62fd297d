//! Puts new receipts, and the newest seal of the audit trail, into the public log, and signs its new head.

use domain::policy::Job;
use receipts::{Checkpoint, TileAt, Tiles, seal_entry};

use crate::ports::receipt_log::{Growth, Head, Leaf, LeafOf, Which};
use crate::ports::storage::StorageError;
use crate::receipt::corrupt_log;
use crate::{Application, UseCaseError};

/// How many receipts one head adds.
const AT_A_TIME: u32 = 1_000;

/// Why nothing is put on top of the log as it is kept.
#[derive(Debug, thiserror::Error)]
enum NotOurs {
    #[error("the newest head is not what was signed, or its key is no longer configured")]
    Untrue(#[source] receipts::CheckpointError),
    #[error(
        "the log is called {0}; receipts.origin says otherwise (`portal new-log` begins another)"
    )]
    OtherOrigin(String),
    #[error("the log's tiles are not those of its newest head")]
    OtherTree,
}

/// Publishes what is new, and says how many entries that were. A second worker that comes first is no error.
///
/// # Errors
/// [`UseCaseError::Storage`], also when the log was tampered with: what cannot be continued truly is not continued.
pub async fn publish_log(app: &Application) -> Result<u64, UseCaseError> {
    app.may_run(Job::PublishLog, &app.moment())?;
    let mut published = 0;
    while !app.halt.is_called() {
        let Some(growth) = next(app).await? else {
            return Ok(published);
        };
        match app.log.grow(&growth).await {
            Ok(()) => published += growth.leaves.len() as u64,
            // Another worker publishes.
            Err(StorageError::Contention) => return Ok(published),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(published)
}

/// What is to be added; `None` where nothing is new.
async fn next(app: &Application) -> Result<Option<Growth>, StorageError> {
    let head = app.log.head().await?;
    let waiting = app.log.waiting(AT_A_TIME).await?;
    let newest = app.audit_seals.last().await?;
    let logged = app.log.last_seal().await?;
    let seal = newest.filter(|seal| logged.is_none_or(|logged| seal.number > logged));
    if waiting.is_empty() && seal.is_none() && head.is_some() {
        return Ok(None);
    }
    let mut size = head.as_ref().map_or(0, |head| head.size);
    let mut tiles = edge(app, size).await?;
    if let Some(head) = &head {
        must_be_ours(app, head, &tiles).map_err(corrupt_log)?;
    }
    let receipts = waiting
        .iter()
        .map(|(id, signed)| (LeafOf::Receipt(*id), signed.entry()));
    let seals = seal.iter().map(|seal| {
        (
            LeafOf::Seal(seal.number),
            seal_entry(seal.number, &seal.link),
        )
    });
    let mut leaves = Vec::with_capacity(waiting.len() + 1);
    for (of, entry) in receipts.chain(seals) {
        tiles.append(size, &entry).map_err(corrupt_log)?;
        leaves.push(Leaf {
            index: size,
            of,
            entry,
        });
        size += 1;
    }
    let root = tiles.root(size).map_err(corrupt_log)?;
    Ok(Some(Growth {
        upon: head,
        leaves,
        tiles,
        head: Head {
            size,
            note: app.signer.sign_head(size, root),
        },
        at: app.clock.now(),
    }))
}

/// The tiles that a log of so many entries grows from.
async fn edge(app: &Application, size: u64) -> Result<Tiles, StorageError> {
    let mut tiles = Tiles::default();
    let edge = TileAt::edge(size);
    for (at, hashes) in app.log.tiles(Which::Newest, &edge).await? {
        tiles.put(at, hashes, size);
    }
    Ok(tiles)
}

/// A head is only signed on top of one that is ours and whose tree is the one that is kept: two heads that do not go together would be a
/// proof against the tribunal.
fn must_be_ours(app: &Application, head: &Head, tiles: &Tiles) -> Result<(), NotOurs> {
    let keys = app.signer.keys();
    let checkpoint = Checkpoint::open(&head.note, keys).map_err(NotOurs::Untrue)?;
    if keys
        .first()
        .is_none_or(|key| *key.name() != checkpoint.origin)
    {
        return Err(NotOurs::OtherOrigin(checkpoint.origin.to_string()));
    }
    let same = tiles
        .root(head.size)
        .is_ok_and(|root| root == checkpoint.root);
    if checkpoint.size == head.size && same {
        Ok(())
    } else {
        Err(NotOurs::OtherTree)
    }
}
