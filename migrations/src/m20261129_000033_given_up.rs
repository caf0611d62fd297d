//! Documents that are given up: nothing may name them any more.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;

use crate::table::{id, table};

/// Documents that are given up.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000033_given_up"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let given_up = table("given_up", vec![id("document")]);
        manager.create_table(given_up).await
    }
}
