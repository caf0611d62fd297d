//! Delegation rules that are told best by themselves: how answers are compared, the table of states to the second, and how recent a
//! sign-in must be. How they play together is told by the random histories, and who may do what by the tables of permissions.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod scene;

use domain::account::Role;
use domain::delegation::{Delegation, State, normalised_answer};
use domain::id::Id;
use domain::policy::{Action, CounselWork, authorize};
use domain::terms::Terms;
use proptest::prelude::*;
use scene::{START, account, counsel, invitation, itself, moment, permit, person};
use time::Duration;
use uuid::Uuid;

proptest! {
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
    let delegate = account(101, Role::Delegate);
    invited
        .accept(&permit(START), delegate.id, &[true], &terms)
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
