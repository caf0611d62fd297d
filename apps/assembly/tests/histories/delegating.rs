//! Delegations, by the use cases of counsel and of whoever is invited.

use application::delegations::{
    DelegationError, InviteDelegate, end_delegation, invite_delegate, renew_delegation,
};
use application::invitations::{Accept, AcceptError, accept_invitation};
use domain::delegation::{AcceptRefused, Delegation, InviteRefused, Invitee, RenewalRefused};
use domain::invitation_number::InvitationNumber;
use domain::person::{Language, PersonName};

use crate::step::{Answer, Invite, Why};
use crate::world::{Portal, email, shut};

/// What counsel and every delegate agree on.
pub const ANSWER: &str = "In Montréal";

fn why(error: DelegationError) -> Why {
    match error {
        DelegationError::UseCase(error) => shut(&error),
        DelegationError::Invite(InviteRefused::AlreadyDelegate) => Why::AlreadyDelegate,
        DelegationError::Invite(InviteRefused::NoPlaceLeft(4)) => Why::NoPlaceLeft,
        DelegationError::Invite(InviteRefused::TooManyToday(20)) => Why::TooManyToday,
        DelegationError::Renewal(RenewalRefused::NotAccepted) => Why::NotAccepted,
        DelegationError::Renewal(RenewalRefused::Lapsed) => Why::Lapsed,
        DelegationError::Renewal(RenewalRefused::Ended) => Why::Ended,
        DelegationError::End(_) => Why::OverAlready,
        other => unreachable!("{other:?}"),
    }
}

impl Portal {
    pub async fn delegation(&self, number: usize) -> Delegation {
        let mut records = self.app.storage.read().await.unwrap();
        let found = records.delegations().by_id(self.delegations[number]).await;
        found.unwrap().unwrap()
    }

    pub async fn invite(&mut self, invite: Invite) -> Answer {
        let wish = InviteDelegate {
            invitee: Invitee {
                name: PersonName::new("Given", "Delegate").unwrap(),
                email: email(&format!("invitee-{}", invite.invitee)),
                language: Language::English,
            },
            questions: vec![("Where did we meet?".to_owned(), ANSWER.to_owned().into())],
            accepts_terms: true,
            idempotency_key: None,
        };
        let actor = self.just_signed_in(invite.person).await;
        let counsel = self.accounts[invite.counsel];
        let invited = invite_delegate(&self.app, &actor, counsel, &wish).await;
        self.delegations.push(invited.map_err(why)?.delegation.id);
        Ok(())
    }

    pub async fn answer(&mut self, person: usize, delegation: usize, answer: &str) -> Answer {
        let invitation = self.delegations[delegation];
        let wish = Accept {
            invitation,
            number: Some(InvitationNumber::of(invitation)),
            answers: vec![answer.to_owned().into()],
            accepts_privacy_statement: true,
            idempotency_key: None,
        };
        let actor = self.actor(person).await;
        match accept_invitation(&self.app, &actor, None, &wish).await {
            Ok(accepted) => {
                if !self.accounts.contains(&accepted.account.id) {
                    self.accounts.push(accepted.account.id);
                }
                Ok(())
            }
            Err(AcceptError::UseCase(error)) => Err(shut(&error)),
            Err(AcceptError::Refused(AcceptRefused::NotOpen)) => Err(Why::NotOpen),
            Err(AcceptError::Refused(AcceptRefused::Oneself)) => Err(Why::Oneself),
            Err(AcceptError::Refused(AcceptRefused::AlreadyDelegate)) => Err(Why::ActsAlready),
            Err(AcceptError::Refused(AcceptRefused::HasAccount)) => Err(Why::HasAccount),
            // Whoever is blocked by the last try is told at once; the model tells so at the next.
            Err(AcceptError::Wrong { .. } | AcceptError::Blocked(_)) => Err(Why::WrongAnswer),
            Err(other) => unreachable!("{other:?}"),
        }
    }

    pub async fn renew(&mut self, person: usize, delegation: usize) -> Answer {
        let actor = self.just_signed_in(person).await;
        let counsel = self.delegation(delegation).await.counsel;
        let id = self.delegations[delegation];
        let renewed = renew_delegation(&self.app, &actor, counsel, id, None).await;
        renewed.map(drop).map_err(why)
    }

    pub async fn end(&mut self, person: usize, delegation: usize) -> Answer {
        let actor = self.just_signed_in(person).await;
        let counsel = self.delegation(delegation).await.counsel;
        let id = self.delegations[delegation];
        let ended = end_delegation(&self.app, &actor, counsel, id, None).await;
        ended.map(drop).map_err(why)
    }
}
