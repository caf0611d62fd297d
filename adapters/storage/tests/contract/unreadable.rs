//! Records that make no sense, as a fault or a later version leaves them, among others that do: each list gives the others all the same.

use application::ports::records::{Legible, PageRequest, Undelivered, UndeliveredQuery};
use application::undelivered::KEEPS_FAILING_AFTER;
use contract::samples::{NOW, account, audit, delegation, draft, id, notice};
use domain::id::Id;
use domain::membership::MembershipNumber;
use domain::notice::{About, NoticeId, OnceKey};
use sea_orm::{ConnectionTrait, Database};
use time::Duration;

use super::{as_both, as_storage, migrated};

async fn execute(url: &str, statement: &str) {
    let raw = Database::connect(url).await.unwrap();
    raw.execute_unprepared(statement).await.unwrap();
    raw.close().await.unwrap();
}

/// Which of them make sense, and which do not.
fn told<T, Of>(found: &[Legible<T>], id: impl Fn(&T) -> Id<Of>) -> (Vec<Id<Of>>, Vec<Id<Of>>) {
    let sound = found.iter().flatten().map(id).collect();
    let faults = found.iter().filter_map(|one| one.as_ref().err());
    (sound, faults.map(|one| Id::new(one.id)).collect())
}

/// MAIL-3, X-9: one that cannot be read is told, held for as long as the others, and keeps its tries. One of a kind that only a later version
/// knows is left to a worker of that version.
pub async fn a_notice_holds_up_no_other(url: String) {
    let (storage, outbox) = as_both(migrated(url.clone()).await);
    let mut tx = storage.begin().await.unwrap();
    for number in 1..=5 {
        let mut one = notice(number, About::DelegationEnded);
        one.once = Some(OnceKey::stored(format!("number-{number}")));
        tx.notices_mut().queue(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let broken = "UPDATE notice SET language = 'klingon' WHERE once_key = 'number-1'";
    execute(&url, broken).await;
    let of_tomorrow = "UPDATE notice SET kind = 'of-tomorrow' WHERE once_key = 'number-2'";
    execute(&url, of_tomorrow).await;

    let until = NOW + Duration::minutes(1);
    let claimed = async |now, until| {
        let found = outbox.claim(now, until, 2).await.unwrap();
        let attempts: Vec<u32> = found.iter().flatten().map(|one| one.attempts).collect();
        (told(&found, |one| one.notice.id), attempts)
    };
    let (three, four, five) = (id(3), id(4), id(5));
    let (broken, unknown): (NoticeId, NoticeId) = (id(1), id(2));
    assert_eq!(
        claimed(NOW, until).await,
        ((vec![three], vec![broken]), vec![1])
    );
    assert_eq!(
        claimed(NOW, until).await,
        ((vec![four, five], vec![]), vec![1, 1])
    );
    assert_eq!(claimed(NOW, until).await, ((vec![], vec![]), vec![]));
    let later = until + Duration::minutes(1);
    assert_eq!(
        claimed(until, later).await,
        ((vec![three], vec![broken]), vec![2])
    );

    let listed = async || {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = UndeliveredQuery {
                attempts: KEEPS_FAILING_AFTER,
                settled: false,
                page: PageRequest { after, limit: 1 },
            };
            let mut records = storage.read().await.unwrap();
            let page = records.notices().undelivered(&query).await.unwrap();
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                return told(&found, |one: &Undelivered| one.notice.id);
            }
        }
    };
    execute(&url, "UPDATE notice SET attempts = 9").await;
    let all = (vec![three, four, five], vec![broken, unknown]);
    assert_eq!(listed().await, all);

    // A worker of the version that knows the kind finds it as it was written.
    let known = "UPDATE notice SET kind = 'delegation-ended' WHERE kind = 'of-tomorrow'";
    execute(&url, known).await;
    let found = outbox.claim(until, later, 1).await.unwrap();
    let of_it = (vec![unknown], vec![]);
    assert_eq!(told(&found, |one| one.notice.id), of_it);
}

/// DEL-3, REG-1: a delegation, a member and a begun submission that cannot be read are told, and keep none of the others from being found.
pub async fn other_records_hold_up_none(url: String) {
    let storage = as_storage(migrated(url.clone()).await);
    let mut tx = storage.begin().await.unwrap();
    for number in 1..=3 {
        let mut member = account(number);
        let membership = member.membership.as_mut().unwrap();
        membership.number = MembershipNumber::parse(&format!("number-{number}")).ok();
        tx.accounts_mut().insert(&member).await.unwrap();
        let mut one = delegation(number);
        one.ended_at = None;
        tx.delegations_mut().insert(&one).await.unwrap();
        tx.drafts_mut().put(&draft(number)).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    for statement in [
        "UPDATE account SET language = 'klingon' WHERE email LIKE '%2%'",
        "UPDATE delegation SET language = 'klingon' WHERE email LIKE '%2%'",
        "UPDATE draft SET service_on = 'tomorrow'",
        // No member has such a number, and the account is read all the same.
        "UPDATE account SET membership_number = ' ' WHERE email LIKE '%3%'",
    ] {
        execute(&url, statement).await;
    }

    let mut records = storage.read().await.unwrap();
    let order = account(1).membership.unwrap().order;
    let found = records.rolls().accounts(&order, None, 9).await.unwrap();
    let sound_and_broken = (vec![id(1), id(3)], vec![id(2)]);
    assert_eq!(told(&found, |one| one.id), sound_and_broken);
    let ids = [id(1), id(2), id(3)];
    let mut found = records.accounts().by_ids(&ids).await.unwrap();
    found.sort_by_key(|one| one.as_ref().map_or_else(|one| one.id, |one| one.id.uuid()));
    assert_eq!(told(&found, |one| one.id), sound_and_broken);

    let one = delegation(1);
    let ends = one.running.unwrap().term_began_at + one.promised.unwrap().term;
    let delegations = records.delegations();
    let found = delegations.terms_ending(ends - Duration::SECOND, ends, None, 9);
    let found = found.await.unwrap().into_iter().map(|(_, one)| one);
    let found: Vec<_> = found.collect();
    assert_eq!(
        told(&found, |one| one.id),
        (vec![id(1), id(3)], vec![id(2)])
    );

    let late = NOW + Duration::days(900);
    let mut begun = records.drafts().begun_before(late, 9).await.unwrap();
    begun.sort_unstable();
    assert_eq!(begun, [id(1), id(2), id(3)]);
}
