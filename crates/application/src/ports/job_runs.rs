//! When each job last ran, for the operators, and for a job that goes on where it was. Nobody's access is decided by it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::policy::Job;
use time::OffsetDateTime;

use super::storage::StorageError;

/// Where it is kept.
#[async_trait]
pub trait JobRuns: Send + Sync {
    /// Notes that a job ran.
    async fn ran(&self, job: Job, at: OffsetDateTime) -> Result<(), StorageError>;
    /// When each last ran, by name; jobs that never did are not there.
    async fn last(&self) -> Result<BTreeMap<String, OffsetDateTime>, StorageError>;
}
