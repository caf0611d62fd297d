//! Notices on their way: claimed with a lease by any worker. READ COMMITTED with SKIP LOCKED on PostgreSQL; on SQLite the one writer makes
//! the lock needless, and sea-orm drops it.

use application::ports::outbox::{Claimed, Failure, Outbox, Waiting};
use application::ports::records::Legible;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::notice::Notice;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ExprTrait, IsolationLevel, QueryOrder, QuerySelect, UpdateMany};
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::error::{legible, storage_error};
use crate::notices::{Column, Entity, KINDS};
use crate::value::micros;

/// The notice, as long as it goes to the address that it was claimed with.
fn claimed(notice: &Notice) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(notice.id.uuid()))
        .filter(Column::Email.eq(notice.to.email.as_str()))
}

#[async_trait]
impl Outbox for SqlStorage {
    async fn claim(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Legible<Claimed>>, StorageError> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let now = micros(now);
        let free = Column::HeldUntil.is_null().or(Column::HeldUntil.lte(now));
        let due = Entity::find()
            .filter(Column::DeliveredAt.is_null())
            .filter(Column::SettledAt.is_null())
            .filter(Column::NextTryAt.lte(now))
            .filter(free)
            .filter(Column::Kind.is_in(KINDS))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let rows = due.all(&tx).await.map_err(storage_error)?;
        let rows = rows.into_iter();
        let claimed: Vec<Legible<Claimed>> = rows.map(|row| legible(row.id, row)).collect();
        let ids = |counted: bool| {
            let some = claimed.iter().filter(move |one| one.is_ok() == counted);
            some.map(|one| match one {
                Ok(claimed) => claimed.notice.id.uuid(),
                Err(passed_over) => passed_over.id,
            })
        };
        let held = (Column::HeldUntil, Expr::value(micros(until)));
        let tried = (Column::Attempts, Expr::col(Column::Attempts).add(1));
        for (ids, changes) in [
            (ids(true), vec![held.clone(), tried]),
            (ids(false), vec![held]),
        ] {
            let mut claim = Entity::update_many().filter(Column::Id.is_in(ids.clone()));
            for (column, value) in changes {
                claim = claim.col_expr(column, value);
            }
            if ids.count() > 0 {
                claim.exec(&tx).await.map_err(storage_error)?;
            }
        }
        tx.commit().await.map_err(storage_error)?;
        Ok(claimed)
    }

    async fn delivered(&self, notice: &Notice, at: OffsetDateTime) -> Result<(), StorageError> {
        let done = claimed(notice)
            .col_expr(Column::DeliveredAt, Expr::value(micros(at)))
            .col_expr(Column::HeldUntil, Expr::value(Option::<i64>::None));
        let done = done.exec(&self.writer).await;
        done.map_err(storage_error).map(drop)
    }

    async fn failed(
        &self,
        notice: &Notice,
        next_try: OffsetDateTime,
        why: Failure,
    ) -> Result<(), StorageError> {
        let again = claimed(notice)
            .col_expr(Column::NextTryAt, Expr::value(micros(next_try)))
            .col_expr(Column::HeldUntil, Expr::value(Option::<i64>::None))
            .col_expr(Column::LastFailure, Expr::value(why.code()));
        let again = again.exec(&self.writer).await;
        again.map_err(storage_error).map(drop)
    }

    async fn waiting(&self, attempts: u32) -> Result<Waiting, StorageError> {
        let waiting = Entity::find()
            .filter(Column::DeliveredAt.is_null())
            .filter(Column::SettledAt.is_null());
        let stuck = waiting
            .clone()
            .filter(Column::Attempts.gte(i64::from(attempts)));
        // One that a mail server will never take says nothing of whether others are sent, and waits for the registry alone.
        let will_be_taken = Column::LastFailure
            .is_null()
            .or(Column::LastFailure.ne(Failure::RefusedForGood.code()));
        let oldest = waiting
            .clone()
            .filter(will_be_taken)
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
