//! Random histories of a counsel's delegations against a plain model that keeps deadlines (DEL-1 … DEL-5, DEL-8).
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use domain::account::{Account, Role};
use domain::delegation::{
    AcceptRefused, Delegation, InviteRefused, RenewalRefused, State, normalised_answer,
};
use domain::id::Id;
use domain::policy::{Action, CounselWork, Representation, authorize};
use domain::terms::Terms;
use proptest::prelude::*;
use scene::{START, access, account, case, counsel, invitation, itself, moment, permit, person};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What can happen next.
#[derive(Debug, Clone)]
enum Step {
    Invite(u128),
    Accept { who: usize, right: bool },
    Renew(usize),
    End(usize),
    Wait(i64),
    LoseStanding,
    RegainStanding,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..7_u128).prop_map(Step::Invite),
        3 => (0..6_usize, prop::bool::weighted(0.8)).prop_map(|(who, right)| Step::Accept { who, right }),
        2 => (0..6_usize).prop_map(Step::Renew),
        1 => (0..6_usize).prop_map(Step::End),
        4 => prop_oneof![Just(1), Just(3_600), 1..86_400_i64, (1..70_i64).prop_map(|days| days * 86_400)].prop_map(Step::Wait),
        1 => Just(Step::LoseStanding),
        1 => Just(Step::RegainStanding),
    ]
}

/// The model: for each invitation three deadlines in seconds, written without looking at the domain's code.
#[derive(Debug)]
struct Model {
    who: u128,
    /// Until when it can be accepted; `None` once it was.
    open_until: Option<i64>,
    access_until: i64,
    renewable_until: i64,
    over: bool,
}

const DAY: i64 = 86_400;

impl Model {
    fn holds(&self, now: i64) -> bool {
        !self.over
            && self
                .open_until
                .map_or(now < self.renewable_until, |until| now < until)
    }

    fn has_access(&self, now: i64) -> bool {
        !self.over && self.open_until.is_none() && now < self.access_until
    }
}

fn delegate(number: u128) -> Account {
    account(100 + number, Role::Delegate)
}

fn at(seconds: i64) -> OffsetDateTime {
    START + Duration::seconds(seconds)
}

proptest! {
    /// DEL-1, DEL-3, DEL-4, DEL-8: whatever happens in whatever order, and whether or not any job runs, places and access are as the
    /// deadlines say.
    #[test]
    fn any_history_gives_access_exactly_until_its_deadlines(steps in prop::collection::vec(step(), 1..60)) {
        let terms = Terms::default();
        let mut counsel = counsel();
        let (mut now, mut held, mut model): (i64, Vec<Delegation>, Vec<Model>) = (0, Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Wait(seconds) => now += seconds,
                Step::LoseStanding => counsel.membership = counsel.membership.map(|membership| membership.as_listed(false, at(now))),
                Step::RegainStanding => counsel.membership = counsel.membership.map(|membership| membership.as_listed(true, at(now))),
                Step::Invite(who) => {
                    let id = Id::new(Uuid::from_u128(held.len() as u128));
                    let invited = Delegation::invite(&permit(at(now)), id, &counsel, invitation(who), &held, &terms);
                    let holding = model.iter().filter(|one| one.holds(now)).count();
                    if model.iter().any(|one| one.who == who && one.holds(now)) {
                        prop_assert_eq!(invited, Err(InviteRefused::AlreadyDelegate));
                    } else if holding >= 4 {
                        prop_assert_eq!(invited, Err(InviteRefused::NoPlaceLeft(4)));
                    } else {
                        held.push(invited.unwrap());
                        model.push(Model { who, open_until: Some(now + 10 * DAY), access_until: 0, renewable_until: 0, over: false });
                    }
                }
                Step::Accept { who, right } if who < held.len() => {
                    let (one, expected) = (&mut held[who], &mut model[who]);
                    let accepted = one.accept(&permit(at(now)), delegate(expected.who).id, &[right], &terms);
                    if expected.over || expected.open_until.is_none_or(|until| now >= until) {
                        prop_assert_eq!(accepted, Err(AcceptRefused::NotOpen));
                    } else if right {
                        *one = accepted.unwrap();
                        *expected = Model { open_until: None, access_until: now + 60 * DAY, renewable_until: now + 70 * DAY, ..*expected };
                    } else {
                        prop_assert_eq!(accepted, Err(AcceptRefused::WrongAnswer));
                    }
                }
                Step::Renew(who) if who < held.len() => {
                    let (one, expected) = (&mut held[who], &mut model[who]);
                    let renewed = one.renew(&permit(at(now)), &terms);
                    if !expected.over && expected.open_until.is_none() && now < expected.renewable_until {
                        *one = renewed.unwrap();
                        (expected.access_until, expected.renewable_until) = (now + 60 * DAY, now + 70 * DAY);
                    } else {
                        prop_assert!(renewed.is_err());
                    }
                }
                Step::End(who) if who < held.len() => {
                    let (one, expected) = (&mut held[who], &mut model[who]);
                    let ended = one.end(&permit(at(now)), &terms);
                    prop_assert_eq!(ended.is_ok(), expected.holds(now));
                    if let Ok(ended) = ended {
                        *one = ended;
                        expected.over = true;
                    }
                }
                Step::Accept { .. } | Step::Renew(_) | Step::End(_) => {}
            }
            let standing = counsel.stands_as_counsel(at(now)).is_ok();
            prop_assert!(held.iter().filter(|one| one.state(at(now), &terms).holds_a_place()).count() <= 4);
            for (one, expected) in held.iter().zip(&model) {
                prop_assert_eq!(one.state(at(now), &terms).holds_a_place(), expected.holds(now));
                let allowed = access(&delegate(expected.who), &counsel, Some(one), at(now)).is_ok();
                prop_assert_eq!(allowed, standing && expected.has_access(now));
            }
        }
    }

    /// DEL-2: answers are compared after Unicode normalisation, with case and spaces folded.
    #[test]
    fn case_and_spaces_of_an_answer_do_not_count(words in prop::collection::vec("[a-zé]{1,8}", 1..4)) {
        let loud = format!("  {}\t", words.join("  ").to_uppercase());
        prop_assert_eq!(normalised_answer(&loud), normalised_answer(&words.join(" ")));
    }
}

fn running() -> Delegation {
    let terms = Terms::default();
    let invited = Delegation::invite(
        &permit(START),
        Id::new(Uuid::nil()),
        &counsel(),
        invitation(1),
        &[],
        &terms,
    )
    .unwrap();
    invited
        .accept(&permit(START), delegate(1).id, &[true], &terms)
        .unwrap()
}

/// DEL-3: the table of states, to the second.
#[test]
fn the_state_follows_the_table_to_the_second() {
    let (one, terms) = (running(), Terms::default());
    let second = Duration::seconds(1);
    for (days, before, from) in [
        (50, State::Active, State::RenewalDue),
        (60, State::RenewalDue, State::Expired),
        (70, State::Expired, State::Lapsed),
    ] {
        let day = START + Duration::days(days);
        assert_eq!(
            (one.state(day - second, &terms), one.state(day, &terms)),
            (before, from),
            "day {days}"
        );
    }
}

/// DEL-4: renewal brings an expired delegation back on day 65, and is refused on day 70.
#[test]
fn renewal_works_until_day_70() {
    let (one, terms) = (running(), Terms::default());
    let day_65 = START + Duration::days(65);
    let renewed = one.renew(&permit(day_65), &terms).unwrap();
    assert_eq!(renewed.state(day_65, &terms), State::Active);
    assert_eq!(renewed.ends_at(&terms), Some(day_65 + Duration::days(60)));
    assert_eq!(
        one.renew(&permit(START + Duration::days(70)), &terms),
        Err(RenewalRefused::Lapsed)
    );
}

/// DEL-5: a delegate does the counsel's cases, and none of the counsel's own affairs.
#[test]
fn a_delegate_does_cases_and_nothing_else() {
    let (counsel, delegate, one, case) = (counsel(), delegate(1), running(), case());
    let representation = Representation {
        counsel: counsel.clone(),
        delegation: Some(one.clone()),
    };
    let may = |work| {
        authorize(
            &person(delegate.clone(), START),
            &Action::OfCounsel(&representation, work),
            &moment(START),
            &Terms::default(),
        )
        .is_ok()
    };
    assert!(
        may(CounselWork::SeeCases)
            && may(CounselWork::SeeCase(&case))
            && may(CounselWork::SubmitDocuments(&case))
    );
    assert!(may(CounselWork::SeeInbox) && may(CounselWork::SendForm));
    assert!(
        !may(CounselWork::InviteDelegate)
            && !may(CounselWork::RenewDelegation(&one))
            && !may(CounselWork::EndDelegation(&one))
    );
    assert!(!may(CounselWork::SeeActivity) && !may(CounselWork::SeeDelegations));
}

/// DEL-8: a blocked counsel, or one who lost good standing, takes the delegates along, and nobody else's.
#[test]
fn a_counsel_who_falls_takes_the_delegates_along() {
    let (delegate, one) = (delegate(1), running());
    let mut fallen = counsel();
    fallen.membership = fallen
        .membership
        .map(|membership| membership.as_listed(false, START));
    assert!(access(&delegate, &counsel(), Some(&one), START).is_ok());
    assert!(access(&delegate, &fallen, Some(&one), START).is_err());
    let other = account(2, Role::Counsel);
    assert!(
        access(&delegate, &other, Some(&one), START).is_err(),
        "another counsel's cases"
    );
}

/// REG-8: delegating asks for a sign-in of the last fifteen minutes.
#[test]
fn delegating_asks_for_a_recent_sign_in() {
    let counsel = counsel();
    let representation = itself(&counsel);
    let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
    let asked = |minutes| {
        let now = START + Duration::minutes(minutes);
        authorize(
            &person(counsel.clone(), START),
            &action,
            &moment(now),
            &Terms::default(),
        )
        .is_ok()
    };
    assert!(asked(14));
    assert!(!asked(15));
}
