//! Sessions of browsers. What a request asks of its own is a statement by itself; what a person sees and ends is part of a unit of work.

use application::ports::records::{SecretHash, SessionChanges, SessionRecords};
use application::ports::sessions::Sessions;
use application::ports::sign_in_services::ServiceLogout;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::id::Id;
use domain::session::{Limits, Session};
use domain::sign_in::SignInId;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{ExprTrait, QueryOrder};
use time::{Duration, OffsetDateTime};

use crate::error::storage_error;
use crate::value::{instant, maybe_instant, micros, secret_hash, span};
use crate::{SqlStorage, sign_ins, unit};

const RECORD: &str = "session";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: Vec<u8>,
    sign_in: Uuid,
    signed_in_at: i64,
    last_used_at: i64,
    service_session: Option<String>,
    /// Empty where a portal of before [`begun_at`](Session::begun_at) wrote it.
    begun_at: Option<i64>,
    idle_lasts: Option<i64>,
    longest_lasts: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Session {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let signed_in_at = instant(RECORD, row.signed_in_at)?;
        let limits = match (row.idle_lasts, row.longest_lasts) {
            (Some(idle), Some(longest)) => Some(Limits {
                idle: Duration::microseconds(idle),
                longest: Duration::microseconds(longest),
            }),
            _ => None,
        };
        Ok(Self {
            sign_in: Id::new(row.sign_in),
            begun_at: maybe_instant(RECORD, row.begun_at)?.unwrap_or(signed_in_at),
            signed_in_at,
            last_used_at: instant(RECORD, row.last_used_at)?,
            limits,
            service_session: row.service_session,
        })
    }
}

#[async_trait]
impl Sessions for SqlStorage {
    async fn begin(&self, hash: &SecretHash, session: &Session) -> Result<(), StorageError> {
        let row = ActiveModel {
            hash: Set(hash.0.to_vec()),
            sign_in: Set(session.sign_in.uuid()),
            signed_in_at: Set(micros(session.signed_in_at)),
            last_used_at: Set(micros(session.last_used_at)),
            service_session: Set(session.service_session.clone()),
            begun_at: Set(Some(micros(session.begun_at))),
            idle_lasts: Set(session.limits.map(|limits| span(limits.idle))),
            longest_lasts: Set(session.limits.map(|limits| span(limits.longest))),
        };
        Entity::insert(row)
            .exec_without_returning(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn find(&self, hash: &SecretHash) -> Result<Option<Session>, StorageError> {
        let row = Entity::find()
            .filter(Column::Hash.eq(hash.0.to_vec()))
            .one(&self.readers)
            .await
            .map_err(storage_error)?;
        row.map(TryInto::try_into).transpose()
    }

    async fn used(&self, hash: &SecretHash, at: OffsetDateTime) -> Result<(), StorageError> {
        let later = Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(micros(at)))
            .filter(Column::Hash.eq(hash.0.to_vec()))
            .filter(Column::LastUsedAt.lt(micros(at)));
        later
            .exec(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn hold_to(&self, limits: Limits) -> Result<(), StorageError> {
        let lasts = [
            (Column::IdleLasts, span(limits.idle)),
            (Column::LongestLasts, span(limits.longest)),
        ];
        for (column, lasts) in lasts {
            Entity::update_many()
                .col_expr(column, lasts.into())
                .filter(column.gt(lasts).or(column.is_null()))
                .exec(&self.writer)
                .await
                .map_err(storage_error)?;
        }
        Ok(())
    }

    async fn end(&self, hash: &SecretHash) -> Result<(), StorageError> {
        Entity::delete_many()
            .filter(Column::Hash.eq(hash.0.to_vec()))
            .exec(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn end_all_of(&self, sign_in: SignInId) -> Result<u64, StorageError> {
        let done = Entity::delete_many()
            .filter(Column::SignIn.eq(sign_in.uuid()))
            .exec(&self.writer)
            .await;
        Ok(done.map_err(storage_error)?.rows_affected)
    }

    async fn end_by_service(&self, over: &ServiceLogout) -> Result<u64, StorageError> {
        let theirs = Query::select()
            .column(sign_ins::Column::Id)
            .from(sign_ins::Entity)
            .and_where(sign_ins::Column::Issuer.eq(&over.issuer))
            .and_where_option(
                over.subject
                    .as_ref()
                    .map(|subject| sign_ins::Column::Subject.eq(subject)),
            )
            .take();
        let mut ended = Entity::delete_many().filter(Column::SignIn.in_subquery(theirs));
        if let Some(session) = &over.service_session {
            ended = ended.filter(Column::ServiceSession.eq(session));
        } else if over.subject.is_none() {
            // A word that names neither a person nor a session ends nothing.
            return Ok(0);
        }
        Ok(ended
            .exec(&self.writer)
            .await
            .map_err(storage_error)?
            .rows_affected)
    }

    async fn remove_older(
        &self,
        last_used: OffsetDateTime,
        signed_in: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let over = Column::LastUsedAt
            .lt(micros(last_used))
            .or(Column::SignedInAt.lt(micros(signed_in)));
        let done = Entity::delete_many().filter(over).exec(&self.writer).await;
        Ok(done.map_err(storage_error)?.rows_affected)
    }
}

#[async_trait]
impl SessionRecords for unit::Session {
    async fn of_sign_in(
        &mut self,
        sign_in: SignInId,
    ) -> Result<Vec<(SecretHash, Session)>, StorageError> {
        let rows = Entity::find()
            .filter(Column::SignIn.eq(sign_in.uuid()))
            .order_by_desc(Column::LastUsedAt)
            .order_by_asc(Column::Hash)
            .all(&self.tx)
            .await;
        let known = |row: Model| Ok((secret_hash(RECORD, &row.hash)?, row.try_into()?));
        rows.map_err(storage_error)?
            .into_iter()
            .map(known)
            .collect()
    }
}

#[async_trait]
impl SessionChanges for unit::Session {
    async fn end_every(&mut self) -> Result<u64, StorageError> {
        // Any instant at all, said as a range, so that an index is asked for them.
        let every = Entity::delete_many().filter(Column::LastUsedAt.gte(i64::MIN));
        let ended = every.exec(&self.tx).await.map_err(storage_error)?;
        Ok(ended.rows_affected)
    }

    async fn end(&mut self, hash: &SecretHash) -> Result<(), StorageError> {
        Entity::delete_many()
            .filter(Column::Hash.eq(hash.0.to_vec()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
