//! Keys that records are sorted by, made anew where they are not as they would be made today. Knows no record: whose key it is, and how it is
//! made, is told.

use application::ports::records::Renewed;
use application::ports::storage::StorageError;
use sea_orm::entity::prelude::*;

use crate::connected::Connected;
use crate::error::storage_error;

/// A record's key, as it is and as it would be made.
pub(crate) struct Key {
    pub(crate) record: Uuid,
    pub(crate) kept: String,
    /// `None` where the record makes no sense: that is told by whoever reads it.
    pub(crate) made: Option<String>,
}

/// Writes the column `key` of each record, found by its `id`, whose key is another.
pub(crate) async fn renew<E: EntityTrait>(
    tx: &Connected,
    (id, key): (E::Column, E::Column),
    keys: impl IntoIterator<Item = Key>,
) -> Result<Renewed, StorageError> {
    let mut renewed = Renewed {
        last: None,
        changed: 0,
    };
    for Key { record, kept, made } in keys {
        renewed.last = Some(record);
        let Some(made) = made.filter(|made| *made != kept) else {
            continue;
        };
        E::update_many()
            .col_expr(key, Expr::value(made))
            .filter(id.eq(record))
            .exec(tx)
            .await
            .map_err(storage_error)?;
        renewed.changed += 1;
    }
    Ok(renewed)
}
