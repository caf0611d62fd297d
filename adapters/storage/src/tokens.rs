//! API tokens, known by the hashes of their secrets.

use std::collections::BTreeSet;

use application::ports::records::{SecretHash, TokenChanges, TokenRecords};
use application::ports::storage::StorageError;
use application::ports::token_uses::TokenUses;
use async_trait::async_trait;
use domain::account::{Account, AccountId};
use domain::id::Id;
use domain::token::{Scope, Token, TokenId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, JoinType, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::error::{corrupt, must_be_one, storage_error};
use crate::unit::Session;
use crate::value::{instant, maybe_instant, micros};
use crate::{SqlStorage, accounts};

const RECORD: &str = "token";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    hash: Vec<u8>,
    account: Uuid,
    label: String,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Token> for ActiveModel {
    fn from(token: &Token) -> Self {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
        Self {
            id: Set(token.id.uuid()),
            hash: NotSet,
            account: Set(token.account.uuid()),
            label: Set(token.label.clone()),
            scopes: Set(scopes.join(" ")),
            created_at: Set(micros(token.created_at)),
            expires_at: Set(micros(token.expires_at)),
            revoked_at: Set(token.revoked_at.map(micros)),
            last_used_at: NotSet,
        }
    }
}

impl TryFrom<Model> for Token {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let scope =
            |code: &str| Scope::from_code(code).ok_or_else(|| corrupt(RECORD, "unknown scope"));
        Ok(Self {
            id: Id::new(row.id),
            account: Id::new(row.account),
            label: row.label,
            scopes: row
                .scopes
                .split_whitespace()
                .map(scope)
                .collect::<Result<BTreeSet<_>, _>>()?,
            created_at: instant(RECORD, row.created_at)?,
            expires_at: instant(RECORD, row.expires_at)?,
            revoked_at: maybe_instant(RECORD, row.revoked_at)?,
            last_used_at: maybe_instant(RECORD, row.last_used_at)?,
        })
    }
}

#[async_trait]
impl TokenRecords for Session {
    async fn by_hash(
        &mut self,
        hash: &SecretHash,
    ) -> Result<Option<(Token, Account)>, StorageError> {
        let found = Entity::find()
            .filter(Column::Hash.eq(hash.0.to_vec()))
            .join(JoinType::InnerJoin, accounts::of::<Entity>(Column::Account))
            .select_also(accounts::Entity)
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        match found {
            Some((token, Some(account))) => Ok(Some((token.try_into()?, account.try_into()?))),
            Some((_, None)) | None => Ok(None),
        }
    }

    async fn by_id(&mut self, id: TokenId) -> Result<Option<Token>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn of_account(&mut self, account: AccountId) -> Result<Vec<Token>, StorageError> {
        let rows = Entity::find()
            .filter(Column::Account.eq(account.uuid()))
            .order_by_desc(Column::Id)
            .all(&self.tx)
            .await;
        rows.map_err(storage_error)?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }
}

#[async_trait]
impl TokenChanges for Session {
    async fn insert(&mut self, token: &Token, hash: &SecretHash) -> Result<(), StorageError> {
        let row = ActiveModel {
            hash: Set(hash.0.to_vec()),
            ..token.into()
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn update(&mut self, token: &Token) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: NotSet,
            ..token.into()
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(token.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }

    async fn revoke_every(&mut self, at: OffsetDateTime) -> Result<Vec<TokenId>, StorageError> {
        let work = Column::RevokedAt
            .is_null()
            .and(Column::ExpiresAt.gt(micros(at)));
        let select = Entity::find().select_only().column(Column::Id);
        let ids = select
            .filter(work.clone())
            .order_by_asc(Column::Id)
            .into_tuple::<Uuid>()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(micros(at)))
            .filter(work)
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        Ok(ids.into_iter().map(Id::new).collect())
    }
}

#[async_trait]
impl TokenUses for SqlStorage {
    async fn used(&self, token: TokenId, at: OffsetDateTime) -> Result<(), StorageError> {
        let earlier = Column::LastUsedAt
            .is_null()
            .or(Column::LastUsedAt.lt(micros(at)));
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(micros(at)))
            .filter(Column::Id.eq(token.uuid()))
            .filter(earlier)
            .exec(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
