//! Begins another log of receipts, under another name, where a backup that was put back cut the former one short: people may hold
//! checkpoints that the former one does not lead to any more, so it must not go on. Every receipt on record is entered anew; the former log
//! stays as it is.

use domain::policy::{Action, Actor, Refused, authorize};
use receipts::{Checkpoint, CheckpointError, KeyName, empty_root};

use crate::Application;
use crate::ports::receipt_log::{Beginning, Head, LogNumber};
use crate::ports::storage::{Contended, StorageError};

/// Another log that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLog {
    /// Where the former one ends.
    pub former: Checkpoint,
    /// The new one's name.
    pub origin: KeyName,
}

/// Why no other log is begun.
#[derive(Debug, thiserror::Error)]
pub enum NewLogError {
    /// The door stayed shut.
    #[error("only the operator begins a log")]
    Refused(#[from] Refused),
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No log was published, so none can have been cut short.
    #[error("there is no log yet; the job publish-log begins it")]
    NoLog,
    /// A log has the configured name.
    #[error("there is a log of the name {0} already; give the new one another in receipts.origin")]
    NameTaken(KeyName),
    /// Nobody could verify what the former log's key signed.
    #[error("no configured key signed the former log; add its public half to receipts.former_keys")]
    FormerKeyMissing(#[source] CheckpointError),
}

impl Contended for NewLogError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_contention())
    }
}

/// Begins it. The job that publishes enters the receipts, in the order in which they were signed.
///
/// # Errors
/// [`NewLogError`]; nothing is changed then.
pub async fn begin_new_log(app: &Application, actor: &Actor) -> Result<NewLog, NewLogError> {
    app.retrying(|| async {
        let moment = app.moment();
        let permit = authorize(actor, &Action::BeginLog, &moment, &app.terms)?;
        let heads = app.log.last_heads().await?;
        let (_, after) = heads.last().cloned().ok_or(NewLogError::NoLog)?;
        let keys = app.signer.keys();
        let origin = keys.first().map(|key| key.name().clone());
        let origin = origin.ok_or(NewLogError::NoLog)?;
        let of_that_name = |(_, head): &(LogNumber, Head)| {
            Checkpoint::claimed_origin(&head.note).is_none_or(|name| name == origin)
        };
        if heads.iter().any(of_that_name) {
            return Err(NewLogError::NameTaken(origin));
        }
        let former = Checkpoint::open(&after.note, keys).map_err(NewLogError::FormerKeyMissing)?;
        let beginning = Beginning {
            after,
            head: Head {
                size: 0,
                note: app.signer.sign_head(0, empty_root()),
            },
            at: moment.at,
            entry: permit.into_audit_entry(),
        };
        app.log.begin_anew(&beginning).await?;
        Ok(NewLog { former, origin })
    })
    .await
}
