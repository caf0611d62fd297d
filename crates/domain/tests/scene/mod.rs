//! Who and what the domain's tests are about: one counsel, delegates, a case, and permits for each act.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these are tests, though not marked as such"
)]
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part of the scene"
)]

use std::collections::BTreeSet;

use domain::account::{Account, AccountId, Role};
use domain::case::{Case, FileNumber};
use domain::code::Code;
use domain::delegation::{Invitation, Invitee, SecretQuestion};
use domain::document::{FileName, MediaType, Sha256};
use domain::id::Id;
use domain::inbox::{Addressee, InboxItem, SendRefused, Sent};
use domain::lock::Lock;
use domain::membership::{Membership, MembershipNumber};
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::policy::{Action, Actor, CounselWork, Means, Permit, Representation, Who, authorize};
use domain::sign_in::{SignIn, SignInIdentity};
use domain::terms::Terms;
use domain::tribunal::{Bilingual, ListedOrder, Named, Tribunal};
use domain::tribunal_time::{LocalTime, Moment, TribunalDay, ZoneName, Zones};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

pub const START: OffsetDateTime = datetime!(2026-01-05 09:00 UTC);
pub const COUNSEL: AccountId = Id::new(Uuid::from_u128(1));

pub fn moment(at: OffsetDateTime) -> Moment {
    Moment {
        at,
        today: TribunalDay(at.date()),
    }
}

pub fn account(number: u128, role: Role) -> Account {
    Account {
        id: Id::new(Uuid::from_u128(number)),
        name: PersonName::new("Given", "Family").unwrap(),
        email: EmailAddress::parse(&format!("person-{number}@example.test")).unwrap(),
        cell: Some(Telephone::parse("514 555 0123").unwrap()),
        language: Language::French,
        roles: BTreeSet::from([role]),
        membership: (role == Role::Counsel).then(|| Membership {
            order: Code::parse("barreau-du-quebec").unwrap(),
            number: Some(MembershipNumber::parse("1").unwrap()),
            lost_standing_at: None,
        }),
        lock: Lock::default(),
        opened_at: START,
        registered_at: Some(START),
        privacy_statement: Some("1".into()),
    }
}

pub fn counsel() -> Account {
    account(1, Role::Counsel)
}

pub fn case() -> Case {
    Case {
        id: Id::new(Uuid::from_u128(1)),
        file_number: FileNumber::parse("TB9-00001").unwrap(),
        division: Code::parse("RPD").unwrap(),
        region: Code::parse("western").unwrap(),
        status: Code::parse("active").unwrap(),
        principal_file_number: None,
        client_ids: Vec::new(),
        parties: Vec::new(),
        retainer_limits: None,
        events: Vec::new(),
        cancelled_events: Vec::new(),
        decisions: Vec::new(),
        final_decision_on: None,
        counsel_of_record: Some(COUNSEL),
        updated_at: START,
    }
}

pub fn person(account: Account, at: OffsetDateTime) -> Actor {
    Actor::account(account, Means::SignIn { at }, None)
}

/// A sign-in that opens nothing yet.
pub fn sign_in(number: u128) -> SignIn {
    let identity = SignInIdentity {
        issuer: "issuer".into(),
        subject: format!("subject-{number}"),
    };
    SignIn::first_seen(Id::new(Uuid::from_u128(number)), identity, START)
}

pub fn stranger(sign_in: SignIn) -> Actor {
    Actor {
        who: Who::Stranger(Box::new(sign_in)),
        from: None,
    }
}

/// A world with one zone, where clocks show UTC.
struct OneZone;

impl Zones for OneZone {
    fn knows(&self, _: &str) -> bool {
        true
    }

    fn local(&self, _: &ZoneName, at: OffsetDateTime) -> LocalTime {
        LocalTime {
            at,
            abbreviation: "UTC".into(),
        }
    }

    fn first_of(&self, _: &ZoneName, day: time::Date) -> OffsetDateTime {
        day.midnight().assume_utc()
    }
}

/// A tribunal that lists one order, whose members have numbers.
pub fn tribunal() -> Tribunal {
    let said = |text: &str| Bilingual {
        french: text.into(),
        english: text.into(),
    };
    Tribunal {
        name: said("Tribunal"),
        short_name: said("T"),
        help_desk: Telephone::parse("514 555 0100").unwrap(),
        zone: ZoneName::parse("America/Toronto", &OneZone).unwrap(),
        divisions: Vec::new(),
        regions: Vec::new(),
        document_types: Vec::new(),
        tribunal_document_types: vec![Named {
            code: Code::parse("decision").unwrap(),
            name: said("Décision"),
        }],
        orders: vec![ListedOrder {
            named: Named {
                code: Code::parse("barreau-du-quebec").unwrap(),
                name: said("Barreau du Québec"),
            },
            issues_numbers: true,
        }],
        accepted: BTreeSet::new(),
        delegation_terms_version: "1".into(),
        privacy_statement_version: "1".into(),
    }
}

pub fn itself(counsel: &Account) -> Representation {
    Representation {
        counsel: counsel.clone(),
        delegation: None,
    }
}

/// A permit of the counsel's for their delegates; any permit carries the instant, which is what transitions take from it.
pub fn permit(at: OffsetDateTime) -> Permit {
    let counsel = counsel();
    let action = Action::OfCounsel(&itself(&counsel), CounselWork::InviteDelegate);
    authorize(
        &person(counsel.clone(), at),
        &action,
        &moment(at),
        &Terms::default(),
    )
    .expect("the counsel may")
}

pub fn invitation(number: u128) -> Invitation {
    Invitation {
        invitee: Invitee {
            name: PersonName::new("Given", "Delegate").unwrap(),
            email: EmailAddress::parse(&format!("invitee-{number}@example.test")).unwrap(),
            language: Language::English,
        },
        questions: vec![SecretQuestion {
            question: "Where?".into(),
            answer_hash: "hash".to_owned().into(),
        }],
        terms_accepted: true,
        terms_version: "1".into(),
    }
}

/// Whom a document on a case goes to, at the start.
pub fn addressee(case: &Case) -> Result<Addressee, SendRefused> {
    Addressee::of(case, &[counsel()], &moment(START), &Terms::default())
}

/// A decision, sent to the counsel on their case.
pub fn item() -> InboxItem {
    let sent = Sent {
        document: Id::new(Uuid::nil()),
        name: FileName::from_sender("decision.pdf"),
        media_type: MediaType::Pdf,
        size: 1,
        sha256: Sha256::new([0; 32]),
        document_type: Code::parse("decision").unwrap(),
        title: "Decision".into(),
    };
    InboxItem::send(
        &permit(START),
        Id::new(Uuid::nil()),
        &addressee(&case()).unwrap(),
        sent,
        account(9, Role::RegistryOfficer).id,
        &tribunal(),
    )
    .unwrap()
}
