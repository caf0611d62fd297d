//! One history that is written down, so that every instant of DEL-3 is met each time.

use proptest_state_machine::ReferenceStateMachine;

use crate::model::Model;
use crate::records::DAY;
use crate::step::{Answer, Invite, Step, Why};
use crate::world::World;
use crate::{Histories, InUseCases};

struct Told {
    model: Model,
    histories: Histories,
}

impl Told {
    fn begin() -> Self {
        Self {
            model: Model::default(),
            histories: Histories(World::new()),
        }
    }

    /// Takes a step in both, and gives what it was answered.
    fn then(&mut self, step: &Step) -> Answer {
        self.model = InUseCases::apply(self.model.clone(), step);
        self.histories.take(&self.model, step);
        *self.model.answers.last().unwrap()
    }

    fn counsel(&mut self, person: usize) -> usize {
        let (account, code) = (self.model.accounts.len(), self.model.codes.len());
        let in_good_standing = true;
        self.then(&Step::OpenRegistration { in_good_standing })
            .unwrap();
        self.then(&Step::IssueCode { account }).unwrap();
        self.then(&Step::EnterCode { person, code }).unwrap();
        account
    }

    /// A person accepts an invitation of a counsel, who is the person of the same number.
    fn delegate(&mut self, person: usize, counsel: usize, invitee: u8) -> usize {
        let delegation = self.model.delegations.len();
        self.invite(counsel, invitee).unwrap();
        self.then(&Step::AnswerRightly { person, delegation })
            .unwrap();
        delegation
    }

    fn invite(&mut self, counsel: usize, invitee: u8) -> Answer {
        self.then(&Step::Invite(Invite {
            person: counsel,
            counsel,
            invitee,
        }))
    }

    /// How many cases a person sees as somebody who acts for that counsel.
    fn sees(&mut self, person: usize, counsel: usize) -> usize {
        self.histories.0.cases_seen(person, counsel).len()
    }
}

/// DEL-1, DEL-3, DEL-4, DEL-6: two counsel and their common delegate, day by day. Access ends at the instant of day 60 and not a microsecond
/// before, a renewal on day 65 brings it back, one on day 70 is refused; what ends is gone at once; there are four places and never five.
#[test]
fn two_counsel_and_their_delegate_day_by_day() {
    let mut told = Told::begin();
    let (first, second) = (told.counsel(0), told.counsel(1));
    let delegation = told.delegate(2, first, 0);
    assert_eq!((told.sees(2, first), told.sees(2, second)), (1, 0));
    told.then(&Step::Wait(5 * DAY)).unwrap();
    let later = told.delegate(2, second, 0);
    assert_eq!((told.sees(2, first), told.sees(2, second)), (1, 1));

    told.then(&Step::Wait(55 * DAY)).unwrap();
    assert_eq!((told.sees(2, first), told.sees(2, second)), (0, 1));
    let renew = |delegation, person| Step::Renew { person, delegation };
    told.then(&Step::Wait(5 * DAY)).unwrap();
    assert_eq!(told.sees(2, second), 0);
    told.then(&renew(delegation, 0)).unwrap();
    assert_eq!((told.sees(2, first), told.sees(2, second)), (1, 0));
    told.then(&Step::Wait(10 * DAY)).unwrap();
    assert_eq!(told.then(&renew(later, 1)), Err(Why::Lapsed));

    for invitee in 1..4 {
        told.invite(first, invitee).unwrap();
    }
    assert_eq!(told.invite(first, 4), Err(Why::NoPlaceLeft));
    let end = Step::End {
        person: 0,
        delegation,
    };
    told.then(&end).unwrap();
    assert_eq!(told.sees(2, first), 0);
    assert_eq!(told.then(&renew(delegation, 0)), Err(Why::Ended));
    told.invite(first, 4).unwrap();
    told.then(&Step::Wait(10 * DAY)).unwrap();
    told.invite(first, 5).unwrap();
}
