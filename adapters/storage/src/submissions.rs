//! Submissions with their files (SUB-2, SUB-4, SUB-5).

use std::collections::BTreeMap;

use crate::cases;
use crate::cursor::{Place, page_of};
use crate::error::{corrupt, must_be_one, storage_error};
use crate::files::{AT_ONCE, FileColumns, uuids};
use crate::unit::Session;
use crate::value::{date, instant, iso, micros};
use application::ports::records::{
    Filed, Page, PageRequest, SubmissionChanges, SubmissionQuery, SubmissionRecords,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::account::AccountId;
use domain::case::CaseId;
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::document::DocumentId;
use domain::id::Id;
use domain::submission::{
    Acknowledgement, Named, ServiceStatement, Submission, SubmissionId, SubmittedFile,
};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{IntoColumnRef, Query, SelectStatement};
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, QueryTrait};

const RECORD: &str = "submission";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    confirmation_number: String,
    case_file: Uuid,
    submitted_by: Uuid,
    submitted_by_name: String,
    on_behalf_of: Uuid,
    on_behalf_of_name: String,
    received_at: i64,
    office_zone: String,
    document_type: String,
    note: String,
    service_how: Option<String>,
    service_on: Option<String>,
    acknowledged_by: Option<Uuid>,
    acknowledged_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The files of submissions.
mod file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "submission_file")]
    pub struct Model {
        pub(super) document: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) submission: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
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

/// How and when the other party was given a copy, from its two columns.
pub(crate) fn service(
    record: &'static str,
    how: Option<String>,
    on: Option<String>,
) -> Result<Option<ServiceStatement>, StorageError> {
    match (how, on) {
        (Some(how), Some(on)) => Ok(Some(ServiceStatement {
            how,
            on: date(record, &on)?,
        })),
        _ => Ok(None),
    }
}

fn submission(row: Model, files: Vec<SubmittedFile>) -> Result<Submission, StorageError> {
    let acknowledgement = match (row.acknowledged_by, row.acknowledged_at) {
        (Some(by), Some(at)) => Some(Acknowledgement {
            by: Id::new(by),
            at: instant(RECORD, at)?,
        }),
        _ => None,
    };
    Ok(Submission {
        id: Id::new(row.id),
        confirmation_number: ConfirmationNumber::parse(&row.confirmation_number)
            .map_err(|error| corrupt(RECORD, error))?,
        case: Id::new(row.case_file),
        submitted_by: Named {
            account: Id::new(row.submitted_by),
            name: row.submitted_by_name,
        },
        on_behalf_of: Named {
            account: Id::new(row.on_behalf_of),
            name: row.on_behalf_of_name,
        },
        received_at: instant(RECORD, row.received_at)?,
        office_zone: row.office_zone,
        document_type: Code::parse(&row.document_type).map_err(|error| corrupt(RECORD, error))?,
        note: row.note,
        service: service(RECORD, row.service_how, row.service_on)?,
        files,
        acknowledgement,
    })
}

/// The last part of an identifier's order: newest first or oldest first, ids of version 7 are in order of time.
const OF_CASE: &str = "submissions-of-case";
const FOR_REGISTRY: &str = "submissions-for-registry";

/// The files of submissions that are the document in that column, for a condition.
pub(crate) fn naming(document: impl IntoColumnRef) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(file::Entity)
        .and_where(Expr::col((file::Entity, file::Column::Document)).equals(document))
        .take()
}

impl Session {
    /// The submissions of those rows, with their files: one more statement for all of them.
    async fn with_files(&self, rows: Vec<Model>) -> Result<Vec<Submission>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut files: BTreeMap<Uuid, Vec<SubmittedFile>> = BTreeMap::new();
        let select = file::Entity::find()
            .filter(file::Column::Submission.is_in(ids))
            .order_by_asc(file::Column::Position);
        for row in select.all(&self.tx).await.map_err(storage_error)? {
            let file::Model {
                document,
                submission,
                position: _,
                name,
                title,
                media_type,
                size,
                pages,
                sha256,
            } = row;
            let columns = FileColumns {
                document,
                name,
                title,
                media_type,
                size,
                pages,
                sha256,
            };
            files
                .entry(submission)
                .or_default()
                .push(columns.into_file(RECORD)?);
        }
        rows.into_iter()
            .map(|row| {
                let of = files.remove(&row.id).unwrap_or_default();
                submission(row, of)
            })
            .collect()
    }

    /// The submissions with their cases' file numbers.
    async fn filed(&self, rows: Vec<Model>) -> Result<Vec<Filed>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.case_file).collect();
        let numbers = cases::Entity::find()
            .select_only()
            .columns([cases::Column::Id, cases::Column::FileNumber])
            .filter(cases::Column::Id.is_in(ids))
            .into_tuple::<(Uuid, String)>()
            .all(&self.tx)
            .await;
        let numbers: BTreeMap<_, _> = numbers.map_err(storage_error)?.into_iter().collect();
        let filed = |submission: Submission| {
            let number = numbers
                .get(&submission.case.uuid())
                .ok_or_else(|| corrupt(RECORD, "its case is gone"))?;
            Ok(Filed {
                file_number: cases::file_number(number)?,
                submission,
            })
        };
        self.with_files(rows)
            .await?
            .into_iter()
            .map(filed)
            .collect()
    }
}

#[async_trait]
impl SubmissionRecords for Session {
    async fn by_id(&mut self, id: SubmissionId) -> Result<Option<Filed>, StorageError> {
        let rows: Vec<Model> = Entity::find_by_id(id.uuid())
            .one(&self.tx)
            .await
            .map_err(storage_error)?
            .into_iter()
            .collect();
        Ok(self.filed(rows).await?.into_iter().next())
    }

    async fn by_number(
        &mut self,
        number: &ConfirmationNumber,
    ) -> Result<Option<Filed>, StorageError> {
        let select = Entity::find().filter(Column::ConfirmationNumber.eq(number.as_str()));
        let row = select.one(&self.tx).await.map_err(storage_error)?;
        Ok(self.filed(Vec::from_iter(row)).await?.into_iter().next())
    }

    async fn of_document(&mut self, document: DocumentId) -> Result<Vec<Filed>, StorageError> {
        let naming = file::Entity::find()
            .select_only()
            .column(file::Column::Submission)
            .filter(file::Column::Document.eq(document.uuid()));
        let rows = Entity::find()
            .filter(Column::Id.in_subquery(naming.into_query()))
            .order_by_asc(Column::Id)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        self.filed(rows).await
    }

    async fn of_case(
        &mut self,
        case: CaseId,
        counsel: AccountId,
        page: &PageRequest,
    ) -> Result<Page<Submission>, StorageError> {
        let mut select = Entity::find()
            .filter(Column::CaseFile.eq(case.uuid()))
            .filter(Column::OnBehalfOf.eq(counsel.uuid()));
        if let Some(cursor) = &page.after {
            select = select.filter(Column::Id.lt(Place::of(cursor, OF_CASE)?.id));
        }
        let rows = select
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = page_of(rows, page.limit, |row| Place {
            list: OF_CASE.to_owned(),
            key: String::new(),
            id: row.id,
        });
        Ok(Page {
            items: self.with_files(rows.items).await?,
            next: rows.next,
        })
    }

    async fn list(&mut self, query: &SubmissionQuery) -> Result<Page<Filed>, StorageError> {
        let mut select = Entity::find();
        select = match query.acknowledged {
            Some(true) => select.filter(Column::AcknowledgedAt.is_not_null()),
            Some(false) => select.filter(Column::AcknowledgedAt.is_null()),
            None => select,
        };
        if let Some(cursor) = &query.page.after {
            select = select.filter(Column::Id.gt(Place::of(cursor, FOR_REGISTRY)?.id));
        }
        let limit = query.page.limit;
        let rows = select
            .order_by_asc(Column::Id)
            .limit(u64::from(limit) + 1)
            .all(&self.tx)
            .await
            .map_err(storage_error)?;
        let rows = page_of(rows, limit, |row| Place {
            list: FOR_REGISTRY.to_owned(),
            key: String::new(),
            id: row.id,
        });
        Ok(Page {
            items: self.filed(rows.items).await?,
            next: rows.next,
        })
    }

    async fn several(&mut self, ids: &[SubmissionId]) -> Result<Vec<Filed>, StorageError> {
        let mut several = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let ids: Vec<Uuid> = some.iter().map(|id| id.uuid()).collect();
            let rows = Entity::find()
                .filter(Column::Id.is_in(ids))
                .all(&self.tx)
                .await
                .map_err(storage_error)?;
            several.extend(self.filed(rows).await?);
        }
        Ok(several)
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

    async fn documents_after(
        &mut self,
        after: DocumentId,
        limit: u32,
    ) -> Result<Vec<DocumentId>, StorageError> {
        let select = file::Entity::find()
            .select_only()
            .column(file::Column::Document)
            .distinct()
            .filter(file::Column::Document.gt(after.uuid()))
            .order_by_asc(file::Column::Document)
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
impl SubmissionChanges for Session {
    async fn insert(&mut self, submission: &Submission) -> Result<(), StorageError> {
        let row = ActiveModel {
            id: Set(submission.id.uuid()),
            confirmation_number: Set(submission.confirmation_number.to_string()),
            case_file: Set(submission.case.uuid()),
            submitted_by: Set(submission.submitted_by.account.uuid()),
            submitted_by_name: Set(submission.submitted_by.name.clone()),
            on_behalf_of: Set(submission.on_behalf_of.account.uuid()),
            on_behalf_of_name: Set(submission.on_behalf_of.name.clone()),
            received_at: Set(micros(submission.received_at)),
            office_zone: Set(submission.office_zone.clone()),
            document_type: Set(submission.document_type.to_string()),
            note: Set(submission.note.clone()),
            service_how: Set(submission
                .service
                .as_ref()
                .map(|service| service.how.clone())),
            service_on: Set(submission.service.as_ref().map(|service| iso(service.on))),
            acknowledged_by: Set(submission.acknowledgement.map(|done| done.by.uuid())),
            acknowledged_at: Set(submission.acknowledgement.map(|done| micros(done.at))),
        };
        self.tx.put_off([row]).await.map_err(storage_error)?;
        let files = submission.files.iter().zip(0..).map(|(file, position)| {
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
                submission: Set(submission.id.uuid()),
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
            self.tx.put_off(files).await.map_err(storage_error)?;
        }
        Ok(())
    }

    async fn acknowledge(&mut self, submission: &Submission) -> Result<(), StorageError> {
        let done = Entity::update_many()
            .col_expr(
                Column::AcknowledgedBy,
                Expr::value(submission.acknowledgement.map(|done| done.by.uuid())),
            )
            .col_expr(
                Column::AcknowledgedAt,
                Expr::value(submission.acknowledgement.map(|done| micros(done.at))),
            )
            .filter(Column::Id.eq(submission.id.uuid()));
        must_be_one(
            done.exec(&self.tx)
                .await
                .map_err(storage_error)?
                .rows_affected,
        )
    }
}
