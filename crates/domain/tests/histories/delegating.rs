//! What the world does about delegations: each asks the policy first, as whoever the person is and with the delegation they have.
#![expect(
    clippy::indexing_slicing,
    reason = "these are tests; a step is only taken where what it names is there"
)]

use domain::account::{Account, Role};
use domain::delegation::{AcceptRefused, Delegation, EndRefused, InviteRefused, RenewalRefused};
use domain::lock::Cause;
use domain::policy::{Action, CounselWork, Representation};

use crate::scene::{account, invitation};
use crate::step::{Answer, Invite, Why};
use crate::world::{World, id, number};

impl World {
    /// The counsel, and of the delegations that link a person to them the one that gives access.
    fn representation(&self, person: usize, counsel: usize) -> Representation {
        let account = self.sign_ins[person].account();
        let delegation = self.on_lists().find(|one| {
            one.counsel == id(counsel)
                && one.delegate() == account
                && one.state(self.now, &self.terms).gives_access()
        });
        Representation {
            counsel: self.accounts[counsel].clone(),
            delegation: delegation.cloned(),
        }
    }

    pub fn invite(&mut self, invite: Invite) -> Answer {
        let Invite {
            person,
            counsel,
            invitee,
        } = invite;
        let representation = self.representation(person, counsel);
        let action = Action::OfCounsel(&representation, CounselWork::InviteDelegate);
        let permit = self.ask(&self.actor(person), &action)?;
        let invited = Delegation::invite(
            &permit,
            id(self.delegations.len()),
            &representation.counsel,
            invitation(invitee.into()),
            &self.delegations,
            &self.accounts,
            &self.terms,
        );
        self.delegations
            .push(invited.map_err(|refused| match refused {
                InviteRefused::AlreadyDelegate => Why::AlreadyDelegate,
                InviteRefused::NoPlaceLeft(4) => Why::NoPlaceLeft,
                InviteRefused::TooManyToday(20) => Why::TooManyToday,
                other => unreachable!("{other}: the invitation itself is in order"),
            })?);
        Ok(())
    }

    pub fn answer(&mut self, person: usize, delegation: usize, right: bool) -> Answer {
        let invited = &self.delegations[delegation];
        let permit = self.ask(&self.actor(person), &Action::AnswerInvitation(invited))?;
        let known = self.sign_ins[person].account().map(number);
        let delegate = known.unwrap_or(self.accounts.len());
        let accepted = invited.accept(
            &permit,
            id(delegate),
            &[right],
            &self.delegations,
            &self.terms,
        );
        let may_register = |accepted: Delegation| match known {
            Some(_) => Ok(accepted),
            None => invited
                .may_register_invitee(&self.accounts)
                .map(|()| accepted),
        };
        let accepted = match accepted.and_then(may_register) {
            Ok(accepted) => accepted,
            Err(AcceptRefused::HasAccount) => return Err(Why::HasAccount),
            Err(AcceptRefused::NotOpen) => return Err(Why::NotOpen),
            Err(AcceptRefused::Oneself) => return Err(Why::Oneself),
            Err(AcceptRefused::AlreadyDelegate) => return Err(Why::ActsAlready),
            Err(AcceptRefused::WrongAnswer) => {
                let lock_code = self.lock_code();
                let lock = match known {
                    Some(account) => &mut self.accounts[account].lock,
                    None => &mut self.sign_ins[person].lock,
                };
                *lock = lock.wrong_try(self.now, Cause::WrongAnswers, lock_code, &self.terms);
                let is_blocked = lock.block.is_some();
                let answered = self.delegations[delegation].answered_wrongly(&permit, &self.terms);
                let is_closed = answered.ended_at.is_some() && !is_blocked;
                self.delegations[delegation] = answered;
                return Err(if is_closed {
                    Why::NotOpen
                } else {
                    Why::WrongAnswer
                });
            }
        };
        if known.is_none() {
            let opened = Account {
                registered_at: None,
                email: self.delegations[delegation].invitee.email.clone(),
                ..account(delegate as u128, Role::Delegate)
            };
            let opened = opened.registered(&permit, "1");
            self.sign_ins[person] = self.sign_ins[person].bound_to(&opened, self.now);
            self.accounts.push(opened);
        }
        let account = self.accounts[delegate].with_role(Role::Delegate);
        self.accounts[delegate] = Account {
            lock: account.lock.right_try(),
            ..account
        };
        self.delegations[delegation] = accepted;
        Ok(())
    }

    pub fn renew(&mut self, person: usize, delegation: usize) -> Answer {
        let one = &self.delegations[delegation];
        let representation = self.representation(person, number(one.counsel));
        let action = Action::OfCounsel(&representation, CounselWork::RenewDelegation(one));
        let permit = self.ask(&self.actor(person), &action)?;
        let renewed = one.renew(&permit, &self.delegations, &self.terms);
        self.delegations[delegation] = renewed.map_err(|refused| match refused {
            RenewalRefused::NotAccepted => Why::NotAccepted,
            RenewalRefused::Lapsed => Why::Lapsed,
            RenewalRefused::Ended => Why::Ended,
        })?;
        Ok(())
    }

    pub fn end(&mut self, person: usize, delegation: usize) -> Answer {
        let one = &self.delegations[delegation];
        let representation = self.representation(person, number(one.counsel));
        let action = Action::OfCounsel(&representation, CounselWork::EndDelegation(one));
        let permit = self.ask(&self.actor(person), &action)?;
        let ended = one.end(&permit, &self.terms);
        self.delegations[delegation] = ended.map_err(|EndRefused::OverAlready| Why::OverAlready)?;
        Ok(())
    }
}
