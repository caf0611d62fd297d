//! What every storage promises of inboxes and of what was done on a counsel's behalf (BOX-1 … BOX-3, DEL-7).

use std::sync::Arc;

use application::ports::records::{ActivityQuery, InboxOrder, InboxQuery, PageRequest, Renewed};
use application::ports::storage::{Storage, StorageError};
use domain::audit::SubjectKind;
use domain::case::Case;
use domain::inbox::{InboxItem, Sent};
use domain::policy::{Action, Actor, CounselWork, Means, Representation, authorize};
use domain::submission::Submission;
use domain::terms::Terms;
use domain::tribunal_time::{Moment, TribunalDay};
use time::macros::date;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::samples::{NOW, account, audit, case, id, inbox_item, reading, submission};

type Fresh = Arc<dyn Storage>;

const LONG_AGO: Date = date!(2026 - 10 - 01);

fn query() -> InboxQuery {
    InboxQuery {
        counsel: id(1),
        not_decided_by: LONG_AGO,
        case: None,
        unread_by: None,
        order: InboxOrder::Newest,
        page: PageRequest {
            after: None,
            limit: 100,
        },
    }
}

/// Item `number`: on case 1 or 2 by turns, in the general inbox, read by nobody; titles go the other way round.
fn plain(number: u128) -> InboxItem {
    let item = inbox_item(number);
    InboxItem {
        case: id(number % 2 + 1),
        office_zone: None,
        deleted_at: None,
        readings: Vec::new(),
        sent: Sent {
            title: format!(
                "{} {} {}",
                ["É", "e"][(number % 2) as usize],
                10 - number,
                "Ngabo ".repeat(30)
            ),
            ..item.sent
        },
        ..item
    }
}

async fn keep(storage: &Fresh, cases: &[Case], items: &[InboxItem]) {
    let mut tx = storage.begin().await.unwrap();
    for case in cases {
        tx.cases_mut().insert(case).await.unwrap();
    }
    for item in items {
        tx.inbox_mut().insert(item).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
}

async fn found(storage: &Fresh, query: &InboxQuery) -> Vec<u128> {
    let mut read = storage.read().await.unwrap();
    let page = read.inbox().list(query).await.unwrap();
    let items = page.items.iter();
    let numbers: Vec<u128> = items.map(|one| one.item.id.uuid().as_u128()).collect();
    if query.page.after.is_none() && page.next.is_none() {
        let count = read.inbox().count(query).await.unwrap();
        assert_eq!(count, numbers.len() as u64);
    }
    numbers
}

/// An item keeps every field, its readings in order of time; an id is held once; what is not there is `None`.
pub async fn an_item_keeps_every_field(storage: Fresh) {
    let (item, other) = (inbox_item(1), plain(3));
    keep(&storage, &[case(1), case(2)], &[item.clone(), other]).await;
    let mut read = storage.read().await.unwrap();
    let kept = read.inbox().by_id(id(1)).await.unwrap().unwrap();
    let in_order = InboxItem {
        readings: vec![
            reading(2, Duration::hours(1)),
            reading(1, Duration::hours(2)),
        ],
        ..item.clone()
    };
    assert_eq!(
        (kept.item, kept.file_number),
        (in_order, case(1).file_number)
    );
    assert_eq!(read.inbox().by_id(id(9)).await.unwrap(), None);
    let several = read.inbox().several(&[id(3), id(9), id(1)]).await.unwrap();
    assert_eq!(several.len(), 2);
    let documents = [item.sent.document, id(404)];
    assert_eq!(
        read.inbox().naming(&documents).await.unwrap(),
        [item.sent.document]
    );
    let all = read.inbox().documents_after(id(0), 99).await.unwrap();
    assert!(all.is_sorted() && all.contains(&item.sent.document));
    let after = read.inbox().documents_after(item.sent.document, 99).await;
    assert!(!after.unwrap().contains(&item.sent.document));
    let first = read.inbox().documents_after(id(0), 1).await.unwrap();
    assert_eq!(first[..], all[..1]);
    drop(read);
    let again = storage
        .begin()
        .await
        .unwrap()
        .inbox_mut()
        .insert(&item)
        .await;
    assert!(matches!(again, Err(StorageError::Duplicate)), "{again:?}");
}

/// BOX-2: of each person the first reading is kept, whoever tries again.
pub async fn the_first_reading_of_each_person_stays(storage: Fresh) {
    keep(&storage, &[case(1), case(2)], &[plain(2)]).await;
    for reading in [
        reading(1, Duration::hours(5)),
        reading(1, Duration::hours(9)),
        reading(2, Duration::hours(4)),
    ] {
        let mut tx = storage.begin().await.unwrap();
        tx.inbox_mut().read(id(2), &reading).await.unwrap();
        tx.commit(audit()).await.unwrap();
    }
    let mut read = storage.read().await.unwrap();
    let kept = read.inbox().by_id(id(2)).await.unwrap().unwrap().item;
    assert_eq!(
        kept.readings,
        [
            reading(2, Duration::hours(4)),
            reading(1, Duration::hours(5))
        ]
    );
}

/// BOX-3: what is deleted is gone from the general inbox and stays in the case's; only what is there can be deleted.
pub async fn a_deleted_item_stays_in_the_cases_inbox(storage: Fresh) {
    keep(&storage, &[case(1), case(2)], &[plain(2), plain(4)]).await;
    let mut tx = storage.begin().await.unwrap();
    let deleted = InboxItem {
        deleted_at: Some(NOW),
        ..plain(2)
    };
    tx.inbox_mut().delete(&deleted).await.unwrap();
    let missing = tx.inbox_mut().delete(&plain(9)).await;
    assert!(matches!(missing, Err(StorageError::Missing)), "{missing:?}");
    tx.commit(audit()).await.unwrap();
    assert_eq!(found(&storage, &query()).await, [4]);
    let of_case = InboxQuery {
        case: Some(id(1)),
        ..query()
    };
    assert_eq!(found(&storage, &of_case).await, [4, 2]);
}

/// CASE-1, CASE-2: an inbox shows only what is on cases that the counsel sees now, and was sent to that counsel.
pub async fn an_inbox_shows_only_cases_that_are_seen(storage: Fresh) {
    let lost = Case {
        counsel_of_record: Some(id(2)),
        ..case(1)
    };
    let old = Case {
        final_decision_on: Some(LONG_AGO),
        ..case(2)
    };
    let (on_3, to_another) = (
        InboxItem {
            case: id(3),
            ..plain(3)
        },
        InboxItem {
            case: id(3),
            counsel: id(2),
            ..plain(4)
        },
    );
    let items = [plain(1), plain(2), on_3, to_another];
    keep(&storage, &[lost, old, case(3)], &items).await;
    assert_eq!(found(&storage, &query()).await, [3]);
    let anothers = InboxQuery {
        counsel: id(2),
        ..query()
    };
    // Case 1 is theirs now; what was sent to the counsel before them is not.
    assert_eq!(found(&storage, &anothers).await, [] as [u128; 0]);
    let mut read = storage.read().await.unwrap();
    let first = PageRequest {
        after: None,
        limit: 1,
    };
    let sent = read.inbox().sent_on(id(3), &first).await.unwrap();
    assert_eq!(sent.items[0].item.id, id(4));
    let rest = PageRequest {
        after: sent.next,
        limit: 1,
    };
    let sent = read.inbox().sent_on(id(3), &rest).await.unwrap();
    assert_eq!((sent.items[0].item.id, sent.next), (id(3), None));
}

/// What one person has read is still unread to another.
pub async fn unread_is_a_persons_own(storage: Fresh) {
    let read_by_1 = InboxItem {
        readings: vec![reading(1, Duration::hours(1))],
        ..plain(1)
    };
    keep(&storage, &[case(1), case(2)], &[read_by_1, plain(2)]).await;
    for (reader, unread) in [(1, vec![2]), (2, vec![2, 1])] {
        let query = InboxQuery {
            unread_by: Some(id(reader)),
            ..query()
        };
        assert_eq!(found(&storage, &query).await, unread);
    }
}

/// Each order is as it says, and goes on where a page ended; of titles too after an item that is in that list no more, and after none of
/// somebody else's.
pub async fn each_order_goes_on_where_a_page_ended(storage: Fresh) {
    let items: Vec<InboxItem> = (1..=5).map(plain).collect();
    keep(&storage, &[case(1), case(2)], &items).await;
    for (order, expected) in [
        (InboxOrder::Newest, [5, 4, 3, 2, 1]),
        (InboxOrder::Oldest, [1, 2, 3, 4, 5]),
        // Even numbers are on case 1.
        (InboxOrder::FileNumber, [4, 2, 5, 3, 1]),
        // Accents do not count.
        (InboxOrder::Title, [5, 4, 3, 2, 1]),
    ] {
        let whole = InboxQuery { order, ..query() };
        assert_eq!(found(&storage, &whole).await, expected, "{order:?}");
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let part = InboxQuery {
                page: PageRequest { after, limit: 2 },
                ..whole.clone()
            };
            let mut read = storage.read().await.unwrap();
            let page = read.inbox().list(&part).await.unwrap();
            pages.extend(page.items.iter().map(|one| one.item.id.uuid().as_u128()));
            after = page.next;
            let Some(cursor) = &after else {
                break;
            };
            // It stands in addresses: there is no room in it for what may be a name (PRIV-1).
            assert!(cursor.0.len() < 240, "{order:?}: {}", cursor.0);
        }
        assert_eq!(pages, expected, "{order:?} in pages");
    }
    let first = InboxQuery {
        order: InboxOrder::Title,
        page: PageRequest {
            after: None,
            limit: 2,
        },
        ..query()
    };
    let mut read = storage.read().await.unwrap();
    let after = read.inbox().list(&first).await.unwrap().next;
    drop(read);
    let gone = InboxItem {
        deleted_at: Some(NOW),
        ..plain(4)
    };
    let mut tx = storage.begin().await.unwrap();
    tx.inbox_mut().delete(&gone).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let rest = InboxQuery {
        page: PageRequest { after, limit: 5 },
        ..first
    };
    assert_eq!(found(&storage, &rest).await, [3, 2, 1]);
    let others = InboxQuery {
        counsel: id(99),
        ..rest
    };
    let mut read = storage.read().await.unwrap();
    let refused = read.inbox().list(&others).await;
    assert!(matches!(refused, Err(StorageError::CursorUnusable)));
}

/// What `by` did at `at` on a case for counsel 1, with the record that it is about; the trail keeps every act of one unit of work.
async fn act(storage: &Fresh, by: u128, at: OffsetDateTime, on: &[u128]) {
    let moment = Moment {
        at,
        today: TribunalDay(at.date()),
    };
    let in_good_standing = |number: u128| {
        let mut account = account(number);
        account.lock = domain::lock::Lock::default();
        account.membership.as_mut().unwrap().lost_standing_at = None;
        account
    };
    let representation = Representation {
        counsel: in_good_standing(1),
        delegation: None,
    };
    let caller = in_good_standing(by);
    let actor = Actor::account(caller, Means::SignIn { at }, None);
    let mut tx = storage.begin().await.unwrap();
    let mut last = None;
    for number in on {
        let case = Case {
            final_decision_on: None,
            ..case(*number)
        };
        let action = Action::OfCounsel(&representation, CounselWork::SubmitDocuments(&case));
        let entry = match authorize(&actor, &action, &moment, &Terms::default()) {
            Ok(permit) => permit.into_audit_entry(),
            Err(refused) => refused.into_audit_entry(),
        };
        let entry = entry.about(SubjectKind::Submission, case.id.uuid());
        if let Some(earlier) = last.replace(entry) {
            tx.record(earlier).await.unwrap();
        }
    }
    tx.commit(last.unwrap()).await.unwrap();
}

/// DEL-7: what was done on a counsel's behalf is found per person, per case and in time; what was refused is not among it.
pub async fn what_was_done_for_a_counsel_is_found(storage: Fresh) {
    act(&storage, 1, NOW, &[1, 2]).await;
    act(&storage, 1, NOW + Duration::hours(1), &[2]).await;
    // Somebody without a delegation: refused.
    act(&storage, 2, NOW + Duration::hours(2), &[1]).await;
    let query = ActivityQuery {
        counsel: id(1),
        by: None,
        case: None,
        actions: vec!["submit-documents"],
        since: None,
        until: None,
        page: PageRequest {
            after: None,
            limit: 100,
        },
    };
    let on = async |query: &ActivityQuery| -> Vec<u128> {
        let mut read = storage.read().await.unwrap();
        let page = read.audit().on_behalf_of(query).await.unwrap();
        let cases = page.items.iter().filter_map(|entry| entry.case);
        cases.map(|case| case.uuid().as_u128()).collect()
    };
    assert_eq!(on(&query).await, [2, 2, 1]);
    let narrowed = [
        (
            ActivityQuery {
                case: Some(id(1)),
                ..query.clone()
            },
            vec![1],
        ),
        (
            ActivityQuery {
                by: Some(id(2)),
                ..query.clone()
            },
            vec![],
        ),
        (
            ActivityQuery {
                by: Some(id(1)),
                ..query.clone()
            },
            vec![2, 2, 1],
        ),
        (
            ActivityQuery {
                actions: vec!["send-form"],
                ..query.clone()
            },
            vec![],
        ),
        (
            ActivityQuery {
                counsel: id(2),
                ..query.clone()
            },
            vec![],
        ),
        (
            ActivityQuery {
                since: Some(NOW + Duration::hours(1)),
                ..query.clone()
            },
            vec![2],
        ),
        (
            ActivityQuery {
                until: Some(NOW + Duration::hours(1)),
                ..query.clone()
            },
            vec![2, 1],
        ),
    ];
    for (query, expected) in narrowed {
        assert_eq!(on(&query).await, expected, "{query:?}");
    }
    let part = |after| ActivityQuery {
        page: PageRequest { after, limit: 2 },
        ..query.clone()
    };
    let mut read = storage.read().await.unwrap();
    let first = read.audit().on_behalf_of(&part(None)).await.unwrap();
    let rest = read.audit().on_behalf_of(&part(first.next)).await.unwrap();
    assert_eq!(
        (first.items.len(), rest.items.len(), rest.next),
        (2, 1, None)
    );
}

/// one document can be named by several submissions.
pub async fn a_document_can_be_in_several_submissions(storage: Fresh) {
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    let files = submission(1).files;
    for number in 1..=2 {
        let joined = Submission {
            files: files.clone(),
            ..submission(number)
        };
        tx.submissions_mut().insert(&joined).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let several = read
        .submissions()
        .several(&[id(2), id(1), id(9)])
        .await
        .unwrap();
    assert_eq!(several.len(), 2);
    assert!(several.iter().all(|filed| filed.submission.files == files));
    let joined = read
        .submissions()
        .of_document(files[0].document)
        .await
        .unwrap();
    let joined: Vec<_> = joined.iter().map(|filed| filed.submission.id).collect();
    assert_eq!(joined, [id(1), id(2)]);
    assert_eq!(read.submissions().of_document(id(404)).await.unwrap(), []);
}

/// Keys of names and titles are looked at some at a time, to the last; those that are as they would be made now stay.
pub async fn sort_keys_are_looked_at_some_at_a_time(storage: Fresh) {
    keep(
        &storage,
        &[case(1), case(2), case(3)],
        &[plain(1), plain(2), plain(3)],
    )
    .await;
    let looked = |last: Option<u128>| Renewed {
        last: last.map(Uuid::from_u128),
        changed: 0,
    };
    let mut tx = storage.begin().await.unwrap();
    for (after, expected) in [(0, Some(2)), (2, Some(3)), (3, None)] {
        let names = tx.cases_mut().renew_name_keys(id(after), 2).await;
        assert_eq!(names.unwrap(), looked(expected));
        let texts = tx.cases_mut().renew_search_texts(id(after), 2).await;
        assert_eq!(texts.unwrap(), looked(expected));
        let titles = tx.inbox_mut().renew_title_keys(id(after), 2).await;
        assert_eq!(titles.unwrap(), looked(expected));
    }
}

/// Every promise of inboxes against one storage. `$fresh` is an async expression that gives an empty `Arc<dyn Storage>`.
#[macro_export]
macro_rules! inbox_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::inbox, $fresh;
            an_item_keeps_every_field,
            the_first_reading_of_each_person_stays,
            a_deleted_item_stays_in_the_cases_inbox,
            an_inbox_shows_only_cases_that_are_seen,
            unread_is_a_persons_own,
            each_order_goes_on_where_a_page_ended,
            what_was_done_for_a_counsel_is_found,
            a_document_can_be_in_several_submissions,
            sort_keys_are_looked_at_some_at_a_time,
        );
    };
}
