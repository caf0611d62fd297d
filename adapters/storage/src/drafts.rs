//! Submissions that were begun and not sent yet.

use application::draft::{Draft, DraftId};
use application::ports::records::{DraftChanges, DraftRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::case::{CaseId, FileNumber};
use domain::code::Code;
use domain::document::DocumentId;
use domain::id::Id;
use domain::submission::{SubmittedFile, Wish};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::cases::file_number;
use crate::error::{corrupt, storage_error};
use crate::files::{AT_ONCE, FileColumns, uuids};
use crate::submissions::service;
use crate::unit::Session;
use crate::value::{instant, iso, micros};

const RECORD: &str = "draft";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    counsel: Uuid,
    case_file: Uuid,
    /// File numbers of the other cases, separated by spaces.
    also_on: String,
    document_type: String,
    note: String,
    service_how: Option<String>,
    service_on: Option<String>,
    begun_at: i64,
    /// When it was sent; none while it is open.
    sent_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The files of begun submissions.
mod file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) document: Uuid,
        pub(super) draft: Uuid,
        pub(super) position: i64,
        pub(super) name: String,
        pub(super) title: Option<String>,
        pub(super) media_type: String,
        pub(super) size: i64,
        pub(super) pages: Option<i64>,
        pub(super) sha256: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Those that an account began for a counsel after `since` and has not sent.
fn open(account: AccountId, counsel: AccountId, since: OffsetDateTime) -> Select<Entity> {
    Entity::find()
        .filter(Column::Account.eq(account.uuid()))
        .filter(Column::Counsel.eq(counsel.uuid()))
        .filter(Column::BegunAt.gt(micros(since)))
        .filter(Column::SentAt.is_null())
}

impl Session {
    async fn newest_drafts(
        &self,
        select: Select<Entity>,
        limit: u32,
    ) -> Result<Vec<Draft>, StorageError> {
        let rows = select
            .order_by_desc(Column::BegunAt)
            .limit(u64::from(limit))
            .all(&self.tx)
            .await;
        let mut drafts = Vec::new();
        for row in rows.map_err(storage_error)? {
            drafts.push(self.draft(row).await?);
        }
        Ok(drafts)
    }

    async fn draft(&self, row: Model) -> Result<Draft, StorageError> {
        let select = file::Entity::find()
            .filter(file::Column::Draft.eq(row.id))
            .order_by_asc(file::Column::Position);
        let of_file = |row: file::Model| {
            let file::Model {
                document,
                draft: _,
                position: _,
                name,
                title,
                media_type,
                size,
                pages,
                sha256,
            } = row;
            FileColumns {
                document,
                name,
                title,
                media_type,
                size,
                pages,
                sha256,
            }
            .into_file(RECORD)
        };
        let rows = select.all(&self.tx).await.map_err(storage_error)?;
        let files: Vec<SubmittedFile> = rows.into_iter().map(of_file).collect::<Result<_, _>>()?;
        let wish = Wish {
            document_type: Code::parse(&row.document_type)
                .map_err(|error| corrupt(RECORD, error))?,
            note: row.note,
            service: service(RECORD, row.service_how, row.service_on)?,
        };
        Ok(Draft {
            id: Id::new(row.id),
            account: Id::new(row.account),
            counsel: Id::new(row.counsel),
            case: Id::new(row.case_file),
            also_on: row
                .also_on
                .split_whitespace()
                .map(file_number)
                .collect::<Result<_, _>>()?,
            wish,
            files,
            begun_at: instant(RECORD, row.begun_at)?,
        })
    }
}

#[async_trait]
impl DraftRecords for Session {
    async fn by_id(&mut self, id: DraftId) -> Result<Option<Draft>, StorageError> {
        match Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
        {
            Some(row) => self.draft(row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn begun_before(
        &mut self,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<DraftId>, StorageError> {
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::BegunAt.lt(micros(at)))
            .order_by_asc(Column::BegunAt)
            .limit(u64::from(limit));
        let found = select.into_tuple::<Uuid>().all(&self.tx).await;
        Ok(found
            .map_err(storage_error)?
            .into_iter()
            .map(Id::new)
            .collect())
    }

    async fn open_of(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
    ) -> Result<u64, StorageError> {
        let count = open(account, counsel, since).count(&self.tx).await;
        count.map_err(storage_error)
    }

    async fn open_for(
        &mut self,
        account: AccountId,
        counsel: AccountId,
        since: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Draft>, StorageError> {
        let select = open(account, counsel, since);
        self.newest_drafts(select, limit).await
    }

    async fn open_on(
        &mut self,
        account: AccountId,
        (counsel, case): (AccountId, CaseId),
        since: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Draft>, StorageError> {
        let select = open(account, counsel, since).filter(Column::CaseFile.eq(case.uuid()));
        self.newest_drafts(select, limit).await
    }

    async fn naming(&mut self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError> {
        let mut named = Vec::new();
        for some in documents.chunks(AT_ONCE) {
            let select = file::Entity::find().filter(file::Column::Document.is_in(uuids(some)));
            named.extend(
                select
                    .all(&self.tx)
                    .await
                    .map_err(storage_error)?
                    .into_iter()
                    .map(|row| Id::new(row.document)),
            );
        }
        Ok(named)
    }
}

#[async_trait]
impl DraftChanges for Session {
    async fn put(&mut self, draft: &Draft) -> Result<(), StorageError> {
        self.remove(draft.id).await?;
        let also_on: Vec<&str> = draft.also_on.iter().map(FileNumber::as_str).collect();
        let row = ActiveModel {
            id: Set(draft.id.uuid()),
            account: Set(draft.account.uuid()),
            counsel: Set(draft.counsel.uuid()),
            case_file: Set(draft.case.uuid()),
            also_on: Set(also_on.join(" ")),
            document_type: Set(draft.wish.document_type.to_string()),
            note: Set(draft.wish.note.clone()),
            service_how: Set(draft
                .wish
                .service
                .as_ref()
                .map(|service| service.how.clone())),
            service_on: Set(draft.wish.service.as_ref().map(|service| iso(service.on))),
            begun_at: Set(micros(draft.begun_at)),
            sent_at: Set(None),
        };
        Entity::insert(row)
            .exec_without_returning(&self.tx)
            .await
            .map_err(storage_error)?;
        let files = draft.files.iter().zip(0..).map(|(file, position)| {
            let FileColumns {
                document,
                name,
                title,
                media_type,
                size,
                pages,
                sha256,
            } = file.into();
            file::ActiveModel {
                document: Set(document),
                draft: Set(draft.id.uuid()),
                position: Set(position),
                name: Set(name),
                title: Set(title),
                media_type: Set(media_type),
                size: Set(size),
                pages: Set(pages),
                sha256: Set(sha256),
            }
        });
        let files: Vec<_> = files.collect();
        if !files.is_empty() {
            file::Entity::insert_many(files)
                .exec_without_returning(&self.tx)
                .await
                .map_err(storage_error)?;
        }
        Ok(())
    }

    async fn sent(&mut self, id: DraftId, at: OffsetDateTime) -> Result<(), StorageError> {
        Entity::update_many()
            .col_expr(Column::SentAt, Expr::value(micros(at)))
            .filter(Column::Id.eq(id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn remove(&mut self, id: DraftId) -> Result<(), StorageError> {
        file::Entity::delete_many()
            .filter(file::Column::Draft.eq(id.uuid()))
            .exec(&self.tx)
            .await
            .map_err(storage_error)?;
        Entity::delete_by_id(id.uuid())
            .exec(&self.tx)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
