//! What the jobs that remove for good do where this machine's clock is ahead of the records'.

use std::sync::Arc;

use application::Application;
use application::UseCaseError;
use application::by::By;
use application::draft::Draft;
use application::kept_documents::KeptError;
use application::ports::clock::RecordsClock;
use application::ports::storage::StorageError;
use application::purge::{Purge, purge};
use application::tidy::{tidy_documents, tidy_sessions};
use async_trait::async_trait;
use contract::samples::{NOW, audit, id, profile_change};
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::retention::Kind;
use time::{Duration, OffsetDateTime};

use crate::site::Site;

/// A machine's clock that says so.
struct Says(OffsetDateTime);

#[async_trait]
impl RecordsClock for Says {
    async fn now(&self) -> Result<OffsetDateTime, StorageError> {
        Ok(self.0)
    }
}

/// by the clock of one machine that is a day ahead nothing goes: no draft that somebody still works on, no record, no session. It is
/// told instead. When the clocks agree, it goes.
#[tokio::test]
async fn nothing_is_removed_by_a_clock_that_is_ahead() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    let draft = Draft {
        begun_at: NOW,
        ..contract::samples::draft(1)
    };
    tx.drafts_mut().put(&draft).await.unwrap();
    let decided = ProfileChange {
        decided: Some(Decided {
            outcome: Outcome::Applied,
            by: id(9),
            at: NOW,
        }),
        ..profile_change(1)
    };
    tx.profile_changes_mut().insert(&decided).await.unwrap();
    tx.profile_changes_mut().decide(&decided).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let where_it_is = |ahead| Application {
        records_clock: Some(Arc::new(Says(site.app.clock.now() - ahead))),
        ..site.app.clone()
    };

    let ahead = where_it_is(Duration::DAY);
    let refused = |error: &UseCaseError| matches!(error, UseCaseError::ClockAhead(_));
    let documents = tidy_documents(&ahead, By::Schedule).await.unwrap_err();
    assert!(matches!(&documents, KeptError::UseCase(error) if refused(error)));
    assert!(
        documents.to_string().contains("86400 s ahead"),
        "{documents}"
    );
    assert!(refused(&tidy_sessions(&ahead).await.unwrap_err()));
    assert!(refused(&purge(&ahead, Purge::Remove).await.unwrap_err()));
    let counted = purge(&ahead, Purge::Count).await.unwrap();
    assert_eq!(counted.gone.get(&Kind::ProfileChange), Some(&1));

    let agreed = where_it_is(Duration::SECOND);
    assert_eq!(
        tidy_documents(&agreed, By::Schedule).await.unwrap().drafts,
        1
    );
    tidy_sessions(&agreed).await.unwrap();
    let done = purge(&agreed, Purge::Remove).await.unwrap();
    assert_eq!(done.gone.get(&Kind::ProfileChange), Some(&1));
}
