//! When each job last ran, and where it stopped.

use std::collections::BTreeMap;

use application::ports::job_runs::JobRuns;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::policy::Job;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::error::storage_error;
use crate::value::{instant, micros};

const RECORD: &str = "run of a job";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    job: String,
    ran_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

mod place {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "job_place")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) job: String,
        pub(super) place: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[async_trait]
impl JobRuns for SqlStorage {
    async fn ran(&self, job: Job, at: OffsetDateTime) -> Result<(), StorageError> {
        let row = ActiveModel {
            job: Set(job.name().to_owned()),
            ran_at: Set(micros(at)),
        };
        let again = OnConflict::column(Column::Job)
            .update_column(Column::RanAt)
            .to_owned();
        Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }

    async fn last(&self) -> Result<BTreeMap<String, OffsetDateTime>, StorageError> {
        let rows = Entity::find()
            .all(&self.readers)
            .await
            .map_err(storage_error)?;
        let run = |row: Model| Ok((row.job, instant(RECORD, row.ran_at)?));
        rows.into_iter().map(run).collect()
    }

    async fn stopped_after(&self, job: Job) -> Result<Option<Uuid>, StorageError> {
        let row = place::Entity::find_by_id(job.name().to_owned())
            .one(&self.readers)
            .await
            .map_err(storage_error)?;
        Ok(row.map(|row| row.place))
    }

    async fn stops_after(&self, job: Job, place: Option<Uuid>) -> Result<(), StorageError> {
        let Some(place) = place else {
            let done = place::Entity::delete_by_id(job.name().to_owned())
                .exec(&self.writer)
                .await;
            return done.map_err(storage_error).map(drop);
        };
        let row = place::ActiveModel {
            job: Set(job.name().to_owned()),
            place: Set(place),
        };
        let again = OnConflict::column(place::Column::Job)
            .update_column(place::Column::Place)
            .to_owned();
        place::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.writer)
            .await
            .map_err(storage_error)
            .map(drop)
    }
}
