//! What a version of the portal before did not write down, filled in for the next few records that lack it. Knows no record: what is lacking,
//! and what is written, is told.

use application::ports::storage::StorageError;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{IntoCondition, SimpleExpr};
use sea_orm::{QueryOrder, QuerySelect};

use crate::connected::Connected;
use crate::error::storage_error;

/// Writes those columns of the first records, by their `id`, that are `lacking`, at most `limit`; gives which.
pub(crate) async fn fill_in<E: EntityTrait>(
    tx: &Connected,
    id: E::Column,
    lacking: impl IntoCondition,
    columns: impl IntoIterator<Item = (E::Column, SimpleExpr)>,
    limit: u32,
) -> Result<Vec<Uuid>, StorageError> {
    let ids: Vec<Uuid> = E::find()
        .select_only()
        .column(id)
        .filter(lacking)
        .order_by_asc(id)
        .limit(u64::from(limit))
        .into_tuple()
        .all(tx)
        .await
        .map_err(storage_error)?;
    if ids.is_empty() {
        return Ok(ids);
    }
    let mut update = E::update_many().filter(id.is_in(ids.iter().copied()));
    for (column, value) in columns {
        update = update.col_expr(column, value);
    }
    update.exec(tx).await.map_err(storage_error)?;
    Ok(ids)
}
