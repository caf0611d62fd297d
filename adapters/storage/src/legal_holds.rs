//! Legal holds (PRIV-1). The database lets one stand per case.

use application::ports::records::{
    FiledHold, LegalHoldChanges, LegalHoldRecords, Page, PageRequest,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::case::CaseId;
use domain::id::Id;
use domain::legal_hold::{LegalHold, Lifted};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{FromQueryResult, JoinType, QueryOrder, QuerySelect, RelationDef};

use crate::cases;
use crate::cursor::{Place, page_of};
use crate::error::{must_be_one, storage_error};
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "legal hold";

/// The list of those that stand.
const STANDING: &str = "legal-holds";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    case_file: Uuid,
    reason: String,
    set_by: Uuid,
    set_at: i64,
    lifted_by: Option<Uuid>,
    lifted_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A hold with its case's file number.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    hold: Model,
    file_number: String,
}

fn its_case() -> RelationDef {
    Entity::belongs_to(cases::Entity)
        .from(Column::CaseFile)
        .to(cases::Column::Id)
        .into()
}

impl From<&LegalHold> for ActiveModel {
    fn from(hold: &LegalHold) -> Self {
        Self {
            id: Set(hold.id.uuid()),
            case_file: Set(hold.case.uuid()),
            reason: Set(hold.reason.clone()),
            set_by: Set(hold.set_by.uuid()),
            set_at: Set(micros(hold.set_at)),
            lifted_by: Set(hold.lifted.map(|lifted| lifted.by.uuid())),
            lifted_at: Set(hold.lifted.map(|lifted| micros(lifted.at))),
        }
    }
}

impl TryFrom<Model> for LegalHold {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let lifted = match (row.lifted_by, row.lifted_at) {
            (Some(by), Some(at)) => Some(Lifted {
                by: Id::new(by),
                at: instant(RECORD, at)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: Id::new(row.id),
            case: Id::new(row.case_file),
            reason: row.reason,
            set_by: Id::new(row.set_by),
            set_at: instant(RECORD, row.set_at)?,
            lifted,
        })
    }
}

#[async_trait]
impl LegalHoldRecords for Session {
    async fn of_case(&mut self, case: CaseId) -> Result<Vec<LegalHold>, StorageError> {
        let rows = Entity::find()
            .filter(Column::CaseFile.eq(case.uuid()))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn standing(&mut self, page: &PageRequest) -> Result<Page<FiledHold>, StorageError> {
        let mut select = Entity::find()
            .join(JoinType::InnerJoin, its_case())
            .expr_as(
                Expr::col((cases::Entity, cases::Column::FileNumber)),
                "file_number",
            )
            .filter(Column::LiftedAt.is_null());
        if let Some(cursor) = &page.after {
            select = select.filter(Column::Id.gt(Place::of(cursor, STANDING)?.id));
        }
        let rows = select
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1)
            .into_model::<Row>()
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = page_of(rows, page.limit, |row| Place {
            list: STANDING.to_owned(),
            key: String::new(),
            id: row.hold.id,
        });
        let filed = |row: Row| {
            Ok(FiledHold {
                file_number: cases::file_number(&row.file_number)?,
                hold: row.hold.try_into()?,
            })
        };
        Ok(Page {
            items: rows
                .items
                .into_iter()
                .map(filed)
                .collect::<Result<_, StorageError>>()?,
            next: rows.next,
        })
    }
}

#[async_trait]
impl LegalHoldChanges for Session {
    async fn insert(&mut self, hold: &LegalHold) -> Result<(), StorageError> {
        Entity::insert(ActiveModel::from(hold))
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn lift(&mut self, hold: &LegalHold) -> Result<(), StorageError> {
        let row = ActiveModel::from(hold);
        let changes = ActiveModel {
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
            ..<ActiveModel as Default>::default()
        };
        let done = Entity::update_many()
            .set(changes)
            .filter(Column::Id.eq(hold.id.uuid()))
            .exec(&self.tx)
            .await;
        must_be_one(done.map_err(storage_error)?.rows_affected)
    }
}
