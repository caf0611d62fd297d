//! Delegation: the counsel's list, invitations, renewals and ends, and a delegate's own invitations (DEL-1 … DEL-4).

use std::sync::Arc;

use application::Application;
use application::delegations::{
    Delegated, InviteDelegate, end_delegation, invite_delegate, list_delegations, renew_delegation,
};
use application::invitations::{Accept, accept_invitation, find_invitation, list_invitations};
use domain::delegation::Invitee;
use domain::id::Id;
use domain::person::{EmailAddress, Language, PersonName};
use domain::terms::Terms;
use poem::Request;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Group;
use super::paging::part;
use super::shapes::rfc3339;
use crate::Web;
use crate::caller::{self, SignedIn};
use crate::entered::invitation_number;
use crate::problem::{Kind, Problem};

pub(super) struct Delegations;

/// A delegate as they are now; before the invitation is accepted as counsel described them.
#[derive(Object)]
struct Delegate {
    /// Null before the invitation is accepted.
    account_id: Option<Uuid>,
    given_name: String,
    family_name: String,
    email: String,
}

/// A delegation.
#[derive(Object)]
struct Delegation {
    id: Uuid,
    /// `invited`, `active`, `renewal-due` or `expired`; `ended` in the answer that ends it.
    state: String,
    /// Whether the delegate cannot get in at present, whatever the state, because they are blocked.
    blocked: bool,
    delegate: Delegate,
    invited_at: String,
    /// When an invitation that nobody takes up lapses; null once accepted.
    lapses_at: Option<String>,
    /// From when on access is blocked; null before acceptance.
    ends_at: Option<String>,
    /// Until when, and not including, it can be renewed; null before acceptance.
    renewable_until: Option<String>,
}

impl Delegation {
    /// As it is at `now`.
    fn new(delegated: &Delegated, terms: &Terms, now: OffsetDateTime) -> Self {
        let delegation = &delegated.delegation;
        let name = delegated.name();
        let waits = delegation.running.is_none();
        Self {
            id: delegation.id.uuid(),
            state: delegation.state(now, terms).code().to_owned(),
            blocked: delegated.is_blocked(),
            delegate: Delegate {
                account_id: delegation.delegate().map(Id::uuid),
                given_name: name.given().to_owned(),
                family_name: name.family().to_owned(),
                email: delegated.email().as_str().to_owned(),
            },
            invited_at: rfc3339(delegation.invited_at),
            lapses_at: waits.then(|| rfc3339(delegation.lapses_at(terms))),
            ends_at: delegation.ends_at(terms).map(rfc3339),
            renewable_until: delegation.renewable_until(terms).map(rfc3339),
        }
    }
}

/// Delegations.
#[derive(Object)]
struct DelegationPage {
    items: Vec<Delegation>,
    next_cursor: Option<String>,
}

/// A secret question and the answer that counsel and delegate share.
#[derive(Object)]
struct QuestionAndAnswer {
    question: String,
    answer: String,
}

/// Whom to invite.
#[derive(Object)]
struct InvitationToSend {
    given_name: String,
    family_name: String,
    email: String,
    /// `fr` or `en`.
    language: String,
    questions: Vec<QuestionAndAnswer>,
    /// Whether the terms of delegation are accepted; nobody is invited where they are not.
    #[oai(default)]
    accept_terms: bool,
}

/// Invited.
#[derive(ApiResponse)]
enum Sent {
    /// Invited
    #[oai(status = 201)]
    Created(Json<Delegation>),
}

/// Who invites.
#[derive(Object)]
struct Inviting {
    account_id: Uuid,
    name: String,
}

/// An invitation to me.
#[derive(Object)]
struct InvitationToMe {
    id: Uuid,
    counsel: Inviting,
    /// To be answered in this order.
    questions: Vec<String>,
    lapses_at: String,
}

/// Invitations to me.
#[derive(Object)]
struct InvitationPage {
    items: Vec<InvitationToMe>,
    next_cursor: Option<String>,
}

/// The answers.
#[derive(Object)]
struct Acceptance {
    /// In the order of the questions. Letter case, accents and spaces do not matter.
    answers: Vec<String>,
    /// The number in the invitation's e-mail; only where the invitation was found by it.
    number: Option<String>,
    /// Who is registered by accepting accepts the privacy statement that the portal shows; `false` refuses (PRIV-1).
    #[oai(default = "accepted")]
    accept_privacy_statement: bool,
}

const fn accepted() -> bool {
    true
}

/// Accepted.
#[derive(ApiResponse)]
enum Accepted {
    /// The delegation runs
    #[oai(status = 200)]
    Running(
        Json<Delegation>,
        /// The session of somebody who is registered by it goes on under a new value
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
}

#[OpenApi]
impl Delegations {
    /// The delegates who hold a place
    #[oai(
        path = "/counsels/:counsel/delegations",
        method = "get",
        operation_id = "listDelegations",
        tag = "Group::Delegation"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<DelegationPage>, Problem> {
        let held = list_delegations(&app, &who.0, Id::new(counsel.0)).await?;
        let items = held
            .listed
            .iter()
            .map(|one| Delegation::new(&one.delegated, &app.terms, held.at));
        let (items, next_cursor) = part(items.collect(), cursor.0, limit.0, |one: &Delegation| {
            one.id
        })?;
        Ok(Json(DelegationPage { items, next_cursor }))
    }

    /// Invite a delegate
    #[oai(
        path = "/counsels/:counsel/delegations",
        method = "post",
        operation_id = "inviteDelegate",
        tag = "Group::Delegation"
    )]
    async fn invite(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        invitation: Json<InvitationToSend>,
    ) -> Result<Sent, Problem> {
        let Json(invitation) = invitation;
        let questions = invitation.questions.into_iter();
        let wish = InviteDelegate {
            invitee: Invitee {
                name: PersonName::new(&invitation.given_name, &invitation.family_name)?,
                email: EmailAddress::parse(&invitation.email)?,
                language: Language::from_code(&invitation.language)
                    .ok_or(Kind::LanguageUnusable)?,
            },
            questions: questions
                .map(|one| (one.question, one.answer.into()))
                .collect(),
            accepts_terms: invitation.accept_terms,
            idempotency_key: idempotency_key.0,
        };
        let invited = invite_delegate(&app, &who.0, Id::new(counsel.0), &wish).await?;
        let shown = Delegation::new(&invited, &app.terms, app.clock.now());
        Ok(Sent::Created(Json(shown)))
    }

    /// Renew a delegation for another term
    #[oai(
        path = "/counsels/:counsel/delegations/:delegation/renewal",
        method = "post",
        operation_id = "renewDelegation",
        tag = "Group::Delegation"
    )]
    async fn renew(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The delegation
        delegation: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Json<Delegation>, Problem> {
        let (counsel, delegation) = (Id::new(counsel.0), Id::new(delegation.0));
        let key = idempotency_key.0.as_deref();
        let renewed = renew_delegation(&app, &who.0, counsel, delegation, key).await?;
        let shown = Delegation::new(&renewed, &app.terms, app.clock.now());
        Ok(Json(shown))
    }

    /// End a delegation, or withdraw an invitation
    #[oai(
        path = "/counsels/:counsel/delegations/:delegation",
        method = "delete",
        operation_id = "endDelegation",
        tag = "Group::Delegation"
    )]
    async fn end(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The delegation
        delegation: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Json<Delegation>, Problem> {
        let (counsel, delegation) = (Id::new(counsel.0), Id::new(delegation.0));
        let key = idempotency_key.0.as_deref();
        let ended = end_delegation(&app, &who.0, counsel, delegation, key).await?;
        let shown = Delegation::new(&ended, &app.terms, app.clock.now());
        Ok(Json(shown))
    }

    /// Invitations to me
    #[oai(
        path = "/invitations",
        method = "get",
        operation_id = "listInvitations",
        tag = "Group::Delegation"
    )]
    async fn invitations(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The number in an invitation's e-mail, where no sign-in service says my address
        number: Query<Option<String>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<InvitationPage>, Problem> {
        let mut invited = list_invitations(&app, &who.0).await?;
        if let Some(number) = number.0.filter(|number| !number.trim().is_empty()) {
            let found = find_invitation(&app, &who.0, &invitation_number(&number)?).await?;
            if invited
                .iter()
                .all(|one| one.delegation.id != found.delegation.id)
            {
                invited.push(found);
            }
        }
        let items = invited.into_iter().map(|one| InvitationToMe {
            id: one.delegation.id.uuid(),
            counsel: Inviting {
                account_id: one.counsel.id.uuid(),
                name: one.counsel.name.to_string(),
            },
            lapses_at: rfc3339(one.delegation.lapses_at(&app.terms)),
            questions: one
                .delegation
                .questions
                .into_iter()
                .map(|asked| asked.question)
                .collect(),
        });
        let (items, next_cursor) = part(
            items.collect(),
            cursor.0,
            limit.0,
            |one: &InvitationToMe| one.id,
        )?;
        Ok(Json(InvitationPage { items, next_cursor }))
    }

    /// Accept an invitation
    ///
    /// Five wrong tries block (423, with `lock_code`). Whoever has an account that this sign-in does not open enters an access code first
    /// (409, `has-account`).
    #[oai(
        path = "/invitations/:invitation/acceptance",
        method = "post",
        operation_id = "acceptInvitation",
        tag = "Group::Delegation"
    )]
    async fn accept(
        &self,
        web: Data<&Arc<Web>>,
        request: &Request,
        who: SignedIn,
        /// The invitation
        invitation: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        answers: Json<Acceptance>,
    ) -> Result<Accepted, Problem> {
        let session = caller::presented(request, web.secure);
        let Json(entered) = answers;
        let wish = Accept {
            invitation: Id::new(invitation.0),
            answers: entered.answers.into_iter().map(Into::into).collect(),
            number: entered
                .number
                .as_deref()
                .map(invitation_number)
                .transpose()?,
            accepts_privacy_statement: entered.accept_privacy_statement,
            idempotency_key: idempotency_key.0,
        };
        let accepted = accept_invitation(&web.app, &who.0, session.as_ref(), &wish).await?;
        let cookie = accepted
            .secret
            .map(|secret| caller::cookie(web.secure, &secret));
        let delegated = Delegated {
            delegation: accepted.delegation,
            delegate: Some(accepted.account),
        };
        let shown = Delegation::new(&delegated, &web.app.terms, web.app.clock.now());
        Ok(Accepted::Running(Json(shown), cookie))
    }
}
