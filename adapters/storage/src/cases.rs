//! Cases, and My Cases as one statement (CASE-4).

use std::collections::BTreeSet;

use application::ports::records::{CaseChanges, CaseOrder, CaseQuery, CaseRecords, Page, Renewed};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::case::{Case, CaseId, FileNumber};
use domain::searching::BETWEEN;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Func, LikeExpr, OnConflict, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    DerivePartialModel, ExprTrait, FromQueryResult, PartialModelTrait, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use time::OffsetDateTime;

use crate::cursor::{Place, page_of};
use crate::error::{corrupt, storage_error};
use crate::sort_keys::{Key, renew};
use crate::unit::Session;
use crate::value::{iso, micros};

mod row;

pub(crate) use row::file_number;
use row::row;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) file_number: String,
    division: String,
    region: String,
    status: String,
    principal_file_number: Option<String>,
    client_ids: String,
    parties: String,
    retainer_limits: Option<String>,
    events: String,
    decisions: String,
    final_decision_on: Option<String>,
    counsel_of_record: Option<Uuid>,
    updated_at: i64,
    search_text: String,
    name_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is read of a row: all but what is there to be searched and sorted by.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
struct Read {
    id: Uuid,
    file_number: String,
    division: String,
    region: String,
    status: String,
    principal_file_number: Option<String>,
    client_ids: String,
    parties: String,
    retainer_limits: Option<String>,
    events: String,
    decisions: String,
    final_decision_on: Option<String>,
    counsel_of_record: Option<Uuid>,
    updated_at: i64,
}

/// When the events of cases are, for the order by next event.
mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) case_file: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) starts_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the query finds, its order and page aside.
fn found(query: &CaseQuery) -> Select<Entity> {
    let still_there = Column::FinalDecisionOn
        .is_null()
        .or(Column::FinalDecisionOn.gt(iso(query.not_decided_by)));
    let mut select = Entity::find()
        .filter(Column::CounselOfRecord.eq(query.counsel.uuid()))
        .filter(still_there);
    for word in &query.words {
        select = select.filter(joined().like(anywhere(word)));
    }
    if let Some(division) = &query.division {
        select = select.filter(capitals_aside(Column::Division, division.as_str()));
    }
    if let Some(status) = &query.status {
        select = select.filter(capitals_aside(Column::Status, status.as_str()));
    }
    if query.event_between != (None, None) {
        select = select.filter(Expr::exists(events_between(query.event_between)));
    }
    select
}

/// Whether the column has that code, as people may type it: `rpd` is the RPD. It narrows a counsel's cases, which an index has found.
fn capitals_aside(column: Column, code: &str) -> SimpleExpr {
    Expr::expr(Func::lower(Expr::col((Entity, column)))).eq(code.to_ascii_lowercase())
}

/// What is looked through, without what may stand between the parts of a name or number.
fn joined() -> SimpleExpr {
    let column = "search_text".to_owned();
    let joined = BETWEEN.iter().fold(column, |inner, separator| {
        let quoted = separator.to_string().replace('\'', "''");
        format!("replace({inner}, '{quoted}', '')")
    });
    Expr::cust(joined)
}

/// A file number without its separators, letter for letter as the index on it has it.
const BARE_NUMBER: &str = "replace(file_number, '-', '')";

/// A word with anything before and after it.
fn anywhere(word: &str) -> LikeExpr {
    let escaped = word.chars().flat_map(|c| {
        let escape = "%_\\".contains(c).then_some('\\');
        escape.into_iter().chain([c])
    });
    LikeExpr::new(format!("%{}%", escaped.collect::<String>())).escape('\\')
}

/// Events of the case within that time.
fn events_between(
    (since, until): (Option<OffsetDateTime>, Option<OffsetDateTime>),
) -> SelectStatement {
    let starts_at = || Expr::col((event::Entity, event::Column::StartsAt));
    Query::select()
        .expr(Expr::val(1))
        .from(event::Entity)
        .and_where(Expr::col((event::Entity, event::Column::CaseFile)).equals((Entity, Column::Id)))
        .and_where_option(since.map(|since| starts_at().gte(micros(since))))
        .and_where_option(until.map(|until| starts_at().lt(micros(until))))
        .to_owned()
}

/// A case with the key by which it was put in order.
#[derive(FromQueryResult)]
struct Keyed {
    #[sea_orm(nested)]
    case: Read,
    sort_key: String,
}

/// The same with how many the query finds in all.
#[derive(FromQueryResult)]
struct Counted {
    #[sea_orm(nested)]
    keyed: Keyed,
    total: i64,
}

/// Instants as text that sorts as they do: none comes last.
const LATEST: i64 = i64::MAX;

/// The key of an order, as text on both databases.
fn sort_key(query: &CaseQuery) -> SimpleExpr {
    let column = |column: Column| Expr::col((Entity, column));
    match query.order {
        CaseOrder::FileNumber => column(Column::FileNumber),
        CaseOrder::Name => column(Column::NameKey),
        CaseOrder::Division => column(Column::Division).binary(
            sea_orm::sea_query::BinOper::Custom("||"),
            column(Column::FileNumber),
        ),
        CaseOrder::NextEvent => {
            let next: SelectStatement = Query::select()
                .expr(Func::min(Expr::col((
                    event::Entity,
                    event::Column::StartsAt,
                ))))
                .from(event::Entity)
                .and_where(
                    Expr::col((event::Entity, event::Column::CaseFile))
                        .equals((Entity, Column::Id)),
                )
                .and_where(
                    Expr::col((event::Entity, event::Column::StartsAt)).gte(micros(query.now)),
                )
                .to_owned();
            let next = SimpleExpr::SubQuery(None, Box::new(next.into()));
            // Nineteen digits with leading zeros: text in this form sorts as the numbers do.
            let padded = Expr::val("0000000000000000000").binary(
                sea_orm::sea_query::BinOper::Custom("||"),
                Func::cast_as(
                    Func::coalesce([next, Expr::val(LATEST)]),
                    Alias::new("text"),
                ),
            );
            Func::cust(Alias::new("substr"))
                .arg(padded.clone())
                .arg(Func::char_length(padded).sub(18))
                .into()
        }
    }
}

/// The part of the list that was asked for, and one row more.
fn part(query: &CaseQuery) -> Result<Select<Entity>, StorageError> {
    let key = sort_key(query);
    let mut select = found(query);
    if let Some(cursor) = &query.page.after {
        let place = Place::of(cursor, list_name(query.order))?;
        let beyond = key.clone().gt(place.key.clone());
        let beside = key
            .clone()
            .eq(place.key)
            .and(Expr::col((Entity, Column::Id)).gt(place.id));
        select = select.filter(beyond.or(beside));
    }
    Ok(Read::select_cols(select.select_only())
        .expr_as(key, "sort_key")
        .order_by_asc(Expr::cust("sort_key"))
        .order_by_asc(Column::Id)
        .limit(u64::from(query.page.limit) + 1))
}

fn cases(rows: Vec<Keyed>, query: &CaseQuery) -> Result<Page<Case>, StorageError> {
    let page = page_of(rows, query.page.limit, |row| Place {
        list: list_name(query.order).to_owned(),
        key: row.sort_key.clone(),
        id: row.case.id,
    });
    let items = page
        .items
        .into_iter()
        .map(|row| row.case.try_into())
        .collect::<Result<_, _>>()?;
    Ok(Page {
        items,
        next: page.next,
    })
}

const fn list_name(order: CaseOrder) -> &'static str {
    match order {
        CaseOrder::FileNumber => "cases-by-file-number",
        CaseOrder::Name => "cases-by-name",
        CaseOrder::Division => "cases-by-division",
        CaseOrder::NextEvent => "cases-by-next-event",
    }
}

#[async_trait]
impl CaseRecords for Session {
    async fn by_id(&mut self, id: CaseId) -> Result<Option<Case>, StorageError> {
        Entity::find_by_id(id.uuid())
            .into_partial_model::<Read>()
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_file_number(&mut self, number: &FileNumber) -> Result<Option<Case>, StorageError> {
        let found = Entity::find()
            .filter(Column::FileNumber.eq(number.as_str()))
            .into_partial_model::<Read>()
            .one(&self.tx)
            .await;
        found
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_bare_number(&mut self, bare: &str) -> Result<Vec<Case>, StorageError> {
        let found = Entity::find()
            .filter(Expr::cust(BARE_NUMBER).eq(bare))
            .limit(2)
            .into_partial_model::<Read>()
            .all(&self.tx)
            .await;
        let found = found.map_err(storage_error)?;
        found.into_iter().map(TryInto::try_into).collect()
    }

    async fn by_file_numbers(&mut self, numbers: &[FileNumber]) -> Result<Vec<Case>, StorageError> {
        let mut cases = Vec::new();
        for part in numbers.chunks(AT_ONCE) {
            let found = Entity::find()
                .filter(Column::FileNumber.is_in(part.iter().map(FileNumber::as_str)))
                .into_partial_model::<Read>()
                .all(&self.tx)
                .await
                .map_err(storage_error)?;
            for row in found {
                cases.push(row.try_into()?);
            }
        }
        Ok(cases)
    }

    async fn list(&mut self, query: &CaseQuery) -> Result<Page<Case>, StorageError> {
        let rows = part(query)?.into_model::<Keyed>().all(&self.tx).await;
        cases(rows.map_err(storage_error)?, query)
    }

    async fn list_and_count(
        &mut self,
        query: &CaseQuery,
    ) -> Result<(Page<Case>, u64), StorageError> {
        let all = found(query).select_only().expr(Func::count(Expr::val(1)));
        let all = SimpleExpr::SubQuery(None, Box::new(all.into_query().into()));
        let rows = part(query)?
            .expr_as(all, "total")
            .into_model::<Counted>()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let total = match rows.first() {
            Some(row) => u64::try_from(row.total).map_err(|error| corrupt("case", error))?,
            // After the last of them, no row tells how many there are before.
            None if query.page.after.is_some() => {
                found(query).count(&self.tx).await.map_err(storage_error)?
            }
            None => 0,
        };
        let rows = rows.into_iter().map(|row| row.keyed).collect();
        Ok((cases(rows, query)?, total))
    }
}

/// Rows in one statement: sixteen values each, and SQLite takes 32,766 values.
const AT_ONCE: usize = 1_000;

fn rows(cases: &[Case]) -> Result<Vec<ActiveModel>, StorageError> {
    cases.iter().map(row).collect()
}

/// What [`CaseChanges::put_all`] replaces of a case that is there.
const CHANGES: [Column; 15] = [
    Column::FileNumber,
    Column::Division,
    Column::Region,
    Column::Status,
    Column::PrincipalFileNumber,
    Column::ClientIds,
    Column::Parties,
    Column::RetainerLimits,
    Column::Events,
    Column::Decisions,
    Column::FinalDecisionOn,
    Column::CounselOfRecord,
    Column::UpdatedAt,
    Column::SearchText,
    Column::NameKey,
];

impl Session {
    async fn put_events(&self, cases: &[Case]) -> Result<(), StorageError> {
        let starts: BTreeSet<(Uuid, i64)> = cases
            .iter()
            .flat_map(|case| {
                let events = case.events.iter();
                events.map(|event| (case.id.uuid(), micros(event.starts_at)))
            })
            .collect();
        let rows: Vec<_> = starts
            .into_iter()
            .map(|(case, starts_at)| event::ActiveModel {
                case_file: Set(case),
                starts_at: Set(starts_at),
            })
            .collect();
        for part in rows.chunks(AT_ONCE) {
            event::Entity::insert_many(part.to_vec())
                .exec_without_returning(&self.tx)
                .await
                .map_err(storage_error)?;
        }
        Ok(())
    }

    /// Makes a column anew that is made of the rest of the case.
    async fn renew_of(
        &self,
        column: Column,
        make: fn(&Case) -> String,
        after: CaseId,
        limit: u32,
    ) -> Result<Renewed, StorageError> {
        let rows = Read::select_cols(Entity::find().select_only())
            .expr_as(Expr::col(column), "sort_key")
            .filter(Column::Id.gt(after.uuid()))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .into_model::<Keyed>()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let keys = rows.into_iter().map(|row| Key {
            record: row.case.id,
            kept: row.sort_key,
            made: Case::try_from(row.case).ok().map(|case| make(&case)),
        });
        renew::<Entity>(&self.tx, (Column::Id, column), keys).await
    }

    async fn remove_events(&self, cases: &[Case]) -> Result<(), StorageError> {
        let ids = cases.iter().map(|case| case.id.uuid());
        event::Entity::delete_many()
            .filter(event::Column::CaseFile.is_in(ids))
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}

#[async_trait]
impl CaseChanges for Session {
    async fn insert_all(&mut self, cases: &[Case]) -> Result<(), StorageError> {
        for part in cases.chunks(AT_ONCE) {
            Entity::insert_many(rows(part)?)
                .exec_without_returning(&self.tx)
                .await
                .map_err(storage_error)?;
            self.put_events(part).await?;
        }
        Ok(())
    }

    async fn renew_name_keys(
        &mut self,
        after: CaseId,
        limit: u32,
    ) -> Result<Renewed, StorageError> {
        self.renew_of(Column::NameKey, Case::name_key, after, limit)
            .await
    }

    async fn renew_search_texts(
        &mut self,
        after: CaseId,
        limit: u32,
    ) -> Result<Renewed, StorageError> {
        self.renew_of(Column::SearchText, Case::search_text, after, limit)
            .await
    }

    async fn put_all(&mut self, cases: &[Case]) -> Result<(), StorageError> {
        for part in cases.chunks(AT_ONCE) {
            Entity::insert_many(rows(part)?)
                .on_conflict(
                    OnConflict::column(Column::Id)
                        .update_columns(CHANGES)
                        .to_owned(),
                )
                .exec_without_returning(&self.tx)
                .await
                .map_err(storage_error)?;
            self.remove_events(part).await?;
            self.put_events(part).await?;
        }
        Ok(())
    }
}
