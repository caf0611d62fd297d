//! What `purge` and `tidy-documents` do when something stands against a part of it.

use std::sync::Arc;

use application::Application;
use application::by::By;
use application::ports::records::{Answered, Asker, SecretHash};
use application::purge::{AT_MOST, Purge, purge};
use application::tidy::tidy_documents;
use contract::samples::{NOW, audit, case, draft, form_draft, id, profile_change};
use domain::legal_hold::LegalHold;
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::retention::Kind;

use crate::faults::{Busy, Changing, Store};
use crate::site::{Site, put_letters};

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
    let done = tidy_documents(&stuck, By::Schedule).await.unwrap();
    assert_eq!(done.documents, 0);
    let done = tidy_documents(&site.app, By::Schedule).await.unwrap();
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
        at: NOW,
    };
    let mut tx = site.begin().await;
    for number in 1..=401 {
        let requests = tx.requests_mut();
        requests
            .remember(Asker::Account(id(number)), "key", &answered)
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
    assert_eq!(
        tidy_documents(&busy, By::Schedule).await.unwrap().drafts,
        1_002
    );
    assert_eq!(tidy_documents(&busy, By::Schedule).await.unwrap().drafts, 0);
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
    let second = tidy_documents(&stuck, By::Schedule).await.unwrap();
    assert_eq!(second.documents, 300);
    let third = purge(&site.app, Purge::Remove).await.unwrap();
    assert_eq!((third.documents, third.more), (AT_MOST, false));
}

/// A hold on that case.
fn hold(on: u128) -> LegalHold {
    LegalHold {
        id: id(on),
        case: id(on),
        reason: "IMM-1-27".to_owned(),
        set_by: id(9),
        set_at: NOW,
        lifted: None,
    }
}

/// PRIV-1, SUB-2: what would go is only counted: nothing is removed then, no record, no answer and no bytes. An answer of today stays in any
/// case: its request may come again.
#[tokio::test]
async fn who_only_counts_removes_nothing() {
    let site = Site::new().await;
    site.leave(1).await;
    let answered = |at| Answered {
        digest: SecretHash([8; 32]),
        records: Vec::new(),
        at,
    };
    let mut tx = site.begin().await;
    let now = site.app.clock.now();
    for (number, at) in [(1, NOW), (2, now)] {
        let requests = tx.requests_mut();
        let answered = answered(at);
        let remembered = requests.remember(Asker::Account(id(number)), "key", &answered);
        remembered.await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let counted = purge(&site.app, Purge::Count).await.unwrap();
    assert_eq!((counted.requests, counted.documents), (0, 0), "{counted:?}");
    let done = purge(&site.app, Purge::Remove).await.unwrap();
    assert_eq!((done.requests, done.documents), (1, 1), "{done:?}");
}

/// PRIV-1, SEC-2: a case under a hold is counted and stays. One that goes is in the trail with everything that went with it, and its bytes have a
/// line of their own once they are gone.
#[tokio::test]
async fn what_went_is_in_the_trail_and_what_is_held_is_counted() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    put_letters(&mut *tx).await;
    tx.legal_holds_mut().insert(&hold(2)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    for how in [Purge::Count, Purge::Remove] {
        let done = purge(&site.app, how).await.unwrap();
        assert_eq!(done.gone.get(&Kind::Case), Some(&1), "{done:?}");
        assert_eq!(done.held, 1, "{done:?}");
    }
    let trail = "SELECT subjects FROM audit WHERE action = 'purge' ORDER BY position";
    let lines = site.texts(trail).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, kind, number) in [
        (0, "case", 1),
        (0, "inbox-item", 1),
        (0, "document", 51),
        (1, "bytes", 51),
    ] {
        let wanted = format!("{kind}:{}", id::<()>(number));
        assert!(lines[line].contains(&wanted), "{wanted} in {lines:?}");
    }
}

/// PRIV-1: a case that the registry puts under a hold after the pass looked at it, and before it is its turn, stays.
#[tokio::test]
async fn a_hold_that_is_set_meanwhile_keeps_the_case() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let storage = site.app.storage.clone();
    let app = Application {
        storage: Arc::new(Changing {
            inner: storage.clone(),
            meanwhile: Box::new(move || {
                let storage = storage.clone();
                Box::pin(async move {
                    let mut tx = storage.begin().await.unwrap();
                    let held = tx.legal_holds().of_case(id(1)).await.unwrap();
                    if held.is_empty() {
                        tx.legal_holds_mut().insert(&hold(1)).await.unwrap();
                        tx.commit(audit()).await.unwrap();
                    }
                })
            }),
        }),
        ..site.app.clone()
    };
    let counted = purge(&app, Purge::Count).await.unwrap();
    assert_eq!(counted.gone.get(&Kind::Case), Some(&1), "{counted:?}");
    let done = purge(&app, Purge::Remove).await.unwrap();
    assert_eq!(done.gone.get(&Kind::Case), None, "{done:?}");
    let mut records = site.app.storage.read().await.unwrap();
    assert!(records.cases().by_id(id(1)).await.unwrap().is_some());
}

/// SEC-2: what the job that tidies removes of somebody's is in the trail by its name.
#[tokio::test]
async fn what_was_tidied_is_in_the_trail() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    tx.drafts_mut().put(&draft(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    assert_eq!(
        tidy_documents(&site.app, By::Schedule)
            .await
            .unwrap()
            .drafts,
        1
    );
    let trail = "SELECT subjects FROM audit WHERE action = 'tidy-documents'";
    let lines = site.texts(trail).await;
    let wanted = format!("draft:{}", id::<()>(1));
    assert!(lines.iter().any(|line| line.contains(&wanted)), "{lines:?}");
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
