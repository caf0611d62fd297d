//! A clock that stands still, chance that counts, and one of each record with every field filled.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use application::draft::Draft;
use application::form_draft::FormDraft;
use application::ports::clock::{Clock, Random};
use application::ports::records::Legible;
use domain::account::{Account, Role};
use domain::audit::AuditEntry;
use domain::case::{Case, CaseEvent, ClientId, Decision, FileNumber, Party};
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, Invitee, Promised, Running, SecretQuestion};
use domain::document::{FileName, MediaType, Sha256};
use domain::form::{Field, Fields, FormKind};
use domain::id::Id;
use domain::inbox::{InboxItem, Reading, Sent};
use domain::lock::{Block, Cause, Lock, LockCode};
use domain::membership::{Membership, MembershipNumber};
use domain::notice::{About, Notice, Recipient};
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::policy::{Action, Actor, authorize};
use domain::profile_change::{Changes, ProfileChange};
use domain::session::Session;
use domain::sign_in::{Binding, SignIn, SignInId, SignInIdentity};
use domain::submission::{
    Acknowledgement, Named, ServiceStatement, Submission, SubmittedFile, Wish,
};
use domain::terms::Terms;
use domain::token::{Scope, Token};
use domain::tribunal_time::{Moment, TribunalDay};
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::mailers::every_about;

/// An instant with microseconds, so that storage which drops them is found out.
pub const NOW: OffsetDateTime = datetime!(2026-11-23 12:00:00.123456 UTC);

/// A clock that stands still at [`NOW`].
#[derive(Debug, Default, Clone, Copy)]
pub struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

/// Counts instead of rolling dice.
#[derive(Debug, Default)]
pub struct CountingRandom(AtomicU64);

impl Random for CountingRandom {
    fn bytes(&self) -> [u8; 32] {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 32];
        bytes
            .iter_mut()
            .zip(count.iter().rev().cycle())
            .for_each(|(byte, counted)| *byte = *counted);
        bytes
    }
}

/// The identifier of that number.
pub fn id<Of>(number: u128) -> Id<Of> {
    Id::new(Uuid::from_u128(number))
}

/// An audit entry, as every commit needs one.
pub fn audit() -> AuditEntry {
    let moment = Moment {
        at: NOW,
        today: TribunalDay(NOW.date()),
    };
    authorize(
        &Actor::operator(),
        &Action::LoadDemonstration,
        &moment,
        &Terms::default(),
    )
    .expect("the operator may")
    .into_audit_entry()
}

/// An account with every field filled.
pub fn account(number: u128) -> Account {
    Account {
        id: id(number),
        name: PersonName::new("Élise", "O’Neil-Tremblay").unwrap(),
        email: EmailAddress::parse(&format!("person-{number}@example.test")).unwrap(),
        cell: Some(Telephone::parse("514 555 0123").unwrap()),
        language: Language::French,
        roles: BTreeSet::from([Role::Counsel, Role::Delegate]),
        membership: Some(Membership {
            order: Code::parse("barreau-du-quebec").unwrap(),
            number: Some(MembershipNumber::parse("312345-6").unwrap()),
            lost_standing_at: Some(NOW + Duration::microseconds(1)),
        }),
        lock: lock(number),
        opened_at: NOW,
        registered_at: Some(NOW + Duration::microseconds(2)),
        privacy_statement: Some("2026-11".into()),
    }
}

/// The same account, and nothing keeps its owner from acting: their order lists them in good standing, and nobody blocked them.
pub fn able(number: u128) -> Account {
    let account = account(number);
    Account {
        lock: Lock::default(),
        membership: account.membership.map(|membership| Membership {
            lost_standing_at: None,
            ..membership
        }),
        ..account
    }
}

fn lock(number: u128) -> Lock {
    let mut random = [7; 32];
    random[..16].copy_from_slice(&number.to_be_bytes());
    Lock {
        wrong_tries: 5,
        block: Some(Block {
            lock_code: LockCode::from_random(random),
            since: NOW,
            cause: Cause::WrongAnswers,
        }),
    }
}

/// A sign-in with every field filled.
pub fn sign_in(number: u128) -> SignIn {
    SignIn {
        id: id(number),
        identity: SignInIdentity {
            issuer: "https://sign-in.example.test".into(),
            subject: format!("subject {number}"),
        },
        bound: Some(Binding {
            account: id(1),
            since: NOW,
        }),
        email: Some(EmailAddress::parse(&format!("sign-in-{number}@example.test")).unwrap()),
        lock: lock(number),
        first_seen_at: NOW,
    }
}

/// A session of that sign-in that begins now.
pub fn session(sign_in: SignInId, service_session: Option<&str>) -> Session {
    let service_session = service_session.map(str::to_owned);
    Session::begin(sign_in, NOW, service_session, &Terms::default())
}

/// A token with every field filled.
pub fn token(number: u128) -> Token {
    Token {
        id: id(number),
        account: id(1),
        label: "software of the firm".into(),
        scopes: BTreeSet::from([Scope::Read, Scope::Submit]),
        created_at: NOW,
        expires_at: NOW + Duration::days(90),
        revoked_at: Some(NOW + Duration::days(1)),
        last_used_at: None,
    }
}

/// A case of counsel 1 with every field filled.
pub fn case(number: u128) -> Case {
    Case {
        id: id(number),
        file_number: FileNumber::parse(&format!("TB9-{number:05}")).unwrap(),
        division: Code::parse("RPD").unwrap(),
        region: Code::parse("western").unwrap(),
        status: Code::parse("active").unwrap(),
        principal_file_number: Some(FileNumber::parse("TB9-00001").unwrap()),
        client_ids: vec![
            ClientId::parse("12345678").unwrap(),
            ClientId::parse("1234567890").unwrap(),
        ],
        parties: vec![Party {
            name: "Éloïse Nguyễn".into(),
            role: Code::parse("claimant").unwrap(),
        }],
        retainer_limits: Some("detention review only".into()),
        events: vec![CaseEvent {
            id: id(number + 20),
            revision: 2,
            kind: Code::parse("hearing").unwrap(),
            starts_at: NOW + Duration::days(3),
            place: "Vancouver".into(),
        }],
        cancelled_events: vec![CaseEvent {
            id: id(number + 40),
            revision: 1,
            kind: Code::parse("conference").unwrap(),
            starts_at: NOW + Duration::days(4),
            place: String::new(),
        }],
        decisions: vec![Decision {
            kind: Code::parse("interlocutory").unwrap(),
            made_on: date!(2026 - 10 - 01),
        }],
        final_decision_on: Some(date!(2026 - 11 - 01)),
        counsel_of_record: Some(id(1)),
        updated_at: NOW,
    }
}

/// A running delegation of counsel 1 with every field filled.
pub fn delegation(number: u128) -> Delegation {
    Delegation {
        id: id(number),
        counsel: id(1),
        invitee: invitee(number),
        questions: vec![SecretQuestion {
            question: "Où ?".into(),
            answer_hash: "$hash$".to_owned().into(),
        }],
        terms_version: "2026-11".into(),
        invited_at: NOW,
        promised: Some(Promised {
            invitation: Duration::days(10),
            term: Duration::days(60),
            renewal_grace: Duration::hours(241),
        }),
        running: Some(Running {
            delegate: id(2),
            accepted_at: NOW,
            term_began_at: NOW + Duration::microseconds(3),
        }),
        wrong_answers: 3,
        ended_at: Some(NOW + Duration::days(1)),
    }
}

/// Somebody to invite.
pub fn invitee(number: u128) -> Invitee {
    Invitee {
        name: PersonName::new("Karim", "Benali").unwrap(),
        email: EmailAddress::parse(&format!("invitee-{number}@example.test")).unwrap(),
        language: Language::English,
    }
}

/// A file with every field filled.
pub fn file(number: u128) -> SubmittedFile {
    SubmittedFile {
        document: id(number),
        name: FileName::from_sender("Pièce 1 – passeport.pdf"),
        title: Some("Passeport".into()),
        media_type: MediaType::Pdf,
        size: 3_000_000_000,
        pages: Some(12),
        sha256: Sha256::new([9; 32]),
    }
}

/// A submission on case 1 for counsel 1, with every field filled.
pub fn submission(number: u128) -> Submission {
    let mut random = [3; 32];
    random[..16].copy_from_slice(&number.to_be_bytes());
    Submission {
        id: id(number),
        confirmation_number: ConfirmationNumber::from_random(random),
        case: id(1),
        submitted_by: Named {
            account: id(2),
            name: "Karim Benali".into(),
        },
        on_behalf_of: Named {
            account: id(1),
            name: "Élise Tremblay".into(),
        },
        received_at: NOW,
        office_zone: "America/Vancouver".into(),
        document_type: Code::parse("disclosure").unwrap(),
        note: "Voir l’onglet 3".into(),
        service: Some(ServiceStatement {
            how: "courier".into(),
            on: date!(2026 - 11 - 20),
        }),
        files: vec![
            file(number * 10 + 1),
            SubmittedFile {
                title: None,
                pages: None,
                ..file(number * 10 + 2)
            },
        ],
        acknowledgement: Some(Acknowledgement {
            by: id(3),
            at: NOW + Duration::hours(1),
        }),
    }
}

/// A document from the tribunal to counsel 1 on case 1, with every field filled.
pub fn inbox_item(number: u128) -> InboxItem {
    InboxItem {
        id: id(number),
        case: id(1),
        counsel: id(1),
        sent: Sent {
            document: id(number * 10 + 5),
            name: FileName::from_sender("Avis de convocation.pdf"),
            media_type: MediaType::Pdf,
            size: 3_000_000_000,
            sha256: Sha256::new([8; 32]),
            document_type: Code::parse("notice-to-appear").unwrap(),
            title: "Avis de convocation – séance du 3 mars".into(),
        },
        sent_by: id(3),
        made_available_at: NOW,
        office_zone: Some("America/Vancouver".into()),
        deleted_at: Some(NOW + Duration::days(1)),
        readings: vec![
            reading(2, Duration::hours(1)),
            reading(1, Duration::hours(2)),
        ],
    }
}

/// That an account read something, so long after the samples' instant.
pub fn reading(account: u128, after: Duration) -> Reading {
    Reading {
        by: Named {
            account: id(account),
            name: format!("Person {account}"),
        },
        at: NOW + after,
    }
}

/// A begun submission with every field filled.
pub fn draft(number: u128) -> Draft {
    Draft {
        id: id(number),
        account: id(2),
        counsel: id(1),
        case: id(1),
        also_on: vec![
            FileNumber::parse("TB9-00002").unwrap(),
            FileNumber::parse("TB9-00003").unwrap(),
        ],
        wish: Wish {
            document_type: Code::parse("disclosure").unwrap(),
            note: "note".into(),
            service: Some(ServiceStatement {
                how: "courier".into(),
                on: date!(2026 - 11 - 20),
            }),
        },
        files: vec![file(number * 10 + 3)],
        begun_at: NOW,
    }
}

/// Something written in every field of any form.
pub fn form_fields() -> Fields {
    let mut fields = Fields::default();
    for field in Field::ALL {
        let text = format!("{} – l’été\n\"…\"", field.code());
        fields.set(field, text);
    }
    fields
}

/// A form that account 1 began for counsel 2.
pub fn form_draft(number: u128) -> FormDraft {
    FormDraft {
        id: id(number),
        account: id(1),
        counsel: id(2),
        kind: FormKind::CounselContact,
        fields: form_fields(),
        begun_at: NOW + Duration::microseconds(7),
    }
}

/// A pending change of account 1's profile with every field filled; every other one changes nothing but the language.
pub fn profile_change(number: u128) -> ProfileChange {
    let everything = Changes {
        name: Some(PersonName::new("Élise", "O’Neil").unwrap()),
        email: Some(EmailAddress::parse("new@example.test").unwrap()),
        cell: Some(Telephone::parse("514 555 0177").unwrap()),
        language: Some(Language::English),
    };
    let one_thing = Changes {
        language: Some(Language::French),
        ..Changes::default()
    };
    ProfileChange {
        id: id(number),
        account: id(1),
        changes: if number % 2 == 1 {
            everything
        } else {
            one_thing
        },
        submitted_at: NOW + Duration::microseconds(5),
        decided: None,
    }
}

/// A notice of every kind, and one of a file of which no office is known.
pub fn notices() -> Vec<Notice> {
    let mut random = [3; 32];
    random[31] = 5;
    let confirmation_number = ConfirmationNumber::from_random(random);
    let at = NOW + Duration::days(10);
    let kinds = every_about(&confirmation_number, at).into_iter();
    let of_no_office = About::FormReceived {
        confirmation_number,
        received_at: NOW,
        region: None,
    };
    kinds
        .chain([of_no_office])
        .zip(1..)
        .map(|(about, number)| notice(number, about))
        .collect()
}

/// A notice of that number.
pub fn notice(number: u128, about: About) -> Notice {
    let to = Recipient {
        account: Some(id(1)),
        email: account(1).email,
        language: Language::French,
    };
    Notice {
        id: id(number),
        to,
        about,
        written_at: NOW,
        once: None,
    }
}

/// All of a list, each of which makes sense.
pub fn legible<T>(found: Vec<Legible<T>>) -> Vec<T> {
    found.into_iter().map(Result::unwrap).collect()
}
