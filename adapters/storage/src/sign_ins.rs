//! Sign-ins, and the accounts they open.

use application::ports::records::{SignInChanges, SignInRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::id::Id;
use domain::lock::LockCode;
use domain::person::EmailAddress;
use domain::sign_in::{Binding, SignIn, SignInId, SignInIdentity};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};

use crate::accounts::{self, LockColumns};
use crate::error::{corrupt, must_be_one, storage_error};
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "sign-in";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    issuer: String,
    subject: String,
    account: Option<Uuid>,
    bound_since: Option<i64>,
    email: Option<String>,
    wrong_tries: i64,
    lock_code: Option<String>,
    blocked_since: Option<i64>,
    block_cause: Option<String>,
    first_seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&SignIn> for ActiveModel {
    fn from(sign_in: &SignIn) -> Self {
        let lock = LockColumns::from(&sign_in.lock);
        Self {
            id: Set(sign_in.id.uuid()),
            issuer: Set(sign_in.identity.issuer.clone()),
            subject: Set(sign_in.identity.subject.clone()),
            account: Set(sign_in.bound.map(|bound| bound.account.uuid())),
            bound_since: Set(sign_in.bound.map(|bound| micros(bound.since))),
            email: Set(sign_in
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned())),
            wrong_tries: Set(lock.wrong_tries),
            lock_code: Set(lock.lock_code),
            blocked_since: Set(lock.blocked_since),
            block_cause: Set(lock.block_cause),
            first_seen_at: Set(micros(sign_in.first_seen_at)),
        }
    }
}

impl TryFrom<Model> for SignIn {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let bound = match (row.account, row.bound_since) {
            (Some(account), Some(since)) => Some(Binding {
                account: Id::new(account),
                since: instant(RECORD, since)?,
            }),
            _ => None,
        };
        let lock = LockColumns {
            wrong_tries: row.wrong_tries,
            lock_code: row.lock_code,
            blocked_since: row.blocked_since,
            block_cause: row.block_cause,
        };
        Ok(Self {
            id: Id::new(row.id),
            identity: SignInIdentity {
                issuer: row.issuer,
                subject: row.subject,
            },
            bound,
            email: row
                .email
                .map(|email| EmailAddress::parse(&email))
                .transpose()
                .map_err(|error| corrupt(RECORD, error))?,
            lock: lock.into_lock(RECORD)?,
            first_seen_at: instant(RECORD, row.first_seen_at)?,
        })
    }
}

#[async_trait]
impl SignInRecords for Session {
    async fn by_id(&mut self, id: SignInId) -> Result<Option<SignIn>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn with_account(
        &mut self,
        id: SignInId,
    ) -> Result<Option<(SignIn, Option<Account>)>, StorageError> {
        let found = Entity::find_by_id(id.uuid())
            .join(JoinType::LeftJoin, accounts::of::<Entity>(Column::Account))
            .select_also(accounts::Entity)
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        let Some((sign_in, account)) = found else {
            return Ok(None);
        };
        let account = account.map(TryInto::try_into).transpose()?;
        Ok(Some((sign_in.try_into()?, account)))
    }

    async fn by_identity(
        &mut self,
        identity: &SignInIdentity,
    ) -> Result<Option<SignIn>, StorageError> {
        let found = Entity::find()
            .filter(Column::Issuer.eq(&identity.issuer))
            .filter(Column::Subject.eq(&identity.subject));
        found
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_lock_code(&mut self, code: &LockCode) -> Result<Option<SignIn>, StorageError> {
        Entity::find()
            .filter(Column::LockCode.eq(code.as_str()))
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn of_account(&mut self, account: AccountId) -> Result<Vec<SignIn>, StorageError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.uuid()))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

#[async_trait]
impl SignInChanges for Session {
    async fn insert(&mut self, sign_in: &SignIn) -> Result<(), StorageError> {
        Entity::insert(ActiveModel::from(sign_in))
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn update(&mut self, sign_in: &SignIn) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: NotSet,
            ..sign_in.into()
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(sign_in.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }
}
