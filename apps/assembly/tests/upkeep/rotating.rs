//! What the audit trail has of a rotation of keys, also of one that broke off.

use std::sync::Arc;

use application::Application;
use application::kept_documents::{KeptError, Rotated, rotate_keys};

use crate::faults::Vault;
use crate::site::Site;

/// SEC-2, X-6: each five hundred documents whose keys are turned are an entry of the trail, and so are those that were turned before the store
/// failed; a pass that turned none leaves no entry.
#[tokio::test]
async fn what_was_turned_is_in_the_trail() {
    let site = Site::new().await;
    let query = "SELECT action FROM audit WHERE action = 'rotate-keys'";
    let entries = async || site.texts(query).await.len();
    let with = |vault: Vault| Application {
        documents: Arc::new(vault),
        ..site.app.clone()
    };
    let breaks_off = with(Vault::turning(1_200).failing_at(700));
    let broken_off = rotate_keys(&breaks_off).await;
    assert!(
        matches!(broken_off, Err(KeptError::Documents(_))),
        "{broken_off:?}"
    );
    assert_eq!(entries().await, 2, "what was turned before");

    let turned = Rotated {
        documents: 1_200,
        rewrapped: 1_200,
        unreadable: Vec::new(),
    };
    let works = with(Vault::turning(1_200));
    assert_eq!(rotate_keys(&works).await.unwrap(), turned);
    assert_eq!(entries().await, 5, "three more");
    let nothing = with(Vault::turning(1_200).under_the_newest_key());
    assert_eq!(rotate_keys(&nothing).await.unwrap().rewrapped, 0);
    assert_eq!(entries().await, 5);
}
