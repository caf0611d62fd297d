//! Who is in the demonstration. The names are invented.

use std::collections::BTreeSet;

use domain::account::{Account, AccountId, Role};
use domain::code::Code;
use domain::lock::Lock;
use domain::membership::Membership;
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
    somebody("stranger", "Alex", "Nobody", Language::English, None),
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

/// What the demonstration's sign-in service says of somebody.
pub fn identity(key: &str) -> SignInIdentity {
    SignInIdentity {
        issuer: ISSUER.to_owned(),
        subject: key.to_owned(),
    }
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
            number: Some(number.to_owned()),
            lost_standing_at: None,
        })
    });
    Ok(Some(Account {
        id,
        name: PersonName::new(of.given, of.family)?,
        email: EmailAddress::parse(&format!("{}@demonstration.example", of.key))?,
        cell: Some(Telephone::parse("514 555 0123")?),
        language: of.language,
        roles: BTreeSet::from([role]),
        membership,
        lock: Lock::default(),
        opened_at: at,
        registered_at: Some(at),
        privacy_statement: Some("demonstration".to_owned()),
    }))
}
