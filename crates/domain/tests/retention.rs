//! What goes and what stays (PRIV-1): nothing under a hold, nothing in use, nothing younger than its period; everything older.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use domain::access_code::{CodeHash, IssuedCode};
use domain::account::Role;
use domain::case::CaseEvent;
use domain::code::Code;
use domain::delegation::{Delegation, Running};
use domain::id::Id;
use domain::legal_hold::{HoldRefused, LegalHold, Lifted};
use domain::profile_change::{Changes, Decided, Outcome, ProfileChange};
use domain::retention::{CaseUses, Kept, Kind, Retention, Stays, Verdict};
use domain::terms::{Terms, TermsRefused};
use domain::token::Token;
use domain::tribunal_time::TribunalDay;
use proptest::prelude::*;
use scene::{COUNSEL, START, account, case, counsel, invitation, permit, sign_in};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

fn hold(lifted: Option<OffsetDateTime>) -> LegalHold {
    let by = account(9, Role::RegistryOfficer).id;
    LegalHold {
        id: Id::new(Uuid::nil()),
        case: case().id,
        reason: "judicial review".into(),
        set_by: by,
        set_at: START,
        lifted: lifted.map(|at| Lifted { by, at }),
    }
}

/// So many hours after the scene's beginning, or never.
fn maybe() -> impl Strategy<Value = Option<OffsetDateTime>> {
    prop::option::of((0..40_000_i64).prop_map(hours))
}

fn hours(hours: i64) -> OffsetDateTime {
    START + Duration::hours(hours)
}

prop_compose! {
    fn a_case()(decided in maybe(), events in prop::collection::vec(0..40_000_i64, 0..3), updated in 0..40_000_i64,
                submitted in maybe(), sent in maybe(), read in maybe(), receipt_waits in prop::bool::weighted(0.1),
                holds in prop::collection::vec(maybe(), 0..3)) -> Kept {
        let event = |at: i64| CaseEvent {
            id: Id::new(Uuid::nil()),
            revision: 0,
            kind: Code::parse("hearing").unwrap(),
            starts_at: hours(at),
            place: String::new(),
        };
        let mut one = case();
        one.final_decision_on = decided.map(OffsetDateTime::date);
        one.events = events.into_iter().map(event).collect();
        one.updated_at = hours(updated);
        let holds = holds.into_iter().map(hold).collect();
        Kept::Case(Box::new(one), CaseUses { submitted, sent, read, receipt_waits, holds })
    }
}

prop_compose! {
    fn a_delegation()(term in maybe(), ended in maybe(), held in any::<bool>()) -> Kept {
        let terms = Terms::default();
        let id = Id::new(Uuid::nil());
        let invited = Delegation::invite(&permit(START), id, &counsel(), invitation(1), &[], &[], &terms).unwrap();
        let running = term.map(|at| Running { delegate: Id::new(Uuid::from_u128(101)), accepted_at: START, term_began_at: at });
        Kept::Delegation(Box::new(Delegation { running, ended_at: ended, ..invited }), held)
    }
}

prop_compose! {
    fn a_small_record()(which in 0..5_u8, one in 0..40_000_i64, two in maybe(), three in maybe(), four in maybe(), held in any::<bool>()) -> Kept {
        let id = Uuid::nil();
        match which {
            0 => Kept::Notice { id: Id::new(id), delivered_at: Some(hours(one)), bounced_at: two, settled_at: three, held },
            1 => Kept::AccessCode(IssuedCode {
                id: Id::new(id), account: COUNSEL, hash: CodeHash::new([0; 32]), issued_at: hours(one), expires_at: four,
                voided_at: two, used_at: three,
            }),
            2 => Kept::ProfileChange(Box::new(ProfileChange {
                id: Id::new(id), account: COUNSEL, changes: Changes::default(), submitted_at: hours(one),
                decided: two.map(|at| Decided { outcome: Outcome::Applied, by: COUNSEL, at }),
            }), held),
            3 => Kept::Token(Box::new(Token {
                id: Id::new(id), account: COUNSEL, label: String::new(), scopes: [].into(), created_at: START,
                expires_at: hours(one), revoked_at: two, last_used_at: three,
            })),
            _ => Kept::SignIn(Box::new(sign_in(1)), two),
        }
    }
}

prop_compose! {
    fn an_account()(role in prop::sample::select(&Role::ALL[..]), lost in maybe(), registered in any::<bool>(), act in maybe(),
                    named in any::<bool>()) -> Kept {
        let mut one = account(1, role);
        if let Some(membership) = &mut one.membership {
            membership.lost_standing_at = lost;
        }
        one.registered_at = registered.then_some(START);
        Kept::Account(Box::new(one), act, named)
    }
}

/// Every instant at which the record was used, written down once more and otherwise; `None` while it is in use.
fn uses(kept: &Kept, at: OffsetDateTime, terms: &Terms) -> Option<Vec<OffsetDateTime>> {
    let some = |instants: Vec<Option<OffsetDateTime>>| {
        Some(instants.into_iter().flatten().collect::<Vec<_>>())
    };
    match kept {
        Kept::Case(case, uses) => {
            let day = case.final_decision_on.filter(|_| !uses.receipt_waits)?;
            let mut all = vec![
                Some(day.midnight().assume_utc() + Duration::days(2)),
                Some(case.updated_at),
            ];
            all.extend([uses.submitted, uses.sent, uses.read]);
            all.extend(case.events.iter().map(|event| Some(event.starts_at)));
            all.extend(
                uses.holds
                    .iter()
                    .map(|hold| hold.lifted.map(|lifted| lifted.at)),
            );
            some(all)
        }
        Kept::Delegation(one, _) => {
            if one.ended_at.is_some() {
                return some(vec![one.ended_at]);
            }
            let over = one.running.map_or(START + terms.invitation, |running| {
                running.term_began_at + terms.delegation + terms.renewal_grace
            });
            (over <= at).then_some(vec![over])
        }
        Kept::Notice {
            delivered_at,
            bounced_at,
            settled_at,
            ..
        } => {
            if settled_at.is_some() {
                return some(vec![*settled_at]);
            }
            if bounced_at.is_some() {
                None
            } else {
                some(vec![*delivered_at])
            }
        }
        Kept::AccessCode(code) => some(vec![
            Some(
                code.expires_at
                    .unwrap_or(code.issued_at + terms.access_code),
            ),
            code.used_at,
            code.voided_at,
        ]),
        Kept::ProfileChange(change, _) => Some(vec![change.decided.as_ref()?.at]),
        Kept::Token(token) => {
            let over = token.revoked_at.into_iter().chain([token.expires_at]).min();
            some(vec![over, token.last_used_at])
        }
        Kept::SignIn(sign_in, act) => some(vec![Some(sign_in.first_seen_at), *act]),
        Kept::Account(account, act, _) => {
            let lost = account
                .membership
                .as_ref()
                .and_then(|membership| membership.lost_standing_at);
            let registered_counsel = account.is(Role::Counsel) && account.registered_at.is_some();
            let in_use = match account.roles.first().unwrap() {
                Role::Counsel => registered_counsel && lost.is_none_or(|lost| at < lost),
                Role::Delegate => false,
                _ => true,
            };
            let lost = lost.filter(|_| registered_counsel);
            if in_use {
                None
            } else {
                some(vec![Some(START), *act, lost])
            }
        }
    }
}

fn held(kept: &Kept) -> bool {
    match kept {
        Kept::Case(_, uses) => uses.holds.iter().any(|hold| hold.lifted.is_none()),
        Kept::Delegation(_, held) | Kept::ProfileChange(_, held) | Kept::Notice { held, .. } => {
            *held
        }
        _ => false,
    }
}

proptest! {
    /// PRIV-1: whatever the record, it goes exactly when nothing holds it, nothing uses or names it, and every use is as old as its period.
    #[test]
    fn what_goes_is_old_unheld_and_unused(
        kept in prop_oneof![a_case(), a_delegation(), a_small_record(), an_account()],
        now in 0..90_000_i64,
        days in 30..1_000_i64,
    ) {
        let period = Duration::days(days);
        let retention = Retention { cases: period, delegations: period, accounts: period, notices: period };
        let terms = Terms { retention, ..Terms::default() };
        let at = hours(now);
        let uses = uses(&kept, at, &terms);
        let named = matches!(kept, Kept::Account(_, _, true));
        let old = uses.as_ref().is_some_and(|uses| uses.iter().all(|used| *used + period <= at));
        let goes = matches!(kept.verdict(at, &terms), Verdict::Goes { .. });
        prop_assert_eq!(goes, old && !held(&kept) && !named, "{:?}", kept);
        if let Verdict::Goes { last_used_at } = kept.verdict(at, &terms) {
            prop_assert_eq!(Some(last_used_at), uses.unwrap().into_iter().max());
        }
    }

    /// PRIV-1: of whatever kind, a record goes at the very end of its period, and is too young a moment before.
    #[test]
    fn a_record_goes_at_the_very_end_of_its_period(
        kept in prop_oneof![a_case(), a_delegation(), a_small_record(), an_account()],
        periods in prop::array::uniform4(30..1_000_i64),
    ) {
        let [cases, delegations, accounts, notices] = periods.map(Duration::days);
        let terms = Terms { retention: Retention { cases, delegations, accounts, notices }, ..Terms::default() };
        let long_after = hours(200_000);
        let last = uses(&kept, long_after, &terms).and_then(|uses| uses.into_iter().max());
        let named = matches!(kept, Kept::Account(_, _, true));
        prop_assume!(!held(&kept) && !named);
        let Some(last_used_at) = last else {
            prop_assert_eq!(kept.verdict(long_after, &terms), Verdict::Stays(Stays::InUse));
            return Ok(());
        };
        let period = match kept.kind() {
            Kind::Case => cases,
            Kind::Delegation => delegations,
            Kind::Notice => notices,
            Kind::AccessCode | Kind::ProfileChange | Kind::Token | Kind::SignIn | Kind::Account => accounts,
        };
        let end = last_used_at + period;
        prop_assert_eq!(kept.verdict(end, &terms), Verdict::Goes { last_used_at });
        let before = kept.verdict(end - Duration::MICROSECOND, &terms);
        prop_assert_eq!(before, Verdict::Stays(Stays::Young));
    }

    /// CASE-2, PRIV-1: what went by one period had left the portal, and is shown by no other terms, however long they keep cases, unless they
    /// show them for more days than that period had.
    #[test]
    fn a_longer_period_shows_nothing_again(
        decided in 0..40_000_i64,
        used in prop::option::of(0..2_000_i64),
        now in 0..30_000_i64,
        (period, shown) in (30..1_000_i64).prop_flat_map(|days| (Just(days), 0..=days)),
    ) {
        let mut one = case();
        one.final_decision_on = Some(hours(decided).date());
        let uses = CaseUses { read: used.map(|used| hours(decided + used)), ..CaseUses::default() };
        let kept = Kept::Case(Box::new(one.clone()), uses);
        let retention = Retention { cases: Duration::days(period), ..Retention::default() };
        let terms = Terms { retention, ..Terms::default() };
        let at = hours(decided + now);
        if let Verdict::Goes { .. } = kept.verdict(at, &terms) {
            let longer = Terms { case_days_after_decision: u16::try_from(shown).unwrap(), ..Terms::default() };
            // The tribunal's day begins hours after that of UTC.
            let day = TribunalDay((at - Duration::hours(12)).date());
            prop_assert!(!one.in_portal_on(day, &longer));
        }
    }

    /// PRIV-1: what goes at an instant goes at every later one, unless it is used or held in between.
    #[test]
    fn what_may_go_may_go_later(kept in prop_oneof![a_case(), a_small_record()], now in 0..90_000_i64, later in 0..90_000_i64) {
        let terms = Terms::default();
        if let goes @ Verdict::Goes { .. } = kept.verdict(hours(now), &terms) {
            prop_assert_eq!(kept.verdict(hours(now + later), &terms), goes);
        }
    }
}

/// PRIV-1: two years after the last administrative use, to the second; a hold keeps, and one that was lifted counts from then.
#[test]
fn a_case_goes_two_years_after_its_last_use_and_not_while_held() {
    let terms = Terms::default();
    let mut one = case();
    one.final_decision_on = Some(START.date());
    let last = START + Duration::days(10);
    let kept = |holds: Vec<LegalHold>| {
        let uses = CaseUses {
            read: Some(last),
            holds,
            ..CaseUses::default()
        };
        Kept::Case(Box::new(one.clone()), uses)
    };
    let two_years = last + Duration::days(731);
    let young = Verdict::Stays(Stays::Young);
    assert_eq!(
        kept(vec![]).verdict(two_years - Duration::SECOND, &terms),
        young
    );
    let goes = Verdict::Goes { last_used_at: last };
    assert_eq!(kept(vec![]).verdict(two_years, &terms), goes);
    let standing = kept(vec![hold(Some(START)), hold(None)]);
    let much_later = START + Duration::days(20_000);
    assert_eq!(
        standing.verdict(much_later, &terms),
        Verdict::Stays(Stays::Held)
    );
    let lifted = kept(vec![hold(Some(two_years))]);
    assert_eq!(lifted.verdict(two_years + Duration::DAY, &terms), young);
    let open = Kept::Case(Box::new(case()), CaseUses::default());
    assert_eq!(
        open.verdict(much_later, &terms),
        Verdict::Stays(Stays::InUse)
    );
}

/// PRIV-1: a hold has a reason, one stands at a time, and only the one that was seen is lifted, while it stands.
#[test]
fn a_hold_is_set_with_a_reason_and_lifted_once() {
    let (id, case, by) = (
        Id::new(Uuid::nil()),
        case().id,
        account(9, Role::RegistryOfficer).id,
    );
    let set = |reason: &str, before: &[LegalHold]| {
        LegalHold::set(&permit(START), id, case, reason, by, before)
    };
    assert_eq!(set(" \n", &[]), Err(HoldRefused::ReasonMissing));
    assert_eq!(set(&"é".repeat(501), &[]), Err(HoldRefused::ReasonTooLong));
    let standing = set(" Federal Court, IMM-1-27 ", &[hold(Some(START))]).unwrap();
    assert_eq!(standing.reason, "Federal Court, IMM-1-27");
    assert_eq!(
        set("again", std::slice::from_ref(&standing)),
        Err(HoldRefused::HeldAlready)
    );
    let later = permit(START + Duration::DAY);
    let before = LegalHold {
        id: Id::new(Uuid::from_u128(1)),
        ..hold(Some(START))
    };
    let holds = [before.clone(), standing];
    assert_eq!(
        LegalHold::lift(&later, by, before.id, &holds),
        Err(HoldRefused::AnotherStands)
    );
    let lifted = LegalHold::lift(&later, by, id, &holds).unwrap();
    assert_eq!(
        (lifted.id, lifted.lifted.unwrap().at),
        (id, START + Duration::DAY)
    );
    assert_eq!(
        LegalHold::lift(&later, by, id, &[before, lifted]),
        Err(HoldRefused::NotHeld)
    );
}

/// PRIV-1: a slip of units in a period is refused before it deletes anything.
#[test]
fn periods_that_delete_too_soon_are_refused() {
    let checked = |retention, days| {
        let terms = Terms {
            retention,
            case_days_after_decision: days,
            ..Terms::default()
        };
        terms.checked().map(drop)
    };
    let usual = Retention::default();
    let slip = Retention {
        notices: Duration::days(2),
        ..usual
    };
    assert_eq!(
        checked(slip, 45),
        Err(TermsRefused::RetentionUnusable("notices"))
    );
    let short = Retention {
        cases: Duration::days(60),
        ..usual
    };
    assert_eq!(checked(short, 60), Err(TermsRefused::RetentionTooShort));
    assert_eq!(checked(short, 59), Ok(()));
    for kind in Kind::ALL {
        assert_eq!(usual.of(kind), Duration::days(731), "{}", kind.code());
    }
}
