//! The chain of seals on the audit trail (SEC-2). The database refuses changes to it, as it does to the trail.

use std::collections::BTreeMap;

use application::ports::audit_seals::{AuditSeals, Seal};
use application::ports::records::AuditRecord;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{IsolationLevel, QueryOrder, QuerySelect};

use crate::SqlStorage;
use crate::audit;
use crate::error::storage_error;
use crate::value::thirty_two;

const RECORD: &str = "seal";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    number: i64,
    position: i64,
    link: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Seal {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        Ok(Self {
            number: row.number,
            position: row.position,
            link: thirty_two(RECORD, &row.link)?,
        })
    }
}

/// The links of the seals of those numbers.
pub(crate) async fn links(
    connection: &impl ConnectionTrait,
    numbers: &[i64],
) -> Result<BTreeMap<i64, [u8; 32]>, StorageError> {
    let rows = Entity::find()
        .filter(Column::Number.is_in(numbers.iter().copied()))
        .all(connection)
        .await
        .map_err(storage_error)?;
    rows.into_iter()
        .map(|row| Ok((row.number, thirty_two(RECORD, &row.link)?)))
        .collect()
}

#[async_trait]
impl AuditSeals for SqlStorage {
    async fn last(&self) -> Result<Option<Seal>, StorageError> {
        Entity::find()
            .order_by_desc(Column::Number)
            .one(&self.readers)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn unsealed(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StorageError> {
        let sealed = Query::select()
            .column(Column::Position)
            .from(Entity)
            .and_where(Column::Position.gt(after))
            .take();
        let rows = audit::Entity::find()
            .filter(audit::Column::Position.gt(after))
            .filter(audit::Column::Position.not_in_subquery(sealed))
            .order_by_asc(audit::Column::Position)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn append(&self, seals: &[Seal]) -> Result<(), StorageError> {
        let rows = seals.iter().map(|seal| ActiveModel {
            number: Set(seal.number),
            position: Set(seal.position),
            link: Set(seal.link.to_vec()),
        });
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        Entity::insert_many(rows)
            .exec_without_returning(&tx)
            .await
            .map_err(|error| storage_error(error).overtaken())?;
        tx.commit().await.map_err(storage_error)
    }

    async fn after(
        &self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(Seal, Option<AuditRecord>)>, StorageError> {
        let seals = Entity::find()
            .filter(Column::Number.gt(number))
            .order_by_asc(Column::Number)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        let positions = seals.iter().map(|seal| seal.position);
        let entries = audit::Entity::find()
            .filter(audit::Column::Position.is_in(positions))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        let mut entries = entries
            .into_iter()
            .map(|row| AuditRecord::try_from(row).map(|record| (record.position, record)))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        let with_entry = |row: Model| {
            let entry = entries.remove(&row.position);
            Ok((Seal::try_from(row)?, entry))
        };
        seals.into_iter().map(with_entry).collect()
    }
}
