//! Which steps a history may take next, and how often: mostly what people would do, sometimes what nobody should, and often just
//! before, at or just after an instant at which something changes.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest_state_machine::ReferenceStateMachine;

use crate::model::Model;
use crate::records::{DAY, HOUR, MINUTE};
use crate::step::{Invite, PEOPLE, Step, Whose, WrongAnswers};

type Chance = (u32, BoxedStrategy<Step>);

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Step> {
        let chances = [
            state.time(),
            state.registrations(),
            state.codes(),
            state.blocks(),
            state.invitations(),
            state.delegations(),
        ];
        Union::new_weighted(chances.concat()).boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.take(step);
        state
    }

    /// What a step names must still be there once other steps are left out.
    fn preconditions(state: &Self, step: &Step) -> bool {
        let is_account = |number: usize| number < state.accounts.len();
        let is_counsel = |number: usize| state.accounts.get(number).is_some_and(|one| one.counsel);
        let is_delegation = |number: usize| number < state.delegations.len();
        match *step {
            Step::Wait(_)
            | Step::RunJobs
            | Step::OpenRegistration { .. }
            | Step::EnterWrongCodes { .. }
            | Step::Unblock(Whose::Person(_)) => true,
            Step::EnterCode { code, .. } => code < state.codes.len(),
            Step::IssueCode { account }
            | Step::StaffBlocks { account }
            | Step::ResetSignIn { account }
            | Step::Unblock(Whose::Account(account)) => is_account(account),
            Step::RollSays { counsel, .. } | Step::Invite(Invite { counsel, .. }) => {
                is_counsel(counsel)
            }
            Step::CaseGoesTo { case, counsel } => case < state.cases.len() && is_counsel(counsel),
            Step::AnswerRightly { delegation, .. }
            | Step::AnswerWrongly(WrongAnswers { delegation, .. })
            | Step::Renew { delegation, .. }
            | Step::End { delegation, .. } => is_delegation(delegation),
        }
    }
}

/// With what weight a step is taken that is made of what `of` gives.
fn chance<T: std::fmt::Debug>(
    weight: u32,
    of: impl Strategy<Value = T> + 'static,
    step: impl Fn(T) -> Step + 'static,
) -> Chance {
    (weight, of.prop_map(step).boxed())
}

/// One of `likely` most of the time, where there is one; else one of `possible`.
fn mostly<T: Clone + std::fmt::Debug + 'static>(
    likely: Vec<T>,
    possible: Vec<T>,
) -> BoxedStrategy<T> {
    if likely.is_empty() {
        select(possible).boxed()
    } else {
        prop_oneof![8 => select(likely), 1 => select(possible)].boxed()
    }
}

const RUNNING: &[&str] = &["active", "renewal-due", "expired"];

fn everybody() -> Vec<usize> {
    (0..PEOPLE).collect()
}

/// The numbers of those in `all` that are such.
fn numbers_of<T>(all: &[T], such: impl Fn(&T) -> bool) -> Vec<usize> {
    let numbered = (0..).zip(all).filter(|(_, one)| such(one));
    numbered.map(|(number, _)| number).collect()
}

impl Model {
    fn accounts(&self) -> Vec<usize> {
        numbers_of(&self.accounts, |_| true)
    }

    fn counsel(&self) -> Vec<usize> {
        numbers_of(&self.accounts, |one| one.counsel)
    }

    fn people_who_open(&self, account: Option<usize>) -> Vec<usize> {
        numbers_of(&self.people, |one| one.opens == account)
    }

    /// Persons who are counsel, each with the counsel that they are.
    fn people_who_are_counsel(&self) -> Vec<(usize, usize)> {
        let people = (0..).zip(&self.people);
        people
            .filter_map(|(person, one)| Some((person, one.opens?)))
            .filter(|(_, account)| self.counsel().contains(account))
            .collect()
    }

    /// A delegation, mostly in one of `states`, and a person, mostly its counsel.
    fn delegation_and_person(&self, states: &[&str]) -> BoxedStrategy<(usize, usize)> {
        let pairs = |delegations: Vec<usize>, counsel: bool| -> Vec<(usize, usize)> {
            let people = |delegation: &usize| {
                let whose = self.delegations.get(*delegation).map(|one| one.counsel);
                let theirs = self.people_who_open(whose);
                if counsel { theirs } else { everybody() }
            };
            let pair = |one: usize| people(&one).into_iter().map(move |person| (one, person));
            delegations.into_iter().flat_map(pair).collect()
        };
        let likely = numbers_of(&self.delegations, |one| {
            states.contains(&one.state(self.now))
        });
        let all = numbers_of(&self.delegations, |_| true);
        mostly(pairs(likely, true), pairs(all, false))
    }

    /// Instants to come at which a code, an invitation or a delegation changes by itself.
    fn turning_points(&self) -> Vec<i64> {
        let usable = self
            .codes
            .iter()
            .filter(|one| one.state(self.now) == "usable");
        let codes = usable.map(|code| code.issued + 24 * HOUR);
        let held = self
            .delegations
            .iter()
            .filter(|one| one.holds_a_place(self.now));
        let delegations = held.flat_map(|one| match one.running {
            None => vec![one.invited + 10 * DAY],
            Some((_, began)) => [50, 60, 70].map(|days| began + days * DAY).to_vec(),
        });
        let ahead = |instant: &i64| *instant > self.now + 1;
        codes.chain(delegations).filter(ahead).collect()
    }

    fn time(&self) -> Vec<Chance> {
        let mut chances = vec![
            chance(4, Just(()), |()| Step::RunJobs),
            chance(4, 1..60_i64, |minutes| Step::Wait(minutes * MINUTE)),
            chance(4, 1..36_i64, |hours| Step::Wait(hours * HOUR)),
            chance(2, 1..15_i64, |days| Step::Wait(days * DAY)),
            chance(1, 1..4_i64, |months| Step::Wait(months * 30 * DAY)),
        ];
        let (now, points) = (self.now, self.turning_points());
        if !points.is_empty() {
            let around = (select(points), -1..=1_i64);
            chances.push(chance(6, around, move |(point, off)| {
                Step::Wait(point + off - now)
            }));
        }
        chances
    }

    fn registrations(&self) -> Vec<Chance> {
        let counsel = self.counsel();
        let mut chances = Vec::new();
        if counsel.len() < 3 {
            let weight = if counsel.is_empty() { 40 } else { 4 };
            chances.push(chance(
                weight,
                prop::bool::weighted(0.8),
                |in_good_standing| Step::OpenRegistration { in_good_standing },
            ));
        }
        if !counsel.is_empty() {
            let roll = (select(counsel.clone()), prop::bool::weighted(0.7));
            let cases = (0..self.cases.len(), select(counsel));
            chances.extend([
                chance(4, roll, |(counsel, good)| Step::RollSays { counsel, good }),
                chance(2, cases, |(case, counsel)| Step::CaseGoesTo {
                    case,
                    counsel,
                }),
                chance(2, select(self.accounts()), |account| Step::ResetSignIn {
                    account,
                }),
            ]);
        }
        chances
    }

    fn codes(&self) -> Vec<Chance> {
        let wrong = (0..PEOPLE, 1..=5_u8);
        let mut chances = vec![chance(2, wrong, |(person, times)| Step::EnterWrongCodes {
            person,
            times,
        })];
        let all = numbers_of(&self.codes, |_| true);
        let usable = numbers_of(&self.codes, |one| one.state(self.now) == "usable");
        let unopened: Vec<usize> = self
            .accounts()
            .into_iter()
            .filter(|account| self.people_who_open(Some(*account)).is_empty())
            .collect();
        if !self.accounts.is_empty() {
            let wanted = usable.is_empty() && !unopened.is_empty();
            let account = mostly(unopened, self.accounts());
            chances.push(chance(if wanted { 20 } else { 4 }, account, |account| {
                Step::IssueCode { account }
            }));
        }
        if !all.is_empty() {
            let weight = if usable.is_empty() { 4 } else { 20 };
            let who = mostly(self.people_who_open(None), everybody());
            chances.push(chance(
                weight,
                (who, mostly(usable, all)),
                |(person, code)| Step::EnterCode { person, code },
            ));
        }
        chances
    }

    fn blocks(&self) -> Vec<Chance> {
        let people = numbers_of(&self.people, |one| one.tries.blocked).into_iter();
        let accounts = numbers_of(&self.accounts, |one| one.tries.blocked).into_iter();
        let blocked: Vec<Whose> = people
            .map(Whose::Person)
            .chain(accounts.map(Whose::Account))
            .collect();
        let weight = if blocked.is_empty() { 1 } else { 6 };
        let anybody = (0..PEOPLE).map(Whose::Person).collect();
        let mut chances = vec![chance(weight, mostly(blocked, anybody), Step::Unblock)];
        if !self.accounts.is_empty() {
            chances.push(chance(1, select(self.accounts()), |account| {
                Step::StaffBlocks { account }
            }));
        }
        chances
    }

    fn invitations(&self) -> Vec<Chance> {
        let counsel = self.counsel();
        let mut chances = Vec::new();
        if !counsel.is_empty() {
            let with_anybody =
                |counsel: usize| everybody().into_iter().map(move |who| (who, counsel));
            let likely = self.people_who_are_counsel();
            let weight = if likely.is_empty() { 2 } else { 20 };
            let who = mostly(likely, counsel.into_iter().flat_map(with_anybody).collect());
            chances.push(chance(
                weight,
                (who, 0..7_u8),
                |((person, counsel), invitee)| {
                    Step::Invite(Invite {
                        person,
                        counsel,
                        invitee,
                    })
                },
            ));
        }
        let all = numbers_of(&self.delegations, |_| true);
        if !all.is_empty() {
            let open = numbers_of(&self.delegations, |one| one.state(self.now) == "invited");
            let weight = if open.is_empty() { 3 } else { 12 };
            let invitation = mostly(open, all);
            let wrong = (0..PEOPLE, invitation.clone(), 1..=5_u8);
            chances.extend([
                chance(weight, (0..PEOPLE, invitation), |(person, delegation)| {
                    Step::AnswerRightly { person, delegation }
                }),
                chance(weight / 3, wrong, |(person, delegation, times)| {
                    Step::AnswerWrongly(WrongAnswers {
                        person,
                        delegation,
                        times,
                    })
                }),
            ]);
        }
        chances
    }

    fn delegations(&self) -> Vec<Chance> {
        if self.delegations.is_empty() {
            return Vec::new();
        }
        let renewed = self.delegation_and_person(RUNNING);
        let ended = self.delegation_and_person(&[RUNNING, &["invited"]].concat());
        vec![
            chance(6, renewed, |(delegation, person)| Step::Renew {
                person,
                delegation,
            }),
            chance(3, ended, |(delegation, person)| Step::End {
                person,
                delegation,
            }),
        ]
    }
}
