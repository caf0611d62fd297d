//! The audit trail: appended at commit, read back as it is kept. The database refuses changes to it (SEC-2).

use application::ports::records::{ActivityQuery, AuditRecord, AuditRecords, Page, PageRequest};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::audit::{AuditEntry, SubjectKind, Who};
use domain::id::Id;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, ExprTrait, QueryOrder, QuerySelect, Select};

use crate::connected::Connected;
use crate::cursor::{Place, page_of};
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
    /// The account that the entry is about, to find it by.
    account: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Rows in one statement: eleven values each, and SQLite takes 32,766 values.
pub(crate) const AT_ONCE: usize = 2_000;

/// Adds entries at the end, in their order.
pub(crate) async fn append(
    tx: &impl ConnectionTrait,
    entries: &[AuditEntry],
) -> Result<(), StorageError> {
    for part in entries.chunks(AT_ONCE) {
        Entity::insert_many(part.iter().map(row))
            .exec_without_returning(tx)
            .await
            .map_err(storage_error)?;
    }
    Ok(())
}

pub(crate) fn row(entry: &AuditEntry) -> ActiveModel {
    let (who, who_id) = match entry.who() {
        Who::Account(id) => ("account", Some(id.to_string())),
        Who::SignIn(id) => ("sign-in", Some(id.to_string())),
        Who::Job(name) => ("job", Some(name.to_owned())),
        Who::Operator => ("operator", None),
    };
    let subjects: Vec<String> = entry
        .subjects()
        .iter()
        .map(|subject| format!("{}:{}", subject.kind.code(), subject.id))
        .collect();
    ActiveModel {
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
        account: Set(account_of(entry)),
    }
}

/// The account that an entry is about: that of its subject, else that of whoever acted.
fn account_of(entry: &AuditEntry) -> Option<Uuid> {
    let subject = entry
        .subjects()
        .iter()
        .find(|subject| subject.kind == SubjectKind::Account);
    match (subject, entry.who()) {
        (Some(subject), _) => Some(subject.id),
        (None, Who::Account(id)) => Some(id.uuid()),
        (None, _) => None,
    }
}

impl TryFrom<Model> for AuditRecord {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        Ok(Self {
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
    }
}

/// The list of what was done by and to an account.
const OF_ACCOUNT: &str = "audit-of-account";
/// The list of what was done on a counsel's behalf.
const ON_BEHALF_OF: &str = "audit-on-behalf-of";

/// The page after `cursor`, the newest first.
async fn newest_first(
    tx: &Connected,
    mut select: Select<Entity>,
    list: &'static str,
    page: &PageRequest,
) -> Result<Page<AuditRecord>, StorageError> {
    if let Some(cursor) = &page.after {
        let before: i64 = Place::of(cursor, list)?
            .key
            .parse()
            .map_err(|_| StorageError::CursorUnusable)?;
        select = select.filter(Column::Position.lt(before));
    }
    let rows = select
        .order_by_desc(Column::Position)
        .limit(u64::from(page.limit) + 1)
        .all(tx)
        .await
        .map_err(storage_error)?;
    let rows = page_of(rows, page.limit, |row| Place {
        list: list.to_owned(),
        key: row.position.to_string(),
        id: Uuid::nil(),
    });
    Ok(Page {
        items: rows
            .items
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, _>>()?,
        next: rows.next,
    })
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
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn of_account(
        &mut self,
        account: AccountId,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>, StorageError> {
        let about = Column::Account
            .eq(account.uuid())
            .or(Column::WhoId.eq(account.to_string()));
        newest_first(&self.tx, Entity::find().filter(about), OF_ACCOUNT, page).await
    }

    async fn on_behalf_of(
        &mut self,
        query: &ActivityQuery,
    ) -> Result<Page<AuditRecord>, StorageError> {
        let mut select = Entity::find()
            .filter(Column::OnBehalfOf.eq(query.counsel.uuid()))
            .filter(Column::Refused.is_null())
            .filter(Column::Action.is_in(query.actions.iter().copied()));
        if let Some(by) = query.by {
            select = select.filter(Column::WhoId.eq(by.to_string()));
        }
        if let Some(case) = query.case {
            select = select.filter(Column::CaseFile.eq(case.uuid()));
        }
        if let Some(since) = query.since {
            select = select.filter(Column::At.gte(micros(since)));
        }
        if let Some(until) = query.until {
            select = select.filter(Column::At.lt(micros(until)));
        }
        newest_first(&self.tx, select, ON_BEHALF_OF, &query.page).await
    }
}
