//! What `purge` and `tidy-documents` do when something stands against a part of it.

use std::sync::Arc;

use application::Application;
use application::ports::records::{Answered, SecretHash};
use application::purge::{AT_MOST, Purge, purge};
use application::tidy::tidy_documents;
use contract::samples::{NOW, audit, draft, form_draft, id, profile_change};
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::retention::Kind;

use crate::faults::{Busy, Store};
use crate::site::Site;

/// PRIV-1: a record that makes no sense is told of and stays; it does not keep the others from going.
#[tokio::test]
async fn one_record_that_makes_no_sense_stops_nobody_else() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    for number in 1..=3 {
        let decided = ProfileChange {
            decided: Some(Decided {
                outcome: Outcome::Applied,
                by: id(9),
                at: NOW,
            }),
            ..profile_change(number)
        };
        let changes = tx.profile_changes_mut();
        changes.insert(&decided).await.unwrap();
        changes.decide(&decided).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let nonsense = "UPDATE profile_change SET language = 'klingon' WHERE hex(id) LIKE '%2'";
    site.execute(nonsense).await;

    for (how, gone) in [
        (Purge::Count, Some(&2)),
        (Purge::Remove, Some(&2)),
        (Purge::Remove, None),
    ] {
        let done = purge(&site.app, how).await.unwrap();
        assert_eq!(done.gone.get(&Kind::ProfileChange), gone, "{done:?}");
        assert_eq!(done.unreadable, 1, "{done:?}");
    }
}

/// PRIV-1: documents that the store does not remove keep no others, however many they are.
#[tokio::test]
async fn documents_that_are_stuck_keep_no_others() {
    let site = Site::new().await;
    site.leave(650).await;
    let stuck = Application {
        documents: Arc::new(Store::stuck(site.app.documents.clone(), 1..=450)),
        ..site.app.clone()
    };
    let done = purge(&stuck, Purge::Remove).await.unwrap();
    assert_eq!((done.documents, done.more), (200, false));
    let done = tidy_documents(&stuck).await.unwrap();
    assert_eq!(done.documents, 0);
    let done = tidy_documents(&site.app).await.unwrap();
    assert_eq!(done.documents, 450, "the next pass tries again");
}

/// PRIV-1: however many answers, drafts and begun forms are too old, all go, some in each transaction; and where another change is first, the
/// job tries again instead of failing.
#[tokio::test]
async fn all_that_is_too_old_goes_whoever_else_writes() {
    let site = Site::new().await;
    let answered = Answered {
        digest: SecretHash([8; 32]),
        records: Vec::new(),
    };
    let mut tx = site.begin().await;
    for number in 1..=401 {
        let requests = tx.requests_mut();
        requests
            .remember(id(number), "key", &answered, NOW)
            .await
            .unwrap();
    }
    for number in 1..=501 {
        tx.drafts_mut().put(&draft(number)).await.unwrap();
        tx.form_drafts_mut().put(&form_draft(number)).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let busy = Busy::portal(&site.app);
    assert_eq!(purge(&busy, Purge::Remove).await.unwrap().requests, 401);
    assert_eq!(tidy_documents(&busy).await.unwrap().drafts, 1_002);
    assert_eq!(tidy_documents(&busy).await.unwrap().drafts, 0);
}

/// PRIV-1: more stuck documents than one pass looks at do not block the rest for ever: each pass goes on from where the last one stopped.
#[tokio::test]
async fn more_stuck_documents_than_a_pass_looks_at_keep_no_others() {
    let site = Site::new().await;
    let (stuck, others) = (u128::from(AT_MOST), 300);
    site.leave(stuck + others).await;
    let stuck = Application {
        documents: Arc::new(Store::stuck(site.app.documents.clone(), 1..=stuck)),
        ..site.app.clone()
    };
    let first = purge(&stuck, Purge::Remove).await.unwrap();
    assert_eq!((first.documents, first.more), (0, true));
    let second = tidy_documents(&stuck).await.unwrap();
    assert_eq!(second.documents, 300);
    let third = purge(&site.app, Purge::Remove).await.unwrap();
    assert_eq!((third.documents, third.more), (AT_MOST, false));
}

impl Site {
    /// Documents 1 to `count`, each of which a removed case left.
    async fn leave(&self, count: u128) {
        let leaving = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            INSERT INTO document_leaving (document, since)
            SELECT unhex(printf('%032x', n)), 0 FROM numbers"
        );
        self.execute(&leaving).await;
    }
}
