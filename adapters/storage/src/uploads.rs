//! Uploads that are coming in, and their parts. Each call is a transaction of its own.

use std::slice;

use application::ports::storage::StorageError;
use application::ports::uploads::{Part, Uploads};
use async_trait::async_trait;
use domain::account::AccountId;
use domain::audit::AuditEntry;
use domain::document::{DocumentId, FileName};
use domain::id::Id;
use domain::submission::SubmittedFile;
use domain::upload::{Upload, UploadId};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, IsolationLevel, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::audit;
use crate::error::{corrupt, storage_error};
use crate::files::{AT_ONCE, FileColumns, uuids};
use crate::submissions::naming;
use crate::value::{count, instant, micros};

const RECORD: &str = "upload";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    account: Uuid,
    counsel: Uuid,
    case_file: Uuid,
    name: String,
    length: i64,
    received: i64,
    begun_at: i64,
    document: Option<Uuid>,
    media_type: Option<String>,
    pages: Option<i64>,
    sha256: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Parts that came.
mod part {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "upload_part")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) document: Uuid,
        pub(super) upload: Uuid,
        pub(super) starts_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn upload(row: Model) -> Result<Upload, StorageError> {
    let bytes = |number| u64::try_from(number).map_err(|error| corrupt(RECORD, error));
    let file = match (row.document, row.media_type, row.sha256) {
        (Some(document), Some(media_type), Some(sha256)) => Some(
            FileColumns {
                document,
                name: row.name.clone(),
                title: None,
                media_type,
                size: row.length,
                pages: row.pages,
                sha256,
            }
            .into_file(RECORD)?,
        ),
        _ => None,
    };
    Ok(Upload {
        id: Id::new(row.id),
        account: Id::new(row.account),
        counsel: Id::new(row.counsel),
        case: Id::new(row.case_file),
        name: FileName::from_sender(&row.name),
        length: bytes(row.length)?,
        offset: bytes(row.received)?,
        begun_at: instant(RECORD, row.begun_at)?,
        file,
    })
}

fn all(rows: Vec<Model>) -> Result<Vec<Upload>, StorageError> {
    rows.into_iter().map(upload).collect()
}

#[async_trait]
impl Uploads for SqlStorage {
    async fn begin(
        &self,
        upload: &Upload,
        at_most: usize,
        since: OffsetDateTime,
        entry: &AuditEntry,
    ) -> Result<bool, StorageError> {
        let tx = self.write(IsolationLevel::Serializable).await?;
        let theirs = Entity::find()
            .filter(Column::Account.eq(upload.account.uuid()))
            .filter(Column::BegunAt.gt(micros(since)));
        let too_many = |held| usize::try_from(held).unwrap_or(usize::MAX) >= at_most;
        if too_many(theirs.clone().count(&tx).await.map_err(storage_error)?) {
            // Mostly there are few, and submissions need not be looked at.
            let submitted = naming((Entity, Column::Document));
            let waiting = theirs.filter(Expr::exists(submitted).not());
            if too_many(waiting.count(&tx).await.map_err(storage_error)?) {
                return Ok(false);
            }
        }
        let row = ActiveModel {
            id: Set(upload.id.uuid()),
            account: Set(upload.account.uuid()),
            counsel: Set(upload.counsel.uuid()),
            case_file: Set(upload.case.uuid()),
            name: Set(upload.name.as_str().to_owned()),
            length: Set(count(upload.length)),
            received: Set(count(upload.offset)),
            begun_at: Set(micros(upload.begun_at)),
            document: Set(None),
            media_type: Set(None),
            pages: Set(None),
            sha256: Set(None),
        };
        Entity::insert(row)
            .exec_without_returning(&tx)
            .await
            .map_err(storage_error)?;
        audit::append(&tx, slice::from_ref(entry)).await?;
        tx.commit().await.map_err(storage_error)?;
        Ok(true)
    }

    async fn find(&self, id: UploadId) -> Result<Option<Upload>, StorageError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.readers).await;
        row.map_err(storage_error)?.map(upload).transpose()
    }

    async fn of(&self, account: AccountId) -> Result<Vec<Upload>, StorageError> {
        let select = Entity::find()
            .filter(Column::Account.eq(account.uuid()))
            .order_by_asc(Column::Id);
        all(select.all(&self.readers).await.map_err(storage_error)?)
    }

    async fn parts(&self, id: UploadId) -> Result<Vec<DocumentId>, StorageError> {
        let select = part::Entity::find()
            .filter(part::Column::Upload.eq(id.uuid()))
            .order_by_asc(part::Column::StartsAt);
        let rows = select.all(&self.readers).await.map_err(storage_error)?;
        Ok(rows.into_iter().map(|row| Id::new(row.document)).collect())
    }

    async fn append(
        &self,
        id: UploadId,
        offset: u64,
        parts: &[Part],
    ) -> Result<bool, StorageError> {
        // The row itself is what two that add at once wait for: whoever comes second finds another offset.
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let mut end = offset;
        let mut rows = Vec::with_capacity(parts.len());
        for part in parts {
            rows.push(part::ActiveModel {
                document: Set(part.document.uuid()),
                upload: Set(id.uuid()),
                starts_at: Set(count(end)),
            });
            end = end.saturating_add(part.bytes);
        }
        let moved = Entity::update_many()
            .col_expr(Column::Received, Expr::value(count(end)))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Received.eq(count(offset)))
            .filter(Column::Length.gte(count(end)))
            .exec(&tx)
            .await
            .map_err(storage_error)?;
        if moved.rows_affected == 0 {
            return Ok(false);
        }
        if !rows.is_empty() {
            part::Entity::insert_many(rows)
                .exec_without_returning(&tx)
                .await
                .map_err(storage_error)?;
        }
        tx.commit().await.map_err(storage_error)?;
        Ok(true)
    }

    async fn became(&self, id: UploadId, file: &SubmittedFile) -> Result<bool, StorageError> {
        let FileColumns {
            document,
            name: _,
            title: _,
            media_type,
            size,
            pages,
            sha256,
        } = file.into();
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        let noted = Entity::update_many()
            .col_expr(Column::Document, Expr::value(document))
            .col_expr(Column::MediaType, Expr::value(media_type))
            .col_expr(Column::Pages, Expr::value(pages))
            .col_expr(Column::Sha256, Expr::value(sha256))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Document.is_null())
            .filter(Column::Length.eq(size))
            .filter(Column::Received.eq(size))
            .exec(&tx)
            .await
            .map_err(storage_error)?;
        if noted.rows_affected == 0 {
            return Ok(false);
        }
        part::Entity::delete_many()
            .filter(part::Column::Upload.eq(id.uuid()))
            .exec(&tx)
            .await
            .map_err(storage_error)?;
        tx.commit().await.map_err(storage_error)?;
        Ok(true)
    }

    async fn end(&self, id: UploadId, entry: Option<&AuditEntry>) -> Result<bool, StorageError> {
        let tx = self.write(IsolationLevel::ReadCommitted).await?;
        // The upload first: whoever adds a part meanwhile finds none to add it to.
        let ended = Entity::delete_by_id(id.uuid()).exec(&tx).await;
        let was_there = ended.map_err(storage_error)?.rows_affected > 0;
        part::Entity::delete_many()
            .filter(part::Column::Upload.eq(id.uuid()))
            .exec(&tx)
            .await
            .map_err(storage_error)?;
        if let Some(entry) = entry.filter(|_| was_there) {
            audit::append(&tx, slice::from_ref(entry)).await?;
        }
        tx.commit().await.map_err(storage_error)?;
        Ok(was_there)
    }

    async fn begun_before(
        &self,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(UploadId, Option<DocumentId>)>, StorageError> {
        let found = Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::Document)
            .filter(Column::BegunAt.lt(micros(at)))
            .order_by_asc(Column::BegunAt)
            .limit(u64::from(limit))
            .into_tuple::<(Uuid, Option<Uuid>)>()
            .all(&self.readers)
            .await;
        let found = found.map_err(storage_error)?.into_iter();
        Ok(found
            .map(|(id, document)| (Id::new(id), document.map(Id::new)))
            .collect())
    }
}

/// Those of the documents that are a part of an upload, or what one became.
pub(crate) async fn named_by_uploads(
    connection: &impl ConnectionTrait,
    documents: &[DocumentId],
) -> Result<Vec<DocumentId>, StorageError> {
    let mut named = Vec::new();
    for some in documents.chunks(AT_ONCE) {
        let parts = part::Entity::find()
            .filter(part::Column::Document.is_in(uuids(some)))
            .all(connection)
            .await
            .map_err(storage_error)?;
        named.extend(parts.into_iter().map(|row| Id::new(row.document)));
        let files = Entity::find()
            .filter(Column::Document.is_in(uuids(some)))
            .all(connection)
            .await
            .map_err(storage_error)?;
        named.extend(
            files
                .into_iter()
                .filter_map(|row| row.document)
                .map(Id::new),
        );
    }
    Ok(named)
}
