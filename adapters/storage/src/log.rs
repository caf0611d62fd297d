//! The public log of receipts: entries, tiles and heads. The database refuses changes to entries and heads. Each is of a log, which has
//! a number; the newest log is the one that has the head of the greatest number, and the one that is read unless another is asked for.

use std::collections::BTreeMap;

use application::ports::receipt_log::{
    Beginning, Growth, Head, Leaf, LeafOf, LogNumber, ReceiptLog, Which,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::id::Id;
use domain::submission::SubmissionId;
use receipts::{Hash, SignedStatement, TileAt};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, ExprTrait, IsolationLevel, QueryOrder, QuerySelect};

use crate::SqlStorage;
use crate::audit;
use crate::audit_seals;
use crate::error::{corrupt, storage_error};
use crate::signed_receipts::{self, waiting};
use crate::value::{count, micros, thirty_two};

const RECORD: &str = "log";

/// The number of the first log.
const FIRST: i64 = 1;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "log_leaf")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    log: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    position: i64,
    submission: Option<Uuid>,
    seal: Option<i64>,
    entry: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Tiles: each is as wide as it is now; narrower ones of before are its beginning.
mod tile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_tile")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) log: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) level: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) number: i64,
        pub(super) hashes: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Heads that were published.
mod checkpoint {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_checkpoint")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) log: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) size: i64,
        pub(super) note: String,
        pub(super) published_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

type Stored<T> = Result<T, StorageError>;

fn natural(number: i64) -> Stored<u64> {
    u64::try_from(number).map_err(|error| corrupt(RECORD, error))
}

fn head(row: checkpoint::Model) -> Stored<Head> {
    Ok(Head {
        size: natural(row.size)?,
        note: row.note,
    })
}

impl TryFrom<Model> for Leaf {
    type Error = StorageError;

    fn try_from(row: Model) -> Stored<Self> {
        let of = match (row.submission, row.seal) {
            (Some(submission), None) => LeafOf::Receipt(Id::new(submission)),
            (None, Some(seal)) => LeafOf::Seal(seal),
            _ => return Err(corrupt(RECORD, "an entry is of one thing")),
        };
        Ok(Self {
            index: natural(row.position)?,
            of,
            entry: thirty_two(RECORD, &row.entry)?,
        })
    }
}

/// The row of an entry of that log.
fn row(log: i64, leaf: &Leaf) -> ActiveModel {
    let (submission, seal) = match leaf.of {
        LeafOf::Receipt(submission) => (Some(submission.uuid()), None),
        LeafOf::Seal(number) => (None, Some(number)),
    };
    ActiveModel {
        log: Set(log),
        position: Set(count(leaf.index)),
        submission: Set(submission),
        seal: Set(seal),
        entry: Set(leaf.entry.to_vec()),
    }
}

/// The number of the newest log, for a condition; none where there is no log yet.
fn newest() -> SelectStatement {
    Query::select()
        .expr(Expr::col(checkpoint::Column::Log).max())
        .from(checkpoint::Entity)
        .take()
}

/// The number of that log, for a condition.
fn number_of(which: Which) -> SimpleExpr {
    match which {
        Which::Newest => SimpleExpr::SubQuery(None, Box::new(newest().into())),
        Which::Numbered(LogNumber(number)) => Expr::val(number),
    }
}

/// Waits for whoever grows or replaces the log, and gives the newest head and its log's number as they are then.
async fn locked(tx: &impl ConnectionTrait) -> Stored<Option<checkpoint::Model>> {
    let newest = || {
        checkpoint::Entity::find()
            .order_by_desc(checkpoint::Column::Log)
            .order_by_desc(checkpoint::Column::Size)
    };
    // The row that is locked may not be the newest any more once the lock is had.
    newest().lock_exclusive().one(tx).await.map_err(first)?;
    newest().one(tx).await.map_err(first)
}

/// A row that another worker has put there first.
fn first(error: DbErr) -> StorageError {
    storage_error(error).overtaken()
}

#[async_trait]
impl ReceiptLog for SqlStorage {
    async fn head(&self) -> Stored<Option<Head>> {
        checkpoint::Entity::find()
            .order_by_desc(checkpoint::Column::Log)
            .order_by_desc(checkpoint::Column::Size)
            .one(&self.readers)
            .await
            .map_err(storage_error)?
            .map(head)
            .transpose()
    }

    async fn heads(&self, of: Which, after: Option<u64>, limit: u32) -> Stored<Vec<Head>> {
        let after = after.map_or(-1, count);
        let rows = checkpoint::Entity::find()
            .filter(Expr::col(checkpoint::Column::Log).eq(number_of(of)))
            .filter(checkpoint::Column::Size.gt(after))
            .order_by_asc(checkpoint::Column::Size)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(head).collect()
    }

    async fn last_heads(&self) -> Stored<Vec<(LogNumber, Head)>> {
        // Logs are few, and heads of each are many: the last of one leads to the last of the one before.
        let mut last = Vec::new();
        let mut before = i64::MAX;
        while let Some(row) = checkpoint::Entity::find()
            .filter(checkpoint::Column::Log.lt(before))
            .order_by_desc(checkpoint::Column::Log)
            .order_by_desc(checkpoint::Column::Size)
            .one(&self.readers)
            .await
            .map_err(storage_error)?
        {
            before = row.log;
            last.push((LogNumber(row.log), head(row)?));
        }
        last.reverse();
        Ok(last)
    }

    async fn waiting(&self, limit: u32) -> Stored<Vec<(SubmissionId, SignedStatement)>> {
        let rows = waiting::Entity::find()
            .order_by_asc(waiting::Column::Submission)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        let ids: Vec<SubmissionId> = rows.iter().map(|row| Id::new(row.submission)).collect();
        Ok(self.receipts(&ids).await?.into_iter().collect())
    }

    async fn out_of_line(&self, limit: u32) -> Stored<Vec<SubmissionId>> {
        let in_line = Query::select()
            .column(waiting::Column::Submission)
            .from(waiting::Entity)
            .take();
        let in_log = Query::select()
            .column(Column::Submission)
            .from(Entity)
            .and_where(Column::Log.in_subquery(newest()))
            .and_where(Column::Submission.is_not_null())
            .take();
        let rows = signed_receipts::Entity::find()
            .filter(signed_receipts::Column::Submission.not_in_subquery(in_line))
            .filter(signed_receipts::Column::Submission.not_in_subquery(in_log))
            .order_by_asc(signed_receipts::Column::Submission)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        Ok(rows.iter().map(|row| Id::new(row.submission)).collect())
    }

    async fn place_of(&self, submission: SubmissionId) -> Stored<Option<u64>> {
        Entity::find()
            .filter(Column::Log.in_subquery(newest()))
            .filter(Column::Submission.eq(submission.uuid()))
            .one(&self.readers)
            .await
            .map_err(storage_error)?
            .map(|row| natural(row.position))
            .transpose()
    }

    async fn last_seal(&self) -> Stored<Option<i64>> {
        let row = Entity::find()
            .filter(Column::Log.in_subquery(newest()))
            .filter(Column::Seal.is_not_null())
            .order_by_desc(Column::Seal)
            .one(&self.readers)
            .await
            .map_err(storage_error)?;
        Ok(row.and_then(|row| row.seal))
    }

    async fn leaves(&self, of: Which, from: u64, limit: u32) -> Stored<Vec<Leaf>> {
        let rows = Entity::find()
            .filter(Expr::col(Column::Log).eq(number_of(of)))
            .filter(Column::Position.gte(count(from)))
            .order_by_asc(Column::Position)
            .limit(u64::from(limit))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn tiles(&self, of: Which, at: &[TileAt]) -> Stored<Vec<(TileAt, Vec<Hash>)>> {
        if at.is_empty() {
            return Ok(Vec::new());
        }
        // The log's number stands in each alternative: an index is asked for a place, and not for a log.
        let log = number_of(of);
        let mut any = Condition::any();
        for at in at {
            any = any.add(
                Expr::col(tile::Column::Log)
                    .eq(log.clone())
                    .and(tile::Column::Level.eq(i64::from(at.level)))
                    .and(tile::Column::Number.eq(count(at.number))),
            );
        }
        let rows = tile::Entity::find()
            .filter(any)
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        let hashes = |row: tile::Model| {
            let at = TileAt {
                level: u8::try_from(row.level).map_err(|error| corrupt(RECORD, error))?,
                number: natural(row.number)?,
            };
            let hashes = row.hashes.chunks(32);
            let hashes = hashes.map(|hash| thirty_two(RECORD, hash).map(Hash));
            Ok((at, hashes.collect::<Stored<_>>()?))
        };
        rows.into_iter().map(hashes).collect()
    }

    async fn receipts(
        &self,
        of: &[SubmissionId],
    ) -> Stored<BTreeMap<SubmissionId, SignedStatement>> {
        if of.is_empty() {
            return Ok(BTreeMap::new());
        }
        let ids = of.iter().map(|id| id.uuid());
        let rows = signed_receipts::Entity::find()
            .filter(signed_receipts::Column::Submission.is_in(ids))
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        rows.into_iter()
            .map(|row| Ok((Id::new(row.submission), row.try_into()?)))
            .collect()
    }

    async fn links(&self, seals: &[i64]) -> Stored<BTreeMap<i64, [u8; 32]>> {
        audit_seals::links(&self.readers, seals).await
    }

    async fn grow(&self, growth: &Growth) -> Stored<()> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let upon = locked(&tx).await?;
        let number = upon.as_ref().map_or(FIRST, |row| row.log);
        if upon.map(head).transpose()? != growth.upon {
            return Err(StorageError::Contention);
        }
        // The head and the entries first: whoever comes second stops here, before a tile is touched.
        let head = checkpoint::ActiveModel {
            log: Set(number),
            size: Set(count(growth.head.size)),
            note: Set(growth.head.note.clone()),
            published_at: Set(micros(growth.at)),
        };
        if !growth.leaves.is_empty() {
            Entity::insert_many(growth.leaves.iter().map(|leaf| row(number, leaf)))
                .exec_without_returning(&tx)
                .await
                .map_err(first)?;
        }
        checkpoint::Entity::insert(head)
            .exec_without_returning(&tx)
            .await
            .map_err(first)?;
        let tiles: Vec<tile::ActiveModel> = growth
            .tiles
            .iter()
            .map(|(at, hashes)| tile::ActiveModel {
                log: Set(number),
                level: Set(i64::from(at.level)),
                number: Set(count(at.number)),
                hashes: Set(hashes.iter().flat_map(|hash| hash.0).collect()),
            })
            .collect();
        if !tiles.is_empty() {
            let place = [tile::Column::Log, tile::Column::Level, tile::Column::Number];
            let grown = OnConflict::columns(place)
                .update_column(tile::Column::Hashes)
                .to_owned();
            tile::Entity::insert_many(tiles)
                .on_conflict(grown)
                .exec_without_returning(&tx)
                .await
                .map_err(first)?;
        }
        let logged = growth.leaves.iter().filter_map(|leaf| match leaf.of {
            LeafOf::Receipt(submission) => Some(submission.uuid()),
            LeafOf::Seal(_) => None,
        });
        let logged: Vec<Uuid> = logged.collect();
        if !logged.is_empty() {
            waiting::Entity::delete_many()
                .filter(waiting::Column::Submission.is_in(logged))
                .exec(&tx)
                .await
                .map_err(first)?;
        }
        tx.commit().await.map_err(first)
    }
    async fn begin_anew(&self, beginning: &Beginning) -> Stored<()> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let Some(former) = locked(&tx).await? else {
            return Err(StorageError::Contention);
        };
        let number = former.log + 1;
        if head(former)? != beginning.after {
            return Err(StorageError::Contention);
        }
        let head = checkpoint::ActiveModel {
            log: Set(number),
            size: Set(count(beginning.head.size)),
            note: Set(beginning.head.note.clone()),
            published_at: Set(micros(beginning.at)),
        };
        checkpoint::Entity::insert(head)
            .exec_without_returning(&tx)
            .await
            .map_err(first)?;
        let mut all = Query::insert();
        all.into_table(waiting::Entity)
            .columns([waiting::Column::Submission])
            .select_from(
                Query::select()
                    .column(signed_receipts::Column::Submission)
                    .from(signed_receipts::Entity)
                    .and_where(
                        signed_receipts::Column::Submission.not_in_subquery(
                            Query::select()
                                .column(waiting::Column::Submission)
                                .from(waiting::Entity)
                                .take(),
                        ),
                    )
                    .take(),
            )
            .map_err(|error| corrupt(RECORD, error.to_string()))?;
        tx.execute(&all).await.map_err(first)?;
        audit::append(&tx, std::slice::from_ref(&beginning.entry)).await?;
        tx.commit().await.map_err(first)
    }
}
