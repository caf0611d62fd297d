//! Issued access codes, known by their keyed hashes (REG-2).

use application::ports::records::{AccessCodeChanges, AccessCodeRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::access_code::{CodeHash, IssuedCode, IssuedCodeId};
use domain::account::AccountId;
use domain::id::Id;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder};
use time::Duration;

use crate::error::{must_be_one, storage_error};
use crate::filled_in::fill_in;
use crate::unit::Session;
use crate::value::{instant, maybe_instant, micros, span, thirty_two};

const RECORD: &str = "access code";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    hash: Vec<u8>,
    issued_at: i64,
    voided_at: Option<i64>,
    used_at: Option<i64>,
    expires_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&IssuedCode> for ActiveModel {
    fn from(code: &IssuedCode) -> Self {
        Self {
            id: Set(code.id.uuid()),
            account: Set(code.account.uuid()),
            hash: Set(code.hash.bytes().to_vec()),
            issued_at: Set(micros(code.issued_at)),
            voided_at: Set(code.voided_at.map(micros)),
            used_at: Set(code.used_at.map(micros)),
            expires_at: Set(code.expires_at.map(micros)),
        }
    }
}

impl TryFrom<Model> for IssuedCode {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        Ok(Self {
            id: Id::new(row.id),
            account: Id::new(row.account),
            hash: CodeHash::new(thirty_two(RECORD, &row.hash)?),
            issued_at: instant(RECORD, row.issued_at)?,
            expires_at: maybe_instant(RECORD, row.expires_at)?,
            voided_at: maybe_instant(RECORD, row.voided_at)?,
            used_at: maybe_instant(RECORD, row.used_at)?,
        })
    }
}

#[async_trait]
impl AccessCodeRecords for Session {
    async fn by_hash(&mut self, hash: &CodeHash) -> Result<Option<IssuedCode>, StorageError> {
        Entity::find()
            .filter(Column::Hash.eq(hash.bytes().to_vec()))
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn of_account(&mut self, account: AccountId) -> Result<Vec<IssuedCode>, StorageError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.uuid()))
            .order_by_desc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

#[async_trait]
impl AccessCodeChanges for Session {
    async fn insert(&mut self, code: &IssuedCode) -> Result<(), StorageError> {
        Entity::insert(ActiveModel::from(code))
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn update(&mut self, code: &IssuedCode) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: NotSet,
            ..code.into()
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(code.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }

    async fn promise(
        &mut self,
        valid_for: Duration,
        limit: u32,
    ) -> Result<Vec<IssuedCodeId>, StorageError> {
        let lacking = Column::ExpiresAt
            .is_null()
            .and(Column::UsedAt.is_null())
            .and(Column::VoidedAt.is_null());
        let expires_at = Expr::col(Column::IssuedAt).add(span(valid_for));
        let columns = [(Column::ExpiresAt, expires_at)];
        let ids = fill_in::<Entity>(&self.tx, Column::Id, lacking, columns, limit).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }
}
