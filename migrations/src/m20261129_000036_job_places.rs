//! Where passes of jobs stopped that had not come to their end.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{reference, table, text};

/// Places of jobs.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000036_job_places"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let job = text("job").primary_key().take();
        let places = table("job_place", vec![job, reference("place")]);
        manager.create_table(places).await
    }
}
