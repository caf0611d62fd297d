//! Who asks, as the columns of a table: each with the records that their answer depends on.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not marked as such"
)]

use std::collections::BTreeSet;

use domain::account::{Account, AccountId, Role};
use domain::case::Case;
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, State};
use domain::id::Id;
use domain::inbox::InboxItem;
use domain::lock::LockCode;
use domain::notice::{About, Notice, Recipient};
use domain::person::Language;
use domain::policy::{Actor, Job, Means, Representation, Who};
use domain::profile_change::{Changes, ProfileChange};
use domain::sign_in::SignIn;
use domain::submission::{Named, Submission};
use domain::terms::Terms;
use domain::token::{Scope, Token};
use time::Duration;
use uuid::Uuid;

use crate::rows::Records;
use crate::scene::{
    START, account, case, counsel, invitation, item, permit, person, sign_in, stranger,
};

/// A column: who asks, at [`START`], and of what.
pub struct Column {
    pub head: &'static str,
    pub actor: Actor,
    pub records: Records,
}

const NIL: Uuid = Uuid::nil();

impl Column {
    /// `actor` asks for the work of a counsel who stands, with no delegation.
    fn new(head: &'static str, actor: Actor) -> Self {
        Self::with(head, actor, counsel(), None)
    }

    fn with(
        head: &'static str,
        actor: Actor,
        counsel: Account,
        delegation: Option<Delegation>,
    ) -> Self {
        let me = actor
            .caller()
            .map_or_else(|| counsel.clone(), |caller| caller.account.clone());
        let own = me.id;
        let own_sign_in = match &actor.who {
            Who::Account(caller) => sign_in(3).bound_to(&caller.account, START),
            Who::Stranger(sign_in) => (**sign_in).clone(),
            Who::Job(_) | Who::Operator => sign_in(3),
        };
        let representation = Representation {
            counsel,
            delegation,
        };
        Self {
            head,
            actor,
            records: Records {
                me,
                ..records(own, own_sign_in, representation)
            },
        }
    }
}

fn blocked(account: Account) -> Account {
    let lock_code = LockCode::from_random([1; 32]);
    let lock = account.lock.blocked_by_staff(START, lock_code);
    Account { lock, ..account }
}

fn fallen(account: Account) -> Account {
    let membership = account.membership;
    let membership = membership.map(|membership| membership.as_listed(false, START));
    Account {
        membership,
        ..account
    }
}

fn delegate() -> Account {
    account(3, Role::Delegate)
}

/// The counsel's delegation to [`delegate`], which has come into `state` by [`START`].
fn delegation(state: State) -> Delegation {
    let terms = Terms::default();
    let began = |days| permit(START - Duration::days(days));
    let invited = |days| {
        let id = Id::new(NIL);
        Delegation::invite(
            &began(days),
            id,
            &counsel(),
            invitation(1),
            &[],
            &[],
            &terms,
        )
        .unwrap()
    };
    let running = |days| {
        let accepted = invited(days).accept(&began(days), delegate().id, &[true], &[], &terms);
        accepted.unwrap()
    };
    let delegation = match state {
        State::Invited => invited(5),
        State::Active => running(5),
        State::RenewalDue => running(55),
        State::Expired => running(65),
        State::Lapsed => running(75),
        State::Ended => running(5).end(&began(0), &terms).unwrap(),
    };
    assert_eq!(delegation.state(START, &terms), state);
    delegation
}

/// The counsel, and others who are nobody's delegates.
pub fn counsel_columns() -> Vec<Column> {
    let now = |account| person(account, START);
    let long_ago = person(counsel(), START - Duration::minutes(15));
    let other = |account| Column::with("", now(account), counsel(), None);
    let of = |account: Account| Column::with("", now(account.clone()), account, None);
    let head = |head, column| Column { head, ..column };
    vec![
        Column::new("counsel", now(counsel())),
        Column::new("signed in 15 min ago", long_ago),
        head("not in good standing", of(fallen(counsel()))),
        head("blocked", of(blocked(counsel()))),
        head("another counsel", other(account(2, Role::Counsel))),
        head("nobody's delegate", other(delegate())),
    ]
}

/// A delegate of the counsel, in each state of the delegation, and where somebody stands no longer.
pub fn delegate_columns() -> Vec<Column> {
    let by = |head, counsel, state| {
        let delegate = person(delegate(), START);
        Column::with(head, delegate, counsel, Some(delegation(state)))
    };
    let mut columns: Vec<Column> = State::ALL
        .into_iter()
        .map(|state| by(state.code(), counsel(), state))
        .collect();
    columns.push(by("counsel not standing", fallen(counsel()), State::Active));
    columns.push(by("counsel blocked", blocked(counsel()), State::Active));
    columns.push(Column::with(
        "delegate blocked",
        person(blocked(delegate()), START),
        counsel(),
        Some(delegation(State::Active)),
    ));
    columns.push(Column::with(
        "signed in 15 min ago",
        person(delegate(), START - Duration::minutes(15)),
        counsel(),
        Some(delegation(State::Active)),
    ));
    columns
}

/// The tribunal's people and machines, and strangers.
pub fn other_columns() -> Vec<Column> {
    let staff = |number, role| person(account(number, role), START);
    let mut blocked = sign_in(1);
    blocked.lock = blocked
        .lock
        .blocked_by_staff(START, LockCode::from_random([2; 32]));
    vec![
        Column::new("registry", staff(11, Role::RegistryOfficer)),
        Column::new("help desk", staff(12, Role::HelpDeskAgent)),
        Column::new("cms", by_token(cms(), [Scope::Cms])),
        Column::new("stranger", stranger(sign_in(1))),
        Column::new("blocked stranger", stranger(blocked)),
        Column::new("deliver-notices", Actor::job(Job::DeliverNotices)),
        Column::new("operator", Actor::operator()),
    ]
}

fn cms() -> Account {
    account(13, Role::CaseManagementSystem)
}

fn by_token(account: Account, scopes: impl IntoIterator<Item = Scope>) -> Actor {
    let means = Means::Token {
        id: Id::new(NIL),
        scopes: scopes.into_iter().collect::<BTreeSet<Scope>>(),
    };
    Actor::account(account, means, None)
}

/// An account by a token without a scope, and with each alone.
fn token_columns(account: &Account) -> Vec<Column> {
    let none = Column::new("no scope", by_token(account.clone(), []));
    let one = |scope: Scope| Column::new(scope.code(), by_token(account.clone(), [scope]));
    std::iter::once(none).chain(Scope::ALL.map(one)).collect()
}

/// The counsel's own software.
pub fn counsel_token_columns() -> Vec<Column> {
    token_columns(&counsel())
}

/// The case management system.
pub fn cms_token_columns() -> Vec<Column> {
    token_columns(&cms())
}

fn token(account: AccountId) -> Token {
    Token {
        id: Id::new(NIL),
        account,
        label: "software".into(),
        scopes: BTreeSet::new(),
        created_at: START,
        expires_at: START + Duration::days(365),
        revoked_at: None,
        last_used_at: None,
    }
}

fn submission(counsel: &Account) -> Submission {
    Submission {
        id: Id::new(NIL),
        confirmation_number: ConfirmationNumber::from_random([0; 32]),
        case: case().id,
        submitted_by: Named::of(counsel),
        on_behalf_of: Named::of(counsel),
        received_at: START,
        office_zone: "America/Toronto".into(),
        document_type: Code::parse("form").unwrap(),
        note: String::new(),
        service: None,
        files: Vec::new(),
        acknowledgement: None,
    }
}

/// What actions are about: the counsel's records, another's, and what `me` has alone.
fn records(me: AccountId, own_sign_in: SignIn, representation: Representation) -> Records {
    let (counsel, another) = (counsel(), account(99, Role::Counsel).id);
    let language = Changes {
        language: Some(Language::English),
        ..Changes::default()
    };
    let change = ProfileChange::ask(&permit(START), Id::new(NIL), &counsel, language, &[]).unwrap();
    let change_of = |account| ProfileChange {
        account,
        ..change.clone()
    };
    let anothers_case = Case {
        id: Id::new(Uuid::from_u128(99)),
        counsel_of_record: Some(another),
        ..case()
    };
    Records {
        representation,
        case: case(),
        old_case: Case {
            final_decision_on: Some(START.date() - Duration::days(45)),
            ..case()
        },
        item: item(),
        anothers_item: InboxItem {
            counsel: another,
            ..item()
        },
        lost_item: InboxItem {
            case: anothers_case.id,
            ..item()
        },
        anothers_case,
        delegation: delegation(State::Active),
        anothers_delegation: Delegation {
            counsel: another,
            ..delegation(State::Active)
        },
        own_token: token(me),
        anothers_token: token(another),
        sign_in: sign_in(2),
        own_sign_in,
        anothers_sign_in: sign_in(99).bound_to(&account(99, Role::Counsel), START),
        submission: submission(&counsel),
        notice: Notice {
            id: Id::new(NIL),
            to: Recipient::owner_of(&counsel),
            about: About::DocumentFromTribunal,
            written_at: START,
            once: None,
        },
        me: counsel.clone(),
        account: counsel,
        staff: account(98, Role::HelpDeskAgent),
        own_change: change_of(me),
        anothers_change: change_of(another),
        change,
    }
}
