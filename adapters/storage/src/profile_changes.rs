//! Changes that people ask for in My Profile (PRO-1).

use application::ports::records::{
    Page, ProfileChangeChanges, ProfileChangeQuery, ProfileChangeRecords,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::id::Id;
use domain::person::{EmailAddress, PersonName, Telephone};
use domain::profile_change::{Changes, Decided, Outcome, ProfileChange, ProfileChangeId};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use crate::accounts::language;
use crate::cursor::{Place, page_of};
use crate::error::{corrupt, must_be_one, storage_error};
use crate::unit::Session;
use crate::value::{instant, micros};

const RECORD: &str = "profile change";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "profile_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    given_name: Option<String>,
    family_name: Option<String>,
    email: Option<String>,
    cell: Option<String>,
    language: Option<String>,
    submitted_at: i64,
    applied: Option<bool>,
    reason: Option<String>,
    decided_by: Option<Uuid>,
    decided_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for ProfileChange {
    type Error = StorageError;

    fn try_from(row: Model) -> Result<Self, StorageError> {
        let name = match (row.given_name, row.family_name) {
            (Some(given), Some(family)) => {
                Some(PersonName::new(&given, &family).map_err(|error| corrupt(RECORD, error))?)
            }
            _ => None,
        };
        let email = row.email.as_deref().map(EmailAddress::parse).transpose();
        let cell = row.cell.as_deref().map(Telephone::parse).transpose();
        let changes = Changes {
            name,
            email: email.map_err(|error| corrupt(RECORD, error))?,
            cell: cell.map_err(|error| corrupt(RECORD, error))?,
            language: row
                .language
                .map(|code| language(RECORD, &code))
                .transpose()?,
        };
        let decided = match (row.applied, row.decided_by, row.decided_at) {
            (Some(applied), Some(by), Some(at)) => Some(Decided {
                outcome: match (applied, row.reason) {
                    (true, _) => Outcome::Applied,
                    (false, Some(reason)) => Outcome::Refused { reason },
                    // Nothing is refused without a reason.
                    (false, None) => Outcome::Withdrawn,
                },
                by: Id::new(by),
                at: instant(RECORD, at)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: Id::new(row.id),
            account: Id::new(row.account),
            changes,
            submitted_at: instant(RECORD, row.submitted_at)?,
            decided,
        })
    }
}

const FOR_REGISTRY: &str = "profile-changes";

#[async_trait]
impl ProfileChangeRecords for Session {
    async fn by_id(&mut self, id: ProfileChangeId) -> Result<Option<ProfileChange>, StorageError> {
        Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()
    }

    async fn of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> Result<Vec<ProfileChange>, StorageError> {
        // Nothing new can be asked for while one waits, so that the newest are also those that wait.
        let rows = Entity::find()
            .filter(Column::Account.eq(account.uuid()))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn list(
        &mut self,
        query: &ProfileChangeQuery,
    ) -> Result<Page<ProfileChange>, StorageError> {
        let mut select = Entity::find();
        select = match query.decided {
            Some(true) => select.filter(Column::DecidedAt.is_not_null()),
            Some(false) => select.filter(Column::DecidedAt.is_null()),
            None => select,
        };
        if let Some(cursor) = &query.page.after {
            select = select.filter(Column::Id.gt(Place::of(cursor, FOR_REGISTRY)?.id));
        }
        let rows = select
            .order_by_asc(Column::Id)
            .limit(u64::from(query.page.limit) + 1)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = page_of(rows, query.page.limit, |row| Place {
            list: FOR_REGISTRY.to_owned(),
            key: String::new(),
            id: row.id,
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
}

/// What was decided, in its four columns.
fn decision(change: &ProfileChange) -> (Option<bool>, Option<String>, Option<Uuid>, Option<i64>) {
    let Some(decided) = &change.decided else {
        return (None, None, None, None);
    };
    let (applied, reason) = match &decided.outcome {
        Outcome::Applied => (true, None),
        Outcome::Refused { reason } => (false, Some(reason.clone())),
        Outcome::Withdrawn => (false, None),
    };
    let (by, at) = (decided.by.uuid(), micros(decided.at));
    (Some(applied), reason, Some(by), Some(at))
}

#[async_trait]
impl ProfileChangeChanges for Session {
    async fn insert(&mut self, change: &ProfileChange) -> Result<(), StorageError> {
        let Changes {
            name,
            email,
            cell,
            language,
        } = &change.changes;
        let (applied, reason, decided_by, decided_at) = decision(change);
        let row = ActiveModel {
            id: Set(change.id.uuid()),
            account: Set(change.account.uuid()),
            given_name: Set(name.as_ref().map(|name| name.given().to_owned())),
            family_name: Set(name.as_ref().map(|name| name.family().to_owned())),
            email: Set(email.as_ref().map(|email| email.as_str().to_owned())),
            cell: Set(cell.as_ref().map(|cell| cell.as_str().to_owned())),
            language: Set(language.map(|language| language.code().to_owned())),
            submitted_at: Set(micros(change.submitted_at)),
            applied: Set(applied),
            reason: Set(reason),
            decided_by: Set(decided_by),
            decided_at: Set(decided_at),
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn decide(&mut self, change: &ProfileChange) -> Result<(), StorageError> {
        let (applied, reason, decided_by, decided_at) = decision(change);
        let done = Entity::update_many()
            .col_expr(Column::Applied, Expr::value(applied))
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::DecidedBy, Expr::value(decided_by))
            .col_expr(Column::DecidedAt, Expr::value(decided_at))
            .filter(Column::Id.eq(change.id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        must_be_one(done.rows_affected)
    }
}
