//! What can be seen of the world: states and deadlines as the records tell them, and who gets in where as the policy says, tried
//! with every delegation there is.

use domain::access_code::State as CodeState;
use domain::account::Role;
use domain::policy::{Action, Actor, CounselWork, Representation, authorize, may_represent};
use time::OffsetDateTime;

use crate::scene::START;
use crate::step::{Fact, PEOPLE, Seen};
use crate::world::{World, number};

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

impl World {
    pub fn seen(&self) -> Seen {
        let (now, terms) = (self.now, &self.terms);
        let codes = (0..).zip(&self.codes).map(|(number, one)| Fact::Code {
            number,
            state: code(one.state(now, terms)),
        });
        let people = (0..).zip(&self.sign_ins).map(|(order, one)| Fact::Person {
            number: order,
            opens: one.account().map(number),
            wrong_tries: one.lock.wrong_tries,
            blocked: one.lock.block.is_some(),
        });
        let accounts = (0..).zip(&self.accounts).map(|(number, one)| {
            let held = self.on_lists().filter(|held| held.counsel == one.id);
            Fact::Account {
                number,
                registered: one.registered_at.map(seconds),
                wrong_tries: one.lock.wrong_tries,
                blocked: one.lock.block.is_some(),
                places: held
                    .filter(|held| held.state(now, terms).holds_a_place())
                    .count(),
            }
        });
        let delegations = (0..).zip(&self.delegations).map(|(number, one)| {
            let deadlines = one.reminder_at(terms).zip(one.ends_at(terms));
            let deadlines = deadlines.zip(one.renewable_until(terms));
            Fact::Delegation {
                number,
                state: one.state(now, terms).code(),
                deadlines: deadlines
                    .map(|((reminder, end), last)| [reminder, end, last].map(seconds)),
            }
        });
        let mut seen: Seen = codes.chain(people).chain(accounts).collect();
        seen.extend(delegations);
        self.who_gets_in(&mut seen);
        seen
    }

    /// Tries every person and account on every counsel's cases, with no delegation and with each.
    fn who_gets_in(&self, seen: &mut Seen) {
        let actors: Vec<Actor> = (0..PEOPLE).map(|person| self.actor(person)).collect();
        for counsel in self.accounts.iter().filter(|one| one.is(Role::Counsel)) {
            let delegations = self.delegations.iter().cloned().map(Some);
            for delegation in std::iter::once(None).chain(delegations) {
                let representation = Representation {
                    counsel: counsel.clone(),
                    delegation,
                };
                for account in &self.accounts {
                    if may_represent(account, &representation, &self.moment(), &self.terms) {
                        seen.insert(Fact::ActsFor {
                            account: number(account.id),
                            counsel: number(counsel.id),
                        });
                    }
                }
                for (person, actor) in actors.iter().enumerate() {
                    seen.extend(self.cases_seen(person, actor, &representation));
                }
            }
        }
    }

    fn cases_seen(
        &self,
        person: usize,
        actor: &Actor,
        representation: &Representation,
    ) -> impl Iterator<Item = Fact> {
        let counsel = number(representation.counsel.id);
        let may = move |work| {
            let action = Action::OfCounsel(representation, work);
            authorize(actor, &action, &self.moment(), &self.terms).is_ok()
        };
        let cases = self.cases.iter().enumerate();
        let seen = cases.filter(move |(_, case)| may(CounselWork::SeeCase(case)));
        seen.map(move |(case, _)| {
            assert!(may(CounselWork::SeeCases), "who sees a case sees the list");
            Fact::Sees {
                person,
                counsel,
                case,
            }
        })
    }
}
