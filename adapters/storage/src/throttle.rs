//! Counts of tries, one row per key (SEC-1). One statement counts, so that no two processes count the same try as one.

use application::ports::storage::StorageError;
use application::ports::throttle::{Counted, Throttle};
use async_trait::async_trait;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Statement};
use time::{Duration, OffsetDateTime};

use crate::SqlStorage;
use crate::error::{corrupt, storage_error};
use crate::value::{instant, micros};

const RECORD: &str = "count of tries";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    key: Vec<u8>,
    tries: i64,
    ends_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Both databases understand it; a window that has ended begins anew.
const COUNT: &str = "INSERT INTO throttle (key, tries, ends_at) VALUES ($1, 1, $2) \
     ON CONFLICT (key) DO UPDATE SET \
     tries = CASE WHEN throttle.ends_at <= $3 THEN 1 ELSE throttle.tries + 1 END, \
     ends_at = CASE WHEN throttle.ends_at <= $3 THEN $2 ELSE throttle.ends_at END \
     RETURNING tries, ends_at";

fn counted(tries: i64, ends_at: i64) -> Result<Counted, StorageError> {
    Ok(Counted {
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
        ends_at: instant(RECORD, ends_at)?,
    })
}

#[async_trait]
impl Throttle for SqlStorage {
    async fn count(
        &self,
        key: &[u8; 32],
        now: OffsetDateTime,
        window: Duration,
    ) -> Result<Counted, StorageError> {
        let values = [
            key.to_vec().into(),
            micros(now + window).into(),
            micros(now).into(),
        ];
        let statement =
            Statement::from_sql_and_values(self.writer.get_database_backend(), COUNT, values);
        let row = self
            .writer
            .query_one_raw(statement)
            .await
            .map_err(storage_error)?
            .ok_or_else(|| corrupt(RECORD, "nothing was counted"))?;
        counted(
            row.try_get("", "tries").map_err(storage_error)?,
            row.try_get("", "ends_at").map_err(storage_error)?,
        )
    }

    async fn counted(
        &self,
        key: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<Counted>, StorageError> {
        let found = Entity::find_by_id(key.to_vec())
            .filter(Column::EndsAt.gt(micros(now)))
            .one(&self.readers)
            .await
            .map_err(storage_error)?;
        found.map(|row| counted(row.tries, row.ends_at)).transpose()
    }

    async fn remove_ended(&self, now: OffsetDateTime) -> Result<u64, StorageError> {
        let done = Entity::delete_many()
            .filter(Column::EndsAt.lte(micros(now)))
            .exec(&self.writer)
            .await;
        Ok(done.map_err(storage_error)?.rows_affected)
    }
}
