//! Documents that are given up. What names a document is asked and answered in the transaction that gives it up.

use application::ports::given_up::GivenUp;
use application::ports::records::{DraftRecords, GivenUpRecords, InboxRecords, SubmissionRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::document::DocumentId;
use domain::id::Id;
use sea_orm::ActiveValue::Set;
use sea_orm::IsolationLevel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use crate::SqlStorage;
use crate::connected::Connected;
use crate::error::storage_error;
use crate::files::{AT_ONCE, uuids};
use crate::unit::Session;
use crate::uploads::named_by_uploads;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "given_up")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    document: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[async_trait]
impl GivenUp for SqlStorage {
    async fn give_up(&self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = Session {
            tx: Connected::transaction(self.write(IsolationLevel::Serializable).await?),
        };
        let mut named = SubmissionRecords::naming(&mut session, documents).await?;
        named.extend(DraftRecords::naming(&mut session, documents).await?);
        named.extend(InboxRecords::naming(&mut session, documents).await?);
        named.extend(named_by_uploads(&session.tx, documents).await?);
        let mut given_up = documents.to_vec();
        given_up.retain(|document| !named.contains(document));
        for some in given_up.chunks(AT_ONCE) {
            let rows = some.iter().map(|document| ActiveModel {
                document: Set(document.uuid()),
            });
            let once = OnConflict::column(Column::Document).do_nothing().to_owned();
            Entity::insert_many(rows)
                .on_conflict(once)
                .exec_without_returning(&session.tx)
                .await
                .map_err(storage_error)?;
        }
        session.tx.commit().await.map_err(storage_error)?;
        Ok(given_up)
    }
}

#[async_trait]
impl GivenUpRecords for Session {
    async fn among(&mut self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, StorageError> {
        let mut given_up = Vec::new();
        for some in documents.chunks(AT_ONCE) {
            let found = Entity::find()
                .filter(Column::Document.is_in(uuids(some)))
                .all(&self.tx)
                .await
                .map_err(storage_error)?;
            given_up.extend(found.into_iter().map(|row| Id::new(row.document)));
        }
        Ok(given_up)
    }
}
