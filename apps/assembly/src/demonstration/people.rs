//! Who is in the demonstration. The names are invented.

use std::collections::BTreeSet;

use domain::account::{Account, AccountId, Role};
use domain::code::Code;
use domain::lock::Lock;
use domain::membership::{Membership, MembershipNumber};
use domain::person::{EmailAddress, Language, ParticularsRefused, PersonName, Telephone};
use domain::sign_in::SignInIdentity;
use time::OffsetDateTime;

/// The demonstration's own sign-in service.
const ISSUER: &str = "urn:mondossier:demonstration";

/// One of them.
#[derive(Debug, Clone, Copy)]
pub struct Somebody {
    /// By which they are known.
    pub key: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// The language that comes first.
    pub language: Language,
    /// What they are; `None` for the one without an account.
    pub role: Option<Role>,
    /// Order and membership number, for counsel.
    pub member_of: Option<(&'static str, &'static str)>,
    /// Whether their sign-in opens an account already.
    pub registered: bool,
}

const fn somebody(
    key: &'static str,
    given: &'static str,
    family: &'static str,
    language: Language,
    role: Option<Role>,
) -> Somebody {
    Somebody {
        key,
        given,
        family,
        language,
        role,
        member_of: None,
        registered: true,
    }
}

const fn new(somebody: Somebody) -> Somebody {
    Somebody {
        registered: false,
        ..somebody
    }
}

const fn member(somebody: Somebody, order: &'static str, number: &'static str) -> Somebody {
    Somebody {
        member_of: Some((order, number)),
        ..somebody
    }
}

/// All of them, in the order in which they are shown.
pub const SOMEBODIES: &[Somebody] = &[
    member(
        somebody(
            "counsel-a",
            "Élise",
            "Tremblay",
            Language::French,
            Some(Role::Counsel),
        ),
        "barreau-du-quebec",
        "312345-6",
    ),
    member(
        somebody(
            "counsel-b",
            "Jordan",
            "MacLeod",
            Language::English,
            Some(Role::Counsel),
        ),
        "cicc",
        "R512345",
    ),
    somebody(
        "delegate-a",
        "Karim",
        "Benali",
        Language::French,
        Some(Role::Delegate),
    ),
    somebody(
        "delegate-ab",
        "Priya",
        "Sharma",
        Language::English,
        Some(Role::Delegate),
    ),
    new(member(
        somebody(
            "new-counsel",
            "Amélie",
            "Roy",
            Language::French,
            Some(Role::Counsel),
        ),
        "law-society-of-ontario",
        "P54321",
    )),
    new(somebody(
        "new-delegate",
        "Marc-André",
        "Côté",
        Language::French,
        None,
    )),
    new(somebody(
        "stranger",
        "Alex",
        "Nobody",
        Language::English,
        None,
    )),
    somebody(
        "registry",
        "Hélène",
        "Gagnon",
        Language::French,
        Some(Role::RegistryOfficer),
    ),
    somebody(
        "help-desk",
        "Sam",
        "Okafor",
        Language::English,
        Some(Role::HelpDeskAgent),
    ),
    somebody(
        "cms",
        "Case Management",
        "System",
        Language::English,
        Some(Role::CaseManagementSystem),
    ),
];

/// The question that counsel-b shares with new-delegate, and its answer.
pub const SHARED_SECRET: (&str, &str) = (
    "Dans quelle ville avons-nous d’abord travaillé ensemble\u{202f}?",
    "Rimouski",
);

/// The rolls on which the members are, as CSV files by order's code, with some who have no account.
pub fn rolls() -> std::collections::BTreeMap<&'static str, String> {
    let mut rolls = std::collections::BTreeMap::new();
    let others = [
        (
            "barreau-du-quebec",
            "298765-4",
            "Gauthier",
            "Louise",
            "good",
        ),
        ("cicc", "R600001", "Okonkwo", "Grace", "good"),
        ("cicc", "R600002", "Smith", "John", "suspended"),
        (
            "law-society-of-ontario",
            "P60001",
            "Nguyen",
            "Daniel",
            "good",
        ),
    ];
    let members = SOMEBODIES.iter().filter_map(|somebody| {
        let (order, number) = somebody.member_of?;
        Some((order, number, somebody.family, somebody.given, "good"))
    });
    for (order, number, family, given, standing) in members.chain(others) {
        let roll: &mut String = rolls
            .entry(order)
            .or_insert_with(|| "number,family_name,given_name,standing\n".to_owned());
        for part in [number, ",", family, ",", given, ",", standing, "\n"] {
            roll.push_str(part);
        }
    }
    rolls
}

/// What the demonstration's sign-in service says of somebody.
pub fn identity(key: &str) -> SignInIdentity {
    SignInIdentity {
        issuer: ISSUER.to_owned(),
        subject: key.to_owned(),
    }
}

/// Where somebody's notices go.
///
/// # Errors
/// [`ParticularsRefused`] for a key that cannot stand in an address.
pub fn email(key: &str) -> Result<EmailAddress, ParticularsRefused> {
    EmailAddress::parse(&format!("{key}@demonstration.example"))
}

/// Somebody's account, registered for a while.
pub(super) fn account(
    of: &Somebody,
    id: AccountId,
    at: OffsetDateTime,
) -> Result<Option<Account>, ParticularsRefused> {
    let Some(role) = of.role else { return Ok(None) };
    let membership = of.member_of.and_then(|(order, number)| {
        let order = Code::parse(order).ok()?;
        Some(Membership {
            order,
            number: MembershipNumber::parse(number).ok(),
            lost_standing_at: None,
        })
    });
    Ok(Some(Account {
        id,
        name: PersonName::new(of.given, of.family)?,
        email: email(of.key)?,
        cell: Some(Telephone::parse("514 555 0123")?),
        language: of.language,
        roles: BTreeSet::from([role]),
        membership,
        lock: Lock::default(),
        opened_at: at,
        registered_at: of.registered.then_some(at),
        privacy_statement: of.registered.then(|| "demonstration".to_owned()),
    }))
}
