//! How late it is where the database is: on PostgreSQL another machine's clock as a rule, on SQLite this one's.

use application::ports::clock::RecordsClock;
use application::ports::storage::StorageError;
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Statement};
use time::OffsetDateTime;

use crate::SqlStorage;
use crate::error::{corrupt, storage_error};
use crate::value::instant;

const RECORD: &str = "present instant";

#[async_trait]
impl RecordsClock for SqlStorage {
    async fn now(&self) -> Result<OffsetDateTime, StorageError> {
        let asked = if self.on_postgres() {
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint) AS now"
        } else {
            "SELECT CAST(unixepoch('subsec') * 1000000 AS integer) AS now"
        };
        let asked = Statement::from_string(self.readers.get_database_backend(), asked);
        let row = self.readers.query_one_raw(asked).await;
        let row = row
            .map_err(storage_error)?
            .ok_or_else(|| corrupt(RECORD, "the database does not say how late it is"))?;
        let now: i64 = row.try_get("", "now").map_err(storage_error)?;
        instant(RECORD, now)
    }
}
