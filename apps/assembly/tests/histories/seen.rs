//! What can be seen of the portal: records as they are, and cases and counsel as people are shown them.

use application::UseCaseError;
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::list_counsels::list_counsels;
use application::ports::records::PageRequest;
use domain::access_code::State as CodeState;
use domain::account::{AccountId, Role};
use domain::policy::{Actor, Means};
use time::OffsetDateTime;

use crate::stand_ins::START;
use crate::step::{Fact, PEOPLE, Seen};
use crate::world::{Portal, opens};

/// An instant in the model's seconds.
fn seconds(at: OffsetDateTime) -> i64 {
    (at - START).whole_seconds()
}

const fn code(state: CodeState) -> &'static str {
    match state {
        CodeState::Usable => "usable",
        CodeState::Expired => "expired",
        CodeState::Voided => "voided",
        CodeState::Used => "used",
    }
}

impl Portal {
    pub async fn seen(&mut self) -> Seen {
        let mut seen = Seen::new();
        self.records(&mut seen).await;
        self.who_gets_in(&mut seen).await;
        seen
    }

    fn number(&self, account: AccountId) -> usize {
        let mut accounts = self.accounts.iter();
        accounts.position(|one| *one == account).unwrap()
    }

    async fn records(&self, seen: &mut Seen) {
        let (now, terms) = (self.app.clock.now(), &self.app.terms);
        let mut records = self.app.storage.read().await.unwrap();
        for (number, id) in self.sign_ins.iter().enumerate() {
            let one = records.sign_ins().by_id(*id).await.unwrap().unwrap();
            seen.insert(Fact::Person {
                number,
                opens: one.account().map(|account| self.number(account)),
                wrong_tries: one.lock.wrong_tries,
                blocked: one.lock.block.is_some(),
            });
        }
        for (number, id) in self.accounts.iter().enumerate() {
            let one = records.accounts().by_id(*id).await.unwrap().unwrap();
            let held = records.delegations().of_counsel(*id).await.unwrap();
            let held = held.iter().map(|held| held.state(now, terms));
            seen.insert(Fact::Account {
                number,
                registered: one.registered_at.map(seconds),
                wrong_tries: one.lock.wrong_tries,
                blocked: one.lock.block.is_some(),
                places: held.filter(|state| state.holds_a_place()).count(),
            });
            for one in records.access_codes().of_account(*id).await.unwrap() {
                let number = self.codes.iter().position(|code| *code == one.id).unwrap();
                let state = code(one.state(now, terms));
                seen.insert(Fact::Code { number, state });
            }
        }
        for (number, id) in self.delegations.iter().enumerate() {
            let one = records.delegations().by_id(*id).await.unwrap().unwrap();
            let deadlines = one.reminder_at(terms).zip(one.ends_at(terms));
            let deadlines = deadlines.zip(one.renewable_until(terms));
            seen.insert(Fact::Delegation {
                number,
                state: one.state(now, terms).code(),
                deadlines: deadlines
                    .map(|((reminder, end), last)| [reminder, end, last].map(seconds)),
            });
        }
    }

    async fn who_gets_in(&mut self, seen: &mut Seen) {
        for account in 0..self.accounts.len() {
            let at = self.app.clock.now();
            let actor = Actor::account(self.account(account).await, Means::SignIn { at }, None);
            for counsel in self.counsels_of(&actor).await {
                let counsel = self.number(counsel);
                seen.insert(Fact::ActsFor { account, counsel });
            }
        }
        let mut counsel = Vec::new();
        for number in 0..self.accounts.len() {
            if self.account(number).await.is(Role::Counsel) {
                counsel.push(number);
            }
        }
        for person in 0..PEOPLE {
            let actor = self.actor(person).await;
            let theirs = self.counsels_of(&actor).await;
            assert!(opens(&actor).is_some() || theirs.is_empty());
            for &counsel in &counsel {
                let cases = self.cases_of(&actor, counsel).await;
                let acts = theirs.contains(&self.accounts[counsel]);
                assert!(
                    acts || cases.is_empty(),
                    "DEL-6: {person} is not offered {counsel}"
                );
                seen.extend(cases.into_iter().map(|case| Fact::Sees {
                    person,
                    counsel,
                    case,
                }));
            }
        }
    }

    /// For whom somebody is told that they can act.
    async fn counsels_of(&self, actor: &Actor) -> Vec<AccountId> {
        match list_counsels(&self.app, actor).await {
            Ok(counsels) => counsels.into_iter().map(|one| one.counsel.id).collect(),
            Err(UseCaseError::Forbidden(_)) => Vec::new(),
            Err(other) => unreachable!("{other:?}"),
        }
    }

    /// CASE-1: the cases that somebody is shown as a counsel's. All of them are that counsel's.
    pub async fn cases_of(&self, actor: &Actor, counsel: usize) -> Vec<usize> {
        let counsel = self.accounts[counsel];
        let wish = ListCases {
            wanted: WantedCases::of(counsel),
            page: PageRequest {
                after: None,
                limit: 100,
            },
        };
        let found = match list_cases(&self.app, actor, &wish).await {
            Ok(found) => found.page.items,
            Err(UseCaseError::Forbidden(_)) => Vec::new(),
            Err(other) => unreachable!("{other:?}"),
        };
        let number = |case: &domain::case::Case| {
            assert_eq!(case.counsel_of_record, Some(counsel), "never another's");
            let mut cases = self.cases.iter();
            cases.position(|one| *one == case.id).unwrap()
        };
        found.iter().map(number).collect()
    }
}
