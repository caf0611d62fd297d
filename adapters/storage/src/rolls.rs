//! The rolls of the orders, as they were last imported (REG-1).

use application::ports::records::{Legible, RollChanges, RollRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::case::folded;
use domain::code::Code;
use domain::membership::{MembershipNumber, Order, RollEntry};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::accounts;
use crate::error::{legible, storage_error};
use crate::folding;
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "roll";

/// Rows in one statement: seven values each, and SQLite takes 32,766 values.
const AT_ONCE: usize = 1_000;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_entry")]
pub struct Model {
    #[sea_orm(primary_key)]
    id: i64,
    member_of: String,
    number: Option<String>,
    given_name: String,
    family_name: String,
    /// As names are compared.
    family_key: String,
    in_good_standing: bool,
    imported_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for RollEntry {
    fn from(row: Model) -> Self {
        Self {
            number: accounts::membership_number(row.number.as_deref()),
            given_name: row.given_name,
            family_name: row.family_name,
            in_good_standing: row.in_good_standing,
        }
    }
}

#[async_trait]
impl RollRecords for Session {
    async fn by_number(
        &mut self,
        order: &Code<Order>,
        number: &MembershipNumber,
    ) -> Result<Vec<RollEntry>, StorageError> {
        let rows = Entity::find()
            .filter(Column::MemberOf.eq(order.as_str()))
            .filter(folding::like(Expr::col(Column::Number), number.as_str()))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn by_family_name(
        &mut self,
        order: &Code<Order>,
        folded: &str,
    ) -> Result<Vec<RollEntry>, StorageError> {
        let rows = Entity::find()
            .filter(Column::MemberOf.eq(order.as_str()))
            .filter(Column::FamilyKey.eq(folded))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn imported_at(
        &mut self,
        order: &Code<Order>,
    ) -> Result<Option<OffsetDateTime>, StorageError> {
        let row = Entity::find()
            .filter(Column::MemberOf.eq(order.as_str()))
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        row.map(|row| instant(RECORD, row.imported_at)).transpose()
    }

    async fn accounts(
        &mut self,
        order: &Code<Order>,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Legible<Account>>, StorageError> {
        let mut select =
            accounts::Entity::find().filter(accounts::Column::MembershipOrder.eq(order.as_str()));
        if let Some(after) = after {
            select = select.filter(accounts::Column::Id.gt(after.uuid()));
        }
        let rows = select
            .order_by_asc(accounts::Column::Id)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = rows.into_iter();
        Ok(rows.map(|row| legible(row.id, row)).collect())
    }
}

#[async_trait]
impl RollChanges for Session {
    async fn replace(
        &mut self,
        order: &Code<Order>,
        entries: &[RollEntry],
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        Entity::delete_many()
            .filter(Column::MemberOf.eq(order.as_str()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        for part in entries.chunks(AT_ONCE) {
            let rows = part.iter().map(|entry| ActiveModel {
                id: NotSet,
                member_of: Set(order.as_str().to_owned()),
                number: Set(entry.number.as_ref().map(ToString::to_string)),
                given_name: Set(entry.given_name.clone()),
                family_name: Set(entry.family_name.clone()),
                family_key: Set(folded(&entry.family_name)),
                in_good_standing: Set(entry.in_good_standing),
                imported_at: Set(micros(at)),
            });
            Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await
                .map_err(storage_error)?;
        }
        Ok(())
    }
}
