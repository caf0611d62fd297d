//! Delegation rules that are told best by themselves: how answers are compared, the table of states to the second, and how recent a
//! sign-in must be. How they play together is told by the random histories, and who may do what by the tables of permissions.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use domain::account::{Account, Role};
use domain::delegation::{
    AcceptRefused, Delegation, HandedOver, InviteRefused, RenewalRefused, Running, State,
    forms_of_answer, handed_over, normalised_answer, place_left,
};
use domain::id::Id;
use domain::policy::{Action, CounselWork, authorize};
use domain::terms::Terms;
use proptest::prelude::*;
use scene::{START, account, counsel, invitation, itself, moment, permit, person};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

proptest! {
    /// DEL-2: answers are compared after Unicode normalisation, without regard to case and spaces.
    #[test]
    fn case_and_spaces_of_an_answer_do_not_count(words in prop::collection::vec("[a-zé]{1,8}", 1..4)) {
        let loud = format!("  {}\t", words.join("  ").to_uppercase());
        prop_assert_eq!(normalised_answer(&loud), normalised_answer(&words.join(" ")));
        prop_assert_eq!(normalised_answer(&loud), normalised_answer(&words.concat()));
    }

    /// DEL-2: nor do accents and ligatures, however they are written; what was hashed before that is still among the forms that are tried.
    #[test]
    fn an_answer_is_known_in_every_form_in_which_it_was_kept(words in prop::collection::vec("[a-zéèœ’]{1,8}", 1..4)) {
        let (answer, loud) = (words.join(" "), format!(" {} ", words.join("  ").to_uppercase()));
        let plain = answer.replace(['é', 'è'], "e").replace('œ', "oe").replace('’', "'");
        prop_assert_eq!(normalised_answer(&plain), normalised_answer(&loud));
        prop_assert!(forms_of_answer(&loud).contains(&answer));
        prop_assert_eq!(&forms_of_answer(&loud)[0], &normalised_answer(&answer));
    }
}

/// Somebody's delegations, each of one of three counsel, of whom the first is the account that they get; begun on some day, and ended or not.
fn of_somebody(delegate: u128, first: u128) -> impl Strategy<Value = Vec<Delegation>> {
    let one = (1_u128..4, 0_i64..80, any::<bool>());
    prop::collection::vec(one, 0..5).prop_map(move |all| {
        let made = (first..).zip(all).map(|(number, (of, day, ended))| {
            let began = START + Duration::days(day);
            Delegation {
                id: Id::new(Uuid::from_u128(number)),
                counsel: account(of, Role::Counsel).id,
                running: Some(Running {
                    delegate: account(delegate, Role::Delegate).id,
                    accepted_at: began,
                    term_began_at: began,
                }),
                ended_at: ended.then_some(began),
                ..running()
            }
        });
        made.collect()
    })
}

proptest! {
    /// DEL-1, DEL-3, REG-4: whoever gets another account has one delegation of each counsel who lent them cases, until the latest end of any
    /// that they had, none of themselves, and none on the account of before.
    #[test]
    fn one_person_has_each_counsels_cases_once(theirs in of_somebody(101, 1), beside in of_somebody(1, 50)) {
        let (on, terms) = (permit(START + Duration::days(80)), Terms::default());
        let (before, to) = (account(101, Role::Delegate).id, account(1, Role::Counsel).id);
        let HandedOver { changed, counsel } = handed_over(&on, &theirs, &beside, to, &terms);
        let holds = |one: &&Delegation| one.state(on.at(), &terms).holds_a_place();
        let had: Vec<&Delegation> = theirs.iter().chain(&beside).collect();
        let has: Vec<&Delegation> = had
            .iter()
            .map(|one| changed.iter().find(|after| after.id == one.id).unwrap_or(one))
            .collect();
        for number in 1..4 {
            let of = account(number, Role::Counsel).id;
            let ends = |all: &[&Delegation]| -> Vec<Option<OffsetDateTime>> {
                let such = all.iter().copied().filter(|one| one.counsel == of).filter(holds);
                such.map(|one| one.ends_at(&terms)).collect()
            };
            let latest = ends(&had).into_iter().max().filter(|_| of != to);
            prop_assert_eq!(ends(&has), Vec::from_iter(latest));
            let lent = theirs.iter().filter(|one| one.counsel == of).any(|one| holds(&one));
            prop_assert_eq!(counsel.contains(&of), lent && of != to);
        }
        prop_assert!(!has.iter().any(|one| holds(one) && one.delegate() == Some(before)));
        // What was over is over as it was.
        let over = had.iter().zip(&has).filter(|(had, _)| !holds(had));
        prop_assert!(over.into_iter().all(|(had, has)| had.ended_at == has.ended_at));
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
        &[],
        &terms,
    )
    .unwrap();
    let delegate = account(101, Role::Delegate);
    invited
        .accept(&permit(START), delegate.id, &[true], &[], &terms)
        .unwrap()
}

/// DEL-2: so many wrong answers close an invitation, and not one fewer; an earlier end stays.
#[test]
fn so_many_wrong_answers_close_an_invitation() {
    let terms = Terms {
        wrong_answers_at_most: 3,
        ..Terms::default()
    };
    let mut invited = Delegation {
        running: None,
        ..running()
    };
    for number in 1..=3 {
        assert_eq!(invited.state(START, &terms), State::Invited);
        invited = invited.answered_wrongly(&permit(START), &terms);
        assert_eq!(invited.wrong_answers, number);
    }
    assert_eq!(invited.ended_at, Some(START));
    let later = permit(START + Duration::DAY);
    let withdrawn = Delegation {
        wrong_answers: 0,
        ..invited
    };
    assert_eq!(
        withdrawn.answered_wrongly(&later, &terms).ended_at,
        Some(START)
    );
}

/// DEL-2: the last invitation of a day is sent, the next one is not, until the first is a day old; another counsel's do not count.
#[test]
fn only_so_many_invitations_go_out_within_a_day() {
    let terms = Terms {
        invitations_per_day: 2,
        ..Terms::default()
    };
    let before = |counsel| Delegation {
        counsel,
        ended_at: Some(START),
        ..running()
    };
    let (one, other) = (before(counsel().id), before(account(99, Role::Counsel).id));
    let invite = |held: &[Delegation], at| {
        let id = Id::new(Uuid::from_u128(7));
        let invited = Delegation::invite(
            &permit(at),
            id,
            &counsel(),
            invitation(7),
            held,
            &[],
            &terms,
        );
        invited.err()
    };
    let too_many = Some(InviteRefused::TooManyToday(2));
    assert_eq!(invite(&[one.clone(), other], START), None);
    let two = [one.clone(), one];
    let almost = START + Duration::DAY - Duration::microseconds(1);
    assert_eq!(invite(&two, almost), too_many);
    assert_eq!(invite(&two, START + Duration::DAY), None);
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

/// Four others, invited at an instant when `gone` holds no place any more.
fn four_others(gone: &Delegation, at: OffsetDateTime) -> Vec<Delegation> {
    let terms = Terms::default();
    let mut held = vec![gone.clone()];
    for number in 2..6 {
        let id = Id::new(Uuid::from_u128(number));
        let invitation = invitation(number);
        let invited =
            Delegation::invite(&permit(at), id, &counsel(), invitation, &held, &[], &terms)
                .unwrap();
        held.push(invited);
    }
    held
}

/// DEL-1: a place is left while fewer than four hold one; whose time is over holds none, nor does another counsel's delegate.
#[test]
fn a_place_is_left_while_fewer_than_four_hold_one() {
    let (one, terms, second) = (running(), Terms::default(), Duration::seconds(1));
    let lapses = one.renewable_until(&terms).unwrap();
    let held = four_others(&one, lapses);
    let left = |held: &[Delegation], at| place_left(held, one.counsel, at, &terms);
    let none = Err(InviteRefused::NoPlaceLeft(4));
    assert_eq!(left(&held, lapses), none);
    assert_eq!(left(&held[..4], lapses), Ok(()));
    assert_eq!(left(&held[..4], lapses - second), none);
    let anothers = place_left(&held, account(99, Role::Counsel).id, lapses, &terms);
    assert_eq!(anothers, Ok(()));
}

/// DEL-1, Q-8: what one machine saw lapse, and gave the place of away, does not come back on another whose clock is a second behind: there
/// would be five.
#[test]
fn a_clock_that_is_behind_makes_no_fifth_delegate() {
    let (one, terms, second) = (running(), Terms::default(), Duration::seconds(1));
    let lapses = one.renewable_until(&terms).unwrap();
    let behind = permit(lapses - second);
    let held = four_others(&one, lapses);
    assert_eq!(
        one.renew(&behind, &held, &terms),
        Err(RenewalRefused::Lapsed)
    );
    assert!(one.renew(&behind, &held[..4], &terms).is_ok());

    let invited = Delegation {
        running: None,
        ..one
    };
    let lapses = invited.lapses_at(&terms);
    let behind = permit(lapses - second);
    let held = four_others(&invited, lapses);
    let delegate = account(101, Role::Delegate).id;
    let accepted = |held| invited.accept(&behind, delegate, &[true], held, &terms);
    assert_eq!(accepted(&held), Err(AcceptRefused::NotOpen));
    assert!(accepted(&held[..4]).is_ok());
}

proptest! {
    /// DEL-1, DEL-4: where fewer delegates are allowed than before, those whom counsel has stay, can take up their invitations and can be
    /// renewed; nobody more can be invited until enough of them are gone.
    #[test]
    fn whoever_has_a_place_keeps_it_when_fewer_are_allowed(
        before in 1_usize..7,
        now in 1_usize..7,
        days in prop::collection::vec((0_i64..10, 0_i64..70), 1..7),
    ) {
        let allowing = |delegates_at_most| Terms { delegates_at_most, ..Terms::default() };
        let mut held: Vec<Delegation> = Vec::new();
        for (number, (invited_on, _)) in (2..).zip(&days) {
            let on = permit(START + Duration::days(*invited_on));
            let id = Id::new(Uuid::from_u128(number));
            let made = Delegation::invite(&on, id, &counsel(), invitation(number), &held, &[], &allowing(before));
            prop_assert_eq!(made.is_ok(), held.len() < before);
            held.extend(made);
        }
        let terms = allowing(now);
        for one in held.clone() {
            let on = permit(one.invited_at);
            let delegate = account(100 + one.id.uuid().as_u128(), Role::Delegate).id;
            let accepted = one.accept(&on, delegate, &[true], &held, &terms);
            prop_assert!(accepted.is_ok(), "{accepted:?}");
            held.retain(|other| other.id != one.id);
            held.extend(accepted);
        }
        for (one, (_, days)) in held.clone().iter().zip(&days) {
            let until = one.running.unwrap().accepted_at + Duration::days(*days);
            let renewed = one.renew(&permit(until), &held, &terms);
            prop_assert!(renewed.is_ok(), "{renewed:?}");
        }
        let on = permit(START + Duration::days(10));
        let one_more = Delegation::invite(&on, Id::new(Uuid::from_u128(1)), &counsel(), invitation(1), &held, &[], &terms);
        prop_assert_eq!(one_more.is_ok(), held.len() < now);
    }
}

/// DEL-1, Q-8: nor does a person who was invited again hold two places.
#[test]
fn a_clock_that_is_behind_gives_nobody_two_places() {
    let (one, terms) = (running(), Terms::default());
    let lapses = one.renewable_until(&terms).unwrap();
    let again = Delegation::invite(
        &permit(lapses),
        Id::new(Uuid::from_u128(1)),
        &counsel(),
        invitation(1),
        std::slice::from_ref(&one),
        &[],
        &terms,
    );
    let held = [one.clone(), again.unwrap()];
    let behind = permit(lapses - Duration::seconds(1));
    assert_eq!(
        one.renew(&behind, &held, &terms),
        Err(RenewalRefused::Lapsed)
    );
}

/// DEL-1: one person holds one place of a counsel's, whatever address they were invited to: who is a delegate already accepts no second
/// invitation of that counsel's, and one of another counsel's all the same.
#[test]
fn one_account_holds_one_place_of_a_counsel() {
    let (one, terms) = (running(), Terms::default());
    let delegate = account(101, Role::Delegate);
    let on = |day| permit(START + Duration::days(day));
    let invite = |day, number, held: &[Delegation]| {
        let id = Id::new(Uuid::from_u128(number));
        let delegates = std::slice::from_ref(&delegate);
        let invitation = invitation(number);
        Delegation::invite(
            &on(day),
            id,
            &counsel(),
            invitation,
            held,
            delegates,
            &terms,
        )
    };
    let held = [
        one.clone(),
        invite(65, 2, std::slice::from_ref(&one)).unwrap(),
    ];
    let accept = |day, right, held: &[Delegation]| {
        let accepted = held[1].accept(&on(day), delegate.id, &[right], held, &terms);
        accepted.map(|accepted| accepted.delegate())
    };
    let refused = Err(AcceptRefused::AlreadyDelegate);
    assert_eq!(accept(66, true, &held), refused);
    assert_eq!(accept(66, false, &held), refused, "no answer is tried");
    assert_eq!(accept(70, true, &held), Ok(Some(delegate.id)));
    let anothers = Delegation {
        counsel: account(99, Role::Counsel).id,
        ..one.clone()
    };
    let beside = [anothers, held[1].clone()];
    assert_eq!(accept(66, true, &beside), Ok(Some(delegate.id)));

    let again = held[1].accept(&on(70), delegate.id, &[true], &held, &terms);
    let held = [one.clone(), again.unwrap()];
    let behind = permit(one.renewable_until(&terms).unwrap() - Duration::seconds(1));
    assert!(!one.can_be_renewed(&held, behind.at(), &terms));
    assert_eq!(
        one.renew(&behind, &held, &terms),
        Err(RenewalRefused::Lapsed)
    );
}

/// DEL-1: nor is somebody invited to the address that they have now, having been invited to another.
#[test]
fn a_delegate_is_known_by_the_address_that_they_have_now() {
    let (one, terms) = (running(), Terms::default());
    let held = std::slice::from_ref(&one);
    let moved = Account {
        email: invitation(2).invitee.email,
        ..account(101, Role::Delegate)
    };
    let invite = |number, day| {
        let on = permit(START + Duration::days(day));
        let delegates = std::slice::from_ref(&moved);
        let id = Id::new(Uuid::from_u128(number));
        Delegation::invite(
            &on,
            id,
            &counsel(),
            invitation(number),
            held,
            delegates,
            &terms,
        )
    };
    for number in [1, 2] {
        assert_eq!(
            invite(number, 69).map(drop),
            Err(InviteRefused::AlreadyDelegate)
        );
        assert!(invite(number, 70).is_ok());
    }
    assert!(invite(3, 69).is_ok());
}
