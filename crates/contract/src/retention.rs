//! What every storage promises of legal holds and of what goes (PRIV-1).

use std::sync::Arc;

use application::ports::records::{Answered, Asker, PageRequest, SecretHash, Why};
use application::ports::storage::{Storage, StorageError, Transaction};
use domain::audit::{AuditEntry, SubjectKind};
use domain::form::{FormKind, SentForm};
use domain::inbox::InboxItem;
use domain::legal_hold::{LegalHold, Lifted};
use domain::notice::About;
use domain::person::EmailAddress;
use domain::policy::{Action, Actor, Job, authorize};
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::retention::{Kept, Kind};
use domain::submission::Submission;
use domain::terms::Terms;
use domain::tribunal_time::{Moment, TribunalDay};
use receipts::SignedStatement;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::samples::{
    NOW, account, audit, case, delegation, form_fields, id, inbox_item, notice, profile_change,
    reading, sign_in, submission, token,
};

type Fresh = Arc<dyn Storage>;

const WHY: Why = Why {
    last_used_at: NOW,
    kept_for: Duration::days(731),
    at: NOW,
};

fn hold(number: u128, on: u128) -> LegalHold {
    LegalHold {
        id: id(number),
        case: id(on),
        reason: "Federal Court, IMM-1-27 – révision".into(),
        set_by: id(9),
        set_at: NOW,
        lifted: None,
    }
}

fn lifted(hold: LegalHold) -> LegalHold {
    let at = NOW + Duration::microseconds(7);
    LegalHold {
        lifted: Some(Lifted { by: id(8), at }),
        ..hold
    }
}

fn signed() -> SignedStatement {
    let kind = receipts::Kind::Receipt.name();
    SignedStatement::from_parts(kind, "a receipt".into(), "key".into(), &[7; 64]).unwrap()
}

/// The entry of a purge.
fn purged() -> AuditEntry {
    let moment = Moment {
        at: NOW,
        today: TribunalDay(NOW.date()),
    };
    let (actor, action) = (Actor::job(Job::Purge), Action::RunJob(Job::Purge));
    authorize(&actor, &action, &moment, &Terms::default())
        .unwrap()
        .into_audit_entry()
}

async fn begin(storage: &Fresh) -> Box<dyn Transaction> {
    storage.begin().await.unwrap()
}

async fn kept(storage: &Fresh, kind: Kind, number: u128) -> Option<Kept> {
    let mut records = storage.read().await.unwrap();
    let id = Uuid::from_u128(number);
    records.retention().kept(kind, id).await.unwrap()
}

async fn perhaps_old(storage: &Fresh, kind: Kind, before: OffsetDateTime) -> Vec<u128> {
    let mut records = storage.read().await.unwrap();
    let found = records
        .retention()
        .perhaps_old(kind, before, Uuid::nil(), 100)
        .await
        .unwrap();
    found.iter().map(Uuid::as_u128).collect()
}

fn on_case(submission: Submission, number: u128, document: u128) -> Submission {
    let mut files = submission.files;
    files.truncate(1);
    for file in &mut files {
        file.document = id(document);
    }
    Submission {
        case: id(number),
        files,
        ..submission
    }
}

fn item_on(number: u128, on: u128, document: u128) -> InboxItem {
    let mut item = inbox_item(number);
    item.case = id(on);
    item.sent.document = id(document);
    item
}

/// Two cases with a document of each, and one that both name: as a submission on several cases leaves it.
async fn filled(storage: &Fresh) {
    let mut tx = begin(storage).await;
    for number in [1, 2] {
        tx.cases_mut().insert(&case(number)).await.unwrap();
        let own = item_on(number, number, 50 + number);
        tx.inbox_mut().insert(&own).await.unwrap();
        for reading in &own.readings {
            tx.inbox_mut().read(own.id, reading).await.unwrap();
        }
        let sent = on_case(submission(10 + number), number, 60);
        tx.submissions_mut().insert(&sent).await.unwrap();
        tx.receipts_mut().insert(sent.id, &signed()).await.unwrap();
    }
    for document in [51, 60] {
        let form = SentForm {
            document: id(document),
            kind: FormKind::CounselContact,
            fields: form_fields(),
        };
        tx.forms_mut().insert(&form).await.unwrap();
    }
    tx.legal_holds_mut().insert(&hold(1, 2)).await.unwrap();
    tx.commit(audit()).await.unwrap();
}

/// A hold keeps every field, stands once per case, and is listed until it is lifted.
pub async fn a_hold_stands_once_and_is_lifted(storage: Fresh) {
    let mut tx = begin(&storage).await;
    for number in [1, 2] {
        tx.cases_mut().insert(&case(number)).await.unwrap();
        tx.legal_holds_mut()
            .insert(&hold(number, number))
            .await
            .unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut tx = begin(&storage).await;
    let second = tx.legal_holds_mut().insert(&hold(3, 1)).await;
    assert!(matches!(second, Err(StorageError::Duplicate)));
    drop(tx);

    let standing = async || {
        let mut records = storage.read().await.unwrap();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let wanted = PageRequest { after, limit: 1 };
            let page = records.legal_holds().standing(&wanted).await.unwrap();
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    };
    let both = standing().await;
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].hold, hold(1, 1));
    assert_eq!(both[0].file_number, case(1).file_number);

    let mut tx = begin(&storage).await;
    let none = tx.legal_holds_mut().lift(&lifted(hold(7, 1))).await;
    assert!(matches!(none, Err(StorageError::Missing)));
    tx.legal_holds_mut()
        .lift(&lifted(hold(1, 1)))
        .await
        .unwrap();
    tx.legal_holds_mut().insert(&hold(3, 1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let of_case = records.legal_holds().of_case(id(1)).await.unwrap();
    assert_eq!(of_case, [lifted(hold(1, 1)), hold(3, 1)]);
}

/// What decides whether a case goes is read whole: uses, holds, and a receipt that waits for the log.
pub async fn the_uses_of_a_case_are_read_whole(storage: Fresh) {
    filled(&storage).await;
    let Some(Kept::Case(found, uses)) = kept(&storage, Kind::Case, 2).await else {
        unreachable!("the case is there");
    };
    assert_eq!(*found, case(2));
    let mut records = storage.read().await.unwrap();
    let sent = records
        .submissions()
        .by_id(id(12))
        .await
        .unwrap()
        .unwrap()
        .submission;
    drop(records);
    let acknowledged = sent.acknowledgement.map(|one| one.at);
    assert_eq!(uses.submitted, acknowledged.max(Some(sent.received_at)));
    let item = inbox_item(2);
    assert_eq!(uses.sent, Some(item.made_available_at));
    assert_eq!(uses.read, item.readings.iter().map(|one| one.at).max());
    assert!(uses.receipt_waits);
    assert_eq!(uses.holds, [hold(1, 2)]);
    assert!(kept(&storage, Kind::Case, 3).await.is_none());
}

/// A case goes with everything on it; what another case names stays; bytes that are to go are named until they are gone; and the deletion is
/// known once the audit trail knows of it, and not otherwise.
pub async fn a_case_goes_with_everything_on_it(storage: Fresh) {
    filled(&storage).await;
    let mut tx = begin(&storage).await;
    let went = tx.retention_mut().remove_case(id(1), &WHY).await.unwrap();
    assert_eq!(went.submissions, [id(11)]);
    assert_eq!(went.items, [id(1)]);
    assert_eq!(went.documents, [id(51)], "the other case names the other");
    let again = tx.retention_mut().remove_case(id(7), &WHY).await;
    assert!(matches!(
        again,
        Err(StorageError::Missing | StorageError::Duplicate)
    ));
    drop(tx);

    let mut tx = begin(&storage).await;
    tx.retention_mut().remove_case(id(1), &WHY).await.unwrap();
    // Another act's entry: whoever deletes by hand leaves no purge in the trail.
    tx.commit(purged().on_case(id(1))).await.unwrap();
    let mut records = storage.read().await.unwrap();
    assert!(records.cases().by_id(id(1)).await.unwrap().is_none());
    assert!(records.submissions().by_id(id(11)).await.unwrap().is_none());
    assert!(records.receipts().of(id(11)).await.unwrap().is_none());
    assert!(records.inbox().by_id(id(1)).await.unwrap().is_none());
    assert!(records.forms().of_document(id(51)).await.unwrap().is_none());
    assert!(records.forms().of_document(id(60)).await.unwrap().is_some());
    assert!(records.submissions().by_id(id(12)).await.unwrap().is_some());
    assert!(records.receipts().of(id(12)).await.unwrap().is_some());
    let both = [id(11), id(12)];
    assert_eq!(records.retention().deleted(&both).await.unwrap(), []);
    let leaving = records.retention().leaving(id(0), 9).await;
    assert_eq!(leaving.unwrap(), [id(51)]);
    drop(records);

    let mut tx = begin(&storage).await;
    let went = tx.retention_mut().remove_case(id(2), &WHY).await.unwrap();
    assert_eq!(went.documents, [id(52), id(60)]);
    let leaving = tx.retention().leaving(id(51), 1).await;
    assert_eq!(leaving.unwrap(), [id(52)], "those after one of them");
    tx.retention_mut().gone(&[id(51), id(52)]).await.unwrap();
    let entry = purged()
        .on_case(id(2))
        .about(SubjectKind::Submission, Uuid::from_u128(12));
    tx.commit(entry).await.unwrap();
    let mut records = storage.read().await.unwrap();
    assert_eq!(records.retention().deleted(&both).await.unwrap(), [id(12)]);
    let leaving = records.retention().leaving(id(0), 9).await;
    assert_eq!(leaving.unwrap(), [id(60)]);
}

/// Of each kind, those that may be old are found, are read with every field, and are gone when they are removed.
pub async fn each_kind_is_found_read_and_removed(storage: Fresh) {
    let later = NOW + Duration::days(1);
    let mut tx = begin(&storage).await;
    let mut unbound = sign_in(3);
    unbound.bound = None;
    tx.sign_ins_mut().insert(&unbound).await.unwrap();
    tx.sign_ins_mut().insert(&sign_in(4)).await.unwrap();
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.accounts_mut().insert(&account(5)).await.unwrap();
    tx.delegations_mut().insert(&delegation(1)).await.unwrap();
    let secret = SecretHash([1; 32]);
    tx.tokens_mut().insert(&token(1), &secret).await.unwrap();
    tx.profile_changes_mut()
        .insert(&profile_change(1))
        .await
        .unwrap();
    let decided = ProfileChange {
        decided: Some(Decided {
            outcome: Outcome::Refused {
                reason: "motif".into(),
            },
            by: id(9),
            at: NOW,
        }),
        ..profile_change(1)
    };
    tx.profile_changes_mut().decide(&decided).await.unwrap();
    tx.notices_mut()
        .queue(&notice(1, About::SignInBound))
        .await
        .unwrap();
    tx.notices_mut().settle(id(1), id(9), NOW).await.unwrap();
    let before = Uuid::from_u128(5);
    tx.commit(audit().about(SubjectKind::Account, before))
        .await
        .unwrap();

    let named = |kept: &Option<Kept>| match kept {
        Some(Kept::Account(found, last_act, named)) => (found.id, *last_act, *named),
        other => unreachable!("{other:?}"),
    };
    let counsel = kept(&storage, Kind::Account, 1).await;
    assert_eq!(named(&counsel), (id(1), None, true), "a token names it");
    let other = kept(&storage, Kind::Account, 5).await;
    assert_eq!(named(&other), (id(5), Some(NOW), false));
    let found = kept(&storage, Kind::SignIn, 3).await;
    assert_eq!(found, Some(Kept::SignIn(Box::new(unbound), None)));
    let found = kept(&storage, Kind::Delegation, 1).await;
    assert_eq!(
        found,
        Some(Kept::Delegation(Box::new(delegation(1)), false))
    );
    let found = kept(&storage, Kind::Token, 1).await;
    assert_eq!(found, Some(Kept::Token(Box::new(token(1)))));
    let found = kept(&storage, Kind::ProfileChange, 1).await;
    assert_eq!(found, Some(Kept::ProfileChange(Box::new(decided), false)));
    let expected = Kept::Notice {
        id: id(1),
        delivered_at: None,
        bounced_at: None,
        settled_at: Some(NOW),
        held: false,
    };
    assert_eq!(kept(&storage, Kind::Notice, 1).await, Some(expected));

    for (kind, number) in [
        (Kind::Delegation, 1),
        (Kind::Notice, 1),
        (Kind::ProfileChange, 1),
        (Kind::Token, 1),
        (Kind::SignIn, 3),
        (Kind::Account, 5),
    ] {
        let found = perhaps_old(&storage, kind, later).await;
        assert!(found.contains(&number), "{} is old", kind.code());
        let young = perhaps_old(&storage, kind, NOW - Duration::days(400)).await;
        assert_eq!(young, [0_u128; 0], "{} is young", kind.code());
        let id = Uuid::from_u128(number);
        let mut tx = begin(&storage).await;
        tx.retention_mut().remove(kind, id, &WHY).await.unwrap();
        tx.commit(audit()).await.unwrap();
        assert!(kept(&storage, kind, number).await.is_none());
        let mut tx = begin(&storage).await;
        let again = tx.retention_mut().remove(kind, id, &WHY).await;
        assert!(again.is_err(), "{} goes once", kind.code());
    }
    assert_eq!(
        perhaps_old(&storage, Kind::SignIn, later).await,
        [0_u128; 0]
    );
}

/// What has a period of its own is not taken along with an account, but keeps it until it went by itself (PRIV-1): a notice that came back
/// waits for the registry.
pub async fn what_has_its_own_period_keeps_its_account(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let named = async || match kept(&storage, Kind::Account, 1).await {
        Some(Kept::Account(_, _, named)) => named,
        other => unreachable!("{other:?}"),
    };
    // One by one: each names it by itself.
    for (kind, number) in [(Kind::Notice, 3), (Kind::ProfileChange, 4)] {
        assert!(!named().await, "before a {}", kind.code());
        let mut tx = begin(&storage).await;
        if kind == Kind::Notice {
            let one = notice(number, About::SignInBound);
            tx.notices_mut().queue(&one).await.unwrap();
        } else {
            let one = profile_change(number);
            tx.profile_changes_mut().insert(&one).await.unwrap();
        }
        tx.commit(audit()).await.unwrap();
        assert!(named().await, "a {} names it", kind.code());
        let mut tx = begin(&storage).await;
        let id = Uuid::from_u128(number);
        tx.retention_mut().remove(kind, id, &WHY).await.unwrap();
        tx.commit(audit()).await.unwrap();
    }
    assert!(!named().await);
}

/// What somebody asked for before they had an account goes with their sign-in, by itself and with the account that it opens (PRIV-1).
pub async fn what_a_stranger_asked_for_goes_with_their_sign_in(storage: Fresh) {
    let answered = Answered {
        digest: SecretHash([8; 32]),
        records: Vec::new(),
        at: NOW,
    };
    let mut unbound = sign_in(3);
    unbound.bound = None;
    let mut tx = begin(&storage).await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    for one in [&unbound, &sign_in(4)] {
        tx.sign_ins_mut().insert(one).await.unwrap();
        let asker = Asker::Stranger(one.id);
        let requests = tx.requests_mut();
        requests.remember(asker, "key", &answered).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    for (kind, number, left) in [
        (Kind::SignIn, 3, [false, true]),
        (Kind::Account, 1, [false, false]),
    ] {
        let mut tx = begin(&storage).await;
        let id_of = Uuid::from_u128(number);
        tx.retention_mut().remove(kind, id_of, &WHY).await.unwrap();
        tx.commit(audit()).await.unwrap();
        let mut records = storage.read().await.unwrap();
        for (sign_in, there) in [3, 4].into_iter().zip(left) {
            let asker = Asker::Stranger(id(sign_in));
            let found = records.requests().answered(asker, "key").await.unwrap();
            assert_eq!(found.is_some(), there, "{sign_in}");
        }
    }
}

/// Answers are forgotten some at a time, the oldest first, and none that is younger (PRIV-1).
pub async fn old_answers_are_forgotten_some_at_a_time(storage: Fresh) {
    let answered = |days| Answered {
        digest: SecretHash([8; 32]),
        records: vec![Uuid::from_u128(1)],
        at: NOW + Duration::days(days),
    };
    let mut tx = begin(&storage).await;
    for (account, key, days) in [(1, "a", 0), (2, "a", 1), (1, "b", 2), (2, "b", 3)] {
        let requests = tx.requests_mut();
        requests
            .remember(Asker::Account(id(account)), key, &answered(days))
            .await
            .unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let before = NOW + Duration::days(2);
    for (expected, left) in [
        (2, [("a", 1, false), ("a", 2, false), ("b", 1, true)]),
        (1, [("a", 1, false), ("b", 1, false), ("b", 2, true)]),
        (0, [("a", 1, false), ("b", 1, false), ("b", 2, true)]),
    ] {
        let mut tx = begin(&storage).await;
        let forgotten = tx.retention_mut().forget_requests(before, 2).await;
        assert_eq!(forgotten.unwrap(), expected);
        tx.commit(audit()).await.unwrap();
        let mut records = storage.read().await.unwrap();
        for (key, account, there) in left {
            let asker = Asker::Account(id(account));
            let found = records.requests().answered(asker, key).await.unwrap();
            assert_eq!(found.is_some(), there, "{key} of {account}");
        }
    }
}

/// A delegation of a counsel with a case under a hold says so, also where the counsel lost the case since.
pub async fn a_hold_reaches_the_counsels_delegations(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.delegations_mut().insert(&delegation(1)).await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let held = async || match kept(&storage, Kind::Delegation, 1).await {
        Some(Kept::Delegation(_, held)) => held,
        other => unreachable!("{other:?}"),
    };
    assert!(!held().await);
    let mut tx = begin(&storage).await;
    tx.legal_holds_mut().insert(&hold(1, 1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    assert!(held().await);
    let mut tx = begin(&storage).await;
    let mut lost = case(1);
    lost.counsel_of_record = None;
    tx.cases_mut().put_all(&[lost]).await.unwrap();
    let sent = on_case(submission(11), 1, 60);
    tx.submissions_mut().insert(&sent).await.unwrap();
    tx.commit(audit()).await.unwrap();
    assert!(held().await);
    let mut tx = begin(&storage).await;
    tx.legal_holds_mut()
        .lift(&lifted(hold(1, 1)))
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    assert!(!held().await);
}

/// Notices and profile changes of whoever is on a case under a hold say so: its counsel, their delegates and those whom they invited, and
/// whoever sent or read something on it. Those of anybody else do not.
pub async fn a_hold_reaches_what_went_to_its_people(storage: Fresh) {
    let mut tx = begin(&storage).await;
    tx.cases_mut().insert(&case(1)).await.unwrap();
    let counsel = case(1).counsel_of_record.unwrap();
    let with = delegation(1);
    let delegate = with.running.unwrap().delegate;
    let invited = with.invitee.email.as_str().to_uppercase();
    assert_eq!(with.counsel, counsel);
    tx.delegations_mut().insert(&with).await.unwrap();
    let mut sent = on_case(submission(11), 1, 60);
    sent.submitted_by.account = id(701);
    sent.on_behalf_of.account = counsel;
    tx.submissions_mut().insert(&sent).await.unwrap();
    let own = item_on(1, 1, 51);
    tx.inbox_mut().insert(&own).await.unwrap();
    let read = reading(702, Duration::hours(1));
    tx.inbox_mut().read(own.id, &read).await.unwrap();
    let mut number = 0;
    let mut expected = Vec::new();
    for (account, email, held) in [
        (Some(counsel), "a@firm.example", true),
        (Some(delegate), "b@firm.example", true),
        (Some(id(701)), "c@firm.example", true),
        (Some(id(702)), "d@firm.example", true),
        (None, invited.as_str(), true),
        (Some(id(703)), "e@firm.example", false),
        (None, "nobody@firm.example", false),
    ] {
        number += 1;
        let mut written = notice(number, About::SignInBound);
        written.to.account = account;
        written.to.email = EmailAddress::parse(email).unwrap();
        tx.notices_mut().queue(&written).await.unwrap();
        if let Some(account) = account {
            let change = ProfileChange {
                account,
                ..profile_change(number)
            };
            tx.profile_changes_mut().insert(&change).await.unwrap();
        }
        expected.push((number, account.is_some(), held));
    }
    tx.commit(audit()).await.unwrap();
    let held = async |kind: Kind, number: u128| match kept(&storage, kind, number).await {
        Some(Kept::Notice { held, .. } | Kept::ProfileChange(_, held)) => held,
        other => unreachable!("{other:?}"),
    };
    for (number, has_account, _) in &expected {
        assert!(!held(Kind::Notice, *number).await, "nothing is held yet");
        assert!(!has_account || !held(Kind::ProfileChange, *number).await);
    }
    let mut tx = begin(&storage).await;
    tx.legal_holds_mut().insert(&hold(1, 1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    for (number, has_account, expected) in expected {
        assert_eq!(held(Kind::Notice, number).await, expected, "{number}");
        if has_account {
            let change = held(Kind::ProfileChange, number).await;
            assert_eq!(change, expected, "{number}");
        }
    }
}

/// Every promise against one storage. `$fresh` is an async expression that gives an empty one.
#[macro_export]
macro_rules! retention_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::retention, $fresh;
            a_hold_stands_once_and_is_lifted,
            the_uses_of_a_case_are_read_whole,
            a_case_goes_with_everything_on_it,
            each_kind_is_found_read_and_removed,
            what_has_its_own_period_keeps_its_account,
            what_a_stranger_asked_for_goes_with_their_sign_in,
            old_answers_are_forgotten_some_at_a_time,
            a_hold_reaches_the_counsels_delegations,
            a_hold_reaches_what_went_to_its_people,
        );
    };
}
