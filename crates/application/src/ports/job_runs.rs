//! When each job last ran, for the operators, and where it stopped, for a job that goes on from there. Nobody's access is decided by it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::policy::Job;
use time::OffsetDateTime;
use uuid::Uuid;

use super::storage::StorageError;

/// Where it is kept.
#[async_trait]
pub trait JobRuns: Send + Sync {
    /// Notes that a job ran.
    async fn ran(&self, job: Job, at: OffsetDateTime) -> Result<(), StorageError>;
    /// When each last ran, by name; jobs that never did are not there.
    async fn last(&self) -> Result<BTreeMap<String, OffsetDateTime>, StorageError>;
    /// The record after which a pass of that job stopped before its end; `None` where the last came to its end.
    async fn stopped_after(&self, job: Job) -> Result<Option<Uuid>, StorageError>;
    /// Keeps that place, or that there is none any more.
    async fn stops_after(&self, job: Job, place: Option<Uuid>) -> Result<(), StorageError>;
}
