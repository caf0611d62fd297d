//! Accounts.

use std::collections::BTreeSet;

use application::ports::records::{AccountChanges, AccountRecords, Legible};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::{Account, AccountId, Role};
use domain::code::Code;
use domain::id::Id;
use domain::lock::{Block, Cause, Lock, LockCode};
use domain::membership::{Membership, MembershipNumber, Order};
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, RelationDef};

use crate::error::{corrupt, legible, must_be_one, storage_error};
use crate::folding;
use crate::unit::Session;
use crate::value::{instant, maybe_instant, micros};

const RECORD: &str = "account";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    given_name: String,
    family_name: String,
    email: String,
    cell: Option<String>,
    language: String,
    roles: String,
    membership_order: Option<String>,
    membership_number: Option<String>,
    lost_standing_at: Option<i64>,
    wrong_tries: i64,
    lock_code: Option<String>,
    blocked_since: Option<i64>,
    block_cause: Option<String>,
    opened_at: i64,
    registered_at: Option<i64>,
    privacy_statement: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The account that a record names in that column.
pub(crate) fn of<E: EntityTrait>(column: E::Column) -> RelationDef {
    E::belongs_to(Entity).from(column).to(Column::Id).into()
}

/// The columns of a [`Lock`], which accounts and sign-ins share.
pub(crate) struct LockColumns {
    pub(crate) wrong_tries: i64,
    pub(crate) lock_code: Option<String>,
    pub(crate) blocked_since: Option<i64>,
    pub(crate) block_cause: Option<String>,
}

impl From<&Lock> for LockColumns {
    fn from(lock: &Lock) -> Self {
        let block = lock.block.as_ref();
        Self {
            wrong_tries: i64::from(lock.wrong_tries),
            lock_code: block.map(|block| block.lock_code.as_str().to_owned()),
            blocked_since: block.map(|block| micros(block.since)),
            block_cause: block.map(|block| cause_code(block.cause).to_owned()),
        }
    }
}

impl LockColumns {
    pub(crate) fn into_lock(self, record: &'static str) -> Result<Lock, StorageError> {
        let wrong_tries =
            u32::try_from(self.wrong_tries).map_err(|error| corrupt(record, error))?;
        let block = match (self.lock_code, self.blocked_since, self.block_cause) {
            (Some(code), Some(since), Some(cause)) => Some(Block {
                lock_code: LockCode::parse(&code).map_err(|error| corrupt(record, error))?,
                since: instant(record, since)?,
                cause: cause_of(&cause)
                    .ok_or_else(|| corrupt(record, "unknown cause of a block"))?,
            }),
            _ => None,
        };
        Ok(Lock { wrong_tries, block })
    }
}

const CAUSES: [Cause; 3] = [Cause::WrongAccessCodes, Cause::WrongAnswers, Cause::Staff];

const fn cause_code(cause: Cause) -> &'static str {
    match cause {
        Cause::WrongAccessCodes => "wrong-access-codes",
        Cause::WrongAnswers => "wrong-answers",
        Cause::Staff => "staff",
    }
}

fn cause_of(code: &str) -> Option<Cause> {
    CAUSES.into_iter().find(|cause| cause_code(*cause) == code)
}

/// A language from the database.
pub(crate) fn language(record: &'static str, code: &str) -> Result<Language, StorageError> {
    Language::from_code(code).ok_or_else(|| corrupt(record, "unknown language"))
}

/// A membership number from the database. Nothing writes a blank one; it is none, and keeps nobody's record from being read.
pub(crate) fn membership_number(text: Option<&str>) -> Option<MembershipNumber> {
    text.and_then(|text| MembershipNumber::parse(text).ok())
}

impl From<&Account> for ActiveModel {
    fn from(account: &Account) -> Self {
        let membership = account.membership.as_ref();
        let lock = LockColumns::from(&account.lock);
        let roles: Vec<&str> = account.roles.iter().map(|role| role.code()).collect();
        Self {
            id: Set(account.id.uuid()),
            given_name: Set(account.name.given().to_owned()),
            family_name: Set(account.name.family().to_owned()),
            email: Set(account.email.as_str().to_owned()),
            cell: Set(account.cell.as_ref().map(|cell| cell.as_str().to_owned())),
            language: Set(account.language.code().to_owned()),
            roles: Set(roles.join(" ")),
            membership_order: Set(membership.map(|membership| membership.order.as_str().to_owned())),
            membership_number: Set(membership
                .and_then(|membership| membership.number.as_ref())
                .map(ToString::to_string)),
            lost_standing_at: Set(membership
                .and_then(|membership| membership.lost_standing_at)
                .map(micros)),
            wrong_tries: Set(lock.wrong_tries),
            lock_code: Set(lock.lock_code),
            blocked_since: Set(lock.blocked_since),
            block_cause: Set(lock.block_cause),
            opened_at: Set(micros(account.opened_at)),
            registered_at: Set(account.registered_at.map(micros)),
            privacy_statement: Set(account.privacy_statement.clone()),
        }
    }
}

impl TryFrom<Model> for Account {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let role =
            |code: &str| Role::from_code(code).ok_or_else(|| corrupt(RECORD, "unknown role"));
        let membership = match row.membership_order {
            Some(order) => Some(Membership {
                order: Code::parse(&order).map_err(|error| corrupt(RECORD, error))?,
                number: membership_number(row.membership_number.as_deref()),
                lost_standing_at: maybe_instant(RECORD, row.lost_standing_at)?,
            }),
            None => None,
        };
        let lock = LockColumns {
            wrong_tries: row.wrong_tries,
            lock_code: row.lock_code,
            blocked_since: row.blocked_since,
            block_cause: row.block_cause,
        };
        Ok(Self {
            id: Id::new(row.id),
            name: PersonName::new(&row.given_name, &row.family_name)
                .map_err(|error| corrupt(RECORD, error))?,
            email: EmailAddress::parse(&row.email).map_err(|error| corrupt(RECORD, error))?,
            cell: row
                .cell
                .map(|cell| Telephone::parse(&cell))
                .transpose()
                .map_err(|error| corrupt(RECORD, error))?,
            language: language(RECORD, &row.language)?,
            roles: row
                .roles
                .split_whitespace()
                .map(role)
                .collect::<Result<BTreeSet<_>, _>>()?,
            membership,
            lock: lock.into_lock(RECORD)?,
            opened_at: instant(RECORD, row.opened_at)?,
            registered_at: maybe_instant(RECORD, row.registered_at)?,
            privacy_statement: row.privacy_statement,
        })
    }
}

/// Identifiers in one question.
const AT_ONCE: usize = 1_000;

#[async_trait]
impl AccountRecords for Session {
    async fn by_id(&mut self, id: AccountId) -> Result<Option<Account>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_ids(&mut self, ids: &[AccountId]) -> Result<Vec<Legible<Account>>, StorageError> {
        let mut accounts = Vec::new();
        for part in ids.chunks(AT_ONCE) {
            let found = Entity::find()
                .filter(Column::Id.is_in(part.iter().map(|id| id.uuid())))
                .all(&self.tx)
                .await
                .map_err(storage_error)?;
            accounts.extend(found.into_iter().map(|row| legible(row.id, row)));
        }
        Ok(accounts)
    }

    async fn by_lock_code(&mut self, code: &LockCode) -> Result<Option<Account>, StorageError> {
        Entity::find()
            .filter(Column::LockCode.eq(code.as_str()))
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_email(&mut self, email: &EmailAddress) -> Result<Vec<Account>, StorageError> {
        let rows = Entity::find()
            .filter(folding::like(Expr::col(Column::Email), email.as_str()))
            .order_by_asc(Column::Id)
            .limit(20)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let mut accounts: Vec<Account> = Vec::with_capacity(rows.len());
        for row in rows {
            accounts.push(row.try_into()?);
        }
        accounts.retain(|account| account.email.same_box(email));
        Ok(accounts)
    }

    async fn by_membership(
        &mut self,
        order: &Code<Order>,
        number: &MembershipNumber,
    ) -> Result<Option<Account>, StorageError> {
        Entity::find()
            .filter(Column::MembershipOrder.eq(order.as_str()))
            .filter(folding::like(
                Expr::col(Column::MembershipNumber),
                number.as_str(),
            ))
            .order_by_asc(Column::Id)
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }
}

#[async_trait]
impl AccountChanges for Session {
    async fn insert(&mut self, account: &Account) -> Result<(), StorageError> {
        Entity::insert(ActiveModel::from(account))
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn update(&mut self, account: &Account) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: sea_orm::ActiveValue::NotSet,
            ..account.into()
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(account.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }
}
