//! The portal as far as the domain goes: records, and for each step the question to the policy and the transition that follows. Who
//! comes through the door and what becomes of a record is for the domain alone to say.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests; a step is only taken where what it names is there"
)]

use std::collections::BTreeSet;

use domain::access_code::{CodeHash, IssuedCode};
use domain::account::{Account, Role};
use domain::case::Case;
use domain::delegation::{Delegation, handed_over};
use domain::id::Id;
use domain::lock::{Lock, LockCode};
use domain::membership::Listing;
use domain::policy::{Action, Actor, HelpDeskWork, Job, Permit, Refusal, RegistryWork, authorize};
use domain::registration::{
    CounselForm, Entry, IdentityCheck, OpenRefused, RedeemRefused, Redemption, open, redeem,
    redeem_as_delegate,
};
use domain::sign_in::SignIn;
use domain::terms::Terms;
use domain::tribunal_time::Moment;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::scene::{START, account, case, moment, person, sign_in, stranger, tribunal};
use crate::step::{Answer, PEOPLE, Step, Whose, Why, WrongAnswers};

pub struct World {
    /// Whether anybody ever runs the jobs.
    jobs_run: bool,
    pub now: OffsetDateTime,
    pub sign_ins: Vec<SignIn>,
    pub accounts: Vec<Account>,
    pub codes: Vec<IssuedCode>,
    pub cases: Vec<Case>,
    pub delegations: Vec<Delegation>,
    /// Delegations that a job took off the lists.
    off_the_lists: BTreeSet<usize>,
    lock_codes_made: u32,
    pub terms: Terms,
}

pub fn id<T>(number: usize) -> Id<T> {
    Id::new(Uuid::from_u128(number as u128))
}

/// The number of an account or a delegation in the history.
pub fn number<T>(one: Id<T>) -> usize {
    usize::try_from(one.uuid().as_u128()).unwrap()
}

/// The hash of the code of that number, or of something that is no code.
fn hash(code: Option<usize>) -> CodeHash {
    CodeHash::new([code.map_or(255, |code| u8::try_from(code).unwrap()); 32])
}

impl World {
    pub fn new(jobs_run: bool) -> Self {
        Self {
            jobs_run,
            now: START,
            sign_ins: (0..PEOPLE).map(|number| sign_in(number as u128)).collect(),
            accounts: Vec::new(),
            codes: Vec::new(),
            cases: Vec::new(),
            delegations: Vec::new(),
            off_the_lists: BTreeSet::new(),
            lock_codes_made: 0,
            terms: Terms::default(),
        }
    }

    pub fn take(&mut self, step: &Step) -> Vec<Answer> {
        match *step {
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
        }
    }

    fn take_once(&mut self, step: &Step) -> Answer {
        match *step {
            Step::Wait(seconds) => self.now += Duration::seconds(seconds),
            Step::RunJobs => self.run_jobs(),
            Step::OpenRegistration { in_good_standing } => {
                return self.open_registration(in_good_standing);
            }
            Step::IssueCode { account } => return self.issue_code(account),
            Step::EnterCode { person, code } => return self.enter(person, Some(code)),
            Step::StaffBlocks { account } => {
                let code = self.lock_code();
                let account = &mut self.accounts[account];
                account.lock = account.lock.blocked_by_staff(self.now, code);
            }
            Step::Unblock(whose) => return self.unblock(whose),
            Step::ResetSignIn { account } => return self.reset_sign_in(account),
            Step::RollSays { counsel, good } => {
                let membership = &mut self.accounts[counsel].membership;
                *membership = membership.take().map(|one| one.as_listed(good, self.now));
            }
            Step::CaseGoesTo { case, counsel } => {
                self.cases[case].counsel_of_record = Some(id(counsel));
            }
            Step::Invite(invite) => return self.invite(invite),
            Step::AnswerRightly { person, delegation } => {
                return self.answer(person, delegation, true);
            }
            Step::Renew { person, delegation } => return self.renew(person, delegation),
            Step::End { person, delegation } => return self.end(person, delegation),
            Step::EnterWrongCodes { .. } | Step::AnswerWrongly(_) => {}
        }
        Ok(())
    }

    pub fn moment(&self) -> Moment {
        moment(self.now)
    }

    /// Whoever a person's sign-in makes them, just signed in.
    pub fn actor(&self, who: usize) -> Actor {
        let sign_in = &self.sign_ins[who];
        match sign_in.account() {
            Some(account) => person(self.accounts[number(account)].clone(), self.now),
            None => stranger(sign_in.clone()),
        }
    }

    fn staff(&self, role: Role) -> Actor {
        person(account(u128::MAX, role), self.now)
    }

    pub fn ask(&self, actor: &Actor, action: &Action<'_>) -> Result<Permit, Why> {
        authorize(actor, action, &self.moment(), &self.terms).map_err(|refused| {
            match &refused.why {
                Refusal::Blocked(lock_code) => self.told(lock_code),
                why => Why::Shut(why.code()),
            }
        })
    }

    /// SEC-1: the lock code that a blocked person is told is one by which the help desk finds the block.
    fn told(&self, lock_code: &LockCode) -> Why {
        assert!(self.blocked_under(lock_code).is_some(), "{lock_code}");
        Why::Shut("blocked")
    }

    fn blocked_under(&self, lock_code: &LockCode) -> Option<Whose> {
        let is_it = |lock: &Lock| {
            let block = lock.block.as_ref();
            block.is_some_and(|block| block.lock_code == *lock_code)
        };
        let person = self.sign_ins.iter().position(|one| is_it(&one.lock));
        let account = self.accounts.iter().position(|one| is_it(&one.lock));
        person
            .map(Whose::Person)
            .or_else(|| account.map(Whose::Account))
    }

    pub fn lock_code(&mut self) -> LockCode {
        self.lock_codes_made += 1;
        let mut random = [0; 32];
        random[12..16].copy_from_slice(&self.lock_codes_made.to_be_bytes());
        LockCode::from_random(random)
    }

    /// Every job asks and is let in. What leaves the lists is what tidying up may take off them.
    fn run_jobs(&mut self) {
        if !self.jobs_run {
            return;
        }
        for job in Job::ALL {
            self.ask(&Actor::job(job), &Action::RunJob(job)).unwrap();
        }
        let over = (0..)
            .zip(&self.delegations)
            .filter(|(_, one)| !one.state(self.now, &self.terms).holds_a_place())
            .map(|(number, _)| number);
        self.off_the_lists.extend(over);
    }

    fn open_registration(&mut self, in_good_standing: bool) -> Answer {
        let registry = self.staff(Role::RegistryOfficer);
        let permit = self.ask(
            &registry,
            &Action::OfRegistry(RegistryWork::OpenRegistration),
        )?;
        let number = self.accounts.len();
        let person = account(number as u128, Role::Counsel);
        let membership = person.membership.unwrap();
        let form = CounselForm {
            order: membership.order,
            membership_number: membership.number,
            name: person.name,
            email: person.email,
            cell: person.cell.unwrap(),
            language: person.language,
        };
        let check = IdentityCheck {
            document_kind: "passport".into(),
            checked_by: registry.caller().unwrap().account.id,
            checked_at: self.now,
        };
        let listing = if in_good_standing {
            Listing::InGoodStanding
        } else {
            Listing::NotInGoodStanding
        };
        let opened = open(&permit, id(number), form, &check, listing, &tribunal());
        self.accounts.push(opened.map_err(|refused| {
            assert_eq!(refused, OpenRefused::NotInGoodStanding);
            Why::NotInGoodStanding
        })?);
        self.cases.push(Case {
            id: id(self.cases.len()),
            counsel_of_record: Some(id(number)),
            ..case()
        });
        Ok(())
    }

    fn void_codes(&mut self, account: usize) {
        for code in &mut self.codes {
            if code.account == id(account) {
                *code = code.voided(self.now);
            }
        }
    }

    fn issue_code(&mut self, account: usize) -> Answer {
        let whose = &self.accounts[account];
        let action = Action::OfRegistry(RegistryWork::IssueAccessCode(whose));
        let permit = self.ask(&self.staff(Role::RegistryOfficer), &action)?;
        let number = self.codes.len();
        let issued = IssuedCode::issue(&permit, id(number), whose, hash(Some(number)), &self.terms);
        self.void_codes(account);
        self.codes.push(issued);
        Ok(())
    }

    fn enter(&mut self, person: usize, code: Option<usize>) -> Answer {
        let permit = self.ask(&self.actor(person), &Action::RedeemAccessCode)?;
        let lock_code = self.lock_code();
        let found = code.map(|code| &self.codes[code]);
        let opens = |one: &&SignIn| found.is_some_and(|code| one.account() == Some(code.account));
        let opened_by = self.sign_ins.iter().filter(opens).count();
        let entry = Entry {
            hash: hash(code),
            found: found.map(|code| (code, &self.accounts[number(code.account)])),
            opened_by,
            privacy_statement: Some("1"),
            lock_code,
        };
        let sign_in = &self.sign_ins[person];
        let delegate = sign_in.account().map(number);
        let redemption = match delegate {
            Some(account) => {
                let delegate = &self.accounts[account];
                redeem_as_delegate(&permit, delegate, sign_in, entry, &self.terms)
            }
            None => redeem(&permit, sign_in, entry, &self.terms),
        };
        match redemption {
            Redemption::Bound(bound) => {
                let account = number(bound.account.id);
                self.accounts[account] = bound.account;
                self.sign_ins[person] = bound.sign_in;
                self.codes[code.unwrap()] = bound.code;
                if let Some(before) = delegate {
                    self.accounts[account] =
                        self.accounts[account].clone().with_role(Role::Delegate);
                    let of = |account: usize| -> Vec<Delegation> {
                        let all = self.delegations.iter();
                        all.filter(|one| one.delegate() == Some(id(account)))
                            .cloned()
                            .collect()
                    };
                    let (theirs, beside) = (of(before), of(account));
                    let handed = handed_over(&permit, &theirs, &beside, id(account), &self.terms);
                    for one in handed.changed {
                        let at = number(one.id);
                        self.delegations[at] = one;
                    }
                }
                Ok(())
            }
            Redemption::Refused { sign_in, why } => {
                match delegate {
                    Some(account) => self.accounts[account].lock = sign_in.lock,
                    None => self.sign_ins[person] = *sign_in,
                }
                Err(match why {
                    RedeemRefused::Wrong { tries_left } => Why::WrongCode { tries_left },
                    RedeemRefused::Expired => Why::CodeExpired,
                    RedeemRefused::Blocked(lock_code) => self.told(&lock_code),
                    RedeemRefused::NotStanding(_) => Why::NotInGoodStanding,
                    RedeemRefused::RegisteredAlready => Why::Shut("not-for-this-actor"),
                    RedeemRefused::PrivacyStatementNotAccepted => {
                        unreachable!("the statement is accepted")
                    }
                })
            }
        }
    }

    /// The blocked person reads their lock code to the help desk, as people read.
    fn unblock(&mut self, whose: Whose) -> Answer {
        let lock = match whose {
            Whose::Person(person) => &self.sign_ins[person].lock,
            Whose::Account(account) => &self.accounts[account].lock,
        };
        let block = lock.block.as_ref().ok_or(Why::NotBlocked)?;
        let heard = LockCode::parse(&block.lock_code.as_str().to_lowercase()).unwrap();
        let help_desk = self.staff(Role::HelpDeskAgent);
        match self.blocked_under(&heard).unwrap() {
            Whose::Person(person) => {
                let action = HelpDeskWork::UnblockSignIn(&self.sign_ins[person]);
                self.ask(&help_desk, &Action::OfHelpDesk(action))?;
                self.sign_ins[person].lock = Lock::lifted();
            }
            Whose::Account(account) => {
                let action = HelpDeskWork::Unblock(&self.accounts[account]);
                let permit = self.ask(&help_desk, &Action::OfHelpDesk(action))?;
                self.accounts[account] = self.accounts[account].unblocked(&permit);
            }
        }
        Ok(())
    }

    fn reset_sign_in(&mut self, account: usize) -> Answer {
        let action = HelpDeskWork::ResetSignIn(&self.accounts[account]);
        self.ask(
            &self.staff(Role::HelpDeskAgent),
            &Action::OfHelpDesk(action),
        )?;
        self.void_codes(account);
        for sign_in in &mut self.sign_ins {
            if sign_in.account() == Some(id(account)) {
                *sign_in = sign_in.unbound();
            }
        }
        Ok(())
    }

    pub fn on_lists(&self) -> impl Iterator<Item = &Delegation> {
        let listed = (0..)
            .zip(&self.delegations)
            .filter(|(number, _)| !self.off_the_lists.contains(number));
        listed.map(|(_, one)| one)
    }
}
