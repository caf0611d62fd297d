//! What the case management system says of a case becomes the record, or is refused field by field (CASE-1).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use domain::account::Role;
use domain::case::{Case, CaseEvent, EventId};
use domain::case_feed::{
    Fault, FieldProblem, SaidCase, SentCase, SentDecision, SentEvent, SentParty,
};
use domain::code::Code;
use domain::id::Id;
use domain::retention::{CaseUses, Kept, Verdict};
use domain::terms::Terms;
use domain::tribunal::{Bilingual, Named, RegionalOffice, Tribunal};
use proptest::prelude::*;
use scene::{COUNSEL, START, account, permit};
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

#[expect(clippy::unnecessary_wraps, reason = "every field may be left out")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn tribunal() -> Tribunal {
    let tribunal = scene::tribunal();
    let said = Bilingual {
        french: "x".into(),
        english: "x".into(),
    };
    Tribunal {
        divisions: vec![Named {
            code: Code::parse("RPD").unwrap(),
            name: said.clone(),
        }],
        regions: vec![RegionalOffice {
            named: Named {
                code: Code::parse("western").unwrap(),
                name: said,
            },
            zone: tribunal.zone.clone(),
        }],
        ..tribunal
    }
}

fn event(kind: &str, starts_at: &str, place: &str) -> SentEvent {
    SentEvent {
        kind: text(kind),
        starts_at: text(starts_at),
        place: text(place),
    }
}

/// A case with every field sent, counsel 1 on record.
fn sent() -> SentCase {
    SentCase {
        unreadable: Vec::new(),
        file_number: text(" tb9-00001 "),
        division: text("RPD"),
        region: text("western"),
        status: text("active"),
        principal_file_number: text("TB9-00001"),
        client_ids: vec![text("1110-0255"), text("1110020001")],
        parties: vec![SentParty {
            name: text(" Éléonore Mbeki "),
            role: text("claimant"),
        }],
        retainer_limits: text("Detention\r\nreview"),
        events: vec![event(
            "hearing",
            "2026-02-03T09:30:00.1234567-05:00",
            "Montréal",
        )],
        decisions: vec![SentDecision {
            kind: text("interim"),
            made_on: text("2025-12-24"),
        }],
        final_decision_on: text("2026-01-02"),
        counsel_of_record: text("00000000-0000-0000-0000-000000000001"),
    }
}

fn said(sent: SentCase) -> SaidCase {
    sent.checked(&tribunal()).unwrap()
}

fn problems(sent: SentCase) -> Vec<(String, &'static str)> {
    let problems = sent.checked(&tribunal()).unwrap_err();
    let told = problems.into_iter();
    told.map(|problem| (problem.field, problem.fault.code()))
        .collect()
}

/// Identifiers that count up from `first`.
fn ids(first: u128) -> impl FnMut() -> Uuid {
    let mut next = first;
    move || {
        next += 1;
        Uuid::from_u128(next - 1)
    }
}

fn recorded(sent: SentCase, before: Option<&Case>, at: OffsetDateTime, first: u128) -> Case {
    said(sent).put_on_record(&permit(at), before, &mut ids(first))
}

/// CASE-1: every field that was sent is on record, in the domain's own form.
#[test]
fn every_field_that_was_sent_is_on_record() {
    let case = recorded(sent(), None, START, 10);
    assert_eq!(case.id, Id::new(Uuid::from_u128(10)));
    assert_eq!(case.file_number.as_str(), "TB9-00001");
    assert_eq!(case.client_ids[0].as_str(), "11100255");
    assert_eq!(case.parties[0].name, "Éléonore Mbeki");
    assert_eq!(case.retainer_limits.as_deref(), Some("Detention\nreview"));
    assert_eq!(
        case.events,
        [CaseEvent {
            id: Id::new(Uuid::from_u128(11)),
            revision: 0,
            kind: Code::parse("hearing").unwrap(),
            starts_at: datetime!(2026-02-03 14:30:00.123456 UTC),
            place: "Montréal".into(),
        }]
    );
    assert_eq!(case.decisions[0].made_on, date!(2025 - 12 - 24));
    assert_eq!(case.final_decision_on, Some(date!(2026 - 01 - 02)));
    assert_eq!(case.counsel_of_record, Some(COUNSEL));
    assert_eq!(case.updated_at, START);
    assert!(said(sent()).is_on_record(&case));
}

/// CASE-1: everything that is wrong is told at once, each with its field.
#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = SentCase {
        unreadable: vec![FieldProblem::new("status", Fault::NotText)],
        file_number: None,
        division: text("rpd"),
        region: text("north"),
        status: None,
        principal_file_number: text("TB 9"),
        client_ids: vec![text("123"), None, text("12345678")],
        parties: vec![
            SentParty::default(),
            SentParty {
                name: text("a\u{7}b"),
                role: text("x y"),
            },
        ],
        retainer_limits: text(&"x".repeat(4_001)),
        events: vec![event("hearing", "2026-02-03T09:30:00", "")],
        decisions: vec![SentDecision {
            kind: text("final"),
            made_on: text("2026-02-30"),
        }],
        final_decision_on: text("yesterday"),
        counsel_of_record: text("me"),
    };
    let told = problems(wrong);
    let expected = [
        ("status", "not-text"),
        ("file_number", "missing"),
        ("division", "unknown-division"),
        ("region", "unknown-region"),
        ("principal_file_number", "file-number"),
        ("client_ids[0]", "client-id"),
        ("client_ids[1]", "missing"),
        ("parties[0].name", "missing"),
        ("parties[0].role", "missing"),
        ("parties[1].name", "control-characters"),
        ("parties[1].role", "code"),
        ("retainer_limits", "too-long"),
        ("events[0].starts_at", "instant"),
        ("decisions[0].made_on", "date"),
        ("final_decision_on", "date"),
        ("counsel_of_record", "account-id"),
    ];
    assert_eq!(
        told,
        expected.map(|(field, fault)| (field.to_owned(), fault))
    );
}

/// Instants at the end of what a calendar knows, and slips of a digit, are refused and break nothing.
#[test]
fn days_and_instants_that_no_proceeding_has_are_refused() {
    for at in [
        "9999-12-31T23:59:59-23:59",
        "0000-01-01T00:00:00+23:59",
        "2206-02-03T09:30:00-05:00",
        "1899-12-31T23:59:59Z",
        "2026-02-03 09:30",
        "2026-02-03",
    ] {
        let sent = SentCase {
            events: vec![event("hearing", at, "")],
            ..sent()
        };
        assert_eq!(problems(sent)[0].1, "instant", "{at}");
    }
    for day in [
        "2206-02-03",
        "1026-02-03",
        "2026-2-3",
        "+2026-02-03",
        "20260203",
    ] {
        let sent = SentCase {
            final_decision_on: text(day),
            ..sent()
        };
        assert_eq!(problems(sent)[0].1, "date", "{day}");
    }
}

/// A list without end is refused as a whole, not entry by entry.
#[test]
fn a_list_without_end_is_refused() {
    let sent = SentCase {
        client_ids: vec![text("no"); 501],
        ..sent()
    };
    assert_eq!(problems(sent), [("client_ids".to_owned(), "too-many")]);
}

/// A tribunal with one office has no regions; what it calls its office is taken.
#[test]
fn without_regions_any_region_will_do() {
    let alone = Tribunal {
        regions: Vec::new(),
        ..tribunal()
    };
    let sent = SentCase {
        region: text("here"),
        ..sent()
    };
    assert!(sent.checked(&alone).is_ok());
}

/// An address and its object name the same file, whatever the capitals.
#[test]
fn an_object_may_not_name_another_file_than_its_address() {
    assert!(sent().of_file("Tb9-00001").checked(&tribunal()).is_ok());
    for none in [None, text(""), text(" ")] {
        let without = || SentCase {
            file_number: none.clone(),
            ..sent()
        };
        assert_eq!(
            said(without().of_file("tb9-7")).file_number().as_str(),
            "TB9-7"
        );
        assert_eq!(
            problems(without().of_file("lower/slash")),
            [("file_number".to_owned(), "file-number")]
        );
    }
    assert_eq!(
        problems(sent().of_file("lower/slash")),
        [("file_number".to_owned(), "file-number")]
    );
    assert_eq!(
        problems(sent().of_file("TB9-00002")),
        [("file_number".to_owned(), "another-file")]
    );
}

/// CASE-1: only counsel can be counsel of record, and nobody at all may be.
#[test]
fn the_counsel_of_record_is_counsel() {
    let said = said(sent());
    assert_eq!(said.counsel_is(Some(&account(1, Role::Counsel))), Ok(()));
    let fault = |account: Option<domain::account::Account>| {
        said.counsel_is(account.as_ref()).unwrap_err().fault
    };
    assert_eq!(fault(Some(account(1, Role::Delegate))), Fault::NotCounsel);
    assert_eq!(
        fault(Some(account(2, Role::Counsel))),
        Fault::UnknownCounsel
    );
    assert_eq!(fault(None), Fault::UnknownCounsel);
    let nobody = SentCase {
        counsel_of_record: None,
        ..sent()
    };
    assert_eq!(self::said(nobody).counsel_is(None), Ok(()));
}

/// PRIV-1: from the instant at which a case goes, the same said again is not put on record; with news, it is.
#[test]
fn a_case_that_went_stays_out_until_there_is_news() {
    let terms = Terms::default();
    let case = recorded(sent(), None, START, 1);
    let last = case.events[0].starts_at;
    let kept = Kept::Case(Box::new(case), CaseUses::default());
    let microsecond = Duration::microseconds(1);
    let goes_at = last + terms.retention.cases;
    for (at, goes) in [(goes_at - microsecond, false), (goes_at, true)] {
        let verdict = kept.verdict(at, &terms);
        assert_eq!(matches!(verdict, Verdict::Goes { .. }), goes, "{at}");
        let told = said(sent()).is_of_present(at, &terms);
        assert_eq!(told.is_err(), goes, "{at}: {told:?}");
    }
    let told = said(sent()).is_of_present(goes_at, &terms).unwrap_err();
    let expected = FieldProblem::new("final_decision_on", Fault::PeriodOver);
    assert_eq!(told, expected);

    let anew = SentCase {
        final_decision_on: None,
        ..sent()
    };
    let decided = SentCase {
        decisions: vec![SentDecision {
            kind: text("corrected"),
            made_on: text("2027-12-24"),
        }],
        ..sent()
    };
    let heard = SentCase {
        events: vec![event("hearing", "2028-03-01T09:30:00Z", "")],
        ..sent()
    };
    for news in [anew, decided, heard] {
        assert_eq!(said(news).is_of_present(goes_at, &terms), Ok(()));
    }
}

/// The case with these events, said at START by somebody who then says the others.
fn events_after(first: Vec<SentEvent>, then: Vec<SentEvent>, at: OffsetDateTime) -> (Case, Case) {
    let with = |events| SentCase { events, ..sent() };
    let before = recorded(with(first), None, START, 1);
    let after = recorded(with(then), Some(&before), at, 100);
    (before, after)
}

fn identities(events: &[CaseEvent]) -> Vec<(u128, u32)> {
    let of = |event: &CaseEvent| (event.id.uuid().as_u128(), event.revision);
    events.iter().map(of).collect()
}

/// CASE-4: a hearing that is moved, or put elsewhere, is still the same hearing; another one is another.
#[test]
fn an_event_that_is_moved_keeps_its_identity() {
    let hearing = |at, place| event("hearing", at, place);
    let first = || {
        vec![
            hearing("2026-02-01T14:00:00Z", "A"),
            hearing("2026-03-01T14:00:00Z", "A"),
            event("conference", "2026-03-02T14:00:00Z", "A"),
        ]
    };
    let (before, _) = events_after(first(), first(), START);
    assert_eq!(identities(&before.events), [(2, 0), (3, 0), (4, 0)]);
    let (_, moved) = events_after(
        first(),
        vec![
            hearing("2026-02-01T14:00:00Z", "B"),
            hearing("2026-04-01T14:00:00Z", "A"),
            event("conference", "2026-03-02T14:00:00Z", "A"),
            event("conference", "2026-05-02T14:00:00Z", "A"),
        ],
        START,
    );
    assert_eq!(
        identities(&moved.events),
        [(2, 1), (4, 0), (3, 1), (100, 0)]
    );
    assert_eq!(moved.cancelled_events, []);
}

/// CASE-4: a hearing that is taken back is cancelled under its identity, and can stand again; one that was held is no hearing that was moved.
#[test]
fn an_event_that_is_taken_back_is_cancelled() {
    let one = || vec![event("hearing", "2026-02-01T14:00:00Z", "A")];
    let (before, without) = events_after(one(), Vec::new(), START);
    assert_eq!(without.events, []);
    assert_eq!(identities(&without.cancelled_events), [(2, 1)]);
    let again = SentCase {
        events: one(),
        ..sent()
    };
    let again = recorded(again, Some(&without), START, 200);
    assert_eq!(identities(&again.events), [(2, 2)]);
    assert_eq!(again.cancelled_events, []);

    let held = before.events[0].starts_at + Duration::hours(2);
    let next = vec![event("hearing", "2026-06-01T14:00:00Z", "A")];
    let (_, after) = events_after(one(), next, held);
    assert_eq!(identities(&after.events), [(100, 0)], "a second hearing");
    assert_eq!(after.cancelled_events, [], "the first was held");
    let forgotten = SentCase {
        events: Vec::new(),
        ..sent()
    };
    let forgotten = recorded(forgotten, Some(&without), held, 300);
    assert_eq!(forgotten.cancelled_events, []);
}

/// Kind, day and place of some events.
type Sketch = Vec<(usize, u8, usize)>;

fn sketched(sketch: &Sketch) -> Vec<SentEvent> {
    let one = |(kind, day, place): &(usize, u8, usize)| {
        event(
            ["hearing", "conference"][*kind],
            &format!("2026-01-0{}T14:00:00Z", day + 1),
            ["A", "B"][*place],
        )
    };
    sketch.iter().map(one).collect()
}

fn some_events() -> impl Strategy<Value = Sketch> {
    proptest::collection::vec((0..2_usize, 0..6_u8, 0..2_usize), 0..5)
}

proptest! {
    /// Whatever is said one after the other: the record says what was said last, and no identity stands for two events or is lost while its
    /// event is still to come.
    #[test]
    fn identities_are_neither_shared_nor_lost(told in proptest::collection::vec((some_events(), 0..4_i64), 1..6)) {
        let mut case: Option<Case> = None;
        let mut at = datetime!(2026-01-01 00:00 UTC);
        for (round, (events, days)) in told.into_iter().enumerate() {
            at += Duration::days(days);
            let said = said(SentCase { events: sketched(&events), ..sent() });
            let next = said.clone().put_on_record(&permit(at), case.as_ref(), &mut ids(1_000 * (round as u128 + 1)));
            prop_assert!(said.is_on_record(&next));
            let mut all: Vec<EventId> = next.events.iter().chain(&next.cancelled_events).map(|one| one.id).collect();
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), count);
            if let Some(before) = case {
                for event in before.events.iter().filter(|event| event.starts_at >= at) {
                    prop_assert!(all.contains(&event.id));
                }
            }
            case = Some(next);
        }
    }
}
