//! The audit trail: appended at commit, read back as it is kept. The database refuses changes to it (SEC-2).

use application::ports::records::{AuditRecord, AuditRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::audit::{AuditEntry, Who};
use domain::id::Id;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect};

use crate::error::storage_error;
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "audit entry";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    position: i64,
    at: i64,
    who: String,
    who_id: Option<String>,
    from_address: Option<String>,
    action: String,
    on_behalf_of: Option<Uuid>,
    case_file: Option<Uuid>,
    subjects: String,
    refused: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Adds an entry at the end.
pub(crate) async fn append(
    tx: &DatabaseTransaction,
    entry: &AuditEntry,
) -> Result<(), StorageError> {
    let (who, who_id) = match entry.who() {
        Who::Account(id) => ("account", Some(id.to_string())),
        Who::SignIn(id) => ("sign-in", Some(id.to_string())),
        Who::Job(name) => ("job", Some(name.to_owned())),
        Who::Operator => ("operator", None),
    };
    let subjects: Vec<String> = entry
        .subjects()
        .iter()
        .map(|subject| format!("{}:{}", subject.kind, subject.id))
        .collect();
    let row = ActiveModel {
        position: NotSet,
        at: Set(micros(entry.at())),
        who: Set(who.to_owned()),
        who_id: Set(who_id),
        from_address: Set(entry.from().map(|address| address.to_string())),
        action: Set(entry.action().to_owned()),
        on_behalf_of: Set(entry.on_behalf_of().map(Id::uuid)),
        case_file: Set(entry.case().map(Id::uuid)),
        subjects: Set(subjects.join(" ")),
        refused: Set(entry.refused().map(str::to_owned)),
    };
    Entity::insert(row)
        .exec_without_returning(tx)
        .await
        .map_err(storage_error)
        .map(drop)
}

#[async_trait]
impl AuditRecords for Session {
    async fn count(&mut self) -> Result<u64, StorageError> {
        Entity::find().count(&self.tx).await.map_err(storage_error)
    }

    async fn latest(&mut self, limit: u32) -> Result<Vec<AuditRecord>, StorageError> {
        let rows = Entity::find()
            .order_by_desc(Column::Position)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let record = |row: Model| {
            Ok(AuditRecord {
                position: row.position,
                at: instant(RECORD, row.at)?,
                who: row.who,
                who_id: row.who_id,
                from: row.from_address,
                action: row.action,
                on_behalf_of: row.on_behalf_of.map(Id::new),
                case: row.case_file.map(Id::new),
                subjects: row.subjects,
                refused: row.refused,
            })
        };
        rows.into_iter().map(record).collect()
    }
}
