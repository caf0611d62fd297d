//! Browsers that are away at a sign-in service. Each is given back once.

use application::ports::records::SecretHash;
use application::ports::sessions::{Away, Departures};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::IsolationLevel;
use sea_orm::entity::prelude::*;
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::error::storage_error;
use crate::value::{instant, micros};

const RECORD: &str = "departure";

#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "departure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: Vec<u8>,
    service: String,
    kept: String,
    come_back: String,
    left_at: i64,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[async_trait]
impl Departures for SqlStorage {
    async fn leave(&self, hash: &SecretHash, away: &Away) -> Result<(), StorageError> {
        let row = ActiveModel {
            hash: Set(hash.0.to_vec()),
            service: Set(away.service.clone()),
            kept: Set(away.kept.expose_secret().to_owned()),
            come_back: Set(away.come_back.clone()),
            left_at: Set(micros(away.left_at)),
        };
        Entity::insert(row)
            .exec_without_returning(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn take(&self, hash: &SecretHash) -> Result<Option<Away>, StorageError> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let found = Entity::find_by_id(hash.0.to_vec())
            .one(&tx)
            .await
            .map_err(storage_error)?;
        let Some(row) = found else { return Ok(None) };
        // Whoever removes it has it: of two that found it, the second removes nothing.
        let removed = Entity::delete_by_id(hash.0.to_vec())
            .exec(&tx)
            .await
            .map_err(storage_error)?
            .rows_affected;
        tx.commit().await.map_err(storage_error)?;
        if removed == 0 {
            return Ok(None);
        }
        Ok(Some(Away {
            service: row.service,
            kept: row.kept.into(),
            come_back: row.come_back,
            left_at: instant(RECORD, row.left_at)?,
        }))
    }

    async fn remove_left_before(&self, at: OffsetDateTime) -> Result<u64, StorageError> {
        let done = Entity::delete_many()
            .filter(Column::LeftAt.lt(micros(at)))
            .exec(&self.writer)
            .await;
        Ok(done.map_err(storage_error)?.rows_affected)
    }
}
