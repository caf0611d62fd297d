//! Forms that were begun and not sent yet (FORM-1).

use application::form_draft::{FormDraft, FormDraftId};
use application::ports::records::{FormDraftChanges, FormDraftRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::id::Id;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, QueryTrait};
use time::OffsetDateTime;

use crate::error::storage_error;
use crate::forms::{fields, kind, text};
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "begun form";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "form_draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    counsel: Uuid,
    kind: String,
    /// Pairs of a field's code and what is written in it.
    fields: String,
    begun_at: i64,
    /// When it was sent; none while it is open.
    sent_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for FormDraft {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        Ok(Self {
            id: Id::new(row.id),
            account: Id::new(row.account),
            counsel: Id::new(row.counsel),
            kind: kind(RECORD, &row.kind)?,
            fields: fields(RECORD, &row.fields)?,
            begun_at: instant(RECORD, row.begun_at)?,
        })
    }
}

/// Those that an account began for a counsel after `since` and has not sent.
fn open(account: AccountId, counsel: AccountId, since: OffsetDateTime) -> Select<Entity> {
    Entity::find()
        .filter(Column::Account.eq(account.uuid()))
        .filter(Column::Counsel.eq(counsel.uuid()))
        .filter(Column::BegunAt.gt(micros(since)))
        .filter(Column::SentAt.is_null())
}

#[async_trait]
impl FormDraftRecords for Session {
    async fn by_id(&mut self, id: FormDraftId) -> Result<Option<FormDraft>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn open_of(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let count = open(account, counsel, since).count(&self.tx).await;
        count.map_err(storage_error)
    }

    async fn open_for(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<FormDraft>, StorageError> {
        let rows = open(account, counsel, since)
            .order_by_desc(Column::BegunAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

#[async_trait]
impl FormDraftChanges for Session {
    async fn put(&mut self, draft: &FormDraft) -> Result<(), StorageError> {
        FormDraftChanges::remove(self, draft.id).await?;
        let row = ActiveModel {
            id: Set(draft.id.uuid()),
            account: Set(draft.account.uuid()),
            counsel: Set(draft.counsel.uuid()),
            kind: Set(draft.kind.code().to_owned()),
            fields: Set(text(RECORD, &draft.fields)?),
            begun_at: Set(micros(draft.begun_at)),
            sent_at: NotSet,
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn sent(&mut self, id: FormDraftId, at: OffsetDateTime) -> Result<(), StorageError> {
        Entity::update_many()
            .col_expr(Column::SentAt, Expr::value(micros(at)))
            .filter(Column::Id.eq(id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn remove(&mut self, id: FormDraftId) -> Result<(), StorageError> {
        Entity::delete_by_id(id.uuid())
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn remove_begun_before(
        &mut self,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<u64, StorageError> {
        let oldest = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::BegunAt.lt(micros(at)))
            .order_by_asc(Column::BegunAt)
            .limit(u64::from(limit))
            .into_query();
        Entity::delete_many()
            .filter(Column::Id.in_subquery(oldest))
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(|done| done.rows_affected)
    }
}
