//! Puts a refusal into the audit trail (SEC-2). The work that was refused has been rolled back by then, so this is a transaction of its own.

use domain::policy::Refused;

use crate::Application;
use crate::ports::storage::StorageError;

/// Records it.
///
/// # Errors
/// [`StorageError`].
pub async fn record_refusal(app: &Application, refused: &Refused) -> Result<(), StorageError> {
    app.retrying(|| async {
        let tx = app.storage.begin().await?;
        tx.commit(refused.clone().into_audit_entry()).await
    })
    .await
}
