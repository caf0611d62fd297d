//! Cases, and My Cases as one statement (CASE-4).

use application::ports::records::{CaseChanges, CaseOrder, CaseQuery, CaseRecords, Page};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::case::{Case, CaseEvent, CaseId, ClientId, Decision, FileNumber, Party};
use domain::code::Code;
use domain::id::Id;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Func, LikeExpr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ExprTrait, FromQueryResult, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};

use crate::cursor::{Place, page_of};
use crate::error::{corrupt, must_be_one, storage_error};
use crate::json;
use crate::unit::Session;
use crate::value::{date, instant, iso, micros};

const RECORD: &str = "case";

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

#[derive(Serialize, Deserialize)]
struct PartyRow {
    name: String,
    role: String,
}

#[derive(Serialize, Deserialize)]
struct EventRow {
    kind: String,
    starts_at: i64,
    place: String,
}

#[derive(Serialize, Deserialize)]
struct DecisionRow {
    kind: String,
    made_on: String,
}

fn row(case: &Case) -> Result<ActiveModel, StorageError> {
    let parties: Vec<_> = case
        .parties
        .iter()
        .map(|party| PartyRow {
            name: party.name.clone(),
            role: party.role.to_string(),
        })
        .collect();
    let events: Vec<_> = case
        .events
        .iter()
        .map(|event| EventRow {
            kind: event.kind.to_string(),
            starts_at: micros(event.starts_at),
            place: event.place.clone(),
        })
        .collect();
    let decisions: Vec<_> = case
        .decisions
        .iter()
        .map(|decision| DecisionRow {
            kind: decision.kind.to_string(),
            made_on: iso(decision.made_on),
        })
        .collect();
    let client_ids: Vec<_> = case.client_ids.iter().map(ClientId::as_str).collect();
    Ok(ActiveModel {
        id: Set(case.id.uuid()),
        file_number: Set(case.file_number.to_string()),
        division: Set(case.division.to_string()),
        region: Set(case.region.to_string()),
        status: Set(case.status.to_string()),
        principal_file_number: Set(case.principal_file_number.as_ref().map(ToString::to_string)),
        client_ids: Set(json::text(RECORD, &client_ids)?),
        parties: Set(json::text(RECORD, &parties)?),
        retainer_limits: Set(case.retainer_limits.clone()),
        events: Set(json::text(RECORD, &events)?),
        decisions: Set(json::text(RECORD, &decisions)?),
        final_decision_on: Set(case.final_decision_on.map(iso)),
        counsel_of_record: Set(case.counsel_of_record.map(Id::uuid)),
        updated_at: Set(micros(case.updated_at)),
        search_text: Set(case.search_text()),
        name_key: Set(case.name_key()),
    })
}

fn code<Of>(text: &str) -> Result<Code<Of>, StorageError> {
    Code::parse(text).map_err(|error| corrupt(RECORD, error))
}

/// A file number from the database.
pub(crate) fn file_number(text: &str) -> Result<FileNumber, StorageError> {
    FileNumber::parse(text).map_err(|error| corrupt(RECORD, error))
}

impl TryFrom<Model> for Case {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let client = |text: String| ClientId::parse(&text).map_err(|error| corrupt(RECORD, error));
        let party = |party: PartyRow| {
            Ok::<_, StorageError>(Party {
                role: code(&party.role)?,
                name: party.name,
            })
        };
        let event = |event: EventRow| {
            Ok::<_, StorageError>(CaseEvent {
                kind: code(&event.kind)?,
                starts_at: instant(RECORD, event.starts_at)?,
                place: event.place,
            })
        };
        let decision = |decision: DecisionRow| {
            Ok::<_, StorageError>(Decision {
                kind: code(&decision.kind)?,
                made_on: date(RECORD, &decision.made_on)?,
            })
        };
        Ok(Self {
            id: Id::new(row.id),
            file_number: file_number(&row.file_number)?,
            division: code(&row.division)?,
            region: code(&row.region)?,
            status: code(&row.status)?,
            principal_file_number: row
                .principal_file_number
                .as_deref()
                .map(file_number)
                .transpose()?,
            client_ids: json::list(RECORD, &row.client_ids)?
                .into_iter()
                .map(client)
                .collect::<Result<_, _>>()?,
            parties: json::list(RECORD, &row.parties)?
                .into_iter()
                .map(party)
                .collect::<Result<_, _>>()?,
            retainer_limits: row.retainer_limits,
            events: json::list(RECORD, &row.events)?
                .into_iter()
                .map(event)
                .collect::<Result<_, _>>()?,
            decisions: json::list(RECORD, &row.decisions)?
                .into_iter()
                .map(decision)
                .collect::<Result<_, _>>()?,
            final_decision_on: row
                .final_decision_on
                .map(|day| date(RECORD, &day))
                .transpose()?,
            counsel_of_record: row.counsel_of_record.map(Id::new),
            updated_at: instant(RECORD, row.updated_at)?,
        })
    }
}

/// What the query finds, its order and page aside.
fn found(query: &CaseQuery) -> Select<Entity> {
    let still_there = Column::FinalDecisionOn
        .is_null()
        .or(Column::FinalDecisionOn.gt(iso(query.not_decided_by)));
    let mut select = Entity::find()
        .filter(Column::CounselOfRecord.eq(query.counsel.uuid()))
        .filter(still_there);
    if !query.text.is_empty() {
        let escaped: String = query
            .text
            .chars()
            .flat_map(|c| {
                if "%_\\".contains(c) {
                    vec!['\\', c]
                } else {
                    vec![c]
                }
            })
            .collect();
        select = select
            .filter(Column::SearchText.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
    }
    if let Some(division) = &query.division {
        select = select.filter(Column::Division.eq(division.as_str()));
    }
    if let Some(status) = &query.status {
        select = select.filter(Column::Status.eq(status.as_str()));
    }
    select
}

/// A case with the key by which it was put in order.
#[derive(FromQueryResult)]
struct Keyed {
    #[sea_orm(nested)]
    case: Model,
    sort_key: String,
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
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn by_file_number(&mut self, number: &FileNumber) -> Result<Option<Case>, StorageError> {
        let found = Entity::find()
            .filter(Column::FileNumber.eq(number.as_str()))
            .one(&self.tx)
            .await;
        found
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn list(&mut self, query: &CaseQuery) -> Result<Page<Case>, StorageError> {
        let list = list_name(query.order);
        let key = sort_key(query);
        let mut select = found(query);
        if let Some(cursor) = &query.page.after {
            let place = Place::of(cursor, list)?;
            let beyond = key.clone().gt(place.key.clone());
            let beside = key
                .clone()
                .eq(place.key)
                .and(Expr::col((Entity, Column::Id)).gt(place.id));
            select = select.filter(beyond.or(beside));
        }
        let limit = query.page.limit;
        let select = select
            .expr_as(key, "sort_key")
            .order_by_asc(Expr::cust("sort_key"))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit) + 1);
        let rows = select
            .into_model::<Keyed>()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let page = page_of(rows, limit, |row| Place {
            list: list.to_owned(),
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

    async fn count(&mut self, query: &CaseQuery) -> Result<u64, StorageError> {
        found(query).count(&self.tx).await.map_err(storage_error)
    }
}

impl Session {
    async fn put_events(&self, case: &Case) -> Result<(), StorageError> {
        let starts: std::collections::BTreeSet<i64> = case
            .events
            .iter()
            .map(|event| micros(event.starts_at))
            .collect();
        if starts.is_empty() {
            return Ok(());
        }
        let rows = starts.into_iter().map(|starts_at| event::ActiveModel {
            case_file: Set(case.id.uuid()),
            starts_at: Set(starts_at),
        });
        event::Entity::insert_many(rows)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}

#[async_trait]
impl CaseChanges for Session {
    async fn insert(&mut self, case: &Case) -> Result<(), StorageError> {
        Entity::insert(row(case)?)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)?;
        self.put_events(case).await
    }

    async fn update(&mut self, case: &Case) -> Result<(), StorageError> {
        let changes = ActiveModel {
            id: NotSet,
            ..row(case)?
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(case.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)?;
        event::Entity::delete_many()
            .filter(event::Column::CaseFile.eq(case.id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        self.put_events(case).await
    }
}
