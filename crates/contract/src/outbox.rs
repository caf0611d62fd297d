//! What every outbox promises (MAIL-3). Notices are written through the storage that stands beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::ports::outbox::Outbox;
use application::ports::storage::Storage;
use domain::notice::About;
use time::Duration;

use crate::samples::{NOW, audit, notice, notices};

/// An outbox and the storage through which it is filled.
pub type Both = (Arc<dyn Storage>, Arc<dyn Outbox>);

async fn fill(storage: &Arc<dyn Storage>, many: u128) {
    let mut tx = storage.begin().await.unwrap();
    for number in 1..=many {
        assert!(
            tx.notices_mut()
                .queue(&notice(number, About::DelegationEnded))
                .await
                .unwrap()
        );
    }
    tx.commit(audit()).await.unwrap();
}

/// Every kind of notice comes out as it was put in.
pub async fn every_kind_comes_out_as_it_went_in((storage, outbox): Both) {
    let mut tx = storage.begin().await.unwrap();
    for one in notices() {
        tx.notices_mut().queue(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let claimed = outbox
        .claim(NOW, NOW + Duration::minutes(1), 100)
        .await
        .unwrap();
    assert_eq!(
        claimed
            .iter()
            .map(|one| one.notice.clone())
            .collect::<Vec<_>>(),
        notices()
    );
    assert!(claimed.iter().all(|one| one.attempts == 1));
}

/// What one worker holds nobody else gets; a lease that runs out frees what a dead worker held.
pub async fn a_dead_workers_notices_come_free((storage, outbox): Both) {
    fill(&storage, 3).await;
    let until = NOW + Duration::minutes(1);
    assert_eq!(outbox.claim(NOW, until, 2).await.unwrap().len(), 2);
    assert_eq!(outbox.claim(NOW, until, 10).await.unwrap().len(), 1);
    assert!(outbox.claim(NOW, until, 10).await.unwrap().is_empty());
    let again = outbox
        .claim(until, until + Duration::minutes(1), 10)
        .await
        .unwrap();
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|one| one.attempts == 2));
}

/// A failure waits for its next try and is counted; a delivery ends it.
pub async fn a_failure_waits_and_a_delivery_ends_it((storage, outbox): Both) {
    fill(&storage, 1).await;
    let until = NOW + Duration::minutes(1);
    let held = outbox.claim(NOW, until, 1).await.unwrap().remove(0);
    outbox
        .failed(held.notice.id, NOW + Duration::hours(1), "try-later")
        .await
        .unwrap();
    assert!(
        outbox
            .claim(NOW + Duration::minutes(59), NOW + Duration::hours(2), 1)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(outbox.waiting(1).await.unwrap().stuck, 1);
    let later = NOW + Duration::hours(1);
    let held = outbox
        .claim(later, later + Duration::minutes(1), 1)
        .await
        .unwrap()
        .remove(0);
    outbox.delivered(held.notice.id, later).await.unwrap();
    assert_eq!(outbox.waiting(1).await.unwrap().all, 0);
    assert!(
        outbox
            .claim(later + Duration::days(1), later + Duration::days(2), 1)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Eight workers deliver each notice once.
pub async fn eight_workers_deliver_each_notice_once((storage, outbox): Both) {
    fill(&storage, 100).await;
    let workers = (0..8).map(|_| {
        let outbox = outbox.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = outbox
                    .claim(NOW, NOW + Duration::minutes(1), 7)
                    .await
                    .unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                for one in claimed {
                    outbox.delivered(one.notice.id, NOW).await.unwrap();
                    mine.push(one.notice.id);
                }
            }
        })
    });
    let workers: Vec<_> = workers.collect();
    let mut times = BTreeMap::new();
    for worker in workers {
        for id in worker.await.unwrap() {
            *times.entry(id).or_insert(0) += 1;
        }
    }
    assert_eq!(times.len(), 100);
    assert!(times.values().all(|times| *times == 1));
}

/// Every promise against one outbox. `$fresh` is an async expression that gives an empty [`Both`].
#[macro_export]
macro_rules! outbox_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::outbox, $fresh;
            every_kind_comes_out_as_it_went_in,
            a_dead_workers_notices_come_free,
            a_failure_waits_and_a_delivery_ends_it,
            eight_workers_deliver_each_notice_once,
        );
    };
}
