//! What the tribunal sent, and who read it. Inboxes are lists over it, narrowed to the cases that the counsel sees now (BOX-1 … BOX-3).

use std::collections::BTreeMap;

use application::ports::records::{
    FiledItem, InboxChanges, InboxOrder, InboxQuery, InboxRecords, Page, PageRequest, Renewed,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::case::CaseId;
use domain::code::Code;
use domain::document::{DocumentId, FileName, MediaType};
use domain::id::Id;
use domain::inbox::{InboxItem, InboxItemId, Reading, Sent};
use domain::sorting::sort_key;
use domain::submission::Named;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement, SimpleExpr};
use sea_orm::{ExprTrait, FromQueryResult, JoinType, QueryOrder, QuerySelect, RelationDef, Select};

use crate::cases;
use crate::cursor::{Place, page_of};
use crate::error::{corrupt, must_be_one, storage_error};
use crate::files::{AT_ONCE, uuids};
use crate::sort_keys::{Key, renew};
use crate::unit::Session;
use crate::value::{count, instant, iso, maybe_instant, micros, sha256};

const RECORD: &str = "inbox item";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    case_file: Uuid,
    counsel: Uuid,
    document: Uuid,
    name: String,
    media_type: String,
    size: i64,
    sha256: Vec<u8>,
    document_type: String,
    title: String,
    /// The title as it sorts.
    title_key: String,
    sent_by: Uuid,
    made_available_at: i64,
    /// Of the office that held the file then; none for what was sent before that was kept.
    office_zone: Option<String>,
    deleted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// First readings, one per person.
mod reading {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "reading")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) item: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) account: Uuid,
        pub(super) name: String,
        pub(super) read_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An item with its case's file number.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    item: Model,
    file_number: String,
}

fn its_case() -> RelationDef {
    Entity::belongs_to(cases::Entity)
        .from(Column::CaseFile)
        .to(cases::Column::Id)
        .into()
}

fn with_case() -> Select<Entity> {
    Entity::find()
        .join(JoinType::InnerJoin, its_case())
        .expr_as(
            Expr::col((cases::Entity, cases::Column::FileNumber)),
            "file_number",
        )
}

fn filed(row: Row, readings: Vec<Reading>) -> Result<FiledItem, StorageError> {
    let Row { item, file_number } = row;
    Ok(FiledItem {
        file_number: cases::file_number(&file_number)?,
        item: InboxItem {
            id: Id::new(item.id),
            case: Id::new(item.case_file),
            counsel: Id::new(item.counsel),
            sent: Sent {
                document: Id::new(item.document),
                name: FileName::from_sender(&item.name),
                media_type: MediaType::from_mime(&item.media_type)
                    .ok_or_else(|| corrupt(RECORD, "unknown type of file"))?,
                size: u64::try_from(item.size).map_err(|error| corrupt(RECORD, error))?,
                sha256: sha256(RECORD, &item.sha256)?,
                document_type: Code::parse(&item.document_type)
                    .map_err(|error| corrupt(RECORD, error))?,
                title: item.title,
            },
            sent_by: Id::new(item.sent_by),
            made_available_at: instant(RECORD, item.made_available_at)?,
            office_zone: item.office_zone,
            deleted_at: maybe_instant(RECORD, item.deleted_at)?,
            readings,
        },
    })
}

/// What the query finds, its order and page aside.
fn found(query: &InboxQuery) -> Select<Entity> {
    let case = |column: cases::Column| Expr::col((cases::Entity, column));
    let still_there = case(cases::Column::FinalDecisionOn)
        .is_null()
        .or(case(cases::Column::FinalDecisionOn).gt(iso(query.not_decided_by)));
    let mut select = with_case()
        .filter(Column::Counsel.eq(query.counsel.uuid()))
        .filter(case(cases::Column::CounselOfRecord).eq(query.counsel.uuid()))
        .filter(still_there);
    select = match query.case {
        Some(case) => select.filter(Column::CaseFile.eq(case.uuid())),
        None => select.filter(Column::DeletedAt.is_null()),
    };
    if let Some(reader) = query.unread_by {
        let read: SelectStatement = Query::select()
            .expr(Expr::val(1))
            .from(reading::Entity)
            .and_where(
                Expr::col((reading::Entity, reading::Column::Item)).equals((Entity, Column::Id)),
            )
            .and_where(Expr::col((reading::Entity, reading::Column::Account)).eq(reader.uuid()))
            .to_owned();
        select = select.filter(Expr::exists(read).not());
    }
    select
}

/// The part of a list after `place`, in its order.
fn ordered(select: Select<Entity>, order: InboxOrder, place: Option<Place>) -> Select<Entity> {
    let id = || Expr::col((Entity, Column::Id));
    let beyond = |key: SimpleExpr, place: &Place, beside: SimpleExpr| {
        key.clone()
            .gt(place.key.clone())
            .or(key.eq(place.key.clone()).and(beside))
    };
    let file_number = || Expr::col((cases::Entity, cases::Column::FileNumber));
    let title = || Expr::col((Entity, Column::TitleKey));
    let after = place.map(|place| match order {
        InboxOrder::Newest => id().lt(place.id),
        InboxOrder::Oldest => id().gt(place.id),
        InboxOrder::FileNumber => beyond(file_number(), &place, id().lt(place.id)),
        InboxOrder::Title => beyond(title(), &place, id().gt(place.id)),
    });
    let select = match after {
        Some(after) => select.filter(after),
        None => select,
    };
    match order {
        InboxOrder::Newest => select.order_by_desc(Column::Id),
        InboxOrder::Oldest => select.order_by_asc(Column::Id),
        InboxOrder::FileNumber => select.order_by_asc(file_number()).order_by_desc(Column::Id),
        InboxOrder::Title => select.order_by_asc(title()).order_by_asc(Column::Id),
    }
}

/// The list that a cursor belongs to.
const fn list_name(order: InboxOrder) -> &'static str {
    match order {
        InboxOrder::Newest => "inbox-newest",
        InboxOrder::Oldest => "inbox-oldest",
        InboxOrder::FileNumber => "inbox-by-file-number",
        InboxOrder::Title => "inbox-by-title",
    }
}

const SENT_ON: &str = "sent-on-case";

impl Session {
    /// The items of those rows with their readings: one more statement for all of them.
    async fn with_readings(&self, rows: Vec<Row>) -> Result<Vec<FiledItem>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.item.id).collect();
        let mut readings: BTreeMap<Uuid, Vec<Reading>> = BTreeMap::new();
        let select = reading::Entity::find()
            .filter(reading::Column::Item.is_in(ids))
            .order_by_asc(reading::Column::ReadAt)
            .order_by_asc(reading::Column::Account);
        for row in select.all(&self.tx).await.map_err(storage_error)? {
            readings.entry(row.item).or_default().push(Reading {
                by: Named {
                    account: Id::new(row.account),
                    name: row.name,
                },
                at: instant(RECORD, row.read_at)?,
            });
        }
        rows.into_iter()
            .map(|row| {
                let of = readings.remove(&row.item.id).unwrap_or_default();
                filed(row, of)
            })
            .collect()
    }

    /// Where a document of that counsel's stands among titles.
    async fn title_key(&self, counsel: AccountId, item: Uuid) -> Result<String, StorageError> {
        let found: Option<String> = Entity::find_by_id(item)
            .select_only()
            .column(Column::TitleKey)
            .filter(Column::Counsel.eq(counsel.uuid()))
            .into_tuple()
            .one(&self.tx)
            .await
            .map_err(storage_error)?;
        found.ok_or(StorageError::CursorUnusable)
    }

    async fn rows(&self, select: Select<Entity>) -> Result<Vec<Row>, StorageError> {
        select
            .into_model::<Row>()
            .all(&self.tx)
            .await
            .map_err(storage_error)
    }
}

#[async_trait]
impl InboxRecords for Session {
    async fn by_id(&mut self, id: InboxItemId) -> Result<Option<FiledItem>, StorageError> {
        Ok(self.several(&[id]).await?.into_iter().next())
    }

    async fn several(&mut self, ids: &[InboxItemId]) -> Result<Vec<FiledItem>, StorageError> {
        let mut several = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let ids: Vec<Uuid> = some.iter().map(|id| id.uuid()).collect();
            let rows = self.rows(with_case().filter(Column::Id.is_in(ids))).await?;
            several.extend(self.with_readings(rows).await?);
        }
        Ok(several)
    }

    async fn list(&mut self, query: &InboxQuery) -> Result<Page<FiledItem>, StorageError> {
        let list = list_name(query.order);
        let limit = query.page.limit;
        let mut place = query
            .page
            .after
            .as_ref()
            .map(|cursor| Place::of(cursor, list))
            .transpose()?;
        if let Some(place) = place.as_mut()
            && query.order == InboxOrder::Title
        {
            place.key = self.title_key(query.counsel, place.id).await?;
        }
        let select = ordered(found(query), query.order, place).limit(u64::from(limit) + 1);
        let page = page_of(self.rows(select).await?, limit, |row| Place {
            list: list.to_owned(),
            key: match query.order {
                // A cursor stands in the address of a page, and a title may say of whom it is (PRIV-1): the item alone is named.
                InboxOrder::Newest | InboxOrder::Oldest | InboxOrder::Title => String::new(),
                InboxOrder::FileNumber => row.file_number.clone(),
            },
            id: row.item.id,
        });
        Ok(Page {
            items: self.with_readings(page.items).await?,
            next: page.next,
        })
    }

    async fn count(&mut self, query: &InboxQuery) -> Result<u64, StorageError> {
        found(query).count(&self.tx).await.map_err(storage_error)
    }

    async fn sent_on(
        &mut self,
        case: CaseId,
        page: &PageRequest,
    ) -> Result<Page<FiledItem>, StorageError> {
        let mut select = with_case().filter(Column::CaseFile.eq(case.uuid()));
        if let Some(cursor) = &page.after {
            select = select.filter(Column::Id.lt(Place::of(cursor, SENT_ON)?.id));
        }
        let select = select
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let page = page_of(self.rows(select).await?, page.limit, |row| Place {
            list: SENT_ON.to_owned(),
            key: String::new(),
            id: row.item.id,
        });
        Ok(Page {
            items: self.with_readings(page.items).await?,
            next: page.next,
        })
    }

    async fn naming(&mut self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError> {
        let mut named = Vec::new();
        for some in documents.chunks(AT_ONCE) {
            let select = Entity::find()
                .select_only()
                .column(Column::Document)
                .distinct()
                .filter(Column::Document.is_in(uuids(some)));
            let found: Vec<Uuid> = select
                .into_tuple()
                .all(&self.tx)
                .await
                .map_err(storage_error)?;
            named.extend(found.into_iter().map(Id::new));
        }
        Ok(named)
    }

    async fn documents_after(
        &mut self,
        after: DocumentId,
        limit: u32,
    ) -> Result<Vec<DocumentId>, StorageError> {
        let select = Entity::find()
            .select_only()
            .column(Column::Document)
            .distinct()
            .filter(Column::Document.gt(after.uuid()))
            .order_by_asc(Column::Document)
            .limit(u64::from(limit));
        let found: Vec<Uuid> = select
            .into_tuple()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        Ok(found.into_iter().map(Id::new).collect())
    }
}

#[async_trait]
impl InboxChanges for Session {
    async fn insert(&mut self, item: &InboxItem) -> Result<(), StorageError> {
        let row = ActiveModel {
            id: Set(item.id.uuid()),
            case_file: Set(item.case.uuid()),
            counsel: Set(item.counsel.uuid()),
            document: Set(item.sent.document.uuid()),
            name: Set(item.sent.name.as_str().to_owned()),
            media_type: Set(item.sent.media_type.mime().to_owned()),
            size: Set(count(item.sent.size)),
            sha256: Set(item.sent.sha256.bytes().to_vec()),
            document_type: Set(item.sent.document_type.to_string()),
            title: Set(item.sent.title.clone()),
            title_key: Set(sort_key(&item.sent.title)),
            sent_by: Set(item.sent_by.uuid()),
            made_available_at: Set(micros(item.made_available_at)),
            office_zone: Set(item.office_zone.clone()),
            deleted_at: Set(item.deleted_at.map(micros)),
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)?;
        for reading in &item.readings {
            self.read(item.id, reading).await?;
        }
        Ok(())
    }

    async fn renew_title_keys(
        &mut self,
        after: InboxItemId,
        limit: u32,
    ) -> Result<Renewed, StorageError> {
        let rows: Vec<(Uuid, String, String)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Title, Column::TitleKey])
            .filter(Column::Id.gt(after.uuid()))
            .order_by_asc(Column::Id)
            .limit(u64::from(limit))
            .into_tuple()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let keys = rows.into_iter().map(|(record, title, kept)| Key {
            record,
            kept,
            made: Some(sort_key(&title)),
        });
        renew::<Entity>(&self.tx, (Column::Id, Column::TitleKey), keys).await
    }

    async fn delete(&mut self, item: &InboxItem) -> Result<(), StorageError> {
        let done = Entity::update_many()
            .col_expr(Column::DeletedAt, Expr::value(item.deleted_at.map(micros)))
            .filter(Column::Id.eq(item.id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        must_be_one(done.rows_affected)
    }

    async fn read(&mut self, item: InboxItemId, reading: &Reading) -> Result<(), StorageError> {
        let row = reading::ActiveModel {
            item: Set(item.uuid()),
            account: Set(reading.by.account.uuid()),
            name: Set(reading.by.name.clone()),
            read_at: Set(micros(reading.at)),
        };
        let first = OnConflict::columns([reading::Column::Item, reading::Column::Account])
            .do_nothing()
            .to_owned();
        match reading::Entity::insert(row)
            .on_conflict(first)
            .exec_without_returning(&self.tx)
            .await
        {
            Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
            Err(error) => Err(storage_error(error)),
        }
    }
}
