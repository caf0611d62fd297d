//! Notices on their way: claimed with a lease by any worker. READ COMMITTED with SKIP LOCKED on PostgreSQL; on SQLite the one writer makes
//! the lock needless, and sea-orm drops it.

use application::ports::outbox::{Claimed, Outbox, Waiting};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::notice::NoticeId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ExprTrait, IsolationLevel, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::error::{must_be_one, storage_error};
use crate::notices::{Column, Entity};
use crate::value::micros;

#[async_trait]
impl Outbox for SqlStorage {
    async fn claim(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Claimed>, StorageError> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let now = micros(now);
        let free = Column::HeldUntil.is_null().or(Column::HeldUntil.lte(now));
        let due = Entity::find()
            .filter(Column::DeliveredAt.is_null())
            .filter(Column::SettledAt.is_null())
            .filter(Column::NextTryAt.lte(now))
            .filter(free)
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let rows = due.all(&tx).await.map_err(storage_error)?;
        if !rows.is_empty() {
            let claim = Entity::update_many()
                .col_expr(Column::HeldUntil, Expr::value(micros(until)))
                .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
                .filter(Column::Id.is_in(rows.iter().map(|row| row.id)));
            claim.exec(&tx).await.map_err(storage_error)?;
        }
        tx.commit().await.map_err(storage_error)?;
        let claimed = |row: crate::notices::Model| {
            let attempts = u32::try_from(row.attempts.saturating_add(1)).unwrap_or(u32::MAX);
            Ok(Claimed {
                notice: row.try_into()?,
                attempts,
            })
        };
        rows.into_iter().map(claimed).collect()
    }

    async fn delivered(&self, notice: NoticeId, at: OffsetDateTime) -> Result<(), StorageError> {
        let done = Entity::update_many()
            .col_expr(Column::DeliveredAt, Expr::value(micros(at)))
            .col_expr(Column::HeldUntil, Expr::value(Option::<i64>::None))
            .filter(Column::Id.eq(notice.uuid()));
        must_be_one(
            done.exec(&self.writer)
                .await
                .map_err(storage_error)?
                .rows_affected,
        )
    }

    async fn failed(
        &self,
        notice: NoticeId,
        next_try: OffsetDateTime,
        reason: &str,
    ) -> Result<(), StorageError> {
        let again = Entity::update_many()
            .col_expr(Column::NextTryAt, Expr::value(micros(next_try)))
            .col_expr(Column::HeldUntil, Expr::value(Option::<i64>::None))
            .col_expr(Column::LastFailure, Expr::value(reason))
            .filter(Column::Id.eq(notice.uuid()));
        must_be_one(
            again
                .exec(&self.writer)
                .await
                .map_err(storage_error)?
                .rows_affected,
        )
    }

    async fn waiting(&self, attempts: u32) -> Result<Waiting, StorageError> {
        let waiting = Entity::find()
            .filter(Column::DeliveredAt.is_null())
            .filter(Column::SettledAt.is_null());
        let stuck = waiting
            .clone()
            .filter(Column::Attempts.gte(i64::from(attempts)));
        let oldest = waiting
            .clone()
            .order_by_asc(Column::WrittenAt)
            .one(&self.readers)
            .await
            .map_err(storage_error)?;
        let oldest = oldest.map(|notice| notice.written_at());
        Ok(Waiting {
            oldest: oldest.transpose()?,
            all: waiting.count(&self.readers).await.map_err(storage_error)?,
            stuck: stuck.count(&self.readers).await.map_err(storage_error)?,
        })
    }
}
