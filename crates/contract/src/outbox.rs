//! What every outbox promises (MAIL-3). Notices are written through the storage that stands beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::ports::outbox::{Claimed, Failure, Outbox};
use application::ports::records::{PageRequest, Undeliverable, UndeliveredQuery};
use application::ports::storage::{Storage, StorageError};
use domain::notice::{About, NoticeId};
use domain::person::EmailAddress;
use time::{Duration, OffsetDateTime};

use crate::samples::{NOW, audit, legible, notice, notices};

/// An outbox and the storage through which it is filled.
pub type Both = (Arc<dyn Storage>, Arc<dyn Outbox>);

async fn claim(
    outbox: &Arc<dyn Outbox>,
    now: OffsetDateTime,
    until: OffsetDateTime,
    limit: u32,
) -> Vec<Claimed> {
    legible(outbox.claim(now, until, limit).await.unwrap())
}

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
    let claimed = claim(&outbox, NOW, NOW + Duration::minutes(1), 100).await;
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
    assert_eq!(claim(&outbox, NOW, until, 2).await.len(), 2);
    assert_eq!(claim(&outbox, NOW, until, 10).await.len(), 1);
    assert!(claim(&outbox, NOW, until, 10).await.is_empty());
    let again = claim(&outbox, until, until + Duration::minutes(1), 10).await;
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|one| one.attempts == 2));
}

/// One that a mail server will never take does not age: the oldest tells of notices that nobody sends.
pub async fn what_is_refused_for_good_does_not_age((storage, outbox): Both) {
    fill(&storage, 1).await;
    let held = claim(&outbox, NOW, NOW + Duration::minutes(1), 1)
        .await
        .remove(0);
    let later = NOW + Duration::hours(1);
    let refused = outbox.failed(&held.notice, later, Failure::RefusedForGood);
    refused.await.unwrap();
    let waiting = outbox.waiting(1).await.unwrap();
    assert_eq!((waiting.all, waiting.oldest), (1, None));
}

/// A failure waits for its next try and is counted; a delivery ends it.
pub async fn a_failure_waits_and_a_delivery_ends_it((storage, outbox): Both) {
    fill(&storage, 1).await;
    let until = NOW + Duration::minutes(1);
    let held = claim(&outbox, NOW, until, 1).await.remove(0);
    outbox
        .failed(&held.notice, NOW + Duration::hours(1), Failure::TryLater)
        .await
        .unwrap();
    assert!(
        claim(
            &outbox,
            NOW + Duration::minutes(59),
            NOW + Duration::hours(2),
            1
        )
        .await
        .is_empty()
    );
    let waiting = outbox.waiting(1).await.unwrap();
    assert_eq!((waiting.stuck, waiting.oldest), (1, Some(NOW)));
    let later = NOW + Duration::hours(1);
    let held = claim(&outbox, later, later + Duration::minutes(1), 1)
        .await
        .remove(0);
    outbox.delivered(&held.notice, later).await.unwrap();
    let waiting = outbox.waiting(1).await.unwrap();
    assert_eq!((waiting.all, waiting.oldest), (0, None));
    assert!(
        claim(
            &outbox,
            later + Duration::days(1),
            later + Duration::days(2),
            1
        )
        .await
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
                let claimed = claim(&outbox, NOW, NOW + Duration::minutes(1), 7).await;
                if claimed.is_empty() {
                    return mine;
                }
                for one in claimed {
                    outbox.delivered(&one.notice, NOW).await.unwrap();
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

/// what a worker that holds a notice does with it says nothing of another address to which it is sent meanwhile: it goes there, at once.
pub async fn a_notice_goes_to_the_address_that_it_was_given_meanwhile((storage, outbox): Both) {
    fill(&storage, 2).await;
    let until = NOW + Duration::minutes(5);
    let held = claim(&outbox, NOW, until, 2).await;
    let corrected = EmailAddress::parse("corrected@example.test").unwrap();
    let mut tx = storage.begin().await.unwrap();
    for one in &held {
        let id = one.notice.id;
        let again = tx.notices_mut().send_again(id, &corrected, NOW).await;
        again.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    outbox.delivered(&held[0].notice, NOW).await.unwrap();
    outbox
        .failed(&held[1].notice, until, Failure::RefusedForGood)
        .await
        .unwrap();
    let again = claim(&outbox, NOW, until, 9).await;
    let addresses: Vec<_> = again.iter().map(|one| &one.notice.to.email).collect();
    assert_eq!(addresses, [&corrected, &corrected]);
}

/// what is refused for good, keeps failing or came back is on the list until it is settled, which ends its being sent, or sent again.
pub async fn what_does_not_arrive_is_on_the_list((storage, outbox): Both) {
    fill(&storage, 4).await;
    let held = claim(&outbox, NOW, NOW + Duration::hours(1), 10).await;
    let tomorrow = NOW + Duration::days(1);
    let failed = async |at: usize, why: Failure| {
        let notice = &held[at].notice;
        outbox.failed(notice, tomorrow, why).await.unwrap();
    };
    failed(0, Failure::RefusedForGood).await;
    failed(1, Failure::TryLater).await;
    outbox.delivered(&held[2].notice, NOW).await.unwrap();
    outbox.delivered(&held[3].notice, NOW).await.unwrap();
    let change = async |id: NoticeId, change: Option<bool>| {
        let mut tx = storage.begin().await.unwrap();
        let new_address = EmailAddress::parse("new@example.test").unwrap();
        let notices = tx.notices_mut();
        match change {
            None => notices.bounced(id, NOW).await.unwrap(),
            Some(true) => notices
                .settle(id, crate::samples::id(9), NOW)
                .await
                .unwrap(),
            Some(false) => notices.send_again(id, &new_address, NOW).await.unwrap(),
        }
        tx.commit(audit()).await.unwrap();
    };
    change(held[3].notice.id, None).await;
    let list = async |attempts: u32, settled: bool| {
        let mut read = storage.read().await.unwrap();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = UndeliveredQuery {
                attempts,
                settled,
                page: PageRequest { after, limit: 1 },
            };
            let page = read.notices().undelivered(&query).await.unwrap();
            let items = legible(page.items);
            found.extend(
                items
                    .iter()
                    .map(|one| (one.notice.id.uuid().as_u128(), one.why)),
            );
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    };
    let (refused, failing, bounced) = (
        (1, Undeliverable::RefusedForGood),
        (2, Undeliverable::KeepsFailing),
        (4, Undeliverable::Bounced),
    );
    assert_eq!(list(9, false).await, [refused, bounced]);
    assert_eq!(list(1, false).await, [refused, failing, bounced]);
    change(held[0].notice.id, Some(true)).await;
    change(held[3].notice.id, Some(false)).await;
    assert_eq!(
        (list(9, false).await, list(9, true).await),
        (vec![], vec![refused])
    );
    let due = claim(&outbox, tomorrow, tomorrow + Duration::hours(1), 10).await;
    let due: Vec<_> = due
        .iter()
        .map(|one| (one.notice.id.uuid().as_u128(), one.notice.to.email.as_str()))
        .collect();
    let old = notice(2, About::DelegationEnded).to.email;
    assert_eq!(due, [(2, old.as_str()), (4, "new@example.test")]);
    let mut tx = storage.begin().await.unwrap();
    let missing = tx.notices_mut().bounced(crate::samples::id(99), NOW).await;
    assert!(matches!(missing, Err(StorageError::Missing)), "{missing:?}");
}

/// Every promise against one outbox. `$fresh` is an async expression that gives an empty [`Both`].
#[macro_export]
macro_rules! outbox_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::outbox, $fresh;
            every_kind_comes_out_as_it_went_in,
            a_dead_workers_notices_come_free,
            a_failure_waits_and_a_delivery_ends_it,
            what_is_refused_for_good_does_not_age,
            eight_workers_deliver_each_notice_once,
            what_does_not_arrive_is_on_the_list,
            a_notice_goes_to_the_address_that_it_was_given_meanwhile,
        );
    };
}
