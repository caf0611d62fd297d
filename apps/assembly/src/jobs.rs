//! The batch jobs by name: one pass, or again and again.

use std::time::Duration;

use application::deliver_notices::deliver_notices;
use application::tidy::{tidy_documents, tidy_sessions};
use application::{Application, UseCaseError};
use domain::policy::Job;
use serde_json::{Value, json};

/// The jobs that there are so far, what each does, and how often.
pub const JOBS: [(Job, &str, Duration); 3] = [
    (
        Job::DeliverNotices,
        "sends the notices that wait",
        Duration::from_secs(1),
    ),
    (
        Job::TidySessions,
        "removes sessions that are over",
        Duration::from_mins(10),
    ),
    (
        Job::TidyDocuments,
        "removes begun submissions that were never sent, and bytes that no record names",
        Duration::from_mins(10),
    ),
];

/// One pass of a job; says what it did. `None` for a job that is not built yet.
///
/// # Errors
/// [`UseCaseError`].
pub async fn run(app: &Application, job: Job) -> Result<Option<Value>, UseCaseError> {
    Ok(Some(match job {
        Job::DeliverNotices => {
            let done = deliver_notices(app).await?;
            json!({ "delivered": done.delivered, "failed": done.failed })
        }
        Job::TidySessions => json!({ "sessions": tidy_sessions(app).await?.sessions }),
        Job::TidyDocuments => {
            let done = tidy_documents(app).await?;
            json!({ "drafts": done.drafts, "documents": done.documents })
        }
        _ => return Ok(None),
    }))
}

/// One pass of every job. One that fails is logged and does not keep the others from running.
pub async fn run_all(app: &Application) {
    for (job, _, _) in JOBS {
        if let Err(error) = run(app, job).await {
            tracing::warn!(
                job = job.name(),
                error = &error as &dyn std::error::Error,
                "a job failed"
            );
        }
    }
}

/// Keeps running every job, each at its own pace, until dropped.
#[expect(
    clippy::disallowed_methods,
    reason = "the loop between passes waits for real time to go by"
)]
pub async fn schedule(app: Application) {
    let mut seconds: u64 = 0;
    loop {
        for (job, _, every) in JOBS {
            if seconds.is_multiple_of(every.as_secs().max(1))
                && let Err(error) = run(&app, job).await
            {
                tracing::warn!(
                    job = job.name(),
                    error = &error as &dyn std::error::Error,
                    "a job failed"
                );
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        seconds = seconds.wrapping_add(1);
    }
}
