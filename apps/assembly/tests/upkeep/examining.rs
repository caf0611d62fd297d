//! What `verify-documents` says of documents that go while it looks.

use std::sync::Arc;

use application::Application;
use application::kept_documents::{Wrong, verify_documents};
use application::ports::records::Why;
use application::ports::storage::Storage;
use contract::samples::{NOW, audit, id};
use time::Duration;

use crate::faults::Store;
use crate::site::{Site, put_letters};

/// Removes case 1, if it is still there.
async fn purge_the_first(storage: Arc<dyn Storage>) {
    let why = Why {
        last_used_at: NOW,
        kept_for: Duration::days(731),
        at: NOW,
    };
    let mut tx = storage.begin().await.unwrap();
    if tx.retention_mut().remove_case(id(1), &why).await.is_ok() {
        tx.commit(audit()).await.unwrap();
    }
}

/// Q-10, PRIV-1: a document that is not there is missing if a record names it, and no finding if its case was purged since its name was read.
#[tokio::test]
async fn what_was_purged_meanwhile_is_not_missing() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    put_letters(&mut *tx).await;
    tx.commit(audit()).await.unwrap();
    let storage = site.app.storage.clone();
    let store = Store {
        meanwhile: Box::new(move || Box::pin(purge_the_first(storage.clone()))),
        ..Store::stuck(site.app.documents.clone(), 0..0)
    };
    let app = Application {
        documents: Arc::new(store),
        ..site.app.clone()
    };
    let found = verify_documents(&app).await.unwrap();
    assert_eq!(found.findings, [Wrong::Missing(id(52))]);
    assert_eq!(found.documents, 1);
}
