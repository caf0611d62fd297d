//! The batch jobs by name, what each does and how often, and one pass of each.

use std::path::Path;
use std::time::Duration;

use application::audit_trail::{Finding, Sealed, Verified, seal_audit_trail, verify_audit_trail};
use application::by::By;
use application::deliver_notices::deliver_notices;
use application::import_cases::{ImportError, ImportedCases, RefusedLine, Why, import_cases};
use application::import_rolls::{Imported, Outcome, import_rolls};
use application::kept_documents::{
    Examined, KeptError, Rotated, Wrong, rotate_keys, verify_documents,
};
use application::ports::case_lines::Unreadable;
use application::publish_log::publish_log;
use application::purge::{Purge, Purged, purge};
use application::sort_keys::renew_sort_keys;
use application::tidy::{tidy_documents, tidy_sessions};
use application::verify_log::{LogFinding, LogVerified, Looked, verify_log};
use application::watch_terms::{remind_of_renewals, tell_of_ends};
use application::{Application, UseCaseError};
use case_files::CaseFile;
use domain::policy::Job;
use serde_json::{Value, json};
use tracing::Instrument;

use crate::traces;

/// The jobs that there are so far, what each does, and how often.
pub const JOBS: [(Job, &str, Duration); 12] = [
    (
        Job::DelegationReminders,
        "reminds counsel of delegations that end soon",
        Duration::from_mins(10),
    ),
    (
        Job::DelegationCleanup,
        "tells both when a delegation's access is gone; lapsed ones leave the lists by themselves",
        Duration::from_mins(10),
    ),
    (
        Job::DeliverNotices,
        "sends the notices that wait",
        Duration::from_secs(1),
    ),
    (
        Job::TidySessions,
        "removes sessions that are over, and counts of tries that no longer count",
        Duration::from_mins(10),
    ),
    (
        Job::TidyDocuments,
        "removes begun submissions that were never sent, and bytes that no record names",
        Duration::from_mins(10),
    ),
    (
        Job::SealAudit,
        "seals new entries of the audit trail",
        Duration::from_secs(1),
    ),
    (
        Job::VerifyAudit,
        "finds entries of the audit trail that were edited, removed or put elsewhere",
        Duration::from_hours(24),
    ),
    (
        Job::PublishLog,
        "puts new receipts and audit seals into the public log",
        Duration::from_secs(5),
    ),
    (
        Job::VerifyLog,
        "finds receipts and entries of the public log that were changed or removed",
        Duration::from_hours(24),
    ),
    (
        Job::ImportRolls,
        "imports the orders' rolls; who is no longer in good standing is out",
        Duration::from_hours(1),
    ),
    (
        Job::Purge,
        "removes records whose period is over, save those under a legal hold; `jobs run purge --dry-run` only counts them",
        Duration::from_hours(24),
    ),
    (
        Job::RenewSortKeys,
        "makes keys anew by which lists are in order, where a version before made them otherwise",
        Duration::from_hours(7 * 24),
    ),
];

/// The jobs that run only when somebody calls them, and what each does.
pub const CALLED: [(Job, &str); 2] = [
    (
        Job::RotateKeys,
        "puts every document's key under the present documents.key",
    ),
    (
        Job::VerifyDocuments,
        "finds documents that were altered or removed in the store",
    ),
];

/// The job that takes a file, and what it does: it runs when somebody calls it.
pub const IMPORT_CASES: (Job, &str) = (
    Job::ImportCases,
    "imports cases from a file: `jobs run import-cases FILE`",
);

/// Imports the cases of a file, one object per line; says what it did.
///
/// # Errors
/// [`ImportError`].
pub async fn import_file(app: &Application, file: &Path) -> Result<ImportedCases, ImportError> {
    let mut lines = CaseFile::open(file).map_err(Unreadable)?;
    let done = import_cases(app, &mut lines).await?;
    let ran = app.job_runs.ran(Job::ImportCases, app.clock.now()).await;
    ran.map_err(UseCaseError::from)?;
    Ok(done)
}

/// What an import did, for whoever called it.
pub fn told(imported: &ImportedCases) -> Value {
    let problem = |refused: &RefusedLine| {
        let mut told = json!({ "line": refused.line, "problem": refused.why.to_string() });
        if let (Why::Fields(problems), Some(members)) = (&refused.why, told.as_object_mut()) {
            let fields = problems.iter();
            let fields: Vec<Value> = fields
                .map(|one| json!({ "field": one.field, "fault": one.fault.code() }))
                .collect();
            members.insert("fields".to_owned(), fields.into());
        }
        told
    };
    let problems: Vec<Value> = imported.problems.iter().map(problem).collect();
    json!({
        "inserted": imported.inserted,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "over": imported.over,
        "refused": imported.refused,
        "problems": problems,
    })
}

/// A pass that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// What it did.
    pub told: Value,
    /// Whether all is well.
    pub end: End,
}

/// How it came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All is well.
    Well,
    /// It did its work, and found what somebody must look at.
    Findings,
    /// Some of its work is undone, and is tried again soon.
    Undone,
}

impl Pass {
    const fn well(told: Value) -> Self {
        Self {
            told,
            end: End::Well,
        }
    }

    const fn with(told: Value, are_findings: bool) -> Self {
        let end = if are_findings {
            End::Findings
        } else {
            End::Well
        };
        Self { told, end }
    }
}

/// One pass of a job; says what it did. `None` for the one that takes a file.
///
/// # Errors
/// [`KeptError`].
pub async fn run(app: &Application, job: Job) -> Result<Option<Pass>, KeptError> {
    run_by(app, job, By::Schedule).await
}

/// One pass of a job, for whom it is. By hand it takes what was looked at: whoever is out by a roll is out, however many they are, the trail is
/// sealed after a seal that no known key made, and every document is looked at that may have lost its record.
///
/// # Errors
/// [`KeptError`].
pub async fn run_by(app: &Application, job: Job, by: By) -> Result<Option<Pass>, KeptError> {
    let pass = async {
        match done_by(app, job, by).await? {
            Some(done) => noted(app, job, done).await.map(Some),
            None => Ok(None),
        }
    };
    pass.instrument(traces::of_job(job)).await
}

/// Writes down when it ran.
async fn noted(app: &Application, job: Job, done: Pass) -> Result<Pass, KeptError> {
    // A pass that was called to a halt may have left something, and one that left something counts as none.
    if done.end != End::Undone && !app.halt.is_called() {
        let ran = app.job_runs.ran(job, app.clock.now()).await;
        ran.map_err(UseCaseError::from)?;
    }
    Ok(done)
}

async fn done_by(app: &Application, job: Job, by: By) -> Result<Option<Pass>, KeptError> {
    let told = match job {
        Job::DeliverNotices => {
            let done = deliver_notices(app).await?;
            json!({ "delivered": done.delivered, "failed": done.failed, "unreadable": done.unreadable })
        }
        Job::DelegationCleanup => {
            let told = tell_of_ends(app).await?;
            json!({ "notices": told.notices, "unreadable": told.unreadable })
        }
        Job::DelegationReminders => {
            let told = remind_of_renewals(app).await?;
            json!({ "reminders": told.notices, "unreadable": told.unreadable })
        }
        Job::TidySessions => json!({ "sessions": tidy_sessions(app).await?.sessions }),
        Job::TidyDocuments => {
            let done = tidy_documents(app, by).await?;
            json!({ "drafts": done.drafts, "uploads": done.uploads, "documents": done.documents })
        }
        Job::SealAudit => return Ok(Some(sealed(&seal_audit_trail(app, by).await?))),
        Job::VerifyAudit => return Ok(Some(verified(&verify_audit_trail(app).await?))),
        Job::PublishLog => json!({ "published": publish_log(app).await? }),
        Job::VerifyLog => return Ok(Some(log_verified(&verify_log(app).await?))),
        Job::ImportRolls => return Ok(Some(imported(&import_rolls(app, by).await?))),
        Job::Purge => purged(&purge(app, Purge::Remove).await?),
        Job::RenewSortKeys => {
            let done = renew_sort_keys(app).await?;
            json!({ "cases": done.cases, "search_texts": done.search_texts, "inbox_items": done.items })
        }
        Job::RotateKeys => return Ok(Some(rotated(&rotate_keys(app).await?))),
        Job::VerifyDocuments => return Ok(Some(examined(&verify_documents(app).await?))),
        Job::ImportCases => return Ok(None),
    };
    Ok(Some(Pass::well(told)))
}

/// What a pass of `purge` would remove now.
///
/// # Errors
/// [`UseCaseError::Storage`].
pub async fn would_purge(app: &Application) -> Result<Value, UseCaseError> {
    Ok(purged(&purge(app, Purge::Count).await?))
}

fn purged(purged: &Purged) -> Value {
    let kinds = purged.gone.iter();
    let kinds: serde_json::Map<String, Value> = kinds
        .map(|(kind, gone)| (kind.code().to_owned(), (*gone).into()))
        .collect();
    json!({
        "gone": kinds,
        "held": purged.held,
        "submissions": purged.submissions,
        "inbox_items": purged.items,
        "requests": purged.requests,
        "documents": purged.documents,
        "unreadable": purged.unreadable,
        "more": purged.more,
    })
}

fn rotated(rotated: &Rotated) -> Pass {
    let unreadable: Vec<String> = rotated.unreadable.iter().map(ToString::to_string).collect();
    if !unreadable.is_empty() {
        tracing::error!(
            documents = unreadable.len(),
            "the keys of documents cannot be read"
        );
    }
    let told = json!({ "documents": rotated.documents, "rewrapped": rotated.rewrapped, "unreadable": unreadable });
    Pass::with(told, !unreadable.is_empty())
}

fn examined(examined: &Examined) -> Pass {
    let finding = |wrong: &Wrong| match wrong {
        Wrong::Missing(id) => json!({ "missing": id.to_string() }),
        Wrong::Altered(id) => json!({ "altered": id.to_string() }),
        Wrong::KeyUnknown(id) => json!({ "key_unknown": id.to_string() }),
    };
    let findings: Vec<Value> = examined.findings.iter().map(finding).collect();
    if !findings.is_empty() {
        tracing::error!(
            findings = findings.len(),
            "documents are not as they were kept"
        );
    }
    let told = json!({ "documents": examined.documents, "findings": findings });
    Pass::with(told, !findings.is_empty())
}

fn sealed(sealed: &Sealed) -> Pass {
    let told = json!({ "sealed": sealed.entries });
    let Some(position) = sealed.stopped_at else {
        return Pass::well(told);
    };
    tracing::error!(
        position,
        "the last seal of the audit trail holds by none of this process's keys, and nothing is sealed: it has not the newest secrets.key, or an entry \
         was changed (docs/operations.md, \"The audit trail\")"
    );
    Pass {
        told,
        end: End::Undone,
    }
}

fn verified(verified: &Verified) -> Pass {
    let finding = |finding: &Finding| match finding {
        Finding::Changed(position) => json!({ "changed": position }),
        Finding::Removed(position) => json!({ "removed": position }),
        Finding::SealRemoved(number) => json!({ "seal_removed": number }),
    };
    let findings: Vec<Value> = verified.findings.iter().map(finding).collect();
    if !findings.is_empty() {
        tracing::error!(
            findings = findings.len(),
            "the audit trail was tampered with"
        );
    }
    let told = json!({ "entries": verified.entries, "findings": findings });
    Pass::with(told, !findings.is_empty())
}

fn log_finding(finding: &LogFinding) -> Value {
    match finding {
        LogFinding::ReceiptMissing(id) => json!({ "receipt_missing": id.to_string() }),
        LogFinding::ReceiptChanged(id) => json!({ "receipt_changed": id.to_string() }),
        LogFinding::ReceiptUntrue(id) => json!({ "receipt_untrue": id.to_string() }),
        LogFinding::OutOfLine(id) => json!({ "receipt_out_of_line": id.to_string() }),
        LogFinding::SubmissionMissing(id) => json!({ "submission_missing": id.to_string() }),
        LogFinding::SubmissionChanged(id) => json!({ "submission_changed": id.to_string() }),
        LogFinding::SealChanged(number) => json!({ "seal_changed": number }),
        LogFinding::EntryMissing(index) => json!({ "entry_missing": index }),
        LogFinding::TileChanged(at) => {
            json!({ "tile_changed": { "level": at.level, "number": at.number } })
        }
        LogFinding::HeadChanged(size) => json!({ "head_changed": size }),
    }
}

/// What was found in the log that grows, then, each with the log's name, what was found in former ones.
fn log_verified(verified: &LogVerified) -> Pass {
    let LogVerified { present, former } = verified;
    let of_former = |log: &Looked| {
        let findings: Vec<Value> = log.findings.iter().map(log_finding).collect();
        let named = findings.into_iter().map(|mut told| {
            if let Some(members) = told.as_object_mut() {
                members.insert("log".to_owned(), log.name.clone().into());
            }
            told
        });
        named.collect::<Vec<Value>>()
    };
    let mut findings: Vec<Value> = present.findings.iter().map(log_finding).collect();
    findings.extend(former.iter().flat_map(of_former));
    let former: Vec<Value> = former
        .iter()
        .map(|log| json!({ "log": log.name, "entries": log.entries, "heads": log.heads }))
        .collect();
    if !findings.is_empty() {
        tracing::error!(
            findings = findings.len(),
            "receipts or their log were tampered with"
        );
    }
    let told = json!({
        "log": present.name,
        "entries": present.entries,
        "heads": present.heads,
        "former": former,
        "findings": findings,
    });
    Pass::with(told, !findings.is_empty())
}

fn imported(imported: &[Imported]) -> Pass {
    let outcome = |imported: &Imported| {
        let order = imported.order.as_str();
        match &imported.outcome {
            Outcome::Taken {
                members,
                lost_standing,
                regained,
                unreadable,
            } => json!({
                "order": order,
                "members": members,
                "lost_standing": lost_standing,
                "regained": regained,
                "unreadable": unreadable,
            }),
            Outcome::TooManyOut { lose, have } => {
                json!({ "order": order, "too_many_out": { "lose": lose, "have": have } })
            }
            Outcome::Refused(lines) => {
                let lines: Vec<Value> = lines
                    .iter()
                    .map(|problem| json!({ "line": problem.line, "problem": problem.what }))
                    .collect();
                json!({ "order": order, "refused": lines })
            }
            Outcome::NoFile => json!({ "order": order, "no_file": true }),
            Outcome::Gone => json!({ "order": order, "gone": true }),
            Outcome::Unreadable => json!({ "order": order, "unreadable": true }),
        }
    };
    let told = json!({ "rolls": imported.iter().map(outcome).collect::<Vec<_>>() });
    let undone = imported.iter().any(|one| one.outcome.is_failure());
    Pass {
        told,
        end: if undone { End::Undone } else { End::Well },
    }
}

/// One pass of every job. One that fails is logged and does not keep the others from running.
pub async fn run_all(app: &Application) {
    for (job, _, _) in JOBS {
        if let Err(error) = run(app, job).await {
            tracing::error!(
                job = job.name(),
                error = &error as &dyn std::error::Error,
                "a job failed"
            );
        }
    }
}
