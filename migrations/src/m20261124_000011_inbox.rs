//! What the tribunal sent and who read it; answers to requests that made several records; one document in several submissions; what was done
//! on a counsel's behalf.

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{
    digest, id, index, instant, maybe_instant, number, reference, table, text, unique,
};

/// What the tribunal sent and who read it.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000011_inbox"
    }
}

const POSTGRES: &str = "INSERT INTO answered_request (account, key, digest, records, answered_at)
SELECT account, key, digest, submission::text, used_at FROM idempotency_key";

const SQLITE: &str = "INSERT INTO answered_request (account, key, digest, records, answered_at)
SELECT account, key, digest, lower(hex(submission)), used_at FROM idempotency_key";

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        inboxes(manager).await?;
        requests(manager).await?;
        // A document that is submitted on several cases is named by each submission.
        manager
            .drop_index(
                Index::drop()
                    .name("submission_file_document")
                    .table(Alias::new("submission_file"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("submission_file", &["document"]))
            .await?;
        let mut also_on = text("also_on");
        also_on.default("");
        manager
            .alter_table(
                Table::alter()
                    .table(Alias::new("draft"))
                    .add_column(&mut also_on)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("audit", &["on_behalf_of", "position"]))
            .await
    }
}

async fn inboxes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        id("id"),
        reference("case_file"),
        reference("counsel"),
        reference("document"),
        text("name"),
        text("media_type"),
        number("size"),
        digest("sha256"),
        text("document_type"),
        text("title"),
        text("title_key"),
        reference("sent_by"),
        instant("made_available_at"),
        maybe_instant("deleted_at"),
    ];
    manager.create_table(table("inbox_item", columns)).await?;
    for columns in [
        &["counsel", "id"] as &[&str],
        &["case_file", "id"],
        &["document"],
    ] {
        manager.create_index(index("inbox_item", columns)).await?;
    }
    let columns = vec![
        reference("item"),
        reference("account"),
        text("name"),
        instant("read_at"),
    ];
    manager.create_table(table("reading", columns)).await?;
    manager
        .create_index(unique("reading", &["item", "account"]))
        .await
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        reference("account"),
        text("key"),
        digest("digest"),
        text("records"),
        instant("answered_at"),
    ];
    manager
        .create_table(table("answered_request", columns))
        .await?;
    manager
        .create_index(unique("answered_request", &["account", "key"]))
        .await?;
    manager
        .create_index(index("answered_request", &["answered_at"]))
        .await?;
    let connection = manager.get_connection();
    let moved = if connection.get_database_backend() == DbBackend::Postgres {
        POSTGRES
    } else {
        SQLITE
    };
    connection.execute_unprepared(moved).await?;
    manager
        .drop_table(
            Table::drop()
                .table(Alias::new("idempotency_key"))
                .to_owned(),
        )
        .await
}
