//! Registrations of counsel: what proved an identity, beside the account that the registry opened (REG-1).

use application::ports::records::{
    Page, RegistrationChanges, RegistrationQuery, RegistrationRecords,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::id::Id;
use domain::registration::IdentityCheck;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{QueryOrder, QuerySelect};

use crate::accounts;
use crate::cursor::{Place, page_of};
use crate::error::storage_error;
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "identity check";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    account: Uuid,
    document_kind: String,
    checked_by: Uuid,
    checked_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The list of registrations.
const REGISTRATIONS: &str = "registrations";

#[async_trait]
impl RegistrationRecords for Session {
    async fn identity_check(
        &mut self,
        account: AccountId,
    ) -> Result<Option<IdentityCheck>, StorageError> {
        let row = Entity::find_by_id(account.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        let check = |row: Model| {
            Ok(IdentityCheck {
                document_kind: row.document_kind,
                checked_by: Id::new(row.checked_by),
                checked_at: instant(RECORD, row.checked_at)?,
            })
        };
        row.map(check).transpose()
    }

    async fn list(&mut self, query: &RegistrationQuery) -> Result<Page<Account>, StorageError> {
        let opened = Query::select().column(Column::Account).from(Entity).take();
        let mut select = accounts::Entity::find().filter(accounts::Column::Id.in_subquery(opened));
        select = match query.registered {
            Some(true) => select.filter(accounts::Column::RegisteredAt.is_not_null()),
            Some(false) => select.filter(accounts::Column::RegisteredAt.is_null()),
            None => select,
        };
        if let Some(cursor) = &query.page.after {
            let place = Place::of(cursor, REGISTRATIONS)?;
            select = select.filter(accounts::Column::Id.lt(place.id));
        }
        let rows = select
            .order_by_desc(accounts::Column::Id)
            .limit(u64::from(query.page.limit) + 1)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let accounts = rows
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<Vec<Account>, StorageError>>()?;
        Ok(page_of(accounts, query.page.limit, |account| Place {
            list: REGISTRATIONS.to_owned(),
            key: String::new(),
            id: account.id.uuid(),
        }))
    }
}

fn row(account: AccountId, check: &IdentityCheck) -> ActiveModel {
    ActiveModel {
        account: Set(account.uuid()),
        document_kind: Set(check.document_kind.clone()),
        checked_by: Set(check.checked_by.uuid()),
        checked_at: Set(micros(check.checked_at)),
    }
}

#[async_trait]
impl RegistrationChanges for Session {
    async fn insert(
        &mut self,
        account: AccountId,
        check: &IdentityCheck,
    ) -> Result<(), StorageError> {
        Entity::insert(row(account, check))
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn renew(
        &mut self,
        account: AccountId,
        check: &IdentityCheck,
    ) -> Result<(), StorageError> {
        let instead = OnConflict::column(Column::Account)
            .update_columns([Column::DocumentKind, Column::CheckedBy, Column::CheckedAt])
            .to_owned();
        Entity::insert(row(account, check))
            .on_conflict(instead)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
