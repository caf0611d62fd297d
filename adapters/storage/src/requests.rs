//! Requests that bore an idempotency key and were answered (SUB-2).

use application::ports::records::{Answered, Asker, RequestChanges, RequestRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::error::{corrupt, storage_error};
use crate::unit::Session;
use crate::value::{instant, micros, secret_hash};

const RECORD: &str = "answered request";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "answered_request")]
pub struct Model {
    /// The account, or the sign-in that opens none yet.
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    digest: Vec<u8>,
    /// Identifiers, separated by spaces.
    records: String,
    answered_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[async_trait]
impl RequestRecords for Session {
    async fn answered(
        &mut self,
        asker: Asker,
        key: &str,
    ) -> Result<Option<Answered>, StorageError> {
        let row = Entity::find_by_id((asker.uuid(), key.to_owned()))
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        row.map(|row| {
            let records = row.records.split_whitespace().map(Uuid::try_parse);
            Ok(Answered {
                digest: secret_hash(RECORD, &row.digest)?,
                records: records
                    .collect::<Result<_, _>>()
                    .map_err(|error| corrupt(RECORD, error))?,
                at: instant(RECORD, row.answered_at)?,
            })
        })
        .transpose()
    }
}

#[async_trait]
impl RequestChanges for Session {
    async fn remember(
        &mut self,
        asker: Asker,
        key: &str,
        answered: &Answered,
    ) -> Result<(), StorageError> {
        let records: Vec<String> = answered.records.iter().map(Uuid::to_string).collect();
        let row = ActiveModel {
            account: Set(asker.uuid()),
            key: Set(key.to_owned()),
            digest: Set(answered.digest.0.to_vec()),
            records: Set(records.join(" ")),
            answered_at: Set(micros(answered.at)),
        };
        self.tx.put_off([row]).await.map_err(storage_error)
    }
}
