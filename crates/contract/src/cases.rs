//! What every storage promises of My Cases (CASE-1, CASE-2, CASE-4).

use std::sync::Arc;

use application::ports::records::{CaseOrder, CaseQuery, PageRequest};
use application::ports::storage::{Storage, StorageError};
use domain::case::{Case, CaseEvent, ClientId, FileNumber, Party, decided_too_long_ago};
use domain::code::Code;
use domain::searching::words;
use domain::terms::Terms;
use domain::tribunal_time::TribunalDay;
use time::Duration;
use time::macros::date;

use crate::samples::{NOW, audit, case, id};

type Fresh = Arc<dyn Storage>;

const ORDERS: [CaseOrder; 4] = [
    CaseOrder::FileNumber,
    CaseOrder::Name,
    CaseOrder::Division,
    CaseOrder::NextEvent,
];

/// Seven cases of counsel 1 that differ in everything a list is put in order by, and one of counsel 2.
fn cases() -> Vec<Case> {
    let names = [
        "Zoé",
        "éloïse",
        "Amara",
        "100 % sûr",
        "Eli_as",
        "Eliass",
        "Nguyễn",
    ];
    let mut cases: Vec<Case> = names
        .iter()
        .zip(1..)
        .map(|(name, number)| named(name, number))
        .collect();
    cases.push(Case {
        counsel_of_record: Some(id(2)),
        ..named("Other", 8)
    });
    cases
}

fn named(name: &str, number: u128) -> Case {
    let days = [3, -3, 2, 0, 1, 0, 5][usize::try_from(number - 1).unwrap() % 7];
    let starts_at = NOW + Duration::days(days);
    let events = if number.is_multiple_of(2) {
        Vec::new()
    } else {
        vec![CaseEvent {
            starts_at,
            ..case(1).events.remove(0)
        }]
    };
    Case {
        parties: vec![Party {
            name: name.to_owned(),
            ..case(1).parties.remove(0)
        }],
        division: Code::parse(if number < 4 { "RAD" } else { "ID" }).unwrap(),
        status: Code::parse(if number == 1 { "suspended" } else { "active" }).unwrap(),
        final_decision_on: None,
        events,
        ..case(number)
    }
}

async fn filled(storage: &Fresh) {
    let mut tx = storage.begin().await.unwrap();
    for one in cases() {
        tx.cases_mut().insert(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
}

fn query() -> CaseQuery {
    CaseQuery {
        counsel: id(1),
        not_decided_by: date!(2026 - 10 - 09),
        now: NOW,
        words: Vec::new(),
        division: None,
        status: None,
        event_between: (None, None),
        order: CaseOrder::FileNumber,
        page: PageRequest {
            after: None,
            limit: 100,
        },
    }
}

async fn found(storage: &Fresh, query: &CaseQuery) -> Vec<u128> {
    let mut read = storage.read().await.unwrap();
    let page = read.cases().list(query).await.unwrap();
    let all = page.items.len() as u64;
    let counted = read.cases().list_and_count(query).await.unwrap();
    assert_eq!(counted, (page.clone(), all));
    page.items
        .iter()
        .map(|case| case.id.uuid().as_u128())
        .collect()
}

/// CASE-1: a counsel's cases, and nobody else's; each order puts them as it says.
pub async fn each_order_puts_the_counsels_cases_as_it_says(storage: Fresh) {
    filled(&storage).await;
    let in_order = async |order| found(&storage, &CaseQuery { order, ..query() }).await;
    assert_eq!(in_order(CaseOrder::FileNumber).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(
        in_order(CaseOrder::Name).await,
        [4, 3, 5, 6, 2, 7, 1],
        "accents do not count"
    );
    assert_eq!(in_order(CaseOrder::Division).await, [4, 5, 6, 7, 1, 2, 3]);
    assert_eq!(
        in_order(CaseOrder::NextEvent).await,
        [5, 3, 1, 7, 2, 4, 6],
        "those without come last"
    );
}

/// CASE-4: names stand in the order of the language, on every database and whatever order its server was set up with.
pub async fn names_are_in_the_order_of_the_language(storage: Fresh) {
    let names = [
        "Côté",
        "Zoé",
        "Saint Paul",
        "cote",
        "Étienne",
        "Coté",
        "Eastman",
        "Saint-Jean",
        "Œuvrard",
        "Côte",
        "D’Amour",
        "Émond",
        "Dallaire",
    ];
    let mut tx = storage.begin().await.unwrap();
    for (name, number) in names.iter().zip(1..) {
        tx.cases_mut().insert(&named(name, number)).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let by_name = CaseQuery {
        order: CaseOrder::Name,
        ..query()
    };
    let page = read.cases().list(&by_name).await.unwrap();
    let shown: Vec<&str> = page
        .items
        .iter()
        .filter_map(|case| case.parties.first())
        .map(|party| party.name.as_str())
        .collect();
    assert_eq!(
        shown,
        [
            "cote",
            "Côte",
            "Coté",
            "Côté",
            "D’Amour",
            "Dallaire",
            "Eastman",
            "Émond",
            "Étienne",
            "Œuvrard",
            "Saint-Jean",
            "Saint Paul",
            "Zoé",
        ]
    );
}

/// CASE-4: pages follow one another without gap or overlap, in every order.
pub async fn pages_neither_skip_nor_repeat(storage: Fresh) {
    filled(&storage).await;
    for order in ORDERS {
        let whole = found(&storage, &CaseQuery { order, ..query() }).await;
        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let query = CaseQuery {
                order,
                page: PageRequest { after, limit: 2 },
                ..query()
            };
            let mut read = storage.read().await.unwrap();
            let (page, all) = read.cases().list_and_count(&query).await.unwrap();
            assert_eq!(all, whole.len() as u64, "on every page the same");
            assert!(page.items.len() <= 2);
            pages.extend(page.items.iter().map(|case| case.id.uuid().as_u128()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(pages, whole, "{order:?}");
    }
}

/// How many there are in all is told also after the last of them.
pub async fn all_are_counted_where_none_are_left(storage: Fresh) {
    filled(&storage).await;
    let mut query = query();
    query.page.limit = 6;
    let mut tx = storage.begin().await.unwrap();
    query.page.after = tx.cases().list(&query).await.unwrap().next;
    // The last one goes to another counsel, while somebody turns the page.
    let last = tx.cases().by_id(id(7)).await.unwrap().unwrap();
    let last = Case {
        counsel_of_record: Some(id(2)),
        ..last
    };
    tx.cases_mut().put_all(&[last]).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let (page, all) = read.cases().list_and_count(&query).await.unwrap();
    assert_eq!((page.items, page.next, all), (Vec::new(), None, 6));
}

/// CASE-4: what is searched is found without its accents, and no character in it is a wildcard.
pub async fn a_search_takes_every_character_for_itself(storage: Fresh) {
    filled(&storage).await;
    let searched = async |text: &str| {
        found(
            &storage,
            &CaseQuery {
                words: words(text),
                ..query()
            },
        )
        .await
    };
    assert_eq!(searched("ELOISE").await, [2]);
    assert_eq!(searched("nguyen").await, [7]);
    assert_eq!(searched("%").await, [4]);
    assert_eq!(searched("eli_as").await, [5]);
    assert_eq!(searched("tb9-00006").await, [6]);
    assert_eq!(searched("\\").await, [] as [u128; 0]);
}

/// CASE-4: words are found in any order and with whatever separators, and all of them must be there.
pub async fn a_search_finds_what_people_remember(storage: Fresh) {
    let named = |number: u128, name: &str, file_number: &str| Case {
        parties: vec![Party {
            name: name.to_owned(),
            role: Code::parse("claimant").unwrap(),
        }],
        file_number: FileNumber::parse(file_number).unwrap(),
        client_ids: vec![ClientId::parse("1110020001").unwrap()],
        ..case(number)
    };
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut()
        .put_all(&[
            named(1, "Luis Hern\u{e1}ndez", "MC4-01001"),
            named(2, "Jean-Baptiste O\u{2019}Connor", "MC4-01002"),
            named(3, "\u{200f}Sa\u{ad}ra Anne\u{2011}Marie", "MC4-01003"),
        ])
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    let searched = async |text: &str| {
        let words = words(text);
        found(&storage, &CaseQuery { words, ..query() }).await
    };
    for (text, cases) in [
        ("hernandez luis", &[1_u128][..]),
        ("luis   hernandez ", &[1]),
        ("hernandez sara", &[]),
        ("jean baptiste", &[2]),
        ("Baptiste\u{2010}Jean", &[2]),
        ("oconnor", &[2]),
        ("o connor jean", &[2]),
        ("\u{200f}Sara", &[3]),
        ("anne-marie", &[3]),
        ("annemarie", &[3]),
        ("MC401002", &[2]),
        ("mc4\u{2011}01002", &[2]),
        ("MC4-01002", &[2]),
        ("1110 020001", &[1, 2, 3]),
        ("11-1002-0001 luis", &[1]),
        ("-", &[1, 2, 3]),
    ] {
        assert_eq!(searched(text).await, cases, "{text}");
    }
    let many: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
    let many = many.join(" ");
    assert_eq!(searched(&many).await, [] as [u128; 0]);
    assert_eq!(searched(&"a".repeat(100_000)).await, [] as [u128; 0]);
}

/// A case is found by its number without separators; where more than one has it, two are given.
pub async fn a_case_is_found_by_its_bare_number(storage: Fresh) {
    let numbered = |number: u128, file_number: &str| Case {
        file_number: FileNumber::parse(file_number).unwrap(),
        ..case(number)
    };
    let mut tx = storage.begin().await.unwrap();
    let all = ["MC4-01001", "MC4-01002", "MC40-1002", "MC-401002"];
    for (number, file_number) in (1..).zip(all) {
        let one = numbered(number, file_number);
        tx.cases_mut().insert(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut read = storage.read().await.unwrap();
    let mut found = async |bare: &str| {
        let found = read.cases().by_bare_number(bare).await.unwrap();
        found.into_iter().map(|case| case.id).collect::<Vec<_>>()
    };
    assert_eq!(found("MC401001").await, [id(1)]);
    assert_eq!(found("MC401002").await.len(), 2);
    assert_eq!(found("MC4-01001").await, []);
}

/// CASE-4: division and status narrow the list, in capitals or not.
pub async fn division_and_status_narrow_the_list(storage: Fresh) {
    filled(&storage).await;
    for (division, status) in [("RAD", "suspended"), ("rad", "SUSPENDED")] {
        let division = Some(Code::parse(division).unwrap());
        assert_eq!(
            found(
                &storage,
                &CaseQuery {
                    division: division.clone(),
                    ..query()
                }
            )
            .await,
            [1, 2, 3]
        );
        let status = Some(Code::parse(status).unwrap());
        assert_eq!(
            found(
                &storage,
                &CaseQuery {
                    division,
                    status,
                    ..query()
                }
            )
            .await,
            [1]
        );
    }
}

/// CASE-4: the time of an event narrows the list, its first instant within and its last without.
pub async fn the_time_of_an_event_narrows_the_list(storage: Fresh) {
    filled(&storage).await;
    let within = async |since, until| {
        let event_between = (since, until);
        let query = CaseQuery {
            event_between,
            ..query()
        };
        found(&storage, &query).await
    };
    let day = |days| Some(NOW + Duration::days(days));
    // Events are on days 3, 2, 1 and 5 for cases 1, 3, 5 and 7.
    assert_eq!(within(day(2), day(5)).await, [1, 3]);
    assert_eq!(within(day(2), None).await, [1, 3, 7]);
    assert_eq!(within(None, day(2)).await, [5]);
    assert_eq!(within(day(6), None).await, [] as [u128; 0]);
}

/// CASE-2: visible on day 44 after the final decision, gone on day 45; the same as the domain says.
pub async fn a_case_leaves_on_day_45(storage: Fresh) {
    let decided = Case {
        final_decision_on: Some(date!(2026 - 10 - 01)),
        ..named("Decided", 1)
    };
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().insert(&decided).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let terms = Terms::default();
    for days in 40..50 {
        let today = TribunalDay(date!(2026 - 10 - 01) + Duration::days(days));
        let listed = found(
            &storage,
            &CaseQuery {
                not_decided_by: decided_too_long_ago(today, &terms),
                ..query()
            },
        )
        .await;
        assert_eq!(!listed.is_empty(), days < 45, "day {days}");
        assert_eq!(
            !listed.is_empty(),
            decided.in_portal_on(today, &terms),
            "day {days}"
        );
    }
}

/// CASE-1: many are put at once, new ones and changed ones, with every field; the order by next event sees their new events.
pub async fn many_are_put_at_once(storage: Fresh) {
    // More than any storage puts into one statement.
    let many: Vec<Case> = (1..=2_100).map(case).collect();
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().insert(&named("Before", 1)).await.unwrap();
    tx.cases_mut().put_all(&[]).await.unwrap();
    tx.cases_mut().insert_all(&[]).await.unwrap();
    tx.cases_mut().insert_all(&many[50..]).await.unwrap();
    tx.cases_mut().put_all(&many).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let numbers: Vec<_> = many.iter().map(|case| case.file_number.clone()).collect();
    let mut read = storage.read().await.unwrap();
    let mut held = read.cases().by_file_numbers(&numbers).await.unwrap();
    held.sort_by_key(|case| case.id);
    assert_eq!(held, many);
    let none = [case(9_999).file_number];
    assert_eq!(read.cases().by_file_numbers(&none).await.unwrap(), []);
    drop(read);

    let moved = Case {
        events: vec![CaseEvent {
            starts_at: NOW + Duration::days(1),
            ..case(1).events.remove(0)
        }],
        final_decision_on: None,
        ..case(7)
    };
    let undecided = Case {
        final_decision_on: None,
        ..case(6)
    };
    let mut tx = storage.begin().await.unwrap();
    let changed = [moved.clone(), undecided];
    tx.cases_mut().put_all(&changed).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let by_event = CaseQuery {
        order: CaseOrder::NextEvent,
        not_decided_by: date!(2026 - 11 - 09),
        ..query()
    };
    assert_eq!(found(&storage, &by_event).await, [7, 6]);
    let mut read = storage.read().await.unwrap();
    assert_eq!(read.cases().by_id(id(7)).await.unwrap(), Some(moved));
}

/// An id or a file number that another case has is a duplicate, also among many.
pub async fn a_file_number_is_one_cases(storage: Fresh) {
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().put_all(&[case(1), case(2)]).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let another = Case {
        file_number: case(1).file_number,
        ..case(3)
    };
    let mut tx = storage.begin().await.unwrap();
    let put = tx.cases_mut().put_all(&[case(4), another.clone()]).await;
    assert!(matches!(put, Err(StorageError::Duplicate)), "{put:?}");
    drop(tx);
    for held in [another, case(2)] {
        let mut tx = storage.begin().await.unwrap();
        let inserted = tx.cases_mut().insert_all(&[case(4), held]).await;
        assert!(
            matches!(inserted, Err(StorageError::Duplicate)),
            "{inserted:?}"
        );
    }
}

/// A cursor of another list, or none at all, is refused.
pub async fn a_cursor_of_another_list_is_refused(storage: Fresh) {
    filled(&storage).await;
    let mut read = storage.read().await.unwrap();
    let by_number = CaseQuery {
        page: PageRequest {
            after: None,
            limit: 1,
        },
        ..query()
    };
    let after = read.cases().list(&by_number).await.unwrap().next;
    let by_name = CaseQuery {
        order: CaseOrder::Name,
        page: PageRequest { after, limit: 1 },
        ..query()
    };
    assert!(matches!(
        read.cases().list(&by_name).await,
        Err(StorageError::CursorUnusable)
    ));
    let nonsense = Some(application::ports::records::Cursor("é1".into()));
    let query = CaseQuery {
        page: PageRequest {
            after: nonsense,
            limit: 1,
        },
        ..query()
    };
    assert!(matches!(
        read.cases().list(&query).await,
        Err(StorageError::CursorUnusable)
    ));
}

/// Every promise of My Cases against one storage. `$fresh` is an async expression that gives an empty `Arc<dyn Storage>`.
#[macro_export]
macro_rules! cases_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::cases, $fresh;
            each_order_puts_the_counsels_cases_as_it_says,
            names_are_in_the_order_of_the_language,
            pages_neither_skip_nor_repeat,
            all_are_counted_where_none_are_left,
            a_search_takes_every_character_for_itself,
            a_search_finds_what_people_remember,
            a_case_is_found_by_its_bare_number,
            division_and_status_narrow_the_list,
            the_time_of_an_event_narrows_the_list,
            a_case_leaves_on_day_45,
            many_are_put_at_once,
            a_file_number_is_one_cases,
            a_cursor_of_another_list_is_refused,
        );
    };
}
