//! What the requirements say of registration, sign-ins and delegations, in plain numbers: seconds, tries, places. It knows the
//! requirements alone and nothing of the domain's code.
#![expect(
    clippy::indexing_slicing,
    reason = "these are tests; a step is only taken where what it names is there"
)]

use crate::records::{Account, Code, DAY, Delegation, Person, Tries};
use crate::step::{Answer, Fact, Invite, PEOPLE, Seen, Step, Whose, Why, WrongAnswers};

/// In which capacity somebody acts for a counsel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Counsel,
    Delegate,
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub now: i64,
    pub people: [Person; PEOPLE],
    pub accounts: Vec<Account>,
    pub codes: Vec<Code>,
    /// The counsel of record of each case.
    pub cases: Vec<usize>,
    pub delegations: Vec<Delegation>,
    /// What the last step was answered, as often as it was tried.
    pub answers: Vec<Answer>,
}

impl Model {
    pub fn take(&mut self, step: &Step) {
        self.answers = match *step {
            Step::EnterWrongCodes { person, times } => {
                (0..times).map(|_| self.enter(person, None)).collect()
            }
            Step::AnswerWrongly(WrongAnswers {
                person,
                delegation,
                times,
            }) => (0..times)
                .map(|_| self.answer(person, delegation, false))
                .collect(),
            _ => vec![self.take_once(step)],
        };
    }

    fn take_once(&mut self, step: &Step) -> Answer {
        match *step {
            Step::Wait(seconds) => self.now += seconds,
            Step::OpenRegistration {
                in_good_standing: false,
            } => return Err(Why::NotInGoodStanding),
            Step::OpenRegistration { .. } => {
                self.cases.push(self.accounts.len());
                self.accounts.push(Account {
                    counsel: true,
                    good_standing: true,
                    registered: None,
                    invitee: None,
                    tries: Tries::default(),
                });
            }
            Step::IssueCode { account } => {
                self.void_codes(account);
                self.codes.push(Code {
                    account,
                    issued: self.now,
                    void: false,
                    used: false,
                });
            }
            Step::EnterCode { person, code } => return self.enter(person, Some(code)),
            Step::StaffBlocks { account } => self.accounts[account].tries.blocked = true,
            Step::Unblock(whose) => return self.unblock(whose),
            Step::ResetSignIn { account } => {
                self.void_codes(account);
                for person in &mut self.people {
                    person.opens = person.opens.filter(|opened| *opened != account);
                }
            }
            Step::RollSays { counsel, good } => self.accounts[counsel].good_standing = good,
            Step::CaseGoesTo { case, counsel } => self.cases[case] = counsel,
            Step::Invite(invite) => return self.invite(invite),
            Step::AnswerRightly { person, delegation } => {
                return self.answer(person, delegation, true);
            }
            Step::Renew { person, delegation } => return self.renew(person, delegation),
            Step::End { person, delegation } => return self.end(person, delegation),
            Step::RunJobs | Step::EnterWrongCodes { .. } | Step::AnswerWrongly(_) => {}
        }
        Ok(())
    }

    /// REG-2: a new code voids the old.
    fn void_codes(&mut self, account: usize) {
        for code in self.codes.iter_mut().filter(|code| code.account == account) {
            code.void = true;
        }
    }

    /// SEC-1: who is blocked gets no further; the account is looked at where there is one.
    fn tries_of(&mut self, person: usize) -> &mut Tries {
        match self.people[person].opens {
            Some(account) => &mut self.accounts[account].tries,
            None => &mut self.people[person].tries,
        }
    }

    /// REG-2, REG-3.
    fn enter(&mut self, person: usize, code: Option<usize>) -> Answer {
        if self.tries_of(person).blocked {
            return Err(Why::Shut("blocked"));
        }
        // Who is a delegate and nothing else may have become counsel, with a registration of their own (REG-4).
        let delegate = self.people[person].opens;
        if delegate.is_some_and(|account| self.accounts[account].counsel) {
            return Err(Why::Shut("not-for-this-actor"));
        }
        // Or they had an account before, whose sign-in was reset (REG-6).
        let is_opened = |code: usize| {
            let account = Some(self.codes[code].account);
            self.people.iter().any(|person| person.opens == account)
        };
        if delegate.is_some() && code.is_some_and(is_opened) {
            return Err(Why::Shut("not-for-this-actor"));
        }
        let state = code.map_or("none", |code| self.codes[code].state(self.now));
        let (Some(code), "usable") = (code, state) else {
            let tries = self.tries_of(person);
            tries.wrong_one();
            return Err(match tries.wrong {
                5 => Why::Shut("blocked"),
                _ if state == "expired" => Why::CodeExpired,
                wrong => Why::WrongCode {
                    tries_left: 5 - wrong,
                },
            });
        };
        let number = self.codes[code].account;
        let account = &mut self.accounts[number];
        if account.tries.blocked {
            return Err(Why::Shut("blocked"));
        }
        if account.counsel && !account.good_standing {
            return Err(Why::NotInGoodStanding);
        }
        account.registered = account.registered.or(Some(self.now));
        account.tries.wrong = 0;
        self.people[person] = Person {
            opens: Some(number),
            tries: Tries::default(),
        };
        self.codes[code].used = true;
        if let Some(before) = delegate {
            self.hand_over(before, number);
        }
        Ok(())
    }

    /// REG-4, DEL-1, DEL-3: what a person had as `before` they have as `number` from then on: of each counsel once, as long as the longer one
    /// lasts, and never of themselves.
    fn hand_over(&mut self, before: usize, number: usize) {
        for counsel in 0..self.accounts.len() {
            let of_them =
                (0..).zip(&self.delegations).filter_map(|(at, one)| {
                    let (whose, began) = one.running?;
                    let is_theirs = whose == before || whose == number;
                    (is_theirs && one.counsel == counsel && one.holds_a_place(self.now))
                        .then_some((began, whose == number, at))
                });
            let mut of_them: Vec<(i64, bool, usize)> = of_them.collect();
            of_them.sort_unstable();
            if counsel != number {
                of_them.pop();
            }
            for (_, _, at) in of_them {
                self.delegations[at].ended = true;
            }
        }
        for one in self
            .delegations
            .iter_mut()
            .filter(|one| one.counsel != number)
        {
            if let Some((whose, _)) = &mut one.running
                && *whose == before
            {
                *whose = number;
            }
        }
    }

    fn unblock(&mut self, whose: Whose) -> Answer {
        let tries = match whose {
            Whose::Person(person) => &mut self.people[person].tries,
            Whose::Account(account) => &mut self.accounts[account].tries,
        };
        if !tries.blocked {
            return Err(Why::NotBlocked);
        }
        *tries = Tries::default();
        Ok(())
    }

    /// DEL-3, DEL-5, DEL-8: as what a person acts for a counsel, or why not.
    fn acts(&self, person: usize, counsel: usize) -> Result<As, Why> {
        let Person { opens, tries } = self.people[person];
        match opens {
            None if tries.blocked => Err(Why::Shut("blocked")),
            None => Err(Why::Shut("no-account")),
            Some(account) => self.account_acts(account, counsel),
        }
    }

    fn account_acts(&self, account: usize, counsel: usize) -> Result<As, Why> {
        let delegated = || {
            let mut all = self.delegations.iter();
            all.any(|one| one.counsel == counsel && one.opens_cases_to(account, self.now))
        };
        let who = if self.accounts[account].tries.blocked {
            return Err(Why::Shut("blocked"));
        } else if account == counsel {
            As::Counsel
        } else if delegated() {
            As::Delegate
        } else {
            return Err(Why::Shut("no-access"));
        };
        let behind = &self.accounts[counsel];
        if behind.good_standing && !behind.tries.blocked {
            Ok(who)
        } else {
            Err(Why::Shut("counsel-not-standing"))
        }
    }

    fn counsel_in_person(&self, person: usize, counsel: usize) -> Answer {
        match self.acts(person, counsel)? {
            As::Counsel => Ok(()),
            As::Delegate => Err(Why::Shut("not-for-delegates")),
        }
    }

    /// DEL-1.
    fn invite(&mut self, invite: Invite) -> Answer {
        let Invite {
            person,
            counsel,
            invitee,
        } = invite;
        self.counsel_in_person(person, counsel)?;
        let held = self.held_by(counsel);
        let has_the_address = |one: &Delegation| {
            let account = one.running.map(|(account, _)| self.accounts[account]);
            one.invitee == invitee || account.is_some_and(|them| them.invitee == Some(invitee))
        };
        if held.clone().any(has_the_address) {
            return Err(Why::AlreadyDelegate);
        }
        if held.count() == 4 {
            return Err(Why::NoPlaceLeft);
        }
        let of_today = |one: &&Delegation| one.counsel == counsel && self.now - one.invited < DAY;
        if self.delegations.iter().filter(of_today).count() >= 20 {
            return Err(Why::TooManyToday);
        }
        self.delegations.push(Delegation {
            counsel,
            invitee,
            invited: self.now,
            running: None,
            wrong_answers: 0,
            ended: false,
        });
        Ok(())
    }

    fn held_by(&self, counsel: usize) -> impl Iterator<Item = &Delegation> + Clone {
        self.delegations
            .iter()
            .filter(move |one| one.counsel == counsel && one.holds_a_place(self.now))
    }

    /// DEL-1, DEL-2, REG-4.
    fn answer(&mut self, person: usize, delegation: usize, right: bool) -> Answer {
        if self.tries_of(person).blocked {
            return Err(Why::Shut("blocked"));
        }
        let opens = self.people[person].opens;
        if self.delegations[delegation].state(self.now) != "invited" {
            return Err(Why::NotOpen);
        }
        if opens == Some(self.delegations[delegation].counsel) {
            return Err(Why::Oneself);
        }
        let theirs = |one: &Delegation| one.running.is_some_and(|(whose, _)| Some(whose) == opens);
        if self
            .held_by(self.delegations[delegation].counsel)
            .any(theirs)
        {
            return Err(Why::ActsAlready);
        }
        if !right {
            self.tries_of(person).wrong_one();
            let one = &mut self.delegations[delegation];
            one.wrong_answers += 1;
            one.ended = one.wrong_answers == 10;
            let is_closed = one.ended && !self.tries_of(person).blocked;
            return Err(if is_closed {
                Why::NotOpen
            } else {
                Why::WrongAnswer
            });
        }
        let invitee = Some(self.delegations[delegation].invitee);
        if opens.is_none() && self.accounts.iter().any(|one| one.invitee == invitee) {
            return Err(Why::HasAccount);
        }
        self.tries_of(person).wrong = 0;
        let account = opens.unwrap_or(self.accounts.len());
        if opens.is_none() {
            self.accounts.push(Account {
                counsel: false,
                good_standing: false,
                registered: Some(self.now),
                invitee,
                tries: Tries::default(),
            });
            self.people[person].opens = Some(account);
        }
        self.delegations[delegation].running = Some((account, self.now));
        Ok(())
    }

    /// DEL-4.
    fn renew(&mut self, person: usize, delegation: usize) -> Answer {
        self.counsel_in_person(person, self.delegations[delegation].counsel)?;
        let one = &mut self.delegations[delegation];
        match (one.state(self.now), &mut one.running) {
            ("active" | "renewal-due" | "expired", Some((_, began))) => *began = self.now,
            ("ended", _) => return Err(Why::Ended),
            ("lapsed", _) => return Err(Why::Lapsed),
            _ => return Err(Why::NotAccepted),
        }
        Ok(())
    }

    /// DEL-3.
    fn end(&mut self, person: usize, delegation: usize) -> Answer {
        self.counsel_in_person(person, self.delegations[delegation].counsel)?;
        let one = &mut self.delegations[delegation];
        if !one.holds_a_place(self.now) {
            return Err(Why::OverAlready);
        }
        one.ended = true;
        Ok(())
    }

    pub fn seen(&self) -> Seen {
        let codes = (0..).zip(&self.codes).map(|(number, one)| Fact::Code {
            number,
            state: one.state(self.now),
        });
        let people = (0..).zip(&self.people).map(|(number, one)| Fact::Person {
            number,
            opens: one.opens,
            wrong_tries: one.tries.wrong,
            blocked: one.tries.blocked,
        });
        let accounts = (0..)
            .zip(&self.accounts)
            .map(|(number, one)| Fact::Account {
                number,
                registered: one.registered,
                wrong_tries: one.tries.wrong,
                blocked: one.tries.blocked,
                places: self.held_by(number).count(),
            });
        let delegations = (0..).zip(&self.delegations).map(|(number, one)| {
            let days = |began: i64| [50, 60, 70].map(|days| began + days * DAY);
            Fact::Delegation {
                number,
                state: one.state(self.now),
                deadlines: one.running.map(|(_, began)| days(began)),
            }
        });
        let mut seen: Seen = codes.chain(people).chain(accounts).collect();
        seen.extend(delegations);
        self.who_gets_in(&mut seen);
        seen
    }

    /// CASE-1, DEL-5, DEL-6.
    fn who_gets_in(&self, seen: &mut Seen) {
        for counsel in (0..self.accounts.len()).filter(|number| self.accounts[*number].counsel) {
            let accounts = 0..self.accounts.len();
            let acting = accounts.filter(|account| self.account_acts(*account, counsel).is_ok());
            seen.extend(acting.map(|account| Fact::ActsFor { account, counsel }));
            let cases = (0..self.cases.len()).filter(|case| self.cases[*case] == counsel);
            for case in cases {
                let people = (0..PEOPLE).filter(|person| self.acts(*person, counsel).is_ok());
                seen.extend(people.map(|person| Fact::Sees {
                    person,
                    counsel,
                    case,
                }));
            }
        }
    }
}
