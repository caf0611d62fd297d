//! The job that makes the keys anew by which names and titles are put in order, and the texts that searches look through (CASE-4), where a version before made them by other rules, or
//! still does while machines are upgraded one after the other. Nobody's access depends on it.

use domain::id::Id;
use domain::policy::{Job, Permit};
use uuid::Uuid;

use crate::ports::records::Renewed;
use crate::ports::storage::StorageError;
use crate::{Application, UseCaseError};

/// How many records are looked at in one transaction.
const AT_A_TIME: u32 = 500;

/// How many keys a pass put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RenewedKeys {
    /// Of cases.
    pub cases: u64,
    /// Texts that searches for cases look through.
    pub search_texts: u64,
    /// Of inbox items.
    pub items: u64,
}

/// Whose keys.
#[derive(Debug, Clone, Copy)]
enum Of {
    Cases,
    SearchTexts,
    Items,
}

/// Looks at every case and inbox item, some at a time, and makes the keys anew that are not as they would be made now. A second pass changes
/// nothing.
///
/// # Errors
/// [`UseCaseError::Storage`]; what was put right before stays.
pub async fn renew_sort_keys(app: &Application) -> Result<RenewedKeys, UseCaseError> {
    Ok(RenewedKeys {
        cases: renew(app, Of::Cases).await?,
        search_texts: renew(app, Of::SearchTexts).await?,
        items: renew(app, Of::Items).await?,
    })
}

async fn renew(app: &Application, of: Of) -> Result<u64, UseCaseError> {
    let (mut after, mut changed) = (Uuid::nil(), 0);
    while !app.halt.is_called() {
        let some = app.retrying(|| renew_some(app, of, after)).await?;
        changed += some.changed;
        let Some(last) = some.last else { break };
        after = last;
    }
    Ok(changed)
}

async fn renew_some(app: &Application, of: Of, after: Uuid) -> Result<Renewed, UseCaseError> {
    let permit = permit(app)?;
    let mut tx = app.storage.begin().await?;
    let renewed: Result<Renewed, StorageError> = match of {
        Of::Cases => {
            let cases = tx.cases_mut();
            cases.renew_name_keys(Id::new(after), AT_A_TIME).await
        }
        Of::SearchTexts => {
            let cases = tx.cases_mut();
            cases.renew_search_texts(Id::new(after), AT_A_TIME).await
        }
        Of::Items => {
            let items = tx.inbox_mut();
            items.renew_title_keys(Id::new(after), AT_A_TIME).await
        }
    };
    let renewed = renewed?;
    if renewed.changed > 0 {
        tx.commit(permit.into_audit_entry()).await?;
    }
    Ok(renewed)
}

fn permit(app: &Application) -> Result<Permit, UseCaseError> {
    Ok(app.may_run(Job::RenewSortKeys, &app.moment())?)
}
