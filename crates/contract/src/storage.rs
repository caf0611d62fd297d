//! What every storage of records promises: the unit of work, and each kind of record.

use std::slice;
use std::sync::Arc;

use application::draft::Draft;
use application::ports::records::{Asker, PageRequest, SecretHash, SubmissionQuery};
use application::ports::storage::{Storage, StorageError, Transaction};
use domain::audit::SubjectKind;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, InviteRefused, SecretQuestion};
use domain::notice::{About, OnceKey};
use domain::policy::{Action, Actor, CounselWork, Means, Representation, authorize};
use domain::submission::Submission;
use domain::terms::Terms;
use domain::token::Token;
use domain::tribunal_time::{Moment, TribunalDay};
use time::Duration;

use crate::put_off::assert_taken;
use crate::samples::{
    NOW, account, audit, case, delegation, draft, id, invitee, legible, notice, sign_in,
    submission, token,
};

type Fresh = Arc<dyn Storage>;

async fn begin(storage: &Fresh) -> Box<dyn Transaction> {
    storage.begin().await.unwrap()
}

fn first(limit: u32) -> PageRequest {
    PageRequest { after: None, limit }
}

/// Every kind of record keeps every field.
pub async fn every_record_keeps_every_field(storage: Fresh) {
    let (account, sign_in, token, case) = (account(1), sign_in(1), token(1), case(1));
    let (delegation, submission, draft) = (delegation(1), submission(1), draft(1));
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account).await.unwrap();
    tx.sign_ins_mut().insert(&sign_in).await.unwrap();
    tx.tokens_mut()
        .insert(&token, &SecretHash([4; 32]))
        .await
        .unwrap();
    tx.cases_mut().insert(&case).await.unwrap();
    tx.delegations_mut().insert(&delegation).await.unwrap();
    tx.submissions_mut().insert(&submission).await.unwrap();
    tx.drafts_mut().put(&draft).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    assert_eq!(
        read.accounts().by_id(id(1)).await.unwrap(),
        Some(account.clone())
    );
    assert_eq!(
        read.sign_ins().by_id(id(1)).await.unwrap(),
        Some(sign_in.clone())
    );
    assert_eq!(
        read.sign_ins()
            .by_identity(&sign_in.identity)
            .await
            .unwrap(),
        Some(sign_in)
    );
    assert_eq!(
        read.tokens().by_hash(&SecretHash([4; 32])).await.unwrap(),
        Some((token.clone(), account.clone()))
    );
    assert_eq!(
        read.tokens().by_id(id(1)).await.unwrap(),
        Some(token.clone())
    );
    assert_eq!(read.tokens().of_account(id(1)).await.unwrap(), [token]);
    assert_eq!(read.cases().by_id(id(1)).await.unwrap(), Some(case.clone()));
    assert_eq!(
        read.cases()
            .by_file_number(&case.file_number)
            .await
            .unwrap(),
        Some(case.clone())
    );
    assert_eq!(
        read.delegations().by_id(id(1)).await.unwrap(),
        Some(delegation.clone())
    );
    assert_eq!(
        read.delegations().of_counsel(id(1)).await.unwrap(),
        std::slice::from_ref(&delegation)
    );
    assert_eq!(
        read.delegations().of_delegate(id(2)).await.unwrap(),
        std::slice::from_ref(&delegation)
    );
    assert_eq!(
        read.delegations().between(id(1), id(2)).await.unwrap(),
        Some((account, vec![delegation]))
    );
    let filed = read.submissions().by_id(id(1)).await.unwrap().unwrap();
    let number = &submission.confirmation_number;
    let by_number = read.submissions().by_number(number).await.unwrap();
    assert_eq!(by_number.as_ref(), Some(&filed));
    assert_eq!(
        (filed.submission, filed.file_number),
        (submission, case.file_number)
    );
    assert_eq!(read.drafts().by_id(id(1)).await.unwrap(), Some(draft));
}

/// SEC-1: those that work are revoked, all at once; what became of the others stays.
pub async fn every_token_that_works_is_revoked(storage: Fresh) {
    let works = Token {
        revoked_at: None,
        ..token(2)
    };
    let over = Token {
        revoked_at: None,
        expires_at: NOW,
        ..token(3)
    };
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    for (one, hash) in [(&token(1), [4; 32]), (&works, [5; 32]), (&over, [6; 32])] {
        let tokens = tx.tokens_mut();
        tokens.insert(one, &SecretHash(hash)).await.unwrap();
    }
    assert_eq!(tx.tokens_mut().revoke_every(NOW).await.unwrap(), [works.id]);
    let revoked = Token {
        revoked_at: Some(NOW),
        ..works
    };
    for one in [revoked, over, token(1)] {
        let found = tx.tokens().by_id(one.id).await.unwrap();
        assert_eq!(found, Some(one));
    }
}

/// What is not there is `None`, not an error.
pub async fn what_is_not_there_is_none(storage: Fresh) {
    let mut read = storage.read().await.unwrap();
    assert_eq!(read.accounts().by_id(id(9)).await.unwrap(), None);
    assert_eq!(read.cases().by_id(id(9)).await.unwrap(), None);
    assert_eq!(read.submissions().by_id(id(9)).await.unwrap(), None);
    let number = ConfirmationNumber::from_random([9; 32]);
    assert_eq!(read.submissions().by_number(&number).await.unwrap(), None);
    assert_eq!(read.drafts().by_id(id(9)).await.unwrap(), None);
    let asker = Asker::Account(id(1));
    assert_eq!(read.requests().answered(asker, "key").await.unwrap(), None);
}

/// Dropped without commit, nothing happened.
pub async fn dropped_means_nothing_happened(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.notices_mut()
        .queue(&notice(1, About::DelegationEnded))
        .await
        .unwrap();
    drop(tx);
    let mut read = storage.read().await.unwrap();
    assert_eq!(read.accounts().by_id(id(1)).await.unwrap(), None);
    assert!(read.notices().waiting(9).await.unwrap().is_empty());
    assert_eq!(read.audit().count().await.unwrap(), 0);
}

/// SEC-2: what is committed is committed with its audit entry.
pub async fn a_commit_keeps_its_audit_entry(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.commit(audit().about(SubjectKind::Account, id::<()>(1).uuid()))
        .await
        .unwrap();
    let latest = storage
        .read()
        .await
        .unwrap()
        .audit()
        .latest(5)
        .await
        .unwrap();
    assert_eq!(latest.len(), 1);
    assert_eq!(
        (
            latest[0].at,
            latest[0].action.as_str(),
            latest[0].who.as_str()
        ),
        (NOW, "load-demonstration", "operator")
    );
    assert_eq!(latest[0].subjects, format!("account:{}", id::<()>(1)));
}

/// SEC-2: acts that happen together have an entry each, in their order, each with its case; and happen together or not at all.
pub async fn acts_committed_together_have_an_entry_each(storage: Fresh) {
    let entry = |number| audit().on_case(id(number));
    let earlier: Vec<_> = (1..2_100).map(entry).collect();
    let mut tx = begin(&storage).await;
    tx.record_all(&earlier).await.unwrap();
    drop(tx);
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.record_all(&[]).await.unwrap();
    tx.record_all(&earlier).await.unwrap();
    tx.commit(entry(2_100)).await.unwrap();
    let mut read = storage.read().await.unwrap();
    assert_eq!(read.audit().count().await.unwrap(), 2_100);
    let latest = read.audit().latest(3).await.unwrap();
    let cases: Vec<_> = latest.iter().map(|entry| entry.case).collect();
    assert_eq!(cases, [Some(id(2_100)), Some(id(2_099)), Some(id(2_098))]);
    let held = read.accounts().by_ids(&[id(1), id(2)]).await.unwrap();
    assert_eq!(legible(held), [account(1)]);
    let none = read.accounts().by_ids(&[]).await.unwrap();
    assert_eq!(legible(none), []);
}

/// A transaction sees its own changes, and nobody else does before it commits.
pub async fn a_transaction_sees_its_own_changes_and_nobody_else_does(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    assert!(tx.accounts().by_id(id(1)).await.unwrap().is_some());
    assert!(
        storage
            .read()
            .await
            .unwrap()
            .accounts()
            .by_id(id(1))
            .await
            .unwrap()
            .is_none()
    );
}

/// A snapshot does not move, whatever others commit.
pub async fn a_snapshot_does_not_move(storage: Fresh) {
    let mut before = storage.read().await.unwrap();
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    assert!(
        before.accounts().by_id(id(1)).await.unwrap().is_none(),
        "the same moment"
    );
    drop(before);
    assert!(
        storage
            .read()
            .await
            .unwrap()
            .accounts()
            .by_id(id(1))
            .await
            .unwrap()
            .is_some()
    );
}

/// A glance sees what is committed, and nothing else.
pub async fn a_glance_sees_what_is_committed(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    let glanced = async || {
        let mut glance = storage.glance().await.unwrap();
        glance.accounts().by_id(id(1)).await.unwrap()
    };
    assert_eq!(glanced().await, None, "before");
    tx.commit(audit()).await.unwrap();
    assert_eq!(glanced().await, Some(account(1)), "after");
}

/// MAIL-3: many are written at a time, each under its key once, whether the key was held before or is twice among them.
pub async fn many_notices_are_written_once_each(storage: Fresh) {
    let reminder = |number, of| {
        let mut reminder = notice(number, About::RenewalDue { ends_at: NOW });
        reminder.once = Some(OnceKey::renewal_reminder(id(of), NOW));
        reminder
    };
    let plain = |number| notice(number, About::DelegationEnded);
    let mut tx = begin(&storage).await;
    tx.notices_mut().queue(&reminder(1, 1)).await.unwrap();
    let many = [
        plain(2),
        reminder(3, 1),
        reminder(4, 2),
        reminder(5, 2),
        plain(6),
    ];
    let mut written = tx.notices_mut().queue_all(&many).await.unwrap();
    written.sort_unstable();
    assert_eq!(written, [2, 4, 6].map(id));
    assert_eq!(tx.notices_mut().queue_all(&[]).await.unwrap(), []);
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let waiting = read.notices().waiting(9).await.unwrap();
    assert_eq!(
        waiting,
        [reminder(1, 1), plain(2), reminder(4, 2), plain(6)]
    );
}

/// DEL-6: what is between a counsel and a delegate is theirs alone, and counsel without delegates are found too.
pub async fn delegations_between_two_are_theirs_alone(storage: Fresh) {
    let from = |number, counsel| domain::delegation::Delegation {
        counsel: id(counsel),
        ..delegation(number)
    };
    let mut tx = begin(&storage).await;
    for number in 1..=3 {
        tx.accounts_mut().insert(&account(number)).await.unwrap();
    }
    for delegation in [from(1, 1), from(2, 3), from(3, 1)] {
        tx.delegations_mut().insert(&delegation).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    for (counsel, delegate, theirs) in [
        (1, 2, Some(vec![from(1, 1), from(3, 1)])),
        (3, 2, Some(vec![from(2, 3)])),
        (2, 3, Some(Vec::new())),
        (9, 2, None),
    ] {
        let found = read.delegations().between(id(counsel), id(delegate)).await;
        let theirs = theirs.map(|theirs| (account(counsel), theirs));
        assert_eq!(found.unwrap(), theirs, "{counsel} and {delegate}");
    }
}

/// An identity that is held already is a duplicate.
pub async fn the_same_identity_twice_is_a_duplicate(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.sign_ins_mut().insert(&sign_in(1)).await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.submissions_mut().insert(&submission(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut same_identity = sign_in(2);
    same_identity.identity = sign_in(1).identity;
    let mut same_number = case(2);
    same_number.file_number = case(1).file_number;
    let same_confirmation = Submission {
        confirmation_number: submission(1).confirmation_number,
        ..submission(2)
    };
    let is_duplicate = |done: Result<(), StorageError>| {
        assert!(matches!(done, Err(StorageError::Duplicate)), "{done:?}");
    };
    is_duplicate(
        begin(&storage)
            .await
            .accounts_mut()
            .insert(&account(1))
            .await,
    );
    is_duplicate(
        begin(&storage)
            .await
            .sign_ins_mut()
            .insert(&same_identity)
            .await,
    );
    is_duplicate(begin(&storage).await.cases_mut().insert(&same_number).await);
    let mut tx = begin(&storage).await;
    let again = tx.submissions_mut().insert(&same_confirmation).await;
    assert_taken(again, tx).await;
}

/// Updating what is not there says so; updating what is there keeps every field.
pub async fn an_update_finds_its_record_or_says_so(storage: Fresh) {
    let is_missing = |done: Result<(), StorageError>| {
        assert!(matches!(done, Err(StorageError::Missing)), "{done:?}");
    };
    let mut tx = begin(&storage).await;
    is_missing(tx.accounts_mut().update(&account(1)).await);
    is_missing(tx.sign_ins_mut().update(&sign_in(1)).await);
    is_missing(tx.tokens_mut().update(&token(1)).await);
    is_missing(tx.delegations_mut().update(&delegation(1)).await);
    is_missing(tx.submissions_mut().acknowledge(&submission(1)).await);
    let mut bare = account(1);
    bare.membership = None;
    bare.lock = domain::lock::Lock::default();
    bare.cell = None;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.accounts_mut().update(&bare).await.unwrap();
    assert_eq!(tx.accounts().by_id(id(1)).await.unwrap(), Some(bare));
    let mut moved = case(1);
    tx.cases_mut().insert(&moved).await.unwrap();
    moved.events.clear();
    moved.counsel_of_record = None;
    tx.cases_mut()
        .put_all(slice::from_ref(&moved))
        .await
        .unwrap();
    assert_eq!(tx.cases().by_id(id(1)).await.unwrap(), Some(moved));
}

/// SUB-4, SUB-5: the history of a case and the registry's list go on where a page ended, and each shows what it should.
pub async fn submissions_are_listed_in_pages(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.cases_mut().insert(&case(1)).await.unwrap();
    for number in 1..=5 {
        let acknowledgement = submission(1).acknowledgement.filter(|_| number % 2 == 0);
        tx.submissions_mut()
            .insert(&Submission {
                acknowledgement,
                ..submission(number)
            })
            .await
            .unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let numbers = |items: &[Submission]| {
        items
            .iter()
            .map(|one| one.id.uuid().as_u128())
            .collect::<Vec<_>>()
    };
    let newest = read
        .submissions()
        .of_case(id(1), id(1), &first(3))
        .await
        .unwrap();
    assert_eq!(numbers(&newest.items), [5, 4, 3]);
    let rest = read
        .submissions()
        .of_case(
            id(1),
            id(1),
            &PageRequest {
                after: newest.next,
                limit: 3,
            },
        )
        .await
        .unwrap();
    assert_eq!((numbers(&rest.items), rest.next), (vec![2, 1], None));
    assert!(
        read.submissions()
            .of_case(id(1), id(2), &first(3))
            .await
            .unwrap()
            .items
            .is_empty(),
        "another counsel's history"
    );
    let open = SubmissionQuery {
        acknowledged: Some(false),
        page: first(2),
    };
    let oldest = read.submissions().list(&open).await.unwrap();
    assert_eq!(
        oldest
            .items
            .iter()
            .map(|one| one.submission.id.uuid().as_u128())
            .collect::<Vec<_>>(),
        [1, 3]
    );
    let next = SubmissionQuery {
        page: PageRequest {
            after: oldest.next,
            limit: 2,
        },
        ..open
    };
    assert_eq!(read.submissions().list(&next).await.unwrap().items.len(), 1);
    assert_eq!(
        read.submissions().naming(&[id(11), id(99)]).await.unwrap(),
        [id(11)]
    );
    // In order and once each, though several name them.
    let mut after = id(0);
    let mut documents = Vec::new();
    loop {
        let some = read.submissions().documents_after(after, 1).await.unwrap();
        let [one] = some[..] else { break };
        after = one;
        documents.push(one);
    }
    let all = read.submissions().documents_after(id(0), 99).await;
    assert_eq!(documents, all.unwrap());
    assert!(documents.is_sorted() && documents.contains(&id(11)));
    assert!(documents.windows(2).all(|two| two[0] != two[1]));
}

/// A draft is put, replaced and removed with its files; old ones are found, and those that are open, each among its person's own.
pub async fn a_draft_is_put_replaced_and_removed(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.drafts_mut().put(&draft(1)).await.unwrap();
    let changed = Draft {
        files: Vec::new(),
        ..draft(1)
    };
    assert_eq!(tx.drafts().naming(&[id(13)]).await.unwrap(), [id(13)]);
    tx.drafts_mut().put(&changed).await.unwrap();
    assert_eq!(
        tx.drafts().by_id(id(1)).await.unwrap(),
        Some(changed.clone())
    );
    assert!(tx.drafts().naming(&[id(13)]).await.unwrap().is_empty());
    assert!(tx.drafts().begun_before(NOW, 9).await.unwrap().is_empty());
    assert_eq!(
        tx.drafts()
            .begun_before(NOW + Duration::seconds(1), 9)
            .await
            .unwrap(),
        [changed.id]
    );
    let (by, on) = (draft(1).account, (draft(1).counsel, draft(1).case));
    let others = [
        Draft {
            case: id(77),
            begun_at: NOW + Duration::seconds(1),
            ..Draft {
                files: Vec::new(),
                ..draft(2)
            }
        },
        Draft {
            account: id(78),
            files: Vec::new(),
            ..draft(3)
        },
    ];
    for other in &others {
        tx.drafts_mut().put(other).await.unwrap();
    }
    let since = draft(1).begun_at - Duration::microseconds(1);
    assert_eq!(tx.drafts().open_of(by, on.0, since).await.unwrap(), 2);
    let listed = tx.drafts().open_on(by, on, since, 9).await.unwrap();
    assert_eq!(listed, [changed]);
    let elsewhere = tx.drafts().open_on(by, (on.0, id(77)), since, 9).await;
    assert_eq!(elsewhere.unwrap(), [others[0].clone()]);
    let all = tx.drafts().open_for(by, on.0, since, 9).await.unwrap();
    assert_eq!(all, [others[0].clone(), listed[0].clone()]);
    let newest = tx.drafts().open_for(by, on.0, since, 1).await.unwrap();
    assert_eq!(newest, [others[0].clone()]);
    assert_eq!(tx.drafts().open_of(by, id(79), since).await.unwrap(), 0);
    let late = draft(1).begun_at;
    assert!(
        tx.drafts()
            .open_on(by, on, late, 9)
            .await
            .unwrap()
            .is_empty()
    );
    tx.drafts_mut().sent(id(1), NOW).await.unwrap();
    assert!(tx.drafts().by_id(id(1)).await.unwrap().is_some());
    assert_eq!(tx.drafts().open_of(by, on.0, since).await.unwrap(), 1);
    assert!(
        tx.drafts()
            .open_on(by, on, since, 9)
            .await
            .unwrap()
            .is_empty()
    );
    tx.drafts_mut().remove(id(1)).await.unwrap();
    tx.drafts_mut().remove(id(1)).await.unwrap();
    assert_eq!(tx.drafts().by_id(id(1)).await.unwrap(), None);
}

/// MAIL-3: what must be told once is written once.
pub async fn a_once_key_is_written_once(storage: Fresh) {
    let mut reminder = notice(1, About::RenewalDue { ends_at: NOW });
    reminder.once = Some(OnceKey::renewal_reminder(id(1), NOW));
    let mut again = notice(2, About::RenewalDue { ends_at: NOW });
    again.once.clone_from(&reminder.once);
    let mut tx = begin(&storage).await;
    assert!(tx.notices_mut().queue(&reminder).await.unwrap());
    assert!(!tx.notices_mut().queue(&again).await.unwrap());
    tx.commit(audit()).await.unwrap();
    assert_eq!(
        storage
            .read()
            .await
            .unwrap()
            .notices()
            .waiting(9)
            .await
            .unwrap(),
        [reminder]
    );
}

/// DEL-1: forty simultaneous invitations fill four places; transactions are as if one after the other.
pub async fn forty_simultaneous_invitations_fill_four_places(storage: Fresh) {
    let tries = (0..40).map(|number| {
        let storage = storage.clone();
        tokio::spawn(async move {
            loop {
                match invite(&storage, number).await {
                    Err(StorageError::Contention) => tokio::task::yield_now().await,
                    done => return done.unwrap(),
                }
            }
        })
    });
    let mut accepted = 0;
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(()) => accepted += 1,
            Err(refused) => assert_eq!(refused, InviteRefused::NoPlaceLeft(4)),
        }
    }
    assert_eq!(accepted, 4);
    assert_eq!(
        storage
            .read()
            .await
            .unwrap()
            .delegations()
            .of_counsel(id(1))
            .await
            .unwrap()
            .len(),
        4
    );
}

async fn invite(storage: &Fresh, number: u128) -> Result<Result<(), InviteRefused>, StorageError> {
    let terms = Terms::default();
    let moment = Moment {
        at: NOW,
        today: TribunalDay(NOW.date()),
    };
    let mut counsel = account(1);
    counsel.lock = domain::lock::Lock::default();
    let actor = Actor::account(counsel.clone(), Means::SignIn { at: NOW }, None);
    let representation = Representation {
        counsel: counsel.clone(),
        delegation: None,
    };
    let permit = authorize(
        &actor,
        &Action::OfCounsel(&representation, CounselWork::InviteDelegate),
        &moment,
        &terms,
    )
    .unwrap();
    let invitation = domain::delegation::Invitation {
        invitee: invitee(number),
        questions: vec![SecretQuestion {
            question: "Q".into(),
            answer_hash: "A".to_owned().into(),
        }],
        terms_accepted: true,
        terms_version: "1".into(),
    };
    let mut tx = storage.begin().await?;
    let held = tx.delegations().of_counsel(counsel.id).await?;
    let invited = match Delegation::invite(
        &permit,
        id(number + 1),
        &counsel,
        invitation,
        &held,
        &[],
        &terms,
    ) {
        Ok(invited) => invited,
        Err(refused) => return Ok(Err(refused)),
    };
    tx.delegations_mut().insert(&invited).await?;
    tx.commit(permit.into_audit_entry()).await?;
    Ok(Ok(()))
}

/// A request that is cut off at any point leaves the store whole and usable.
pub async fn cut_off_anywhere_leaves_the_store_usable(storage: Fresh) {
    for number in 0..40_u64 {
        let cut = storage.clone();
        let task = tokio::spawn(async move {
            let mut tx = cut.begin().await?;
            tx.accounts_mut()
                .insert(&account(u128::from(number) + 1))
                .await?;
            tx.notices_mut()
                .queue(&notice(u128::from(number) + 1, About::DelegationEnded))
                .await?;
            tx.commit(audit()).await
        });
        wait(number * 40).await;
        task.abort();
        drop(task.await);
        let tx = tokio::time::timeout(std::time::Duration::from_secs(5), storage.begin())
            .await
            .expect("not stuck")
            .unwrap();
        drop(tx);
    }
    let mut read = storage.read().await.unwrap();
    let waiting = read.notices().waiting(100).await.unwrap().len() as u64;
    assert_eq!(
        waiting,
        read.audit().count().await.unwrap(),
        "all or nothing"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "cuts a request off after so many microseconds of real time"
)]
async fn wait(micros: u64) {
    tokio::time::sleep(std::time::Duration::from_micros(micros)).await;
}

/// Every promise against one storage. `$fresh` is an async expression that gives an empty `Arc<dyn Storage>`.
#[macro_export]
macro_rules! storage_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::storage, $fresh;
            every_record_keeps_every_field,
            every_token_that_works_is_revoked,
            what_is_not_there_is_none,
            dropped_means_nothing_happened,
            a_commit_keeps_its_audit_entry,
            acts_committed_together_have_an_entry_each,
            a_transaction_sees_its_own_changes_and_nobody_else_does,
            a_snapshot_does_not_move,
            a_glance_sees_what_is_committed,
            delegations_between_two_are_theirs_alone,
            the_same_identity_twice_is_a_duplicate,
            an_update_finds_its_record_or_says_so,
            submissions_are_listed_in_pages,
            a_draft_is_put_replaced_and_removed,
            a_once_key_is_written_once,
            many_notices_are_written_once_each,
            forty_simultaneous_invitations_fill_four_places,
            cut_off_anywhere_leaves_the_store_usable,
        );
        $crate::promises!($crate::put_off, $fresh;
            a_key_answers_once,
            what_is_put_off_is_there_when_it_is_asked_for,
            what_was_refused_in_part_is_not_kept,
        );
    };
}
